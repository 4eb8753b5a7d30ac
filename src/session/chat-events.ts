import {
  CHAT_EVENTS,
  publicNameOf,
  type ChatEventData,
  type ChatEventHandler,
  type ChatEventMap,
  type ChatEventName,
} from "../conversation/events";
import { illegalArgument, wrongArgument } from "../errors";
import type { ChatLogger } from "../observability/logger";
import { describeThrown } from "../observability/redact";
import type { ChatDetails } from "../participant/types";
import type { Platform } from "../platform";
import { EventBus, type SubscribeOptions, type Unsubscribe } from "../util/event-bus";
import { EventQueue } from "../util/event-queue";

/** When an event is told: "run" for what a frame or a timer causes, "later" for what a call causes. */
export type When = "run" | "later";

type Extra<Name extends ChatEventName> = Omit<ChatEventMap[Name], "chatDetails" | "data">;

/** One session's events: its handlers, and the one order in which they are told. */
export class ChatEvents {
  readonly bus: EventBus<ChatEventMap, [publicName: string]>;
  readonly #queue: EventQueue;
  readonly #details: () => ChatDetails;
  #isOver = false;

  constructor(platform: Platform, logger: ChatLogger, details: () => ChatDetails) {
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
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
    once = false,
  ): Unsubscribe {
    if (!Object.hasOwn(CHAT_EVENTS, name))
      throw illegalArgument(
        "name",
        `"${name}" isn't an event: see the keys of ChatEventMap, such as "message".`,
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
    data: ChatEventData<Name>,
    extra?: Extra<Name>,
  ): void {
    this.#queue[when](this.emit.bind(this, name, data, extra));
  }

  /** Emits an event now; only a job of the queue does that. */
  emit<Name extends ChatEventName>(name: Name, data: ChatEventData<Name>, extra?: Extra<Name>): void {
    // Without a handler, the details need not be collected.
    if (this.#isOver || !this.bus.has(name)) return;
    // The map gives each name the event of its data; the compiler cannot see that through a type parameter.
    const event = { ...extra, chatDetails: this.#details(), data } as ChatEventMap[Name];
    this.bus.emit(name, event, publicNameOf(name));
  }

  /** Nothing more is emitted, not even to handlers that are added later. */
  dispose(): void {
    this.#isOver = true;
    this.bus.clear();
  }
}
