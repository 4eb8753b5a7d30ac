import type { Unsubscribe } from "../api/events";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import { parseChatItem, TOPIC } from "./frames";
import type { Link, LinkReport } from "./link";
import type { LinkedChat, LinkEvent } from "./link-event";
import type { GetWebSocketTransport } from "./manager-events";

/** A report that is passed on to all chats on a link. */
type SharedReport =
  | Extract<
      LinkReport,
      {
        readonly kind: "up" | "lost" | "failed" | "subscribed" | "unsubscribed" | "damaged" | "deepHeartbeat";
      }
    >
  | { readonly kind: "replaced" };

/**
 * Routes a link's reports to the chats that share it. Adds a single listener to the link, parses each frame once, and
 * delivers each item only to the chats that it belongs to.
 */
export class Router {
  readonly link: Link;
  readonly #logger: LibraryLogger;
  /** Whether the link belongs to one participant. False for a link on a manager that the application passed. */
  readonly #isParticipantLink: boolean;
  /** The chats in the order in which they joined, each with its source of socket URLs. */
  readonly #chats = new Map<LinkedChat, GetWebSocketTransport>();
  readonly #unsubscribe: Unsubscribe;
  /** Whether the contact ID has been checked: an item has matched a chat, or a wrong contact ID was logged. */
  #isContactChecked = false;

  constructor(link: Link, logger: LibraryLogger, isParticipantLink: boolean) {
    this.link = link;
    this.#logger = logger;
    this.#isParticipantLink = isParticipantLink;
    this.#unsubscribe = link.listen(this.#onReport);
  }

  /** Adds a chat and immediately reports the link's status to the chat. */
  add(chat: LinkedChat, source: GetWebSocketTransport): void {
    this.#chats.set(chat, source);
    const { status } = this.link;
    if (status) chat.onLink(this.#eventOf(status));
  }

  /** Removes a chat. If it was the last chat, stops listening to the link and returns true. */
  remove(chat: LinkedChat): boolean {
    if (!this.#chats.delete(chat) || this.#chats.size > 0) return false;
    this.#unsubscribe();
    return true;
  }

  /** The function that provides socket URLs for the link. It comes from the chat that joined first. */
  get source(): GetWebSocketTransport | undefined {
    return [...this.#chats.values()][0];
  }

  /** Reports to the chats that another manager has replaced the link's manager. */
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
        // Only the manager's own callbacks need these.
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

  /** Delivers an event. If the chat throws, logs the error, so that other chats and the manager aren't affected. */
  #deliver(chat: LinkedChat, event: LinkEvent): void {
    try {
      chat.onLink(event);
    } catch (error) {
      this.#logger.warn("A chat's link handler failed", { event: event.kind }, error);
    }
  }

  /**
   * Returns the chats that an item belongs to: the chats with its contact ID or its initial contact ID. A receipt may
   * contain neither ID. Such a receipt belongs to the chat that knows its message, or to the link's only chat.
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
   * Logs an item that belongs to no chat on the link. If no item on a participant's own link has ever matched, the
   * contact ID that was passed to `create()` must be wrong.
   */
  #logForeignItem({ ContactId, ContentType }: WireItem): void {
    if (this.#isParticipantLink && !this.#isContactChecked && ContactId !== undefined) {
      this.#isContactChecked = true;
      this.#logger.warn(
        "Items for another contact are dropped. Pass create() the ContactId that came with the participant token.",
        { ContactId },
      );
    } else this.#logger.debug("An item was dropped because it belongs to another chat", { ContentType });
  }
}
