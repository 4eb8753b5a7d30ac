/** The items of a chat, and the transcript that holds them. */
import { randomUUID } from "node:crypto";

export type ParticipantRole = "AGENT" | "CUSTOMER" | "SYSTEM" | "SUPERVISOR" | "CUSTOM_BOT";

export interface Receipt {
  RecipientParticipantId: string;
  DeliveredTimestamp?: string;
  ReadTimestamp?: string;
}

/** An item as the wire carries it. */
export interface Item {
  Id: string;
  AbsoluteTime: string;
  Type: "MESSAGE" | "EVENT" | "ATTACHMENT" | "MESSAGEMETADATA";
  ContentType: string;
  Content?: string;
  ParticipantId?: string;
  ParticipantRole?: ParticipantRole;
  DisplayName?: string;
  Attachments?: { AttachmentId: string; AttachmentName: string; ContentType: string; Status: string }[];
  MessageMetadata?: {
    MessageId: string;
    Receipts?: Receipt[];
    MessageCompleted?: boolean;
    ChunkNumber?: number;
  };
  ContactId?: string;
  InitialContactId?: string;
}

export const EVENT = "application/vnd.amazonaws.connect.event.";

export const newId = (): string => randomUUID();

/** GetTranscript's question, checked. */
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

/** The items that transcripts hold, oldest first. Typing is not among them. */
export class Transcript {
  readonly #items: Item[] = [];
  /** In its tokens: one of another transcript is not valid here. */
  readonly #id = newId();

  add(item: Item): void {
    this.#items.push(item);
  }

  /** Puts the items of an earlier transcript before its own. */
  precede(items: readonly Readonly<Item>[]): void {
    this.#items.unshift(...items);
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  find(id: string): Item | undefined {
    return this.#items.find((item) => item.Id === id);
  }

  /** A page, or null where the token or the start position is not known. */
  page(query: TranscriptQuery): TranscriptPage | null {
    const start = query.nextToken === undefined ? this.#start(query) : this.#readToken(query);
    if (start === null) return null;
    const forward = query.scanDirection === "FORWARD";
    const from = forward ? start : Math.max(0, start - query.maxResults);
    const to = forward ? Math.min(this.#items.length, start + query.maxResults) : start;
    const page = this.#items.slice(from, to);
    const next = forward ? to : from;
    const more = forward ? next < this.#items.length : next > 0;
    return {
      transcript: query.sortOrder === "ASCENDING" ? page : page.reverse(),
      ...(more && { nextToken: this.#writeToken(query, next) }),
    };
  }

  /**
   * Where a scan begins: the index of the first item (forward), or the one after the first (backward). That a start
   * position by id or time is inclusive is a guess; the service does not document it.
   */
  #start({ scanDirection, startPosition: { id, absoluteTime, mostRecent } }: TranscriptQuery): number | null {
    const forward = scanDirection === "FORWARD";
    if (id !== undefined) {
      const index = this.#items.findIndex((item) => item.Id === id);
      if (index < 0) return null;
      return forward ? index : index + 1;
    }
    if (absoluteTime !== undefined) {
      const time = Date.parse(absoluteTime);
      if (Number.isNaN(time)) return null;
      const later = this.#items.findIndex((item) =>
        forward ? Date.parse(item.AbsoluteTime) >= time : Date.parse(item.AbsoluteTime) > time,
      );
      return later < 0 ? this.#items.length : later;
    }
    if (mostRecent !== undefined && forward) return Math.max(0, this.#items.length - mostRecent);
    return this.#items.length;
  }

  /** A token goes on from an index, and belongs to the direction that it was given for. */
  #writeToken({ scanDirection }: TranscriptQuery, index: number): string {
    return Buffer.from(JSON.stringify([this.#id, scanDirection, index])).toString("base64url");
  }

  #readToken({ nextToken, scanDirection }: TranscriptQuery): number | null {
    let read: unknown;
    try {
      read = JSON.parse(Buffer.from(nextToken ?? "", "base64url").toString());
    } catch {
      return null;
    }
    if (!Array.isArray(read) || read[0] !== this.#id || read[1] !== scanDirection) return null;
    const index: unknown = read[2];
    return typeof index === "number" && Number.isInteger(index) && index >= 0 && index <= this.#items.length
      ? index
      : null;
  }
}
