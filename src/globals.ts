import type { ChatJSObject, ChatSessionObject, CSMService, LogManagerObject } from "./session/library";

/** What the library adds to the `connect` global; Streams' declarations of the same namespace merge with it. */
declare global {
  // A namespace is what merges with Streams' own.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace connect {
    const ChatSession: ChatSessionObject;
    const LogManager: LogManagerObject;
    const csmService: CSMService;
    const ChatJS: ChatJSObject;
  }
}
