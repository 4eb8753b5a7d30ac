import { expect } from "@jest/globals";
import { EVENT } from "../../support/chat-under-test";
import { rejection } from "../../support/fake-service";
import type { Page } from "../support/page";
import { row, type Rows } from "../support/row";
import { STREAMS_VALUE, valueWithStreams } from "../support/streams";

/** Enables the default logger at a level. Returns the lines printed so far. */
function enableLogging(page: Page, level: string | number = "DEBUG"): string[] {
  page.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true, level } });
  return page.chat.platform.printed.map(({ line }) => line);
}
const printed = (page: Page): string[] => page.chat.platform.printed.map(({ line }) => line);
const metrics = (page: Page): readonly Record<string, unknown>[] =>
  page.library.csmService.metricsToBePublished;
const firstMetric = (page: Page): object => metrics(page)[0] ?? {};

const CHAT_SESSION_ROWS: Rows = {
  "connect.ChatClient": row(
    "the same class as `connect.ChatSession.ChatClient`; exists at run time",
    (page) => {
      const { ChatClient } = page.connect;
      abstract class Custom extends ChatClient {}
      expect(Custom.prototype).toBeInstanceOf(page.library.ChatSession.ChatClient);
    },
  ),
  "connect.ChatSession": row("creates and configures sessions", (page) => {
    expect(page.customer().controller.contactId).toBe(page.chat.contactId);
  }),
  "connect.ChatSession.create": row(
    "creates a session; throws IllegalArgument if an argument is invalid",
    (page) => {
      expect(page.customer().getChatDetails().contactId).toBe(page.chat.contactId);
      const create = (): unknown =>
        page.ChatSession.create({ type: "CUSTOMER", chatDetails: { contactId: "", participantId: "p" } });
      expect(create).toThrow(expect.objectContaining({ field: "chatDetails.contactId" }));
    },
  ),
  "connect.ChatSession.setGlobalConfig": row("merges settings into the configuration", (page) => {
    page.ChatSession.setGlobalConfig({ csmConfig: { widgetType: "Mine" }, loggerConfig: { level: "ERROR" } });
    page.ChatSession.setGlobalConfig({ region: "eu-west-1" });
    expect(page.connect.csmService.widgetType).toBe("Mine");
    expect(page.connect.LogManager.isLevelEnabled("WARN")).toBe(false);
  }),
  "connect.ChatSession.setFeatureFlag": row(
    "turns a feature flag on; only MESSAGE_RECEIPTS_ENABLED has an effect",
    async (page) => {
      page.ChatSession.setGlobalConfig({ features: [] });
      page.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED");
      const content = { messageId: "m", disableThrottle: true };
      const session = await page.connectedCustomer();
      const sent = await session.sendEvent({ contentType: `${EVENT}message.read`, content });
      expect(sent).toMatchObject({ data: { Id: "sent-1" } });
    },
  ),
  "connect.ChatSession.setRegionOverride": row(
    "sets a region that takes precedence over all other regions",
    async (page) => {
      page.ChatSession.setRegionOverride("eu-west-1");
      page.ChatSession.setGlobalConfig({ region: "us-east-1" });
      const host = await hostOf(page, { region: "ap-south-1" });
      expect(host).toBe("participant.connect.eu-west-1.amazonaws.com");
    },
  ),
  "connect.ChatSession.LogLevel": row("DEBUG 10, INFO 20, WARN 30, ERROR 40, ADVANCED_LOG 50", (page) => {
    expect(page.ChatSession.LogLevel).toEqual({ DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40, ADVANCED_LOG: 50 });
  }),
  "connect.ChatSession.Logger": row("a base class for custom loggers", (page) => {
    class CustomLogger extends page.ChatSession.Logger {}
    expect(new CustomLogger().info("line")).toBeUndefined();
  }),
  "connect.ChatSession.SessionTypes": row("the session types, `{AGENT, CUSTOMER}`", (page) => {
    expect(page.ChatSession.SessionTypes).toEqual({ AGENT: "AGENT", CUSTOMER: "CUSTOMER" });
  }),
  "connect.ChatSession.csmService": row("the same object as connect.csmService", (page) => {
    page.ChatSession.csmService.addCountMetric("M", "UI");
    expect(metrics(page)).toHaveLength(1);
  }),
  "connect.ChatSession.ChatError": row("ours: the class of every failure, for `instanceof`", async (page) => {
    const { ChatError } = page.ChatSession;
    expect(new ChatError("IllegalState", "x")).toMatchObject({ code: "IllegalState", message: "x" });
    expect(await rejection(page.customer().getTranscript())).toBeInstanceOf(ChatError);
  }),
  "connect.ChatSession.isChatError": row(
    "ours: returns whether a value is a ChatError, even if another copy of the library created it",
    (page) => {
      const error = new page.ChatSession.ChatError("IllegalState", "x");
      const mark = Symbol.for("amazon-connect-chatjs.error");
      const another = Object.defineProperty(new Error("x"), mark, { value: true });
      const results = [error, another, new Error("x")].map((each) => page.ChatSession.isChatError(each));
      expect(results).toEqual([true, true, false]);
    },
  ),
  "connect.ChatSession.ChatClient": row("the base class for custom chat clients", (page) => {
    expect(Reflect.construct(page.ChatSession.ChatClient, [])).toBeInstanceOf(page.ChatSession.ChatClient);
  }),
};

