/** All public declarations, grouped by file. */
export { ChatClient } from "./client";
export { ChatError, isChatError } from "./errors";

export type {
  CallArgs,
  CancelParticipantAuthenticationArgs,
  ConnectArgs,
  DescribeViewArgs,
  DownloadAttachmentArgs,
  GetAttachmentURLArgs,
  GetAuthenticationUrlArgs,
  GetTranscriptArgs,
  HistoryArgs,
  PickedFile,
  SendAttachmentArgs,
  SendBlobArgs,
  SendEventArgs,
  SendMessageArgs,
  SendMessageReceiptArgs,
} from "./arguments";
export type {
  AWSResponse,
  CallResult,
  ChatDetails,
  ChatMetadata,
  ConnectChatResult,
  ConnectionDetails,
  ConnectResult,
  CreateParticipantConnectionResult,
  DescribeViewResult,
  GetAttachmentURLResult,
  GetAuthenticationUrlResult,
  GetTranscriptResult,
  ParticipantServiceResponse,
  SendAttachmentResult,
  SendEventCallResult,
  SendEventResult,
  SendMessageResult,
  WithMetadata,
} from "./calls";
export type { CallOptions, GetTranscriptQuery, ServiceAnswer, TransferProgress } from "./client";
export type {
  ChatFeaturesConfig,
  ChatGlobalConfig,
  FeatureFlags,
  MessageReceiptsConfig,
  MessageRecoveryConfig,
  MessageSendingConfig,
} from "./config";
export type {
  ChatWebSocketManager,
  ConnectionCause,
  ConnectionCode,
  ConnectionState,
  ConnectionStateChange,
  ConnectionStatus,
  MessagesRecovered,
  NetworkLinkStatus,
  WebSocketManager,
} from "./connection";
export type {
  ChatContentType,
  ChatEventContentType,
  ChatMessageContentType,
  SendableContentType,
} from "./content-types";
export type {
  AgentChatSessionArgs,
  ChatDetailsInput,
  ChatSessionArgs,
  ChatSessionOptions,
  ChatSessionTypes,
  CustomerChatSessionArgs,
  StartChatContactAnswer,
} from "./create";
export type { AnsweredBy, ChatErrorCode, ChatErrorDetails } from "./errors";
export type {
  ChatAuthenticationInitiatedEvent,
  ChatConnectionBrokenEvent,
  ChatConnectionEstablishedEvent,
  ChatConnectionLostEvent,
  ChatEndedEvent,
  ChatEvent,
  ChatEventHandler,
  ChatEventMap,
  ChatEventMethods,
  ChatEventName,
  ChatMessageEvent,
  ChatParticipantDisplayNameUpdatedEvent,
  ChatTranscriptUpdatedEvent,
  ChatTypingEvent,
  SubscribeOptions,
  Unsubscribe,
} from "./events";
export type {
  AttachmentItem,
  ChatEventData,
  ChatMessageMetadata,
  ChatTranscriptItem,
  MessageProcessingStatus,
  ParticipantRole,
  View,
  ViewContent,
  ViewStatus,
  ViewType,
} from "./items";
export type {
  ChatJSObject,
  ChatSessionObject,
  CSMService,
  SetFeatureFlag,
  SetRegionOverride,
} from "./library";
export type {
  ChatLogger,
  ChatLogLevel,
  ChatLogSink,
  LibraryLogger,
  LoggerConfig,
  LogManagerObject,
} from "./logging";
export type { AgentChatSession, ChatController, ChatSessionInterface, CustomerChatSession } from "./session";
export type { ChatSnapshot } from "./snapshot";
