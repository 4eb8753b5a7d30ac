import { illegalArgument, isChatError } from "../errors";
import type { ChatTranscriptItem } from "../item";
import type { Platform } from "../platform";
import { NEWEST_PAGE, type OutgoingMessage } from "../participant/types";
import { RecentIds } from "../util/recent-ids";
import { isoOf, timeOf } from "./recent-items";
import type { SentMessage, Transcript } from "./transcript";

/** Clocks of the page and of the service differ. */
const CLOCKS_DIFFER_MS = 60_000;

/** How many that failed are remembered. */
const MOST_FAILED = 100;

export interface FailedMessage extends OutgoingMessage {
  /** Epoch milliseconds, by this machine's clock. */
  readonly sentAtMs: number;
}

/** What a snapshot keeps of them. */
export interface OwnMessagesProgress {
  /** Messages that were on their way, or had failed, by the ids that `resendMessage()` takes. */
  readonly unsent: Readonly<Record<string, FailedMessage>>;
  /** The service's ids of the messages that were sent last: none of them is taken for one that was not. */
  readonly answered: readonly string[];
}

/** SendMessage's answer, as far as it is of interest here: an application's own transport may leave out all of it. */
type Sent = Omit<SentMessage, "Id"> & { readonly Id?: string | undefined };

export interface OwnMessagesOwner {
  readonly participantId: string;
  /** Changes the transcript, where one is kept, and reports that it has changed, unless `change` returns false. */
  changed(change: (transcript: Transcript) => unknown): void;
  /** The service took a message, under this id. */
  answered(id: string): void;
}

/** This side's messages from their setting out to their answer, and those that failed, to be sent again. */
export class OwnMessages {
  readonly #platform: Pick<Platform, "now" | "uuid">;
  readonly #owner: OwnMessagesOwner;
  /** As many as a page of the transcript holds, which is where a message is looked for. */
  readonly #answered = new RecentIds(NEWEST_PAGE.maxResults);
  /** By the ids that the transcript shows them under. */
  readonly #failed = new Map<string, FailedMessage>();
  readonly #underWay = new Map<string, FailedMessage>();

  constructor(platform: Pick<Platform, "now" | "uuid">, owner: OwnMessagesOwner) {
    this.#platform = platform;
    this.#owner = owner;
  }

  /** Those that are not known to be sent, in the order in which they were to go. */
  get unsent(): Record<string, FailedMessage> {
    const all = [...this.#failed, ...this.#underWay];
    return Object.fromEntries(all.sort(([, a], [, b]) => a.sentAtMs - b.sentAtMs));
  }

  /** The service's ids of those that were sent last. */
  get answered(): string[] {
    return [...this.#answered];
  }

  /** Those of an earlier page's session: what it had not sent counts as failed. */
  restore({ unsent, answered }: OwnMessagesProgress): void {
    for (const [id, message] of Object.entries(unsent)) this.#failed.set(id, message);
    for (const id of answered) this.#answered.add(id);
  }

  /** Shown as SENDING, then SENT or FAILED. */
  send<Answer extends Sent | undefined>(
    message: OutgoingMessage,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    const id = this.#platform.uuid();
    this.#owner.changed((transcript) => transcript.send(id, message));
    return this.#settle(id, { ...message, sentAtMs: this.#platform.now() }, send);
  }

  /**
   * One that failed sets out again, under the token that it had. Its answer alone may have been lost: `newest` gives the
   * transcript's newest items, which are looked through first. `inTurn` runs both once those before it have settled.
   */
  async resend<Answer extends Sent | undefined>(
    id: string,
    newest: () => Promise<readonly ChatTranscriptItem[]>,
    send: (message: OutgoingMessage) => Promise<Answer>,
    inTurn: <T>(job: () => Promise<T>) => Promise<T>,
  ): Promise<Answer | { Id: string; AbsoluteTime: string }> {
    const failed = this.#failed.get(id);
    if (!failed)
      throw illegalArgument("id", "must be the Id that the transcript shows for a message that failed.");
    this.#failed.delete(id);
    this.#owner.changed((transcript) => transcript.resend(id));
    return this.#settle(id, failed, () =>
      inTurn(async () => {
        const stored = (await newest()).find((item) => this.#isStored(failed, item));
        if (!stored) return send(failed);
        return { Id: stored.Id ?? "", AbsoluteTime: stored.AbsoluteTime ?? "" };
      }),
    );
  }

  async #settle<Answer extends Sent | undefined>(
    id: string,
    message: FailedMessage,
    send: () => Promise<Answer>,
  ): Promise<Answer> {
    this.#underWay.set(id, message);
    try {
      const answer = await send();
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
        if (this.#failed.size > MOST_FAILED) this.#failed.delete(oldest);
      }
      this.#owner.changed((transcript) => transcript.failed(id, this.#now()));
      if (isChatError(error)) Object.assign(error, { messageId: id });
      throw error;
    } finally {
      this.#underWay.delete(id);
    }
  }

  /** Whether a transcript's item is that message, and not another one of the same text. */
  #isStored({ content, contentType, sentAtMs }: FailedMessage, item: ChatTranscriptItem): boolean {
    return (
      item.ParticipantId === this.#owner.participantId &&
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
