import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import { CHAT_ENDED, TRANSFER_SUCCEEDED, TYPING } from "./content-types";
import { additionalEventOf, eventOf } from "./events";
import type { ConversationOwner } from "./fact";
import type { Position } from "./position";
import { keyOf, timeOf } from "./recent-items";
import type { Transcript } from "./transcript";
import { receiptsIn, type UnreadMessages } from "./unread-messages";

/** Events that report other participants' receipts. */
const RECEIPT_EVENTS = ["readReceipt", "deliveredReceipt"] as const;

/** The outcome of delivering a page of missed items. */
export interface PageOutcome {
  /** The number of new items, not counting receipts. */
  readonly count: number;
  /** The item that ended the chat, if the page contains it. */
  readonly end: WireItem | null;
}

/**
 * Delivers each new item once, whether the item is live or missed. Emits the item's events, and adds the item to the
 * transcript if a transcript is kept.
 */
export class Delivery {
  readonly #logger: LibraryLogger;
  readonly #owner: ConversationOwner;
  readonly #position: Position;
  readonly #unread: UnreadMessages;
  readonly #transcript: Transcript;
  /** Whether a page has been added to the kept transcript. */
  hasTranscriptPage = false;
  /** Whether a batch is running. Its changes to the transcript are reported together at the end. */
  #isBatching = false;
  /** Whether the transcript has changed since the last report. */
  #hasTranscriptChanged = false;

  constructor(
    logger: LibraryLogger,
    owner: ConversationOwner,
    position: Position,
    unread: UnreadMessages,
    transcript: Transcript,
  ) {
    this.#logger = logger;
    this.#owner = owner;
    this.#position = position;
    this.#unread = unread;
    this.#transcript = transcript;
  }

  get keepsTranscript(): boolean {
    return this.#owner.hasHandler("transcriptUpdated");
  }

  // --- live items --------------------------------------------------------------------------------------------------

  /** Delivers a live item if it is new. */
  receive(item: WireItem): void {
    const { inbox } = this.#position;
    const deliverable = inbox.receive(item);
    if (item.Type !== "MESSAGEMETADATA" && item.ContentType !== TYPING) this.#position.markDelivered(item);
    if (deliverable?.ContentType === CHAT_ENDED) {
      this.#reportChange();
      this.#owner.onFact({ kind: "ended", item });
      return;
    }
    if (deliverable === null) {
      this.#logger.debug("An item was dropped because it isn't new", { ContentType: item.ContentType });
      return;
    }
    this.#deliver(deliverable, false);
    if (item.ContentType === TRANSFER_SUCCEEDED) this.#owner.onFact({ kind: "transferred" });
  }

  /** Delivers held live items, in arrival order. */
  deliverHeld(items: readonly WireItem[]): void {
    const current = this.#position.inbox.withoutStale(items);
    this.batch(() => current.forEach((item) => this.receive(item)));
  }

  // --- missed items ------------------------------------------------------------------------------------------------

  /** Delivers the new items on a page that a recovery fetched. */
  deliverMissedPage(page: GetTranscriptData): PageOutcome {
    return this.batch(() => {
      const outcome = this.#deliverMissed(page);
      this.#position.markRecovered(page.Transcript);
      return outcome;
    });
  }

  #deliverMissed({ Transcript: items, InitialContactId }: GetTranscriptData): PageOutcome {
    const { inbox } = this.#position;
    let count = 0;
    for (const item of items) {
      const withContact = item.ContactId ? item : { InitialContactId, ...item };
      const deliverable = inbox.recover(withContact);
      if (deliverable?.ContentType === CHAT_ENDED) return { count, end: deliverable };
      if (!deliverable) continue;
      if (deliverable.Type !== "MESSAGEMETADATA") {
        this.#position.markDelivered(deliverable);
        count += 1;
      }
      this.#deliver(deliverable, true);
      const isTransfer = deliverable.ContentType === TRANSFER_SUCCEEDED;
      // The transfer that brought the contact to this participant doesn't end the participant's part in the chat.
      if (isTransfer && timeOf(item) > this.#position.joinedAtMs) this.#owner.onFact({ kind: "transferred" });
    }
    return { count, end: null };
  }

  /** Whether the newest page is needed to find missed receipts or newer versions of items in progress. */
  get needsNewestPage(): boolean {
    // The newest page is fetched anyway if a transcript is kept.
    if (this.keepsTranscript) return false;
    const wantsReceipts = RECEIPT_EVENTS.some((name) => this.#owner.hasHandler(name));
    return this.#position.inbox.delivered.inProgress.size > 0 || (wantsReceipts && this.#unread.size > 0);
  }

  /**
   * Delivers changes to older items, found on the newest page: receipts for unread messages, and newer versions of
   * items in progress. Returns the number of items with a newer version.
   */
  deliverNewestPage(page: GetTranscriptData): number {
    const { inbox } = this.#position;
    const { inProgress } = inbox.delivered;
    const changed = page.Transcript.filter((item) => inProgress.has(keyOf(item)));
    // Stop tracking items that aren't on the newest page, unless they hold the cursor back.
    for (const key of inProgress) {
      const isOnPage = changed.some((item) => keyOf(item) === key);
      if (!isOnPage && !this.#position.holdsCursorBack(inbox.sentAtMs(key))) inProgress.delete(key);
    }
    return this.batch(() => {
      for (const item of page.Transcript.flatMap(receiptsIn)) {
        if (!this.#unread.has(item.MessageMetadata?.MessageId ?? "")) continue;
        const missed = inbox.recover(item);
        if (missed) this.#deliver(missed, true);
      }
      return this.#deliverMissed({ ...page, Transcript: changed }).count;
    });
  }

  // --- events and the transcript -----------------------------------------------------------------------------------

  #deliver(item: WireItem, isRecovered: boolean): void {
    const name = eventOf(item);
    if (name === "readReceipt") this.#unread.delete(item.MessageMetadata?.MessageId ?? "");
    else this.#unread.update(item);
    this.#owner.onFact({ kind: "item", name, item, isRecovered });
    const additional = additionalEventOf(item);
    if (additional) this.#owner.onFact({ kind: "item", name: additional, item, isRecovered });
    this.record(item);
  }

  /** Adds an item to the transcript without emitting an event for the item itself. */
  record(item: WireItem): void {
    this.batch(() => {
      if (this.keepsTranscript && this.#transcript.add(item)) this.#hasTranscriptChanged = true;
    });
  }

  /** Adds a page to the transcript, as part of a batch. */
  addPage(page: GetTranscriptData, { scanDirection }: GetTranscriptQuery): void {
    if (!this.keepsTranscript) return;
    this.hasTranscriptPage = true;
    this.#transcript.addPage(page, scanDirection === "BACKWARD");
    this.#hasTranscriptChanged = true;
  }

  #reportChange(by: "frame" | "call" = "frame"): void {
    if (!this.#hasTranscriptChanged) return;
    this.#hasTranscriptChanged = false;
    this.#owner.onFact({ kind: "transcript", by });
  }

  /** Runs `job`, then reports all its changes to the transcript together, after the items' events. */
  batch<Result>(job: () => Result, by?: "call"): Result {
    if (this.#isBatching) return job();
    this.#isBatching = true;
    try {
      return job();
    } finally {
      this.#isBatching = false;
      this.#reportChange(by);
    }
  }
}
