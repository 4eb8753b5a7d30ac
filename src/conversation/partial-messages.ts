import type { WireItem } from "../api/items";
import type { AnswerProgress } from "../api/snapshot";

/** How many answers are remembered: many more than ever stream at once. */
const REMEMBERED = 200;

/** The chunk that is after all others: the whole answer. */
const COMPLETE = Number.POSITIVE_INFINITY;

/** Before the first chunk. */
const NOTHING: AnswerProgress = { text: "", chunk: 0, absoluteTime: undefined };

/** Whether an item is a piece of an answer that streams, or its completion. */
export function isStreamed(item: WireItem): boolean {
  return (
    item.Type === "MESSAGE" &&
    item.ParticipantRole === "SYSTEM" &&
    typeof item.MessageMetadata?.MessageCompleted === "boolean"
  );
}

/** Whether an item is a piece of an answer that streams, and more follows. */
export const isPiece = (item: WireItem): boolean =>
  isStreamed(item) && item.MessageMetadata?.MessageCompleted === false;

/** Puts the pieces of bots' answers together: each chunk in its turn gives the text so far, the completion the whole. */
export class PartialMessages {
  /** As they were delivered. */
  readonly #delivered = new Map<string, AnswerProgress>();
  /** Unfinished ones as a page shows them. That counts as a place to go on from, not as delivered. */
  readonly #onPages = new Map<string, AnswerProgress>();

  /** The unfinished ones, by Id, as far as they were delivered. */
  get unfinished(): Record<string, AnswerProgress> {
    return Object.fromEntries([...this.#delivered].filter(([, { chunk }]) => chunk !== COMPLETE));
  }

  /** When each unfinished answer began: epoch milliseconds. Transcripts may not show it before it is complete. */
  get startedAtMs(): number[] {
    return Object.values(this.unfinished).map(({ absoluteTime }) => Date.parse(absoluteTime ?? ""));
  }

  restore(unfinished: Readonly<Record<string, AnswerProgress>>): void {
    for (const [id, progress] of Object.entries(unfinished)) this.#delivered.set(id, progress);
  }

  /**
   * What a live item gives, or (`isMissed`) a missed item of a transcript: the item itself, or with the text so far; null
   * where it gives nothing new.
   */
  accept(item: WireItem, isMissed = false): WireItem | null {
    const { Id = "" } = item;
    const before = this.#delivered.get(Id);
    // A transcript may hold a completed answer without saying that it once streamed.
    if (!Id || !(before || isStreamed(item))) return item;
    const piece = progressOf(item);
    if (before && !isNews(piece, before)) return null;
    if (isMissed || piece.chunk === COMPLETE) {
      remember(this.#delivered, Id, piece);
      return item;
    }
    const base = [before ?? NOTHING, this.#onPages.get(Id)].find((each) => each?.chunk === piece.chunk - 1);
    if (!base) return null;
    const text = base.text + piece.text;
    const absoluteTime = base.absoluteTime ?? piece.absoluteTime;
    remember(this.#delivered, Id, { ...piece, text, absoluteTime });
    return { ...item, Content: text, AbsoluteTime: absoluteTime };
  }

  /** What a page shows of unfinished answers: the next chunk goes on from there. */
  learn(items: readonly WireItem[]): void {
    for (const item of items) {
      if (item.Id && isPiece(item)) remember(this.#onPages, item.Id, progressOf(item));
    }
  }
}

function remember(answers: Map<string, AnswerProgress>, id: string, progress: AnswerProgress): void {
  answers.delete(id);
  answers.set(id, progress);
  const [oldest = id] = answers.keys();
  if (answers.size > REMEMBERED) answers.delete(oldest);
}

/** Whether more was said than before, or the whole answer has another text now. */
const isNews = (now: AnswerProgress, before: AnswerProgress): boolean =>
  now.chunk > before.chunk || (now.chunk === COMPLETE && now.text !== before.text);

const progressOf = (item: WireItem): AnswerProgress => ({
  text: item.Content ?? "",
  chunk: isPiece(item) ? (item.MessageMetadata?.ChunkNumber ?? 0) : COMPLETE,
  absoluteTime: item.AbsoluteTime,
});
