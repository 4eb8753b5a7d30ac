import { expect, jest, test } from "@jest/globals";
import { onePageRenewed, type AgentPage, type Script } from "./support/agent-page";
import { describeInBrowser } from "./support/chromium";

jest.setTimeout(60_000);

const OURS = ["ChatSession", "LogManager", "csmService", "ChatJS"];
const STREAMS = ["core", "agent", "contact", "getLog", "publishMetric", "EventBus"];

describeInBrowser("the library and Streams in one page", () => {
  let agent: AgentPage;
  onePageRenewed((opened) => (agent = opened));

  const levels = (): Promise<{ global: unknown; ours: unknown }> =>
    agent.page.evaluate(() => ({
      global: window.connect.LogLevel.DEBUG,
      ours: window.connect.ChatSession.LogLevel.DEBUG,
    }));
  const present = (): Promise<string[]> => agent.page.evaluate(() => Object.keys(window.connect));

  /** An agent's chat from end to end, by Streams. */
  async function chats(): Promise<void> {
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    agent.simulator.contact(contact.contactId).say("Is anybody there?", { role: "CUSTOMER" });
    expect(await agent.texts(contact, "Is anybody there?")).toEqual(["Is anybody there?"]);
    expect(agent.complaints).toEqual([]);
  }

  test("Streams first: what it put into connect stays, LogLevel included", async () => {
    await agent.load("streams");
    const before = await agent.page.evaluate(() => {
      const { LogLevel, WebSocketManager, getLog } = window.connect;
      window.kept = [LogLevel, WebSocketManager, getLog];
      return Object.keys(window.connect);
    });
    await agent.load("chatjs");

    expect(await present()).toEqual(expect.arrayContaining([...before, ...OURS]));
    expect(
      await agent.page.evaluate(() => {
        const { LogLevel, WebSocketManager, getLog } = window.connect;
        return [LogLevel, WebSocketManager, getLog].every((part, index) => part === window.kept[index]);
      }),
    ).toBe(true);
    expect(await levels()).toEqual({ global: "DEBUG", ours: 10 });
    await chats();
  });

  test("the library first: Streams adds to connect, and overwrites LogLevel", async () => {
    await agent.load("chatjs");
    expect(await levels()).toEqual({ global: 10, ours: 10 });
    await agent.page.evaluate(() => (window.kept = [window.connect.ChatSession]));
    await agent.load("streams");

    expect(await present()).toEqual(expect.arrayContaining([...OURS, ...STREAMS]));
    expect(await agent.page.evaluate(() => window.connect.ChatSession === window.kept[0])).toBe(true);
    expect(await levels()).toEqual({ global: "DEBUG", ours: 10 });
    await chats();
  });

  test.each<[string, Script[]]>([
    ["the library", ["chatjs", "streams", "chatjs"]],
    ["Streams", ["streams", "chatjs", "streams"]],
    ["both", ["streams", "chatjs", "streams", "chatjs"]],
  ])("loaded twice, nothing breaks: %s", async (_which, scripts) => {
    await agent.load(...scripts);
    expect(await present()).toEqual(expect.arrayContaining([...OURS, ...STREAMS]));
    await chats();
  });

  test("a level of Streams' LogLevel is taken for the library's", async () => {
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

  test("publishMetric throws where nobody has started the CCP, and no session minds", async () => {
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
      let asked = 0;
      connect.publishMetric = (metric) => {
        asked += 1;
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
      return { asked, thrown };
    }, details);
    expect(outcome).toEqual({
      asked: 2,
      thrown: [
        expect.stringContaining("There is no upstream conduit!"),
        expect.stringContaining("chatDetails"),
      ],
    });
    expect(agent.complaints).toEqual([]);
  });
});
