/**
 * The library under `import`: a thin entry over the one implementation. Loaded beside `require()` or a script tag, or
 * twice, there is still one instance, since what is exported stands in the `connect` global.
 */
import "./amazon-connect-chat.js";

const { connect } = globalThis;

export const { ChatSession, LogManager, csmService, ChatJS } = connect;
export const { LogLevel, ChatError, isChatError, ChatClient } = ChatSession;
