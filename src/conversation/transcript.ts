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
  /** Created on first access, as it was when the event was emitted. */
  transcript: TranscriptEntry[];
  previousTranscriptNextToken: string | null;
}

/** The part of SendMessage's answer that the transcript shows. */
export interface AcceptedMessage {
  readonly Id: string;
  readonly AbsoluteTime?: string | undefined;
  readonly MessageMetadata?: WireItem["MessageMetadata"];
}

/** The whole conversation as one list: sorted by time, without duplicates, messages in flight last. */
export class Transcript {
  /** The service's items, sorted by time. Snapshots that haven't been read yet share the beginning of the list. */
  #entries: TranscriptEntry[] = [];
  /** The entries' times in the same order, in epoch milliseconds. */
  readonly #timesMs: number[] = [];
  /** Whether a snapshot may share the list. It may then only grow at its end; any other change is made to a copy. */
  #isShared = false;
  readonly #byId = new Map<string, TranscriptEntry>();
  /** The forms of each item, by its Id. */
  readonly #versions = new Map<string, Versions>();
  readonly #outgoing: OutgoingEntries;
  /**
   * The status of each message by its receipts. They may arrive before it, as on a page with the newest items first.
   */
  readonly #receiptStatuses = new Map<string, DeliveryStatus | undefined>();
  readonly #role: SessionType;
  #previousNextToken: string | null = null;

  constructor(participantId: string, role: SessionType) {
    this.#outgoing = new OutgoingEntries(participantId);
    this.#role = role;
  }

  /** Returns the current transcript. The list is created when it is read, since most snapshots never are. */
  snapshot(): TranscriptSnapshot {
    const entries = this.#entries;
    const length = entries.length;
    this.#isShared = true;
    // This machine's clock may be far off, so a failed message's time is kept between its neighbors'.
    let latestMs = Number.NEGATIVE_INFINITY;
    const outgoing = this.#outgoing.shown.map(({ entry, sortTimeMs }) => {
      const index = this.#indexFor(sortTimeMs);
      if (entry.AbsoluteTime === "") return { index, entry };
      const nextMs = this.#timesMs[index] ?? Number.POSITIVE_INFINITY;
      latestMs = Math.min(Math.max(latestMs, sortTimeMs, timeOf(entry)), nextMs);
      return { index, entry: { ...entry, AbsoluteTime: isoOf(latestMs) } };
    });
    let list: TranscriptEntry[] | null = null;
    const buildList = (): TranscriptEntry[] => {
      const built = entries.slice(0, length);
      // From last to first, so that the other indices stay right.
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

  /** Adds an item that was delivered, in its turn, or one from a page. Returns false if it changes nothing. */
  add(item: WireItem, isDelivered = true): boolean {
    if (item.Type === "MESSAGEMETADATA") {
      return this.#applyReceipt(item.MessageMetadata?.MessageId ?? "", statusFromReceipts(item));
    }
    const { Id } = item;
    if (!Id) return false;
    const version = versionOf(item);
    const versions = this.#versions.get(Id) ?? [];
    // A page may lag behind the socket: a form that was seen before the current one is older.
    const isOlder = !isDelivered && versions.slice(0, -1).includes(version);
    const known = this.#byId.get(Id);
    if (isOlder || isStaleVersion(version, versions) || isEarlierChunk(item, known)) {
      return this.#applyReceipt(Id, statusFromReceipts(item));
    }
    this.#versions.set(Id, withVersion(versions, version));
    const entry = { ...item, serializedContent: JSON.stringify(item) };
    const isEcho = !known && this.#outgoing.matchEcho(item, isDelivered);
    this.#put(isEcho ? withStatus(entry, "SENT") : entry);
    if (isDelivered) this.#anchorFailed();
    return true;
  }

  /** Places messages that failed before the first item arrived: they are older than it. Older items may follow. */
  #anchorFailed(): void {
    if (this.#entries.length === 1) this.#outgoing.anchorFailed(this.#newestMs - 1);
  }

  /**
   * Adds a page. Its token is kept if the page was requested `backward` and reaches the oldest known item: only then
   * does it lead to older items.
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

  /** Adds an outgoing message under a temporary ID, which the service's replaces later. */
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
   * Marks a message as accepted by the service: both IDs become the service's. The message as the service delivered it
   * takes precedence over what was sent. `now`, by this machine's clock, is the time only if nothing has the service's.
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
   * Marks a message as accepted by a custom client without an ID: its echo has one. False, since nothing visible
   * changes.
   */
  markSentWithoutId(id: string): false {
    this.#outgoing.markSentWithoutId(id);
    return false;
  }

  /**
   * Marks a message as failed. It stays after the present items. `now` is by this machine's clock, which may be wrong.
   */
  markFailed(id: string, now: string): void {
    this.#outgoing.markFailed(id, now, this.#newestMs);
  }

  /** Marks a failed message as being sent again. */
  markResending(id: string): void {
    this.#outgoing.markResending(id);
  }

  #put(newer: TranscriptEntry): void {
    const id = newer.Id ?? "";
    const before = this.#byId.get(id);
    const entry = mergeEntries(before, newer, this.#receiptStatuses.get(id));
    this.#byId.set(id, entry);
    if (before) {
      // Searched backward from its time, which few entries share.
      const oldIndex = this.#entries.lastIndexOf(before, this.#indexFor(timeOf(before)));
      if (before.AbsoluteTime === entry.AbsoluteTime) {
        this.#writableEntries()[oldIndex] = entry;
        return;
      }
      this.#writableEntries().splice(oldIndex, 1);
      this.#timesMs.splice(oldIndex, 1);
    }
    // An entry without a time is placed where it arrived.
    const timeMs = timeOf(entry) || Math.max(this.#newestMs, 0);
    const index = this.#indexFor(timeMs);
    // Almost always the end, since items arrive in time order.
    if (index === this.#entries.length) this.#entries.push(entry);
    else this.#writableEntries().splice(index, 0, entry);
    this.#timesMs.splice(index, 0, timeMs);
  }

  /** Returns the list for a change, after copying it if a snapshot shares it. */
  #writableEntries(): TranscriptEntry[] {
    if (this.#isShared) this.#entries = this.#entries.slice();
    this.#isShared = false;
    return this.#entries;
  }

  /** Returns the index after all entries that aren't later. Searches from the end, where it almost always is. */
  #indexFor(timeMs: number): number {
    let index = this.#timesMs.length;
    while ((this.#timesMs[index - 1] ?? Number.NEGATIVE_INFINITY) > timeMs) index -= 1;
    return index;
  }

  /** The newest entry's time by the service's clock, in epoch milliseconds. */
  get #newestMs(): number {
    return this.#timesMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Applies a receipt. Receipts aren't entries: they only move a message's status forward. */
  #applyReceipt(id: string, status: DeliveryStatus | undefined): boolean {
    if (!isLaterStatus(status, this.#receiptStatuses.get(id))) return false;
    this.#receiptStatuses.set(id, status);
    const before = this.#byId.get(id);
    if (!before || !isLaterStatus(status, before.MessageMetadata?.Status)) return false;
    this.#put(before);
    return true;
  }
}

/** Whether an item is a chunk of a streaming answer of which the transcript already shows more, or the whole. */
function isEarlierChunk(item: WireItem, known: TranscriptEntry | undefined): boolean {
  if (item.MessageMetadata?.MessageCompleted !== false) return false;
  const { MessageCompleted, ChunkNumber = 0 } = known?.MessageMetadata ?? {};
  return MessageCompleted === true || (item.MessageMetadata.ChunkNumber ?? 0) < ChunkNumber;
}
