/** One contact as the service keeps it: who takes part, what was said, and what a transcript shows of it at a moment. */
import { CONTENT_TYPE, isoOf, type WireItem, type WireMetadata, type WireReceipt } from "./wire";

export interface Participant {
  readonly id: string;
  readonly role: "CUSTOMER" | "AGENT" | "SYSTEM";
  readonly name: string;
  /** For CreateParticipantConnection. */
  readonly token: string;
  /** Every connection token that was issued, expired or not. */
  readonly connectionTokens: Set<string>;
  /** Answers by operation and idempotency token. */
  readonly answers: Map<string, unknown>;
}

/** One form of one item: what the sockets carry, and from when on a transcript shows it. */
export interface Commit {
  readonly contactId: string;
  /** Position in what the contact's sockets carry. */
  readonly order: number;
  /** When it was pushed to the sockets. */
  readonly atMs: number;
  /** When GetTranscript shows it; Infinity for what transcripts don't hold. */
  readonly visibleAtMs: number;
  readonly item: WireItem;
  /** The form as a transcript shows it: of a bot's answer, the text so far. */
  readonly shown: WireItem;
  /** Who receives it; null for everybody. */
  readonly only: string | null;
}

/** An item in the transcript's order. */
interface Entry {
  readonly timeMs: number;
  /** Position among items of the same time. */
  readonly order: number;
  readonly forms: Commit[];
}

type Place = Pick<Entry, "timeMs" | "order">;

const compare = (left: Place, right: Place): number => left.timeMs - right.timeMs || left.order - right.order;

export interface TranscriptQuery {
  readonly maxResults: number;
  readonly isForward: boolean;
  readonly isAscending: boolean;
  readonly startPosition: {
    readonly Id?: string;
    readonly AbsoluteTime?: string;
    readonly MostRecent?: number;
  };
  readonly nextToken: string | null;
}

export interface TranscriptPage {
  readonly items: WireItem[];
  readonly nextToken: string | null;
}

/** Whether a transcript's start is included in its first page: undocumented, so that each run decides. */
export interface TranscriptHabits {
  readonly isStartIncluded: boolean;
  /** Whether receipts stand in the transcript as items, besides those at their message. */
  readonly hasReceiptItems: boolean;
  /** Whether a bot's finished answer still says that it streamed. */
  readonly saysCompleted: boolean;
  /** Whether an unfinished answer carries the number of its newest chunk. */
  readonly saysChunk: boolean;
}

export class Contact {
  readonly id: string;
  readonly initialId: string;
  readonly participants: Participant[] = [];
  /** Everything that was pushed, in order. */
  readonly commits: Commit[] = [];
  readonly #habits: TranscriptHabits;
  readonly #entries = new Map<string, Entry>();
  /** The same, the oldest first. */
  readonly #sorted: Entry[] = [];
  readonly #receipts = new Map<string, { readonly receipt: WireReceipt; readonly visibleAtMs: number }[]>();
  endedAtMs: number | null = null;
  /** Bots' answers that have begun and aren't complete. */
  openAnswers = 0;
  /** A disconnect flow runs: the customer has left, the chat goes on. */
  isInFlow = false;

  constructor(id: string, initialId: string, habits: TranscriptHabits) {
    this.id = id;
    this.initialId = initialId;
    this.#habits = habits;
  }

  participant(id: string): Participant | undefined {
    return this.participants.find((each) => each.id === id);
  }

  /** Records a form of an item. `lagMs`: how far transcripts are behind. */
  commit(item: WireItem, atMs: number, lagMs: number, only: string | null, shown: WireItem): Commit {
    const isReceipt = item.ContentType === CONTENT_TYPE.receipt;
    const isInTranscript =
      item.ContentType !== CONTENT_TYPE.typing && (!isReceipt || this.#habits.hasReceiptItems);
    const commit: Commit = {
      contactId: this.id,
      order: this.commits.length,
      atMs,
      visibleAtMs: isInTranscript ? atMs + lagMs : Infinity,
      item,
      shown: isReceipt ? { ...shown, ContactId: this.id, InitialContactId: this.initialId } : shown,
      only,
    };
    this.commits.push(commit);
    if (isInTranscript) this.#enter(commit);
    return commit;
  }

  #enter(commit: Commit): void {
    const { Id = `without an id ${commit.order}`, AbsoluteTime } = commit.item;
    const known = this.#entries.get(Id);
    if (known) {
      known.forms.push(commit);
      return;
    }
    const entry: Entry = { timeMs: Date.parse(AbsoluteTime), order: commit.order, forms: [commit] };
    this.#entries.set(Id, entry);
    this.#sorted.splice(this.#firstFrom(entry), 0, entry);
  }

