import type { GetTranscriptData } from "../api/client";
import type { SessionType } from "../api/create";
import type { WireItem } from "../api/items";
import { versionOf, isStaleVersion, withVersion, type Versions } from "./item-versions";
import { OutgoingEntries } from "./outgoing-entries";
import { isoOf, timeOf } from "./recent-items";
import {
  isLaterStatus,
  mergeEntries,
  statusFromReceipts,
  withStatus,
  type DeliveryStatus,
  type TranscriptEntry,
} from "./transcript-entry";

export interface TranscriptSnapshot {
  /** Built on first access, but reflects the transcript at the time the event was emitted. */
  transcript: TranscriptEntry[];
  previousTranscriptNextToken: string | null;
}

/** The fields of a SendMessage response that the transcript shows. */
export interface AcceptedMessage {
  readonly Id: string;
  readonly AbsoluteTime?: string | undefined;
  readonly MessageMetadata?: WireItem["MessageMetadata"];
}

/** The complete conversation as one list, sorted by time and without duplicates. Messages in flight come last. */
export class Transcript {
  /** The service's items, sorted by time. Snapshots whose list hasn't been read share the beginning of this list. */
  #entries: TranscriptEntry[] = [];
  /** The times of `#entries`, in the same order, in epoch milliseconds. */
  readonly #timesMs: number[] = [];
  /** Whether a snapshot may share `#entries`. Entries can then be appended, but other changes require a copy. */
  #isShared = false;
  readonly #byId = new Map<string, TranscriptEntry>();
  /** Each item's versions, by Id. */
  readonly #versions = new Map<string, Versions>();
  readonly #outgoing: OutgoingEntries;
  /**
   * Each message's status according to its receipts, by Id. A receipt may arrive before its message, for example on a
   * page sorted newest first.
   */
  readonly #receiptStatuses = new Map<string, DeliveryStatus | undefined>();
  readonly #role: SessionType;
  #previousNextToken: string | null = null;

  constructor(participantId: string, role: SessionType) {
    this.#outgoing = new OutgoingEntries(participantId);
    this.#role = role;
  }