/** Connects a session without a custom endpoint. Returns the host of the session's last request. */
export async function hostOf(page: Page, options: { region?: string } = {}): Promise<string> {
  const chatDetails = { contactId: "elsewhere", participantId: "p", participantToken: "t" };
  const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails, options, disableCSM: true });
  await session.connect();
  session.dispose();
  return new URL(page.chat.service.calls.at(-1)?.url ?? "").host;
}

const LOGGING_ROWS: Rows = {
  "connect.LogManager": row("the library's logging, which the application can also use", async (page) => {
    const { LogManager } = page.connect;
    expect(LogManager.hasClientLogger()).toBe(false);
    enableLogging(page);
    LogManager.getLogger({ prefix: "App" }).info("line");
    await page.connectedCustomer();
    expect(printed(page)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("App: line"),
        expect.stringContaining("ChatJS-CUSTOMER"),
      ]),
    );
  }),
  "connect.LogManager.getLogger": row(
    "returns a logger with debug, info, warn, error, advancedLog and options",
    (page) => {
      enableLogging(page);
      const logger = page.connect.LogManager.getLogger({ prefix: "App" });
      logger.info("line");
      expect(printed(page).at(-1)).toContain("App: line");
      const methods = ["debug", "info", "warn", "error", "advancedLog"];
      expect(methods.map((name) => typeof Reflect.get(logger, name))).toEqual(methods.map(() => "function"));
      expect(logger.options).toEqual({ prefix: "App" });
    },
  ),
  "connect.LogManager.updateLoggerConfig": row("merges settings into the logger's configuration", (page) => {
    page.connect.LogManager.updateLoggerConfig({ useDefaultLogger: true });
    page.connect.LogManager.updateLoggerConfig({ level: "ERROR" });
    expect(page.library.LogManager.hasClientLogger()).toBe(true);
    expect(page.library.LogManager.isLevelEnabled("WARN")).toBe(false);
  }),
  "connect.LogManager.writeToClientLogger": row(
    "writes a statement regardless of the configured level; returns the logger's return value, or the line",
    (page) => {
      enableLogging(page, "ERROR");
      const { LogManager } = page.connect;
      expect(LogManager.writeToClientLogger("INFO", "statement", "data")).toBe("INFO statement data");
      expect(printed(page)).toEqual(["INFO statement data"]);
      const customizedLogger = { info: () => "returned" };
      page.ChatSession.setGlobalConfig({ loggerConfig: { customizedLogger } });
      expect(LogManager.writeToClientLogger("INFO", "statement")).toBe("returned");
    },
  ),
  "connect.LogManager.isLevelEnabled": row("returns whether lines of a level are written", (page) => {
    expect(page.connect.LogManager.isLevelEnabled("DEBUG")).toBe(false);
    expect(page.connect.LogManager.isLevelEnabled(30)).toBe(true);
  }),
  "connect.LogManager.hasClientLogger": row("returns whether a logger is configured", (page) => {
    expect(page.library.LogManager.hasClientLogger()).toBe(false);
    enableLogging(page);
    expect(page.connect.LogManager.hasClientLogger()).toBe(true);
  }),
  "connect.LogManager.selectLogger": row("returns the application's logger, or null", (page) => {
    expect(page.connect.LogManager.selectLogger()).toBeNull();
    let lines = 0;
    const customizedLogger = { info: () => (lines += 1) };
    page.ChatSession.setGlobalConfig({ loggerConfig: { customizedLogger } });
    page.connect.LogManager.selectLogger()?.info?.("line");
    expect(lines).toBe(1);
  }),
  "connect.LogLevel": row("the log levels, unless Streams has already defined its own LogLevel", (page) => {
    expect(page.connect.LogLevel.ADVANCED_LOG).toBe(50);
    expect(valueWithStreams(page, "LogLevel")).toBe(STREAMS_VALUE);
  }),
  "logger.options": row("the options that the logger was created with", (page) => {
    expect(page.connect.LogManager.getLogger({ prefix: "App" }).options).toEqual({ prefix: "App" });
  }),
  ...Object.fromEntries(
    (["debug", "info", "warn", "error", "advancedLog"] as const).map((level) => [
      `logger.${level}`,
      row(
        "writes a line at the method's level; returns the client logger's return value, or undefined if the level is disabled",
        (page: Page) => {
          enableLogging(page);
          expect(page.connect.LogManager.getLogger({ prefix: "App" })[level]("line", 1)).toContain("line 1");
          expect(printed(page).at(-1)).toContain("App: line 1");
          const customizedLogger = { [level]: () => "returned", warn: () => "returned" };
          page.ChatSession.setGlobalConfig({ loggerConfig: { customizedLogger } });
          expect(page.connect.LogManager.getLogger()[level]("line")).toBe("returned");
          page.ChatSession.setGlobalConfig({ loggerConfig: { level: 60 } });
          expect(page.connect.LogManager.getLogger()[level]("line")).toBeUndefined();
        },
      ),
    ]),
  ),
};

