import type { IsNetworkOnline } from "../api/config";
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

/** Clocks of the page and of the service differ. */
const CLOCKS_DIFFER_MS = 60_000;

/** How many that failed are remembered. */
const MAX_FAILED = 100;

/** SendMessage's answer, as far as it is of interest here: an application's own transport may leave out all of it. */
type Sent = Omit<SentMessage, "Id"> & { readonly Id?: string | undefined };

export interface OutgoingSetup {
  readonly participantId: string;
  readonly isNetworkOnline: () => IsNetworkOnline | null;
  /** How long a message waits for the network, in milliseconds. */
  readonly offlineHoldMs: () => number;
}

export interface OutgoingOwner {
  /** Changes the transcript, where one is kept, and reports that it has changed, unless `change` returns false. */
  changed(change: (transcript: Transcript) => unknown): void;
  /** The service took a message, under this id. */
  answered(id: string): void;
}

/** What became of a message: the service's answer, or how the transcript showed that it had arrived already. */
type Arrived = SendMessageResponse | { Id: string; AbsoluteTime: string } | undefined;

/** Outgoing messages, sent one at a time in the order of the calls; and those that failed, to be sent again. */
export class OutgoingMessages {
  readonly #setup: OutgoingSetup;
  readonly #participant: Participant;
  readonly #platform: Platform;
  readonly #network: NetworkMonitor;
  readonly #outbox: Outbox;
  readonly #owner: OutgoingOwner;
  /** As many as a page of the transcript holds, which is where a message is looked for. */
  readonly #answered = new RecentIds(NEWEST_PAGE.maxResults);
  /** By the ids that the transcript shows them under. */
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

  /** The page may be left from now on: what waits is sent then. */
  start(): void {
    this.#outbox.start();
  }

  stop(): void {
    this.#outbox.stop();
  }

  /** A message that waits for the network waits no longer. */
  dispose(): void {
    this.stop();
    this.#network.dispose();
  }

  /** Runs a job behind the messages before it, as an Outbox does. */
  inTurn<T>(job: () => Promise<T>, options: TurnOptions): Promise<T> {
    return this.#outbox.push(job, options);
  }

  /** Those that are not known to be sent, in the order in which they were to go. */
  get unsent(): Record<string, UnsentMessage> {
    const all = [...this.#failed, ...this.#pending];
    return Object.fromEntries(all.sort(([, a], [, b]) => a.sentAtMs - b.sentAtMs));
  }

  /** The service's ids of those that were sent last. */
  get answered(): string[] {
    return [...this.#answered];
  }

  /** Those of an earlier page's session: what it had not sent counts as failed. */
  restore({ unsent, answered }: OutgoingProgress): void {
    for (const [id, message] of Object.entries(unsent)) this.#failed.set(id, message);
    for (const id of answered) this.#answered.add(id);
  }

  /** SendMessage. Shown as SENDING, then SENT or FAILED. */
  send(message: OutgoingMessage, options: CallOptions): Promise<Arrived> {
    const id = this.#platform.uuid();
    this.#owner.changed((transcript) => transcript.send(id, message));
    return this.#settle(id, { ...message, sentAtMs: this.#platform.now() }, options, () =>
      this.#sendNow(message, options),
    );
  }

  /**
   * One that failed sets out again, under the token that it had. Its answer alone may have been lost, so that the transcript's
   * newest items are looked through first.
   */
  async resend(id: string, options: CallOptions): Promise<Arrived> {
    const failed = this.#failed.get(id);
    if (!failed)
      throw illegalArgument("id", "must be the Id that the transcript shows for a message that failed.");
    this.#failed.delete(id);
    this.#owner.changed((transcript) => transcript.resend(id));
    return this.#settle(id, failed, options, async () => {
      const { Transcript: newest } = await this.#participant.getPage(NEWEST_PAGE, options);
      const stored = newest.find((item) => this.#isStored(failed, item));
      if (!stored) return this.#sendNow(failed, options);
      return { Id: stored.Id ?? "", AbsoluteTime: stored.AbsoluteTime ?? "" };
    });
  }

  /** Waits for the network where the device is offline, and lets what need not wait go past it. */
  #sendNow(message: OutgoingMessage, options: CallOptions): Promise<SendMessageResponse | undefined> {
    return this.#participant.sendMessage(message, {
      ...options,
      hold: { maxMs: this.#setup.offlineHoldMs(), network: this.#network },
      onHold: () => this.#outbox.hurry(),
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
      // A custom client may answer without an Id, or with anything: the message's echo has it then.
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

  /** Whether a transcript's item is that message, and not another one of the same text. */
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
