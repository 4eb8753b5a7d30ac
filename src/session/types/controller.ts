/** A session's calls, as applications know them. */
import type { ConnectionState, ConnectionStatus } from "../../conversation/connection-state";
import type { ChatSnapshot } from "../../conversation/snapshot";
import type { SubscribeOptions, Unsubscribe } from "../../util/event-bus";
import type { GlobalBlob } from "../../util/global-types";
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
} from "../arguments";
import type {
  CallResult,
  ChatDetails,
  ConnectResult,
  DescribeViewResult,
  GetAuthenticationUrlResult,
  GetTranscriptResult,
  OptionalMetadata,
  SendAttachmentResult,
  SendEventCallResult,
  SendEventResult,
  SendMessageResult,
  WithMetadata,
} from "./calls";
import type { ChatEventHandler, ChatEventName } from "./events";
import type { ChatTranscriptItem } from "./items";

/**
 * The calls, typed for who calls them: `metadata` comes back as the type it was given as. Each rejects with a
 * `ChatError`, bad arguments and wrong state included; none throws.
 */
interface TypedCalls {
  /**
   * CreateParticipantConnection, then the socket. Resolves when the service has accepted; the socket opens right after.
   * While pending or connected it answers with the same outcome; after a failure it tries anew. Its rejection carries
   * `connectSuccess: false` and `_debug: {reason, _debug}`.
   */
  connect<M = null>(args?: ConnectArgs & OptionalMetadata<M>): Promise<ConnectResult<M>>;

  /** SendMessage. Messages leave one at a time, in the order they were sent; a retry keeps its idempotency token. */
  sendMessage<M = null>(
    args: SendMessageArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendMessageResult, M>>;

  /**
   * Sends a message that failed once more, under the same idempotency token: SendMessage, after a GetTranscript that tells
   * whether it had arrived all the same. `id` is its `Id` in the transcript, and `messageId` of the rejection. How long the
   * service remembers a token is not documented. Rejects with IllegalArgument for any other id.
   */
  resendMessage<M = null>(
    id: string,
    args?: CallArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendMessageResult, M>>;

  /**
   * SendEvent. Typing goes out once in ten seconds; a call in between resolves with the earlier one's result. Receipts are
   * gathered and throttled as `features.messageReceipts` says; one that was sent before resolves without `data`.
   */
  sendEvent<M = null>(args: SendEventArgs & OptionalMetadata<M>): Promise<SendEventCallResult<M>>;

  /** SendEvent of a receipt, at once: past the switch of receipts and their window. */
  sendMessageReceipt<M = null>(
    args: SendMessageReceiptArgs & OptionalMetadata<M>,
  ): Promise<CallResult<SendEventResult, M>>;

  /** GetTranscript: by default the newest 15 items, the oldest of them first. */
  getTranscript<M = null>(
    args?: GetTranscriptArgs & OptionalMetadata<M>,
  ): Promise<CallResult<GetTranscriptResult, M>>;

  /**
   * The transcript, item by item, page after page: `for await (const item of session.history())`. By default the newest
   * first, back to the beginning; `scanDirection: "FORWARD"` begins at a `startPosition`, the oldest first. GetTranscript
   * for each page of `maxResults` (default 100); what that rejects with ends the iteration.
   */
  history(args?: HistoryArgs | null): AsyncGenerator<ChatTranscriptItem, void, undefined>;

  /**
   * StartAttachmentUpload, the file to the storage, CompleteAttachmentUpload; a step that fails ends it. Which sizes and
   * extensions are accepted is up to the instance's settings.
   */
  sendAttachment<M = null>(
    args: (SendAttachmentArgs | SendBlobArgs) & OptionalMetadata<M>,
  ): Promise<CallResult<SendAttachmentResult, M>>;

  /** GetAttachment, then the file: resolves the Blob itself, with `metadata` set on it. */
  downloadAttachment<M = null>(
    args: DownloadAttachmentArgs & OptionalMetadata<M>,
  ): Promise<WithMetadata<GlobalBlob, M>>;

  /** As upstream declares it. A string carries no `metadata` in truth: a rejection alone hands it back. */
  getAttachmentURL<M>(
    args: GetAttachmentURLArgs & Required<OptionalMetadata<M>>,
  ): Promise<WithMetadata<string, M>>;
  /** GetAttachment: resolves the signed URL of the file, as a string. */
  getAttachmentURL(args: GetAttachmentURLArgs): Promise<string>;

  /** DescribeView: the page that a view token stands for. */
  describeView<M = null>(
    args: DescribeViewArgs & OptionalMetadata<M>,
  ): Promise<CallResult<DescribeViewResult, M>>;

  /** GetAuthenticationUrl: where the customer signs in. */
  getAuthenticationUrl<M = null>(
    args: GetAuthenticationUrlArgs & OptionalMetadata<M>,
  ): Promise<CallResult<GetAuthenticationUrlResult, M>>;

  /** CancelParticipantAuthentication: the customer does not want to sign in. */
  cancelParticipantAuthentication<M = null>(
    args: CancelParticipantAuthenticationArgs & OptionalMetadata<M>,
  ): Promise<CallResult<void, M>>;

  /** DisconnectParticipant, after the messages before it. The session ends when the service sends `chat.ended`. */
  disconnectParticipant<M = null>(args?: CallArgs & OptionalMetadata<M>): Promise<CallResult<void, M>>;

  /** The session's details and those of its connection, at this moment. */
  getChatDetails(): ChatDetails;

  /** The state of the connection, in upstream's words: NeverEstablished, Establishing, Established, Broken. */
  getConnectionStatus(): ConnectionStatus;

  /** Adds a handler by the event's name in `ChatEventMap`; `on("message", f)` is `onMessage(f)`. */
  on<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /** As `on`, for the next time only. */
  once<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe;

  /**
   * As `on…`, by the name that handlers get as their second argument: `subscribe("INCOMING_MESSAGE", handler)`. Each `on…`
   * of the session calls it with the handler it was given. An unknown name adds nothing.
   */
  subscribe(
    eventName: string,
    handler: (event: unknown, name: string) => unknown,
    options?: SubscribeOptions,
  ): Unsubscribe;
}

/** The members that the implementing class has under these very types. */
export interface ControllerMembers {
  readonly contactId: string;
  /** The state of the connection at this moment. */
  readonly connectionState: ConnectionState;

  /**
   * How far this session has come, as plain data for `create({ …, resume })` on the next page. Keep it, for instance in
   * sessionStorage, after each event. Null before `connect()`.
   */
  snapshot(): ChatSnapshot | null;

  /** Removes every handler. */
  cleanUpOnParticipantDisconnect(): void;

  /** Closes the socket and forgets everything, handlers included. The contact goes on; `connect()` starts from scratch. */
  reset(): Promise<void>;

  /** Releases the connection, the timers and the handlers for good. The contact goes on. */
  dispose(): void;
}

/** The calls of a session. Some applications use the controller in the session's place, so it has every one. */
export interface ChatController extends TypedCalls, ControllerMembers {}
