/** The types of sessions and of the controller that has their calls. */
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
 * A session's calls. Some applications use the controller instead of the session, so the controller has every call.
 *
 * Calls that return a promise never throw synchronously. Every failure, including an invalid argument, rejects with a
 * `ChatError`. In addition to the codes listed for each call, calls to the service reject with:
 * - `IllegalState` before `connect()` resolves, and after the service has ended the chat. After that, only the calls
 *   for views and sign-in work.
 * - `Aborted` if the call's `signal` is aborted, or the session is reset or disposed of.
 * - `NetworkError`, `Timeout`, `ServiceError`, or `InvalidResponse` if the service can't be reached or refuses the
 *   call. Temporary failures are retried first. A custom client can also cause `ClientError`.
 *
 * A result's `metadata` has the same type as the `metadata` argument.
 */
export interface ChatController {
  /** The ID of the contact. */
  readonly contactId: string;
  /** The current state of the connection. */
  readonly connectionState: ConnectionState;

  /**
   * Connects the session: calls CreateParticipantConnection, then opens the socket. Resolves when the service has
   * accepted the call. The socket opens afterward. While the session is connecting or connected, further calls have the
   * same outcome. After a failure, call `connect()` again to retry.
   * @throws Rejects with `IllegalState` after the chat has ended. The error of any rejection also has
   * `connectSuccess: false`, `connectCalled: true`, and `_debug`.
   * @example
   * session.onMessage(({ data }) => show(data.DisplayName, data.Content));
   * await session.connect();
   */
  connect<M = null>(args?: ConnectArgs & OptionalMetadata<M>): Promise<ConnectResult<M>>;

