import type { Contact } from "./contact";
import { copyOf, newId, type Item } from "./items";

/** A bot's answer in pieces. Transcripts hold it as far as it was sent. */
export interface StreamedAnswer {
  readonly id: string;
  /** The piece with this number, from 1 on: in their order, out of it, or again. */
  send(chunkNumber: number): Item;
  /** The piece after the one that was sent last; false when all are sent. */
  next(): boolean;
  /** The whole text, as completed. */
  complete(): Item;
  /** What is left, piece by piece, and the whole. */
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
    if (piece === undefined) throw new RangeError(`There is no piece ${chunkNumber}.`);
    this.#last = chunkNumber;
    return this.#tell(piece, chunkNumber, false);
  }

  next(): boolean {
    if (this.#last >= this.#pieces.length) return false;
    this.send(this.#last + 1);
    return true;
  }

  complete(): Item {
    return this.#tell(this.#pieces.join(""), this.#pieces.length, true);
  }

  finish(): Item {
    while (this.next());
    return this.complete();
  }

  #tell(Content: string, ChunkNumber: number, MessageCompleted: boolean): Item {
    const MessageMetadata = { MessageId: this.id, MessageCompleted, ChunkNumber };
    const item = this.#contact.add(
      { Id: this.id, Type: "MESSAGE", ContentType: "text/plain", Content, MessageMetadata, ...this.#by },
      undefined,
      false,
    );
    this.#store(item, MessageCompleted);
    return item;
  }

  /** One item in transcripts: the text as far as it goes without a gap, then the whole. */
  #store(item: Item, completed: boolean): void {
    const known = this.#stored;
    if (known === null) {
      const reached = item.MessageMetadata?.ChunkNumber === 1 || completed;
      if (!reached) return;
      this.#stored = copyOf(item);
      this.#contact.transcript.add(this.#stored);
    } else if (completed) {
      Object.assign(known, copyOf(item));
    } else if (item.MessageMetadata?.ChunkNumber === (known.MessageMetadata?.ChunkNumber ?? 0) + 1) {
      known.Content = `${known.Content ?? ""}${item.Content ?? ""}`;
      known.MessageMetadata = { ...item.MessageMetadata };
    }
  }
}
