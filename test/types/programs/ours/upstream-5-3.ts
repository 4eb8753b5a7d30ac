// Uses every name that upstream 5.3 declares in the global namespace, and defines custom chat clients.
import "amazon-connect-chatjs";

/** A complete client, which has every method with upstream's parameter and result types. */
class Complete extends connect.ChatClient {
  async createParticipantConnection(
    participantToken: string | null,
    type: string[] | null,
    acknowledgeConnection: boolean | null,
  ): Promise<connect.ParticipantServiceResponse<connect.CreateParticipantConnectionResult>> {
    return call("connection", { participantToken, type, acknowledgeConnection });
  }
  async disconnectParticipant(
    connectionToken: string | null,
  ): Promise<connect.ParticipantServiceResponse<void>> {
    return call("disconnect", { connectionToken });
  }
  async sendMessage(
    connectionToken: string | null,
    content: string,
    contentType: string,
    clientToken?: string,
  ): Promise<connect.ParticipantServiceResponse<connect.SendMessageResult>> {
    return call("message", { connectionToken, content, contentType, clientToken });
  }
  async sendEvent(
    connectionToken: string | null,
    contentType: string,
    content: string | object | null,
    clientToken?: string,
  ): Promise<connect.ParticipantServiceResponse<connect.SendEventResult>> {
    return call("event", { connectionToken, content, contentType, clientToken });
  }
  async getTranscript(
    connectionToken: string | null,
    args: connect.GetTranscriptArgs,
  ): Promise<connect.ParticipantServiceResponse<connect.GetTranscriptResult>> {
    const { maxResults, sortOrder, scanDirection, startPosition, nextToken, contactId } = args;
    const from = startPosition?.id ?? startPosition?.absoluteTime ?? startPosition?.mostRecent;
    return call("transcript", {
      connectionToken,
      maxResults,
      sortOrder,
      scanDirection,
      from,
      nextToken,
      contactId,
    });
  }
  override async sendAttachment(
    connectionToken: string | null,
    attachment: File,
    metadata?: unknown,
  ): Promise<connect.ParticipantServiceResponse<connect.SendAttachmentResult>> {
    return call("attachment", { connectionToken, name: attachment.name, metadata });
  }
  override async downloadAttachment(connectionToken: string | null, attachmentId: string): Promise<Blob> {
    return new Blob([`${connectionToken ?? ""}${attachmentId}`]);
  }
  override async getAttachmentURL(connectionToken: string | null, attachmentId: string): Promise<string> {
    return `https://a.b/${connectionToken ?? ""}/${attachmentId}`;
  }
  override async describeView(
    viewToken: string,
    connectionToken: string | null,
  ): Promise<connect.ParticipantServiceResponse<connect.DescribeViewResult>> {
    return call("view", { viewToken, connectionToken });
  }
  override async getAuthenticationUrl(
    connectionToken: string | null,
    redirectUri: string,
    sessionId: string,
  ): Promise<connect.ParticipantServiceResponse<connect.GetAuthenticationUrlResult>> {
    return call("authentication", { connectionToken, redirectUri, sessionId });
  }
  override async cancelParticipantAuthentication(
    connectionToken: string | null,
    sessionId: string,
  ): Promise<connect.ParticipantServiceResponse<void>> {
    return call("cancel", { connectionToken, sessionId });
  }
}

declare function call<D>(operation: string, body: object): Promise<connect.ParticipantServiceResponse<D>>;

/** A minimal client as a JavaScript programmer would write it. Its calls resolve with only `data` or without a value. */
class Minimal extends connect.ChatSession.ChatClient {
  async createParticipantConnection() {
    return { data: { Websocket: { Url: "wss://a.b", ConnectionExpiry: "" } } };
  }
  async disconnectParticipant() {}
  async sendMessage() {
    return {};
  }
  async sendEvent(_token: string | null, contentType: string, content: string | null) {
    return { data: { Id: contentType + (content ?? ""), AbsoluteTime: "" } };
  }
  async getTranscript(_token: string | null, args: connect.GetTranscriptArgs) {
    return { data: { InitialContactId: String(args.maxResults), NextToken: "", Transcript: [] } };
  }
}

