/**
 * The library's ES module entry: a thin wrapper around the one implementation. It exports from the `connect` global, so
 * that there is only one instance even if a page also loads the library with `require()` or a script tag, or twice.
 */
import "./amazon-connect-chat.js";

const { connect } = globalThis;

export const { ChatSession, LogManager, csmService, ChatJS } = connect;
export const { LogLevel, ChatError, isChatError, ChatClient } = ChatSession;