  /** The index of the first entry at this place or behind it. */
  #firstFrom(place: Place): number {
    let from = 0;
    let to = this.#sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const entry = this.#sorted[middle];
      if (entry && compare(entry, place) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  addReceipt(messageId: string, receipt: WireReceipt, visibleAtMs: number): void {
    const all = this.#receipts.get(messageId) ?? [];
    all.push({ receipt, visibleAtMs });
    this.#receipts.set(messageId, all);
  }

  /** What a transcript shows of an entry to a participant at a moment. */
  #shownOf({ forms }: Entry, atMs: number, participantId: string): WireItem | null {
    const form = forms.findLast(
      ({ visibleAtMs, only }) => visibleAtMs <= atMs && (only === null || only === participantId),
    );
    return form ? this.#inTranscript(form.shown, atMs) : null;
  }

  #inTranscript(item: WireItem, atMs: number): WireItem {
    const receipts = (this.#receipts.get(item.Id ?? "") ?? [])
      .filter(({ visibleAtMs }) => visibleAtMs <= atMs)
      .map(({ receipt }) => receipt);
    const { MessageCompleted, ChunkNumber, ...metadata } = item.MessageMetadata ?? {};
    const shown: WireMetadata = {
      ...metadata,
      ...(MessageCompleted !== undefined &&
        (this.#habits.saysCompleted || !MessageCompleted) && { MessageCompleted }),
      ...(ChunkNumber !== undefined && this.#habits.saysChunk && { ChunkNumber }),
      ...(receipts.length > 0 && { MessageId: item.Id ?? "", Receipts: receipts }),
    };
    return { ...item, MessageMetadata: Object.keys(shown).length > 0 ? shown : undefined };
  }

  /** A page; null for a query that the service refuses. */
  page(query: TranscriptQuery, atMs: number, participantId: string): TranscriptPage | null {
    const { startPosition, nextToken, isForward, maxResults } = query;
    const step = isForward ? 1 : -1;
    const begin =
      nextToken === null ? this.#startOf(query.startPosition, isForward) : this.#behind(nextToken, isForward);
    if (begin === null) return null;
    const taken: { readonly item: WireItem; readonly entry: Entry }[] = [];
    const limit =
      startPosition.MostRecent !== undefined && isForward && nextToken === null ? Infinity : maxResults + 1;
    for (let index = begin; taken.length < limit; index += step) {
      const entry = this.#sorted[index];
      if (entry === undefined) break;
      const item = this.#shownOf(entry, atMs, participantId);
      if (item) taken.push({ item, entry });
    }
    if (startPosition.MostRecent !== undefined && limit === Infinity) {
      taken.splice(0, Math.max(0, taken.length - startPosition.MostRecent));
    }
    const page = taken.slice(0, maxResults);
    const edge = page.at(-1)?.entry;
    const items = page.map(({ item }) => item);
    return {
      // Taken from the start on: the oldest first if the scan goes forward.
      items: query.isAscending === isForward ? items : items.reverse(),
      nextToken: taken.length > maxResults && edge ? `${edge.timeMs}:${edge.order}` : null,
    };
  }

  /** The token holds a place, not a number: items that became visible since are where their time puts them. */
  #behind(nextToken: string, isForward: boolean): number {
    const [timeMs = 0, order = 0] = nextToken.split(":").map(Number);
    return isForward ? this.#firstFrom({ timeMs, order: order + 1 }) : this.#firstFrom({ timeMs, order }) - 1;
  }

  #startOf(
    { Id, AbsoluteTime, MostRecent }: TranscriptQuery["startPosition"],
    isForward: boolean,
  ): number | null {
    const isIncluded = this.#habits.isStartIncluded;
    if (Id !== undefined) {
      const entry = this.#entries.get(Id);
      if (entry === undefined) return null;
      return this.#firstFrom(entry) + (isIncluded ? 0 : isForward ? 1 : -1);
    }
    if (AbsoluteTime !== undefined) {
      const timeMs = Date.parse(AbsoluteTime);
      const isAfterTime = isForward !== isIncluded;
      const index = this.#firstFrom({ timeMs, order: isAfterTime ? Infinity : -1 });
      return isForward ? index : index - 1;
    }
    if (MostRecent !== undefined && isForward) return 0;
    return isForward ? null : this.#sorted.length - 1;
  }
}

/** An event of the contact itself. */
export const eventItem = (contact: Contact, id: string, contentType: string, timeMs: number): WireItem => ({
  Id: id,
  AbsoluteTime: isoOf(timeMs),
  Type: "EVENT",
  ContentType: contentType,
  ContactId: contact.id,
  InitialContactId: contact.initialId,
});
