/** The public types under the names that upstream's declarations have, and that stand in the global `connect` as well. */
export type {
  ChatContentType,
  ChatEventContentType,
  ChatMessageContentType,
  SendableContentType,
} from "../../conversation/content-types";
export type { ChatClient } from "../../participant/chat-client";
export type {
  CancelParticipantAuthenticationArgs,
  ConnectArgs,
  DescribeViewArgs,
  DownloadAttachmentArgs,
  GetAttachmentURLArgs,
  GetAuthenticationUrlArgs,
  GetTranscriptArgs,
  PickedFile,
  SendAttachmentArgs,
  SendBlobArgs,
  SendEventArgs,
  SendMessageArgs,
  SendMessageReceiptArgs,
} from "../arguments";
export type { AgentChatSession, ChatSessionInterface, CustomerChatSession } from "../chat-session";
export type {
  AgentChatSessionArgs,
  ChatDetailsInput,
  ChatSessionArgs,
  ChatSessionOptions,
  CustomerChatSessionArgs,
} from "../create";
export type { ChatFeaturesConfig, MessageReceiptsConfig } from "../global-config";
export type { ChatJSObject, ChatSessionObject } from "../library";
export type {
  AWSResponse,
  ChatDetails,
  ChatMetadata,
  ConnectChatResult,
  CreateParticipantConnectionResult,
  DescribeViewResult,
  GetAttachmentURLResult,
  GetAuthenticationUrlResult,
  GetTranscriptResult,
  NetworkLinkStatus,
  ParticipantServiceResponse,
  SendAttachmentResult,
  SendEventResult,
  SendMessageResult,
  WithMetadata,
} from "./calls";
export type { ChatController } from "./controller";
export type {
  ChatAuthenticationInitiatedEvent,
  ChatConnectionBrokenEvent,
  ChatConnectionEstablishedEvent,
  ChatConnectionLostEvent,
  ChatEndedEvent,
  ChatMessageEvent,
  ChatParticipantDisplayNameUpdatedEvent,
  ChatTranscriptUpdatedEvent,
  ChatTypingEvent,
} from "./events";
export type {
  AttachmentItem,
  ChatEventData,
  ChatTranscriptItem,
  MessageProcessingStatus,
  View,
  ViewContent,
  ViewStatus,
  ViewType,
} from "./items";
export type {
  ChatGlobalConfig,
  ChatLogger,
  ChatLogLevel,
  ChatSessionTypes,
  CSMService,
  SetFeatureFlag,
  SetRegionOverride,
  WebSocketManager,
} from "./library";
