import type { ChatWebSocketManager } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import { objectOf, type JsonObject } from "../util/json";
import { causeOf } from "./causes";
import { TOPIC } from "./frames";
import type { Link, LinkListener, LinkStatus } from "./link";

/** The events of an external manager, for which it need not have a method. */
type ExternalEvent = Exclude<keyof ChatWebSocketManager, "subscribeTopics" | "onMessage">;

const UP: LinkStatus = { kind: "up", isSubscribed: true };

/** A link on an external manager: Streams', or one with the same methods. It has one listener in its life. */
export class ExternalLink implements Link {
  readonly #manager: ChatWebSocketManager;
  readonly #logger: LibraryLogger;
  readonly #unsubscribers: (() => unknown)[] = [];
  /** `isSubscribed` is false from the manager's gain until it reports that the chat's topic is subscribed. */
  #status = UP;
  /**
   * Whether the manager has reported its status. Until then it counts as up; its first gain is reported all the same, since
   * it proves that the link was not.
   */
  #isReported = false;

  constructor(manager: ChatWebSocketManager, logger: LibraryLogger) {
    this.#manager = manager;
    this.#logger = logger;
  }

  get status(): LinkStatus {
    return this.#status;
  }

  listen(listener: LinkListener): Unsubscribe {
    const isSubscribed = !("onSubscriptionUpdate" in this.#manager);
    const changed = (status: LinkStatus): void => {
      if (this.#isReported && status.kind === this.#status.kind) return;
      this.#isReported = true;
      this.#status = status;
      listener(status);
    };
    this.#take("onConnectionGain", () => changed({ kind: "up", isSubscribed }));
    this.#take("onConnectionLost", () => changed({ kind: "lost", cause: causeOf("manager-lost") }));
    this.#take("onInitFailure", () => changed({ kind: "failed", cause: causeOf("manager-failed") }));
    this.#take("onSubscriptionUpdate", (frame) => {
      const { status, topics } = contentOf(frame);
      if (status !== "success" || !hasChat(topics)) return;
      this.#subscribed(true);
      listener({ kind: "subscribed" });
    });
    this.#take("onSubscriptionFailure", (frame) => {
      const { topics } = contentOf(frame);
      // A failure that names no topics may be the chat's.
      if (topics !== undefined && !hasChat(topics)) return;
      this.#subscribed(false);
      listener({ kind: "unsubscribed" });
    });
    for (const isHealthy of [true, false])
      this.#take(isHealthy ? "onDeepHeartbeatSuccess" : "onDeepHeartbeatFailure", () =>
        listener({ kind: "deepHeartbeat", isHealthy, answer: null }),
      );
    this.#guard("onMessage", () =>
      this.#keep(
        this.#manager.onMessage(TOPIC.chat, (raw) =>
          listener({ kind: "frame", frame: { kind: "message", topic: TOPIC.chat, raw } }),
        ),
      ),
    );
    return () => {
      for (const unsubscribe of this.#unsubscribers) this.#guard("unsubscribe", unsubscribe);
    };
  }

  subscribeTopics(topics: readonly string[]): void {
    this.#guard("subscribeTopics", () => this.#manager.subscribeTopics([...topics]));
    // A gain that was replayed meanwhile is an old one.
    this.#subscribed(true);
  }

  reconnectNow(): void {
    // The manager decides that itself.
  }

  #subscribed(isSubscribed: boolean): void {
    if (this.#status.kind === "up") this.#status = { kind: "up", isSubscribed };
  }

  /** Older managers of Streams lack some methods, or throw in them: each is taken where it can be had. */
  #take(name: ExternalEvent, callback: (payload: unknown) => void): void {
    this.#guard(name, () => this.#keep(this.#manager[name]?.(callback)));
  }

  #keep(unsubscribe: unknown): void {
    if (typeof unsubscribe === "function")
      this.#unsubscribers.push(() => Reflect.apply(unsubscribe, undefined, []) as unknown);
  }

  /** What the manager throws must not harm a chat. */
  #guard(what: string, action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.#logger.warn("The socket manager failed", { what }, error);
    }
  }
}

const contentOf = (frame: unknown): JsonObject => objectOf(objectOf(frame)["content"]);

const hasChat = (topics: unknown): boolean => Array.isArray(topics) && topics.includes(TOPIC.chat);
