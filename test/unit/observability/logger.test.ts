import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { LibraryLogger, LoggerConfig } from "../../../src/api/logging";
import { LOG_LEVEL, Logging } from "../../../src/observability/logger";
import { FakePlatform } from "../../support/fake-platform";

let platform: FakePlatform;
let manager: Logging;
let logger: LibraryLogger;

const META = { contactId: "c", participantId: "p", sessionType: "CUSTOMER", region: "us-west-2" };

beforeEach(() => {
  platform = new FakePlatform();
  manager = new Logging(platform);
  logger = manager.getLogger({ prefix: "ChatJS-CUSTOMER", logMetaData: META });
});

const METHODS = ["debug", "info", "warn", "error", "advancedLog"] as const;

/** A logger that records each call: the method's name and its arguments. */
function recordingLogger(): {
  calls: [string, ...unknown[]][];
  logger: Record<(typeof METHODS)[number], (...line: unknown[]) => unknown>;
} {
  const calls: [string, ...unknown[]][] = [];
  const record =
    (method: string) =>
    (...line: unknown[]): undefined =>
      void calls.push([method, ...line]);
  return {
    calls,
    logger: {
      debug: record("debug"),
      info: record("info"),
      warn: record("warn"),
      error: record("error"),
      advancedLog: record("advancedLog"),
    },
  };
}

const logAll = (): unknown[] => METHODS.map((method) => logger[method](method));

describe("without a configuration", () => {
  test("nothing is printed at any level", () => {
    expect(logAll()).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(platform.printed).toEqual([]);
    expect(manager.hasClientLogger()).toBe(false);
    expect(manager.selectLogger()).toBeNull();
  });

  test("nothing is printed if only a level is configured", () => {
    manager.updateLoggerConfig({ level: "DEBUG" });
    logAll();
    expect(platform.printed).toEqual([]);
  });
});

describe("the level", () => {
  const methodsCalled = (): string[] => {
    const { calls, logger: customizedLogger } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger });
    logAll();
    return calls.map(([method]) => method);
  };

  test("is INFO by default", () => {
    expect(methodsCalled()).toEqual(["info", "warn", "error", "warn"]);
  });

  test.each<[level: number | string, methods: string[]]>([
    [LOG_LEVEL.DEBUG, ["debug", "info", "warn", "error", "warn"]],
    [LOG_LEVEL.WARN, ["warn", "error", "warn"]],
    [LOG_LEVEL.ERROR, ["error", "warn"]],
    [LOG_LEVEL.ADVANCED_LOG, ["warn"]],
    ["DEBUG", ["debug", "info", "warn", "error", "warn"]],
    ["INFO", ["info", "warn", "error", "warn"]],
    ["warn", ["warn", "error", "warn"]],
    ["ERROR", ["error", "warn"]],
    ["ADVANCED_LOG", ["warn"]],
    ["NO_LEVEL", ["info", "warn", "error", "warn"]],
  ])("%s passes lines to the methods %j", (level, methods) => {
    manager.updateLoggerConfig({ level });
    expect(methodsCalled()).toEqual(methods);
  });

  test("determines whether isLevelEnabled() is true for a level's number or name", () => {
    manager.updateLoggerConfig({ level: "WARN" });
    expect(manager.isLevelEnabled(LOG_LEVEL.INFO)).toBe(false);
    expect(manager.isLevelEnabled("INFO")).toBe(false);
    expect(manager.isLevelEnabled("WARN")).toBe(true);
    expect(manager.isLevelEnabled(LOG_LEVEL.ERROR)).toBe(true);
  });

  test("filters lines without reading their arguments", () => {
    const { logger: customizedLogger, calls } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger, level: "ERROR" });
    let reads = 0;
    const costly = {
      get value() {
        reads += 1;
        return 1;
      },
    };
    expect(logger.info("costly", costly)).toBeUndefined();
    expect(reads).toBe(0);
    logger.error("costly", costly);
    expect(reads).toBe(1);
    expect(calls).toHaveLength(1);
  });

  test("is kept, like the loggers, if a later configuration omits it", () => {
    const { logger: customizedLogger, calls } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger, level: "ERROR" });
    manager.updateLoggerConfig({ useDefaultLogger: true });
    manager.updateLoggerConfig({});
    logAll();
    expect(calls.map(([method]) => method)).toEqual(["error", "warn"]);
  });
});

