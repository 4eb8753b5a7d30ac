import type { Unsubscribe } from "../api/events";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import { parseChatItem, TOPIC } from "./frames";
import type { Link, LinkReport } from "./link";
import type { LinkedChat, LinkEvent } from "./link-event";
import type { GetWebSocketTransport } from "./manager-events";

/** A report that concerns all chats on a link. */
type SharedReport =
  | Extract<
      LinkReport,
      {
        readonly kind: "up" | "lost" | "failed" | "subscribed" | "unsubscribed" | "damaged" | "deepHeartbeat";
      }
    >
  | { readonly kind: "replaced" };

/**
 * Routes one link's reports to its chats. The link has one listener no matter how many chats share it, each frame is
 * parsed once, and an item is delivered only to the chats that it belongs to.
 */
export class Router {
  readonly link: Link;
  readonly #logger: LibraryLogger;
  /** Whether a session created the link for its participant's chat. */
  readonly #isParticipantLink: boolean;
  /** In the order they joined, each with the participant's source of socket URLs. */
  readonly #chats = new Map<LinkedChat, GetWebSocketTransport>();
  readonly #unsubscribe: Unsubscribe;
  /** Whether an item has confirmed the contact ID, or it was reported as wrong. */
  #isContactChecked = false;

  constructor(link: Link, logger: LibraryLogger, isParticipantLink: boolean) {
    this.link = link;
    this.#logger = logger;
    this.#isParticipantLink = isParticipantLink;
    this.#unsubscribe = link.listen(this.#onReport);
  }

  /** Adds a chat and immediately reports the link's status to it. */
  add(chat: LinkedChat, source: GetWebSocketTransport): void {
    this.#chats.set(chat, source);
    const { status } = this.link;
    if (status) chat.onLink(this.#eventOf(status));
  }

  /** Removes a chat. Returns true if it was the last one: the router has then left the link. */
  remove(chat: LinkedChat): boolean {
    if (!this.#chats.delete(chat) || this.#chats.size > 0) return false;
    this.#unsubscribe();
    return true;
  }

  /** The source of the chat that joined first. */
  get source(): GetWebSocketTransport | undefined {
    return [...this.#chats.values()][0];
  }

  /** Reports to the chats that another manager has replaced this one. */
  reportReplaced(): void {
    this.#broadcast({ kind: "replaced" });
  }

  readonly #onReport = (report: LinkReport): void => {
    switch (report.kind) {
      case "frame":
        if (report.frame.kind === "message" && report.frame.topic === TOPIC.chat) {
          const item = parseChatItem(report.frame.raw);
          if (item) for (const chat of this.#recipientsOf(item)) this.#deliver(chat, { kind: "item", item });
          else {
            this.#logger.warn("A damaged chat frame was dropped");
            this.#broadcast({ kind: "damaged" });
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
        this.#broadcast(report);
        return;
      case "initFailure":
      case "connectionOpen":
      case "connectionClose":
      case "connectionGain":
      case "connectionLost":
      case "subscriptionFailure":
        // These are for the manager's own subscribers.
        return;
      default:
        report satisfies never;
    }
  };

  #broadcast(report: SharedReport): void {
    for (const chat of [...this.#chats.keys()]) this.#deliver(chat, this.#eventOf(report));
  }

  #eventOf(report: SharedReport): LinkEvent {
    const chats = this.#chats.size;
    return report.kind === "up" || report.kind === "subscribed" || report.kind === "damaged"
      ? { ...report, chats }
      : report;
  }

  /** Logs what a chat throws, which must not reach the other chats, or a manager that doesn't catch it. */
  #deliver(chat: LinkedChat, event: LinkEvent): void {
    try {
      chat.onLink(event);
    } catch (error) {
      this.#logger.warn("A chat's link handler failed", { event: event.kind }, error);
    }
  }

  /**
   * Returns the chats that an item belongs to: those with its contact or its initial contact. A receipt may name
   * neither. It then belongs to the chat that knows its message and, on a socket with one chat, to that chat.
   */
  #recipientsOf(item: WireItem): readonly LinkedChat[] {
    const { ContactId, InitialContactId, Type, MessageMetadata } = item;
    const chats = [...this.#chats.keys()].filter((chat) =>
      ContactId || InitialContactId
        ? chat.contactId === ContactId || chat.initialContactId === InitialContactId
        : Type === "MESSAGEMETADATA" &&
          (this.#chats.size === 1 || chat.knowsMessage(MessageMetadata?.MessageId ?? "")),
    );
    if (chats.length === 0) this.#logForeignItem(item);
    else this.#isContactChecked = true;
    return chats;
  }

  /**
   * Logs an item of another chat. On a participant's own socket, if nothing has matched yet, the contact ID is wrong.
   */
  #logForeignItem({ ContactId, ContentType }: WireItem): void {
    if (this.#isParticipantLink && !this.#isContactChecked && ContactId !== undefined) {
      this.#isContactChecked = true;
      this.#logger.warn(
        "Items for another contact are dropped. Pass create() the ContactId that came with the participant token.",
        { ContactId },
      );
    } else this.#logger.debug("An item was dropped: it belongs to another chat", { ContentType });
  }
}
