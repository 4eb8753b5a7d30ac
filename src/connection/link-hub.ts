import type { ChatWebSocketManager, ConnectionCause } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { WireItem as ChatTranscriptItem } from "../api/items";
import type { LibraryLogger as ChatLogger } from "../api/logging";
import { objectOf } from "../util/json";
import { causeOf } from "./causes";
import { parseChatItem, TOPIC, type RawFrame } from "./frames";
import type { LinkedChat, LinkEvent } from "./link-event";
import type { LinkStatus } from "./observable-manager";
import { WebSocketManager } from "./web-socket-manager";

/** What a manager reports without saying for which chat. */
type Signal = Exclude<keyof ChatWebSocketManager, "subscribeTopics" | "onMessage">;

/**
 * All sessions' ends on one manager. The manager is subscribed once however many chats share it, each frame is parsed
 * once, and an item goes to the sessions it belongs to.
 */
export class LinkHub {
  static readonly #hubs = new WeakMap<ChatWebSocketManager, LinkHub>();
  /** The hub of the page's agents' chats: Streams has one manager at a time for all of them. */
  static #agents: LinkHub | null = null;

  readonly #manager: ChatWebSocketManager;
  readonly #logger: ChatLogger;
  readonly #ends = new Set<LinkedChat>();
  #subscriptions: Unsubscribe[] = [];
  /**
   * What the manager has reported. Until then, while a manager of ours makes its first attempt, an external one counts as
   * up; its first gain is reported all the same, since it proves that the link was not.
   */
  #status: LinkStatus | null;
  /** False from an external manager's gain until it reports that the chat's topic is subscribed. */
  #isSubscribed = true;
  /** Whether the sessions made the manager for themselves. */
  readonly #isOwn: boolean;
  /** Whether an item has shown that the contact ID is right, or it was reported as wrong. */
  #isContactJudged = false;
  /** Why the manager will not come back; sessions that join later get it, too. */
  #failure: ConnectionCause | null;

  private constructor(manager: ChatWebSocketManager, logger: ChatLogger, isOwn: boolean) {
    this.#manager = manager;
    this.#logger = logger;
    this.#isOwn = isOwn;
    this.#status = manager instanceof WebSocketManager ? manager.link : null;
    this.#failure = manager instanceof WebSocketManager ? manager.failure : null;
    this.#subscribe();
    // A gain that was replayed meanwhile is an old one.
    this.#isSubscribed = true;
  }

  /**
   * Adds a session's end, and reports the link's status to it at once. Returns the function that leaves. An agent's chat on
   * a new external manager means that Streams has restarted: it makes new sessions for its contacts, and the old manager
   * may be dead or repeat everything, so the agents' chats on it are replaced. `isOwn`: the session made the manager.
   */
  static join(
    manager: ChatWebSocketManager,
    end: LinkedChat,
    logger: ChatLogger,
    { ofAgent = false, isOwn = false } = {},
  ): Unsubscribe {
    let hub = LinkHub.#hubs.get(manager);
    if (!hub) {
      hub = new LinkHub(manager, logger, isOwn);
      LinkHub.#hubs.set(manager, hub);
    }
    const before = LinkHub.#agents;
    if (ofAgent && !(manager instanceof WebSocketManager) && before !== hub) {
      LinkHub.#agents = hub;
      if (before) before.#each({ kind: "replaced" });
    }
    return hub.#join(end);
  }