  /** Returns the current transcript. The list is built on first access, because most snapshots are never read. */
  snapshot(): TranscriptSnapshot {
    const entries = this.#entries;
    const length = entries.length;
    this.#isShared = true;
    // Failed messages have the local clock's time, which may be far off. Clamp it to the times of the neighbors.
    let latestMs = Number.NEGATIVE_INFINITY;
    const outgoing = this.#outgoing.visible.map(({ entry, sortTimeMs }) => {
      const index = this.#indexFor(sortTimeMs);
      if (entry.AbsoluteTime === "") return { index, entry };
      const nextMs = this.#timesMs[index] ?? Number.POSITIVE_INFINITY;
      latestMs = Math.min(Math.max(latestMs, sortTimeMs, timeOf(entry)), nextMs);
      return { index, entry: { ...entry, AbsoluteTime: isoOf(latestMs) } };
    });
    let list: TranscriptEntry[] | null = null;
    const buildList = (): TranscriptEntry[] => {
      const built = entries.slice(0, length);
      // Insert from last to first, so that an insertion doesn't shift the remaining indices.
      for (const { entry, index } of outgoing.reverse()) built.splice(index, 0, entry);
      return built;
    };
    return {
      get transcript() {
        return (list ??= buildList());
      },
      set transcript(value) {
        list = value;
      },
      previousTranscriptNextToken: this.#previousNextToken,
    };
  }

  /** Adds an item that was delivered or, if `isDelivered` is false, fetched. Returns false if nothing has changed. */
  add(item: WireItem, isDelivered = true): boolean {
    if (item.Type === "MESSAGEMETADATA") {
      return this.#applyReceipt(item.MessageMetadata?.MessageId ?? "", statusFromReceipts(item));
    }
    const { Id } = item;
    if (!Id) return false;
    const version = versionOf(item);
    const versions = this.#versions.get(Id) ?? [];
    // A page may lag behind the socket, so it may contain a version that was seen before the current version.
    const isOlder = !isDelivered && versions.slice(0, -1).includes(version);
    const existing = this.#byId.get(Id);
    if (isOlder || isStaleVersion(version, versions) || isEarlierChunk(item, existing)) {
      return this.#applyReceipt(Id, statusFromReceipts(item));
    }
    this.#versions.set(Id, withVersion(versions, version));
    const entry = { ...item, serializedContent: JSON.stringify(item) };
    const isEcho = !existing && this.#outgoing.matchEcho(item, isDelivered);
    this.#put(isEcho ? withStatus(entry, "SENT") : entry);
    if (isDelivered) this.#anchorFailed();
    return true;
  }

  /** If the first item has just arrived, moves messages that failed earlier to just before the item. */
  #anchorFailed(): void {
    if (this.#entries.length === 1) this.#outgoing.anchorFailed(this.#newestMs - 1);
  }

  /**
   * Adds a page. Keeps its NextToken only if the token leads to older items. This is the case if the page was requested
   * `backward` and contains the oldest known item.
   */
  addPage(
    { Transcript: items, NextToken }: Pick<GetTranscriptData, "Transcript" | "NextToken">,
    backward: boolean,
  ): void {
    const oldestBefore = this.#entries[0];
    for (const item of items) this.add(item, false);
    if (oldestBefore === undefined) this.#outgoing.anchorFailed(this.#newestMs);
    const oldest = this.#entries[0];
    const reachesOldest =
      oldestBefore === undefined || items.some((item) => item.Id !== undefined && item.Id === oldest?.Id);
    if (backward && reachesOldest) this.#previousNextToken = NextToken ?? null;
  }

  /** Adds an outgoing message under a temporary ID. The service's ID replaces it when the message is accepted. */
  addOutgoing(id: string, { content, contentType }: { content: string; contentType: string }): void {
    this.#outgoing.addOutgoing(
      id,
      {
        Content: content,
        ContentType: contentType,
        ParticipantRole: this.#role,
        Id: id,
        Type: "MESSAGE",
      },
      this.#newestMs,
    );
  }

  /**
   * Marks a message as accepted, and replaces its temporary ID with the service's ID. If the message's item has already
   * arrived, the item takes precedence. `now` is the local time, used only if the service's time is unknown.
   */
  markSent(id: string, { Id, AbsoluteTime, MessageMetadata }: AcceptedMessage, now: string): void {
    const outgoing = this.#outgoing.markSent(id, Id);
    if (!outgoing) return;
    const newest = this.#newestMs > 0 ? isoOf(this.#newestMs) : now;
    const sent = { ...outgoing, Id, AbsoluteTime: AbsoluteTime ?? newest, MessageMetadata };
    this.#put(withStatus(this.#byId.get(Id) ?? sent, "SENT"));
    this.#anchorFailed();
  }

  /**
   * Marks a message as accepted by a custom client whose response has no ID. The message's echo will provide the ID.
   * Returns false because nothing visible changes.
   */
  markSentWithoutId(id: string): false {
    this.#outgoing.markSentWithoutId(id);
    return false;
  }

  /** Marks a message as failed. It stays after the current items and before later items. `now` is the local time. */
  markFailed(id: string, now: string): void {
    this.#outgoing.markFailed(id, now, this.#newestMs);
  }

  /** Marks a failed message as in flight again. */
  markResending(id: string): void {
    this.#outgoing.markResending(id);
  }

  #put(newer: TranscriptEntry): void {
    const id = newer.Id ?? "";
    const before = this.#byId.get(id);
    const entry = mergeEntries(before, newer, this.#receiptStatuses.get(id));
    this.#byId.set(id, entry);
    if (before) {
      // Search backward from the entry's time, because few entries have the same time.
      const oldIndex = this.#entries.lastIndexOf(before, this.#indexFor(timeOf(before)));
      if (before.AbsoluteTime === entry.AbsoluteTime) {
        this.#writableEntries()[oldIndex] = entry;
        return;
      }
      this.#writableEntries().splice(oldIndex, 1);
      this.#timesMs.splice(oldIndex, 1);
    }
    // An entry without a time comes after the entries that arrived earlier.
    const timeMs = timeOf(entry) || Math.max(this.#newestMs, 0);
    const index = this.#indexFor(timeMs);
    // Items usually arrive in order, so the index is almost always at the end.
    if (index === this.#entries.length) this.#entries.push(entry);
    else this.#writableEntries().splice(index, 0, entry);
    this.#timesMs.splice(index, 0, timeMs);
  }

  /** Returns the list for a change other than an append. Copies the list first if a snapshot shares it. */
  #writableEntries(): TranscriptEntry[] {
    if (this.#isShared) this.#entries = this.#entries.slice();
    this.#isShared = false;
    return this.#entries;
  }

  /** Returns the index for an entry with this time. Searches from the end, because most entries are new. */
  #indexFor(timeMs: number): number {
    let index = this.#timesMs.length;
    while ((this.#timesMs[index - 1] ?? Number.NEGATIVE_INFINITY) > timeMs) index -= 1;
    return index;
  }

  /** The newest entry's time by the service's clock, in epoch milliseconds. */
  get #newestMs(): number {
    return this.#timesMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Applies a receipt, which isn't an entry itself. Returns true if it moved its message's status forward. */
  #applyReceipt(id: string, status: DeliveryStatus | undefined): boolean {
    if (!isLaterStatus(status, this.#receiptStatuses.get(id))) return false;
    this.#receiptStatuses.set(id, status);
    const before = this.#byId.get(id);
    if (!before || !isLaterStatus(status, before.MessageMetadata?.Status)) return false;
    this.#put(before);
    return true;
  }
}

/** Whether an item is a chunk of a streamed message, and the transcript already shows more of that message. */
function isEarlierChunk(item: WireItem, existing: TranscriptEntry | undefined): boolean {
  if (item.MessageMetadata?.MessageCompleted !== false) return false;
  const { MessageCompleted, ChunkNumber = 0 } = existing?.MessageMetadata ?? {};
  return MessageCompleted === true || (item.MessageMetadata.ChunkNumber ?? 0) < ChunkNumber;
}
