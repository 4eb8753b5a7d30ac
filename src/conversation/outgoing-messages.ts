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
import type { AcceptedMessage, Transcript } from "./transcript";

/** How far the local clock may be ahead of the service's clock when a stored message is looked up. */
const MAX_CLOCK_SKEW_MS = 60_000;

/** The maximum number of failed messages to keep. */
const MAX_FAILED = 100;

/** The fields of a SendMessage response that are used here. A custom client may omit all of them. */
type SendResult = Omit<AcceptedMessage, "Id"> & { readonly Id?: string | undefined };

export interface OutgoingSetup {
  readonly participantId: string;
  readonly isNetworkOnline: () => NetworkOnlineCheck | null;
  /** How long a message waits for the network, in milliseconds. */
  readonly offlineHoldMs: () => number;
}

export interface OutgoingOwner {
  /** Applies `change` to the transcript, if a transcript is kept. Reports the change unless `change` returns false. */
  changeTranscript(change: (transcript: Transcript) => unknown): void;
  /** Called when the service has accepted a message under this ID. */
  onAccepted(id: string): void;
}

/** The outcome of a message: the service's response, or the stored item if the message had already arrived. */
type SendOutcome = SendMessageResponse | { Id: string; AbsoluteTime: string } | undefined;

/** Sends messages one at a time, in call order. Keeps failed messages so that they can be resent. */
export class OutgoingMessages {
  readonly #setup: OutgoingSetup;
  readonly #participant: Participant;
  readonly #platform: Platform;
  readonly #network: NetworkMonitor;
  readonly #outbox: Outbox;
  readonly #owner: OutgoingOwner;
  /** Holds as many IDs as a page has items, because a failed message is looked up on one page. */
  readonly #acceptedIds = new RecentIds(NEWEST_PAGE.maxResults);
  /** Failed messages, by the temporary ID that the transcript shows. */
  readonly #failed = new Map<string, UnsentMessage>();
  /** Messages that are waiting or in flight, by temporary ID. */
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

  /** Starts watching for the user leaving the page, so that all waiting messages are then sent immediately. */
  start(): void {
    this.#outbox.start();
  }

  stop(): void {
    this.#outbox.stop();
  }

  /** Stops watching, and ends all waits for the network. */
  dispose(): void {
    this.stop();
    this.#network.dispose();
  }

  /** Runs a job after all earlier messages have settled. */
  enqueue<T>(job: () => Promise<T>, options: TurnOptions): Promise<T> {
    return this.#outbox.push(job, options);
  }

  /** The messages that might not have arrived, in their original order. */
  get unsent(): Record<string, UnsentMessage> {
    const all = [...this.#failed, ...this.#pending];
    return Object.fromEntries(all.sort(([, a], [, b]) => a.sentAtMs - b.sentAtMs));
  }

  /** The service's IDs of the most recently accepted messages. */
  get acceptedIds(): string[] {
    return [...this.#acceptedIds];
  }

  /** Restores the messages in a snapshot. Unsent messages count as failed. */
  restore({ unsent, answered }: OutgoingProgress): void {
    for (const [id, message] of Object.entries(unsent)) this.#failed.set(id, message);
    for (const id of answered) this.#acceptedIds.add(id);
  }

  /** Sends a message. The transcript shows it as SENDING, then as SENT or FAILED. */
  send(message: OutgoingMessage, options: CallOptions): Promise<SendOutcome> {
    const id = this.#platform.uuid();
    this.#owner.changeTranscript((transcript) => transcript.addOutgoing(id, message));
    return this.#track(id, { ...message, sentAtMs: this.#platform.now() }, options, () =>
      this.#sendNow(message, options),
    );
  }

  /**
   * Resends a failed message with its original idempotency token. First looks for the message on the newest page,
   * because it may have arrived even though the response was lost.
   */
  async resend(id: string, options: CallOptions): Promise<SendOutcome> {
    const failed = this.#failed.get(id);
    if (!failed) throw illegalArgument("id", "must be the Id of a failed message in the transcript.");
    this.#failed.delete(id);
    this.#owner.changeTranscript((transcript) => transcript.markResending(id));
    return this.#track(id, failed, options, async () => {
      const { Transcript: newest } = await this.#participant.getPage(NEWEST_PAGE, options);
      const stored = newest.find((item) => this.#isStored(failed, item));
      if (!stored) return this.#sendNow(failed, options);
      return { Id: stored.Id ?? "", AbsoluteTime: stored.AbsoluteTime ?? "" };
    });
  }

  /** Sends a message. If the device is offline, waits for the network. Meanwhile, jobs with a time limit may run. */
  #sendNow(message: OutgoingMessage, options: CallOptions): Promise<SendMessageResponse | undefined> {
    return this.#participant.sendMessage(message, {
      ...options,
      hold: { maxMs: this.#setup.offlineHoldMs(), network: this.#network },
      onHold: () => this.#outbox.runLimitedJobs(),
    });
  }

  async #track(
    id: string,
    message: UnsentMessage,
    options: CallOptions,
    send: () => Promise<SendOutcome>,
  ): Promise<SendOutcome> {
    this.#pending.set(id, message);
    try {
      const outcome = await this.#outbox.push(send, options);
      const { Id, AbsoluteTime, MessageMetadata }: SendResult = outcome ?? {};
      // A custom client's response may lack a valid Id. The transcript then gets the Id from the message's echo.
      if (typeof Id === "string" && Id !== "") {
        this.#acceptedIds.add(Id);
        this.#owner.onAccepted(Id);
        const acceptedAt = typeof AbsoluteTime === "string" ? AbsoluteTime : undefined;
        this.#owner.changeTranscript((transcript) =>
          transcript.markSent(id, { Id, AbsoluteTime: acceptedAt, MessageMetadata }, this.#nowIso()),
        );
      } else this.#owner.changeTranscript((transcript) => transcript.markSentWithoutId(id));
      return outcome;
    } catch (error) {
      this.#failed.set(id, message);
      for (const oldest of this.#failed.keys()) {
        if (this.#failed.size > MAX_FAILED) this.#failed.delete(oldest);
      }
      this.#owner.changeTranscript((transcript) => transcript.markFailed(id, this.#nowIso()));
      if (isChatError(error)) Object.assign(error, { messageId: id });
      throw error;
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Whether an item is this message, not another message with the same text. */
  #isStored({ content, contentType, sentAtMs }: UnsentMessage, item: WireItem): boolean {
    return (
      item.ParticipantId === this.#setup.participantId &&
      item.Content === content &&
      item.ContentType === contentType &&
      timeOf(item) >= sentAtMs - MAX_CLOCK_SKEW_MS &&
      !this.#acceptedIds.has(item.Id ?? "")
    );
  }

  #nowIso(): string {
    return isoOf(this.#platform.now());
  }
}
