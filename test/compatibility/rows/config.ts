import { expect, jest } from "@jest/globals";
import { EVENT } from "../../support/chat-under-test";
import type { Page } from "../support/page";
import { row, type Rows } from "../support/row";
import { OwnClient } from "../support/own-client";
import { hostAsked } from "./namespace";

const READ = `${EVENT}message.read`;
const printed = (page: Page): string[] => page.chat.platform.printed.map(({ line }) => line);

/** A logger of the application's own that keeps the methods that were called. */
function sink(): { calls: string[]; logger: Record<string, () => void> } {
  const calls: string[] = [];
  const levels = ["debug", "info", "warn", "error", "advancedLog"];
  return { calls, logger: Object.fromEntries(levels.map((level) => [level, () => void calls.push(level)])) };
}

const badText = (page: Page, key: string): void => {
  const bad = (): void => page.ChatSession.setGlobalConfig({ [key]: 7 });
  expect(bad).toThrow(expect.objectContaining({ field: key }));
};

/** A receipt's outcome under the page's configuration. */
async function receipt(page: Page): Promise<unknown> {
  const session = await page.connected();
  const content = { messageId: "m", disableThrottle: true };
  return session.sendEvent({ contentType: READ, content });
}

const CONFIG: Rows = {
  "setGlobalConfig.loggerConfig": row("silent unless a logger is chosen here", (page) => {
    page.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true } });
    expect(page.connect.LogManager.hasClientLogger()).toBe(true);
  }),
  "setGlobalConfig.loggerConfig.level": row("a number or a name; INFO unless set", (page) => {
    const { LogManager } = page.connect;
    const lets = (level: string): boolean => LogManager.isLevelEnabled(level);
    expect(["DEBUG", "INFO"].map(lets)).toEqual([false, true]);
    page.ChatSession.setGlobalConfig({ loggerConfig: { level: "ERROR" } });
    expect(["WARN", "ERROR"].map(lets)).toEqual([false, true]);
    page.ChatSession.setGlobalConfig({ loggerConfig: { level: 30 } });
    expect(["INFO", "WARN"].map(lets)).toEqual([false, true]);
  }),
  "setGlobalConfig.loggerConfig.useDefaultLogger": row("lines go to the console", (page) => {
    page.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true } });
    page.connect.LogManager.getLogger().info("line");
    expect(printed(page)).toEqual([expect.stringContaining("line")]);
  }),
  "setGlobalConfig.loggerConfig.customizedLogger": row(
    "lines go to the application's logger, before all others",
    (page) => {
      const { calls, logger: customizedLogger } = sink();
      const streams = sink();
      const loggerConfig = { customizedLogger, logger: streams.logger, useDefaultLogger: true };
      page.ChatSession.setGlobalConfig({ loggerConfig });
      page.connect.LogManager.getLogger().info("line");
      expect(calls).toEqual(["info"]);
      expect([...streams.calls, ...printed(page)]).toEqual([]);
    },
  ),
  "setGlobalConfig.loggerConfig.logger": row("lines go to Streams' logger", (page) => {
    const { calls, logger } = sink();
    page.ChatSession.setGlobalConfig({ loggerConfig: { logger } });
    page.connect.LogManager.getLogger().info("line");
    expect(calls).toEqual(["info"]);
  }),
  "setGlobalConfig.loggerConfig.advancedLogWriter": row(
    "the method that advanced lines go to; warn unless set",
    (page) => {
      const { calls, logger } = sink();
      page.ChatSession.setGlobalConfig({ loggerConfig: { logger } });
      page.connect.LogManager.getLogger().advancedLog("line");
      page.ChatSession.setGlobalConfig({ loggerConfig: { logger, advancedLogWriter: "debug" } });
      page.connect.LogManager.getLogger().advancedLog("line");
      expect(calls).toEqual(["warn", "debug"]);
    },
  ),
  "setGlobalConfig.csmConfig.widgetType": row("the dimension WidgetType of every metric", (page) => {
    page.ChatSession.setGlobalConfig({ csmConfig: { widgetType: "Mine" } });
    expect(page.connect.csmService.widgetType).toBe("Mine");
  }),
  "setGlobalConfig.region": row("where the service is; us-west-2 unless set", async (page) => {
    expect(await hostAsked(page)).toBe("participant.connect.us-west-2.amazonaws.com");
    page.ChatSession.setGlobalConfig({ region: "eu-west-1" });
    expect(await hostAsked(page)).toBe("participant.connect.eu-west-1.amazonaws.com");
  }),
  "setGlobalConfig.stage": row("accepted without an effect; a value that isn't a string is refused", (page) =>
    badText(page, "stage"),
  ),
  "setGlobalConfig.cell": row("accepted without an effect; a value that isn't a string is refused", (page) =>
    badText(page, "cell"),
  ),
  "setGlobalConfig.endpoint": row("replaces the service's address", async (page) => {
    page.ChatSession.setGlobalConfig({ endpoint: "https://proxy.test" });
    await page.customer().connect();
    expect(page.chat.service.calls.at(-1)?.url).toMatch("https://proxy.test/participant/connection");
  }),
  "setGlobalConfig.customUserAgentSuffix": row("added to the user agent of each call", async (page) => {
    page.ChatSession.setGlobalConfig({ customUserAgentSuffix: "Mine/1" });
    await page.customer().connect();
    const headers = new Headers(page.chat.service.calls.at(-1)?.init.headers);
    expect(headers.get("x-amz-user-agent")).toContain("Mine/1");
  }),
  "setGlobalConfig.features": row("receipts; as an array of names it replaces the flags", async (page) => {
    page.ChatSession.setGlobalConfig({ features: [] });
    await expect(receipt(page)).rejects.toMatchObject({ errorMessage: expect.any(String) });
  }),
  "setGlobalConfig.features.messageReceipts.shouldSendMessageReceipts": row(
    "true unless set",
    async (page) => {
      await expect(receipt(page)).resolves.toMatchObject({ data: expect.anything() });
      page.ChatSession.setGlobalConfig({
        features: { messageReceipts: { shouldSendMessageReceipts: false } },
      });
      await expect(receipt(page)).rejects.toMatchObject({ errorMessage: expect.any(String) });
    },
  ),
  "setGlobalConfig.features.messageReceipts.throttleTime": row(
    "ms in which receipts are gathered; 5000 unless set",
    async (page) => {
      const session = await page.connected();
      const sentWithin = async (messageId: string, ms: number): Promise<number> => {
        const before = page.chat.service.to("/participant/event").length;
        void session.sendEvent({ contentType: READ, content: { messageId } });
        await page.chat.platform.advance(ms);
        return page.chat.service.to("/participant/event").length - before;
      };
      expect(await sentWithin("m", 4_999)).toBe(0);
      await page.chat.platform.advance(1);
      expect(page.chat.service.to("/participant/event")).toHaveLength(1);
      page.ChatSession.setGlobalConfig({ features: { messageReceipts: { throttleTime: 50 } } });
      expect(await sentWithin("n", 50)).toBe(1);
    },
  ),
  "setGlobalConfig.useDualStack": row("the service's dual-stack address; `endpoint` wins", async (page) => {
    page.ChatSession.setGlobalConfig({ useDualStack: true });
    expect(await hostAsked(page)).toBe("participant.connect.us-west-2.api.aws");
    page.ChatSession.setGlobalConfig({ endpoint: "https://proxy.test" });
    expect(await hostAsked(page)).toBe("proxy.test");
  }),
  "setGlobalConfig.customChatClient": row(
    "the transport of new sessions; null to remove it",
    async (page) => {
      const client = new OwnClient();
      page.ChatSession.setGlobalConfig({ customChatClient: client });
      await page.customer().connect();
      expect(client.calls).toEqual(["createParticipantConnection"]);
      expect(page.chat.service.calls).toEqual([]);
      page.ChatSession.setGlobalConfig({ customChatClient: null });
      await page.customer().connect();
      expect(page.chat.service.calls).toHaveLength(1);
    },
  ),
  "setGlobalConfig.webSocketManagerConfig.isNetworkOnline": row(
    "whether the device is online: a boolean, or a promise of one",
    async (page) => {
      let isOnline: boolean | Promise<boolean> = true;
      page.ChatSession.setGlobalConfig({ webSocketManagerConfig: { isNetworkOnline: () => isOnline } });
      await page.connected();
      for (const offline of [false, Promise.resolve(false)]) {
        const { platform } = page.chat;
        const before = platform.sockets.length;
        isOnline = offline;
        platform.socket.end(1006);
        await platform.advance(10_000);
        expect(platform.sockets).toHaveLength(before);
        isOnline = true;
        await page.chat.nextSocket(5_000);
        await page.chat.open();
      }
    },
  ),
};

