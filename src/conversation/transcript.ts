import type { ChatTranscriptItem } from "../item";
import type { SessionType } from "../participant/types";
import { timeOf } from "./recent-items";

/** How far a message of this side's has come; it never goes back. */
export const DELIVERY_STATUS = ["SENDING", "SENT", "DELIVERED", "READ"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUS)[number] | "FAILED";

/** An item of the transcript: as the service knows it, and what the library adds. */
export interface TranscriptEntry extends Omit<ChatTranscriptItem, "MessageMetadata"> {
  /** The item as a JSON string, for those that the service gave. */
  serializedContent?: string;
  MessageMetadata?: (ChatTranscriptItem["MessageMetadata"] & { Status?: DeliveryStatus }) | undefined;
}

export interface TranscriptSnapshot {
  /** Made when it is first looked at, as it stood when the event was told. */
  transcript: TranscriptEntry[];
  previousTranscriptNextToken: string | null;
}

/** A page as GetTranscript gave it. */
export interface TranscriptPage {
  readonly items: readonly ChatTranscriptItem[];
  readonly nextToken: string | null;
  /** Whether the page was asked for backwards: only then its token leads to older items. */
  readonly backward: boolean;
}

/** The whole conversation as one list: sorted by time, without duplicates, messages on their way last. */
export class Transcript {
  /** What the service gave, sorted by time. Snapshots that nobody has looked at yet hold on to the list's beginning. */
  #entries: TranscriptEntry[] = [];
  /** The entries' times, in the same order: epoch milliseconds. */
  readonly #timesMs: number[] = [];
  /** Whether a snapshot may hold the list: then it only grows at its end, and any other change is made to a copy. */
  #shared = false;
  readonly #byId = new Map<string, TranscriptEntry>();
  /** Messages of this side's on their way, or failed, in the order they were sent. */
  readonly #own = new Map<string, TranscriptEntry>();
  /** Own messages whose echo came before their answer, by their own id: shown as the echo alone. */
  readonly #echoes = new Map<string, string>();
  /** How far receipts say that a message has come: they may come before it, as in a page that has the newest first. */
  readonly #receipts = new Map<string, DeliveryStatus>();
  readonly #participantId: string;
  readonly #role: SessionType;
  #previousNextToken: string | null = null;

  constructor(participantId: string, role: SessionType) {
    this.#participantId = participantId;
    this.#role = role;
  }

