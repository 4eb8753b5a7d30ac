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

/** A logger that keeps each call: the method and what it was given. */
function sink(): {
  calls: [string, ...unknown[]][];
  logger: Record<(typeof METHODS)[number], (...line: unknown[]) => unknown>;
} {
  const calls: [string, ...unknown[]][] = [];
  const keep =
    (method: string) =>
    (...line: unknown[]): undefined =>
      void calls.push([method, ...line]);
  return {
    calls,
    logger: {
      debug: keep("debug"),
      info: keep("info"),
      warn: keep("warn"),
      error: keep("error"),
      advancedLog: keep("advancedLog"),
    },
  };
}

const logAll = (): unknown[] => METHODS.map((method) => logger[method](method));

describe("without a configuration", () => {
  test("nothing is printed, at no level", () => {
    expect(logAll()).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(platform.printed).toEqual([]);
    expect(manager.hasClientLogger()).toBe(false);
    expect(manager.selectLogger()).toBeNull();
  });

  test("nor is anything when only a level is configured", () => {
    manager.updateLoggerConfig({ level: "DEBUG" });
    logAll();
    expect(platform.printed).toEqual([]);
  });
});

describe("the level", () => {
  const told = (): string[] => {
    const { calls, logger: customizedLogger } = sink();
    manager.updateLoggerConfig({ customizedLogger });
    logAll();
    return calls.map(([method]) => method);
  };

  test("is INFO unless set", () => {
    expect(told()).toEqual(["info", "warn", "error", "warn"]);
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
  ])("%s lets %j through", (level, methods) => {
    manager.updateLoggerConfig({ level });
    expect(told()).toEqual(methods);
  });

  test("tells what is enabled, by number and by name", () => {
    manager.updateLoggerConfig({ level: "WARN" });
    expect(manager.isLevelEnabled(LOG_LEVEL.INFO)).toBe(false);
    expect(manager.isLevelEnabled("INFO")).toBe(false);
    expect(manager.isLevelEnabled("WARN")).toBe(true);
    expect(manager.isLevelEnabled(LOG_LEVEL.ERROR)).toBe(true);
  });

  test("keeps a filtered line from any work: its arguments are not looked at", () => {
    const { logger: customizedLogger, calls } = sink();
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

  test("keeps its value when a later configuration leaves it out, and so do the loggers", () => {
    const { logger: customizedLogger, calls } = sink();
    manager.updateLoggerConfig({ customizedLogger, level: "ERROR" });
    manager.updateLoggerConfig({ useDefaultLogger: true });
    manager.updateLoggerConfig({});
    logAll();
    expect(calls.map(([method]) => method)).toEqual(["error", "warn"]);
  });
});

describe("a customised logger", () => {
  test("gets one string a line: the level, the arguments as JSON, the session's data as JSON", () => {
    const { calls, logger: customizedLogger } = sink();
    manager.updateLoggerConfig({ customizedLogger });
    logger.info("hello", { a: 1 }, 5, null, undefined, true);
    expect(calls).toEqual([
      [
        "info",
        'INFO ["hello",{"a":1},5,null,null,true] {"contactId":"c","participantId":"p","sessionType":"CUSTOMER","region":"us-west-2"}',
      ],
    ]);
  });

  test("gets the line alone where there are no data of a session", () => {
    const { calls, logger: customizedLogger } = sink();
    manager.updateLoggerConfig({ customizedLogger });
    manager.getLogger().warn("hello");
    expect(calls).toEqual([["warn", 'WARN ["hello"] ']]);
  });

  test("goes before logger, and that before the console", () => {
    const customized = sink();
    const streams = sink();
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

  test("is called as a method, so that it has its this", () => {
    class Own {
      readonly lines: unknown[] = [];
      info(line: unknown): number {
        return this.lines.push(line);
      }
    }
    const customizedLogger = new Own();
    manager.updateLoggerConfig({ customizedLogger });
    expect(logger.info("hello")).toBe(1);
    expect(customizedLogger.lines).toHaveLength(1);
  });

  test("has what it returns handed back, else the line", () => {
    const entry = { entry: 1 };
    manager.updateLoggerConfig({ customizedLogger: { info: () => entry, warn: () => undefined } });
    expect(logger.info("hello")).toBe(entry);
    expect(manager.getLogger().warn("hello")).toBe('WARN ["hello"] ');
  });

  test("that throws harms nothing", () => {
    const customizedLogger = {
      info: () => {
        throw new Error("full");
      },
    };
    manager.updateLoggerConfig({ customizedLogger });
    expect(manager.getLogger().info("hello")).toBe('INFO ["hello"] ');
  });

  test("that lacks a method gets the line by another, or not at all", () => {
    const { calls, logger: whole } = sink();
    manager.updateLoggerConfig({ customizedLogger: { info: whole.info } });
    logger.error("hello");
    expect(calls).toHaveLength(1);
    manager.updateLoggerConfig({ customizedLogger: {} });
    expect(manager.getLogger().error("hello")).toBe('ERROR ["hello"] ');
  });

  test.each([undefined, "info", "debug", "warn"] as const)(
    "without advancedLog gets advanced lines by advancedLogWriter %s",
    (advancedLogWriter) => {
      const { calls, logger: whole } = sink();
      const { debug, info, warn, error } = whole;
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
  test("gets each % doubled, since it reads a line as a format; a customised logger does not", () => {
    const streams = sink();
    const customized = sink();
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

  test("prints the level, the time, the prefix, the arguments and the session's data", () => {
    logger.warn("hello", { a: 1 }, 5);
    expect(platform.printed).toEqual([
      {
        method: "warn",
        line: `WARN [2026-01-01T00:00:00.000Z] ChatJS-CUSTOMER: hello {"a":1} 5 ${JSON.stringify(META)}`,
      },
    ]);
  });

  test("prints by the console's method of the level", () => {
    logAll();
    expect(platform.printed.map(({ method }) => method)).toEqual(["debug", "info", "warn", "error", "warn"]);
  });

  test.each(["warn", "info", "debug", "log"] as const)(
    "prints advanced lines by advancedLogWriter %s",
    (writer) => {
      manager.updateLoggerConfig({ advancedLogWriter: writer });
      logger.advancedLog("hello");
      expect(platform.printed.map(({ method }) => method)).toEqual([writer]);
    },
  );

  test("hands the line back", () => {
    expect(logger.info("hello")).toBe(platform.printed[0]?.line);
  });
});

describe("writeToClientLogger", () => {
  test("takes a level by number and by name, and returns what the logger returned, else the line", () => {
    const { calls, logger: whole } = sink();
    manager.updateLoggerConfig({ customizedLogger: { ...whole, error: () => "entry" } });
    expect(manager.writeToClientLogger(LOG_LEVEL.WARN, "a line")).toBe("WARN a line ");
    expect(manager.writeToClientLogger("INFO", ["a", { token: "t" }], META)).toBe(
      `INFO ["a",{"token":"[redacted]"}] ${JSON.stringify(META)}`,
    );
    expect(manager.writeToClientLogger("ERROR", "a line")).toBe("entry");
    expect(calls.map(([method]) => method)).toEqual(["warn", "info"]);
  });

  test.each([["an unknown name", "LOUD"] as const, ["an unknown number", 99] as const])(
    "writes nothing at %s",
    (_, level) => {
      const { calls, logger: customizedLogger } = sink();
      manager.updateLoggerConfig({ customizedLogger });
      expect(manager.writeToClientLogger(level, "a line")).toBeUndefined();
      expect(calls).toEqual([]);
    },
  );
});

describe("a configuration that makes no sense", () => {
  test.each([
    ["no configuration", null],
    ["no level", { level: undefined }],
    ["a level of another kind", { level: null }],
    ["a level of nothing", { level: 0 }],
  ])("changes nothing: %s", (_, config) => {
    const { calls, logger: customizedLogger } = sink();
    manager.updateLoggerConfig({ customizedLogger, level: "WARN" });
    Reflect.apply((given: never) => manager.updateLoggerConfig(given), undefined, [config]);
    logAll();
    expect(calls.map(([method]) => method)).toEqual(["warn", "error", "warn"]);
  });

  test("as a writer of advanced lines leaves them to warn", () => {
    const { calls, logger: customizedLogger } = sink();
    Reflect.apply((given: never) => manager.updateLoggerConfig(given), undefined, [
      { customizedLogger, advancedLogWriter: "shout" },
    ]);
    logger.advancedLog("hello");
    expect(calls.map(([method]) => method)).toEqual(["warn"]);
  });
});

describe("a line that is filtered, or goes nowhere", () => {
  /** Whoever looks at it in whatever way is noted. */
  const watched = (): { value: object; looks: () => number } => {
    let looks = 0;
    const looked = (): true => {
      looks += 1;
      return true;
    };
    const value = new Proxy(
      { toJSON: () => looked(), toString: () => String(looked()) },
      {
        get: (target, key, receiver) => (looked(), Reflect.get(target, key, receiver) as unknown),
        ownKeys: (target) => (looked(), Reflect.ownKeys(target)),
        has: looked,
        getPrototypeOf: (target) => (looked(), Reflect.getPrototypeOf(target)),
      },
    );
    return { value, looks: () => looks };
  };

  test.each<[what: string, config: LoggerConfig | null, looked: boolean]>([
    ["no logger", null, false],
    ["no logger at DEBUG", { level: "DEBUG" }, false],
    ["the console, below its level", { useDefaultLogger: true, level: "WARN" }, false],
    ["a customised logger, below its level", { customizedLogger: sink().logger, level: "WARN" }, false],
    ["Streams' logger, below its level", { logger: sink().logger, level: "WARN" }, false],
    ["the console", { useDefaultLogger: true }, true],
    ["a customised logger", { customizedLogger: sink().logger }, true],
  ])(
    "has its arguments not looked at, its time not asked and nothing made of it: %s",
    (_, config, looked) => {
      const now = jest.spyOn(platform, "now");
      const print = jest.spyOn(platform, "print");
      if (config) manager.updateLoggerConfig(config);
      const { value, looks } = watched();
      logger.info("costly", value);
      expect(looks() > 0).toBe(looked);
      if (looked) return;
      expect(now).not.toHaveBeenCalled();
      expect(print).not.toHaveBeenCalled();
    },
  );
});

test("a logger tells its options", () => {
  expect(logger.options).toEqual({ prefix: "ChatJS-CUSTOMER", logMetaData: META });
});
