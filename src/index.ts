/** The bundle's entry: installs the library into the `connect` global, and exports the same objects by name. */
import "./globals";
import { installNamespace, streamsPage } from "./namespace";
import { browserPlatform } from "./platform";
import { createLibrary } from "./session/library";

const library = createLibrary(browserPlatform, streamsPage);
const namespace = installNamespace(library);

/** The very objects that stand in the global, whichever copy of the library put them there. */
export const ChatSession = namespace.ChatSession ?? library.ChatSession;
export const LogManager = namespace.LogManager ?? library.LogManager;
export const csmService = namespace.csmService ?? library.csmService;
export const ChatJS = namespace.ChatJS ?? library.ChatJS;
/** The numbers: with Streams on the page, `connect.LogLevel` is its own, of names. */
export const LogLevel = ChatSession.LogLevel;

export { ChatError, isChatError, type ChatErrorCode, type ChatErrorDetails } from "./errors";
export type { ConnectionState, ConnectionStateChange, ConnectionStatus } from "./connection/states";
export type { ChatWebSocketManager } from "./connection/manager-events";
export type {
  ChatContentType,
  ChatEventContentType,
  ChatMessageContentType,
} from "./conversation/content-types";
export type {
  ChatEvent,
  ChatEventData,
  ChatEventHandler,
  ChatEventMap,
  ChatEventName,
} from "./conversation/events";
export type { MessagesRecovered } from "./conversation/recovery";
export type { ChatSnapshot } from "./conversation/snapshot";
export type { ChatTranscriptItem } from "./item";
export type { ChatLogger, ChatLogSink, LoggerConfig } from "./observability/logger";
export {
  ChatClient,
  type CallOptions,
  type ServiceAnswer,
  type TransferProgress,
} from "./participant/chat-client";
export type { CallResult, ChatDetails, ConnectionDetails, GetTranscriptData } from "./participant/types";
export type {
  ConnectArgs,
  DownloadAttachmentArgs,
  GetAttachmentURLArgs,
  GetTranscriptArgs,
  HistoryArgs,
  SendAttachmentArgs,
  SendEventArgs,
  SendMessageArgs,
} from "./session/arguments";
export type { ConnectResult } from "./session/connect-result";
export type { ChatController } from "./session/chat-controller";
export type { AgentChatSession, ChatEventMethods, CustomerChatSession } from "./session/chat-session";
export type {
  AgentSessionArgs,
  ChatDetailsInput,
  ChatSessionOptions,
  CustomerSessionArgs,
} from "./session/create";
export type { ChatFeaturesConfig, ChatGlobalConfig, MessageReceiptsConfig } from "./session/global-config";
export type { ChatJSObject, ChatSessionObject, CSMService, LogManagerObject } from "./session/library";
export type { SubscribeOptions, Unsubscribe } from "./util/event-bus";
