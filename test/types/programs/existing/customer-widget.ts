// A typical customer chat widget written for upstream.
import "amazon-connect-chatjs";

interface StartChatResponse {
  readonly contactId: string;
  readonly participantId: string;
  readonly participantToken: string;
}

interface Line {
  readonly id: string;
  readonly time: string;
  readonly from: "AGENT" | "CUSTOMER" | "SYSTEM" | undefined;
  readonly kind: "MESSAGE" | "EVENT" | "ATTACHMENT" | "CONNECTION_ACK";
  readonly text: string | undefined;
}

const toLine = (item: connect.ChatTranscriptItem): Line => ({
  id: item.Id,
  time: item.AbsoluteTime,
  from: item.ParticipantRole,
  kind: item.Type,
  text: item.Content,
});

export class ChatWidget {
  private session: connect.CustomerChatSession | undefined;
  private readonly lines: Line[] = [];
  private nextToken: string | undefined;

  async start(chatDetails: StartChatResponse): Promise<boolean> {
    connect.ChatSession.setGlobalConfig({
      loggerConfig: { level: connect.ChatSession.LogLevel.INFO, useDefaultLogger: true },
      region: "us-east-1",
      features: { messageReceipts: { shouldSendMessageReceipts: true, throttleTime: 5000 } },
    });
    const session = connect.ChatSession.create({
      chatDetails,
      options: { region: "us-east-1" },
      type: connect.ChatSession.SessionTypes.CUSTOMER,
      disableCSM: true,
    });
    this.session = session;
    session.onMessage((event) => this.show(event.data));
    session.onTyping(({ data }) => {
      if (data.ParticipantRole === "AGENT") console.log(`${data.DisplayName ?? "Agent"} is typing`);
    });
    session.onReadReceipt((event) => console.log(event.data.MessageMetadata?.Receipts?.[0]?.ReadTimestamp));
    session.onDeliveredReceipt((event) =>
      console.log(event.data.MessageMetadata?.Receipts?.[0]?.DeliveredTimestamp),
    );
    session.onEnded((event) => console.log(event.chatDetails.contactId, "ended"));
    session.onConnectionBroken(({ chatDetails: { contactId } }) => console.log(contactId, "broken"));
    session.onConnectionLost(async () => {
      await Promise.resolve();
    });
    const { connectCalled, connectSuccess } = await session.connect();
    await this.loadOlder();
    return connectCalled && connectSuccess;
  }

  private show(data: connect.ChatEventData): void {
    const type: connect.ChatContentType | undefined = data.ContentType;
    switch (data.ContentType) {
      case "text/plain":
      case "text/markdown":
        this.lines.push(toLine(data));
        void this.session?.sendEvent({
          contentType: "application/vnd.amazonaws.connect.event.message.delivered",
          content: JSON.stringify({ messageId: data.Id }),
        });
        break;
      case "application/vnd.amazonaws.connect.event.participant.joined":
        console.log(data.DisplayName, "joined", type);
        break;
      default:
        for (const { AttachmentId, AttachmentName, ContentType, Status } of data.Attachments ?? []) {
          if (Status === "APPROVED") console.log(AttachmentId, AttachmentName, ContentType);
        }
    }
  }

  async loadOlder(): Promise<void> {
    const response = await this.session?.getTranscript({
      scanDirection: "BACKWARD",
      sortOrder: "ASCENDING",
      maxResults: 15,
      nextToken: this.nextToken,
    });
    if (!response?.data) return;
    this.nextToken = response.data.NextToken;
    this.lines.unshift(...response.data.Transcript.map(toLine));
  }

  async send(message: string): Promise<string | undefined> {
    const response = await this.session?.sendMessage({ contentType: "text/plain", message });
    return response?.data ? response.data.Id : undefined;
  }

  async download(attachmentId: string): Promise<string> {
    const blob = await this.session!.downloadAttachment({ attachmentId });
    return URL.createObjectURL(blob);
  }

  async leave(): Promise<void> {
    await this.session?.disconnectParticipant();
    this.session = undefined;
  }
}