  /**
   * Sends a message (SendMessage). Messages are sent one at a time, in call order. Retries reuse the idempotency token,
   * so each message is delivered only once.
   * @throws Rejects with `IllegalArgument` if `message` isn't a string or `contentType` is unknown. If the message can
   * be resent, the error has a `messageId` to pass to `resendMessage()`.
   * @example
   * const { data } = await session.sendMessage({ message: "Hello", contentType: "text/plain" });
   * show(data.Id, data.AbsoluteTime);
   */
  sendMessage<M = null>(
    args: SendMessageArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendMessageResult, M>>;

  /**
   * Resends a failed message with its original idempotency token (SendMessage). First checks the newest transcript page
   * (GetTranscript). If the message arrived after all, resolves without sending it again. `id` is the error's
   * `messageId`, which is also the message's `Id` in the transcript. AWS doesn't document how long a token is valid.
   * @throws Rejects with `IllegalArgument` if `id` isn't the ID of a failed message.
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
   * Sends an event (SendEvent). Typing events are sent at most once every ten seconds. A call in between resolves with
   * the last event's result. Receipts are batched according to `features.messageReceipts`. If a receipt was already
   * sent, the call resolves without `data`.
   * @throws Rejects with `IllegalArgument` if `contentType` is unknown, `content` can't be converted to JSON, or a
   * receipt's `content` has no `messageId`.
   * @example
   * await session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" });
   */
  sendEvent<M = null>(args: SendEventArgs & OptionalMetadata<M>): Promise<SendEventCallResult<M>>;

  /**
   * Sends a receipt immediately (SendEvent), regardless of `features.messageReceipts`.
   * @throws Rejects with `IllegalArgument` if `event` is unknown or the message's ID is missing. That error also
   * has `errorMessage`, and the arguments as `data`.
   */
  sendMessageReceipt<M = null>(
    args: SendMessageReceiptArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendEventResult, M>>;

  /**
   * Fetches a page of the transcript (GetTranscript): by default, the newest 15 items, oldest first.
   * @throws Rejects with `IllegalArgument` if an argument has the wrong type.
   * @example
   * const { data } = await session.getTranscript({ maxResults: 100 });
   * for (const item of data.Transcript) show(item.DisplayName, item.Content);
   */
  getTranscript<M = null>(
    args?: GetTranscriptArgs & OptionalMetadata<M>,
  ): Promise<CallResult<GetTranscriptResult, M>>;

  /**
   * Iterates over the transcript's items. Fetches pages of `maxResults` items (100 by default) when they're needed
   * (GetTranscript). Yields the newest item first. With `scanDirection: "FORWARD"` and a `startPosition`, yields the
   * oldest item first.
   * @throws The iterator rejects with the same errors as `getTranscript()`, and with `InvalidResponse` if the service
   * repeats a `NextToken`, because the pages would never end.
   * @example
   * for await (const item of session.history()) show(item.DisplayName, item.Content);
   */
  history(args?: HistoryArgs | null): AsyncGenerator<ChatTranscriptItem, void, undefined>;

  /**
   * Sends a file: calls StartAttachmentUpload, uploads the file to attachment storage, and calls
   * CompleteAttachmentUpload. The Amazon Connect instance's settings determine which sizes and extensions are accepted.
   * @throws Rejects with `IllegalArgument` if `attachment` is empty or isn't a file, and with `StorageError` if
   * attachment storage refuses the upload. The error's `stage` is the step that failed.
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
   * Downloads a file: calls GetAttachment, then fetches the file from attachment storage. Resolves with the Blob
   * itself, which also has the `metadata`.
   * @throws Rejects with `IllegalArgument` if `attachmentId` isn't a string, and with `StorageError` if attachment
   * storage refuses the download. The error's `stage` is the step that failed.
   */
  downloadAttachment<M = null>(
    args: DownloadAttachmentArgs & OptionalMetadata<M>,
  ): Promise<WithMetadata<GlobalBlob, M>>;

  /**
   * Declared for compatibility with the original library. At run time, the string has no `metadata`. Only the error of
   * a rejected call has `metadata`.
   */
  getAttachmentURL<M>(
    args: GetAttachmentURLArgs & Required<OptionalMetadata<M>>,
  ): Promise<WithMetadata<string, M>>;
  /**
   * Fetches a file's signed URL (GetAttachment). Resolves with the URL as a string.
   * @throws Rejects with `IllegalArgument` if `attachmentId` isn't a string.
   */
  getAttachmentURL(args: GetAttachmentURLArgs): Promise<string>;

  /**
   * Fetches the view that a view token refers to (DescribeView).
   * @throws Rejects with `IllegalArgument` if `viewToken` is missing or empty.
   */
  describeView<M = null>(
    args: DescribeViewArgs & OptionalMetadata<M>,
  ): Promise<CallResult<DescribeViewResult, M>>;

  /**
   * Fetches the URL where the customer signs in (GetAuthenticationUrl).
   * @throws Rejects with `IllegalArgument` if `redirectUri` or `sessionId` isn't a string.
   */
  getAuthenticationUrl<M = null>(
    args: GetAuthenticationUrlArgs & OptionalMetadata<M>,
  ): Promise<CallResult<GetAuthenticationUrlResult, M>>;

  /**
   * Declines to sign in (CancelParticipantAuthentication).
   * @throws Rejects with `IllegalArgument` if `sessionId` isn't a string.
   */
  cancelParticipantAuthentication<M = null>(
    args: CancelParticipantAuthenticationArgs & OptionalMetadata<M>,
  ): Promise<CallResult<void, M>>;

  /**
   * Disconnects the customer from the chat (DisconnectParticipant). Waits up to five seconds for messages that are
   * still being sent. The session ends when the service sends `chat.ended`.
   */
  disconnectParticipant<M = null>(args?: CallArgs & OptionalMetadata<M>): Promise<CallResult<void, M>>;

  /** Returns the current details of the session and its connection. */
  getChatDetails(): ChatDetails;

  /** Returns the connection's state under its name in the original library. */
  getConnectionStatus(): ConnectionStatus;

  /**
   * Subscribes a handler to the event with this name in `ChatEventMap`. `on("message", f)` is the same as
   * `onMessage(f)`.
   * Returns a function that unsubscribes the handler.
   * @throws Throws `IllegalArgument` synchronously if `name` is unknown or `handler` isn't a function.
   */
  on<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /** Like `on()`, but only for the next event. */
  once<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /**
   * Subscribes a handler to an event, such as `subscribe("INCOMING_MESSAGE", handler)`. `eventName` is the name that
   * handlers receive as their second argument. Unknown names are ignored. Every `on…` method of a session calls this
   * method.
   */
  subscribe(
    eventName: string,
    handler: (event: unknown, name: string) => unknown,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /**
   * Returns the session's progress as plain data. Store a new snapshot after each event, for example in sessionStorage.
   * After a reload, or on the next page, pass the snapshot to `create({ …, resume })`. Returns null before `connect()`
   * resolves.
   * @example
   * session.onMessage(() => sessionStorage.setItem("chat", JSON.stringify(session.snapshot())));
   */
  snapshot(): ChatSnapshot | null;

  /** Removes all handlers. */
  cleanUpOnParticipantDisconnect(): void;

  /**
   * Closes the socket, aborts pending calls, and removes all handlers and state. The contact continues, and `connect()`
   * starts from scratch. Never rejects.
   */
  reset(): Promise<void>;

  /**
   * Closes the socket, aborts pending calls, and removes all handlers permanently. Later calls reject with
   * `IllegalState`. The contact continues.
   */
  dispose(): void;
}

/** The members that only one session type or only the controller has. */
type UnsharedMember =
  "contactId" | "connectionState" | "subscribe" | "disconnectParticipant" | "cleanUpOnParticipantDisconnect";

/** The members that customer and agent sessions share. */
export interface ChatSessionInterface
  extends ChatEventMethods, Pick<ChatController, Exclude<keyof ChatController, UnsharedMember>> {
  /**
   * An object with the same calls, and with `contactId` and `subscribe()`. Some applications use it instead of the
   * session.
   */
  readonly controller: ChatController;
  /** The current state of the connection. `onConnectionStateChanged` reports each change. */
  readonly connectionState: ConnectionState;
}

/** A customer's session. */
export interface CustomerChatSession
  extends ChatSessionInterface, Pick<ChatController, "disconnectParticipant"> {}

/** An agent's session. */
export interface AgentChatSession
  extends ChatSessionInterface, Pick<ChatController, "cleanUpOnParticipantDisconnect"> {}
