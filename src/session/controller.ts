import type { ChatController } from "../api/session";
import type { WireItem } from "../api/items";
import type {
  CallArgs,
  CancelParticipantAuthenticationArgs,
  ConnectArgs,
  DescribeViewArgs,
  DownloadAttachmentArgs,
  GetAttachmentURLArgs,
  GetAuthenticationUrlArgs,
  GetTranscriptArgs,
  HistoryArgs,
  SendAttachmentArgs,
  SendBlobArgs,
  SendEventArgs,
  SendMessageArgs,
  SendMessageReceiptArgs,
} from "../api/arguments";
import type {
  DescribeViewResponse,
  GetAuthenticationUrlResponse,
  GetTranscriptData,
  SendEventResponse,
  SendMessageResponse,
} from "../api/client";
import type { ConnectionState, ConnectionStatus } from "../api/connection";
import type { ChatEventName, SubscribeOptions, Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import type { ChatSnapshot } from "../api/snapshot";
import { TYPING } from "../conversation/content-types";
import { eventNameOf, type EmittedHandler } from "../conversation/events";
import type { Platform } from "../platform";
import { isPage } from "../item";
import { contentTypeOf } from "../participant/attachments";
import type { CallSuccess, SessionDetails } from "../participant/types";
import { attachmentOptions, callOptions, checkArguments } from "./arguments";
import { Chat } from "./chat";
import type { ChatSetup } from "./chat-setup";
import type { ConnectSuccess } from "./connect-result";
import { iterateTranscript } from "./history";
import { submitReceipt, sendReceiptNow } from "./receipt-calls";
import { settle } from "./settle";
import { metadataOf, receiptKindOf, successResult, transcriptFailure, type EventResult } from "./results";
import { TranscriptFetch } from "./transcript-fetch";

/** How long DisconnectParticipant waits for messages that are still being sent. */
const DISCONNECT_MAX_WAIT_MS = 5_000;

/**
 * The members whose types are the same as in `ChatController`. chat-session.ts declares the other public types.
 */
type SharedMembers = Pick<
  ChatController,
  "contactId" | "connectionState" | "snapshot" | "cleanUpOnParticipantDisconnect" | "reset" | "dispose"
>;

/**
 * A session's calls, which are documented in the `ChatController` interface. Applications can access the controller as
 * `session.controller`. Some applications use the controller instead of the session, so the controller has every call.
 */
export class Controller implements SharedMembers {
  readonly contactId: string;
  declare readonly connectionState: ConnectionState;
  readonly #transcriptFetch: TranscriptFetch;
  /** The current chat. `reset()` replaces it. */
  #chat: Chat;
  #isDisposed = false;

  constructor(setup: ChatSetup, platform: Platform, logger: LibraryLogger) {
    this.contactId = setup.contactId;
    this.#transcriptFetch = new TranscriptFetch(logger, (args) => this.getTranscript(args));
    this.#chat = this.#createChat(setup, platform, logger);
    // This getter is defined on the instance, because a proxy can't read a getter of a class with private fields.
    Object.defineProperty(this, "connectionState", { get: () => this.#chat.state, enumerable: true });
  }

  #createChat(setup: ChatSetup, platform: Platform, logger: LibraryLogger): Chat {
    const chat: Chat = new Chat(setup, platform, logger, async () => {
      if (chat.events.bus.has("transcriptUpdated")) await this.#transcriptFetch.run();
    });
    return chat;
  }

  connect(args?: ConnectArgs): Promise<ConnectSuccess> {
    return this.#chat.connect(args);
  }

  getChatDetails(): SessionDetails {
    return this.#chat.details;
  }

  getConnectionStatus(): ConnectionStatus {
    return this.#chat.status;
  }

  sendMessage(args: SendMessageArgs): Promise<CallSuccess<SendMessageResponse>> {
    return this.#call(args, () => {
      const chat = this.#chat;
      const {
        message,
        contentType,
        clientToken = chat.platform.uuid(),
      } = checkArguments("sendMessage", args);
      const options = callOptions(args);
      chat.participant.assertAllowed("SendMessage");
      const outgoing = { content: message, contentType, clientToken };
      return chat.conversation.outgoing.send(outgoing, options);
    });
  }

  resendMessage(id: string, args?: CallArgs): Promise<CallSuccess<SendMessageResponse>> {
    return this.#call(args, () => {
      const chat = this.#chat;
      const options = callOptions(args);
      chat.participant.assertAllowed("SendMessage");
      return chat.conversation.outgoing.resend(id, options);
    });
  }

  sendEvent(args: SendEventArgs): Promise<EventResult> {
    return this.#settle(args, () => {
      const event = checkArguments("sendEvent", args);
      const options = callOptions(args);
      const kind = receiptKindOf(event.contentType);
      return kind === undefined
        ? this.#call(args, () => {
            const { participant } = this.#chat;
            return event.contentType === TYPING
              ? participant.sendTyping(event, options)
              : participant.sendEvent(event, options);
          })
        : submitReceipt(this.#chat, kind, event, args, options);
    });
  }

  sendMessageReceipt(args: SendMessageReceiptArgs): Promise<CallSuccess<SendEventResponse>> {
    return this.#call(args, () => sendReceiptNow(this.#chat, args));
  }

  getTranscript(args?: GetTranscriptArgs): Promise<CallSuccess<GetTranscriptData>> {
    return this.#call(args, async () => {
      const query = checkArguments("getTranscript", args === undefined ? {} : args);
      const caller = this.#transcriptFetch.callerOf(args);
      const { participant } = this.#chat;
      const request =
        caller === "library"
          ? participant.getPage(query, { isInternal: true })
          : participant.getTranscript(query, callOptions(args));
      const data = await request.catch((error: unknown) => {
        throw transcriptFailure(error, query);
      });
      if (isPage(data)) this.#chat.processPage(data, query, caller);
      return data;
    });
  }

  history(args?: HistoryArgs | null): AsyncGenerator<WireItem, void, undefined> {
    const items = iterateTranscript((query) => this.getTranscript(query), args);
    const next = items.next.bind(items);
    items.next = () => this.#settle(args, next);
    return items;
  }

  snapshot(): ChatSnapshot | null {
    const { contactId, participantId } = this.#chat.setup;
    const progress = this.#chat.conversation.progress;
    return progress && { version: 1, contactId, participantId, ...progress };
  }

  sendAttachment(args: SendAttachmentArgs | SendBlobArgs): Promise<CallSuccess<unknown>> {
    return this.#call(args, () => {
      const { attachment } = checkArguments("sendAttachment", args);
      return this.#chat.participant.call("sendAttachment", [attachment, args.metadata], {
        ...callOptions(args),
        contentType: contentTypeOf(attachment),
      });
    });
  }

  downloadAttachment(args: DownloadAttachmentArgs): Promise<Blob & { metadata: unknown }> {
    return this.#settle(args, async () => {
      const { attachmentId } = checkArguments("downloadAttachment", args);
      const blob = await this.#chat.participant.call(
        "downloadAttachment",
        [attachmentId],
        attachmentOptions(args),
      );
      return Object.assign(blob, { metadata: metadataOf(args) });
    });
  }

  getAttachmentURL(args: GetAttachmentURLArgs): Promise<string> {
    return this.#settle(args, () => {
      const { attachmentId } = checkArguments("getAttachmentURL", args);
      return this.#chat.participant.call("getAttachmentURL", [attachmentId], attachmentOptions(args));
    });
  }

  describeView(args: DescribeViewArgs): Promise<CallSuccess<DescribeViewResponse>> {
    return this.#call(args, () => {
      const { viewToken } = checkArguments("describeView", args);
      return this.#chat.participant.call("describeView", [viewToken], callOptions(args));
    });
  }

  getAuthenticationUrl(args: GetAuthenticationUrlArgs): Promise<CallSuccess<GetAuthenticationUrlResponse>> {
    return this.#call(args, () => {
      const { redirectUri, sessionId } = checkArguments("getAuthenticationUrl", args);
      return this.#chat.participant.call("getAuthenticationUrl", [redirectUri, sessionId], callOptions(args));
    });
  }

  cancelParticipantAuthentication(args: CancelParticipantAuthenticationArgs): Promise<CallSuccess<unknown>> {
    return this.#call(args, () => {
      const { sessionId } = checkArguments("cancelParticipantAuthentication", args);
      return this.#chat.participant.call("cancelParticipantAuthentication", [sessionId], callOptions(args));
    });
  }

  disconnectParticipant(args?: CallArgs): Promise<CallSuccess<unknown>> {
    return this.#call(args, () => {
      const chat = this.#chat;
      const options = callOptions(args);
      return chat.conversation.outgoing.enqueue(
        async () => {
          const request = chat.participant.call("disconnectParticipant", [], {
            ...options,
            clientToken: chat.platform.uuid(),
          });
          const hadEnded = chat.hasEnded();
          const data = await request.catch((error: unknown) => {
            // No response arrived, but the chat ended during the call, so the call succeeded.
            if (!hadEnded && chat.hasEnded()) return {};
            throw error;
          });
          chat.onParticipantDisconnected();
          return data;
        },
        { ...options, maxWaitMs: DISCONNECT_MAX_WAIT_MS },
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
    this.#chat = this.#createChat({ ...setup, resume: null }, platform, logger);
    return Promise.resolve();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#chat.dispose("the session was disposed of. Create a new session.");
  }

  on<Name extends ChatEventName>(
    name: Name,
    handler: EmittedHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe {
    return this.#chat.events.on(name, handler, options);
  }

  once<Name extends ChatEventName>(
    name: Name,
    handler: EmittedHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe {
    return this.#chat.events.on(name, handler, options, true);
  }

  subscribe(
    eventName: string,
    handler: (event: unknown, name: string) => unknown,
    options?: SubscribeOptions,
  ): Unsubscribe {
    const name = eventNameOf(eventName);
    return name ? this.on(name, handler, options) : () => undefined;
  }

  /** Runs a call that resolves with `{ data, metadata }`. */
  #call<Data>(args: unknown, run: () => Promise<Data | undefined>): Promise<CallSuccess<Data>> {
    return this.#settle(args, async () => successResult(await run(), args));
  }

  #settle<Result>(args: unknown, run: () => Promise<Result>): Promise<Result> {
    return settle(this.#chat, args, run);
  }
}
