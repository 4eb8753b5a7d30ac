/**
 * The package's exports, as applications import them: declarations only, from which the published types are built. The
 * bundle (bundle.ts) exports the values, the very objects that stand in the global `connect`.
 */
import "./api/globals";
import type { ChatJSObject, ChatSessionObject, CSMService } from "./api/library";
import type { LogManagerObject } from "./api/logging";

export * from "./api";

/** The entry point: `connect.ChatSession`. */
export declare const ChatSession: ChatSessionObject;
/** The library's logging, for the application's own lines as well: `connect.LogManager`. */
export declare const LogManager: LogManagerObject;
/** Client-side metrics, for the application's own as well: `connect.csmService`. */
export declare const csmService: CSMService;
/** Which library `ChatSession` is: `connect.ChatJS`. This package, if that is another library that doesn't say. */
export declare const ChatJS: ChatJSObject;
/** The levels, as numbers. With Streams on the page, `connect.LogLevel` is Streams' own, of names. */
export declare const LogLevel: ChatSessionObject["LogLevel"];
