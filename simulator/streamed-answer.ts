import type { Contact } from "./contact";
import { copyOf, newId, type Item } from "./items";

/** A bot's answer, sent in pieces. The transcript holds the part sent so far. */
export interface StreamedAnswer {
  readonly id: string;
  /** Sends the piece with this number, counted from 1. Pieces can be sent in any order, and more than once. */
  send(chunkNumber: number): Item;
  /** Sends the piece that follows the last sent piece. Returns false if there are no more pieces. */
  next(): boolean;
  /** Sends the complete text, marked as completed. */
  complete(): Item;
  /** Sends the remaining pieces one by one, then the complete text. */
  finish(): Item;
}

export class Answer implements StreamedAnswer {
  readonly id = newId();
  readonly #contact: Contact;
  readonly #pieces: readonly string[];
  readonly #by: Partial<Item>;
  #stored: Item | null = null;
  #last = 0;

  constructor(contact: Contact, pieces: readonly string[], by: Partial<Item>) {
    this.#contact = contact;
    this.#pieces = pieces;
    this.#by = by;
  }

  send(chunkNumber: number): Item {
    const piece = this.#pieces[chunkNumber - 1];
    if (piece === undefined)
      throw new RangeError(`chunkNumber must be from 1 to ${this.#pieces.length}; got ${chunkNumber}.`);
    this.#last = chunkNumber;
    return this.#sendChunk(piece, chunkNumber, false);
  }

  next(): boolean {
    if (this.#last >= this.#pieces.length) return false;
    this.send(this.#last + 1);
    return true;
  }

  complete(): Item {
    return this.#sendChunk(this.#pieces.join(""), this.#pieces.length, true);
  }

  finish(): Item {
    while (this.next());
    return this.complete();
  }

  #sendChunk(Content: string, ChunkNumber: number, MessageCompleted: boolean): Item {
    const MessageMetadata = { MessageId: this.id, MessageCompleted, ChunkNumber };
    const item = this.#contact.add(
      { Id: this.id, Type: "MESSAGE", ContentType: "text/plain", Content, MessageMetadata, ...this.#by },
      undefined,
      false,
    );
    this.#store(item, MessageCompleted);
    return item;
  }

  /** Keeps one transcript item for the answer. It has the text up to the first gap, and finally the complete text. */
  #store(item: Item, completed: boolean): void {
    const stored = this.#stored;
    if (stored === null) {
      const hasStart = item.MessageMetadata?.ChunkNumber === 1 || completed;
      if (!hasStart) return;
      this.#stored = copyOf(item);
      this.#contact.transcript.add(this.#stored);
    } else if (completed) {
      Object.assign(stored, copyOf(item));
    } else if (item.MessageMetadata?.ChunkNumber === (stored.MessageMetadata?.ChunkNumber ?? 0) + 1) {
      stored.Content = `${stored.Content ?? ""}${item.Content ?? ""}`;
      stored.MessageMetadata = { ...item.MessageMetadata };
    }
  }
}
