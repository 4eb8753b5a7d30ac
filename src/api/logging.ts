/** The loggers that the library accepts, and those that it provides. */

/**
 * The log levels. `ChatSession.LogLevel` always has ADVANCED_LOG; it is optional here, since the original library omits
 * it.
 */
export interface ChatLogLevel {
  readonly DEBUG: 10;
  readonly INFO: 20;
  readonly WARN: 30;
  readonly ERROR: 40;
  readonly ADVANCED_LOG?: 50;
}

/**
 * A custom logger for `loggerConfig.customizedLogger`, declared as in the original library. Each call gets one
 * formatted line.
 */
export interface ChatLogger {
  debug: (message: string) => void;
  info: (message: string) => void;
  warn: (message: string) => void;
  error: (message: string) => void;
}

/** An application's logger. Each call gets one line as a string; its return value is returned to the caller. */
export interface ChatLogSink {
  debug(...line: unknown[]): unknown;
  info(...line: unknown[]): unknown;
  warn(...line: unknown[]): unknown;
  error(...line: unknown[]): unknown;
  advancedLog?(...line: unknown[]): unknown;
}

/** A logger whose methods do nothing. */
interface SilentLogger {
  debug(...line: unknown[]): unknown;
  info(...line: unknown[]): unknown;
  warn(...line: unknown[]): unknown;
  error(...line: unknown[]): unknown;
}

/**
 * The base class of a custom logger, which overrides the methods it needs:
 * `class Mine extends connect.ChatSession.Logger`.
 */
export type LoggerConstructor = new () => SilentLogger;

/** The `loggerConfig` of `setGlobalConfig()`. Nothing is logged until it names a logger or the console. */
export interface LoggerConfig {
  /**
   * The lowest level to log, as a value or a name from `LogLevel`.
   * @default "INFO"
   */
  level?: number | string;
  /**
   * Whether to print lines to the console.
   * @default false
   */
  useDefaultLogger?: boolean;
  /** A custom logger, used instead of `logger` and the console. */
  customizedLogger?: Partial<ChatLogSink> | null;
  /** Streams' logger, used instead of the console. */
  logger?: Partial<ChatLogSink> | null;
  /**
   * The method of the logger or the console that writes ADVANCED_LOG lines.
   * @default "warn"
   */
  advancedLogWriter?: "warn" | "info" | "debug" | "log";
}

/** The metadata that a logger adds to each line. */
export interface LogMetaData {
  readonly contactId?: string | null;
  readonly participantId?: string | null;
  readonly sessionType?: string;
  readonly region?: string;
}

/** The options of `LogManager.getLogger()`. */
export interface LoggerOptions {
  /** The first word of a line on the console, usually the name of a component. */
  readonly prefix?: string;
  /** The metadata to add to each line. */
  readonly logMetaData?: LogMetaData;
}

/**
 * A logger from `LogManager.getLogger()`. Each method returns the return value of the application's logger, or the line
 * if that is null or undefined. A line that isn't logged returns undefined.
 */
export interface LibraryLogger {
  readonly options: LoggerOptions;
  debug(...args: unknown[]): unknown;
  info(...args: unknown[]): unknown;
  warn(...args: unknown[]): unknown;
  error(...args: unknown[]): unknown;
  advancedLog(...args: unknown[]): unknown;
}

/**
 * The library's log, `connect.LogManager`. An application can write its own lines to it.
 * @example
 * import { LogManager } from "amazon-connect-chatjs";
 *
 * LogManager.updateLoggerConfig({ level: "WARN", useDefaultLogger: true });
 * LogManager.getLogger({ prefix: "Widget" }).warn("The window is too small");
 */
export interface LogManagerObject {
  /**
   * Merges fields into the configuration. A field that is omitted keeps its value; so do an invalid level or writer.
   */
  updateLoggerConfig(config?: LoggerConfig | null): void;
  /** Returns whether lines of a level are logged. */
  isLevelEnabled(level: number | string): boolean;
  /** Returns whether lines are written anywhere: to an application's logger or to the console. */
  hasClientLogger(): boolean;
  /** Returns the application's logger that lines are written to; null if they are written to the console or nowhere. */
  selectLogger(): Partial<ChatLogSink> | null;
  /** Returns a logger that adds a prefix and metadata to its lines. */
  getLogger(options?: LoggerOptions): LibraryLogger;
  /**
   * Writes `LEVEL statement logMetaData` to the application's logger or to the console, regardless of the configured
   * level. A value that isn't a string is written as JSON. Returns the return value of the logger, or the line if that
   * is null or undefined.
   */
  writeToClientLogger(level: number | string, statement: unknown, logMetaData?: unknown): unknown;
}
