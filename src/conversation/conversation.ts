import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { SessionType } from "../api/create";
import type { ChatSnapshot } from "../api/snapshot";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import { isNewestPageQuery } from "../participant/transcript-page";
import type { Participant } from "../participant/participant";
import type { Platform } from "../platform";
import { RecentIds } from "../util/recent-ids";
import { CHAT_ENDED, TYPING } from "./content-types";
import type { ConversationOwner } from "./fact";
import type { InboxOwner } from "./inbox";
import { OutgoingMessages, type OutgoingSetup } from "./outgoing-messages";
import { Position } from "./position";
import { ReceiptSender, type ReceiptSettings } from "./receipts";
import { isoOf, timeOf } from "./recent-items";
import type { RecoveryCause, RecoverySettings } from "./recovery";
import { RecoverySchedule } from "./recovery-schedule";
import { Transcript, type TranscriptSnapshot } from "./transcript";
import { UnreadMessages } from "./unread-messages";
import { Delivery } from "./delivery";

export interface ConversationSetup extends InboxOwner, OutgoingSetup {
  readonly type: SessionType;
  readonly receiptSettings: () => ReceiptSettings;
  readonly recoverySettings: () => RecoverySettings;
  /** The progress of this participant's session on the previous page; null to start from scratch. */
  readonly resume: ChatSnapshot | null;
}

/** One chat as one participant sees it. Handles all incoming items, live and missed, in the same way. */
export class Conversation {
  readonly outgoing: OutgoingMessages;
  readonly receipts: ReceiptSender;
  readonly #participantId: string;
  readonly #position: Position;
  readonly #delivery: Delivery;
  readonly #recovery: RecoverySchedule;
  readonly #transcript: Transcript;
  /** IDs of messages that didn't arrive over the socket: outgoing messages, and messages from fetched pages. */
  readonly #otherMessages = new RecentIds();
  readonly #unread: UnreadMessages;

