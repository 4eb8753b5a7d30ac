import type { WireItem } from "../api/items";
import { versionOf, isStaleVersion, pendingStepsOf, withVersion, type Versions } from "./item-versions";

/** More than ten recovery pages, and what arrives live meanwhile. */
const MAX_ITEMS = 2_000;

/** Separates the forms of one item in a snapshot. */
const VERSION_SEPARATOR = " ";
/** Precedes the item's time. */
const TIME_SEPARATOR = "@";

/** An item that was seen. */
interface SeenItem {
  /** In epoch milliseconds; NaN if the item had no time, or comes from an old snapshot. */
  readonly timeMs: number;
  readonly versions: Versions;
}

/**
 * A bounded store of recent items in all their forms, used to recognize forms that come again. Evicts the oldest items
 * first.
 */
export class RecentItems {
  /** By Id, or by time for an item without an Id. */
  readonly #byKey = new Map<string, SeenItem>();
  /** Items that the service hadn't finished when they were last seen, delivered or fetched. */
  readonly inProgress: Set<string>;
  /** The time of the newest evicted item, in epoch milliseconds: nothing up to then can be recognized. */
  evictedUpToMs = Number.NEGATIVE_INFINITY;

  constructor(inProgress = new Set<string>()) {
    this.inProgress = inProgress;
  }

  /** Returns when an item was sent, by its key: epoch milliseconds, NaN if it isn't remembered. */
  sentAtMs(key: string): number {
    return this.#byKey.get(key)?.timeMs ?? Number.NaN;
  }

  hasId(id: string): boolean {
    return this.#byKey.has(id);
  }

  /** Whether the item was seen in this form. False for an item with neither an Id nor a time. */
  has(item: WireItem): boolean {
    return this.#versionsOf(item).includes(versionOf(item));
  }

  /** Whether the item may have been seen and forgotten. */
  mayBeEvicted(item: WireItem): boolean {
    return timeOf(item) <= this.evictedUpToMs && !this.hasId(keyOf(item));
  }

  /** Whether the item was seen in a later form. */
  isStale(item: WireItem): boolean {
    return isStaleVersion(versionOf(item), this.#versionsOf(item));
  }

  #versionsOf(item: WireItem): Versions {
    return this.#byKey.get(keyOf(item))?.versions ?? [];
  }

  /**
   * Returns signatures of the items from a time on (epoch milliseconds), and of those in progress, by Id. They contain
   * no content. Each text holds an item's forms and its time.
   */
  signaturesFrom(fromMs: number): Record<string, string> {
    const recent = [...this.#byKey].filter(
      ([id, { timeMs }]) => !(timeMs < fromMs) || this.inProgress.has(id),
    );
    return Object.fromEntries(
      recent.map(([id, { versions, timeMs }]) => [
        id,
        `${versions.join(VERSION_SEPARATOR)}${TIME_SEPARATOR}${timeMs}`,
      ]),
    );
  }

  restore(signatures: Readonly<Record<string, string>>): void {
    for (const [id, text] of Object.entries(signatures)) {
      // Earlier versions' snapshots have no times.
      const [versions = "", time] = text.split(TIME_SEPARATOR);
      this.#set(id, Number(time), versions.split(VERSION_SEPARATOR));
    }
  }

  /** Remembers the item in this form, in addition to the earlier ones. */
  add(item: WireItem): void {
    const itemMs = timeOf(item);
    const key = keyOf(item);
    if (!key || itemMs <= this.evictedUpToMs) return;
    this.#set(key, itemMs, withVersion(this.#versionsOf(item), versionOf(item)));
    if (this.#byKey.size <= MAX_ITEMS) return;
    for (const [id, oldest] of this.#byKey) {
      this.#byKey.delete(id);
      // A live item from before a long recovery is newer than the recovered items, so it stays.
      if (oldest.timeMs > itemMs) this.#byKey.set(id, oldest);
      else {
        this.inProgress.delete(id);
        if (oldest.timeMs > this.evictedUpToMs) this.evictedUpToMs = oldest.timeMs;
        return;
      }
    }
  }

  #set(key: string, timeMs: number, versions: Versions): void {
    // Reinserted at the end, so that the oldest is evicted first.
    this.#byKey.delete(key);
    this.#byKey.set(key, { timeMs, versions });
    this.inProgress.delete(key);
    if (pendingStepsOf(versions.at(-1) ?? "") > 0) this.inProgress.add(key);
  }
}

/** Returns an item's key: its Id, or its time if it has none; empty if it has neither. */
export const keyOf = ({ Id, AbsoluteTime }: WireItem): string => Id || AbsoluteTime || "";

/** Returns an item's AbsoluteTime in epoch milliseconds; NaN if it has none. */
export const timeOf = ({ AbsoluteTime }: Pick<WireItem, "AbsoluteTime">): number =>
  Date.parse(AbsoluteTime ?? "");

/** JavaScript dates reach this far from the epoch, in both directions. */
export const LATEST_TIME_MS = 8.64e15;

/** Formats epoch milliseconds as an AbsoluteTime. */
export const isoOf = (timeMs: number): string => new Date(Math.max(timeMs, -LATEST_TIME_MS)).toISOString();
