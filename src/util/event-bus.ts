import type { SubscribeOptions, Unsubscribe } from "../api/events";
import { isObject } from "./json";
import type { Zone } from "./zone";

type Handler<Payload, More extends readonly unknown[]> = (payload: Payload, ...more: More) => unknown;

interface Subscription<Payload, More extends readonly unknown[]> {
  readonly handler: Handler<Payload, More>;
  /** The zone in which the handler was added; null on a page without zone.js. */
  readonly zone: Zone | null;
  /** False after the handler is unsubscribed. `emit()` may be iterating over a list that contains the subscription. */
  isActive: boolean;
}

type SubscriptionLists<Events, More extends readonly unknown[]> = {
  [Name in keyof Events]?: readonly Subscription<Events[Name], More>[];
};

type HandlerErrorListener<Events> = (name: keyof Events, error: unknown) => void;

/** Creates an object without a prototype, because an application's event name may be a word like "constructor". */
const emptyLists = <Events, More extends readonly unknown[]>(): SubscriptionLists<Events, More> =>
  Object.create(null) as SubscriptionLists<Events, More>;

/**
 * Calls the handlers of an event in the order in which they were added. A function that is added twice is called twice.
 * If a handler throws or its promise rejects, the error is reported to `onHandlerError`, and the other handlers are
 * still called. A handler runs in the zone in which it was added. A handler that was added in the root zone runs in the
 * zone that `adoptZone()` adopted, if any. `More` is the type of the handlers' arguments after the payload.
 */
export class EventBus<Events, More extends readonly unknown[] = []> {
  #lists = emptyLists<Events, More>();
  #adoptedZone: Zone | null = null;
  readonly #onHandlerError: HandlerErrorListener<Events>;
  readonly #currentZone: () => Zone | null;

  constructor(onHandlerError: HandlerErrorListener<Events>, currentZone: () => Zone | null = () => null) {
    this.#onHandlerError = onHandlerError;
    this.#currentZone = currentZone;
  }

  /** Adopts the current zone: from now on, handlers that were added in the root zone run in that zone. */
  adoptZone(): void {
    this.#adoptedZone = this.#currentZone();
  }

  on<Name extends keyof Events>(
    name: Name,
    handler: Handler<Events[Name], More>,
    { signal }: SubscribeOptions = {},
  ): Unsubscribe {
    if (signal?.aborted) return () => undefined;
    const subscription: Subscription<Events[Name], More> = {
      handler,
      zone: this.#currentZone(),
      isActive: true,
    };
    // The list is replaced instead of changed, because `emit()` may be iterating over it.
    this.#lists[name] = [...(this.#lists[name] ?? []), subscription];
    const unsubscribe = (): void => {
      subscription.isActive = false;
      signal?.removeEventListener("abort", unsubscribe);
      this.#lists[name] = this.#lists[name]?.filter((each) => each !== subscription);
    };
    signal?.addEventListener("abort", unsubscribe, { once: true });
    return unsubscribe;
  }

  emit<Name extends keyof Events>(name: Name, payload: Events[Name], ...more: More): void {
    const onFailure = (error: unknown): void => this.#onHandlerError(name, error);
    for (const { handler, zone: handlerZone, isActive } of this.#lists[name] ?? []) {
      if (!isActive) continue;
      const zone = handlerZone?.parent ? handlerZone : (this.#adoptedZone ?? handlerZone);
      try {
        const result = zone ? zone.run(() => handler(payload, ...more)) : handler(payload, ...more);
        // With zone.js, an async function's promise isn't an instance of the page's Promise, so check for `then`.
        if (isObject(result) && typeof result["then"] === "function")
          Promise.resolve(result).catch(onFailure);
      } catch (error) {
        onFailure(error);
      }
    }
  }

  has(name: keyof Events): boolean {
    return (this.#lists[name]?.length ?? 0) > 0;
  }

  clear(): void {
    const lists = this.#lists;
    this.#lists = emptyLists();
    for (const name in lists) lists[name]?.forEach((subscription) => (subscription.isActive = false));
  }
}
