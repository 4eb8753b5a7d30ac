/** The bundle's entry: installs the library into the `connect` global, and exports the same objects by name. */
import "./globals";
import type * as errors from "./errors";
import { installNamespace, streamsPage } from "./namespace";
import type * as client from "./participant/chat-client";
import { browserPlatform } from "./platform";
import { createLibrary, type ChatSessionObject } from "./session/library";

const library = createLibrary(browserPlatform, streamsPage);
const namespace = installNamespace(library);

// The very objects that stand in the global, whichever copy of the library put them there.
/** Where everything begins: `connect.ChatSession`. */
export const ChatSession = namespace.ChatSession ?? library.ChatSession;
/** The library's logging, for the application's own lines as well: `connect.LogManager`. */
export const LogManager = namespace.LogManager ?? library.LogManager;
/** Client-side metrics, for the application's own as well: `connect.csmService`. */
export const csmService = namespace.csmService ?? library.csmService;
/** What `ChatSession` is: `connect.ChatJS`. This package, if that is another library's and says nothing about itself. */
export const ChatJS = namespace.ChatJS ?? library.ChatJS;
/** The numbers: with Streams on the page, `connect.LogLevel` is its own, of names. */
export const LogLevel = ChatSession.LogLevel;

// What stands in the global may be upstream's, which lacks these.
const bases: ChatSessionObject = { ...library.ChatSession, ...ChatSession };
/** What every failure is. */
export const ChatError = bases.ChatError;
/** Whether something is a `ChatError`, of this copy of the library or another. */
export const isChatError = bases.isChatError;
/** The base class of a custom chat client: `connect.ChatClient`. */
export const ChatClient = bases.ChatClient;
/** What every failure is. */
export type ChatError = errors.ChatError;
/** The base class of a custom chat client: `connect.ChatClient`. */
export type ChatClient = client.ChatClient;

export type * from "./session/types";
export type { AnsweredBy, ChatErrorCode, ChatErrorDetails } from "./errors";
export type { ConnectionCause, ConnectionCode } from "./connection/causes";
export type {
  ConnectionState,
  ConnectionStateChange,
  ConnectionStatus,
} from "./conversation/connection-state";
export type { ChatWebSocketManager } from "./connection/manager-events";
export type {
  ChatLogger as LibraryLogger,
  ChatLogSink,
  LoggerConfig,
  LogManagerObject,
} from "./observability/logger";
export type { CallOptions, ServiceAnswer, TransferProgress } from "./participant/chat-client";
export type { GetTranscriptQuery } from "./participant/types";
export type { MessagesRecovered } from "./conversation/recovery";
export type { CallArgs, HistoryArgs } from "./session/arguments";
export type { MessageRecoveryConfig, MessageSendingConfig } from "./session/global-config";
export type { StartChatContactAnswer } from "./session/create";
export type {
  CallResult,
  ConnectionDetails,
  ConnectResult,
  SendEventCallResult,
} from "./session/types/calls";
export type {
  ChatEvent,
  ChatEventHandler,
  ChatEventMap,
  ChatEventMethods,
  ChatEventName,
} from "./session/types/events";
export type { ChatMessageMetadata } from "./session/types/items";
export type { FeatureFlags } from "./session/types/library";
export type { ParticipantRole } from "./item";
export type { ChatSnapshot } from "./conversation/snapshot";
export type { SubscribeOptions, Unsubscribe } from "./util/event-bus";
