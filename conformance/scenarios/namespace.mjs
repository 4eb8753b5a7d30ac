/* global window */
import { HANDLERS, scenario } from "../page.mjs";

const typesOf = (object, names) => Object.fromEntries(names.map((name) => [name, typeof object?.[name]]));

const CALLS = [
  "connect",
  "getTranscript",
  "sendMessage",
  "sendEvent",
  "sendAttachment",
  "downloadAttachment",
  "getAttachmentURL",
  "describeView",
  "getAuthenticationUrl",
  "cancelParticipantAuthentication",
  "sendMessageReceipt",
  "reset",
  "getChatDetails",
  "disconnectParticipant",
  "cleanUpOnParticipantDisconnect",
  "controller",
  "onTranscriptUpdated",
];

scenario("namespace", async (t) => {
  const { connect, ChatSession } = t;
  t.observe(
    "connect",
    typesOf(connect, ["ChatSession", "LogManager", "LogLevel", "csmService", "WebSocketManager"]),
  );
  t.observe(
    "connect.ChatSession",
    typesOf(ChatSession, [
      "create",
      "setGlobalConfig",
      "setFeatureFlag",
      "setRegionOverride",
      "LogLevel",
      "Logger",
    ]),
  );
  t.observe("connect.ChatSession.ChatClient", typeof ChatSession.ChatClient);
  t.observe("connect.ChatSession.csmService", typeof ChatSession.csmService);
  t.observe("connect.ChatJS", typesOf(connect.ChatJS, ["version", "name", "source", "repository", "build"]));
  t.observe("SessionTypes", ChatSession.SessionTypes);
  t.observe("LogLevel", connect.LogLevel);
  t.observe("ChatSession.LogLevel", ChatSession.LogLevel);
  t.observe("ChatSession.Logger", typesOf(ChatSession.Logger, ["getLogger", "debug"]));
  const managerMembers = [
    "getLogger",
    "updateLoggerConfig",
    "writeToClientLogger",
    "isLevelEnabled",
    "hasClientLogger",
  ];
  t.observe("LogManager", typesOf(connect.LogManager, [...managerMembers, "selectLogger"]));
  const socketMembers = ["create", "setGlobalConfig", "LogLevel", "Logger"];
  t.observe("WebSocketManager", typesOf(connect.WebSocketManager, socketMembers));
  const counterMembers = [
    "addLatencyMetric",
    "addLatencyMetricWithStartTime",
    "addCountMetric",
    "addCountAndErrorMetric",
  ];
  const dimensionMembers = [
    "addAgentCountMetric",
    "addMetric",
    "setDimensions",
    "getDefaultDimensions",
    "updateCsmConfig",
  ];
  const scriptMembers = [
    "initializeCSM",
    "loadCsmScriptAndExecute",
    "widgetType",
    "csmInitialized",
    "metricsToBePublished",
  ];
  t.observe(
    "csmService",
    typesOf(connect.csmService, [...counterMembers, ...dimensionMembers, ...scriptMembers, "MAX_RETRY"]),
  );
  const before = Object.keys(window).filter((name) => /^(sprintf|vsprintf|csm)$/.test(name));
  t.observe("other globals", before.sort());
});

scenario("session members", async (t) => {
  const { session } = await t.customer();
  t.observe("customer's calls", typesOf(session, CALLS));
  t.observe("customer's handlers", typesOf(session, HANDLERS));
  const { controller } = session;
  t.observe(
    "controller",
    typesOf(controller, ["contactId", "subscribe", "getConnectionStatus", "cleanUp", "then"]),
  );
  t.observe("controller's calls", typesOf(controller, CALLS.slice(0, 14)));
  t.observe("controller.contactId", controller.contactId);
  const agent = t.ChatSession.create({
    chatDetails: {
      contactId: "c",
      participantId: "p",
      getConnectionToken: () => Promise.reject(new Error("no")),
    },
  });
  t.observe("agent's calls", typesOf(agent, CALLS));
  t.observe("agent's handlers", typesOf(agent, HANDLERS));
  t.observe("agent: cleanUp and then", typesOf(agent, ["cleanUp", "then"]));
  t.observe("type that on… returns", typeof session.onMessage(() => undefined));
  t.observe("type that subscribe returns", typeof controller.subscribe("INCOMING_MESSAGE", () => undefined));
});

