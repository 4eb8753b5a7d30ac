/**
 * The package's exports, as applications import them. These are only declarations, from which the published types are
 * built. The bundle (bundle.ts) exports the values, which are the objects in the global `connect`.
 */
import "./api/globals";
import type { ChatJSObject, ChatSessionObject, CSMService } from "./api/library";
import type { LogManagerObject } from "./api/logging";

export * from "./api";

/** The entry point: `connect.ChatSession`. */
export declare const ChatSession: ChatSessionObject;
/** The library's logging, which an application can also use for its own lines: `connect.LogManager`. */
export declare const LogManager: LogManagerObject;
/** Client-side metrics, which an application can also use for its own: `connect.csmService`. */
export declare const csmService: CSMService;
/**
 * Identifies the library that `ChatSession` is from: `connect.ChatJS`. Describes this package if that library has none.
 */
export declare const ChatJS: ChatJSObject;
/** The log levels, as numbers. With Streams on the page, `connect.LogLevel` is Streams' own, whose levels are names. */
export declare const LogLevel: ChatSessionObject["LogLevel"];
