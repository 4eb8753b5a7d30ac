/** The service's record of one contact. It contains the participants, the items, and the transcript at any time. */
import { CONTENT_TYPE, isoOf, type WireItem, type WireMetadata, type WireReceipt } from "./wire";

export interface Participant {
  readonly id: string;
  readonly role: "CUSTOMER" | "AGENT" | "SYSTEM";
  readonly name: string;
  /** The participant token, for CreateParticipantConnection. */
  readonly token: string;
  /** All connection tokens issued, including expired ones. */
  readonly connectionTokens: Set<string>;
  /** Responses by operation and idempotency token. */
  readonly responses: Map<string, unknown>;
}

/** One version of an item, with its content on sockets and in transcripts. */
export interface Commit {
  readonly contactId: string;
  /** The position among the contact's pushed versions. */
  readonly order: number;
  /** When the version was pushed to the sockets. */
  readonly atMs: number;
  /** When GetTranscript starts to return the version, or Infinity if transcripts never contain the item. */
  readonly visibleAtMs: number;
  readonly item: WireItem;
  /** The item as it appears in a transcript. An unfinished bot answer contains the text so far. */
  readonly transcriptItem: WireItem;
  /** The ID of the only participant who receives the version, or null if all participants receive it. */
  readonly onlyRecipient: string | null;
}

/** An item's entry in the transcript. */
interface Entry {
  readonly timeMs: number;
  /** The position among items with the same time. */
  readonly order: number;
  readonly versions: Commit[];
}

type Position = Pick<Entry, "timeMs" | "order">;

const compare = (left: Position, right: Position): number =>
  left.timeMs - right.timeMs || left.order - right.order;

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

/** Undocumented details of the service's behavior. Each run chooses them at random. */
export interface TranscriptHabits {
  /** Whether the item at `StartPosition` is included in the first page. */
  readonly isStartIncluded: boolean;
  /** Whether the transcript contains receipts as items, in addition to the receipts in the message's metadata. */
  readonly hasReceiptItems: boolean;
  /** Whether a bot's finished answer has `MessageCompleted`. */
  readonly saysCompleted: boolean;
  /** Whether an unfinished answer has its newest chunk's `ChunkNumber`. */
  readonly saysChunk: boolean;
}

export class Contact {
  readonly id: string;
  readonly initialId: string;
  readonly participants: Participant[] = [];
  /** All pushed versions, in order. */
  readonly commits: Commit[] = [];
  readonly #habits: TranscriptHabits;
  readonly #entries = new Map<string, Entry>();
  /** The entries, oldest first. */
  readonly #sorted: Entry[] = [];
  readonly #receipts = new Map<string, { readonly receipt: WireReceipt; readonly visibleAtMs: number }[]>();
  endedAtMs: number | null = null;
  /** The number of bot answers that are still streaming. */
  streamingAnswers = 0;
  /** Whether a disconnect flow is running, which means that the customer has left but the chat continues. */
  isInFlow = false;

  constructor(id: string, initialId: string, habits: TranscriptHabits) {
    this.id = id;
    this.initialId = initialId;
    this.#habits = habits;
  }

  participant(id: string): Participant | undefined {
    return this.participants.find((each) => each.id === id);
  }

  /** Records a version of an item. Transcripts contain the version `lagMs` after the sockets. */
  commit(
    item: WireItem,
    atMs: number,
    lagMs: number,
    onlyRecipient: string | null,
    transcriptItem: WireItem,
  ): Commit {
    const isReceipt = item.ContentType === CONTENT_TYPE.receipt;
    const isInTranscript =
      item.ContentType !== CONTENT_TYPE.typing && (!isReceipt || this.#habits.hasReceiptItems);
    const commit: Commit = {
      contactId: this.id,
      order: this.commits.length,
      atMs,
      visibleAtMs: isInTranscript ? atMs + lagMs : Infinity,
      item,
      transcriptItem: isReceipt
        ? { ...transcriptItem, ContactId: this.id, InitialContactId: this.initialId }
        : transcriptItem,
      onlyRecipient,
    };
    this.commits.push(commit);
    if (isInTranscript) this.#enter(commit);
    return commit;
  }

  #enter(commit: Commit): void {
    const { Id = `without an id ${commit.order}`, AbsoluteTime } = commit.item;
    const known = this.#entries.get(Id);
    if (known) {
      known.versions.push(commit);
      return;
    }
    const entry: Entry = { timeMs: Date.parse(AbsoluteTime), order: commit.order, versions: [commit] };
    this.#entries.set(Id, entry);
    this.#sorted.splice(this.#firstFrom(entry), 0, entry);
  }