  #join(end: LinkedChat): Unsubscribe {
    this.#ends.add(end);
    if (this.#failure !== null) end.onLink({ kind: "failed", cause: this.#failure });
    else if (this.#status) end.onLink(this.#eventOf(this.#status));
    else if (!(this.#manager instanceof WebSocketManager)) end.onLink(this.#eventOf({ up: true }));
    return () => this.#leave(end);
  }

  #leave(end: LinkedChat): void {
    if (!this.#ends.delete(end)) return;
    if (this.#ends.size > 0) return;
    LinkHub.#hubs.delete(this.#manager);
    if (LinkHub.#agents === this) LinkHub.#agents = null;
    for (const unsubscribe of this.#subscriptions.splice(0)) this.#guard("unsubscribe", unsubscribe);
  }

  #subscribe(): void {
    const manager = this.#manager;
    if (manager instanceof WebSocketManager) {
      this.#subscriptions.push(
        manager.onLink((status) => this.#setStatus(status)),
        manager.onFailed((cause) => this.#fail(cause)),
        manager.onDamagedFrame(() => this.#each({ kind: "damaged", chats: this.#ends.size })),
      );
    } else {
      this.#take("onConnectionGain", () => this.#setStatus({ up: true }));
      this.#take("onConnectionLost", () => this.#setStatus({ up: false, cause: causeOf("manager-lost") }));
      this.#take("onInitFailure", () => this.#fail(causeOf("manager-failed")));
      this.#take("onSubscriptionUpdate", (frame) => {
        if (!isChatSubscribed(frame)) return;
        this.#isSubscribed = true;
        this.#each({ kind: "subscribed", chats: this.#ends.size });
      });
    }
    this.#take("onDeepHeartbeatSuccess", () => this.#each({ kind: "deepHeartbeat", isHealthy: true }));
    this.#take("onDeepHeartbeatFailure", () => this.#each({ kind: "deepHeartbeat", isHealthy: false }));
    this.#guard("onMessage", () =>
      this.#keep(manager.onMessage(TOPIC.chat, (frame) => this.#receive(frame))),
    );
    this.#guard("subscribeTopics", () => manager.subscribeTopics([TOPIC.chat]));
  }

  /** Older managers of Streams lack some methods, or throw in them: each is taken where it can be had. */
  #take(name: Signal, callback: (payload: unknown) => void): void {
    this.#guard(name, () => this.#keep(this.#manager[name]?.(callback)));
  }

  #keep(unsubscribe: unknown): void {
    if (typeof unsubscribe === "function") {
      this.#subscriptions.push(() => void Reflect.apply(unsubscribe, undefined, []));
    }
  }

  /** A foreign manager does not catch what its callbacks throw, so ours never throw; nor does what it throws harm us. */
  #guard(what: string, action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.#logger.warn("The socket manager failed", { what }, error);
    }
  }

  #each(event: LinkEvent): void {
    for (const end of [...this.#ends]) this.#guard("event", () => end.onLink(event));
  }

  #setStatus(status: LinkStatus): void {
    if (status.up) this.#failure = null;
    if (status.up === this.#status?.up) return;
    this.#status = status;
    this.#isSubscribed =
      this.#manager instanceof WebSocketManager || !("onSubscriptionUpdate" in this.#manager);
    this.#each(this.#eventOf(status));
  }

  #eventOf(status: LinkStatus): LinkEvent {
    return status.up
      ? { kind: "up", chats: this.#ends.size, isSubscribed: this.#isSubscribed }
      : { kind: "lost", cause: status.cause };
  }

  #fail(cause: ConnectionCause): void {
    this.#failure = cause;
    this.#each({ kind: "failed", cause });
  }

  #receive(frame: RawFrame): void {
    const item = parseChatItem(frame);
    if (!item) {
      this.#logger.warn("A damaged frame of the chat was dropped");
      this.#each({ kind: "damaged", chats: this.#ends.size });
      return;
    }
    const ends = this.#endsOf(item);
    if (ends.length === 0) this.#reportStranger(item);
    else this.#isContactJudged = true;
    for (const end of ends) this.#guard("item", () => end.onLink({ kind: "item", item }));
  }

  /** A session's own socket has the items of its participant's chat: if there are only others, its contact ID is wrong. */
  #reportStranger({ ContactId, ContentType }: ChatTranscriptItem): void {
    const isSuspicious = this.#isOwn && !this.#isContactJudged && ContactId !== undefined;
    if (isSuspicious) {
      this.#isContactJudged = true;
      this.#logger.warn(
        "Items of another contact arrive and are left out. Pass create() the ContactId that came with the participant token.",
        { ContactId },
      );
    } else this.#logger.debug("An item was left out: it is of another chat", { ContentType });
  }

  /**
   * Whose item it is: that of the sessions of its contact or of its chat's first contact. A receipt may name neither: it
   * belongs to the session that knows its message and, on a socket with one chat, to that chat.
   */
  #endsOf({ ContactId, InitialContactId, Type, MessageMetadata }: ChatTranscriptItem): LinkedChat[] {
    return [...this.#ends].filter((end) =>
      ContactId || InitialContactId
        ? end.contactId === ContactId || end.initialContactId === InitialContactId
        : Type === "MESSAGEMETADATA" &&
          (this.#ends.size === 1 || end.knowsMessage(MessageMetadata?.MessageId ?? "")),
    );
  }
}

function isChatSubscribed(frame: unknown): boolean {
  const { status, topics } = objectOf(objectOf(frame)["content"]);
  return status === "success" && Array.isArray(topics) && topics.includes(TOPIC.chat);
}
