// What a caller must not pass, and what is not there: each marked line is an error.
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

// @ts-expect-error a number is no message
void session.sendMessage({ message: 1, contentType: "text/plain" });
// @ts-expect-error not a content type
void session.sendMessage({ message: "a", contentType: "text/html" });
// @ts-expect-error the content type is missing
void session.sendMessage({ message: "a" });
// @ts-expect-error no arguments
void session.sendMessage();
// @ts-expect-error a typing error in an option
void session.sendMessage({ message: "a", contentType: "text/plain", clienttoken: "t" });
// @ts-expect-error a number is no content
void session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing", content: 1 });
// @ts-expect-error not a receipt
void session.sendMessageReceipt({ event: "seen", messageId: "m" });
// @ts-expect-error not an order
void session.getTranscript({ sortOrder: "NEWEST" });
// @ts-expect-error no position
void session.getTranscript({ startPosition: "first" });
// @ts-expect-error a name is no file
void session.sendAttachment({ attachment: "a.txt" });
// @ts-expect-error the size is missing
void session.sendAttachment({ attachment: { uri: "file:///a.txt", name: "a.txt", type: "text/plain" } });
// @ts-expect-error not a content type of Amazon Connect
void session.sendEvent({ contentType: "application/vnd.amazonaws.other.event" });
// @ts-expect-error seconds are a number
void session.getAttachmentURL({ attachmentId: "a", urlExpiryInSeconds: "60" });
// @ts-expect-error the id is missing
void session.downloadAttachment({});
// @ts-expect-error the session is missing
void session.getAuthenticationUrl({ redirectUri: "https://a.b" });
// @ts-expect-error not a signal
void session.connect({ signal: true });
// @ts-expect-error an agent does not disconnect the participant
void agent.disconnectParticipant();
// @ts-expect-error a customer has no handlers to clean up
session.cleanUpOnParticipantDisconnect();
// @ts-expect-error Streams would call it
session.cleanUp();
// @ts-expect-error not an event
session.on("messages", () => undefined);
// @ts-expect-error a handler is a function
session.onMessage("show");
// @ts-expect-error a transcript is no message
session.onMessage(({ data }) => data.transcript);
// @ts-expect-error nothing is told with the end
session.on("ended", ({ data }) => data.Id);
// @ts-expect-error not an option
session.onMessage(() => undefined, { once: true });
// @ts-expect-error a signal is wanted
session.onMessage(() => undefined, { signal: 1 });
// @ts-expect-error read-only
session.connectionState = "ended";
// @ts-expect-error not a state
if (session.connectionState === "open") session.dispose();
const given = session.sendMessage({ message: "a", contentType: "text/plain", metadata: 1 });
// @ts-expect-error what came back is what was given
void given.then(({ metadata }) => metadata.length);
// @ts-expect-error not a type of session
ChatSession.create({ type: "SUPERVISOR", chatDetails });
// @ts-expect-error the details are missing
ChatSession.create({ type: "CUSTOMER" });
// @ts-expect-error the participant is missing
ChatSession.create({ type: "CUSTOMER", chatDetails: { contactId: "c" } });
// @ts-expect-error a number is no id
ChatSession.create({ type: "CUSTOMER", chatDetails: { ...chatDetails, contactId: 1 } });
// @ts-expect-error a function is wanted
ChatSession.create({ chatDetails: { ...chatDetails, getConnectionToken: "t" } });
// @ts-expect-error not a manager
ChatSession.create({ chatDetails, websocketManager: {} });
// @ts-expect-error not a client
ChatSession.create({ type: "CUSTOMER", chatDetails, options: { customChatClient: {} } });
// @ts-expect-error a typing error in a setting
ChatSession.setGlobalConfig({ regoin: "us-east-1" });
// @ts-expect-error milliseconds are a number
ChatSession.setGlobalConfig({ features: { messageReceipts: { throttleTime: "5s" } } });
// @ts-expect-error a function is wanted
ChatSession.setGlobalConfig({ webSocketManagerConfig: { isNetworkOnline: true } });
// @ts-expect-error abstract: the least that a transport needs is missing
export class Incomplete extends ChatClient {}
// @ts-expect-error abstract
new ChatClient();
// @ts-expect-error abstract, by the global as well
export class Empty extends connect.ChatClient {}
// @ts-expect-error the library's levels are no value of the namespace: with Streams on the page they are its own
export const level = connect.LogLevel.ADVANCED_LOG;
// @ts-expect-error nor are its managers
connect.WebSocketManager.create();
// @ts-expect-error read-only
connect.ChatJS.version = "1";
// @ts-expect-error a constant of the namespace
connect.ChatSession = ChatSession;

export const eventOf = <Name extends ChatEventName>(_name: Name, event: ChatEventMap[Name]): unknown => event;
// @ts-expect-error another event's
eventOf("ended", { chatDetails: session.getChatDetails(), data: { transcript: [] } });

export function statusOf(error: unknown): number {
  if (!isChatError(error)) return 0;
  // @ts-expect-error an error of any code may have no status
  if (error.code !== "ServiceError") return error.statusCode;
  // @ts-expect-error only an IllegalArgument always has a field
  return error.field.length;
}
