import type { WireItem } from "../api/items";
import type { StreamedMessageProgress } from "../api/snapshot";

/** How many answers are remembered: many more than ever stream at once. */
const MAX_ANSWERS = 200;

/** The chunk number of a complete answer: after all others. */
const COMPLETE = Number.POSITIVE_INFINITY;

/** Before the first chunk. */
const EMPTY: StreamedMessageProgress = { text: "", chunk: 0, absoluteTime: undefined };

/** Whether an item is a chunk of a streaming answer, or its completion. */
export function isStreamed(item: WireItem): boolean {
  return (
    item.Type === "MESSAGE" &&
    item.ParticipantRole === "SYSTEM" &&
    typeof item.MessageMetadata?.MessageCompleted === "boolean"
  );
}

/** Whether an item is a chunk of a streaming answer with more to follow. */
export const isChunk = (item: WireItem): boolean =>
  isStreamed(item) && item.MessageMetadata?.MessageCompleted === false;

/** Assembles bots' streaming answers: each chunk in turn yields the text so far, and the completion the whole text. */
export class PartialMessages {
  /** Answers as they were delivered. */
  readonly #delivered = new Map<string, StreamedMessageProgress>();
  /** Unfinished answers as a page shows them. Chunks may continue from there, but it doesn't count as delivered. */
  readonly #onPages = new Map<string, StreamedMessageProgress>();

  /** The unfinished answers, by Id, as far as they were delivered. */
  get unfinished(): Record<string, StreamedMessageProgress> {
    return Object.fromEntries([...this.#delivered].filter(([, { chunk }]) => chunk !== COMPLETE));
  }

  /**
   * When each unfinished answer began, in epoch milliseconds. Transcripts may not show an answer before it is complete.
   */
  get startedAtMs(): number[] {
    return Object.values(this.unfinished).map(({ absoluteTime }) => Date.parse(absoluteTime ?? ""));
  }

  restore(unfinished: Readonly<Record<string, StreamedMessageProgress>>): void {
    for (const [id, progress] of Object.entries(unfinished)) this.#delivered.set(id, progress);
  }

  /**
   * Returns what to deliver for a live item, or (`isMissed`) for a missed item from a transcript: the item itself, or
   * the item with the text so far. Returns null if it brings nothing new.
   */
  accept(item: WireItem, isMissed = false): WireItem | null {
    const { Id = "" } = item;
    const before = this.#delivered.get(Id);
    // A transcript may contain a complete answer without showing that it was streamed.
    if (!Id || !(before || isStreamed(item))) return item;
    const progress = progressOf(item);
    if (before && !isNewer(progress, before)) return null;
    if (isMissed || progress.chunk === COMPLETE) {
      remember(this.#delivered, Id, progress);
      return item;
    }
    const base = [before ?? EMPTY, this.#onPages.get(Id)].find((each) => each?.chunk === progress.chunk - 1);
    if (!base) return null;
    const text = base.text + progress.text;
    const absoluteTime = base.absoluteTime ?? progress.absoluteTime;
    remember(this.#delivered, Id, { ...progress, text, absoluteTime });
    return { ...item, Content: text, AbsoluteTime: absoluteTime };
  }

  /** Records a page's unfinished answers. Their next chunks continue from there. */
  learn(items: readonly WireItem[]): void {
    for (const item of items) {
      if (item.Id && isChunk(item)) remember(this.#onPages, item.Id, progressOf(item));
    }
  }
}

function remember(
  answers: Map<string, StreamedMessageProgress>,
  id: string,
  progress: StreamedMessageProgress,
): void {
  answers.delete(id);
  answers.set(id, progress);
  const [oldest = id] = answers.keys();
  if (answers.size > MAX_ANSWERS) answers.delete(oldest);
}

/** Whether there is more text than before, or the complete answer's text has changed. */
const isNewer = (now: StreamedMessageProgress, before: StreamedMessageProgress): boolean =>
  now.chunk > before.chunk || (now.chunk === COMPLETE && now.text !== before.text);

const progressOf = (item: WireItem): StreamedMessageProgress => ({
  text: item.Content ?? "",
  chunk: isChunk(item) ? (item.MessageMetadata?.ChunkNumber ?? 0) : COMPLETE,
  absoluteTime: item.AbsoluteTime,
});
