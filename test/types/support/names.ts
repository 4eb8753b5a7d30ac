/** The types that upstream 5.3 declares in `connect`, with the number of their type parameters. */
export const UPSTREAM_TYPES = {
  AWSResponse: 1,
  AgentChatSession: 0,
  AgentChatSessionArgs: 0,
  AttachmentItem: 0,
  CSMService: 0,
  CancelParticipantAuthenticationArgs: 0,
  ChatAuthenticationInitiatedEvent: 0,
  ChatClient: 0,
  ChatConnectionBrokenEvent: 0,
  ChatConnectionEstablishedEvent: 0,
  ChatConnectionLostEvent: 0,
  ChatContentType: 0,
  ChatController: 0,
  ChatDetails: 0,
  ChatDetailsInput: 0,
  ChatEndedEvent: 0,
  ChatEventContentType: 0,
  ChatEventData: 0,
  ChatFeaturesConfig: 0,
  ChatGlobalConfig: 0,
  ChatJSObject: 0,
  ChatLogLevel: 0,
  ChatLogger: 0,
  ChatMessageContentType: 0,
  ChatMessageEvent: 0,
  ChatMetadata: 1,
  ChatParticipantDisplayNameUpdatedEvent: 0,
  ChatSessionArgs: 0,
  ChatSessionInterface: 0,
  ChatSessionObject: 0,
  ChatSessionOptions: 0,
  ChatSessionTypes: 0,
  ChatTranscriptItem: 0,
  ChatTranscriptUpdatedEvent: 0,
  ChatTypingEvent: 0,
  ConnectArgs: 0,
  ConnectChatResult: 0,
  CreateParticipantConnectionResult: 0,
  CustomerChatSession: 0,
  CustomerChatSessionArgs: 0,
  DescribeViewArgs: 0,
  DescribeViewResult: 0,
  DownloadAttachmentArgs: 0,
  GetAttachmentURLArgs: 0,
  GetAttachmentURLResult: 0,
  GetAuthenticationUrlArgs: 0,
  GetAuthenticationUrlResult: 0,
  GetTranscriptArgs: 0,
  GetTranscriptResult: 0,
  MessageProcessingStatus: 0,
  MessageReceiptsConfig: 0,
  NetworkLinkStatus: 0,
  ParticipantServiceResponse: 1,
  SendAttachmentArgs: 0,
  SendAttachmentResult: 0,
  SendEventArgs: 0,
  SendEventResult: 0,
  SendMessageArgs: 0,
  SendMessageReceiptArgs: 0,
  SendMessageResult: 0,
  SetFeatureFlag: 0,
  SetRegionOverride: 0,
  View: 0,
  ViewContent: 0,
  ViewStatus: 0,
  ViewType: 0,
  WebSocketManager: 0,
  WithMetadata: 2,
} as const;

export type UpstreamType = keyof typeof UPSTREAM_TYPES;

/** Types that the installed upstream release doesn't declare yet. */
export const NOT_IN_UPSTREAM_YET: readonly UpstreamType[] = [
  "ChatClient",
  "ChatFeaturesConfig",
  "CreateParticipantConnectionResult",
  "MessageReceiptsConfig",
  "SendMessageReceiptArgs",
];

/** The declared values in the `connect` global. Streams declares LogLevel, WebSocketManager and Logger. */
export const GLOBAL_VALUES = ["ChatClient", "ChatJS", "ChatSession", "LogManager", "csmService"] as const;

/** Returns the type with arguments for its type parameters. */
export function withTypeArguments(name: UpstreamType): string {
  const parameters = UPSTREAM_TYPES[name];
  return parameters === 0 ? name : `${name}<${Array(parameters).fill("{ a: 1 }").join(", ")}>`;
}
