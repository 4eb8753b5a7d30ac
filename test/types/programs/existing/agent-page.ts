// An agent page, where Streams and the library share the `connect` global.
import "amazon-connect-streams";
import "amazon-connect-chatjs";

export function start(container: HTMLElement): void {
  connect.core.initCCP(container, {
    ccpUrl: "https://instance.my.connect.aws/ccp-v2",
    loginPopup: true,
    chat: {},
    pageOptions: {},
  } as connect.InitCCPOptions);
  connect.contact((contact: connect.Contact) => {
    if (contact.getType() !== connect.ContactType.CHAT) return;
    contact.onConnecting((each) => each.accept({ success: () => undefined, failure: () => undefined }));
    contact.onConnected(async (each) => {
      const connection = each.getAgentConnection() as connect.ChatConnection;
      const session = (await connection.getMediaController()) as connect.AgentChatSession;
      session.onMessage((event) => console.log(event.data.Content));
      session.onEnded(() => session.cleanUpOnParticipantDisconnect());
      await session.sendMessage({ message: "Hello", contentType: "text/plain" });
    });
  });
}

/** Creates the session without `getMediaController()`. */
export function fromManager(chatDetails: connect.ChatDetailsInput): connect.AgentChatSession {
  return connect.ChatSession.create({
    chatDetails,
    type: connect.ChatSession.SessionTypes.AGENT,
    websocketManager: connect.core.getWebSocketManager(),
  });
}

// Streams and this library each keep their names in the namespace.
export const streamsLevel: connect.LogLevel = connect.LogLevel.INFO;
export const libraryLevel: 20 = connect.ChatSession.LogLevel.INFO;
export const streamsLogger: connect.Logger = connect.getLog();
export const libraryVersion: string = connect.ChatJS.version;
export type StreamsState = connect.ConnectionState;
