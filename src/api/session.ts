/** A session: its calls, and its controller. */
import type { GlobalBlob } from "../util/global-types";
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
  OptionalMetadata,
  SendAttachmentArgs,
  SendBlobArgs,
  SendEventArgs,
  SendMessageArgs,
  SendMessageReceiptArgs,
} from "./arguments";
import type {
  CallResult,
  ChatDetails,
  ConnectResult,
  DescribeViewResult,
  GetAuthenticationUrlResult,
  GetTranscriptResult,
  SendAttachmentResult,
  SendEventCallResult,
  SendEventResult,
  SendMessageResult,
  WithMetadata,
} from "./calls";
import type { ConnectionState, ConnectionStatus } from "./connection";
import type {
  ChatEventHandler,
  ChatEventMethods,
  ChatEventName,
  SubscribeOptions,
  Unsubscribe,
} from "./events";
import type { ChatTranscriptItem } from "./items";
import type { ChatSnapshot } from "./snapshot";

/**
 * The calls of a session. Some applications use the controller in place of the session, so it has every call.
 *
 * A call that returns a promise never throws: every failure, bad arguments included, is a rejection with a `ChatError`.
 * Besides the codes that a call names, the calls to the service reject with:
 * - `IllegalState` before `connect()`, and once the service has ended the chat (views and sign-in excepted).
 * - `Aborted` when the call's `signal` is aborted, or the session is reset or disposed of.
 * - `NetworkError`, `Timeout`, `ServiceError` or `InvalidResponse` when the service can't be reached or refuses, after
 *   retries where those may help; with a custom client also `ClientError`.
 *
 * `metadata` is returned with the type that it was given.
 */
export interface ChatController {
  readonly contactId: string;
  /** The state of the connection at this moment. */
  readonly connectionState: ConnectionState;

  /**
   * Connects the session: CreateParticipantConnection, then the socket. Resolves when the service has accepted; the socket
   * opens right after. While pending or connected, another call has the same outcome; after a failure it tries again.
   * @throws as a rejection: `IllegalState` once the chat has ended. The error also has `connectSuccess: false`,
   * `connectCalled: true` and `_debug`.
   * @example
   * session.onMessage(({ data }) => show(data.DisplayName, data.Content));
   * await session.connect();
   */
  connect<M = null>(args?: ConnectArgs & OptionalMetadata<M>): Promise<ConnectResult<M>>;

