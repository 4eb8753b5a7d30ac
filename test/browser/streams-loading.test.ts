import { expect, jest, test } from "@jest/globals";
import { useSharedPage, type AgentPage, type Script } from "./support/agent-page";
import { describeInBrowser } from "./support/chromium";

jest.setTimeout(60_000);

const OURS = ["ChatSession", "LogManager", "csmService", "ChatJS"];
const STREAMS = ["core", "agent", "contact", "getLog", "publishMetric", "EventBus"];

describeInBrowser("the library and Streams in one page", () => {
  let agent: AgentPage;
  useSharedPage((page) => (agent = page));

  const levels = (): Promise<{ global: unknown; ours: unknown }> =>
    agent.page.evaluate(() => ({
      global: window.connect.LogLevel.DEBUG,
      ours: window.connect.ChatSession.LogLevel.DEBUG,
    }));
  const memberNames = (): Promise<string[]> => agent.page.evaluate(() => Object.keys(window.connect));

  /** Runs an agent's chat through Streams. */
  async function runChat(): Promise<void> {
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    agent.simulator.contact(contact.contactId).say("Is anybody there?", { role: "CUSTOMER" });
    expect(await agent.texts(contact, "Is anybody there?")).toEqual(["Is anybody there?"]);
    expect(agent.errors).toEqual([]);
  }

  test("keep Streams' members of connect, including LogLevel, if Streams is loaded first", async () => {
    await agent.load("streams");
    const before = await agent.page.evaluate(() => {
      const { LogLevel, WebSocketManager, getLog } = window.connect;
      window.saved = [LogLevel, WebSocketManager, getLog];
      return Object.keys(window.connect);
    });
    await agent.load("chatjs");

    expect(await memberNames()).toEqual(expect.arrayContaining([...before, ...OURS]));
    expect(
      await agent.page.evaluate(() => {
        const { LogLevel, WebSocketManager, getLog } = window.connect;
        return [LogLevel, WebSocketManager, getLog].every((part, index) => part === window.saved[index]);
      }),
    ).toBe(true);
    expect(await levels()).toEqual({ global: "DEBUG", ours: 10 });
    await runChat();
  });

  test("share connect if the library is loaded first, but Streams overwrites LogLevel", async () => {
    await agent.load("chatjs");
    expect(await levels()).toEqual({ global: 10, ours: 10 });
    await agent.page.evaluate(() => (window.saved = [window.connect.ChatSession]));
    await agent.load("streams");

    expect(await memberNames()).toEqual(expect.arrayContaining([...OURS, ...STREAMS]));
    expect(await agent.page.evaluate(() => window.connect.ChatSession === window.saved[0])).toBe(true);
    expect(await levels()).toEqual({ global: "DEBUG", ours: 10 });
    await runChat();
  });

  test.each<[string, Script[]]>([
    ["the library is", ["chatjs", "streams", "chatjs"]],
    ["Streams is", ["streams", "chatjs", "streams"]],
    ["both are", ["streams", "chatjs", "streams", "chatjs"]],
  ])("can chat if %s loaded twice", async (_which, scripts) => {
    await agent.load(...scripts);
    expect(await memberNames()).toEqual(expect.arrayContaining([...OURS, ...STREAMS]));
    await runChat();
  });

  test("accept the values of Streams' LogLevel as log levels", async () => {
    await agent.load("streams", "chatjs");
    expect(
      await agent.page.evaluate(() => {
        const { LogLevel, LogManager } = window.connect;
        LogManager.updateLoggerConfig({ level: LogLevel.ERROR });
        const strict = LogManager.isLevelEnabled("WARN");
        LogManager.updateLoggerConfig({ level: LogLevel.DEBUG });
        return [typeof LogLevel.DEBUG, strict, LogManager.isLevelEnabled("DEBUG")];
      }),
    ).toEqual(["string", false, true]);
  });

  test("chat even if publishMetric() throws because no CCP was started", async () => {
    await agent.load("streams", "chatjs");
    const details = agent.simulator.startChat();
    const outcome = await agent.page.evaluate(async (chatDetails) => {
      const { connect } = window;
      const thrown: string[] = [];
      try {
        connect.publishMetric({ name: "a metric" });
      } catch (error) {
        thrown.push(String(error));
      }
      const publish = connect.publishMetric.bind(connect);
      let calls = 0;
      connect.publishMetric = (metric) => {
        calls += 1;
        publish(metric);
      };
      const session = connect.ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      await session.connect();
      try {
        Reflect.apply(connect.ChatSession.create, undefined, [{ type: "CUSTOMER" }]);
      } catch (error) {
        thrown.push(String(error));
      }
      session.dispose();
      return { calls, thrown };
    }, details);
    expect(outcome).toEqual({
      calls: 2,
      thrown: [
        expect.stringContaining("There is no upstream conduit!"),
        expect.stringContaining("chatDetails"),
      ],
    });
    expect(agent.errors).toEqual([]);
  });
});
