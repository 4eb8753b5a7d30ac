import {
  isChatError,
  type ChatSnapshot,
  type ChatTranscriptItem,
  type ConnectionState,
  type CustomerChatSession,
  type SendableContentType,
} from "amazon-connect-chatjs";
import { MessageList } from "./message-list";
import { problemOf } from "./problem";
import { TypingParticipants } from "./typing";
import type { ChatFile, ChatState, ChatStatus } from "./types";

const EVENT = "application/vnd.amazonaws.connect.event.";
const PAGE_SIZE = 100;

/** The session's states as the hooks report them. */
const STATUS = {
  idle: "starting",
  connecting: "starting",
  connected: "connected",
  reconnecting: "reconnecting",
  broken: "failed",
  ended: "ended",
} as const satisfies Record<ConnectionState, ChatStatus>;

/** One session from its creation to `dispose()`. Reports each change of the chat's state. */
export class LiveChat {
  readonly session: CustomerChatSession;
  #report: (change: Partial<ChatState>) => void;
  readonly #list: MessageList;
  readonly #typing = new TypingParticipants(() => this.#report({ typing: this.#typing.list }));
  #nextToken: string | null = null;
  #loading: Promise<void> | null = null;

  /** `report` isn't called after `dispose()`. */
  constructor(session: CustomerChatSession, report: (change: Partial<ChatState>) => void) {
    this.session = session;
    this.#report = report;
    const { participantId } = session.getChatDetails();
    this.#list = new MessageList(participantId);
    session.onConnectionStateChanged(({ data: { newState, code, reason } }) => {
      // The caller of `connect()` knows these. The events come later, maybe after the promise has rejected.
      if (code === "connect-called" || code === "connect-failed") return;
      if (newState === "ended") this.#typing.dispose();
      this.#report({
        status: STATUS[newState],
        typing: this.#typing.list,
        ...(newState === "connected" && { error: null }),
        ...(newState === "broken" && { error: problemOf(new Error(reason)) }),
      });
    });
    session.onTranscriptUpdated(({ data }) => {
      this.#nextToken = data.previousTranscriptNextToken ?? null;
      this.#onTranscript(data.transcript);
    });
    session.onTyping(({ data }) => {
      if (data.ParticipantId !== participantId) this.#typing.add(data);
    });
  }

  get status(): ChatStatus {
    return STATUS[this.session.connectionState];
  }

  get snapshot(): ChatSnapshot | null {
    return this.session.snapshot();
  }

  /** Whether the service has accepted the session. Calls then work even if the link is down. */
  get isAccepted(): boolean {
    return Boolean(this.session.getChatDetails().connectionDetails);
  }

  async connect(): Promise<void> {
    await this.session.connect();
  }

  /** Rejects only if no message shows the failure. */
  async send(message: string, contentType: SendableContentType): Promise<void> {
    await this.session
      .sendMessage({ message, contentType })
      .catch((error: unknown) => this.#onFailure(error));
  }

  async resend(id: string): Promise<void> {
    if (this.#list.uploads.fileOf(id)) {
      this.#list.uploads.restart(id);
      await this.#upload(id);
      return;
    }
    this.#list.setError(id, null);
    await this.session.resendMessage(id).catch((error: unknown) => this.#onFailure(error));
  }

  async sendFile(file: ChatFile): Promise<void> {
    await this.#upload(this.#list.uploads.add(file, this.#list.newestTime));
  }

  setTyping(): void {
    this.#ignoreFailure(this.session.sendEvent({ contentType: `${EVENT}typing` }));
  }

  markRead(messageId: string): void {
    const contentType = `${EVENT}message.read` as const;
    this.#ignoreFailure(this.session.sendEvent({ contentType, content: { messageId } }));
  }

  /** Fetches the page before the oldest message. The session then reports the longer transcript. */
  loadMore(): Promise<void> {
    const nextToken = this.#nextToken;
    if (nextToken === null) return Promise.resolve();
    this.#loading ??= this.#loadPage(nextToken).finally(() => (this.#loading = null));
    return this.#loading;
  }

  async end(): Promise<void> {
    await this.session.disconnectParticipant();
  }

  /** Releases the session, its handlers and all timers. The chat itself goes on. */
  dispose(): void {
    // Pending calls still reject.
    this.#report = () => undefined;
    this.#typing.dispose();
    this.session.dispose();
  }

  async #loadPage(nextToken: string): Promise<void> {
    this.#report({ isLoadingHistory: true });
    try {
      await this.session.getTranscript({ maxResults: PAGE_SIZE, nextToken });
    } finally {
      this.#report({ isLoadingHistory: false });
    }
  }

  async #upload(id: string): Promise<void> {
    const { uploads } = this.#list;
    const attachment = uploads.fileOf(id);
    if (!attachment) return;
    this.#publish();
    try {
      await this.session.sendAttachment({
        attachment,
        onProgress: ({ loadedBytes, totalBytes }) => {
          if (totalBytes && uploads.setProgress(id, loadedBytes / totalBytes)) this.#publish();
        },
      });
      uploads.markSent(id);
    } catch (error) {
      uploads.markFailed(id, problemOf(error), this.#list.lastId);
    }
    this.#publish();
  }

  #onTranscript(items: readonly ChatTranscriptItem[]): void {
    for (const { item } of this.#list.update(items)) this.#typing.remove(item?.ParticipantId ?? "");
    this.#report({
      messages: this.#list.messages,
      hasMoreHistory: this.#nextToken !== null,
      typing: this.#typing.list,
    });
  }

  #publish(): void {
    this.#list.rebuild();
    this.#report({ messages: this.#list.messages });
  }

  /** Shows a call's failure on its message. If no message can show it, throws the error. */
  #onFailure(error: unknown): void {
    if (!isChatError(error) || error.messageId === undefined) throw error;
    this.#list.setError(error.messageId, problemOf(error));
    this.#report({ messages: this.#list.messages });
  }

  /** A typing event or a receipt that isn't sent changes nothing for the customer. */
  #ignoreFailure(call: Promise<unknown>): void {
    call.catch(() => undefined);
  }
}
