import type {
  ChatLogLevel,
  ChatLogSink,
  LibraryLogger,
  LoggerConfig,
  LoggerOptions,
  LogManagerObject,
} from "../api/logging";
import type { Platform } from "../platform";
import { redact, redactText } from "./redact";

/** The log levels. A line is logged if its level is at least the configured level. */
export const LOG_LEVEL = {
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  ERROR: 40,
  ADVANCED_LOG: 50,
} as const satisfies Required<ChatLogLevel>;

export type ChatLogLevelName = keyof typeof LOG_LEVEL;
export type ChatLogLevelValue = (typeof LOG_LEVEL)[ChatLogLevelName];

/**
 * The base class for a custom logger: `class Mine extends connect.ChatSession.Logger`. A method does nothing unless a
 * subclass overrides it.
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

type AdvancedLogWriter = NonNullable<LoggerConfig["advancedLogWriter"]>;
const ADVANCED_LOG_WRITERS: readonly AdvancedLogWriter[] = ["warn", "info", "debug", "log"];

/** The level names. Object.keys() returns plain strings, hence the cast. */
const LEVEL_NAMES = Object.keys(LOG_LEVEL) as ChatLogLevelName[];

/** Returns a level's value, or undefined if `level` isn't a level. 0 and NaN aren't levels. */
function levelValue(level: unknown): number | undefined {
  if (typeof level === "number") return level || undefined;
  const name = LEVEL_NAMES.find((each) => typeof level === "string" && each === level.toUpperCase());
  return name && LOG_LEVEL[name];
}

/** Filters, redacts, and formats all log lines. */
export class Logging implements LogManagerObject {
  readonly #platform: Pick<Platform, "now" | "print">;
  #level: number = LOG_LEVEL.INFO;
  #useDefaultLogger = false;
  #customizedLogger: Partial<ChatLogSink> | null = null;
  #logger: Partial<ChatLogSink> | null = null;
  #advancedLogWriter: AdvancedLogWriter = "warn";

  constructor(platform: Pick<Platform, "now" | "print">) {
    this.#platform = platform;
  }

  updateLoggerConfig(config?: LoggerConfig | null): void {
    const {
      level,
      useDefaultLogger = this.#useDefaultLogger,
      customizedLogger = this.#customizedLogger,
      logger = this.#logger,
      advancedLogWriter,
    } = config ?? {};
    this.#level = levelValue(level) ?? this.#level;
    this.#useDefaultLogger = useDefaultLogger;
    this.#customizedLogger = customizedLogger;
    this.#logger = logger;
    this.#advancedLogWriter =
      ADVANCED_LOG_WRITERS.find((each) => each === advancedLogWriter) ?? this.#advancedLogWriter;
  }

  isLevelEnabled(level: number | string): boolean {
    return (levelValue(level) ?? 0) >= this.#level;
  }

  hasClientLogger(): boolean {
    return this.selectLogger() !== null || this.#useDefaultLogger;
  }

  selectLogger(): Partial<ChatLogSink> | null {
    return this.#customizedLogger ?? this.#logger;
  }

  getLogger(options: LoggerOptions = {}): LibraryLogger {
    const logAt =
      (level: ChatLogLevelName) =>
      (...args: unknown[]): unknown =>
        this.#log(level, options, args);
    return {
      options,
      debug: logAt("DEBUG"),
      info: logAt("INFO"),
      warn: logAt("WARN"),
      error: logAt("ERROR"),
      advancedLog: logAt("ADVANCED_LOG"),
    };
  }

  writeToClientLogger(level: number | string, statement: unknown, logMetaData?: unknown): unknown {
    const name = levelName(level);
    if (name === undefined || !this.hasClientLogger()) return undefined;
    return this.#write(name, `${name} ${toText(statement)} ${toText(logMetaData)}`);
  }

  #log(level: ChatLogLevelName, options: LoggerOptions, args: readonly unknown[]): unknown {
    if (LOG_LEVEL[level] < this.#level || !this.hasClientLogger()) return undefined;
    const { prefix, logMetaData } = options;
    if (this.selectLogger()) return this.writeToClientLogger(level, args, logMetaData);
    const time = new Date(this.#platform.now()).toISOString();
    const words = [...(prefix ? [`${prefix}:`] : []), ...args.map(toConsoleText), toText(logMetaData)];
    return this.#write(level, `${level} [${time}] ${words.join(" ")}`);
  }

  #write(level: ChatLogLevelName, line: string): unknown {
    // toLowerCase() returns a plain string, hence the cast.
    const method =
      level === "ADVANCED_LOG" ? this.#advancedLogWriter : (level.toLowerCase() as Lowercase<typeof level>);
    const sink = this.selectLogger();
    if (!sink) {
      this.#platform.print(method, line);
      return line;
    }
    // Streams' logger treats a line as a printf format, and drops lines that contain a single %.
    const text = sink === this.#logger ? line.replaceAll("%", "%%") : line;
    try {
      // Streams' logger must be called as a method, because it uses `this`.
      const write: unknown = Reflect.get(sink, method) ?? Reflect.get(sink, "info");
      if (typeof write === "function") return (Reflect.apply(write, sink, [text]) as unknown) ?? text;
    } catch {
      // A logger that throws must not break the chat, and the error can't be reported anywhere else.
    }
    return text;
  }
}

function levelName(level: number | string): ChatLogLevelName | undefined {
  const value = levelValue(level);
  return LEVEL_NAMES.find((name) => LOG_LEVEL[name] === value);
}

/**
 * Converts a value to redacted text. A string is only redacted, undefined becomes an empty string, and any other value
 * becomes JSON.
 */
function toText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return redactText(value);
  // JSON.stringify() returns undefined for a function.
  const json = JSON.stringify(redact(value)) as string | undefined;
  return json ?? "undefined";
}

/** Converts an argument to text for the console. Uses the argument's toString(), or JSON if the text isn't useful. */
function toConsoleText(value: unknown): string {
  if (!value) return "";
  if (typeof value === "object" && !(value instanceof Error)) {
    try {
      // Dates, URLs, and arrays have a useful toString().
      // eslint-disable-next-line @typescript-eslint/no-base-to-string -- the next line recognizes the base text
      const text = String(value);
      if (text !== "[object Object]") return redactText(text);
    } catch {
      // A value whose toString() throws is written as JSON.
    }
  }
  return toText(value);
}