describe("a customized logger", () => {
  test("receives each line as one string: the level, the arguments as JSON, the session's metadata as JSON", () => {
    const { calls, logger: customizedLogger } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger });
    logger.info("hello", { a: 1 }, 5, null, undefined, true);
    expect(calls).toEqual([
      [
        "info",
        'INFO ["hello",{"a":1},5,null,null,true] {"contactId":"c","participantId":"p","sessionType":"CUSTOMER","region":"us-west-2"}',
      ],
    ]);
  });

  test("receives only the level and the arguments if there is no metadata", () => {
    const { calls, logger: customizedLogger } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger });
    manager.getLogger().warn("hello");
    expect(calls).toEqual([["warn", 'WARN ["hello"] ']]);
  });

  test("takes precedence over logger, which takes precedence over the console", () => {
    const customized = recordingLogger();
    const streams = recordingLogger();
    manager.updateLoggerConfig({
      customizedLogger: customized.logger,
      logger: streams.logger,
      useDefaultLogger: true,
    });
    expect(manager.selectLogger()).toBe(customized.logger);
    logger.info("one");
    manager.updateLoggerConfig({ customizedLogger: null });
    expect(manager.selectLogger()).toBe(streams.logger);
    logger.info("two");
    manager.updateLoggerConfig({ logger: null });
    expect(manager.selectLogger()).toBeNull();
    logger.info("three");
    const counts = [customized.calls, streams.calls, platform.printed].map((each) => each.length);
    expect(counts).toEqual([1, 1, 1]);
  });

  test("is called with itself as `this`", () => {
    class ArrayLogger {
      readonly lines: unknown[] = [];
      info(line: unknown): number {
        return this.lines.push(line);
      }
    }
    const customizedLogger = new ArrayLogger();
    manager.updateLoggerConfig({ customizedLogger });
    expect(logger.info("hello")).toBe(1);
    expect(customizedLogger.lines).toHaveLength(1);
  });

  test("determines the call's return value, which is the line if the logger returns nothing", () => {
    const entry = { entry: 1 };
    manager.updateLoggerConfig({ customizedLogger: { info: () => entry, warn: () => undefined } });
    expect(logger.info("hello")).toBe(entry);
    expect(manager.getLogger().warn("hello")).toBe('WARN ["hello"] ');
  });

  test("doesn't affect the caller if it throws", () => {
    const customizedLogger = {
      info: () => {
        throw new Error("full");
      },
    };
    manager.updateLoggerConfig({ customizedLogger });
    expect(manager.getLogger().info("hello")).toBe('INFO ["hello"] ');
  });

  test("receives the line through another method, or not at all, if it lacks the line's method", () => {
    const { calls, logger: complete } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger: { info: complete.info } });
    logger.error("hello");
    expect(calls).toHaveLength(1);
    manager.updateLoggerConfig({ customizedLogger: {} });
    expect(manager.getLogger().error("hello")).toBe('ERROR ["hello"] ');
  });

  test.each([undefined, "info", "debug", "warn"] as const)(
    "receives advanced lines through advancedLogWriter %s if it lacks advancedLog",
    (advancedLogWriter) => {
      const { calls, logger: complete } = recordingLogger();
      const { debug, info, warn, error } = complete;
      manager.updateLoggerConfig({
        customizedLogger: { debug, info, warn, error },
        ...(advancedLogWriter && { advancedLogWriter }),
      });
      logger.advancedLog("hello");
      expect(calls.map(([method]) => method)).toEqual([advancedLogWriter ?? "warn"]);
      expect(calls[0]?.[1]).toMatch(/^ADVANCED_LOG \["hello"\]/);
    },
  );
});

describe("Streams' logger", () => {
  test("receives each % doubled, because it treats a line as a format string, unlike a customized logger", () => {
    const streams = recordingLogger();
    const customized = recordingLogger();
    manager.updateLoggerConfig({ logger: streams.logger });
    manager.getLogger().info("100 % sure, %s");
    manager.updateLoggerConfig({ customizedLogger: customized.logger });
    manager.getLogger().info("100 % sure, %s");
    expect(streams.calls).toEqual([["info", 'INFO ["100 %% sure, %%s"] ']]);
    expect(customized.calls).toEqual([["info", 'INFO ["100 % sure, %s"] ']]);
  });
});

describe("the default logger", () => {
  beforeEach(() => manager.updateLoggerConfig({ useDefaultLogger: true, level: "DEBUG" }));

  test("prints the level, the time, the prefix, the arguments, and the session's metadata", () => {
    logger.warn("hello", { a: 1 }, 5);
    expect(platform.printed).toEqual([
      {
        method: "warn",
        line: `WARN [2026-01-01T00:00:00.000Z] ChatJS-CUSTOMER: hello {"a":1} 5 ${JSON.stringify(META)}`,
      },
    ]);
  });

  test("uses the level's console method", () => {
    logAll();
    expect(platform.printed.map(({ method }) => method)).toEqual(["debug", "info", "warn", "error", "warn"]);
  });

  test.each(["warn", "info", "debug", "log"] as const)(
    "prints advanced lines with advancedLogWriter %s",
    (writer) => {
      manager.updateLoggerConfig({ advancedLogWriter: writer });
      logger.advancedLog("hello");
      expect(platform.printed.map(({ method }) => method)).toEqual([writer]);
    },
  );

  test("returns the line", () => {
    expect(logger.info("hello")).toBe(platform.printed[0]?.line);
  });
});

