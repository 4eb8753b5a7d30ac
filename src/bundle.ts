/** The bundle's entry point: installs the library in the `connect` global, and exports the same objects by name. */
import type { ChatSessionObject } from "./api/library";
import type * as declared from "./index";
import { installNamespace, streamsGlobal } from "./namespace";
import { browserPlatform } from "./platform";
import { createLibrary } from "./session/library";

/** Exports an object's properties through the module system that loads the file (webpack.config.js). */
declare function __CHATJS_EXPORT__(exported: object): void;

const library = createLibrary(browserPlatform, streamsGlobal);
const namespace = installNamespace(library);
// An object that is already in the global stays, so the named exports are the same objects, even another library's.
const ChatSession = namespace.ChatSession ?? library.ChatSession;

// The original library's ChatSession lacks these three.
const { ChatClient, ChatError, isChatError }: ChatSessionObject = { ...library.ChatSession, ...ChatSession };

const exported: typeof declared = {
  ChatClient,
  ChatError,
  // Describes this package if the global's ChatSession is from another library that doesn't identify itself.
  ChatJS: namespace.ChatJS ?? library.ChatJS,
  ChatSession,
  // With Streams on the page, `connect.LogLevel` is Streams' own.
  LogLevel: ChatSession.LogLevel,
  LogManager: namespace.LogManager ?? library.LogManager,
  csmService: namespace.csmService ?? library.csmService,
  isChatError,
};
// Compilers that recognize this mark use the named exports and no default export.
__CHATJS_EXPORT__(Object.defineProperty(exported, "__esModule", { value: true }));
