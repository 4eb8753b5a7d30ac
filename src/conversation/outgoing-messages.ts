import type { NetworkOnlineCheck } from "../api/config";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import type { CallOptions, SendMessageResponse } from "../api/client";
import type { OutgoingProgress, UnsentMessage } from "../api/snapshot";
import { NetworkMonitor } from "../connection/network";
import { illegalArgument, isChatError } from "../errors";
import type { Participant } from "../participant/participant";
import type { Platform } from "../platform";
import { NEWEST_PAGE } from "../participant/transcript-page";
import type { OutgoingMessage } from "../participant/types";
import { RecentIds } from "../util/recent-ids";
import { Outbox, type TurnOptions } from "./outbox";
import { isoOf, timeOf } from "./recent-items";
import type { SentMessage, Transcript } from "./transcript";

/** The page's and the service's clocks may differ by this much. */
const CLOCKS_DIFFER_MS = 60_000;

/** How many failed messages are remembered. */
const MAX_FAILED = 100;

/** The part of SendMessage's answer that is used here. A custom transport may omit all of it. */
type Sent = Omit<SentMessage, "Id"> & { readonly Id?: string | undefined };

export interface OutgoingSetup {
  readonly participantId: string;
  readonly isNetworkOnline: () => NetworkOnlineCheck | null;
  /** How long a message waits for the network, in milliseconds. */
  readonly offlineHoldMs: () => number;
}

export interface OutgoingOwner {
  /** Changes the transcript, if one is kept, and reports the change unless `change` returns false. */
  changed(change: (transcript: Transcript) => unknown): void;
  /** Called when the service has accepted a message under this ID. */
  answered(id: string): void;
}

/** The outcome of a message: the service's answer, or the transcript's evidence that it had already arrived. */
type Arrived = SendMessageResponse | { Id: string; AbsoluteTime: string } | undefined;

/** Sends messages one at a time, in call order, and keeps those that failed so that they can be resent. */
export class OutgoingMessages {
  readonly #setup: OutgoingSetup;
  readonly #participant: Participant;
  readonly #platform: Platform;
  readonly #network: NetworkMonitor;
  readonly #outbox: Outbox;
  readonly #owner: OutgoingOwner;
  /** Holds as many IDs as a transcript page, which is where a message is looked up. */
  readonly #answered = new RecentIds(NEWEST_PAGE.maxResults);
  /** By the ID that the transcript shows. */
  readonly #failed = new Map<string, UnsentMessage>();
  readonly #pending = new Map<string, UnsentMessage>();

  constructor(
    setup: OutgoingSetup,
    participant: Participant,
    platform: Platform,
    logger: LibraryLogger,
    owner: OutgoingOwner,
  ) {
    this.#setup = setup;
    this.#participant = participant;
    this.#platform = platform;
    this.#network = new NetworkMonitor(platform, setup.isNetworkOnline, logger);
    this.#outbox = new Outbox(platform);
    this.#owner = owner;
  }

  /** Starts watching for the page being left, at which point all waiting messages are sent. */
  start(): void {
    this.#outbox.start();
  }

  stop(): void {
    this.#outbox.stop();
  }

  /** Stops, and ends all waits for the network. */
  dispose(): void {
    this.stop();
    this.#network.dispose();
  }

  /** Runs a job after the messages before it, as an Outbox does. */
  inTurn<T>(job: () => Promise<T>, options: TurnOptions): Promise<T> {
    return this.#outbox.push(job, options);
  }

  /** The messages that aren't known to be sent, in their original order. */
  get unsent(): Record<string, UnsentMessage> {
    const all = [...this.#failed, ...this.#pending];
    return Object.fromEntries(all.sort(([, a], [, b]) => a.sentAtMs - b.sentAtMs));
  }

  /** The service's IDs of the most recently sent messages. */
  get answered(): string[] {
    return [...this.#answered];
  }

  /** Restores an earlier page's messages. Those that it hadn't sent count as failed. */
  restore({ unsent, answered }: OutgoingProgress): void {
    for (const [id, message] of Object.entries(unsent)) this.#failed.set(id, message);
    for (const id of answered) this.#answered.add(id);
  }

  /** Sends a message. The transcript shows it as SENDING, then SENT or FAILED. */
  send(message: OutgoingMessage, options: CallOptions): Promise<Arrived> {
    const id = this.#platform.uuid();
    this.#owner.changed((transcript) => transcript.send(id, message));
    return this.#settle(id, { ...message, sentAtMs: this.#platform.now() }, options, () =>
      this.#sendNow(message, options),
    );
  }

  /**
   * Resends a failed message with its original token. Since only its answer may have been lost, the transcript's newest
   * items are searched first.
   */
  async resend(id: string, options: CallOptions): Promise<Arrived> {
    const failed = this.#failed.get(id);
    if (!failed) throw illegalArgument("id", "must be the Id of a failed message in the transcript.");
    this.#failed.delete(id);
    this.#owner.changed((transcript) => transcript.resend(id));
    return this.#settle(id, failed, options, async () => {
      const { Transcript: newest } = await this.#participant.getPage(NEWEST_PAGE, options);
      const stored = newest.find((item) => this.#isStored(failed, item));
      if (!stored) return this.#sendNow(failed, options);
      return { Id: stored.Id ?? "", AbsoluteTime: stored.AbsoluteTime ?? "" };
    });
  }

  /** Sends a message, waiting for the network if the device is offline. Other jobs may go ahead meanwhile. */
  #sendNow(message: OutgoingMessage, options: CallOptions): Promise<SendMessageResponse | undefined> {
    return this.#participant.sendMessage(message, {
      ...options,
      hold: { maxMs: this.#setup.offlineHoldMs(), network: this.#network },
      onHold: () => this.#outbox.bypass(),
    });
  }

  async #settle(
    id: string,
    message: UnsentMessage,
    options: CallOptions,
    send: () => Promise<Arrived>,
  ): Promise<Arrived> {
    this.#pending.set(id, message);
    try {
      const answer = await this.#outbox.push(send, options);
      const { Id, AbsoluteTime, MessageMetadata }: Sent = answer ?? {};
      // A custom client may answer without a valid Id. The message's echo provides it then.
      if (typeof Id === "string" && Id !== "") {
        this.#answered.add(Id);
        this.#owner.answered(Id);
        const sentAt = typeof AbsoluteTime === "string" ? AbsoluteTime : undefined;
        this.#owner.changed((transcript) =>
          transcript.sent(id, { Id, AbsoluteTime: sentAt, MessageMetadata }, this.#now()),
        );
      } else this.#owner.changed((transcript) => transcript.sentWithoutId(id));
      return answer;
    } catch (error) {
      this.#failed.set(id, message);
      for (const oldest of this.#failed.keys()) {
        if (this.#failed.size > MAX_FAILED) this.#failed.delete(oldest);
      }
      this.#owner.changed((transcript) => transcript.failed(id, this.#now()));
      if (isChatError(error)) Object.assign(error, { messageId: id });
      throw error;
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Whether a transcript's item is this message, and not another one with the same text. */
  #isStored({ content, contentType, sentAtMs }: UnsentMessage, item: WireItem): boolean {
    return (
      item.ParticipantId === this.#setup.participantId &&
      item.Content === content &&
      item.ContentType === contentType &&
      timeOf(item) >= sentAtMs - CLOCKS_DIFFER_MS &&
      !this.#answered.has(item.Id ?? "")
    );
  }

  #now(): string {
    return isoOf(this.#platform.now());
  }
}
