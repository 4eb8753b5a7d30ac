import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { StartedChat } from "../../simulator/index";
import { AgentPage, type Script } from "./support/agent-page";
import { describeInBrowser, launchChromium } from "./support/chromium";

jest.setTimeout(60_000);

/** Tests code that callers have deployed, and that must work unchanged. Each test imitates one caller. */
describeInBrowser("other callers", () => {
  describe.each<[where: string, scripts: readonly Script[], levels: unknown]>([
    ["in a page without Streams", ["chatjs"], 10],
    ["in a page with Streams", ["streams", "chatjs"], "DEBUG"],
  ])("%s", callers);
});

function callers(_where: string, scripts: readonly Script[], debug: unknown): void {
  let browser: Browser;
  let agent: AgentPage;
  let chat: StartedChat;

  beforeAll(async () => {
    browser = await launchChromium();
    agent = await AgentPage.open(browser);
    await agent.load(...scripts);
  });
  afterAll(async () => {
    await agent.close();
    await browser.close();
  });
  beforeEach(() => {
    chat = agent.simulator.startChat();
    agent.simulator.clearRequests();
  });
  afterEach(() => expect(agent.errors).toEqual([]));

  const operations = (): string[] => agent.simulator.requests.map(({ operation }) => operation);

  test("the chat widget can read LogLevel and LogManager at import time", async () => {
    const read = await agent.page.evaluate(() => {
      const { LogLevel, LogManager } = window.connect;
      LogManager.updateLoggerConfig({ level: LogLevel.DEBUG, useDefaultLogger: false });
      const logger = LogManager.getLogger({ prefix: "ChatInterface" });
      return ([LogLevel.DEBUG] as unknown[]).concat(
        (["debug", "info", "warn", "error"] as const).map((level) => typeof logger[level]),
      );
    });
    expect(read).toEqual([debug, "function", "function", "function", "function"]);
  });

  test("the chat widget can add counts to csmService", async () => {
    const counted = await agent.page.evaluate(() => {
      const { csmService } = window.connect;
      csmService.addCountMetric("WidgetOpened", "UI");
      csmService.addCountAndErrorMetric("WidgetSent", "UI", false);
      return csmService.metricsToBePublished.map(({ metricName, value, dimensions }) => [
        metricName,
        value,
        ...(Array.isArray(dimensions) ? (dimensions as { value: string }[]) : [])
          .slice(1)
          .map((dimension) => dimension.value),
      ]);
    });
    expect(counted).toEqual([
      ["WidgetOpened", 1, "UI", "Count"],
      ["WidgetSent", 1, "UI", "Count"],
      ["WidgetSent", 0, "UI", "Error"],
    ]);
  });

  test("a session with StartChatContact's PascalCase response as chatDetails and an undefined region connects, and its controller has the contactId", async () => {
    const outcome = await agent.page.evaluate(async (chatDetails) => {
      const { ChatSession } = window.connect;
      // Only JavaScript code can do this, because the types don't allow an undefined region.
      const withoutRegion: object = { region: undefined };
      ChatSession.setGlobalConfig(withoutRegion);
      const session = ChatSession.create({
        type: "CUSTOMER",
        chatDetails,
        disableCSM: true,
        options: withoutRegion,
      });
      const { connectSuccess } = await session.connect();
      const { contactId } = session.controller;
      session.dispose();
      return { connectSuccess, contactId };
    }, chat);
    expect(outcome).toEqual({ connectSuccess: true, contactId: chat.ContactId });
  });

  test("sendMessage() right after connect() sends over HTTPS before the socket is open", async () => {
    const outcome = await agent.page.evaluate(async (chatDetails) => {
      const { WebSocket: real } = window;
      // A socket that never opens.
      Object.assign(window, {
        WebSocket: class {
          readyState = 0;
          send(): void {
            throw new Error("The socket isn't open.");
          }
          close(): void {
            this.readyState = 3;
          }
        },
      });
      try {
        const session = window.connect.ChatSession.create({
          type: "CUSTOMER",
          chatDetails,
          disableCSM: true,
        });
        await session.connect();
        const { data } = await session.sendMessage({ message: "At once", contentType: "text/plain" });
        const { connectionState } = session;
        session.dispose();
        return { id: data.Id, connectionState };
      } finally {
        Object.assign(window, { WebSocket: real });
      }
    }, chat);
    expect(outcome).toEqual({ id: expect.any(String), connectionState: "connecting" });
    const messages = agent.simulator
      .contact(chat.ContactId)
      .transcript.filter(({ Type }) => Type === "MESSAGE");
    expect(messages.map(({ Content }) => Content)).toEqual(["At once"]);
  });

  test("session.controller's calls and controller.subscribe() work like the session's", async () => {
    const outcome = await agent.page.evaluate(async (chatDetails) => {
      const { controller } = window.connect.ChatSession.create({
        type: "CUSTOMER",
        chatDetails,
        disableCSM: true,
      });
      const texts: unknown[] = [];
      const received = new Promise<void>((resolve) =>
        controller.subscribe("INCOMING_MESSAGE", (event, name) => {
          const data: unknown =
            typeof event === "object" && event !== null ? Reflect.get(event, "data") : null;
          if (typeof data !== "object" || data === null || Reflect.get(data, "Type") !== "MESSAGE") return;
          texts.push([name, Reflect.get(data, "Content")]);
          resolve();
        }),
      );
      const established = new Promise((resolve) => controller.subscribe("CONNECTION_ESTABLISHED", resolve));
      await controller.connect();
      await established;
      await controller.sendMessage({ message: "By the controller", contentType: "text/plain" });
      await controller.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" });
      await controller.sendAttachment({ attachment: new File(["a note"], "a.txt", { type: "text/plain" }) });
      await received;
      const ended = new Promise((resolve) => controller.subscribe("CHAT_ENDED", resolve));
      await controller.disconnectParticipant();
      await ended;
      return texts;
    }, chat);
    expect(outcome).toEqual([["INCOMING_MESSAGE", "By the controller"]]);
    expect(operations()).toEqual(
      expect.arrayContaining([
        "SendMessage",
        "SendEvent",
        "StartAttachmentUpload",
        "CompleteAttachmentUpload",
        "DisconnectParticipant",
      ]),
    );
  });

  test("JSON.stringify() of connect()'s result and error contains the expected fields", async () => {
    agent.simulator.faults.failNext("CreateParticipantConnection", {
      status: 400,
      errorType: "ValidationException",
    });
    const [failure, success] = await agent.page.evaluate(async (chatDetails) => {
      const session = window.connect.ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      const connected = async (): Promise<unknown> =>
        session.connect({ metadata: "mine" }).catch((error: unknown) => error);
      const both = [JSON.stringify(await connected()), JSON.stringify(await connected())];
      session.dispose();
      return both;
    }, chat);
    expect(JSON.parse(failure ?? "")).toMatchObject({
      connectSuccess: false,
      connectCalled: true,
      metadata: "mine",
      type: "ValidationException",
      message: expect.any(String),
    });
    expect(JSON.parse(success ?? "")).toEqual({
      connectSuccess: true,
      connectCalled: true,
      metadata: "mine",
      _debug: { websocketStatus: "Starting" },
    });
  });

  test("a failed upload's error has a type and a message", async () => {
    agent.simulator.faults.failNext("StartAttachmentUpload", {
      status: 400,
      errorType: "ValidationException",
    });
    const read = await agent.page.evaluate(async (chatDetails) => {
      const session = window.connect.ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      await session.connect();
      const attachment = new File(["a note"], "a.txt", { type: "text/plain" });
      const error: unknown = await session.sendAttachment({ attachment }).catch((thrown: unknown) => thrown);
      session.dispose();
      const field = (name: string): unknown => Reflect.get(Object(error), name);
      return { type: field("type"), message: field("message") };
    }, chat);
    expect(read).toEqual({ type: "ValidationException", message: expect.stringMatching(/./) });
  });

  test("the library drops repeated receipts", async () => {
    const outcome = await agent.page.evaluate(async (chatDetails) => {
      const session = window.connect.ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      await session.connect();
      const { data } = await session.sendMessage({ message: "Read me", contentType: "text/plain" });
      const read = async (): Promise<unknown> =>
        session.sendEvent({
          contentType: "application/vnd.amazonaws.connect.event.message.read",
          content: JSON.stringify({ messageId: data.Id, disableThrottle: true }),
        });
      const answers = [await read(), await read()];
      session.dispose();
      return answers;
    }, chat);
    expect(outcome).toEqual([
      expect.objectContaining({ data: expect.anything() }),
      expect.objectContaining({ message: "Event already fired" }),
    ]);
    expect(operations().filter((operation) => operation === "SendEvent")).toHaveLength(1);
  });

  test("an assignment to connect.ChatSession.SessionTypes takes effect", async () => {
    const types = await agent.page.evaluate(() => {
      const { ChatSession } = window.connect;
      Object.assign(ChatSession.SessionTypes, { SUPERVISOR: "SUPERVISOR" });
      Object.assign(ChatSession, { SessionTypes: { ...ChatSession.SessionTypes } });
      return window.connect.ChatSession.SessionTypes;
    });
    expect(types).toEqual({ AGENT: "AGENT", CUSTOMER: "CUSTOMER", SUPERVISOR: "SUPERVISOR" });
  });

  test("onMessage and onEnded each emit chat.ended once", async () => {
    const emitted = await agent.page.evaluate(async (chatDetails) => {
      const session = window.connect.ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      const seen: string[] = [];
      session.onMessage(({ data }) => {
        if (data.ContentType.endsWith("chat.ended")) seen.push("onMessage");
      });
      const ended = new Promise<void>((resolve) =>
        session.onEnded(() => {
          seen.push("onEnded");
          resolve();
        }),
      );
      const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
      await session.connect();
      await established;
      await session.disconnectParticipant();
      await ended;
      // By now, a repeated event would have been emitted.
      await new Promise((resolve) => setTimeout(resolve));
      return seen;
    }, chat);
    expect(emitted).toEqual(["onMessage", "onEnded"]);
  });

  test("React Native code with session.controller as the session and an async isNetworkOnline reconnects and sends", async () => {
    const outcome = await agent.page.evaluate(async (chatDetails) => {
      const { ChatSession } = window.connect;
      let checks = 0;
      ChatSession.setGlobalConfig({
        webSocketManagerConfig: {
          isNetworkOnline: async () => {
            checks += 1;
            return Promise.resolve(true);
          },
        },
      });
      const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true }).controller;
      const next = (name: string): Promise<unknown> =>
        new Promise((resolve) => session.subscribe(name, resolve));
      const established = next("CONNECTION_ESTABLISHED");
      await session.connect();
      await established;
      const back = next("CONNECTION_ESTABLISHED");
      await fetch("/simulator/drop-sockets", {
        method: "POST",
        body: JSON.stringify({ ContactId: session.contactId }),
      });
      await back;
      const status = session.getConnectionStatus();
      const { data } = await session.sendMessage({ message: "From a phone", contentType: "text/plain" });
      await session.disconnectParticipant();
      return { status, id: typeof data.Id, isChecked: checks > 0 };
    }, chat);
    expect(outcome).toEqual({ status: "Established", id: "string", isChecked: true });
  });
}
