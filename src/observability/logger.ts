import type { ConsoleMethod, Platform } from "../platform";
import { isObject } from "../util/json";
import { redact, redactText } from "./redact";

/** The levels, by weight: a line is made when its level weighs at least as much as the configured one. */
export const LOG_LEVEL = { DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, ADVANCED_LOG: 50 } as const;

export type ChatLogLevelName = keyof typeof LOG_LEVEL;
export type ChatLogLevelValue = (typeof LOG_LEVEL)[ChatLogLevelName];

/** What an application gives to receive the lines: one string a line. What it returns is handed back to who logged. */
export interface ChatLogSink {
  debug(...line: unknown[]): unknown;
  info(...line: unknown[]): unknown;
  warn(...line: unknown[]): unknown;
  error(...line: unknown[]): unknown;
  advancedLog?(...line: unknown[]): unknown;
}

/**
 * A base for a logger of the application's own: `class Mine extends connect.ChatSession.Logger`. What a subclass leaves
 * out does nothing.
 */
export class Logger implements ChatLogSink {
  debug(..._line: unknown[]): unknown {
    return undefined;
  }
  info(..._line: unknown[]): unknown {
    return undefined;
  }
  warn(..._line: unknown[]): unknown {
    return undefined;
  }
  error(..._line: unknown[]): unknown {
    return undefined;
  }
}

const ADVANCED_LOG_WRITERS = ["warn", "info", "debug", "log"] as const;

/** `loggerConfig` of setGlobalConfig. Silent unless one of the loggers is chosen. */
export interface LoggerConfig {
  /** A number of `LogLevel` or its name; default INFO. */
  level?: number | string;
  /** Print to the console. */
  useDefaultLogger?: boolean;
  /** The application's own logger; goes before `logger` and the default one. */
  customizedLogger?: Partial<ChatLogSink> | null;
  /** Streams' logger. */
  logger?: Partial<ChatLogSink> | null;
  /** The console method, or the logger's, that advanced lines go to; default warn. */
  advancedLogWriter?: (typeof ADVANCED_LOG_WRITERS)[number];
}

export interface LogMetaData {
  readonly contactId?: string | null;
  readonly participantId?: string | null;
  readonly sessionType?: string;
  readonly region?: string;
}

export interface LoggerOptions {
  readonly prefix?: string;
  readonly logMetaData?: LogMetaData;
}

/** Each method returns what the application's logger returned, else the line; undefined when it was filtered out. */
export interface ChatLogger {
  readonly options: LoggerOptions;
  debug(...args: unknown[]): unknown;
  info(...args: unknown[]): unknown;
  warn(...args: unknown[]): unknown;
  error(...args: unknown[]): unknown;
  advancedLog(...args: unknown[]): unknown;
}

const CONSOLE_METHOD: Readonly<Record<ChatLogLevelName, ConsoleMethod>> = {
  DEBUG: "debug",
  INFO: "info",
  WARN: "warn",
  ERROR: "error",
  ADVANCED_LOG: "warn",
};

const SINK_METHOD = {
  DEBUG: "debug",
  INFO: "info",
  WARN: "warn",
  ERROR: "error",
  ADVANCED_LOG: "advancedLog",
} as const satisfies Record<ChatLogLevelName, keyof ChatLogSink>;

const isLevelName = (name: string): name is ChatLogLevelName => Object.hasOwn(LOG_LEVEL, name);

function levelWeight(level: number | string): number | undefined {
  if (typeof level === "number") return level;
  const name = level.toUpperCase();
  return isLevelName(name) ? LOG_LEVEL[name] : undefined;
}

/** Where all log lines are made: the one place that filters, redacts and formats them. */
export class LogManager {
  readonly #platform: Pick<Platform, "now" | "print">;
  #level: number = LOG_LEVEL.INFO;
  #useDefaultLogger = false;
  #customizedLogger: Partial<ChatLogSink> | null = null;
  #logger: Partial<ChatLogSink> | null = null;
  #advancedLogWriter: NonNullable<LoggerConfig["advancedLogWriter"]> = "warn";

  constructor(platform: Pick<Platform, "now" | "print">) {
    this.#platform = platform;
  }

