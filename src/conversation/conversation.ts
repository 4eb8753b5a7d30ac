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
  /** The progress of this participant's session on an earlier page. */
  readonly resume: ChatSnapshot | null;
}

/** One chat as one participant sees it. All incoming items take the same path through it. */
export class Conversation {
  /** Outgoing messages. */
  readonly outgoing: OutgoingMessages;
  readonly receipts: ReceiptSender;
  readonly #participantId: string;
  readonly #position: Position;
  readonly #delivery: Delivery;
  readonly #recovery: RecoverySchedule;
  readonly #transcript: Transcript;
  /** Messages known from sources other than the socket: outgoing ones, and those in transcripts. */
  readonly #known = new RecentIds();
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
      changed: (change) => {
        if (!this.#delivery.keepsTranscript) return;
        if (change(this.#transcript) !== false) owner.onFact({ kind: "transcript", by: "call" });
      },
      answered: (id) => {
        this.#known.add(id);
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
    this.lost();
    this.outgoing.restore(snapshot);
    for (const [id, message] of Object.entries(snapshot.unsent)) {
      this.#transcript.send(id, message);
      this.#transcript.failed(id, isoOf(message.sentAtMs));
    }
  }

  /** The progress to save in a snapshot; null before the first connection. */
  get progress(): Omit<ChatSnapshot, "version" | "contactId" | "participantId"> | null {
    const progress = this.#position.progress;
    return (
      progress && {
        ...progress,
        unsent: this.outgoing.unsent,
        answered: this.outgoing.answered,
      }
    );
  }

  get transcript(): TranscriptSnapshot {
    return this.#transcript.snapshot();
  }

  knowsMessage(messageId: string): boolean {
    return this.#position.inbox.delivered.knows(messageId) || this.#known.has(messageId);
  }

  // --- the link ----------------------------------------------------------------------------------------------------

  /**
   * Records that the service has accepted the participant, at `issuedAtMs` by its own clock, NaN if unknown. A second
   * connection continues where the first one was.
   */
  connected(issuedAtMs: number): void {
    this.#position.connected(issuedAtMs);
  }

  /** Learns from a call's answer. */
  answered(answer: unknown): void {
    this.#position.answered(answer);
  }

  /** Handles the loss of the link: from here on, something may be missing. */
  lost(): void {
    this.#recovery.interrupt();
    this.#position.lost();
  }

  /** Handles a 429 on a request for a new link. */
  throttled(): void {
    this.#recovery.throttled();
  }

  /** Starts a recovery: something may be missing from here on. */
  recover(cause: RecoveryCause): void {
    this.#position.openHole();
    this.#recovery.begin(cause);
  }

  subscribed(chats: number): void {
    this.#recovery.signal("subscribed", chats);
  }

  /** Returns the item on a page that ended this contact. A persistent chat also shows the ends of earlier contacts. */
  endOn({ Transcript: items }: GetTranscriptData): WireItem | undefined {
    const { inbox, startsFromMs } = this.#position;
    const ends = items.filter((item) => item.ContentType === CHAT_ENDED && inbox.isOurs(item));
    return ends.filter((item) => !(timeOf(item) < startsFromMs)).at(-1);
  }

  /** Ends the conversation: delivers held items, and accepts no more. */
  end(): void {
    this.#recovery.flush();
    this.#stop();
  }

  /** Releases everything, without delivering held items. */
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

  /** Receives a live item. Typing is never held: it isn't part of the order, and is wrong once it is late. */
  receive(item: WireItem): void {
    const { inbox } = this.#position;
    this.#position.observe(timeOf(item));
    const mayWait = item.ContentType !== TYPING && !inbox.delivered.has(item);
    if (mayWait && this.#recovery.hold(item)) return;
    this.#delivery.receive(item);
  }

  /** Adds an item to the transcript without emitting an event for the item itself. */
  record(item: WireItem): void {
    this.#delivery.record(item);
  }

  /** Learns from a GetTranscript page, requested by the application or (`by` "library") for the kept transcript. */
  learn(page: GetTranscriptData, query: GetTranscriptQuery, by: "call" | "library"): void {
    const { Transcript: items } = page;
    const { inbox } = this.#position;
    inbox.answers.learn(items);
    if (isNewestPageQuery(query)) this.#position.learn(Math.max(...items.map(timeOf)));
    for (const item of items) {
      if (item.Id) this.#known.add(item.Id);
      this.#unread.see(item);
      this.receipts.learn(item, this.#participantId);
    }
    this.#delivery.batch(() => {
      if (by === "library") {
        this.#delivery.recoveredNewest(page);
        this.#recovery.shown(page);
      } else {
        inbox.fetched(items, this.#position.overlapsFromMs);
        this.#recovery.signal("fetched");
      }
      this.#delivery.addPage(page, query);
    }, "call");
  }
}
