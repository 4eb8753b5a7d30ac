import { scenario, wait } from "../page.mjs";

const DETAILS = { contactId: "c", participantId: "p", participantToken: "a-token" };

/** Observes where connect() sends its requests, which don't get responses. */
async function observeEndpoint(t, key, args = {}) {
  await t.sim("takeOutside");
  const session = t.ChatSession.create({ type: "CUSTOMER", disableCSM: true, chatDetails: DETAILS, ...args });
  // Wait for the last attempt, so that the next session's observation doesn't contain it.
  await t.outcome(() => session.connect(), 12_000);
  t.observe(key, [...new Set(await t.sim("takeOutside"))]);
}

scenario("config: default endpoint", (t) => observeEndpoint(t, "default"));

scenario("config: region", async (t) => {
  t.ChatSession.setGlobalConfig({ region: "eu-central-1" });
  await observeEndpoint(t, "set by setGlobalConfig");
  t.ChatSession.setGlobalConfig({ loggerConfig: {} });
  await observeEndpoint(t, "after a setGlobalConfig without a region");
  t.ChatSession.setGlobalConfig({ region: null });
  await observeEndpoint(t, "after region: null");
});

scenario("config: empty strings", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: "", region: "" });
  await observeEndpoint(t, "empty endpoint and region");
  t.ChatSession.setRegionOverride("");
  await observeEndpoint(t, "empty region override");
});

scenario("config: region passed to create", async (t) => {
  await observeEndpoint(t, "passed to create", { options: { region: "ap-southeast-2" } });
  await observeEndpoint(t, "a later session");
});

scenario("config: region override", async (t) => {
  t.ChatSession.setGlobalConfig({ region: "eu-central-1" });
  t.ChatSession.setRegionOverride("us-east-1");
  await observeEndpoint(t, "over setGlobalConfig");
  await observeEndpoint(t, "over create", { options: { region: "ap-southeast-2" } });
  t.ChatSession.setRegionOverride(null);
  await observeEndpoint(t, "after removing it");
});

scenario("config: dual stack", async (t) => {
  t.ChatSession.setGlobalConfig({ region: "eu-central-1", useDualStack: true });
  await observeEndpoint(t, "on");
  t.ChatSession.setGlobalConfig({ useDualStack: "yes" });
  await observeEndpoint(t, "not a boolean");
});

scenario("config: setGlobalConfig arguments", async (t) => {
  const set = (key, config) => t.call(key, () => t.ChatSession.setGlobalConfig(config));
  await set("an empty object", {});
  await set("stage and cell", { stage: "prod", cell: "1" });
  await set("feature flags as an array", { features: ["MESSAGE_RECEIPTS_ENABLED"] });
  await set("customChatClient is null", { customChatClient: null });
  await set("features undefined and region null", { region: null, features: undefined });
  await t.call("setFeatureFlag", () => t.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED"));
  await t.call("setRegionOverride", () => t.ChatSession.setRegionOverride("us-west-2"));
  await t.call("LogManager.updateLoggerConfig", () => t.connect.LogManager.updateLoggerConfig({}));
});

scenario("config: headers", async (t) => {
  const { session } = await t.customer({ config: { customUserAgentSuffix: "MyApp/1.0" } });
  await session.connect();
  await session.sendMessage({ message: "x", contentType: "text/plain" });
  const all = await t.sim("requestHeaders");
  const relevant = /^(x-|content-type|authorization|amz-)/;
  t.observe(
    "names",
    all.map((headers) =>
      Object.keys(headers)
        .filter((name) => relevant.test(name))
        .sort(),
    ),
  );
  t.observe("content-type", [...new Set(all.map((headers) => headers["content-type"]))]);
  const agents = all.map((headers) => headers["x-amz-user-agent"] ?? "");
  t.observe("user agent", [
    ...new Set(
      agents.map(
        (agent) =>
          /AmazonConnect-ChatJS.*$/
            .exec(agent)?.[0]
            .replace(/ChatJS\/\d+\.\d+\.\d+(-alpha\.\d+)?/, "ChatJS/<version>") ?? "without ChatJS",
      ),
    ),
  ]);
  t.observe(
    "the user agent has the suffix",
    agents.every((agent) => agent.includes("MyApp/1.0")),
  );
});

scenario("config: feature flags replace messageReceipts", async (t) => {
  const READ = "application/vnd.amazonaws.connect.event.message.read";
  const { session, contactId } = await t.connected({ config: { features: [] } });
  const { Id } = await t.sim("say", contactId, "Hi");
  const content = JSON.stringify({ messageId: Id, disableThrottle: true });
  await t.call("no flags", () => session.sendEvent({ contentType: READ, content }), 3_000);
  t.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED");
  await t.call("setFeatureFlag", () => session.sendEvent({ contentType: READ, content }), 3_000);
  await wait(50);
});

scenario("config: feature flags without receipts", async (t) => {
  const READ = "application/vnd.amazonaws.connect.event.message.read";
  const { session, contactId } = await t.connected({ config: { features: ["SOMETHING_ELSE"] } });
  const { Id } = await t.sim("say", contactId, "Hi");
  const content = JSON.stringify({ messageId: Id, disableThrottle: true });
  await t.call("a read receipt", () => session.sendEvent({ contentType: READ, content }), 3_000);
});

scenario("config: the logger is kept", async (t) => {
  const lines = [];
  const write = (line) => lines.push(String(line));
  const customizedLogger = { debug: write, info: write, warn: write, error: write, advancedLog: write };
  t.ChatSession.setGlobalConfig({ loggerConfig: { customizedLogger } });
  t.ChatSession.setGlobalConfig({ region: "us-west-2" });
  t.connect.LogManager.getLogger({ prefix: "App" }).error("after a call without loggerConfig");
  t.observe(
    "lines",
    lines.filter((line) => line.includes("after a call")),
  );
});

scenario("config: custom logger class", async (t) => {
  await t.call("class extends connect.ChatSession.Logger", () => {
    class CustomLogger extends t.ChatSession.Logger {
      warn(line) {
        return `custom ${typeof line}`;
      }
    }
    return new CustomLogger().warn("x");
  });
  await t.call("class extends connect.WebSocketManager.Logger", () => {
    class CustomLogger extends t.connect.WebSocketManager.Logger {
      warn(line) {
        return `custom ${typeof line}`;
      }
    }
    return new CustomLogger().warn("x");
  });
});

for (const [how, isNetworkOnline] of Object.entries({
  "returns true": () => true,
  "resolves to true": () => Promise.resolve(true),
})) {
  scenario(`config: isNetworkOnline ${how}`, async (t) => {
    let calls = 0;
    const counted = () => {
      calls += 1;
      return isNetworkOnline();
    };
    const { contactId } = await t.connected({
      config: { webSocketManagerConfig: { isNetworkOnline: counted } },
    });
    await t.sim("dropSockets");
    await t.events("events", { count: 2, timeoutMs: 20_000, quietMs: 300 });
    t.observe("the link is restored", await t.subscribed(contactId));
    t.observe("it was called", calls > 0);
  });
}

scenario("config: isNetworkOnline returns false", async (t) => {
  let online = true;
  const { contactId } = await t.connected({
    config: { webSocketManagerConfig: { isNetworkOnline: () => online } },
  });
  online = false;
  await t.sim("dropSockets");
  await wait(3_000);
  t.observe("sockets while offline", await t.sim("openSockets"));
  online = true;
  t.observe("the link is restored", await t.subscribed(contactId));
});
