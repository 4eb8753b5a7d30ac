import type {
  DescribeViewResponse,
  GetAuthenticationUrlResponse,
  SendEventResponse,
  SendMessageResponse,
} from "@aws-sdk/client-connectparticipant";
import type { ConnectionState, ConnectionStatus } from "../conversation/connection-state";
import { TYPING, RECEIPT_CONTENT_TYPE } from "../conversation/content-types";
import { nameOfPublic, type ChatEventHandler, type ChatEventName } from "../conversation/events";
import type { ChatSnapshot } from "../conversation/snapshot";
import { ChatError, toChatError } from "../errors";
import type { ChatLogger } from "../observability/logger";
import type { Platform } from "../platform";
import { isPage, type ChatTranscriptItem } from "../item";
import type { CallOptions } from "../participant/chat-client";
import { RETRY } from "../participant/retry";
import { isBundled } from "../participant/service-client";
import { pageOf } from "../participant/transcript-page";
import {
  NEWEST_PAGE,
  type CallResult,
  type ChatDetails,
  type GetTranscriptData,
  type OutgoingMessage,
} from "../participant/types";
import type { SubscribeOptions, Unsubscribe } from "../util/event-bus";
import {
  attachmentOptions,
  callOptions,
  checked,
  type CallArgs,
  type CancelParticipantAuthenticationArgs,
  type CheckedReceipt,
  type ConnectArgs,
  type DescribeViewArgs,
  type DownloadAttachmentArgs,
  type GetAttachmentURLArgs,
  type GetAuthenticationUrlArgs,
  type GetTranscriptArgs,
  type HistoryArgs,
  type SendAttachmentArgs,
  type SendBlobArgs,
  type SendEventArgs,
  type SendMessageArgs,
  type SendMessageReceiptArgs,
} from "./arguments";
import { Chat } from "./chat";
import type { ChatSetup } from "./chat-setup";
import type { ConnectResult } from "./connect-result";
import { gatherReceipt } from "./receipt-calls";
import {
  metadataOf,
  receiptFailure,
  receiptKindOf,
  success,
  transcriptFailure,
  type EventResult,
} from "./results";
import { TranscriptFetch } from "./transcript-fetch";
import type { ControllerMembers } from "./types/controller";

/** DisconnectParticipant waits this long for the messages before it. */
const DISCONNECT_WAITS_MS = 5_000;

/**
 * A session's calls. Applications reach for it as `session.controller`, and some use it in the session's place, so it
 * has every call. Each rejects with a ChatError, bad arguments and wrong state included; none throws.
 */
export class ChatController implements ControllerMembers {
  readonly contactId: string;
  declare readonly connectionState: ConnectionState;
  readonly #transcriptFetch: TranscriptFetch;
  /** The present one: a reset begins another. */
  #chat: Chat;
  #isDisposed = false;

