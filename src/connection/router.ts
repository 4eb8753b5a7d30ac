import type { Unsubscribe } from "../api/events";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import { parseChatItem, TOPIC } from "./frames";
import type { Link, LinkReport } from "./link";
import type { LinkedChat, LinkEvent } from "./link-event";
import type { GetWebSocketTransport } from "./manager-events";

/** What concerns all chats on a link. */
type News =
  | Extract<
      LinkReport,
      {
        readonly kind: "up" | "lost" | "failed" | "subscribed" | "unsubscribed" | "damaged" | "deepHeartbeat";
      }
    >
  | { readonly kind: "replaced" };

/**
 * All chats on one link. The link has one listener however many chats share it, each frame is parsed once, and an item goes
 * to the chats that it belongs to.
 */
export class Router {
  readonly link: Link;
  readonly #logger: LibraryLogger;
  /** Whether a session made the link for its participant's chat. */
  readonly #isOwn: boolean;
  /** In the order they came, each with where it takes the URLs of the participant's sockets from. */
  readonly #chats = new Map<LinkedChat, GetWebSocketTransport>();
  readonly #unsubscribe: Unsubscribe;
  /** Whether an item has shown that the contact ID is right, or it was reported as wrong. */
  #isContactJudged = false;

  constructor(link: Link, logger: LibraryLogger, isOwn: boolean) {
    this.link = link;
    this.#logger = logger;
    this.#isOwn = isOwn;
    this.#unsubscribe = link.listen(this.#onReport);
  }

  /** Adds a chat, and reports the link's status to it at once. */
  add(chat: LinkedChat, source: GetWebSocketTransport): void {
    this.#chats.set(chat, source);
    const { status } = this.link;
    if (status) chat.onLink(this.#eventOf(status));
  }

  /** True when the chat was the last one: the router has left the link. */
  remove(chat: LinkedChat): boolean {
    if (!this.#chats.delete(chat) || this.#chats.size > 0) return false;
    this.#unsubscribe();
    return true;
  }

  /** That of the chat that has been here longest. */
  get source(): GetWebSocketTransport | undefined {
    return [...this.#chats.values()][0];
  }

  /** Another manager has taken the place of this one. */
  replaced(): void {
    this.#toAll({ kind: "replaced" });
  }

  readonly #onReport = (report: LinkReport): void => {
    switch (report.kind) {
      case "frame":
        if (report.frame.kind === "message" && report.frame.topic === TOPIC.chat) {
          const item = parseChatItem(report.frame.raw);
          if (item) for (const chat of this.#chatsOf(item)) this.#deliver(chat, { kind: "item", item });
          else {
            this.#logger.warn("A damaged frame of the chat was dropped");
            this.#toAll({ kind: "damaged" });
          }
        }
        return;
      case "up":
      case "subscribed":
      case "unsubscribed":
      case "damaged":
      case "lost":
      case "failed":
      case "deepHeartbeat":
        this.#toAll(report);
        return;
      case "initFailure":
      case "connectionOpen":
      case "connectionClose":
      case "connectionGain":
      case "connectionLost":
      case "subscriptionFailure":
        // For the manager's own subscribers.
        return;
      default:
        report satisfies never;
    }
  };

  #toAll(news: News): void {
    for (const chat of [...this.#chats.keys()]) this.#deliver(chat, this.#eventOf(news));
  }

  #eventOf(news: News): LinkEvent {
    const chats = this.#chats.size;
    return news.kind === "up" || news.kind === "subscribed" || news.kind === "damaged"
      ? { ...news, chats }
      : news;
  }

  /** A chat that throws must not harm the others, nor the manager, which may not catch what its callbacks throw. */
  #deliver(chat: LinkedChat, event: LinkEvent): void {
    try {
      chat.onLink(event);
    } catch (error) {
      this.#logger.warn("The socket manager failed", { what: event.kind }, error);
    }
  }

  /**
   * Whose item it is: that of the sessions of its contact or of its chat's first contact. A receipt may name neither: it
   * belongs to the session that knows its message and, on a socket with one chat, to that chat.
   */
  #chatsOf(item: WireItem): readonly LinkedChat[] {
    const { ContactId, InitialContactId, Type, MessageMetadata } = item;
    const chats = [...this.#chats.keys()].filter((chat) =>
      ContactId || InitialContactId
        ? chat.contactId === ContactId || chat.initialContactId === InitialContactId
        : Type === "MESSAGEMETADATA" &&
          (this.#chats.size === 1 || chat.knowsMessage(MessageMetadata?.MessageId ?? "")),
    );
    if (chats.length === 0) this.#reportStranger(item);
    else this.#isContactJudged = true;
    return chats;
  }

  /** A session's own socket has the items of its participant's chat: if there are only others, its contact ID is wrong. */
  #reportStranger({ ContactId, ContentType }: WireItem): void {
    if (this.#isOwn && !this.#isContactJudged && ContactId !== undefined) {
      this.#isContactJudged = true;
      this.#logger.warn(
        "Items of another contact arrive and are left out. Pass create() the ContactId that came with the participant token.",
        { ContactId },
      );
    } else this.#logger.debug("An item was left out: it is of another chat", { ContentType });
  }
}
