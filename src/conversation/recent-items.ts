import type { WireItem } from "../api/items";
import { formOf, isPast, pendingIn, withForm, type Forms } from "./item-forms";

/** More than ten pages of a recovery and what comes live meanwhile. */
const MOST = 2_000;

/** Between the forms of one item in a snapshot. */
const SEPARATOR = " ";
/** Before its time. */
const BEFORE_TIME = "@";

/** An item that was seen. */
interface Seen {
  /** Epoch milliseconds; NaN if the item had no time, or an old snapshot brought it. */
  readonly timeMs: number;
  readonly forms: Forms;
}

/** Recent items in all their forms, so that a form that comes again is recognized: bounded, the oldest items are evicted first. */
export class RecentItems {
  /** By Id, or by time where an item has none. */
  readonly #byKey = new Map<string, Seen>();
  /** Items that the service was not done with when they were last seen, in whichever way. */
  readonly inProgress: Set<string>;
  /** Epoch milliseconds of the newest item that was evicted: nothing up to then can be recognized. */
  forgottenUpToMs = Number.NEGATIVE_INFINITY;

  constructor(inProgress = new Set<string>()) {
    this.inProgress = inProgress;
  }

  /** When an item was sent, by its key: epoch milliseconds; NaN for one that isn't remembered. */
  sentAtMs(key: string): number {
    return this.#byKey.get(key)?.timeMs ?? Number.NaN;
  }

  knows(id: string): boolean {
    return this.#byKey.has(id);
  }

  /** Whether the item was seen in this form. One without an Id and a time never was. */
  has(item: WireItem): boolean {
    return this.#formsOf(item).includes(formOf(item));
  }

  /** Whether the item may have been seen and forgotten. */
  mayHaveForgotten(item: WireItem): boolean {
    return timeOf(item) <= this.forgottenUpToMs && !this.knows(keyOf(item));
  }

  /** Whether the item was seen in a form that comes after this one. */
  isPast(item: WireItem): boolean {
    return isPast(formOf(item), this.#formsOf(item));
  }

  #formsOf(item: WireItem): Forms {
    return this.#byKey.get(keyOf(item))?.forms ?? [];
  }

  /**
   * Signatures of the items from a moment on (epoch milliseconds), and of those in progress, by Id: no content. An item's
   * forms and its time are one text.
   */
  signaturesFrom(fromMs: number): Record<string, string> {
    const recent = [...this.#byKey].filter(
      ([id, { timeMs }]) => !(timeMs < fromMs) || this.inProgress.has(id),
    );
    return Object.fromEntries(
      recent.map(([id, { forms, timeMs }]) => [id, `${forms.join(SEPARATOR)}${BEFORE_TIME}${timeMs}`]),
    );
  }

  restore(signatures: Readonly<Record<string, string>>): void {
    for (const [id, text] of Object.entries(signatures)) {
      // Earlier versions' snapshots hold no time.
      const [forms = "", time] = text.split(BEFORE_TIME);
      this.#set(id, Number(time), forms.split(SEPARATOR));
    }
  }

  /** Remembers the item in this form, beside the earlier ones. */
  add(item: WireItem): void {
    const itemMs = timeOf(item);
    const key = keyOf(item);
    if (!key || itemMs <= this.forgottenUpToMs) return;
    this.#set(key, itemMs, withForm(this.#formsOf(item), formOf(item)));
    if (this.#byKey.size <= MOST) return;
    for (const [id, oldest] of this.#byKey) {
      this.#byKey.delete(id);
      // A live item from before a long recovery is newer than what that brings.
      if (oldest.timeMs > itemMs) this.#byKey.set(id, oldest);
      else {
        this.inProgress.delete(id);
        if (oldest.timeMs > this.forgottenUpToMs) this.forgottenUpToMs = oldest.timeMs;
        return;
      }
    }
  }

  #set(key: string, timeMs: number, forms: Forms): void {
    // Put in last, so that the oldest is the first to be evicted.
    this.#byKey.delete(key);
    this.#byKey.set(key, { timeMs, forms });
    this.inProgress.delete(key);
    if (pendingIn(forms.at(-1) ?? "") > 0) this.inProgress.add(key);
  }
}

/** What an item is known by: its Id, or its time where it has none; empty where it has neither. */
export const keyOf = ({ Id, AbsoluteTime }: WireItem): string => Id || AbsoluteTime || "";

/** An item's AbsoluteTime in epoch milliseconds; NaN where it has none. */
export const timeOf = ({ AbsoluteTime }: Pick<WireItem, "AbsoluteTime">): number =>
  Date.parse(AbsoluteTime ?? "");

/** The language's dates reach this far from the epoch, in both directions. */
export const LATEST_TIME_MS = 8.64e15;

/** Epoch milliseconds as an AbsoluteTime. */
export const isoOf = (timeMs: number): string => new Date(Math.max(timeMs, -LATEST_TIME_MS)).toISOString();
