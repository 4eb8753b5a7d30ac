/**
 * Declarations of the package's exports, from which the published types are built. The bundle (bundle.ts) exports the
 * values, which are the objects in the `connect` global.
 */
import "./api/globals";
import type { ChatJSObject, ChatSessionObject, CSMService } from "./api/library";
import type { LogManagerObject } from "./api/logging";

export * from "./api";

/** The entry point: `connect.ChatSession`. */
export declare const ChatSession: ChatSessionObject;
/** The library's logging, which applications can also use for their own log lines: `connect.LogManager`. */
export declare const LogManager: LogManagerObject;
/** The client-side metrics service, which applications can also use for their own metrics: `connect.csmService`. */
export declare const csmService: CSMService;
/**
 * Identifies the library that `ChatSession` comes from: `connect.ChatJS`. If that library doesn't have a `ChatJS`, the
 * export describes this package.
 */
export declare const ChatJS: ChatJSObject;
/**
 * The log levels, as numbers. If Streams is on the page, `connect.LogLevel` is a different object, whose values are
 * strings.
 */
export declare const LogLevel: ChatSessionObject["LogLevel"];
