/** The bundle's entry point: installs the library in the `connect` global, and exports the same objects by name. */
import type { ChatSessionObject } from "./api/library";
import type * as declarations from "./index";
import { installNamespace, streamsGlobal } from "./namespace";
import { browserPlatform } from "./platform";
import { createLibrary } from "./session/library";

/** Exports an object's properties through the module system that loads the bundle. Defined in webpack.config.js. */
declare function __CHATJS_EXPORT__(packageExports: object): void;

const library = createLibrary(browserPlatform, streamsGlobal);
const namespace = installNamespace(library);
// Objects that were already in the global stay there, and are exported even if they come from another library.
const ChatSession = namespace.ChatSession ?? library.ChatSession;

// Upstream's ChatSession lacks these three members. If it's in the global, our library's members are exported.
const { ChatClient, ChatError, isChatError }: ChatSessionObject = { ...library.ChatSession, ...ChatSession };

const packageExports: typeof declarations = {
  ChatClient,
  ChatError,
  // If the global's ChatSession comes from another library that has no ChatJS, this object describes our package.
  ChatJS: namespace.ChatJS ?? library.ChatJS,
  ChatSession,
  // `connect.LogLevel` isn't exported, because it's a different object if Streams is on the page.
  LogLevel: ChatSession.LogLevel,
  LogManager: namespace.LogManager ?? library.LogManager,
  csmService: namespace.csmService ?? library.csmService,
  isChatError,
};
// This property makes compilers use the named exports instead of a default export.
__CHATJS_EXPORT__(Object.defineProperty(packageExports, "__esModule", { value: true }));
