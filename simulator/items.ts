/** Chat items, and the transcript that holds them. */
import { randomUUID } from "node:crypto";

export type ParticipantRole = "AGENT" | "CUSTOMER" | "SYSTEM" | "SUPERVISOR" | "CUSTOM_BOT";

export interface Receipt {
  RecipientParticipantId: string;
  DeliveredTimestamp?: string;
  ReadTimestamp?: string;
}

/** The state of message processing. After processing, or without it, a message has no state. */
export type MessageProcessingStatus = "PROCESSING" | "FAILED" | "REJECTED";

export type AttachmentStatus = "IN_PROGRESS" | "APPROVED" | "REJECTED";

export interface AttachmentInfo {
  AttachmentId: string;
  AttachmentName: string;
  ContentType: string;
  Status: AttachmentStatus;
}

/** An item in the wire format. */
export interface Item {
  Id: string;
  AbsoluteTime: string;
  Type: "MESSAGE" | "EVENT" | "ATTACHMENT" | "MESSAGEMETADATA";
  ContentType: string;
  Content?: string;
  ParticipantId?: string;
  ParticipantRole?: ParticipantRole;
  DisplayName?: string;
  Attachments?: AttachmentInfo[];
  MessageMetadata?: {
    MessageId: string;
    Receipts?: Receipt[];
    MessageProcessingStatus?: MessageProcessingStatus;
    MessageCompleted?: boolean;
    ChunkNumber?: number;
  };
  ContactId?: string;
  InitialContactId?: string;
}

/** Deep-copies a JSON value or undefined. Some test environments have no `structuredClone`. */
export const copyOf = <Value>(value: Value): Value =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);

/** New field values for an item. Null removes a field. */
export type ItemChanges = { readonly [Field in Exclude<keyof Item, "Id">]?: Item[Field] | null };

/** Changes an item in place. */
export function applyChanges(item: Item, changes: ItemChanges): void {
  for (const [field, value] of Object.entries(changes)) {
    if (value === null) Reflect.deleteProperty(item, field);
    else Reflect.set(item, field, copyOf(value));
  }
}

/** Who sees an item: one participant, by ID, or nobody (null). Without a viewer, everybody sees it. */
export type Viewer = string | null;

export const EVENT = "application/vnd.amazonaws.connect.event.";

export const newId = (): string => randomUUID();

/** A validated GetTranscript request. */
export interface TranscriptQuery {
  maxResults: number;
  scanDirection: "FORWARD" | "BACKWARD";
  sortOrder: "ASCENDING" | "DESCENDING";
  startPosition: { id?: string; absoluteTime?: string; mostRecent?: number };
  nextToken?: string;
}

export interface TranscriptPage {
  transcript: Item[];
  nextToken?: string;
}

/**
 * The items that a lagging transcript shows: all items up to the newest item from `untilMs` or earlier. They are a
 * prefix even if an item's time is out of order, so that page tokens stay valid when the transcript catches up.
 */
export function visibleItems(items: readonly Item[], untilMs: number): readonly Item[] {
  let visible = items.length;
  while (visible > 0 && Date.parse(items[visible - 1]?.AbsoluteTime ?? "") > untilMs) visible -= 1;
  return items.slice(0, visible);
}

/** A transcript, oldest item first. Typing events aren't stored. */
export class Transcript {
  readonly #items: Item[] = [];
  /** The viewers of items that not everybody sees, by item ID. */
  readonly #viewers = new Map<string, Viewer>();
  /** Part of this transcript's page tokens, so that another transcript's token isn't valid here. */
  readonly id: string;

  constructor(id: string = newId()) {
    this.id = id;
  }

  add(item: Item, viewer?: Viewer): void {
    this.#items.push(item);
    this.showTo(item.Id, viewer);
  }

  showTo(id: string, viewer?: Viewer): void {
    if (viewer === undefined) this.#viewers.delete(id);
    else this.#viewers.set(id, viewer);
  }

  /** Puts an earlier transcript's items before its own. */
  prepend(items: readonly Readonly<Item>[]): void {
    this.#items.unshift(...items);
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  /** The viewers of items that not everybody sees, by item ID. */
  get viewers(): ReadonlyMap<string, Viewer> {
    return this.#viewers;
  }

  find(id: string): Item | undefined {
    return this.#items.find((item) => item.Id === id);
  }

  /** Whether an item has this attachment and the attachment is approved. */
  hasApproved(attachmentId: string): boolean {
    return this.#items.some(({ Attachments }) =>
      Attachments?.some(({ AttachmentId, Status }) => AttachmentId === attachmentId && Status === "APPROVED"),
    );
  }

  /**
   * Returns a page as a participant sees it, or null if the token or the start position is unknown. A page may have
   * fewer items than `maxResults` even if more pages follow. `untilMs` hides the items that a lagging transcript
   * doesn't show yet. Null hides no items.
   */
  page(query: TranscriptQuery, participantId: string, untilMs: number | null = null): TranscriptPage | null {
    const items = untilMs === null ? this.#items : visibleItems(this.#items, untilMs);
    const position = query.nextToken === undefined ? this.#start(query, items) : this.#readToken(query);
    if (position === null) return null;
    // A lagging transcript doesn't show the item at the position yet.
    const start = Math.min(position, items.length);
    const forward = query.scanDirection === "FORWARD";
    const from = forward ? start : Math.max(0, start - query.maxResults);
    const to = forward ? Math.min(items.length, start + query.maxResults) : start;
    const page = items.slice(from, to).filter(({ Id }) => {
      const viewer = this.#viewers.get(Id);
      return viewer === undefined || viewer === participantId;
    });
    const next = forward ? to : from;
    const more = forward ? next < items.length : next > 0;
    return {
      transcript: query.sortOrder === "ASCENDING" ? page : page.reverse(),
      ...(more && { nextToken: this.#writeToken(query, next) }),
    };
  }

  /**
   * Where a scan begins: at the index of its first item (forward), or at the next index (backward). A start position by
   * ID or time is treated as inclusive. That is a guess, because the service doesn't document it.
   */
  #start(
    { scanDirection, startPosition: { id, absoluteTime, mostRecent } }: TranscriptQuery,
    items: readonly Item[],
  ): number | null {
    const forward = scanDirection === "FORWARD";
    if (id !== undefined) {
      const index = this.#items.findIndex((item) => item.Id === id);
      if (index < 0) return null;
      return forward ? index : index + 1;
    }
    if (absoluteTime !== undefined) {
      const time = Date.parse(absoluteTime);
      if (Number.isNaN(time)) return null;
      const later = items.findIndex((item) =>
        forward ? Date.parse(item.AbsoluteTime) >= time : Date.parse(item.AbsoluteTime) > time,
      );
      return later < 0 ? items.length : later;
    }
    if (mostRecent !== undefined && forward) return Math.max(0, items.length - mostRecent);
    return items.length;
  }

  /** Writes a token that continues from an index, and is valid only for the query's scan direction. */
  #writeToken({ scanDirection }: TranscriptQuery, index: number): string {
    return Buffer.from(JSON.stringify([this.id, scanDirection, index])).toString("base64url");
  }

  #readToken({ nextToken, scanDirection }: TranscriptQuery): number | null {
    let read: unknown;
    try {
      read = JSON.parse(Buffer.from(nextToken ?? "", "base64url").toString());
    } catch {
      return null;
    }
    if (!Array.isArray(read) || read[0] !== this.id || read[1] !== scanDirection) return null;
    const index: unknown = read[2];
    return typeof index === "number" && Number.isInteger(index) && index >= 0 && index <= this.#items.length
      ? index
      : null;
  }
}
