/** One contact as the service keeps it: who takes part, what was said, and what a transcript shows of it at a moment. */
import { CONTENT_TYPE, isoOf, type WireItem, type WireMetadata, type WireReceipt } from "./wire";

export interface Participant {
  readonly id: string;
  readonly role: "CUSTOMER" | "AGENT" | "SYSTEM";
  readonly name: string;
  /** For CreateParticipantConnection. */
  readonly token: string;
  /** Connection tokens, and until when each is valid. */
  readonly connectionTokens: Map<string, number>;
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

interface Entry {
  /** Position among items of the same time. */
  readonly order: number;
  readonly timeMs: number;
  readonly forms: Commit[];
}

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
    const isInTranscript =
      item.ContentType !== CONTENT_TYPE.typing && item.ContentType !== CONTENT_TYPE.receipt;
    const visibleAtMs = isInTranscript ? atMs + lagMs : Infinity;
    const commit: Commit = {
      contactId: this.id,
      order: this.commits.length,
      atMs,
      visibleAtMs,
      item,
      shown,
      only,
    };
    this.commits.push(commit);
    if (isInTranscript) {
      // Nothing connects the forms of items without an Id.
      const key = item.Id ?? `without Id ${commit.order}`;
      const entry = this.#entries.get(key);
      if (entry) entry.forms.push(commit);
      else
        this.#entries.set(key, {
          order: commit.order,
          timeMs: Date.parse(item.AbsoluteTime),
          forms: [commit],
        });
    }
    return commit;
  }

  addReceipt(messageId: string, receipt: WireReceipt, visibleAtMs: number): void {
    const all = this.#receipts.get(messageId) ?? [];
    all.push({ receipt, visibleAtMs });
    this.#receipts.set(messageId, all);
  }

  /** What transcripts show to a participant at a moment, the oldest first. */
  visible(atMs: number, participantId: string): { item: WireItem; timeMs: number; order: number }[] {
    const shown = [...this.#entries.values()].flatMap(({ timeMs, order, forms }) => {
      const form = forms.findLast(
        ({ visibleAtMs, only }) => visibleAtMs <= atMs && (only === null || only === participantId),
      );
      return form ? [{ item: this.#inTranscript(form.shown, atMs), timeMs, order }] : [];
    });
    return [...shown, ...this.#receiptItems(atMs)].sort(
      (left, right) => left.timeMs - right.timeMs || left.order - right.order,
    );
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

  #receiptItems(atMs: number): { item: WireItem; timeMs: number; order: number }[] {
    if (!this.#habits.hasReceiptItems) return [];
    return this.commits.flatMap(({ item, atMs: pushedAtMs, order }) =>
      item.ContentType === CONTENT_TYPE.receipt && pushedAtMs <= atMs
        ? [
            {
              item: { ...item, ContactId: this.id, InitialContactId: this.initialId },
              timeMs: Date.parse(item.AbsoluteTime),
              order,
            },
          ]
        : [],
    );
  }

  /** A page; null for a query that the service refuses. */
  page(query: TranscriptQuery, atMs: number, participantId: string): TranscriptPage | null {
    const { startPosition, nextToken, isForward, maxResults } = query;
    const all = this.visible(atMs, participantId);
    const after = nextToken === null ? null : positionIn(nextToken);
    let begin: number;
    if (after) {
      // The token holds a place, not a number: items that became visible since are where their time puts them.
      const [timeMs, order] = after;
      const isBehind = (each: { timeMs: number; order: number }): boolean =>
        each.timeMs > timeMs || (each.timeMs === timeMs && each.order > order);
      const isAhead = (each: { timeMs: number; order: number }): boolean =>
        each.timeMs < timeMs || (each.timeMs === timeMs && each.order < order);
      begin = isForward ? all.findIndex(isBehind) : all.findLastIndex(isAhead);
    } else {
      const start = this.#startOf(startPosition, all, isForward);
      if (start === null) return null;
      begin = start;
    }
    if (begin < 0 || begin >= all.length) return { items: [], nextToken: null };
    const taken = isForward
      ? all.slice(begin, begin + maxResults)
      : all.slice(Math.max(0, begin - maxResults + 1), begin + 1);
    const edge = isForward ? taken.at(-1) : taken[0];
    const hasMore = isForward ? begin + maxResults < all.length : begin - maxResults >= 0;
    const items = taken.map(({ item }) => item);
    return {
      items: query.isAscending ? items : items.reverse(),
      nextToken: hasMore && edge ? `${edge.timeMs}:${edge.order}` : null,
    };
  }

  #startOf(
    { Id, AbsoluteTime, MostRecent }: TranscriptQuery["startPosition"],
    all: readonly { item: WireItem; timeMs: number }[],
    isForward: boolean,
  ): number | null {
    const step = isForward ? 1 : -1;
    if (Id !== undefined) {
      const found = all.findIndex(({ item }) => item.Id === Id);
      if (found < 0) return null;
      return this.#habits.isStartIncluded ? found : found + step;
    }
    if (AbsoluteTime !== undefined) {
      const fromMs = Date.parse(AbsoluteTime);
      const isIncluded = this.#habits.isStartIncluded;
      const index = isForward
        ? all.findIndex(({ timeMs }) => timeMs > fromMs || (isIncluded && timeMs === fromMs))
        : all.findLastIndex(({ timeMs }) => timeMs < fromMs || (isIncluded && timeMs === fromMs));
      return index;
    }
    if (MostRecent !== undefined && isForward) return Math.max(0, all.length - MostRecent);
    return isForward ? null : all.length - 1;
  }
}

function positionIn(token: string): readonly [timeMs: number, order: number] {
  const [timeMs = 0, order = 0] = token.split(":").map(Number);
  return [timeMs, order];
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
