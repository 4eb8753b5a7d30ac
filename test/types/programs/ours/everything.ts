// Uses everything that upstream's declarations lack, such as settings, PascalCase details, calls and managers.
import {
  ChatClient,
  ChatSession,
  type ChatWebSocketManager,
  type CreateParticipantConnectionResult,
} from "amazon-connect-chatjs";
import type {
  ChatFeaturesConfig,
  MessageReceiptsConfig,
  PickedFile,
  SendableContentType,
  SendMessageReceiptArgs,
} from "amazon-connect-chatjs";

declare const session: connect.CustomerChatSession;
declare const file: File;
declare const manager: ChatWebSocketManager;

const receipts: MessageReceiptsConfig = { shouldSendMessageReceipts: true, throttleTime: 5000 };
const features: ChatFeaturesConfig = { messageReceipts: receipts };

/** A minimal transport for a custom backend. */
class Backend extends ChatClient {
  async createParticipantConnection(
    participantToken: string | null,
  ): Promise<{ data: CreateParticipantConnectionResult }> {
    console.log(participantToken);
    return { data: { Websocket: { Url: "wss://a.b", ConnectionExpiry: "2026-01-01T00:00:00.000Z" } } };
  }
  async disconnectParticipant(): Promise<{ data: object }> {
    return { data: {} };
  }
  async sendMessage(
    token: string | null,
    content: string,
    contentType: string,
    clientToken?: string,
  ): Promise<{ data: connect.SendMessageResult }> {
    return { data: { Id: `${token ?? ""}${content}${contentType}${clientToken ?? ""}`, AbsoluteTime: "" } };
  }
  async sendEvent(
    _token: string | null,
    contentType: string,
    content: string | null,
  ): Promise<{ data: connect.SendEventResult }> {
    return { data: { Id: contentType + (content ?? ""), AbsoluteTime: "" } };
  }
  async getTranscript(): Promise<{ data: connect.GetTranscriptResult }> {
    return { data: { InitialContactId: "", NextToken: "", Transcript: [] } };
  }
  override async downloadAttachment(): Promise<Blob> {
    return new Blob();
  }
  override async getAttachmentURL(): Promise<string> {
    return "https://a.b";
  }
  override async describeView(viewToken: string): Promise<{ data: object }> {
    return { data: { View: { Id: viewToken } } };
  }
}

ChatSession.setGlobalConfig({
  loggerConfig: {
    level: "INFO",
    logger: { info: (line: unknown) => console.log(line) },
    advancedLogWriter: "debug",
  },
  region: null,
  stage: "prod",
  cell: "1",
  endpoint: "http://localhost:8080",
  features,
  reconnect: true,
  useDualStack: true,
  customUserAgentSuffix: "mine",
  customChatClient: new Backend(),
  csmConfig: { widgetType: "Mine" },
  webSocketManagerConfig: { isNetworkOnline: async () => true },
});
ChatSession.setGlobalConfig({ features: ["MESSAGE_RECEIPTS_ENABLED"], customChatClient: null });
ChatSession.setGlobalConfig();
ChatSession.setRegionOverride(null);

ChatSession.create({
  type: "CUSTOMER",
  chatDetails: { ContactId: "c", ParticipantId: "p", ParticipantToken: "t" },
  options: { region: "us-east-1", stage: "prod", cell: "1", customChatClient: null },
});
ChatSession.create({
  chatDetails: {
    contactId: "c",
    initialContactId: "i",
    participantId: "p",
    participantToken: null,
    getConnectionToken: () => Promise.resolve({ chatTokenTransport: { participantToken: "t", expiry: "e" } }),
  },
  websocketManager: manager,
});

export async function calls(signal: AbortSignal): Promise<void> {
  const metadata = { at: 1 };
  await session.connect({ metadata, signal });
  const { _debug } = await session.connect();
  // Both calls accept the same content types, and send objects as JSON.
  await session.sendMessage({
    message: "{}",
    contentType: "application/vnd.amazonaws.connect.message.interactive",
    signal,
  });
  await session.sendMessage({
    message: "",
    contentType: "application/vnd.amazonaws.connect.event.participant.active",
  });
  await session.sendEvent({
    contentType: "application/vnd.amazonaws.connect.event.message.read",
    content: { messageId: "m" },
  });
  await session.sendEvent({
    contentType: "application/vnd.amazonaws.connect.event.workflow.cancelled",
    content: null,
  });
  // Amazon Connect may add more content types, so unknown content types must compile.
  const added = "application/vnd.amazonaws.connect.message.carousel";
  const sendable: SendableContentType = added;
  await session.sendMessage({ message: "{}", contentType: sendable });
  await session.sendEvent({ contentType: added });
  const again = await session.sendEvent({
    contentType: "application/vnd.amazonaws.connect.event.message.read",
    content: "{}",
  });
  const fired: string | undefined = again.message;
  const receipt: SendMessageReceiptArgs = { event: "read", messageId: "m", clientToken: "t" };
  const { data } = await session.sendMessageReceipt(receipt);
  await session.sendMessageReceipt({ event: "delivered", message: { Id: "m" }, metadata });
  await session.getTranscript();
  await session.getTranscript({ nextToken: null, signal });
  await session.sendAttachment({ attachment: file, signal });
  await session.sendAttachment({ attachment: new Blob(["a,b"], { type: "text/csv" }), metadata });
  const picked: PickedFile = { uri: "file:///a.jpg", name: "a.jpg", type: null, size: 3 };
  await session.sendAttachment({ attachment: picked });
  await session.controller.sendAttachment({ attachment: { uri: "file:///a.jpg", size: 3 } });
  await session.downloadAttachment({ attachmentId: "a", signal, urlExpiryInSeconds: 300 });
  const signed: string = await session.getAttachmentURL({ attachmentId: "a", urlExpiryInSeconds: 60 });
  await session.sendAttachment({
    attachment: file,
    onProgress: ({ loadedBytes, totalBytes }) => console.log(loadedBytes, totalBytes),
  });
  for await (const item of session.history({ maxResults: 50, signal })) {
    const one: connect.ChatTranscriptItem = item;
    console.log(one.Id.length);
  }
  const resume = session.snapshot();
  ChatSession.create({ type: "CUSTOMER", chatDetails: { contactId: "c", participantId: "p" }, resume });
  await session.describeView({ viewToken: "v" });
  await session.reset();
  session.dispose();
  console.log(
    signed,
    _debug.websocketStatus,
    fired,
    data.Id,
    session.connectionState,
    session.getConnectionStatus(),
  );
  console.log(session.controller.contactId, session.getChatDetails().connectionDetails?.url);
  const { contactId, participantId, participantToken } = session.getChatDetails();
  ChatSession.create({ type: "CUSTOMER", chatDetails: { contactId, participantId, participantToken } });
}

class Quiet extends ChatSession.Logger {
  override info(line: string): void {
    console.log(line);
  }
}
ChatSession.setGlobalConfig({ loggerConfig: { customizedLogger: new Quiet() } });
