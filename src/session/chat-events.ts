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

/** How the event queue schedules an event: `run` if a frame or a timer causes the event, `later` if a call does. */
export type EmitTiming = "run" | "later";

type Extra<Name extends ChatEventName> = Omit<EmittedEvents[Name], "chatDetails" | "data">;

/** One session's events: its handlers, and a queue that keeps all events in order. */
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

  /** Queues a job, which may emit events. */
  queue(timing: EmitTiming, job: () => void): void {
    this.#queue[timing](job);
  }

  /** Queues an event. */
  post<Name extends ChatEventName>(
    timing: EmitTiming,
    name: Name,
    data: EmittedData<Name>,
    extra?: Extra<Name>,
  ): void {
    this.#queue[timing](this.emit.bind(this, name, data, extra));
  }

  /** Emits an event immediately. Call this only from a queued job, so that events stay in order. */
  emit<Name extends ChatEventName>(name: Name, data: EmittedData<Name>, extra?: Extra<Name>): void {
    // The details aren't collected for an event without handlers.
    if (this.#isDisposed || !this.bus.has(name)) return;
    // The compiler can't infer that `data` matches `name`, hence the cast.
    const event = { ...extra, chatDetails: this.#details(), data } as EmittedEvents[Name];
    this.bus.emit(name, event, publicNameOf(name));
  }

  /** Removes all handlers and stops emitting events, even to handlers that are added later. */
  dispose(): void {
    this.#isDisposed = true;
    this.bus.clear();
  }
}