  /**
   * Sends a message: SendMessage. Messages are sent one at a time, in the order of the calls. Retries keep the idempotency
   * token, so the message is delivered once.
   * @throws as a rejection: `IllegalArgument` for a `message` that isn't a string or an unknown `contentType`. The error of
   * a message that may be sent again has `messageId`, for `resendMessage()`.
   * @example
   * const { data } = await session.sendMessage({ message: "Hello", contentType: "text/plain" });
   * show(data.Id, data.AbsoluteTime);
   */
  sendMessage<M = null>(
    args: SendMessageArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendMessageResult, M>>;

  /**
   * Sends a message that failed again, under the same idempotency token: SendMessage, after a GetTranscript that shows
   * whether the message had arrived after all. `id` is its `Id` in the transcript, and `messageId` of the rejection. How
   * long the service remembers a token isn't documented.
   * @throws as a rejection: `IllegalArgument` for any other ID.
   * @example
   * import { isChatError } from "amazon-connect-chatjs";
   *
   * try {
   *   await session.sendMessage({ message: "Hello", contentType: "text/plain" });
   * } catch (error) {
   *   if (isChatError(error) && error.messageId) await session.resendMessage(error.messageId);
   * }
   */
  resendMessage<M = null>(
    id: string,
    args?: CallArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendMessageResult, M>>;

  /**
   * Sends an event: SendEvent. Typing is sent at most once in ten seconds; a call in between resolves with the earlier
   * call's result. Receipts are batched as `features.messageReceipts` says; one that was sent before resolves without
   * `data`.
   * @throws as a rejection: `IllegalArgument` for an unknown `contentType`, or `content` that JSON can't hold.
   * @example
   * await session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" });
   */
  sendEvent<M = null>(args: SendEventArgs & OptionalMetadata<M>): Promise<SendEventCallResult<M>>;

  /**
   * Sends a receipt at once: SendEvent. It ignores `features.messageReceipts`.
   * @throws as a rejection: `IllegalArgument` for an unknown `event`, or without an ID. The error also has `errorMessage`
   * and `data`, the arguments.
   */
  sendMessageReceipt<M = null>(
    args: SendMessageReceiptArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendEventResult, M>>;

  /**
   * Fetches a page of the transcript: GetTranscript. By default the newest 15 items, the oldest of them first.
   * @throws as a rejection: `IllegalArgument` for an argument of the wrong kind.
   * @example
   * const { data } = await session.getTranscript({ maxResults: 100 });
   * for (const item of data.Transcript) show(item.DisplayName, item.Content);
   */
  getTranscript<M = null>(
    args?: GetTranscriptArgs & OptionalMetadata<M>,
  ): Promise<CallResult<GetTranscriptResult, M>>;

  /**
   * Iterates over the transcript, item by item: GetTranscript for each page of `maxResults` (default 100). By default the
   * newest item comes first; with `scanDirection: "FORWARD"` and a `startPosition`, the oldest.
   * @throws as a rejection of the iterator: what GetTranscript rejects with; `InvalidResponse` if its pages never end.
   * @example
   * for await (const item of session.history()) show(item.DisplayName, item.Content);
   */
  history(args?: HistoryArgs | null): AsyncGenerator<ChatTranscriptItem, void, undefined>;

  /**
   * Sends a file: StartAttachmentUpload, the file to the storage, CompleteAttachmentUpload. The instance's settings decide
   * which sizes and extensions it accepts.
   * @throws as a rejection: `IllegalArgument` for an empty file or another kind of value; `StorageError` if the storage
   * refuses. `stage` names the step that failed.
   * @example
   * await session.sendAttachment({
   *   attachment: file,
   *   onProgress: ({ loadedBytes, totalBytes }) => show(loadedBytes, totalBytes),
   * });
   */
  sendAttachment<M = null>(
    args: (SendAttachmentArgs | SendBlobArgs) & OptionalMetadata<M>,
  ): Promise<CallResult<SendAttachmentResult, M>>;

  /**
   * Downloads a file: GetAttachment, then the file from the storage. Resolves with the Blob itself, with `metadata` set on
   * it.
   * @throws as a rejection: `IllegalArgument` for an `attachmentId` that isn't a string; `StorageError` if the storage
   * refuses. `stage` names the step that failed.
   */
  downloadAttachment<M = null>(
    args: DownloadAttachmentArgs & OptionalMetadata<M>,
  ): Promise<WithMetadata<GlobalBlob, M>>;

  /** As the original library declares it. In fact a string carries no `metadata`; only a rejection returns it. */
  getAttachmentURL<M>(
    args: GetAttachmentURLArgs & Required<OptionalMetadata<M>>,
  ): Promise<WithMetadata<string, M>>;
  /**
   * Fetches the signed URL of a file: GetAttachment. Resolves with the URL, a string.
   * @throws as a rejection: `IllegalArgument` for an `attachmentId` that isn't a string.
   */
  getAttachmentURL(args: GetAttachmentURLArgs): Promise<string>;

  /**
   * Fetches the view that a view token names: DescribeView.
   * @throws as a rejection: `IllegalArgument` without a view token.
   */
  describeView<M = null>(
    args: DescribeViewArgs & OptionalMetadata<M>,
  ): Promise<CallResult<DescribeViewResult, M>>;

  /**
   * Fetches the address where the customer signs in: GetAuthenticationUrl.
   * @throws as a rejection: `IllegalArgument` for an argument that isn't a string.
   */
  getAuthenticationUrl<M = null>(
    args: GetAuthenticationUrlArgs & OptionalMetadata<M>,
  ): Promise<CallResult<GetAuthenticationUrlResult, M>>;

  /**
   * Declines to sign in: CancelParticipantAuthentication.
   * @throws as a rejection: `IllegalArgument` for a `sessionId` that isn't a string.
   */
  cancelParticipantAuthentication<M = null>(
    args: CancelParticipantAuthenticationArgs & OptionalMetadata<M>,
  ): Promise<CallResult<void, M>>;

  /**
   * Ends the customer's part in the chat: DisconnectParticipant, after the messages before it. The session ends when the
   * service sends `chat.ended`.
   */
  disconnectParticipant<M = null>(args?: CallArgs & OptionalMetadata<M>): Promise<CallResult<void, M>>;

  /** The details of the session and its connection, at this moment. */
  getChatDetails(): ChatDetails;

  /** The state of the connection by the original library's names: NeverEstablished, Establishing, Established, Broken. */
  getConnectionStatus(): ConnectionStatus;

  /**
   * Subscribes a handler by the event's name in `ChatEventMap`; `on("message", f)` is `onMessage(f)`.
   * @throws `IllegalArgument` at once for an unknown name, or a handler that isn't a function.
   */
  on<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /** As `on`, for the next event only. */
  once<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /**
   * Subscribes a handler by the name that handlers receive as their second argument:
   * `subscribe("INCOMING_MESSAGE", handler)`. Each `on…` of the session calls it. An unknown name subscribes nothing.
   */
  subscribe(
    eventName: string,
    handler: (event: unknown, name: string) => unknown,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /**
   * How far this session has come, as plain data for `create({ …, resume })` on the next page. Store it after each event,
   * for instance in sessionStorage. Null before `connect()`.
   * @example
   * session.onMessage(() => sessionStorage.setItem("chat", JSON.stringify(session.snapshot())));
   */
  snapshot(): ChatSnapshot | null;

  /** Removes every handler. */
  cleanUpOnParticipantDisconnect(): void;

  /** Closes the socket and forgets everything, handlers included. The contact continues; `connect()` starts from scratch. */
  reset(): Promise<void>;

  /** Releases the connection, the timers and the handlers for good. The contact continues. */
  dispose(): void;
}

/** What only one type of session has, or only the controller. */
type NotShared =
  "contactId" | "connectionState" | "subscribe" | "disconnectParticipant" | "cleanUpOnParticipantDisconnect";

/** What customers' and agents' sessions share. */
export interface ChatSessionInterface
  extends ChatEventMethods, Pick<ChatController, Exclude<keyof ChatController, NotShared>> {
  /** The same calls, and `contactId` and `subscribe`: some applications use it in place of the session. */
  readonly controller: ChatController;
  /** The state of the connection at this moment; `onConnectionStateChanged` reports each change. */
  readonly connectionState: ConnectionState;
}

/** A customer's chat. */
export interface CustomerChatSession
  extends ChatSessionInterface, Pick<ChatController, "disconnectParticipant"> {}

/** An agent's chat. */
export interface AgentChatSession
  extends ChatSessionInterface, Pick<ChatController, "cleanUpOnParticipantDisconnect"> {}
