import type { ChatTranscriptItem } from "../item";

/** More than ten pages of a recovery and what comes live meanwhile. */
const MOST = 2_000;

/** Items of late, so that one that comes again is known: bounded, the oldest are forgotten first. */
export class RecentItems {
  /** An item, or the signature of one that a snapshot brought. */
  readonly #byId = new Map<string, ChatTranscriptItem | string>();
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
    if (known === undefined) return false;
    return typeof known === "string" ? known === signatureOf(item) : isSame(known, item);
  }

  /** What is remembered of items from a moment on (epoch milliseconds): Ids and signatures, no content. */
  signaturesFrom(fromMs: number): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [id, item] of this.#byId) {
      if (typeof item === "string") found[id] = item;
      else if (!(timeOf(item) < fromMs)) found[id] = signatureOf(item);
    }
    return found;
  }

  restore(signatures: Readonly<Record<string, string>>): void {
    for (const [id, signature] of Object.entries(signatures)) this.#byId.set(id, signature);
  }

  /** Remembers the item in the place of an earlier form of it. */
  add(item: ChatTranscriptItem): void {
    const itemMs = timeOf(item);
    if (!item.Id || itemMs <= this.#forgottenUpToMs) return;
    // Put in last, so that the oldest is the first to be forgotten.
    this.#byId.delete(item.Id);
    this.#byId.set(item.Id, item);
    if (this.#byId.size <= MOST) return;
    for (const [id, oldest] of this.#byId) {
      this.#byId.delete(id);
      const timeMs = typeof oldest === "string" ? NaN : timeOf(oldest);
      // A live item from before a long recovery is newer than what that brings.
      if (timeMs > itemMs) this.#byId.set(id, oldest);
      else {
        if (timeMs > this.#forgottenUpToMs) this.#forgottenUpToMs = timeMs;
        return;
      }
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

/** A short text that is the same for the same item only, and from which its content cannot be read. */
function signatureOf(item: ChatTranscriptItem): string {
  const { Type, ContentType, Content, MessageMetadata } = item;
  const { ChunkNumber, MessageCompleted } = MessageMetadata ?? {};
  const text = JSON.stringify([
    Type,
    ContentType,
    Content,
    ChunkNumber,
    MessageCompleted,
    attachmentsOf(item),
  ]);
  // FNV-1a over the text, forwards and backwards: enough to tell two forms of one item apart.
  let forwards = 0x811c9dc5;
  let backwards = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    forwards = Math.imul(forwards ^ text.charCodeAt(index), 0x01000193);
    backwards = Math.imul(backwards ^ text.charCodeAt(text.length - 1 - index), 0x01000193);
  }
  return `${(forwards >>> 0).toString(36)}-${(backwards >>> 0).toString(36)}`;
}
