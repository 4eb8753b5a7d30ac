/** Takes the handler off again; a second call does nothing. */
export type Unsubscribe = () => void;

/** How a handler is added. */
export interface SubscribeOptions {
  /** Takes the handler off when it is aborted. */
  readonly signal?: AbortSignal;
}

type Handler<Payload> = (payload: Payload) => unknown;

interface Subscription<Payload> {
  readonly handler: Handler<Payload>;
  /** False once taken off: a list that is being walked at that moment still holds it. */
  active: boolean;
}

type Lists<Events> = { [Name in keyof Events]?: readonly Subscription<Events[Name]>[] };

type HandlerErrorListener<Events> = (
  name: keyof Events,
  error: unknown,
  payload: Events[keyof Events],
) => void;

/** Without a prototype: a name may come from outside, and "constructor" is one like any other. */
const noLists = <Events>(): Lists<Events> => Object.create(null) as Lists<Events>;

/**
 * Handlers by event name, called in the order they were added. One that throws, or whose promise rejects, is told to
 * `onHandlerError` and harms no other. The same function may be added twice and is then called twice.
 */
export class EventBus<Events> {
  #lists = noLists<Events>();
  readonly #onHandlerError: HandlerErrorListener<Events>;

  constructor(onHandlerError: HandlerErrorListener<Events>) {
    this.#onHandlerError = onHandlerError;
  }

  on<Name extends keyof Events>(
    name: Name,
    handler: Handler<Events[Name]>,
    { signal }: SubscribeOptions = {},
  ): Unsubscribe {
    if (signal?.aborted) return () => undefined;
    const added: Subscription<Events[Name]> = { handler, active: true };
    // A list is replaced, never changed, so that one being walked stays as it was.
    this.#lists[name] = [...(this.#lists[name] ?? []), added];
    const unsubscribe = (): void => {
      added.active = false;
      signal?.removeEventListener("abort", unsubscribe);
      this.#lists[name] = this.#lists[name]?.filter((subscription) => subscription !== added);
    };
    signal?.addEventListener("abort", unsubscribe, { once: true });
    return unsubscribe;
  }

  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const subscription of this.#lists[name] ?? []) {
      if (!subscription.active) continue;
      try {
        const returned = subscription.handler(payload);
        if (returned instanceof Promise)
          returned.catch((error: unknown) => this.#onHandlerError(name, error, payload));
      } catch (error) {
        this.#onHandlerError(name, error, payload);
      }
    }
  }

  has(name: keyof Events): boolean {
    return (this.#lists[name]?.length ?? 0) > 0;
  }

  clear(): void {
    const lists = this.#lists;
    this.#lists = noLists();
    for (const name in lists) lists[name]?.forEach((subscription) => (subscription.active = false));
  }
}
