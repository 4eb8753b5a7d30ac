import type { GetTranscriptData } from "../api/client";
import type { SessionType } from "../api/create";
import type { WireItem } from "../api/items";
import { formOf, isPast, withForm, type Forms } from "./item-forms";
import { OutgoingEntries } from "./outgoing-entries";
import { isoOf, timeOf } from "./recent-items";
import {
  isFurther,
  merged,
  statusOfReceipts,
  withStatus,
  type DeliveryStatus,
  type TranscriptEntry,
} from "./transcript-entry";

export interface TranscriptSnapshot {
  /** Made when it is first looked at, as it stood when the event was told. */
  transcript: TranscriptEntry[];
  previousTranscriptNextToken: string | null;
}

/** SendMessage's answer, as far as the transcript shows it. */
export interface SentMessage {
  readonly Id: string;
  readonly AbsoluteTime?: string | undefined;
  readonly MessageMetadata?: WireItem["MessageMetadata"];
}

/** The whole conversation as one list: sorted by time, without duplicates, messages in flight last. */
export class Transcript {
  /** What the service gave, sorted by time. Snapshots that nobody has looked at yet hold on to the list's beginning. */
  #entries: TranscriptEntry[] = [];
  /** The entries' times, in the same order: epoch milliseconds. */
  readonly #timesMs: number[] = [];
  /** Whether a snapshot may hold the list: then it only grows at its end, and any other change is made to a copy. */
  #shared = false;
  readonly #byId = new Map<string, TranscriptEntry>();
  /** The forms of each item, by its Id. */
  readonly #forms = new Map<string, Forms>();
  readonly #outgoing: OutgoingEntries;
  /** How far receipts say that a message has come: they may come before it, as in a page that has the newest first. */
  readonly #receipts = new Map<string, DeliveryStatus | undefined>();
  readonly #role: SessionType;
  #previousNextToken: string | null = null;

  constructor(participantId: string, role: SessionType) {
    this.#outgoing = new OutgoingEntries(participantId);
    this.#role = role;
  }

