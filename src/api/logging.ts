/** The loggers that the library accepts and provides. */

/**
 * The log levels. ADVANCED_LOG is optional only because the original library doesn't declare it. `ChatSession.LogLevel`
 * always has it.
 */
export interface ChatLogLevel {
  readonly DEBUG: 10;
  readonly INFO: 20;
  readonly WARN: 30;
  readonly ERROR: 40;
  readonly ADVANCED_LOG?: 50;
}

/**
 * A custom logger for `loggerConfig.customizedLogger`, declared as in the original library. Each call receives one
 * formatted line.
 */
export interface ChatLogger {
  debug: (message: string) => void;
  info: (message: string) => void;
  warn: (message: string) => void;
  error: (message: string) => void;
}

/**
 * An application's logger. Each call receives one line as a string. The code that logged the line gets the method's
 * return value.
 */
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
 * The base class for a custom logger. Override the methods that you need:
 * `class Mine extends connect.ChatSession.Logger`.
 */
export type LoggerConstructor = new () => SilentLogger;

/** The `loggerConfig` of `setGlobalConfig()`. Nothing is logged unless you set a logger or `useDefaultLogger`. */
export interface LoggerConfig {
  /**
   * The lowest level to log: a value or a name from `LogLevel`.
   * @default "INFO"
   */
  level?: number | string;
  /**
   * Whether to print lines to the console.
   * @default false
   */
  useDefaultLogger?: boolean;
  /** A custom logger. Takes precedence over `logger` and the console. */
  customizedLogger?: Partial<ChatLogSink> | null;
  /** The logger of Streams. Takes precedence over the console. */
  logger?: Partial<ChatLogSink> | null;
  /**
   * The method, of the logger or the console, that writes ADVANCED_LOG lines.
   * @default "warn"
   */
  advancedLogWriter?: "warn" | "info" | "debug" | "log";
}

/** Metadata that a logger adds to each line. */
export interface LogMetaData {
  readonly contactId?: string | null;
  readonly participantId?: string | null;
  readonly sessionType?: string;
  readonly region?: string;
}

/** The options for `LogManager.getLogger()`. */
export interface LoggerOptions {
  /** The prefix of console lines, usually a component's name. */
  readonly prefix?: string;
  /** Metadata to add to each line. */
  readonly logMetaData?: LogMetaData;
}

/**
 * A logger from `LogManager.getLogger()`. Each method returns what the application's logger returns. If that is null or
 * undefined, the method returns the line. If the line isn't logged, the method returns undefined.
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
 * The library's log, `connect.LogManager`. Applications can also write to it.
 * @example
 * import { LogManager } from "amazon-connect-chatjs";
 *
 * LogManager.updateLoggerConfig({ level: "WARN", useDefaultLogger: true });
 * LogManager.getLogger({ prefix: "Widget" }).warn("The window is too small");
 */
export interface LogManagerObject {
  /**
   * Merges fields into the configuration. An omitted field leaves its setting unchanged, and an invalid level or writer
   * is ignored.
   */
  updateLoggerConfig(config?: LoggerConfig | null): void;
  /** Returns whether lines at this level are logged. */
  isLevelEnabled(level: number | string): boolean;
  /** Returns whether lines are written anywhere: to the application's logger or to the console. */
  hasClientLogger(): boolean;
  /** Returns the application's logger. Returns null if lines are written to the console or aren't written. */
  selectLogger(): Partial<ChatLogSink> | null;
  /** Returns a logger that adds a prefix and metadata to its lines. */
  getLogger(options?: LoggerOptions): LibraryLogger;
  /**
   * Writes `LEVEL statement logMetaData` to the application's logger or to the console, regardless of the configured
   * level. Values that aren't strings are written as JSON. Returns what the logger returns. If that is null or
   * undefined, returns the line.
   */
  writeToClientLogger(level: number | string, statement: unknown, logMetaData?: unknown): unknown;
}