const CHATJS_ROWS: Rows = {
  "connect.ChatJS": row("information about the loaded library, read-only", (page) => {
    expect(page.connect.ChatJS.name).toBe("amazon-connect-chatjs");
    expect(Object.isFrozen(page.connect.ChatJS)).toBe(true);
  }),
  ...Object.fromEntries(
    (["version", "name", "source", "repository"] as const).map((field) => [
      `connect.ChatJS.${field}`,
      row(`the ${field} of the loaded library, a string`, (page: Page) => {
        expect(page.connect.ChatJS[field]).toMatch(/\w/);
      }),
    ]),
  ),
  "connect.ChatJS.build": row("the bundle's build, `{timestamp, environment}`", (page) => {
    const { environment } = page.connect.ChatJS.build;
    expect(Object.keys(page.connect.ChatJS.build)).toEqual(["timestamp", "environment"]);
    expect(["production", "development"]).toContain(environment);
  }),
};

const METRIC_ROWS: Rows = {
  "connect.csmService": row("client-side metrics, which the application can add to", (page) => {
    page.connect.csmService.addCountMetric("M", "UI");
    expect(metrics(page)).toHaveLength(1);
  }),
  "connect.csmService.addLatencyMetric": row("adds a duration in ms", (page) => {
    page.connect.csmService.addLatencyMetric("M", 7, "API");
    expect(firstMetric(page)).toMatchObject({ metricName: "M", unit: "Milliseconds", value: 7 });
  }),
  "connect.csmService.addLatencyMetricWithStartTime": row(
    "adds the time since a start time (upstream sometimes adds the start time itself)",
    (page) => {
      page.connect.csmService.addLatencyMetricWithStartTime("M", page.chat.platform.time - 9, "API");
      expect(firstMetric(page)).toMatchObject({ metricName: "M", unit: "Milliseconds", value: 9 });
    },
  ),
  "connect.csmService.addCountMetric": row("adds a count of 1", (page) => {
    page.connect.csmService.addCountMetric("M", "API");
    expect(firstMetric(page)).toMatchObject({ metricName: "M", unit: "Count", value: 1 });
  }),
  "connect.csmService.addCountAndErrorMetric": row(
    "adds a count of 1, and an error count of 1 or 0",
    (page) => {
      page.connect.csmService.addCountAndErrorMetric("M", "API", true);
      page.connect.csmService.addCountAndErrorMetric("M", "API", false);
      const kind = (value: string): unknown =>
        expect.objectContaining({ dimensions: expect.arrayContaining([{ name: "Metric", value }]) });
      expect(metrics(page)).toEqual(["Count", "Error", "Count", "Error"].map(kind));
      expect(metrics(page).map(({ value }) => value)).toEqual([1, 1, 1, 0]);
    },
  ),
  "connect.csmService.addAgentCountMetric": row("adds a count to the agent page's own metrics", (page) => {
    page.chat.platform.agentMetrics = "counted";
    page.connect.csmService.addAgentCountMetric("M", 2);
    expect(page.chat.platform.agentCounts).toEqual([{ name: "M", count: 2 }]);
  }),
  "connect.csmService.addMetric": row("adds a metric unchanged", (page) => {
    page.connect.csmService.addCountMetric("M", "API");
    const metric = metrics(page)[0];
    if (metric) page.connect.csmService.addMetric({ ...metric, metricName: "N" });
    expect(metrics(page).map(({ metricName }) => metricName)).toEqual(["M", "N"]);
  }),
  "connect.csmService.setDimensions": row("adds dimensions to a metric, up to ten in total", (page) => {
    page.connect.csmService.addCountMetric("M", "API");
    const metric = metrics(page)[0];
    if (metric) page.connect.csmService.setDimensions(metric, [{ name: "Mine", value: "1" }]);
    const Mine = { name: "Mine", value: "1" };
    expect(metric).toMatchObject({ dimensions: expect.arrayContaining([Mine]) });
    const many = Array.from({ length: 20 }, (_, index) => ({ name: `d${index}`, value: "1" }));
    if (metric) page.connect.csmService.setDimensions(metric, many);
    expect(metric?.["dimensions"]).toHaveLength(10);
  }),
  "connect.csmService.getDefaultDimensions": row(
    "returns the dimension that every metric has, WidgetType",
    (page) => {
      const WidgetType = { name: "WidgetType", value: "CustomChatWidget" };
      expect(page.connect.csmService.getDefaultDimensions()).toEqual([WidgetType]);
    },
  ),
  "connect.csmService.updateCsmConfig": row("sets the widget type", (page) => {
    page.connect.csmService.updateCsmConfig({ widgetType: "Mine" });
    expect(page.library.csmService.widgetType).toBe("Mine");
  }),
  ...Object.fromEntries(
    (["initializeCSM", "loadCsmScriptAndExecute"] as const).map((start) => [
      `connect.csmService.${start}`,
      row("starts sending metrics with plain `fetch`, without loading a script", async (page: Page) => {
        page.connect.csmService.addCountMetric("M", "API");
        page.connect.csmService[start]();
        await page.chat.platform.advance(60_000);
        expect(page.chat.platform.requests.map(({ init }) => init.body)).toEqual([
          expect.stringContaining('"metricName":"M"'),
        ]);
      }),
    ]),
  ),
  "connect.csmService.widgetType": row("the widget type; default: CustomChatWidget", (page) => {
    expect(page.connect.csmService.widgetType).toBe("CustomChatWidget");
    page.ChatSession.setGlobalConfig({ csmConfig: { widgetType: "Mine" } });
    expect(page.connect.csmService.widgetType).toBe("Mine");
  }),
  "connect.csmService.csmInitialized": row("whether metrics are sent", (page) => {
    expect(page.connect.csmService.csmInitialized).toBe(false);
    page.library.csmService.initializeCSM();
    expect(page.connect.csmService.csmInitialized).toBe(true);
  }),
  "connect.csmService.logger": row("the logger for metrics", (page) => {
    enableLogging(page);
    page.connect.csmService.logger.warn("line");
    expect(printed(page).at(-1)).toContain("line");
  }),
  "connect.csmService.metricsToBePublished": row("the metrics that haven't been sent", (page) => {
    page.connect.csmService.addCountMetric("M", "API");
    expect(page.connect.csmService.metricsToBePublished).toMatchObject([{ metricName: "M" }]);
  }),
  "connect.csmService.agentMetricToBePublished": row(
    "the counts that haven't been added to the agent page's metrics",
    (page) => {
      page.connect.csmService.addAgentCountMetric("M", 2);
      expect(page.connect.csmService.agentMetricToBePublished).toEqual([{ metricName: "M", count: 2 }]);
    },
  ),
  "connect.csmService.MAX_RETRY": row(
    "5, how often the delay doubles between attempts to find the agent page's metrics",
    (page) => {
      expect(page.connect.csmService.MAX_RETRY).toBe(5);
    },
  ),
  "connect.csmService._hasCSMFailedToImport": row(
    "returns false, because the library loads no script",
    (page) => {
      expect(page.connect.csmService._hasCSMFailedToImport()).toBe(false);
    },
  ),
};

export const NAMESPACE_ROWS: Rows = { ...CHAT_SESSION_ROWS, ...LOGGING_ROWS, ...CHATJS_ROWS, ...METRIC_ROWS };
