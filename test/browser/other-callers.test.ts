import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { StartedChat } from "../../simulator/index";
import { AgentPage, type Script } from "./support/agent-page";
import { describeInBrowser, launchChromium } from "./support/chromium";

jest.setTimeout(60_000);

/** What is deployed and must work unchanged: each test does as one of those callers does. */
describeInBrowser("other callers", () => {
  describe.each<[where: string, scripts: readonly Script[], levels: unknown]>([
    ["in a page of their own", ["chatjs"], 10],
    ["in a page with Streams", ["streams", "chatjs"], "DEBUG"],
  ])("%s", callers);
});

function callers(_where: string, scripts: readonly Script[], debug: unknown): void {
  let browser: Browser;
  let its: AgentPage;
  let chat: StartedChat;

  beforeAll(async () => {
    browser = await launchChromium();
    its = await AgentPage.open(browser);
    await its.load(...scripts);
  });
  afterAll(async () => {
    await its.close();
    await browser.close();
  });
  beforeEach(() => {
    chat = its.simulator.startChat();
    its.simulator.clearRequests();
  });
  afterEach(() => expect(its.complaints).toEqual([]));

  const asked = (): string[] => its.simulator.requests.map(({ operation }) => operation);

  test("the chat widget's reads at import time", async () => {
    const read = await its.page.evaluate(() => {
      const { LogLevel, LogManager } = window.connect;
      LogManager.updateLoggerConfig({ level: LogLevel.DEBUG, useDefaultLogger: false });
      const logger = LogManager.getLogger({ prefix: "ChatInterface" });
      return ([LogLevel.DEBUG] as unknown[]).concat(
        (["debug", "info", "warn", "error"] as const).map((level) => typeof logger[level]),
      );
    });
    expect(read).toEqual([debug, "function", "function", "function", "function"]);
  });

  test("the chat widget's counts on csmService", async () => {
    const counted = await its.page.evaluate(() => {
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

  test("StartChatContact's PascalCase answer as chatDetails, region undefined; session.controller.contactId", async () => {
    const outcome = await its.page.evaluate(async (chatDetails) => {
      const { ChatSession } = window.connect;
      // As JavaScript has it: the types know no region that is undefined.
      const nowhere: object = { region: undefined };
      ChatSession.setGlobalConfig(nowhere);
      const session = ChatSession.create({
        type: "CUSTOMER",
        chatDetails,
        disableCSM: true,
        options: nowhere,
      });
      const { connectSuccess } = await session.connect();
      const { contactId } = session.controller;
      session.dispose();
      return { connectSuccess, contactId };
    }, chat);
    expect(outcome).toEqual({ connectSuccess: true, contactId: chat.ContactId });
  });

  test("sendMessage straight after await connect(), before the socket is open, goes over HTTPS", async () => {
    const outcome = await its.page.evaluate(async (chatDetails) => {
      const { WebSocket: real } = window;
      // A socket that never opens.
      Object.assign(window, {
        WebSocket: class {
          readyState = 0;
          send(): void {
            throw new Error("It is not open.");
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
    const said = its.simulator.contact(chat.ContactId).transcript.filter(({ Type }) => Type === "MESSAGE");
    expect(said.map(({ Content }) => Content)).toEqual(["At once"]);
  });

  test("session.controller's calls, and controller.subscribe()", async () => {
    const outcome = await its.page.evaluate(async (chatDetails) => {
      const { controller } = window.connect.ChatSession.create({
        type: "CUSTOMER",
        chatDetails,
        disableCSM: true,
      });
      const texts: unknown[] = [];
      const heard = new Promise<void>((resolve) =>
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
      await heard;
      const ended = new Promise((resolve) => controller.subscribe("CHAT_ENDED", resolve));
      await controller.disconnectParticipant();
      await ended;
      return texts;
    }, chat);
    expect(outcome).toEqual([["INCOMING_MESSAGE", "By the controller"]]);
    expect(asked()).toEqual(
      expect.arrayContaining([
        "SendMessage",
        "SendEvent",
        "StartAttachmentUpload",
        "CompleteAttachmentUpload",
        "DisconnectParticipant",
      ]),
    );
  });

  test("JSON.stringify of what connect() resolves and rejects with", async () => {
    its.simulator.faults.failNext("CreateParticipantConnection", {
      status: 400,
      errorType: "ValidationException",
    });
    const [failure, success] = await its.page.evaluate(async (chatDetails) => {
      const session = window.connect.ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      const told = async (): Promise<unknown> =>
        session.connect({ metadata: "mine" }).catch((error: unknown) => error);
      const both = [JSON.stringify(await told()), JSON.stringify(await told())];
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

  test("error.type and error.message of an upload that failed", async () => {
    its.simulator.faults.failNext("StartAttachmentUpload", { status: 400, errorType: "ValidationException" });
    const read = await its.page.evaluate(async (chatDetails) => {
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

  test("repeated receipts: the library drops them", async () => {
    const outcome = await its.page.evaluate(async (chatDetails) => {
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
    expect(asked().filter((operation) => operation === "SendEvent")).toHaveLength(1);
  });

  test("assigning to connect.ChatSession.SessionTypes", async () => {
    const types = await its.page.evaluate(() => {
      const { ChatSession } = window.connect;
      Object.assign(ChatSession.SessionTypes, { SUPERVISOR: "SUPERVISOR" });
      Object.assign(ChatSession, { SessionTypes: { ...ChatSession.SessionTypes } });
      return window.connect.ChatSession.SessionTypes;
    });
    expect(types).toEqual({ AGENT: "AGENT", CUSTOMER: "CUSTOMER", SUPERVISOR: "SUPERVISOR" });
  });

  test("chat.ended is told in onMessage and in onEnded, once each", async () => {
    const told = await its.page.evaluate(async (chatDetails) => {
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
      // Whatever would be told twice is told by then.
      await new Promise((resolve) => setTimeout(resolve));
      return seen;
    }, chat);
    expect(told).toEqual(["onMessage", "onEnded"]);
  });

  test("React Native: session.controller kept as the session, an async isNetworkOnline", async () => {
    const outcome = await its.page.evaluate(async (chatDetails) => {
      const { ChatSession } = window.connect;
      let looked = 0;
      ChatSession.setGlobalConfig({
        webSocketManagerConfig: {
          isNetworkOnline: async () => {
            looked += 1;
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
      return { status, id: typeof data.Id, looked: looked > 0 };
    }, chat);
    expect(outcome).toEqual({ status: "Established", id: "string", looked: true });
  });
}