  constructor(
    setup: ConversationSetup,
    participant: Participant,
    platform: Platform,
    logger: LibraryLogger,
    owner: ConversationOwner,
  ) {
    const { participantId, type, receiptSettings, recoverySettings, resume } = setup;
    this.#participantId = participantId;
    this.#position = new Position(setup, platform, owner, recoverySettings);
    this.#unread = new UnreadMessages(participantId);
    this.#transcript = new Transcript(participantId, type);
    this.outgoing = new OutgoingMessages(setup, participant, platform, logger, {
      changeTranscript: (change) => {
        if (!this.#delivery.keepsTranscript) return;
        if (change(this.#transcript) !== false) owner.onFact({ kind: "transcript", by: "call" });
      },
      onAccepted: (id) => {
        this.#otherMessages.add(id);
        this.#unread.add(id);
      },
    });
    this.receipts = new ReceiptSender(platform, participant, receiptSettings);
    this.#delivery = new Delivery(logger, owner, this.#position, this.#unread, this.#transcript);
    this.#recovery = new RecoverySchedule(
      platform,
      owner,
      this.#position,
      this.#delivery,
      logger,
      recoverySettings,
    );
    if (resume) this.#resume(resume);
  }

  #resume(snapshot: ChatSnapshot): void {
    this.#position.restore(snapshot);
    this.onLinkLost();
    this.outgoing.restore(snapshot);
    for (const [id, message] of Object.entries(snapshot.unsent)) {
      this.#transcript.addOutgoing(id, message);
      this.#transcript.markFailed(id, isoOf(message.sentAtMs));
    }
  }

  /** The progress to save in a snapshot; null before the first connection. */
  get progress(): Omit<ChatSnapshot, "version" | "contactId" | "participantId"> | null {
    const progress = this.#position.progress;
    return (
      progress && {
        ...progress,
        unsent: this.outgoing.unsent,
        answered: this.outgoing.acceptedIds,
      }
    );
  }

  get transcript(): TranscriptSnapshot {
    return this.#transcript.snapshot();
  }

  knowsMessage(messageId: string): boolean {
    return this.#position.inbox.delivered.hasId(messageId) || this.#otherMessages.has(messageId);
  }

  // --- the link ----------------------------------------------------------------------------------------------------

  /**
   * Handles a successful `connect()`. `issuedAtMs` is the service's time when it issued the connection, NaN if unknown.
   * A second `connect()` doesn't move the cursor.
   */
  onConnected(issuedAtMs: number): void {
    this.#position.onConnected(issuedAtMs);
  }

  /** Reads the service's time from a call's response, if the response contains it. */
  onResponse(response: unknown): void {
    this.#position.onResponse(response);
  }

  /** Handles the loss of the link. Items that are sent after the loss may be missed. */
  onLinkLost(): void {
    this.#recovery.onLinkLost();
    this.#position.onLinkLost();
  }

  /** Handles a 429 in response to a request for a socket URL. */
  onThrottled(): void {
    this.#recovery.onThrottled();
  }

  /** Starts a recovery, which fetches items that may have been missed. */
  recover(cause: RecoveryCause): void {
    this.#position.openGap();
    this.#recovery.start(cause);
  }

  /** Handles an external manager's subscription to the chat topic. `chats` is the number of chats on the link. */
  onSubscribed(chats: number): void {
    this.#recovery.onAwaitedEvent("subscribed", chats);
  }

  /**
   * Finds the item that ended this contact, if a page contains it. In a persistent chat, the page may also contain
   * items that ended earlier contacts.
   */
  findEnd({ Transcript: items }: GetTranscriptData): WireItem | undefined {
    const { inbox, recoveryStartMs } = this.#position;
    const ends = items.filter((item) => item.ContentType === CHAT_ENDED && inbox.belongsToContact(item));
    return ends.filter((item) => !(timeOf(item) < recoveryStartMs)).at(-1);
  }

  /** Delivers held items, then ends the conversation. */
  end(): void {
    this.#recovery.flush();
    this.#stop();
  }

  /** Releases all resources and drops held items. */
  dispose(): void {
    this.#stop();
    this.outgoing.dispose();
  }

  #stop(): void {
    this.#position.dispose();
    this.#recovery.dispose();
    this.receipts.end();
  }

  // --- incoming items ----------------------------------------------------------------------------------------------

  /** Handles a live item. Typing events are never held, because their order doesn't matter and they soon go stale. */
  receive(item: WireItem): void {
    const { inbox } = this.#position;
    this.#position.observeTime(timeOf(item));
    const canWait = item.ContentType !== TYPING && !inbox.delivered.has(item);
    if (canWait && this.#recovery.hold(item)) return;
    this.#delivery.receive(item);
  }

  /** Adds an item to the transcript without emitting an event for the item itself. */
  record(item: WireItem): void {
    this.#delivery.record(item);
  }

  /** Handles a GetTranscript page. `by` is "library" if the page was fetched for the kept transcript. */
  recordPage(page: GetTranscriptData, query: GetTranscriptQuery, by: "call" | "library"): void {
    const { Transcript: items } = page;
    const { inbox } = this.#position;
    inbox.partialMessages.recordPage(items);
    if (isNewestPageQuery(query)) this.#position.learnTime(Math.max(...items.map(timeOf)));
    for (const item of items) {
      if (item.Id) this.#otherMessages.add(item.Id);
      this.#unread.update(item);
      this.receipts.learnSent(item, this.#participantId);
    }
    this.#delivery.batch(() => {
      if (by === "library") {
        this.#delivery.deliverNewestPage(page);
        this.#recovery.onTranscriptPage(page);
      } else {
        inbox.recordFetched(items, this.#position.overlapStartMs);
        this.#recovery.onAwaitedEvent("fetched");
      }
      this.#delivery.addPage(page, query);
    }, "call");
  }
}
