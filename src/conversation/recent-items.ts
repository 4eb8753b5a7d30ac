import type { ChatTranscriptItem } from "../item";

/** More than ten pages of a recovery and what comes live meanwhile. */
const MOST = 2_000;

/** Items of late, so that one that comes again is known: bounded, the oldest are forgotten first. */
export class RecentItems {
  readonly #byId = new Map<string, ChatTranscriptItem>();
  #forgottenUpToMs = Number.NEGATIVE_INFINITY;

  /** Epoch milliseconds of the newest item that was forgotten: nothing up to then can be known again. */
  get forgottenUpToMs(): number {
    return this.#forgottenUpToMs;
  }

  knows(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Whether the very same item is remembered. One without an Id never is. */
  has(item: ChatTranscriptItem): boolean {
    const known = item.Id ? this.#byId.get(item.Id) : undefined;
    return known !== undefined && isSame(known, item);
  }

  /** Remembers the item in the place of an earlier form of it. */
  add(item: ChatTranscriptItem): void {
    if (!item.Id) return;
    // Put in last, so that the oldest is the first to be forgotten.
    this.#byId.delete(item.Id);
    this.#byId.set(item.Id, item);
    if (this.#byId.size <= MOST) return;
    for (const [id, oldest] of this.#byId) {
      this.#byId.delete(id);
      const timeMs = timeOf(oldest);
      if (timeMs > this.#forgottenUpToMs) this.#forgottenUpToMs = timeMs;
      return;
    }
  }
}

/** An item's AbsoluteTime in epoch milliseconds; NaN where it has none. */
export const timeOf = ({ AbsoluteTime }: Pick<ChatTranscriptItem, "AbsoluteTime">): number =>
  Date.parse(AbsoluteTime ?? "");

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

function attachmentsOf({ Attachments }: ChatTranscriptItem): string {
  if (!Attachments) return "";
  return Attachments.map(({ AttachmentId, Status }) => `${AttachmentId ?? ""} ${Status ?? ""}`).join();
}