  /** The index of the first entry at or after this position. */
  #firstFrom(position: Position): number {
    let from = 0;
    let to = this.#sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const entry = this.#sorted[middle];
      if (entry && compare(entry, position) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  addReceipt(messageId: string, receipt: WireReceipt, visibleAtMs: number): void {
    const all = this.#receipts.get(messageId) ?? [];
    all.push({ receipt, visibleAtMs });
    this.#receipts.set(messageId, all);
  }

  /** An entry's newest version that a participant can see at a time, or null. */
  #visibleVersionOf({ versions }: Entry, atMs: number, participantId: string): WireItem | null {
    const version = versions.findLast(
      ({ visibleAtMs, onlyRecipient }) =>
        visibleAtMs <= atMs && (onlyRecipient === null || onlyRecipient === participantId),
    );
    return version ? this.#inTranscript(version.transcriptItem, atMs) : null;
  }

  #inTranscript(item: WireItem, atMs: number): WireItem {
    const receipts = (this.#receipts.get(item.Id ?? "") ?? [])
      .filter(({ visibleAtMs }) => visibleAtMs <= atMs)
      .map(({ receipt }) => receipt);
    const { MessageCompleted, ChunkNumber, ...metadata } = item.MessageMetadata ?? {};
    const transcriptMetadata: WireMetadata = {
      ...metadata,
      ...(MessageCompleted !== undefined &&
        (this.#habits.saysCompleted || !MessageCompleted) && { MessageCompleted }),
      ...(ChunkNumber !== undefined && this.#habits.saysChunk && { ChunkNumber }),
      ...(receipts.length > 0 && { MessageId: item.Id ?? "", Receipts: receipts }),
    };
    return {
      ...item,
      MessageMetadata: Object.keys(transcriptMetadata).length > 0 ? transcriptMetadata : undefined,
    };
  }

  /** Returns a transcript page, or null if the service rejects the query. */
  page(query: TranscriptQuery, atMs: number, participantId: string): TranscriptPage | null {
    const { startPosition, nextToken, isForward, maxResults } = query;
    const step = isForward ? 1 : -1;
    const begin =
      nextToken === null ? this.#startOf(query.startPosition, isForward) : this.#after(nextToken, isForward);
    if (begin === null) return null;
    const taken: { readonly item: WireItem; readonly entry: Entry }[] = [];
    const limit =
      startPosition.MostRecent !== undefined && isForward && nextToken === null ? Infinity : maxResults + 1;
    for (let index = begin; taken.length < limit; index += step) {
      const entry = this.#sorted[index];
      if (entry === undefined) break;
      const item = this.#visibleVersionOf(entry, atMs, participantId);
      if (item) taken.push({ item, entry });
    }
    if (startPosition.MostRecent !== undefined && limit === Infinity) {
      taken.splice(0, Math.max(0, taken.length - startPosition.MostRecent));
    }
    const page = taken.slice(0, maxResults);
    const edge = page.at(-1)?.entry;
    const items = page.map(({ item }) => item);
    return {
      // A forward scan starts with the oldest items.
      items: query.isAscending === isForward ? items : items.reverse(),
      nextToken: taken.length > maxResults && edge ? `${edge.timeMs}:${edge.order}` : null,
    };
  }

  /** The token contains a position instead of an index, because more items can become visible between two pages. */
  #after(nextToken: string, isForward: boolean): number {
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

/** An event item without a participant. */
export const eventItem = (contact: Contact, id: string, contentType: string, timeMs: number): WireItem => ({
  Id: id,
  AbsoluteTime: isoOf(timeMs),
  Type: "EVENT",
  ContentType: contentType,
  ContactId: contact.id,
  InitialContactId: contact.initialId,
});
