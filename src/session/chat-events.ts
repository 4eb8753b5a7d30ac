import type { ChatEventName, SubscribeOptions, Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import {
  CHAT_EVENTS,
  publicNameOf,
  type EmittedData,
  type EmittedHandler,
  type EmittedEvents,
} from "../conversation/events";
import { illegalArgument, wrongArgument } from "../errors";
import { describeThrown } from "../observability/redact";
import type { SessionDetails } from "../participant/types";
import type { Platform } from "../platform";
import { EventBus } from "../util/event-bus";
import { EventQueue } from "../util/event-queue";

/** When an event is emitted: "run" if a frame or a timer causes it, "later" if a call causes it. */
export type EmitTiming = "run" | "later";

type Extra<Name extends ChatEventName> = Omit<EmittedEvents[Name], "chatDetails" | "data">;

/** One session's events: its handlers, and the queue that puts all events in one order. */
export class ChatEvents {
  readonly bus: EventBus<EmittedEvents, [publicName: string]>;
  readonly #queue: EventQueue;
  readonly #details: () => SessionDetails;
  #isDisposed = false;

  constructor(platform: Platform, logger: LibraryLogger, details: () => SessionDetails) {
    this.#details = details;
    this.bus = new EventBus(
      (event, error) => logger.error("A handler failed", { event }, describeThrown(error)),
      () => platform.currentZone(),
    );
    this.#queue = new EventQueue(
      (callback) => platform.queueTask(callback),
      (error) => logger.error("An event could not be emitted", error),
    );
  }

  on<Name extends ChatEventName>(
    name: Name,
    handler: EmittedHandler<Name>,
    options?: SubscribeOptions,
    once = false,
  ): Unsubscribe {
    if (!Object.hasOwn(CHAT_EVENTS, name))
      throw illegalArgument("name", `must be a key of ChatEventMap, such as "message"; got "${name}".`);
    if (typeof handler !== "function") throw wrongArgument("handler", "a function", handler);
    const unsubscribe = this.bus.on(
      name,
      once
        ? (...args) => {
            unsubscribe();
            return handler(...args);
          }
        : handler,
      options,
    );
    return unsubscribe;
  }

  /** Runs a job in its turn. The job may emit events. */
  queue(when: EmitTiming, job: () => void): void {
    this.#queue[when](job);
  }

  /** Emits an event in its turn. */
  post<Name extends ChatEventName>(
    when: EmitTiming,
    name: Name,
    data: EmittedData<Name>,
    extra?: Extra<Name>,
  ): void {
    this.#queue[when](this.emit.bind(this, name, data, extra));
  }

  /** Emits an event immediately. Only jobs of the queue call this method. */
  emit<Name extends ChatEventName>(name: Name, data: EmittedData<Name>, extra?: Extra<Name>): void {
    // Skips collecting the details if there is no handler.
    if (this.#isDisposed || !this.bus.has(name)) return;
    // The compiler can't relate a name's data to its event through a type parameter.
    const event = { ...extra, chatDetails: this.#details(), data } as EmittedEvents[Name];
    this.bus.emit(name, event, publicNameOf(name));
  }

  /** Emits no more events, not even to handlers that are added later. */
  dispose(): void {
    this.#isDisposed = true;
    this.bus.clear();
  }
}
