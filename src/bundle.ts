/** The bundle's entry: installs the library into the `connect` global, and exports the same objects by name. */
import type { ChatSessionObject } from "./api/library";
import type * as declared from "./index";
import { installNamespace, streamsPage } from "./namespace";
import { browserPlatform } from "./platform";
import { createLibrary } from "./session/library";

/** Exports an object's properties by whichever module system loads the file (webpack.config.js). */
declare function __CHATJS_EXPORT__(exported: object): void;

const library = createLibrary(browserPlatform, streamsPage);
const namespace = installNamespace(library);
// What already stands in the global stays: the named exports are the same objects, of whichever library.
const ChatSession = namespace.ChatSession ?? library.ChatSession;

// The original library's ChatSession lacks these three.
const { ChatClient, ChatError, isChatError }: ChatSessionObject = { ...library.ChatSession, ...ChatSession };

const exported: typeof declared = {
  ChatClient,
  ChatError,
  // This package, if the global's ChatSession is another library's that says nothing about itself.
  ChatJS: namespace.ChatJS ?? library.ChatJS,
  ChatSession,
  // With Streams on the page, `connect.LogLevel` is Streams' own.
  LogLevel: ChatSession.LogLevel,
  LogManager: namespace.LogManager ?? library.LogManager,
  csmService: namespace.csmService ?? library.csmService,
  isChatError,
};
// Compilers that know the mark look for the names, and for no default export.
__CHATJS_EXPORT__(Object.defineProperty(exported, "__esModule", { value: true }));
