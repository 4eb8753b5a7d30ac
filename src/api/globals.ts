import type * as types from "./index";

/**
 * The members that the library adds to the `connect` global. They merge with Streams' declarations of the same
 * namespace. The LogLevel and WebSocketManager objects aren't declared here, because Streams declares its own.
 */
declare global {
  /**
   * The type that `history()` returns, for programs that target a version before ES2018. In other programs, this
   * declaration merges with the standard declaration and adds nothing.
   */
  // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type -- merged declarations must have the same parameter names
  interface AsyncGenerator<T, TReturn, TNext> {}

  // This is a namespace, because it must merge with Streams' namespace. Its members are interfaces where possible, so
  // that applications can augment them.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace connect {
    /** The entry point. */
    const ChatSession: ChatSessionObject;
    /** The base class for a custom chat client: `class Mine extends connect.ChatClient`. */
    const ChatClient: typeof types.ChatClient;
    /** Identifies the loaded library and its version. */
    const ChatJS: ChatJSObject;
    /** The library's log. Applications can also write to it. */
    const LogManager: types.LogManagerObject;
    /** The library's client-side metrics. Applications can add their own metrics. */
    const csmService: CSMService;

    interface ChatClient extends types.ChatClient {}
    interface AWSResponse<D> extends types.AWSResponse<D> {}
    interface AgentChatSession extends types.AgentChatSession {}
    interface AgentChatSessionArgs extends types.AgentChatSessionArgs {}
    interface AttachmentItem extends types.AttachmentItem {}
    interface CSMService extends types.CSMService {}
    interface CancelParticipantAuthenticationArgs extends types.CancelParticipantAuthenticationArgs {}
    interface ChatAuthenticationInitiatedEvent extends types.ChatAuthenticationInitiatedEvent {}
    interface ChatConnectionBrokenEvent extends types.ChatConnectionBrokenEvent {}
    interface ChatConnectionEstablishedEvent extends types.ChatConnectionEstablishedEvent {}
    interface ChatConnectionLostEvent extends types.ChatConnectionLostEvent {}
    type ChatContentType = types.ChatContentType;
    interface ChatController extends types.ChatController {}
    interface ChatDetails extends types.ChatDetails {}
    interface ChatDetailsInput extends types.ChatDetailsInput {}
    interface ChatEndedEvent extends types.ChatEndedEvent {}
    type ChatEventContentType = types.ChatEventContentType;
    interface ChatEventData extends types.ChatEventData {}
    interface ChatFeaturesConfig extends types.ChatFeaturesConfig {}
    interface ChatGlobalConfig extends types.ChatGlobalConfig {}
    interface ChatJSObject extends types.ChatJSObject {}
    interface ChatLogLevel extends types.ChatLogLevel {}
    interface ChatLogger extends types.ChatLogger {}
    type ChatMessageContentType = types.ChatMessageContentType;
    interface ChatMessageEvent extends types.ChatMessageEvent {}
    interface ChatMetadata<T> extends types.ChatMetadata<T> {}
    interface ChatParticipantDisplayNameUpdatedEvent extends types.ChatParticipantDisplayNameUpdatedEvent {}
    interface ChatSessionArgs extends types.ChatSessionArgs {}
    interface ChatSessionInterface extends types.ChatSessionInterface {}
    interface ChatSessionObject extends types.ChatSessionObject {}
    interface ChatSessionOptions extends types.ChatSessionOptions {}
    interface ChatSessionTypes extends types.ChatSessionTypes {}
    interface ChatTranscriptItem extends types.ChatTranscriptItem {}
    interface ChatTranscriptUpdatedEvent extends types.ChatTranscriptUpdatedEvent {}
    interface ChatTypingEvent extends types.ChatTypingEvent {}
    interface ConnectArgs extends types.ConnectArgs {}
    interface ConnectChatResult extends types.ConnectChatResult {}
    interface CreateParticipantConnectionResult extends types.CreateParticipantConnectionResult {}
    interface CustomerChatSession extends types.CustomerChatSession {}
    interface CustomerChatSessionArgs extends types.CustomerChatSessionArgs {}
    interface DescribeViewArgs extends types.DescribeViewArgs {}
    interface DescribeViewResult extends types.DescribeViewResult {}
    interface DownloadAttachmentArgs extends types.DownloadAttachmentArgs {}
    interface GetAttachmentURLArgs extends types.GetAttachmentURLArgs {}
    interface GetAttachmentURLResult extends types.GetAttachmentURLResult {}
    interface GetAuthenticationUrlArgs extends types.GetAuthenticationUrlArgs {}
    interface GetAuthenticationUrlResult extends types.GetAuthenticationUrlResult {}
    interface GetTranscriptArgs extends types.GetTranscriptArgs {}
    interface GetTranscriptResult extends types.GetTranscriptResult {}
    interface MessageProcessingStatus extends types.MessageProcessingStatus {}
    interface MessageReceiptsConfig extends types.MessageReceiptsConfig {}
    interface NetworkLinkStatus extends types.NetworkLinkStatus {}
    type ParticipantServiceResponse<D> = types.ParticipantServiceResponse<D>;
    interface SendAttachmentArgs extends types.SendAttachmentArgs {}
    interface SendAttachmentResult extends types.SendAttachmentResult {}
    interface SendEventArgs extends types.SendEventArgs {}
    interface SendEventResult extends types.SendEventResult {}
    interface SendMessageArgs extends types.SendMessageArgs {}
    interface SendMessageReceiptArgs extends types.SendMessageReceiptArgs {}
    interface SendMessageResult extends types.SendMessageResult {}
    interface SetFeatureFlag extends types.SetFeatureFlag {}
    interface SetRegionOverride extends types.SetRegionOverride {}
    interface View extends types.View {}
    interface ViewContent extends types.ViewContent {}
    interface ViewStatus extends types.ViewStatus {}
    interface ViewType extends types.ViewType {}
    interface WebSocketManager extends types.WebSocketManager {}
    type WithMetadata<D, M> = types.WithMetadata<D, M>;
  }
}
