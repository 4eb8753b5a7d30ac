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
import type { KnownDetails } from "../participant/types";
import type { Platform } from "../platform";
import { EventBus } from "../util/event-bus";
import { EventQueue } from "../util/event-queue";

/** When an event is told: "run" for what a frame or a timer causes, "later" for what a call causes. */
export type When = "run" | "later";

type Extra<Name extends ChatEventName> = Omit<EmittedEvents[Name], "chatDetails" | "data">;

/** One session's events: its handlers, and the one order in which they are told. */
export class ChatEvents {
  readonly bus: EventBus<EmittedEvents, [publicName: string]>;
  readonly #queue: EventQueue;
  readonly #details: () => KnownDetails;
  #isOver = false;

  constructor(platform: Platform, logger: LibraryLogger, details: () => KnownDetails) {
    this.#details = details;
    this.bus = new EventBus(
      (event, error) => logger.error("A handler failed", { event }, describeThrown(error)),
      () => platform.currentZone(),
    );
    this.#queue = new EventQueue(
      (callback) => platform.queueTask(callback),
      (error) => logger.error("An event could not be told", error),
    );
  }

  on<Name extends ChatEventName>(
    name: Name,
    handler: EmittedHandler<Name>,
    options?: SubscribeOptions,
    once = false,
  ): Unsubscribe {
    if (!Object.hasOwn(CHAT_EVENTS, name))
      throw illegalArgument(
        "name",
        `"${name}" isn't an event: see the keys of EmittedEvents, such as "message".`,
      );
    if (typeof handler !== "function") throw wrongArgument("handler", "a function", handler);
    const unsubscribe = this.bus.on(
      name,
      once
        ? (...given) => {
            unsubscribe();
            return handler(...given);
          }
        : handler,
      options,
    );
    return unsubscribe;
  }

  /** In its turn: `job` may tell events. */
  queue(when: When, job: () => void): void {
    this.#queue[when](job);
  }

  /** Emits an event in its turn. */
  post<Name extends ChatEventName>(
    when: When,
    name: Name,
    data: EmittedData<Name>,
    extra?: Extra<Name>,
  ): void {
    this.#queue[when](this.emit.bind(this, name, data, extra));
  }

  /** Emits an event now; only a job of the queue does that. */
  emit<Name extends ChatEventName>(name: Name, data: EmittedData<Name>, extra?: Extra<Name>): void {
    // Without a handler, the details need not be collected.
    if (this.#isOver || !this.bus.has(name)) return;
    // The map gives each name the event of its data; the compiler cannot see that through a type parameter.
    const event = { ...extra, chatDetails: this.#details(), data } as EmittedEvents[Name];
    this.bus.emit(name, event, publicNameOf(name));
  }

  /** Nothing more is emitted, not even to handlers that are added later. */
  dispose(): void {
    this.#isOver = true;
    this.bus.clear();
  }
}
