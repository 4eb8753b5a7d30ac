import { scenario, wait } from "../page.mjs";

const DETAILS = { contactId: "c", participantId: "p", participantToken: "a-token" };

/** Where a connect goes that is answered by nobody. */
async function whereItGoes(t, key, args = {}) {
  await t.sim("takeOutside");
  const session = t.ChatSession.create({ type: "CUSTOMER", disableCSM: true, chatDetails: DETAILS, ...args });
  // Until the last attempt is over, so that none is taken for one of the next session.
  await t.outcome(() => session.connect(), 12_000);
  t.observe(key, [...new Set(await t.sim("takeOutside"))]);
}

scenario("config: where calls go by default", (t) => whereItGoes(t, "by default"));

scenario("config: region", async (t) => {
  t.ChatSession.setGlobalConfig({ region: "eu-central-1" });
  await whereItGoes(t, "of setGlobalConfig");
  t.ChatSession.setGlobalConfig({ loggerConfig: {} });
  await whereItGoes(t, "of setGlobalConfig, after a call without one");
  t.ChatSession.setGlobalConfig({ region: null });
  await whereItGoes(t, "after null");
});

scenario("config: empty strings", async (t) => {
  t.ChatSession.setGlobalConfig({ endpoint: "", region: "" });
  await whereItGoes(t, "endpoint and region");
  t.ChatSession.setRegionOverride("");
  await whereItGoes(t, "region override");
});

scenario("config: region of create", async (t) => {
  await whereItGoes(t, "of create", { options: { region: "ap-southeast-2" } });
  await whereItGoes(t, "afterwards, global too");
});

scenario("config: region override", async (t) => {
  t.ChatSession.setGlobalConfig({ region: "eu-central-1" });
  t.ChatSession.setRegionOverride("us-east-1");
  await whereItGoes(t, "over setGlobalConfig");
  await whereItGoes(t, "over create", { options: { region: "ap-southeast-2" } });
  t.ChatSession.setRegionOverride(null);
  await whereItGoes(t, "taken back");
});

scenario("config: dual stack", async (t) => {
  t.ChatSession.setGlobalConfig({ region: "eu-central-1", useDualStack: true });
  await whereItGoes(t, "on");
  t.ChatSession.setGlobalConfig({ useDualStack: "yes" });
  await whereItGoes(t, "no boolean");
});

scenario("config: setGlobalConfig's outcomes", async (t) => {
  const set = (key, config) => t.call(key, () => t.ChatSession.setGlobalConfig(config));
  await set("an empty object", {});
  await set("stage and cell", { stage: "prod", cell: "1" });
  await set("flags as an array", { features: ["MESSAGE_RECEIPTS_ENABLED"] });
  await set("customChatClient null", { customChatClient: null });
  await set("features undefined, region null", { region: null, features: undefined });
  await t.call("setFeatureFlag", () => t.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED"));
  await t.call("setRegionOverride", () => t.ChatSession.setRegionOverride("us-west-2"));
  await t.call("LogManager.updateLoggerConfig", () => t.connect.LogManager.updateLoggerConfig({}));
});

scenario("config: headers", async (t) => {
  const { session } = await t.customer({ config: { customUserAgentSuffix: "MyApp/1.0" } });
  await session.connect();
  await session.sendMessage({ message: "x", contentType: "text/plain" });
  const all = await t.sim("requestHeaders");
  const own = /^(x-|content-type|authorization|amz-)/;
  t.observe(
    "names",
    all.map((headers) =>
      Object.keys(headers)
        .filter((name) => own.test(name))
        .sort(),
    ),
  );
  t.observe("content-type", [...new Set(all.map((headers) => headers["content-type"]))]);
  const told = all.map((headers) => headers["x-amz-user-agent"] ?? "");
  t.observe("user agent", [
    ...new Set(
      told.map(
        (agent) =>
          /AmazonConnect-ChatJS.*$/
            .exec(agent)?.[0]
            .replace(/ChatJS\/\d+\.\d+\.\d+(-alpha\.\d+)?/, "ChatJS/<version>") ?? "no ChatJS in it",
      ),
    ),
  ]);
  t.observe(
    "user agent's suffix is there",
    told.every((agent) => agent.includes("MyApp/1.0")),
  );
});

scenario("config: flags that replace receipts", async (t) => {
  const READ = "application/vnd.amazonaws.connect.event.message.read";
  const { session, contactId } = await t.connected({ config: { features: [] } });
  const { Id } = await t.sim("say", contactId, "Hi");
  const content = JSON.stringify({ messageId: Id, disableThrottle: true });
  await t.call("none", () => session.sendEvent({ contentType: READ, content }), 3_000);
  t.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED");
  await t.call("setFeatureFlag", () => session.sendEvent({ contentType: READ, content }), 3_000);
  await wait(50);
});

scenario("config: other flags than that of receipts", async (t) => {
  const READ = "application/vnd.amazonaws.connect.event.message.read";
  const { session, contactId } = await t.connected({ config: { features: ["SOMETHING_ELSE"] } });
  const { Id } = await t.sim("say", contactId, "Hi");
  const content = JSON.stringify({ messageId: Id, disableThrottle: true });
  await t.call("a read receipt", () => session.sendEvent({ contentType: READ, content }), 3_000);
});

scenario("config: a logger stays", async (t) => {
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

scenario("config: a logger of the application's own class", async (t) => {
  await t.call("class extends connect.ChatSession.Logger", () => {
    class Own extends t.ChatSession.Logger {
      warn(line) {
        return `own ${typeof line}`;
      }
    }
    return new Own().warn("x");
  });
  await t.call("class extends connect.WebSocketManager.Logger", () => {
    class Own extends t.connect.WebSocketManager.Logger {
      warn(line) {
        return `own ${typeof line}`;
      }
    }
    return new Own().warn("x");
  });
});

for (const [how, isNetworkOnline] of Object.entries({
  "true, with a boolean": () => true,
  "true, with a promise": () => Promise.resolve(true),
})) {
  scenario(`config: isNetworkOnline ${how}`, async (t) => {
    let asked = 0;
    const ask = () => {
      asked += 1;
      return isNetworkOnline();
    };
    const { contactId } = await t.connected({ config: { webSocketManagerConfig: { isNetworkOnline: ask } } });
    await t.sim("dropSockets");
    await t.events("a loss", { count: 2, patienceMs: 20_000, quietMs: 300 });
    t.observe("the link is up again", await t.subscribed(contactId));
    t.observe("it was asked", asked > 0);
  });
}

scenario("config: isNetworkOnline false", async (t) => {
  let online = true;
  const { contactId } = await t.connected({
    config: { webSocketManagerConfig: { isNetworkOnline: () => online } },
  });
  online = false;
  await t.sim("dropSockets");
  await wait(3_000);
  t.observe("sockets while it is offline", await t.sim("openSockets"));
  online = true;
  t.observe("the link is up again", await t.subscribed(contactId));
});