scenario("logging", async (t) => {
  const { LogManager, LogLevel } = t.connect;
  const lines = [];
  const write = (level) => (line) => {
    lines.push([level, String(line).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<now>")]);
    return `wrote ${level}`;
  };
  const writers = Object.fromEntries(
    ["debug", "info", "warn", "error", "advancedLog"].map((name) => [name, write(name)]),
  );
  const silent = LogManager.getLogger({ prefix: "App" });
  t.observe("unconfigured: has a client logger", LogManager.hasClientLogger());
  t.observe("unconfigured: type that info() returns", typeof silent.info("x"));

  t.ChatSession.setGlobalConfig({ loggerConfig: { customizedLogger: writers, level: LogLevel.WARN } });
  const logger = LogManager.getLogger({ prefix: "App", logMetaData: { contactId: "c" } });
  t.observe("customized: has a client logger", LogManager.hasClientLogger());
  t.observe(
    "levels enabled at WARN",
    Object.entries(LogLevel).map(([name, level]) => [name, LogManager.isLevelEnabled(level)]),
  );
  t.observe("customized: info() returns", plainReturn(logger.info("filtered")));
  t.observe("customized: warn() returns", plainReturn(logger.warn("written", { a: 1 })));
  t.observe("customized: error() returns", plainReturn(logger.error("bad", 2)));
  t.observe("customized: the application's lines", applicationLines(lines));
});

const plainReturn = (value) =>
  typeof value === "string" ? value.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<now>") : typeof value;
const applicationLines = (lines) => lines.filter(([, line]) => /filtered|written|bad/.test(line));

const LOGGING = {
  logger: { kind: "logger" },
  "logger, numeric level": { kind: "logger", level: 30 },
  "logger, level by name": { kind: "logger", level: "WARN" },
  "logger, advancedLogWriter": { kind: "logger", advancedLogWriter: "info" },
  customizedLogger: { kind: "customizedLogger" },
  "customizedLogger, advancedLogWriter": { kind: "customizedLogger", advancedLogWriter: "info" },
};

for (const [how, { kind, ...config }] of Object.entries(LOGGING)) {
  scenario(`logging: ${how}`, async (t) => {
    const lines = [];
    const write = (name) => (line) => void lines.push([name, /probe (\w+)/.exec(String(line))?.[1]]);
    const sink = Object.fromEntries(
      ["debug", "info", "warn", "error", "advancedLog"].map((name) => [name, write(name)]),
    );
    t.ChatSession.setGlobalConfig({ loggerConfig: { [kind]: sink, ...config } });
    const logger = t.connect.LogManager.getLogger({ prefix: "App" });
    for (const name of Object.keys(sink)) logger[name](`probe ${name}`);
    t.observe(
      "lines",
      lines.filter(([, probed]) => probed),
    );
    t.observe("options", logger.options);
  });
}

scenario("logging: advancedLogWriter and the default logger", async (t) => {
  const lines = [];
  const restore = {};
  for (const name of ["debug", "info", "warn", "error", "log"]) {
    restore[name] = window.console[name];
    window.console[name] = (...args) =>
      void lines.push([name, args.some((arg) => /probe/.test(String(arg)))]);
  }
  try {
    for (const advancedLogWriter of ["nothing", "warn", "info", "debug", "log"]) {
      const level = t.connect.LogLevel.DEBUG;
      const loggerConfig = { useDefaultLogger: true, level, advancedLogWriter };
      const set = await t.outcome(() => t.ChatSession.setGlobalConfig({ loggerConfig }));
      t.observe(`${advancedLogWriter}: outcome of setGlobalConfig`, Object.keys(set));
      const logger = t.connect.LogManager.getLogger({ prefix: "App" });
      const failed = [];
      for (const name of ["debug", "info", "warn", "error", "advancedLog"]) {
        const outcome = await t.outcome(() => logger[name]("probe"));
        if (outcome.threw) failed.push(name);
      }
      t.observe(`${advancedLogWriter}: methods that threw`, failed);
      const written = lines.splice(0).filter(([, isOwn]) => isOwn);
      t.observe(
        advancedLogWriter,
        written.map(([name]) => name),
      );
    }
  } finally {
    Object.assign(window.console, restore);
  }
});

scenario("csmService: metrics before initialization", async (t) => {
  const { csmService } = t.connect;
  t.observe("dimensions", csmService.getDefaultDimensions());
  t.observe("widgetType", csmService.widgetType);
  t.observe("MAX_RETRY", csmService.MAX_RETRY);
  const call = (key, run) => t.call(key, run);
  await call("addCountMetric", () => csmService.addCountMetric("M", "API"));
  await call("addLatencyMetric", () => csmService.addLatencyMetric("M", 5, "API"));
  await call("addLatencyMetricWithStartTime", () =>
    csmService.addLatencyMetricWithStartTime("M", Date.now(), "API"),
  );
  await call("addCountAndErrorMetric", () => csmService.addCountAndErrorMetric("M", "API", true));
  await call("addAgentCountMetric", () => csmService.addAgentCountMetric("M", 1));
  await call("updateCsmConfig", () => csmService.updateCsmConfig({ widgetType: "MyWidget" }));
  t.observe("widgetType, updated", csmService.widgetType);
  t.observe("dimensions, updated", csmService.getDefaultDimensions());
  t.observe("queued metrics", csmService.metricsToBePublished.length);
  t.observe("queued agent metrics", csmService.agentMetricToBePublished.length);
});
