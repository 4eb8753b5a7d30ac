import type { ChatTranscriptItem } from "../item";

/** How many answers are remembered: many more than ever stream at once. */
const REMEMBERED = 200;

/** The chunk that is after all others: the whole answer. */
const COMPLETE = Number.POSITIVE_INFINITY;

interface Progress {
  /** The text so far. */
  readonly text: string;
  /** The number of the last chunk in it; Infinity once the answer is complete. */
  readonly chunk: number;
  /** The first chunk's time: the answer keeps its place while it grows. */
  readonly absoluteTime: string | undefined;
}

/** Whether an item is a piece of an answer that streams, or its completion. */
export function isStreamed(item: ChatTranscriptItem): boolean {
  return (
    item.Type === "MESSAGE" &&
    item.ParticipantRole === "SYSTEM" &&
    typeof item.MessageMetadata?.MessageCompleted === "boolean"
  );
}

/** Whether an item is a piece of an answer that streams, and more follows. */
export const isPiece = (item: ChatTranscriptItem): boolean =>
  isStreamed(item) && item.MessageMetadata?.MessageCompleted === false;

/** Puts the pieces of bots' answers together: each chunk in its turn gives the text so far, the completion the whole. */
export class PartialMessages {
  readonly #progress = new Map<string, Progress>();

  /** What a live item tells: the item itself, or with the text so far; null where it tells nothing. */
  accept(item: ChatTranscriptItem): ChatTranscriptItem | null {
    const id = item.Id;
    if (!isStreamed(item) || !id) return item;
    const before = this.#progress.get(id) ?? { text: "", chunk: 0, absoluteTime: undefined };
    const piece = pieceOf(item);
    if (before.chunk === COMPLETE) return null;
    if (piece.chunk === COMPLETE) {
      this.#remember(id, piece);
      return item;
    }
    if (piece.chunk !== before.chunk + 1) return null;
    const text = before.text + piece.text;
    const absoluteTime = before.absoluteTime ?? piece.absoluteTime;
    this.#remember(id, { ...piece, text, absoluteTime });
    return { ...item, Content: text, AbsoluteTime: absoluteTime };
  }

  /** What a transcript holds of an answer replaces the pieces known so far; the next chunk goes on from it. */
  learn(items: readonly ChatTranscriptItem[]): void {
    for (const item of items) {
      if (!item.Id || !isStreamed(item)) continue;
      const before = this.#progress.get(item.Id);
      const piece = pieceOf(item, before);
      // Pieces that came while the page was on its way are not taken back.
      if (before && (before.chunk === COMPLETE || piece.chunk < before.chunk)) continue;
      this.#remember(item.Id, piece);
    }
  }

  /** What a missed item of a transcript tells; null where the pieces that were told say as much. */
  recover(item: ChatTranscriptItem): ChatTranscriptItem | null {
    const id = item.Id;
    const before = id ? this.#progress.get(id) : undefined;
    // A transcript may hold a completed answer without saying that it once streamed.
    if (!isStreamed(item) || !id)
      return before?.chunk === COMPLETE && before.text === item.Content ? null : item;
    const piece = pieceOf(item);
    if (before && piece.chunk <= before.chunk) return null;
    this.#remember(id, piece);
    return item;
  }

  #remember(id: string, progress: Progress): void {
    this.#progress.delete(id);
    this.#progress.set(id, progress);
    const [oldest = id] = this.#progress.keys();
    if (this.#progress.size > REMEMBERED) this.#progress.delete(oldest);
  }
}

/** `before`: a page may leave the chunk's number out. */
const pieceOf = (
  { Content, AbsoluteTime, MessageMetadata }: ChatTranscriptItem,
  before?: Progress,
): Progress => ({
  text: Content ?? "",
  chunk: MessageMetadata?.MessageCompleted ? COMPLETE : (MessageMetadata?.ChunkNumber ?? before?.chunk ?? 0),
  absoluteTime: AbsoluteTime,
});
