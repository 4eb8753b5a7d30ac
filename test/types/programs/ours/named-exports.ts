// Named exports are the same objects and types as the members of the global.
import {
  ChatClient,
  ChatError,
  ChatJS,
  ChatSession,
  LogLevel,
  LogManager,
  csmService,
  isChatError,
  type AgentChatSession,
  type ChatEventMap,
  type ChatEventName,
  type ChatSessionObject,
  type CustomerChatSession,
} from "amazon-connect-chatjs";

export const same: ChatSessionObject = connect.ChatSession;
export const theSame: connect.ChatSessionObject = ChatSession;
export const levels: readonly number[] = [LogLevel.DEBUG, LogLevel.ADVANCED_LOG, ChatSession.LogLevel.WARN];
export const about: string = `${ChatJS.name} ${ChatJS.version}`;
export const bases: unknown[] = [ChatClient, ChatError, ChatSession.ChatClient, ChatSession.ChatError];

LogManager.updateLoggerConfig({ level: "DEBUG", useDefaultLogger: true, advancedLogWriter: "info" });
LogManager.getLogger({ prefix: "widget", logMetaData: { contactId: "c" } }).advancedLog("a", { b: 1 });
connect.LogManager.getLogger({ prefix: "widget" }).info("a", 1);
connect.csmService.addCountMetric("opened", "UI");
csmService.addCountAndErrorMetric("opened", "UI", false);

/** The global and the exported session types are interchangeable. */
export const toGlobal = (session: CustomerChatSession): connect.CustomerChatSession => session;
export const toNamed = (session: connect.AgentChatSession): AgentChatSession => session;

export function create(isAgent: boolean): CustomerChatSession | AgentChatSession {
  const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
  const customer: CustomerChatSession = ChatSession.create({ type: "CUSTOMER", chatDetails });
  const agent: AgentChatSession = ChatSession.create({ chatDetails });
  agent.cleanUpOnParticipantDisconnect();
  void customer.disconnectParticipant();
  return ChatSession.create({ type: isAgent ? "AGENT" : "CUSTOMER", chatDetails });
}

/** If the event name is a type parameter, the handler gets that event's type. */
export function once<Name extends ChatEventName>(
  session: CustomerChatSession,
  name: Name,
): Promise<ChatEventMap[Name]> {
  return new Promise((resolve) => {
    const off = session.on(name, (event) => {
      off();
      resolve(event);
    });
  });
}

export const failed = (error: unknown): string => (isChatError(error) ? error.code : "unknown");
