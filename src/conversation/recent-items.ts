import type { ChatTranscriptItem } from "../item";
import { formOf, isPast, withForm, type Forms } from "./item-forms";

/** More than ten pages of a recovery and what comes live meanwhile. */
const MOST = 2_000;

/** Between the forms of one item in a snapshot. */
const SEPARATOR = " ";

/** An item that was seen. */
interface Seen {
  /** Epoch milliseconds; NaN where the item had no time, or where a snapshot brought it. */
  readonly timeMs: number;
  readonly forms: Forms;
}

/** Recent items in all their forms, so that a form that comes again is recognized: bounded, the oldest items are evicted first. */
export class RecentItems {
  readonly #byId = new Map<string, Seen>();
  #forgottenUpToMs = Number.NEGATIVE_INFINITY;

  /** Epoch milliseconds of the newest item that was evicted: nothing up to then can be recognized. */
  get forgottenUpToMs(): number {
    return this.#forgottenUpToMs;
  }

  knows(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Whether the item was seen in this form. One without an Id never was. */
  has(item: ChatTranscriptItem): boolean {
    return this.#formsOf(item).includes(formOf(item));
  }

  /** Whether the item was seen in a form that comes after this one. */
  isPast(item: ChatTranscriptItem): boolean {
    return isPast(formOf(item), this.#formsOf(item));
  }

  #formsOf({ Id = "" }: ChatTranscriptItem): Forms {
    return this.#byId.get(Id)?.forms ?? [];
  }

  /** Signatures of the items from a moment on (epoch milliseconds), by Id: no content. An item's forms are one text. */
  signaturesFrom(fromMs: number): Record<string, string> {
    const recent = [...this.#byId].filter(([, { timeMs }]) => !(timeMs < fromMs));
    return Object.fromEntries(recent.map(([id, { forms }]) => [id, forms.join(SEPARATOR)]));
  }

  restore(signatures: Readonly<Record<string, string>>): void {
    for (const [id, forms] of Object.entries(signatures)) {
      this.#byId.set(id, { timeMs: NaN, forms: forms.split(SEPARATOR) });
    }
  }

  /** Remembers the item in this form, beside the earlier ones. */
  add(item: ChatTranscriptItem): void {
    const itemMs = timeOf(item);
    if (!item.Id || itemMs <= this.#forgottenUpToMs) return;
    const forms = withForm(this.#formsOf(item), formOf(item));
    // Put in last, so that the oldest is the first to be evicted.
    this.#byId.delete(item.Id);
    this.#byId.set(item.Id, { timeMs: itemMs, forms });
    if (this.#byId.size <= MOST) return;
    for (const [id, oldest] of this.#byId) {
      this.#byId.delete(id);
      // A live item from before a long recovery is newer than what that brings.
      if (oldest.timeMs > itemMs) this.#byId.set(id, oldest);
      else {
        if (oldest.timeMs > this.#forgottenUpToMs) this.#forgottenUpToMs = oldest.timeMs;
        return;
      }
    }
  }
}

/** An item's AbsoluteTime in epoch milliseconds; NaN where it has none. */
export const timeOf = ({ AbsoluteTime }: Pick<ChatTranscriptItem, "AbsoluteTime">): number =>
  Date.parse(AbsoluteTime ?? "");

/** The language's dates reach this far from the epoch, in both directions. */
export const LATEST_TIME_MS = 8.64e15;

/** Epoch milliseconds as an AbsoluteTime. */
export const isoOf = (timeMs: number): string => new Date(Math.max(timeMs, -LATEST_TIME_MS)).toISOString();
