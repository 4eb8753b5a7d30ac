import type { ChatLogger } from "../observability/logger";
import type { Unsubscribe } from "../util/event-bus";
import { objectOf } from "../util/json";
import { causeOf } from "./causes";
import { TOPIC } from "./frames";
import type { Link, LinkListener, LinkReport, LinkStatus } from "./link";
import type { ChatWebSocketManager } from "./manager-events";

/** The events of an external manager, for which it need not have a method. */
type ExternalEvent = Exclude<keyof ChatWebSocketManager, "subscribeTopics" | "onMessage">;

const LOST = { kind: "lost", cause: causeOf("manager-lost") } as const;
const FAILED = { kind: "failed", cause: causeOf("manager-failed") } as const;

/** A link on an external manager: Streams', or one with the same methods. Each life of the link has one listener. */
export class ExternalLink implements Link {
  readonly #manager: ChatWebSocketManager;
  readonly #logger: ChatLogger;
  #unsubscribers: (() => unknown)[] = [];
  /**
   * What the manager has reported. Until then it counts as up; its first gain is reported all the same, since it proves
   * that the link was not.
   */
  #isUp: boolean | null = null;
  /** False from the manager's gain until it reports that the chat's topic is subscribed. */
  #isSubscribed = true;
  /** Whether the manager will not come back; chats that join later learn it, too. */
  #hasFailed = false;

  constructor(manager: ChatWebSocketManager, logger: ChatLogger) {
    this.#manager = manager;
    this.#logger = logger;
  }

  get status(): LinkStatus {
    if (this.#hasFailed) return FAILED;
    return this.#isUp === false ? LOST : { kind: "up", isSubscribed: this.#isSubscribed };
  }

  listen(listener: LinkListener): Unsubscribe {
    this.#take("onConnectionGain", () => this.#changed(true, listener));
    this.#take("onConnectionLost", () => this.#changed(false, listener));
    this.#take("onInitFailure", () => {
      this.#hasFailed = true;
      listener(FAILED);
    });
    this.#take("onSubscriptionUpdate", (frame) => {
      if (!isChatSubscribed(frame)) return;
      this.#isSubscribed = true;
      listener({ kind: "subscribed" });
    });
    this.#take("onDeepHeartbeatSuccess", () => listener(deepHeartbeat(true)));
    this.#take("onDeepHeartbeatFailure", () => listener(deepHeartbeat(false)));
    this.#guard("onMessage", () =>
      this.#keep(
        this.#manager.onMessage(TOPIC.chat, (raw) =>
          listener({ kind: "frame", frame: { kind: "message", topic: TOPIC.chat, raw } }),
        ),
      ),
    );
    return () => {
      for (const unsubscribe of this.#unsubscribers.splice(0)) this.#guard("unsubscribe", unsubscribe);
    };
  }

  subscribeTopics(topics: readonly string[]): void {
    this.#guard("subscribeTopics", () => this.#manager.subscribeTopics([...topics]));
    // A gain that was replayed meanwhile is an old one.
    this.#isSubscribed = true;
  }

  reconnectNow(): void {
    // The manager decides that itself.
  }

  #changed(isUp: boolean, listener: LinkListener): void {
    if (isUp) this.#hasFailed = false;
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    this.#isSubscribed = !("onSubscriptionUpdate" in this.#manager);
    listener(isUp ? { kind: "up", isSubscribed: this.#isSubscribed } : LOST);
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

const deepHeartbeat = (isHealthy: boolean): LinkReport => ({
  kind: "deepHeartbeat",
  isHealthy,
  answer: null,
});

function isChatSubscribed(frame: unknown): boolean {
  const { status, topics } = objectOf(objectOf(frame)["content"]);
  return status === "success" && Array.isArray(topics) && topics.includes(TOPIC.chat);
}