describe("writeToClientLogger", () => {
  test("accepts a level by number or name, and returns the logger's return value or the line", () => {
    const { calls, logger: complete } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger: { ...complete, error: () => "entry" } });
    expect(manager.writeToClientLogger(LOG_LEVEL.WARN, "a line")).toBe("WARN a line ");
    expect(manager.writeToClientLogger("INFO", ["a", { token: "t" }], META)).toBe(
      `INFO ["a",{"token":"[redacted]"}] ${JSON.stringify(META)}`,
    );
    expect(manager.writeToClientLogger("ERROR", "a line")).toBe("entry");
    expect(calls.map(([method]) => method)).toEqual(["warn", "info"]);
  });

  test.each([["an unknown name", "LOUD"] as const, ["an unknown number", 99] as const])(
    "writes nothing for a level with %s",
    (_, level) => {
      const { calls, logger: customizedLogger } = recordingLogger();
      manager.updateLoggerConfig({ customizedLogger });
      expect(manager.writeToClientLogger(level, "a line")).toBeUndefined();
      expect(calls).toEqual([]);
    },
  );
});

describe("an invalid configuration", () => {
  test.each([
    ["null", null],
    ["an undefined level", { level: undefined }],
    ["a null level", { level: null }],
    ["a level of 0", { level: 0 }],
  ])("has no effect: %s", (_, config) => {
    const { calls, logger: customizedLogger } = recordingLogger();
    manager.updateLoggerConfig({ customizedLogger, level: "WARN" });
    Reflect.apply((given: never) => manager.updateLoggerConfig(given), undefined, [config]);
    logAll();
    expect(calls.map(([method]) => method)).toEqual(["warn", "error", "warn"]);
  });

  test("writes advanced lines with warn if advancedLogWriter is unknown", () => {
    const { calls, logger: customizedLogger } = recordingLogger();
    Reflect.apply((given: never) => manager.updateLoggerConfig(given), undefined, [
      { customizedLogger, advancedLogWriter: "shout" },
    ]);
    logger.advancedLog("hello");
    expect(calls.map(([method]) => method)).toEqual(["warn"]);
  });
});

describe("a line's arguments", () => {
  /** A value that counts how often it is read. */
  const readCounter = (): { value: object; reads: () => number } => {
    let reads = 0;
    const countRead = (): true => {
      reads += 1;
      return true;
    };
    const value = new Proxy(
      { toJSON: () => countRead(), toString: () => String(countRead()) },
      {
        get: (target, key, receiver) => (countRead(), Reflect.get(target, key, receiver) as unknown),
        ownKeys: (target) => (countRead(), Reflect.ownKeys(target)),
        has: countRead,
        getPrototypeOf: (target) => (countRead(), Reflect.getPrototypeOf(target)),
      },
    );
    return { value, reads: () => reads };
  };

  test.each<[what: string, config: LoggerConfig | null, areRead: boolean]>([
    ["no logger", null, false],
    ["no logger at DEBUG", { level: "DEBUG" }, false],
    ["the console, below its level", { useDefaultLogger: true, level: "WARN" }, false],
    [
      "a customized logger, below its level",
      { customizedLogger: recordingLogger().logger, level: "WARN" },
      false,
    ],
    ["Streams' logger, below its level", { logger: recordingLogger().logger, level: "WARN" }, false],
    ["the console", { useDefaultLogger: true }, true],
    ["a customized logger", { customizedLogger: recordingLogger().logger }, true],
  ])("are read and formatted only if the line is written: %s", (_, config, areRead) => {
    const now = jest.spyOn(platform, "now");
    const print = jest.spyOn(platform, "print");
    if (config) manager.updateLoggerConfig(config);
    const { value, reads } = readCounter();
    logger.info("costly", value);
    expect(reads() > 0).toBe(areRead);
    if (areRead) return;
    expect(now).not.toHaveBeenCalled();
    expect(print).not.toHaveBeenCalled();
  });
});

test("a logger exposes its options", () => {
  expect(logger.options).toEqual({ prefix: "ChatJS-CUSTOMER", logMetaData: META });
});