  /** The transcript as it stands; the list is made when it is read, since most events are overtaken by the next one. */
  snapshot(): TranscriptSnapshot {
    const entries = this.#entries;
    const length = entries.length;
    this.#shared = true;
    // This machine's clock may be far off: a failed message never has a time that is not between its neighbors'.
    let latestMs = Number.NEGATIVE_INFINITY;
    const outgoing = this.#outgoing.shown.map(({ entry, placeMs }) => {
      const index = this.#placeOf(placeMs);
      if (entry.AbsoluteTime === "") return { index, entry };
      const nextMs = this.#timesMs[index] ?? Number.POSITIVE_INFINITY;
      latestMs = Math.min(Math.max(latestMs, placeMs, timeOf(entry)), nextMs);
      return { index, entry: { ...entry, AbsoluteTime: isoOf(latestMs) } };
    });
    let list: TranscriptEntry[] | null = null;
    const make = (): TranscriptEntry[] => {
      const made = entries.slice(0, length);
      // The last first, so that the indices of the others stay right.
      for (const { entry, index } of outgoing.reverse()) made.splice(index, 0, entry);
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

  /** Takes over an item that was delivered, in its turn, or one of a page; false where it changes nothing. */
  add(item: WireItem, isDelivered = true): boolean {
    if (item.Type === "MESSAGEMETADATA") {
      return this.#received(item.MessageMetadata?.MessageId ?? "", statusOfReceipts(item));
    }
    const { Id } = item;
    if (!Id) return false;
    const form = formOf(item);
    const forms = this.#forms.get(Id) ?? [];
    // A page may lag behind the socket: what was seen before the present form is older than that.
    const isOlder = !isDelivered && forms.slice(0, -1).includes(form);
    const known = this.#byId.get(Id);
    if (isOlder || isPast(form, forms) || isEarlierPiece(item, known)) {
      return this.#received(Id, statusOfReceipts(item));
    }
    this.#forms.set(Id, withForm(forms, form));
    const entry = { ...item, serializedContent: JSON.stringify(item) };
    const isOwn = !known && this.#outgoing.claim(item, isDelivered);
    this.#put(isOwn ? withStatus(entry, "SENT") : entry);
    if (isDelivered) this.#placeFailed();
    return true;
  }

  /** The first item that came is newer than messages that failed before it; older items may follow. */
  #placeFailed(): void {
    if (this.#entries.length === 1) this.#outgoing.place(this.#newestMs - 1);
  }

  /**
   * Takes a page over. Its token counts where the page reaches the oldest item known and was requested `backward`: only
   * then the token leads to older items.
   */
  addPage(
    { Transcript: items, NextToken }: Pick<GetTranscriptData, "Transcript" | "NextToken">,
    backward: boolean,
  ): void {
    const oldestBefore = this.#entries[0];
    for (const item of items) this.add(item, false);
    if (oldestBefore === undefined) this.#outgoing.place(this.#newestMs);
    const oldest = this.#entries[0];
    const reaches =
      oldestBefore === undefined || items.some((item) => item.Id !== undefined && item.Id === oldest?.Id);
    if (backward && reaches) this.#previousNextToken = NextToken ?? null;
  }

  /** Adds an outgoing message, under an id that the service's replaces later. */
  send(id: string, { content, contentType }: { content: string; contentType: string }): void {
    this.#outgoing.send(
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
   * The service took it: both ids become the service's. What it sent of the message itself counts for more than what was
   * sent. `now`, by this machine's clock, is the time only where nothing gives the service's.
   */
  sent(id: string, { Id, AbsoluteTime, MessageMetadata }: SentMessage, now: string): void {
    const own = this.#outgoing.sent(id, Id);
    if (!own) return;
    const newest = this.#newestMs > 0 ? isoOf(this.#newestMs) : now;
    const answered = { ...own, Id, AbsoluteTime: AbsoluteTime ?? newest, MessageMetadata };
    this.#put(withStatus(this.#byId.get(Id) ?? answered, "SENT"));
    this.#placeFailed();
  }

  /** A custom client took it, and did not say under which id: its echo has that. False, since nothing else is shown. */
  sentWithoutId(id: string): false {
    this.#outgoing.sentWithoutId(id);
    return false;
  }

  /** It stays behind the items that are there now. `now` is by this machine's clock, which may be wrong. */
  failed(id: string, now: string): void {
    this.#outgoing.failed(id, now, this.#newestMs);
  }

  /** A failed message is sent again. */
  resend(id: string): void {
    this.#outgoing.resend(id);
  }

  #put(newer: TranscriptEntry): void {
    const id = newer.Id ?? "";
    const before = this.#byId.get(id);
    const entry = merged(before, newer, this.#receipts.get(id));
    this.#byId.set(id, entry);
    if (before) {
      // Looked for from its time backwards: few have the same.
      const place = this.#entries.lastIndexOf(before, this.#placeOf(timeOf(before)));
      if (before.AbsoluteTime === entry.AbsoluteTime) {
        this.#unshared()[place] = entry;
        return;
      }
      this.#unshared().splice(place, 1);
      this.#timesMs.splice(place, 1);
    }
    // One without a time stands where it came in.
    const timeMs = timeOf(entry) || Math.max(this.#newestMs, 0);
    const place = this.#placeOf(timeMs);
    // Nearly always the end: items come in the order of their time.
    if (place === this.#entries.length) this.#entries.push(entry);
    else this.#unshared().splice(place, 0, entry);
    this.#timesMs.splice(place, 0, timeMs);
  }

  /** The list as it may be changed: snapshots given out stay as they were. */
  #unshared(): TranscriptEntry[] {
    if (this.#shared) this.#entries = this.#entries.slice();
    this.#shared = false;
    return this.#entries;
  }

  /** Behind all that is not later; looked for from the end, where it nearly always is. */
  #placeOf(timeMs: number): number {
    let place = this.#timesMs.length;
    while ((this.#timesMs[place - 1] ?? Number.NEGATIVE_INFINITY) > timeMs) place -= 1;
    return place;
  }

  /** Epoch milliseconds, the service's time. */
  get #newestMs(): number {
    return this.#timesMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** Receipts are no items: they only move a Status on. */
  #received(id: string, status: DeliveryStatus | undefined): boolean {
    if (!isFurther(status, this.#receipts.get(id))) return false;
    this.#receipts.set(id, status);
    const before = this.#byId.get(id);
    if (!before || !isFurther(status, before.MessageMetadata?.Status)) return false;
    this.#put(before);
    return true;
  }
}

/** A piece of a streaming answer of which the transcript shows more, or the whole. */
function isEarlierPiece(item: WireItem, known: TranscriptEntry | undefined): boolean {
  if (item.MessageMetadata?.MessageCompleted !== false) return false;
  const { MessageCompleted, ChunkNumber = 0 } = known?.MessageMetadata ?? {};
  return MessageCompleted === true || (item.MessageMetadata.ChunkNumber ?? 0) < ChunkNumber;
}
