/** The bundle's entry point: installs the library in the `connect` global, and exports the same objects by name. */
import type { ChatSessionObject } from "./api/library";
import type * as declared from "./index";
import { installNamespace, streamsGlobal } from "./namespace";
import { browserPlatform } from "./platform";
import { createLibrary } from "./session/library";

/** Exports an object's properties through the module system that loads the bundle. Defined in webpack.config.js. */
declare function __CHATJS_EXPORT__(exported: object): void;

const library = createLibrary(browserPlatform, streamsGlobal);
const namespace = installNamespace(library);
// Objects that were already in the global stay there, so export those, even if they are another library's.
const ChatSession = namespace.ChatSession ?? library.ChatSession;

// Upstream's ChatSession lacks these three.
const { ChatClient, ChatError, isChatError }: ChatSessionObject = { ...library.ChatSession, ...ChatSession };

const exported: typeof declared = {
  ChatClient,
  ChatError,
  // If the global's ChatSession is from another library without a ChatJS, this describes our package.
  ChatJS: namespace.ChatJS ?? library.ChatJS,
  ChatSession,
  // Not `connect.LogLevel`, which is a different object if Streams is on the page.
  LogLevel: ChatSession.LogLevel,
  LogManager: namespace.LogManager ?? library.LogManager,
  csmService: namespace.csmService ?? library.csmService,
  isChatError,
};
// With this mark, compilers use the named exports instead of a default export.
__CHATJS_EXPORT__(Object.defineProperty(exported, "__esModule", { value: true }));
