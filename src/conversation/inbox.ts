import type { ChatTranscriptItem } from "../item";
import { EVENT_CONTENT_TYPES } from "./content-types";
import { eventOfContentType, type ItemEventName } from "./events";

/** How many recent items are remembered, so that one that comes again is known. */
const REMEMBERED = 2_000;

/** What an item means for its session. */
export type Arrival =
  | { readonly kind: "event"; readonly name: ItemEventName; readonly item: ChatTranscriptItem }
  /** `chat.ended`: onMessage is told of it, then the session ends. */
  | { readonly kind: "ended"; readonly item: ChatTranscriptItem }
  /** An agent's part in the contact went to somebody else. */
  | { readonly kind: "transferred"; readonly item: ChatTranscriptItem }
  | { readonly kind: "nothing"; readonly why: "repeated" | "own receipt" | "receipt without receipts" };

/** Judges each item that comes in for one participant: which event it is, and whether it was told before. */
export class Inbox {
  readonly #participantId: string;
  readonly #recent = new Map<string, ChatTranscriptItem>();

  constructor(participantId: string) {
    this.#participantId = participantId;
  }

  receive(item: ChatTranscriptItem): Arrival {
    if (item.Type === "MESSAGEMETADATA") return this.#receipt(item);
    if (this.#isRepeated(item)) return { kind: "nothing", why: "repeated" };
    switch (item.ContentType) {
      case EVENT_CONTENT_TYPES.CHAT_ENDED:
        return { kind: "ended", item };
      case EVENT_CONTENT_TYPES.TRANSFER_SUCCEEDED:
        return { kind: "transferred", item };
      default:
        return { kind: "event", name: eventOfContentType(item.ContentType), item };
    }
  }

  /** Whether an item of this id was handed over lately. */
  knows(id: string): boolean {
    return this.#recent.has(id);
  }

  forget(): void {
    this.#recent.clear();
  }

  /** One Receipt may hold both times: read wins. What this participant did itself is no news to it. */
  #receipt(item: ChatTranscriptItem): Arrival {
    const receipt = item.MessageMetadata?.Receipts?.[0];
    if (!receipt) return { kind: "nothing", why: "receipt without receipts" };
    if (receipt.RecipientParticipantId === this.#participantId)
      return { kind: "nothing", why: "own receipt" };
    if (receipt.ReadTimestamp) return { kind: "event", name: "readReceipt", item };
    if (receipt.DeliveredTimestamp) return { kind: "event", name: "deliveredReceipt", item };
    return { kind: "nothing", why: "receipt without receipts" };
  }

  /** Remembers the item; true when the very same was handed over before. One without an id is never suppressed. */
  #isRepeated(item: ChatTranscriptItem): boolean {
    if (!item.Id) return false;
    const before = this.#recent.get(item.Id);
    if (before && isSame(before, item)) return true;
    // Put in last, so that the oldest is the first to be forgotten.
    this.#recent.delete(item.Id);
    this.#recent.set(item.Id, item);
    if (this.#recent.size > REMEMBERED) {
      for (const oldest of this.#recent.keys()) {
        this.#recent.delete(oldest);
        break;
      }
    }
    return false;
  }
}

/** The same in all that a reader could see: an attachment that is approved later is a change, and let through. */
function isSame(a: ChatTranscriptItem, b: ChatTranscriptItem): boolean {
  return (
    a.Type === b.Type &&
    a.ContentType === b.ContentType &&
    a.Content === b.Content &&
    a.MessageMetadata?.ChunkNumber === b.MessageMetadata?.ChunkNumber &&
    a.MessageMetadata?.MessageCompleted === b.MessageMetadata?.MessageCompleted &&
    attachmentsOf(a) === attachmentsOf(b)
  );
}

function attachmentsOf(item: ChatTranscriptItem): string {
  return (item.Attachments ?? [])
    .map(({ AttachmentId, Status }) => `${AttachmentId ?? ""} ${Status ?? ""}`)
    .join();
}
