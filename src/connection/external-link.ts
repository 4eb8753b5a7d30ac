import type { ChatWebSocketManager } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import { objectOf, type JsonObject } from "../util/json";
import { causeOf } from "./causes";
import { TOPIC } from "./frames";
import type { Link, LinkListener, LinkStatus } from "./link";

/** Events for which an external manager may lack a method. */
type ExternalEvent = Exclude<keyof ChatWebSocketManager, "subscribeTopics" | "onMessage">;

const UP: LinkStatus = { kind: "up", isSubscribed: true };

/** A link on Streams' manager, or on another external manager with the same methods. Supports one listener. */
export class ExternalLink implements Link {
  readonly #manager: ChatWebSocketManager;
  readonly #logger: LibraryLogger;
  readonly #unsubscribers: (() => unknown)[] = [];
  /** `isSubscribed` is false from `onConnectionGain` until the manager reports that the chat topic is subscribed. */
  #status = UP;
  /**
   * Whether the manager has reported its status. Until then, the link counts as up, but the first `onConnectionGain` is
   * still reported, because this event proves that the link was down.
   */
  #hasReportedStatus = false;

  constructor(manager: ChatWebSocketManager, logger: LibraryLogger) {
    this.#manager = manager;
    this.#logger = logger;
  }

  get status(): LinkStatus {
    return this.#status;
  }

  listen(listener: LinkListener): Unsubscribe {
    const isSubscribed = !("onSubscriptionUpdate" in this.#manager);
    const onStatus = (status: LinkStatus): void => {
      if (this.#hasReportedStatus && status.kind === this.#status.kind) return;
      this.#hasReportedStatus = true;
      this.#status = status;
      listener(status);
    };
    this.#subscribe("onConnectionGain", () => onStatus({ kind: "up", isSubscribed }));
    this.#subscribe("onConnectionLost", () => onStatus({ kind: "lost", cause: causeOf("manager-lost") }));
    this.#subscribe("onInitFailure", () => onStatus({ kind: "failed", cause: causeOf("manager-failed") }));
    this.#subscribe("onSubscriptionUpdate", (frame) => {
      const { status, topics } = contentOf(frame);
      if (status !== "success" || !includesChatTopic(topics)) return;
      this.#setSubscribed(true);
      listener({ kind: "subscribed" });
    });
    this.#subscribe("onSubscriptionFailure", (frame) => {
      const { topics } = contentOf(frame);
      // A failure without a list of topics may concern the chat topic.
      if (topics !== undefined && !includesChatTopic(topics)) return;
      this.#setSubscribed(false);
      listener({ kind: "unsubscribed" });
    });
    for (const isHealthy of [true, false])
      this.#subscribe(isHealthy ? "onDeepHeartbeatSuccess" : "onDeepHeartbeatFailure", () =>
        listener({ kind: "deepHeartbeat", isHealthy, response: null }),
      );
    this.#guard("onMessage", () =>
      this.#addCleanup(
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
    // A connection gain before this call was the replay of an earlier event, so the link hadn't been down.
    this.#setSubscribed(true);
  }

  reconnectNow(): void {
    // An external manager schedules its own attempts.
  }

  #setSubscribed(isSubscribed: boolean): void {
    if (this.#status.kind === "up") this.#status = { kind: "up", isSubscribed };
  }

  /** Subscribes to an event if the manager supports it. Methods of older Streams managers may be missing or throw. */
  #subscribe(name: ExternalEvent, callback: (payload: unknown) => void): void {
    this.#guard(name, () => this.#addCleanup(this.#manager[name]?.(callback)));
  }

  #addCleanup(unsubscribe: unknown): void {
    if (typeof unsubscribe === "function")
      this.#unsubscribers.push(() => Reflect.apply(unsubscribe, undefined, []) as unknown);
  }

  /** Runs an action. If the manager throws, logs the error, because the error must not break the chat. */
  #guard(method: string, action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.#logger.warn("A socket manager method threw", { method }, error);
    }
  }
}

const contentOf = (frame: unknown): JsonObject => objectOf(objectOf(frame)["content"]);

const includesChatTopic = (topics: unknown): boolean => Array.isArray(topics) && topics.includes(TOPIC.chat);
