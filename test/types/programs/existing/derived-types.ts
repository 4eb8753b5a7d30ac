// An application that derives its own types and functions from upstream's.
import "amazon-connect-chatjs";

type Session = ReturnType<typeof connect.ChatSession.create>;
type SendMessageArgs = Parameters<connect.CustomerChatSession["sendMessage"]>[0];
type SendMessageResponse = Awaited<ReturnType<connect.CustomerChatSession["sendMessage"]>>;
type OnMessage = Parameters<connect.ChatSessionInterface["onMessage"]>[0];
type Role = NonNullable<connect.ChatTranscriptItem["ParticipantRole"]>;
type Status = NonNullable<NonNullable<connect.ChatTranscriptItem["MessageMetadata"]>["Status"]>;
type ProcessingStatus = connect.MessageProcessingStatus[keyof connect.MessageProcessingStatus];
type LinkStatus = connect.NetworkLinkStatus[keyof connect.NetworkLinkStatus];
type Level = connect.ChatLogLevel["INFO"];

const COLORS: Record<Role, string> = { AGENT: "blue", CUSTOMER: "green", SYSTEM: "grey" };
const TICKS: Record<Status, string> = {
  SENDING: "…",
  SENT: "✓",
  DELIVERED: "✓✓",
  READ: "✓✓",
  FAILED: "!",
  UNKNOWN: "?",
};

export function colorOf(item: connect.ChatTranscriptItem): string {
  return item.ParticipantRole ? COLORS[item.ParticipantRole] : "black";
}

export function kindOf(item: connect.ChatTranscriptItem): string {
  switch (item.Type) {
    case "MESSAGE":
      return "said";
    case "EVENT":
      return "happened";
    case "ATTACHMENT":
      return "sent a file";
    case "CONNECTION_ACK":
      return "connected";
    default: {
      const never: never = item.Type;
      return never;
    }
  }
}

export const tickOf = (item: connect.ChatTranscriptItem): string =>
  TICKS[item.MessageMetadata?.Status ?? "UNKNOWN"];

export class MyLogger implements connect.ChatLogger {
  readonly lines: string[] = [];
  debug(message: string): void {
    this.lines.push(message);
  }
  info = (message: string): void => this.debug(message);
  warn = (message: string): void => this.debug(message);
  error = (message: string): void => this.debug(message);
}

export interface MySession extends connect.CustomerChatSession {
  readonly startedAt: number;
}

export class Chat {
  constructor(private readonly session: Session) {}
  send(args: SendMessageArgs): Promise<SendMessageResponse> {
    return this.session.sendMessage<unknown>(args);
  }
  listen(handler: OnMessage): void {
    this.session.onMessage(handler);
  }
  end(): void {
    void this.session.disconnectParticipant();
  }
}

export function typing(contentType: connect.ChatEventContentType | connect.ChatMessageContentType): boolean {
  const all: connect.ChatContentType = contentType;
  return all === "application/vnd.amazonaws.connect.event.typing";
}

export const settle = async <T>(
  call: Promise<connect.ParticipantServiceResponse<T>>,
): Promise<T | undefined> => {
  const { data } = await call;
  return data ?? undefined;
};

export const transcriptOf = (
  session: connect.ChatSessionInterface,
): Promise<connect.GetTranscriptResult | undefined> => settle(session.getTranscript({}));

export const mark = <T>(
  args: connect.SendEventArgs,
  metadata: T,
): connect.WithMetadata<connect.SendEventArgs, T> => ({
  ...args,
  metadata,
});

/** Fields that an application added because upstream's declarations lack them. The additions must compile. */
declare global {
  namespace connect {
    interface ChatGlobalConfig {
      readonly customSetting?: string;
    }
    interface ChatSessionObject {
      readonly customField?: number;
    }
  }
}
export const added: number | undefined = connect.ChatSession.customField;

export const processed: ProcessingStatus = "PROCESSING";
export const link: LinkStatus = "Established";
export const level: Level = 20;
export const args: connect.ChatSessionArgs = {
  chatDetails: { contactId: "c", participantId: "p", participantToken: "t" },
  type: "CUSTOMER",
};
