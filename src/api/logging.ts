/** Logging: what the library takes to write lines, and what it offers to log. */

/** The levels, by weight. The original library declares no ADVANCED_LOG here; `ChatSession.LogLevel` has it. */
export interface ChatLogLevel {
  readonly DEBUG: 10;
  readonly INFO: 20;
  readonly WARN: 30;
  readonly ERROR: 40;
  readonly ADVANCED_LOG?: 50;
}

/** A custom logger for `loggerConfig.customizedLogger`, as the original library declares it: one finished line a call. */
export interface ChatLogger {
  debug: (message: string) => void;
  info: (message: string) => void;
  warn: (message: string) => void;
  error: (message: string) => void;
}

/** What an application passes to receive the lines: one string a line. Its return value is returned to the caller. */
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

/** The base class of a custom logger, which overrides what it logs: `class Mine extends connect.ChatSession.Logger`. */
export type LoggerConstructor = new () => SilentLogger;

/** `loggerConfig` of `setGlobalConfig()`. Nothing is logged unless a logger is chosen here. */
export interface LoggerConfig {
  /**
   * A number of `LogLevel`, or its name: lines below it are dropped.
   * @default "INFO"
   */
  level?: number | string;
  /**
   * Whether lines are printed to the console.
   * @default false
   */
  useDefaultLogger?: boolean;
  /** A custom logger. It wins over `logger` and the console. */
  customizedLogger?: Partial<ChatLogSink> | null;
  /** Streams' logger. It wins over the console. */
  logger?: Partial<ChatLogSink> | null;
  /**
   * The method of the console, or of the logger, that writes ADVANCED_LOG lines.
   * @default "warn"
   */
  advancedLogWriter?: "warn" | "info" | "debug" | "log";
}

/** What a logger adds to each line. */
export interface LogMetaData {
  readonly contactId?: string | null;
  readonly participantId?: string | null;
  readonly sessionType?: string;
  readonly region?: string;
}

/** What `LogManager.getLogger()` takes. */
export interface LoggerOptions {
  readonly prefix?: string;
  readonly logMetaData?: LogMetaData;
}

/** A logger of `LogManager`. Each method returns what the application's logger returned, else the line; undefined if filtered. */
export interface LibraryLogger {
  readonly options: LoggerOptions;
  debug(...args: unknown[]): unknown;
  info(...args: unknown[]): unknown;
  warn(...args: unknown[]): unknown;
  error(...args: unknown[]): unknown;
  advancedLog(...args: unknown[]): unknown;
}

/**
 * `connect.LogManager`: the library's logging, for the application's own lines as well.
 * @example
 * import { LogManager } from "amazon-connect-chatjs";
 *
 * LogManager.updateLoggerConfig({ level: "WARN", useDefaultLogger: true });
 * LogManager.getLogger({ prefix: "Widget" }).warn("The window is too small");
 */
export interface LogManagerObject {
  /** Changes what the configuration names; what it omits, or sets to something that isn't valid, keeps its value. */
  updateLoggerConfig(config?: LoggerConfig | null): void;
  isLevelEnabled(level: number | string): boolean;
  hasClientLogger(): boolean;
  /** The application's logger that lines go to; null when they go to the console or nowhere. */
  selectLogger(): Partial<ChatLogSink> | null;
  getLogger(options?: LoggerOptions): LibraryLogger;
  /**
   * Writes `LEVEL statement logMetaData`, at any configured level, to the application's logger or to the console. A
   * value that isn't a string is written as JSON. Returns what the logger returned, else the line.
   */
  writeToClientLogger(level: number | string, statement: unknown, logMetaData?: unknown): unknown;
}
