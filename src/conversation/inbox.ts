import type { ChatTranscriptItem } from "../item";
import { RecentIds } from "../util/recent-ids";
import { EVENT_CONTENT_TYPES } from "./content-types";
import { eventOfContentType, type ItemEventName } from "./events";
import { isPiece } from "./partial-messages";
import { RecentItems } from "./recent-items";

/** What an item means for its session. */
export type Arrival =
  | { readonly kind: "event"; readonly name: ItemEventName; readonly item: ChatTranscriptItem }
  /** `chat.ended`: onMessage is told of it, then the session ends. */
  | { readonly kind: "ended"; readonly item: ChatTranscriptItem }
  /** An agent's part in the contact went to somebody else. */
  | { readonly kind: "transferred"; readonly item: ChatTranscriptItem }
  | { readonly kind: "nothing"; readonly why: WhyNothing };

type WhyNothing = "repeated" | "own receipt" | "receipt without receipts" | "of another contact";

/** Whose inbox it is. */
export interface InboxOwner {
  readonly participantId: string;
  readonly contactId: string;
  readonly initialContactId: string;
}

/** Judges each item that comes in for one participant: which event it is, and whether it was told before. */
export class Inbox {
  readonly #owner: InboxOwner;
  readonly #delivered = new RecentItems();
  /** What the application fetched itself: a recovery does not tell it again. */
  readonly #fetched = new RecentItems();
  readonly #toldReceipts = new RecentIds();

  constructor(owner: InboxOwner) {
    this.#owner = owner;
  }

  /** A live item. */
  receive(item: ChatTranscriptItem): Arrival {
    if (item.Type === "MESSAGEMETADATA") return this.#receipt(item);
    // Which pieces of an answer were delivered, PartialMessages knows: one that came too early may come again.
    const isKnown = !isPiece(item) && this.#delivered.has(item);
    if (isKnown || this.#isPast(item)) return { kind: "nothing", why: "repeated" };
    this.#delivered.add(item);
    return arrivalOf(item);
  }

  /** An item that a transcript holds, and that may have been missed. */
  recover(item: ChatTranscriptItem, isNewerThanTold: boolean): Arrival {
    if (!this.isOurs(item)) return { kind: "nothing", why: "of another contact" };
    const { contactId, initialContactId } = this.#owner;
    // Transcripts leave out what they were asked by; handlers find it on live items.
    const whole: ChatTranscriptItem = {
      ...item,
      ContactId: item.ContactId ?? contactId,
      InitialContactId: item.InitialContactId ?? initialContactId,
    };
    if (item.Type === "MESSAGEMETADATA") return this.#receipt(whole);
    // One without an Id cannot be known: it is new where its time is.
    const isKnown = item.Id ? this.#delivered.has(item) || this.#fetched.has(item) : !isNewerThanTold;
    if (isKnown || this.#isPast(item)) return { kind: "nothing", why: "repeated" };
    this.#delivered.add(whole);
    return arrivalOf(whole);
  }

  /** Whether the application has a form of it that comes after this one, delivered or fetched by itself. */
  #isPast(item: ChatTranscriptItem): boolean {
    return this.#delivered.isPast(item) || this.#fetched.isPast(item);
  }

  /** What the application was given by a call of its own; an end is still to be told, whoever has seen it. */
  fetched(item: ChatTranscriptItem): void {
    if (arrivalOf(item).kind === "event") this.#fetched.add(item);
  }

  /** What was handed over from a moment on, to be known again by `restore`. */
  signaturesFrom(fromMs: number): Record<string, string> {
    return this.#delivered.signaturesFrom(fromMs);
  }

  restore(signatures: Readonly<Record<string, string>>): void {
    this.#delivered.restore(signatures);
  }

  /** Whether an item was delivered in this very form. */
  hasDelivered(item: ChatTranscriptItem): boolean {
    return this.#delivered.has(item);
  }

  /** Whether an item of this id was handed over lately. */
  knows(id: string): boolean {
    return this.#delivered.knows(id);
  }

  /** Epoch milliseconds: up to then it cannot be known any more what was handed over. */
  get forgottenUpToMs(): number {
    return this.#delivered.forgottenUpToMs;
  }

  /** In a persistent chat, transcripts also hold what was said in the participant's earlier contacts. */
  isOurs({ ContactId, InitialContactId, RelatedContactId }: ChatTranscriptItem): boolean {
    const { contactId, initialContactId } = this.#owner;
    if (RelatedContactId && RelatedContactId !== contactId && RelatedContactId !== initialContactId)
      return false;
    return !ContactId || ContactId === contactId || InitialContactId === initialContactId;
  }

  /** One Receipt may hold both times: read wins. What this participant did itself is no news to it. */
  #receipt(item: ChatTranscriptItem): Arrival {
    const receipt = item.MessageMetadata?.Receipts?.[0];
    if (!receipt) return { kind: "nothing", why: "receipt without receipts" };
    const { RecipientParticipantId: recipient, ReadTimestamp: read, DeliveredTimestamp: delivered } = receipt;
    if (recipient === this.#owner.participantId) return { kind: "nothing", why: "own receipt" };
    const time = read ?? delivered;
    if (!time) return { kind: "nothing", why: "receipt without receipts" };
    const name = read ? "readReceipt" : "deliveredReceipt";
    const key = [name, item.MessageMetadata?.MessageId, recipient, Date.parse(time)].join();
    if (this.#toldReceipts.has(key)) return { kind: "nothing", why: "repeated" };
    this.#toldReceipts.add(key);
    return { kind: "event", name, item };
  }
}

function arrivalOf(item: ChatTranscriptItem): Arrival {
  switch (item.ContentType) {
    case EVENT_CONTENT_TYPES.CHAT_ENDED:
      return { kind: "ended", item };
    case EVENT_CONTENT_TYPES.TRANSFER_SUCCEEDED:
      return { kind: "transferred", item };
    default:
      return { kind: "event", name: eventOfContentType(item.ContentType), item };
  }
}

/** The receipts that a transcript shows at a message, each as the item that tells it live. */
export function receiptsAt(message: ChatTranscriptItem): ChatTranscriptItem[] {
  if (message.Type === "MESSAGEMETADATA" || !message.Id) return [];
  return (message.MessageMetadata?.Receipts ?? []).map((receipt) => ({
    AbsoluteTime: receipt.ReadTimestamp ?? receipt.DeliveredTimestamp,
    ContentType: RECEIPT_ITEM_CONTENT_TYPE,
    Type: "MESSAGEMETADATA",
    ContactId: message.ContactId,
    InitialContactId: message.InitialContactId,
    RelatedContactId: message.RelatedContactId,
    MessageMetadata: { MessageId: message.Id, Receipts: [receipt] },
  }));
}

/** How a receipt comes over the socket. */
const RECEIPT_ITEM_CONTENT_TYPE = "application/vnd.amazonaws.connect.event.message.metadata";
