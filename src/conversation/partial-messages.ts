import type { WireItem } from "../api/items";
import type { StreamedMessageProgress } from "../api/snapshot";

/** The maximum number of streamed messages to remember. Far fewer are in progress at the same time. */
const MAX_MESSAGES = 200;

/** The chunk number of a complete message. It is greater than the number of any chunk. */
const COMPLETE = Number.POSITIVE_INFINITY;

/** The chunk number of a message before its first chunk, or of an unfinished message without a chunk number. */
const NO_CHUNK = 0;

/** The progress of a message before its first chunk. */
const BEFORE_FIRST_CHUNK: StreamedMessageProgress = { text: "", chunk: NO_CHUNK, absoluteTime: undefined };

/** Whether an item is part of a streamed message: a chunk, or the complete message. */
export function isStreamed(item: WireItem): boolean {
  return (
    item.Type === "MESSAGE" &&
    item.ParticipantRole === "SYSTEM" &&
    typeof item.MessageMetadata?.MessageCompleted === "boolean"
  );
}

/** Whether an item is a chunk of a streamed message that isn't complete yet. */
export const isChunk = (item: WireItem): boolean =>
  isStreamed(item) && item.MessageMetadata?.MessageCompleted === false;

/**
 * Assembles bots' streamed messages. Chunks are delivered in order, each with the text so far. The complete message
 * follows the last chunk.
 */
export class PartialMessages {
  /** Each message's progress, as delivered to the application. */
  readonly #delivered = new Map<string, StreamedMessageProgress>();
  /** Each unfinished message's progress on a fetched page. Later chunks may continue this undelivered text. */
  readonly #fetched = new Map<string, StreamedMessageProgress>();

  /** The delivered progress of each unfinished message, by Id. */
  get unfinished(): Record<string, StreamedMessageProgress> {
    return Object.fromEntries([...this.#delivered].filter(([, { chunk }]) => chunk !== COMPLETE));
  }

  /**
   * The start time of each unfinished message, in epoch milliseconds. A page might not contain the message until
   * it's complete.
   */
  get startTimesMs(): number[] {
    return Object.values(this.unfinished).map(({ absoluteTime }) => Date.parse(absoluteTime ?? ""));
  }

  restore(unfinished: Readonly<Record<string, StreamedMessageProgress>>): void {
    for (const [id, progress] of Object.entries(unfinished)) this.#delivered.set(id, progress);
  }

  /**
   * Returns the item to deliver, or null if the item isn't new. A live chunk is returned with all the text so far, and
   * any other item is returned unchanged. `isMissed` means that the item comes from a page. Unlike a live chunk, a
   * chunk on a page already contains all the text so far.
   */
  accept(item: WireItem, isMissed = false): WireItem | null {
    const { Id = "" } = item;
    const before = this.#delivered.get(Id);
    // A page may contain a complete message without showing that it was streamed.
    if (!Id || !(before || isStreamed(item))) return item;
    const progress = progressOf(item);
    if (isMissed && progress.chunk === NO_CHUNK) {
      if (!isLonger(progress.text, before)) return null;
      remember(this.#delivered, Id, { ...(before ?? { ...progress, text: "" }), shown: progress.text });
      return item;
    }
    if (before && !isNewer(progress, before)) return null;
    if (isMissed || progress.chunk === COMPLETE) {
      remember(this.#delivered, Id, progress);
      return item;
    }
    const base = [before ?? BEFORE_FIRST_CHUNK, this.#fetched.get(Id)].find(
      (each) => each?.chunk === progress.chunk - 1,
    );
    if (!base) return null;
    const text = base.text + progress.text;
    const absoluteTime = base.absoluteTime ?? progress.absoluteTime;
    // A page without chunk numbers may have shown this chunk already.
    const shown = before?.shown?.startsWith(text) ? before.shown : undefined;
    remember(this.#delivered, Id, { ...progress, text, absoluteTime, shown });
    return shown === undefined ? { ...item, Content: text, AbsoluteTime: absoluteTime } : null;
  }

  /** Records the unfinished messages on a page that the application fetched, so that later chunks can be appended. */
  recordPage(items: readonly WireItem[]): void {
    for (const item of items) {
      if (item.Id && isChunk(item)) remember(this.#fetched, item.Id, progressOf(item));
    }
  }
}

function remember(
  messages: Map<string, StreamedMessageProgress>,
  id: string,
  progress: StreamedMessageProgress,
): void {
  messages.delete(id);
  messages.set(id, progress);
  const [oldest = id] = messages.keys();
  if (messages.size > MAX_MESSAGES) messages.delete(oldest);
}

/** Whether there is more text than before, or the text of the complete message has changed. */
const isNewer = (now: StreamedMessageProgress, before: StreamedMessageProgress): boolean =>
  now.chunk > before.chunk || (now.chunk === COMPLETE && now.text !== before.text);

/** Whether a page without chunk numbers shows more of an unfinished message than was delivered. */
function isLonger(text: string, before: StreamedMessageProgress | undefined): boolean {
  if (!before) return true;
  const delivered = before.shown ?? before.text;
  return before.chunk !== COMPLETE && text.length > delivered.length && text.startsWith(delivered);
}

const progressOf = (item: WireItem): StreamedMessageProgress => ({
  text: item.Content ?? "",
  chunk: isChunk(item) ? (item.MessageMetadata?.ChunkNumber ?? NO_CHUNK) : COMPLETE,
  absoluteTime: item.AbsoluteTime,
});
