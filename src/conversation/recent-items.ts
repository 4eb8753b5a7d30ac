import type { WireItem } from "../api/items";
import { versionOf, isStaleVersion, pendingStepsOf, withVersion, type Versions } from "./item-versions";

/** The maximum number of items. Enough for ten recovery pages and the live items that arrive meanwhile. */
const MAX_ITEMS = 2_000;

/** Separates an item's versions in a snapshot. */
const VERSION_SEPARATOR = " ";
/** Precedes the item's time in a snapshot. */
const TIME_SEPARATOR = "@";

/** An item that was delivered or fetched. */
interface SeenItem {
  /** The item's time in epoch milliseconds; NaN if it had no time, or comes from an earlier release's snapshot. */
  readonly timeMs: number;
  readonly versions: Versions;
}

/** A bounded store of recent items and their versions, used to recognize duplicates. Evicts the oldest items first. */
export class RecentItems {
  /** Keyed by Id, or by time for an item without an Id. */
  readonly #byKey = new Map<string, SeenItem>();
  /** The keys of items that the service hadn't finished when they were last seen. */
  readonly inProgress: Set<string>;
  /** The newest evicted item's time, in epoch milliseconds. Items up to this time might not be recognized. */
  evictedUpToMs = Number.NEGATIVE_INFINITY;

  constructor(inProgress = new Set<string>()) {
    this.inProgress = inProgress;
  }

  /** Returns when the item with this key was sent, in epoch milliseconds; NaN if unknown. */
  sentAtMs(key: string): number {
    return this.#byKey.get(key)?.timeMs ?? Number.NaN;
  }

  hasId(id: string): boolean {
    return this.#byKey.has(id);
  }

  /** Whether this version of the item was seen. False for an item with neither an Id nor a time. */
  has(item: WireItem): boolean {
    return this.#versionsOf(item).includes(versionOf(item));
  }

  /** Whether the item may have been seen and evicted. */
  mayBeEvicted(item: WireItem): boolean {
    return timeOf(item) <= this.evictedUpToMs && !this.hasId(keyOf(item));
  }

  /** Whether a newer version of the item was seen. */
  isStale(item: WireItem): boolean {
    return isStaleVersion(versionOf(item), this.#versionsOf(item));
  }

  #versionsOf(item: WireItem): Versions {
    return this.#byKey.get(keyOf(item))?.versions ?? [];
  }

  /**
   * Returns the items to save in a snapshot: items from `fromMs` (epoch milliseconds) on, and items in progress. Each
   * key is an item's key. The value contains the signatures of the item's versions, followed by the item's time.
   * Signatures don't contain the content.
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
      // Snapshots from earlier releases have no times.
      const [versions = "", time] = text.split(TIME_SEPARATOR);
      this.#set(id, Number(time), versions.split(VERSION_SEPARATOR));
    }
  }

  /** Adds this version of the item. */
  add(item: WireItem): void {
    const itemMs = timeOf(item);
    const key = keyOf(item);
    if (!key || itemMs <= this.evictedUpToMs) return;
    this.#set(key, itemMs, withVersion(this.#versionsOf(item), versionOf(item)));
    if (this.#byKey.size <= MAX_ITEMS) return;
    for (const [id, oldest] of this.#byKey) {
      this.#byKey.delete(id);
      // Keep items that are newer than the added item, because live items may arrive during a long recovery.
      if (oldest.timeMs > itemMs) this.#byKey.set(id, oldest);
      else {
        this.inProgress.delete(id);
        if (oldest.timeMs > this.evictedUpToMs) this.evictedUpToMs = oldest.timeMs;
        return;
      }
    }
  }

  #set(key: string, timeMs: number, versions: Versions): void {
    // Reinsert the item at the end, so that the oldest item is evicted first.
    this.#byKey.delete(key);
    this.#byKey.set(key, { timeMs, versions });
    this.inProgress.delete(key);
    if (pendingStepsOf(versions.at(-1) ?? "") > 0) this.inProgress.add(key);
  }
}

/** Returns an item's key: its Id, or else its time; empty if it has neither. */
export const keyOf = ({ Id, AbsoluteTime }: WireItem): string => Id || AbsoluteTime || "";

/** Returns an item's AbsoluteTime in epoch milliseconds; NaN if it has none. */
export const timeOf = ({ AbsoluteTime }: Pick<WireItem, "AbsoluteTime">): number =>
  Date.parse(AbsoluteTime ?? "");

/** The maximum distance of a JavaScript date from the epoch, in milliseconds. */
export const LATEST_TIME_MS = 8.64e15;

/** Formats epoch milliseconds as an AbsoluteTime. */
export const isoOf = (timeMs: number): string => new Date(Math.max(timeMs, -LATEST_TIME_MS)).toISOString();