  constructor(setup: ChatSetup, platform: Platform, logger: ChatLogger) {
    this.contactId = setup.contactId;
    this.#transcriptFetch = new TranscriptFetch(logger, (args) => this.getTranscript(args));
    this.#chat = this.#newChat(setup, platform, logger);
    // No getter of the class: one of those cannot be read through a proxy.
    Object.defineProperty(this, "connectionState", { get: () => this.#chat.state, enumerable: true });
  }

  #newChat(setup: ChatSetup, platform: Platform, logger: ChatLogger): Chat {
    const chat: Chat = new Chat(setup, platform, logger, async () => {
      if (chat.events.bus.has("transcriptUpdated")) await this.#transcriptFetch.run();
    });
    return chat;
  }

  /** CreateParticipantConnection, then the socket. Resolves when the service has accepted; the socket opens right after. */
  connect(args?: ConnectArgs): Promise<ConnectResult> {
    return this.#chat.connect(args);
  }

  getChatDetails(): ChatDetails {
    return this.#chat.details;
  }

  getConnectionStatus(): ConnectionStatus {
    return this.#chat.status;
  }

  /** SendMessage. Messages leave one at a time, in the order they were sent. */
  sendMessage(args: SendMessageArgs): Promise<CallResult<SendMessageResponse>> {
    return this.#call(args, () => {
      const chat = this.#chat;
      const { message, contentType, clientToken = chat.platform.uuid() } = checked("sendMessage", args);
      const options = callOptions(args);
      chat.participant.check("SendMessage");
      const outgoing = { content: message, contentType, clientToken };
      return chat.conversation.outgoing.send(outgoing, () =>
        chat.outbox.push(() => sendMessage(chat, outgoing, options), options),
      );
    });
  }

  /**
   * Sends a message that failed once more, under the same idempotency token: SendMessage, after a GetTranscript that tells
   * whether it had arrived all the same. `id` is its `Id` in the transcript, and `messageId` of the rejection. How long the
   * service remembers a token is not documented. Rejects with IllegalArgument for any other id.
   */
  resendMessage(id: string, args?: CallArgs): Promise<CallResult<SendMessageResponse>> {
    return this.#call(args, () => {
      const chat = this.#chat;
      const options = callOptions(args);
      chat.participant.check("SendMessage");
      return chat.conversation.outgoing.resend(
        id,
        async () => (await chat.participant.getPage(NEWEST_PAGE, options)).Transcript,
        (message) => sendMessage(chat, message, options),
        (job) => chat.outbox.push(job, options),
      );
    });
  }

  /**
   * SendEvent. Typing is throttled unless a custom client sends it: a call within ten seconds of another resolves with that
   * one's result. Receipts are gathered; one that was sent before resolves `{message: "Event already fired"}`.
   */
  sendEvent(args: SendEventArgs): Promise<EventResult> {
    return this.#settle(args, () => {
      const event = checked("sendEvent", args);
      const options = callOptions(args);
      const kind = receiptKindOf(event.contentType);
      if (kind !== undefined) return gatherReceipt(this.#chat, kind, event, args, options);
      return this.#call(args, () => {
        const { participant, setup, typing } = this.#chat;
        if (event.contentType !== TYPING) return participant.sendEvent(event, options);
        participant.check("SendEvent");
        const send = (): Promise<SendEventResponse | undefined> =>
          participant.sendEvent(event, { ...options, policy: RETRY.once });
        return isBundled(setup.client) ? typing.send(send) : send();
      });
    });
  }

  /** SendEvent of a receipt, at once: past the switch of receipts and their window. */
  sendMessageReceipt(args: SendMessageReceiptArgs): Promise<CallResult<SendEventResponse>> {
    return this.#call(args, async () => {
      const { event: kind, messageId, clientToken } = checkedReceipt(args);
      const content = JSON.stringify({ messageId });
      const contentType = RECEIPT_CONTENT_TYPE[kind];
      const data = await this.#chat.participant.sendEvent(
        { contentType, content, clientToken },
        callOptions(args),
      );
      this.#chat.conversation.receipts.markSent(kind, messageId);
      return data;
    });
  }

  /** GetTranscript. */
  getTranscript(args?: GetTranscriptArgs): Promise<CallResult<GetTranscriptData>> {
    return this.#call(args, async () => {
      const query = checked("getTranscript", args === undefined ? {} : args);
      const caller = this.#transcriptFetch.callerOf(args);
      const { participant } = this.#chat;
      const asked =
        caller === "library"
          ? participant.getPage(query, { isOwn: true })
          : participant.getTranscript(query, callOptions(args));
      const data = await asked.catch((error: unknown) => {
        throw transcriptFailure(error, query);
      });
      if (isPage(data)) this.#chat.learn(data, query, caller);
      return data;
    });
  }

  /**
   * The transcript, item by item, page after page: `for await (const item of session.history())`. By default the newest
   * first, back to the beginning; `scanDirection: "FORWARD"` begins at a `startPosition`, the oldest first. GetTranscript
   * for each page of `maxResults` (default 100); what that rejects with ends the iteration.
   */
  history(args?: HistoryArgs | null): AsyncGenerator<ChatTranscriptItem, void, undefined> {
    const items = this.#items(args);
    const next = items.next.bind(items);
    items.next = () => this.#settle(args, next);
    return items;
  }

  async *#items(args?: HistoryArgs | null): AsyncGenerator<ChatTranscriptItem, void, undefined> {
    const { scanDirection = "BACKWARD" } = args ?? {};
    const sortOrder = scanDirection === "FORWARD" ? "ASCENDING" : "DESCENDING";
    const tokens = new Set<string>();
    let nextToken: string | null = null;
    do {
      const { data }: CallResult<GetTranscriptData> = await this.getTranscript({
        maxResults: NEWEST_PAGE.maxResults,
        ...args,
        sortOrder,
        nextToken,
      });
      const page = pageOf(data);
      nextToken = page.Transcript.length > 0 ? (page.NextToken ?? null) : null;
      if (nextToken && tokens.has(nextToken)) {
        throw new ChatError(
          "InvalidResponse",
          "GetTranscript gave the same NextToken twice: its pages would never end. Look at the endpoint or the customChatClient.",
        );
      }
      if (nextToken) tokens.add(nextToken);
      yield* page.Transcript;
    } while (nextToken);
  }

  snapshot(): ChatSnapshot | null {
    const { contactId, participantId } = this.#chat.setup;
    const progress = this.#chat.conversation.progress;
    return progress && { version: 1, contactId, participantId, ...progress };
  }

  /** StartAttachmentUpload, the file to the storage, CompleteAttachmentUpload; a step that fails ends it. */
  sendAttachment(args: SendAttachmentArgs | SendBlobArgs): Promise<CallResult<unknown>> {
    return this.#call(args, () => {
      const { attachment } = checked("sendAttachment", args);
      return this.#chat.participant.sendAttachment(attachment, args.metadata, callOptions(args));
    });
  }

  /** GetAttachment, then the file: resolves the Blob itself, with `metadata` set on it. */
  downloadAttachment(args: DownloadAttachmentArgs): Promise<Blob & { metadata: unknown }> {
    return this.#settle(args, async () => {
      const { attachmentId } = checked("downloadAttachment", args);
      const blob = await this.#chat.participant.downloadAttachment(attachmentId, attachmentOptions(args));
      return Object.assign(blob, { metadata: metadataOf(args) });
    });
  }

  /** GetAttachment: resolves the signed URL of the file, as a string. */
  getAttachmentURL(args: GetAttachmentURLArgs): Promise<string> {
    return this.#settle(args, () => {
      const { attachmentId } = checked("getAttachmentURL", args);
      return this.#chat.participant.getAttachmentURL(attachmentId, attachmentOptions(args));
    });
  }

  /** DescribeView. */
  describeView(args: DescribeViewArgs): Promise<CallResult<DescribeViewResponse>> {
    return this.#call(args, () => {
      const { viewToken } = checked("describeView", args);
      return this.#chat.participant.describeView(viewToken, callOptions(args));
    });
  }

  /** GetAuthenticationUrl. */
  getAuthenticationUrl(args: GetAuthenticationUrlArgs): Promise<CallResult<GetAuthenticationUrlResponse>> {
    return this.#call(args, () => {
      const { redirectUri, sessionId } = checked("getAuthenticationUrl", args);
      return this.#chat.participant.getAuthenticationUrl(redirectUri, sessionId, callOptions(args));
    });
  }

  /** CancelParticipantAuthentication. */
  cancelParticipantAuthentication(args: CancelParticipantAuthenticationArgs): Promise<CallResult<unknown>> {
    return this.#call(args, () => {
      const { sessionId } = checked("cancelParticipantAuthentication", args);
      return this.#chat.participant.cancelParticipantAuthentication(sessionId, callOptions(args));
    });
  }

  /** DisconnectParticipant, after the messages before it. The session ends when the service sends chat.ended. */
  disconnectParticipant(args?: CallArgs): Promise<CallResult<unknown>> {
    return this.#call(args, () => {
      const chat = this.#chat;
      const options = callOptions(args);
      return chat.outbox.push(
        async () => {
          const called = chat.participant.disconnect(options);
          const hadEnded = chat.hasEnded();
          const data = await called.catch((error: unknown) => {
            // Its answer was lost, its effect was not: the chat has ended meanwhile.
            if (!hadEnded && chat.hasEnded()) return {};
            throw error;
          });
          chat.participantDisconnected();
          return data;
        },
        { ...options, maxWaitMs: DISCONNECT_WAITS_MS },
      );
    });
  }

  cleanUpOnParticipantDisconnect(): void {
    this.#chat.events.bus.clear();
  }

  reset(): Promise<void> {
    if (this.#isDisposed) return Promise.resolve();
    const { setup, platform, logger } = this.#chat;
    this.#chat.dispose("the session was reset.");
    this.#chat = this.#newChat({ ...setup, resume: null }, platform, logger);
    return Promise.resolve();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#chat.dispose("the session was disposed of. Create a session for another chat.");
  }

  on<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe {
    return this.#chat.events.on(name, handler, options);
  }

  /** As `on`, for the next time only. */
  once<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe {
    return this.#chat.events.on(name, handler, options, true);
  }

  /**
   * As `on…`, by the name that handlers get as their second argument: `subscribe("INCOMING_MESSAGE", handler)`. Each `on…`
   * of the session calls it with the handler it was given. An unknown name adds nothing.
   */
  subscribe(
    eventName: string,
    handler: (event: unknown, name: string) => unknown,
    options?: SubscribeOptions,
  ): Unsubscribe {
    const name = nameOfPublic(eventName);
    return name ? this.on(name, handler, options) : () => undefined;
  }

  /** Success as `{data, metadata}`. */
  #call<Data>(args: unknown, run: () => Promise<Data | undefined>): Promise<CallResult<Data>> {
    return this.#settle(args, async () => success(await run(), args));
  }

  /**
   * A failure, thrown at once or later, is a rejection that carries `metadata`. A promise that was pending at `dispose()` or
   * `reset()` never causes an `unhandledrejection`.
   */
  #settle<Result>(args: unknown, run: () => Promise<Result>): Promise<Result> {
    const chat = this.#chat;
    const wasReleased = chat.isReleased();
    const outcome = this.#run(args, run, ({ code }) => {
      const isCausedByRelease = code === "Aborted" || code === "IllegalState";
      if (wasReleased || !chat.isReleased() || !isCausedByRelease) return;
      // The outcome rejects right after this, and is looked at only then.
      void Promise.resolve().then(() => outcome.catch(() => undefined));
    });
    return outcome;
  }

  async #run<Result>(
    args: unknown,
    run: () => Promise<Result>,
    failed: (error: ChatError) => void,
  ): Promise<Result> {
    try {
      return await run();
    } catch (thrown) {
      const error = toChatError(thrown, "ClientError", "The call failed.");
      error.metadata = metadataOf(args);
      failed(error);
      // Without its message, which may quote an argument that stands in the wrong place.
      this.#chat.logger.debug("A call was rejected", { code: error.code, field: error.field });
      throw error;
    }
  }
}

/** A message waits in the outbox of the chat that it was given to: a reset must not carry it over to another. */
const sendMessage = (
  chat: Chat,
  message: OutgoingMessage,
  options: CallOptions,
): Promise<SendMessageResponse | undefined> =>
  chat.participant.sendMessage(message, {
    ...options,
    hold: chat.offlineHold,
    onHold: () => chat.outbox.hurry(),
  });

/** A receipt's rejection also has the arguments, those that were refused here included. */
function checkedReceipt(args: unknown): CheckedReceipt {
  try {
    return checked("sendMessageReceipt", args);
  } catch (error) {
    throw receiptFailure(error, args);
  }
}
