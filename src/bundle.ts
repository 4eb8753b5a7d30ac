/** The bundle's entry: the exports, as an object for whichever module system loads the file (webpack.config.js). */
import {
  ChatClient,
  ChatError,
  ChatJS,
  ChatSession,
  csmService,
  isChatError,
  LogLevel,
  LogManager,
} from "./index";

declare function __CHATJS_EXPORT__(exported: object): void;

const exported = {
  ChatClient,
  ChatError,
  ChatJS,
  ChatSession,
  LogLevel,
  LogManager,
  csmService,
  isChatError,
};
// Compilers that know the mark look for the names, and for no default export.
__CHATJS_EXPORT__(Object.defineProperty(exported, "__esModule", { value: true }));