// @ts-expect-error every required method is missing
export class Empty extends connect.ChatClient {}
// @ts-expect-error the class is abstract
new connect.ChatClient();

export const sameClass: typeof connect.ChatClient = connect.ChatSession.ChatClient;
const clients: connect.ChatClient[] = [new Complete(), new Minimal()];
connect.ChatSession.setGlobalConfig({ customChatClient: clients[0] ?? null });
connect.ChatSession.create({
  type: "CUSTOMER",
  chatDetails: { contactId: "c", participantId: "p" },
  options: { customChatClient: clients[1] ?? null },
});

/** Every name that upstream 5.3 declares in the namespace. */
export interface Names {
  a: [
    connect.ChatSessionObject,
    connect.ChatSessionTypes,
    connect.ChatSessionOptions,
    connect.ChatSessionArgs,
  ];
  b: [connect.ChatSessionInterface, connect.ChatJSObject, connect.ChatDetails, connect.ChatDetailsInput];
  c: [connect.ChatClient, connect.ChatLogLevel, connect.ChatLogger, connect.ChatGlobalConfig];
  d: [
    connect.ChatFeaturesConfig,
    connect.ChatController,
    connect.ChatMetadata<1>,
    connect.ChatTranscriptItem,
  ];
  e: [
    connect.ChatEventData,
    connect.ChatContentType,
    connect.ChatEventContentType,
    connect.ChatMessageContentType,
  ];
  f: [
    connect.ChatConnectionBrokenEvent,
    connect.ChatConnectionEstablishedEvent,
    connect.ChatConnectionLostEvent,
  ];
  g: [
    connect.ChatEndedEvent,
    connect.ChatMessageEvent,
    connect.ChatTranscriptUpdatedEvent,
    connect.ChatTypingEvent,
  ];
  h: [connect.ChatAuthenticationInitiatedEvent, connect.ChatParticipantDisplayNameUpdatedEvent];
  i: [connect.CustomerChatSession, connect.CustomerChatSessionArgs];
  j: [connect.AgentChatSession, connect.AgentChatSessionArgs];
  k: [connect.SendMessageArgs, connect.SendMessageResult, connect.SendEventArgs, connect.SendEventResult];
  l: [connect.SendAttachmentArgs, connect.SendAttachmentResult, connect.DownloadAttachmentArgs];
  m: [
    connect.GetTranscriptArgs,
    connect.GetTranscriptResult,
    connect.DescribeViewArgs,
    connect.DescribeViewResult,
  ];
  n: [connect.GetAuthenticationUrlArgs, connect.GetAuthenticationUrlResult];
  o: [connect.GetAttachmentURLArgs, connect.GetAttachmentURLResult, connect.SendMessageReceiptArgs];
  p: [connect.CancelParticipantAuthenticationArgs, connect.ConnectArgs, connect.ConnectChatResult];
  q: [
    connect.CreateParticipantConnectionResult,
    connect.MessageReceiptsConfig,
    connect.MessageProcessingStatus,
  ];
  r: [
    connect.WebSocketManager,
    connect.NetworkLinkStatus,
    connect.AWSResponse<1>,
    connect.WithMetadata<{ a: 1 }, 1>,
  ];
  s: [connect.ParticipantServiceResponse<1>, connect.AttachmentItem, connect.CSMService];
  t: [connect.SetFeatureFlag, connect.SetRegionOverride];
  u: [connect.View, connect.ViewStatus, connect.ViewType, connect.ViewContent];
}
export const values = [
  connect.ChatClient,
  connect.ChatSession,
  connect.ChatJS,
  connect.LogManager,
  connect.csmService,
];