const DETAILS = { contactId: "c", participantId: "p", participantToken: "t" };

const CREATE: Rows = {
  "create.chatDetails.contactId": row("the contact", (page) => {
    const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS });
    expect(session.getChatDetails().contactId).toBe("c");
  }),
  "create.chatDetails.initialContactId": row("the chat's first contact; contactId unless given", (page) => {
    const chatDetails = { ...DETAILS, initialContactId: "first" };
    const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails });
    expect(session.getChatDetails().initialContactId).toBe("first");
    const plain = page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS });
    expect(plain.getChatDetails().initialContactId).toBe("c");
  }),
  "create.chatDetails.participantId": row("this participant", (page) => {
    const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS });
    expect(session.getChatDetails().participantId).toBe("p");
  }),
  "create.chatDetails.participantToken": row("what a customer connects with", async (page) => {
    await page.customer().connect();
    expect(page.chat.service.calls.at(-1)?.bearer).toBe("participant-token");
  }),
  "create.chatDetails.getConnectionToken": row(
    "where an agent's connection token comes from",
    async (page) => {
      const session = page.agent();
      await session.connect();
      expect(session.getChatDetails().connectionDetails?.connectionToken).toBe("agent-token");
    },
  ),
  "create.chatDetails.ContactId": row(
    "each in PascalCase as well, since StartChatContact answers so",
    (page) => {
      const chatDetails = { ContactId: "c", ParticipantId: "p", ParticipantToken: "t" };
      const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails });
      expect(session.getChatDetails().contactId).toBe("c");
    },
  ),
  "create.type": row("AGENT unless given", (page) => {
    expect(page.customer()).toHaveProperty("disconnectParticipant");
    expect(page.agent()).not.toHaveProperty("disconnectParticipant");
  }),
  "create.options.region": row("the region, also the global one", async (page) => {
    const host = "participant.connect.eu-west-1.amazonaws.com";
    expect(await hostAsked(page, { region: "eu-west-1" })).toBe(host);
    expect(await hostAsked(page)).toBe(host);
  }),
  "create.options.customChatClient": row(
    "the transport of this session; null falls back to the global one",
    async (page) => {
      const customChatClient = new OwnClient();
      const session = page.ChatSession.create({
        type: "CUSTOMER",
        chatDetails: DETAILS,
        options: { customChatClient },
        disableCSM: true,
      });
      await session.connect();
      expect(customChatClient.calls).toEqual(["createParticipantConnection"]);
      const global = new OwnClient();
      page.ChatSession.setGlobalConfig({ customChatClient: global });
      const options = { customChatClient: null };
      await page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS, options }).connect();
      expect(global.calls).toEqual(["createParticipantConnection"]);
    },
  ),
  "create.websocketManager": row(
    "the socket's manager of an agent's page, shared by its chats",
    async (page) => {
      const manager = page.connect.WebSocketManager.create();
      const subscribe = jest.spyOn(manager, "subscribeTopics");
      const getConnectionToken = (): Promise<unknown> =>
        Promise.resolve({ chatTokenTransport: { participantToken: "t", expiry: null } });
      const chatDetails = { contactId: "c", participantId: "p", getConnectionToken };
      const args = { type: "AGENT", chatDetails, websocketManager: manager };
      const session: unknown = Reflect.apply(page.ChatSession.create, null, [args]);
      await Reflect.apply(Reflect.get(Object(session), "connect") as () => unknown, session, []);
      expect(subscribe).toHaveBeenCalledWith(["aws/chat"]);
    },
  ),
  "create.disableCSM": row("no metrics of this session", (page) => {
    page.customer();
    expect(page.library.csmService.csmInitialized).toBe(false);
  }),
};

export const CONFIG_ROWS: Rows = { ...CONFIG, ...CREATE };