  /** The transcript as it stands; the list is made when it is read, since most events are overtaken by the next one. */
  snapshot(): TranscriptSnapshot {
    const entries = this.#entries;
    const length = entries.length;
    this.#shared = true;
    const own = [...this.#own].filter(([id]) => !this.#echoes.has(id)).map(([, entry]) => entry);
    // A failed message stands where it failed; one on its way has no time yet and stays last.
    const failed = own
      .filter((entry) => entry.AbsoluteTime !== "")
      .sort((a, b) => timeOf(a) - timeOf(b))
      .reverse()
      .map((entry) => ({ entry, place: this.#placeOf(timeOf(entry)) }));
    const sending = own.filter((entry) => entry.AbsoluteTime === "");
    let list: TranscriptEntry[] | null = null;
    const make = (): TranscriptEntry[] => {
      const made = entries.slice(0, length);
      // The latest first: the places of the others stay what they are.
      for (const { entry, place } of failed) made.splice(place, 0, entry);
      made.push(...sending);
      return made;
    };
    return {
      get transcript() {
        return (list ??= make());
      },
      set transcript(given) {
        list = given;
      },
      previousTranscriptNextToken: this.#previousNextToken,
    };
  }

  /** Takes a live item over; false where it changes nothing. */
  add(item: ChatTranscriptItem): boolean {
    if (item.Type === "MESSAGEMETADATA") return this.#applyReceipts(item);
    if (!item.Id) return false;
    const arrived = this.#byId.has(item.Id) ? null : this.#ownOf(item);
    const entry = { ...item, serializedContent: JSON.stringify(item) };
    this.#put(
      arrived === null ? entry : { ...entry, MessageMetadata: { ...item.MessageMetadata, Status: "SENT" } },
    );
    return true;
  }

  /**
   * An own message, stored: it may be one that is on its way still, or one that failed for want of an answer. Nothing
   * but its text tells which.
   */
  #ownOf({ Id = "", ParticipantId, Type, Content, ContentType }: ChatTranscriptItem): string | null {
    if (ParticipantId !== this.#participantId || Type !== "MESSAGE") return null;
    const same = [...this.#own].filter(
      ([id, own]) => own.Content === Content && own.ContentType === ContentType && !this.#echoes.has(id),
    );
    const [id, own] = same.find(([, { AbsoluteTime }]) => AbsoluteTime === "") ?? same[0] ?? [];
    if (id === undefined) return null;
    if (own?.AbsoluteTime === "") this.#echoes.set(id, Id);
    else this.#own.delete(id);
    return id;
  }

  /** Takes a page over. Its token counts where the page reaches the oldest item known. */
  addPage({ items, nextToken, backward }: TranscriptPage): void {
    const oldestBefore = this.#entries[0];
    for (const item of items) if (!isOutdated(item, this.#byId.get(item.Id ?? ""))) this.add(item);
    const oldest = this.#entries[0];
    const reaches =
      oldestBefore === undefined || items.some((item) => item.Id !== undefined && item.Id === oldest?.Id);
    if (backward && reaches) this.#previousNextToken = nextToken;
  }

  /** A message of this side's sets out, under an id of its own until the service gives one. */
  send(id: string, { content, contentType }: { content: string; contentType: string }): void {
    this.#own.set(id, {
      Content: content,
      ContentType: contentType,
      ParticipantRole: this.#role,
      Id: id,
      Type: "MESSAGE",
      AbsoluteTime: "",
      MessageMetadata: { MessageId: id, Status: "SENDING" },
    });
  }

  /** The service took it: both ids become the service's. The echo on the socket may have come before. */
  sent(id: string, { Id, AbsoluteTime }: { Id: string; AbsoluteTime: string }): void {
    const own = this.#own.get(id);
    if (!own) return;
    this.#own.delete(id);
    this.#echoes.delete(id);
    // Another message of the same text had been taken for this one.
    for (const [other, echo] of this.#echoes) if (echo === Id) this.#echoes.delete(other);
    this.#put({ ...own, Id, AbsoluteTime, MessageMetadata: { MessageId: Id, Status: "SENT" } });
  }

  failed(id: string, absoluteTime: string): void {
    const own = this.#own.get(id);
    if (!own) return;
    if (this.#echoes.delete(id)) {
      // The answer was lost, the message was not.
      this.#own.delete(id);
      return;
    }
    this.#own.set(id, {
      ...own,
      AbsoluteTime: absoluteTime,
      MessageMetadata: { MessageId: id, Status: "FAILED" },
    });
  }

  /** A failed message sets out again. */
  resend(id: string): void {
    const own = this.#own.get(id);
    if (own)
      this.#own.set(id, { ...own, AbsoluteTime: "", MessageMetadata: { MessageId: id, Status: "SENDING" } });
  }

  #put(newer: TranscriptEntry): void {
    const id = newer.Id ?? "";
    const before = this.#byId.get(id);
    const entry = merged(before, newer, this.#receipts.get(id));
    this.#byId.set(id, entry);
    if (before && before.AbsoluteTime === entry.AbsoluteTime) {
      this.#replace(before, entry);
      return;
    }
    if (before) {
      const place = this.#indexOf(before);
      this.#unshared().splice(place, 1);
      this.#timesMs.splice(place, 1);
    }
    // One without a time stands where it came in.
    const timeMs = timeOf(entry) || (this.#timesMs.at(-1) ?? 0);
    const place = this.#placeOf(timeMs);
    // Nearly always the end: items come in the order of their time.
    if (place === this.#entries.length) this.#entries.push(entry);
    else this.#unshared().splice(place, 0, entry);
    this.#timesMs.splice(place, 0, timeMs);
  }

  /** Replaced, not changed: snapshots given out stay as they were. */
  #replace(before: TranscriptEntry, entry: TranscriptEntry): void {
    const place = this.#indexOf(before);
    this.#unshared()[place] = entry;
  }

  #unshared(): TranscriptEntry[] {
    if (this.#shared) this.#entries = this.#entries.slice();
    this.#shared = false;
    return this.#entries;
  }

  /** Behind all that is not later. */
  #placeOf(timeMs: number): number {
    let low = 0;
    let high = this.#timesMs.length;
    if (!((this.#timesMs[high - 1] ?? 0) > timeMs)) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timesMs[middle] ?? 0) > timeMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Looked for from its time backwards: few have the same. */
  #indexOf(entry: TranscriptEntry): number {
    return this.#entries.lastIndexOf(entry, this.#placeOf(timeOf(entry)));
  }

  /** Receipts are no items: they only move a Status on. */
  #applyReceipts(item: ChatTranscriptItem): boolean {
    const id = item.MessageMetadata?.MessageId ?? "";
    const status = statusOfReceipts(item);
    if (status === undefined || !isFurther(status, this.#receipts.get(id))) return false;
    this.#receipts.set(id, status);
    const before = this.#byId.get(id);
    if (!before || !isFurther(status, before.MessageMetadata?.Status)) return false;
    this.#put(before);
    return true;
  }
}

/** A piece of a streaming answer that a page brings late: more of the answer came while the page was on its way. */
const isOutdated = (
  { MessageMetadata: { MessageCompleted, ChunkNumber } = {} }: ChatTranscriptItem,
  known: TranscriptEntry | undefined,
): boolean =>
  MessageCompleted === false &&
  (known?.MessageMetadata?.MessageCompleted === true ||
    (ChunkNumber ?? 0) < (known?.MessageMetadata?.ChunkNumber ?? 0));

/** A status is never taken back; FAILED gives way to the proof that the message arrived after all. */
const isFurther = (status: DeliveryStatus | undefined, than: DeliveryStatus | undefined): boolean =>
  RANKED.indexOf(status) > RANKED.indexOf(than);

/** One that is not among them, and none at all, come before the first. */
const RANKED: readonly (DeliveryStatus | undefined)[] = DELIVERY_STATUS;

/** An item that is there already keeps what the newer form of it leaves out, and the furthest status of both. */
function merged(
  before: TranscriptEntry | undefined,
  entry: TranscriptEntry,
  received: DeliveryStatus | undefined,
): TranscriptEntry {
  const Status = [
    before?.MessageMetadata?.Status,
    entry.MessageMetadata?.Status,
    statusOfReceipts(entry),
    received,
  ].reduce((furthest, each) => (isFurther(each, furthest) ? each : furthest));
  return {
    ...before,
    ...entry,
    ...(Status && {
      MessageMetadata: {
        MessageId: entry.Id,
        ...before?.MessageMetadata,
        ...entry.MessageMetadata,
        Status,
      },
    }),
  };
}

/** A transcript's item may hold the receipts of its message. */
function statusOfReceipts(item: TranscriptEntry): DeliveryStatus | undefined {
  const receipts = item.MessageMetadata?.Receipts ?? [];
  if (receipts.some((receipt) => receipt.ReadTimestamp)) return "READ";
  return receipts.some((receipt) => receipt.DeliveredTimestamp) ? "DELIVERED" : undefined;
}
