// Wrong arguments and missing members. Each marked line must be an error.
import {
  ChatClient,
  ChatSession,
  isChatError,
  type ChatEventMap,
  type ChatEventName,
} from "amazon-connect-chatjs";

declare const session: connect.CustomerChatSession;
declare const agent: connect.AgentChatSession;
const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };

// @ts-expect-error a message must be a string
void session.sendMessage({ message: 1, contentType: "text/plain" });
// @ts-expect-error an unknown content type
void session.sendMessage({ message: "a", contentType: "text/html" });
// @ts-expect-error the content type is missing
void session.sendMessage({ message: "a" });
// @ts-expect-error the arguments are missing
void session.sendMessage();
// @ts-expect-error a misspelled option
void session.sendMessage({ message: "a", contentType: "text/plain", clienttoken: "t" });
// @ts-expect-error content must be a string or an object
void session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing", content: 1 });
// @ts-expect-error an unknown receipt
void session.sendMessageReceipt({ event: "seen", messageId: "m" });
// @ts-expect-error an unknown sort order
void session.getTranscript({ sortOrder: "NEWEST" });
// @ts-expect-error a start position must be an object
void session.getTranscript({ startPosition: "first" });
// @ts-expect-error an attachment must be a file, not a name
void session.sendAttachment({ attachment: "a.txt" });
// @ts-expect-error a picked file without a size
void session.sendAttachment({ attachment: { uri: "file:///a.txt", name: "a.txt", type: "text/plain" } });
// @ts-expect-error a content type that isn't Amazon Connect's
void session.sendEvent({ contentType: "application/vnd.amazonaws.other.event" });
// @ts-expect-error seconds must be a number
void session.getAttachmentURL({ attachmentId: "a", urlExpiryInSeconds: "60" });
// @ts-expect-error the attachment ID is missing
void session.downloadAttachment({});
// @ts-expect-error the session ID is missing
void session.getAuthenticationUrl({ redirectUri: "https://a.b" });
// @ts-expect-error a signal must be an AbortSignal
void session.connect({ signal: true });
// @ts-expect-error agents have no disconnectParticipant()
void agent.disconnectParticipant();
// @ts-expect-error customers have no cleanUpOnParticipantDisconnect()
session.cleanUpOnParticipantDisconnect();
// @ts-expect-error a session has no cleanUp(), because Streams would call it
session.cleanUp();
// @ts-expect-error an unknown event
session.on("messages", () => undefined);
// @ts-expect-error a handler must be a function
session.onMessage("show");
// @ts-expect-error a message event has no transcript
session.onMessage(({ data }) => data.transcript);
// @ts-expect-error an ended event has no data
session.on("ended", ({ data }) => data.Id);
// @ts-expect-error an unknown subscribe option
session.onMessage(() => undefined, { once: true });
// @ts-expect-error the signal option must be an AbortSignal
session.onMessage(() => undefined, { signal: 1 });
// @ts-expect-error connectionState is read-only
session.connectionState = "ended";
// @ts-expect-error an unknown connection state
if (session.connectionState === "open") session.dispose();
const sent = session.sendMessage({ message: "a", contentType: "text/plain", metadata: 1 });
// @ts-expect-error the returned metadata has the passed value's type, number
void sent.then(({ metadata }) => metadata.length);
// @ts-expect-error an unknown session type
ChatSession.create({ type: "SUPERVISOR", chatDetails });
// @ts-expect-error the chat details are missing
ChatSession.create({ type: "CUSTOMER" });
// @ts-expect-error the participant ID is missing
ChatSession.create({ type: "CUSTOMER", chatDetails: { contactId: "c" } });
// @ts-expect-error an ID must be a string
ChatSession.create({ type: "CUSTOMER", chatDetails: { ...chatDetails, contactId: 1 } });
// @ts-expect-error getConnectionToken must be a function
ChatSession.create({ chatDetails: { ...chatDetails, getConnectionToken: "t" } });
// @ts-expect-error a WebSocket manager without its methods
ChatSession.create({ chatDetails, websocketManager: {} });
// @ts-expect-error a custom client without its methods
ChatSession.create({ type: "CUSTOMER", chatDetails, options: { customChatClient: {} } });
// cspell:ignore regoin
// @ts-expect-error a misspelled setting
ChatSession.setGlobalConfig({ regoin: "us-east-1" });
// @ts-expect-error milliseconds must be a number
ChatSession.setGlobalConfig({ features: { messageReceipts: { throttleTime: "5s" } } });
// @ts-expect-error isNetworkOnline must be a function
ChatSession.setGlobalConfig({ webSocketManagerConfig: { isNetworkOnline: true } });
// @ts-expect-error a subclass without the required methods
export class Incomplete extends ChatClient {}
// @ts-expect-error ChatClient is abstract
new ChatClient();
// @ts-expect-error a subclass of the global's ChatClient without the required methods
export class Empty extends connect.ChatClient {}
// @ts-expect-error the namespace has no LogLevel value, because Streams has its own
export const level = connect.LogLevel.ADVANCED_LOG;
// @ts-expect-error the namespace has no WebSocketManager value
connect.WebSocketManager.create();
// @ts-expect-error ChatJS is read-only
connect.ChatJS.version = "1";
// @ts-expect-error the namespace's members are constants
connect.ChatSession = ChatSession;

export const eventOf = <Name extends ChatEventName>(_name: Name, event: ChatEventMap[Name]): unknown => event;
// @ts-expect-error the data of a different event
eventOf("ended", { chatDetails: session.getChatDetails(), data: { transcript: [] } });

export function statusOf(error: unknown): number {
  if (!isChatError(error)) return 0;
  // @ts-expect-error an error whose code wasn't checked might not have a status
  if (error.code !== "ServiceError") return error.statusCode;
  // @ts-expect-error only an IllegalArgument always has a field
  return error.field.length;
}