  /** Takes over what the configuration names; what it leaves out keeps its value. */
  updateLoggerConfig(config: LoggerConfig = {}): void {
    const weight = config.level === undefined ? undefined : levelWeight(config.level);
    if (weight !== undefined) this.#level = weight;
    if (config.useDefaultLogger !== undefined) this.#useDefaultLogger = config.useDefaultLogger;
    if (config.customizedLogger !== undefined) this.#customizedLogger = config.customizedLogger;
    if (config.logger !== undefined) this.#logger = config.logger;
    const writer = config.advancedLogWriter;
    if (writer !== undefined && ADVANCED_LOG_WRITERS.includes(writer)) this.#advancedLogWriter = writer;
  }

  isLevelEnabled(level: number | string): boolean {
    return (levelWeight(level) ?? 0) >= this.#level;
  }

  hasClientLogger(): boolean {
    return this.selectLogger() !== null || this.#useDefaultLogger;
  }

  /** The application's logger that lines go to; null when they go to the console or nowhere. */
  selectLogger(): Partial<ChatLogSink> | null {
    return this.#customizedLogger ?? this.#logger;
  }

  getLogger(options: LoggerOptions = {}): ChatLogger {
    const at =
      (level: ChatLogLevelName) =>
      (...args: unknown[]): unknown =>
        this.#log(level, options, args);
    return {
      options,
      debug: at("DEBUG"),
      info: at("INFO"),
      warn: at("WARN"),
      error: at("ERROR"),
      advancedLog: at("ADVANCED_LOG"),
    };
  }

  /** Hands a finished line to the application's logger, or to the console; returns what that returned, else the line. */
  writeToClientLogger(level: ChatLogLevelName | ChatLogLevelValue, line: string): unknown {
    const name = typeof level === "string" ? level : levelName(level);
    const sink = this.selectLogger();
    if (sink === null) {
      const method = name === "ADVANCED_LOG" ? this.#advancedLogWriter : CONSOLE_METHOD[name];
      if (this.#useDefaultLogger) this.#platform.print(method, line);
      return line;
    }
    return this.#callSink(sink, name, line);
  }

  #callSink(sink: Partial<ChatLogSink>, name: ChatLogLevelName, line: string): unknown {
    try {
      const own = SINK_METHOD[name];
      const methods = name === "ADVANCED_LOG" ? [this.#advancedLogWriter, own] : [own, "info"];
      for (const method of methods) {
        const write: unknown = Reflect.get(sink, method);
        // Called as a method: Streams' logger needs its `this`.
        if (typeof write === "function") return (Reflect.apply(write, sink, [line]) as unknown) ?? line;
      }
    } catch {
      // A logger that throws must not harm the chat, and there is no other place to tell it.
    }
    return line;
  }

  #log(level: ChatLogLevelName, options: LoggerOptions, args: readonly unknown[]): unknown {
    if (LOG_LEVEL[level] < this.#level || !this.hasClientLogger()) return undefined;
    const sink = this.selectLogger();
    if (sink === null) return this.writeToClientLogger(level, this.#defaultLine(level, options, args));
    const line = `${level} ${json(args)}${this.#metaData(options)}`;
    // Streams' logger reads lines as printf formats: a lone % makes it drop the line.
    return this.writeToClientLogger(level, sink === this.#logger ? line.replaceAll("%", "%%") : line);
  }

  #defaultLine(
    level: ChatLogLevelName,
    { prefix, ...options }: LoggerOptions,
    args: readonly unknown[],
  ): string {
    const time = new Date(this.#platform.now()).toISOString();
    const words = args.map((argument) =>
      typeof argument === "string" ? redactText(argument) : json(argument),
    );
    return `${level} [${time}] ${prefix ?? ""}: ${words.join(" ")}${this.#metaData(options)}`;
  }

  #metaData({ logMetaData }: LoggerOptions): string {
    return isObject(logMetaData) ? ` ${json(logMetaData)}` : "";
  }
}

function levelName(weight: ChatLogLevelValue): ChatLogLevelName {
  const found = Object.entries(LOG_LEVEL).find(([, value]) => value === weight);
  return found && isLevelName(found[0]) ? found[0] : "INFO";
}

function json(value: unknown): string {
  return value === undefined ? "undefined" : JSON.stringify(redact(value));
}
