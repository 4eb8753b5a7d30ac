/**
 * The library's `import` entry, a thin wrapper around the bundle. Its exports come from the `connect` global, so a
 * page that also loads the library with `require()` or a script tag, or loads it twice, still has one instance.
 */
import "./amazon-connect-chat.js";

const { connect } = globalThis;

export const { ChatSession, LogManager, csmService, ChatJS } = connect;
export const { LogLevel, ChatError, isChatError, ChatClient } = ChatSession;
