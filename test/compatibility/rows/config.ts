import { expect, jest } from "@jest/globals";
import { EVENT } from "../../support/chat-under-test";
import type { Page } from "../support/page";
import { row, type Rows } from "../support/row";
import { RecordingClient } from "../support/recording-client";
import { hostOf } from "./namespace";

const READ = `${EVENT}message.read`;
const printed = (page: Page): string[] => page.chat.platform.printed.map(({ line }) => line);

/** A custom logger that records which of its methods were called. */
function recordingLogger(): { calls: string[]; logger: Record<string, () => void> } {
  const calls: string[] = [];
  const levels = ["debug", "info", "warn", "error", "advancedLog"];
  return { calls, logger: Object.fromEntries(levels.map((level) => [level, () => void calls.push(level)])) };
}

const expectRejected = (page: Page, key: string): void => {
  const setInvalid = (): void => page.ChatSession.setGlobalConfig({ [key]: 7 });
  expect(setInvalid).toThrow(expect.objectContaining({ field: key }));
};

/** Sends a receipt under the page's configuration. */
async function sendReceipt(page: Page): Promise<unknown> {
  const session = await page.connectedCustomer();
  const content = { messageId: "m", disableThrottle: true };
  return session.sendEvent({ contentType: READ, content });
}

const CONFIG: Rows = {
  "setGlobalConfig.loggerConfig": row("the log settings; logging is off unless they set a logger", (page) => {
    page.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true } });
    expect(page.connect.LogManager.hasClientLogger()).toBe(true);
  }),
  "setGlobalConfig.loggerConfig.level": row(
    "the lowest level to log, as a number or a name; default: INFO",
    (page) => {
      const { LogManager } = page.connect;
      const isEnabled = (level: string): boolean => LogManager.isLevelEnabled(level);
      expect(["DEBUG", "INFO"].map(isEnabled)).toEqual([false, true]);
      page.ChatSession.setGlobalConfig({ loggerConfig: { level: "ERROR" } });
      expect(["WARN", "ERROR"].map(isEnabled)).toEqual([false, true]);
      page.ChatSession.setGlobalConfig({ loggerConfig: { level: 30 } });
      expect(["INFO", "WARN"].map(isEnabled)).toEqual([false, true]);
    },
  ),
  "setGlobalConfig.loggerConfig.useDefaultLogger": row("whether to write lines to the console", (page) => {
    page.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true } });
    page.connect.LogManager.getLogger().info("line");
    expect(printed(page)).toEqual([expect.stringContaining("line")]);
  }),
  "setGlobalConfig.loggerConfig.customizedLogger": row(
    "the application's logger, which takes precedence over all others",
    (page) => {
      const { calls, logger: customizedLogger } = recordingLogger();
      const streams = recordingLogger();
      const loggerConfig = { customizedLogger, logger: streams.logger, useDefaultLogger: true };
      page.ChatSession.setGlobalConfig({ loggerConfig });
      page.connect.LogManager.getLogger().info("line");
      expect(calls).toEqual(["info"]);
      expect([...streams.calls, ...printed(page)]).toEqual([]);
    },
  ),
  "setGlobalConfig.loggerConfig.logger": row("Streams' logger, to which lines are written", (page) => {
    const { calls, logger } = recordingLogger();
    page.ChatSession.setGlobalConfig({ loggerConfig: { logger } });
    page.connect.LogManager.getLogger().info("line");
    expect(calls).toEqual(["info"]);
  }),
  "setGlobalConfig.loggerConfig.advancedLogWriter": row(
    "the logger's method for lines of the level ADVANCED_LOG; default: warn",
    (page) => {
      const { calls, logger } = recordingLogger();
      page.ChatSession.setGlobalConfig({ loggerConfig: { logger } });
      page.connect.LogManager.getLogger().advancedLog("line");
      page.ChatSession.setGlobalConfig({ loggerConfig: { logger, advancedLogWriter: "debug" } });
      page.connect.LogManager.getLogger().advancedLog("line");
      expect(calls).toEqual(["warn", "debug"]);
    },
  ),
  "setGlobalConfig.csmConfig.widgetType": row("the WidgetType dimension of every metric", (page) => {
    page.ChatSession.setGlobalConfig({ csmConfig: { widgetType: "Mine" } });
    expect(page.connect.csmService.widgetType).toBe("Mine");
  }),
  "setGlobalConfig.region": row("the service's region; default: us-west-2", async (page) => {
    expect(await hostOf(page)).toBe("participant.connect.us-west-2.amazonaws.com");
    page.ChatSession.setGlobalConfig({ region: "eu-west-1" });
    expect(await hostOf(page)).toBe("participant.connect.eu-west-1.amazonaws.com");
  }),
  "setGlobalConfig.stage": row(
    "accepted but has no effect; a value that isn't a string is rejected",
    (page) => expectRejected(page, "stage"),
  ),
  "setGlobalConfig.cell": row("accepted but has no effect; a value that isn't a string is rejected", (page) =>
    expectRejected(page, "cell"),
  ),
  "setGlobalConfig.endpoint": row("the URL to call instead of the service's address", async (page) => {
    page.ChatSession.setGlobalConfig({ endpoint: "https://proxy.test" });
    await page.customer().connect();
    expect(page.chat.service.calls.at(-1)?.url).toMatch("https://proxy.test/participant/connection");
  }),
  "setGlobalConfig.customUserAgentSuffix": row("a suffix for each call's user agent", async (page) => {
    page.ChatSession.setGlobalConfig({ customUserAgentSuffix: "Mine/1" });
    await page.customer().connect();
    const headers = new Headers(page.chat.service.calls.at(-1)?.init.headers);
    expect(headers.get("x-amz-user-agent")).toContain("Mine/1");
  }),
  "setGlobalConfig.features": row(
    "the feature settings, such as receipts; an array of names replaces the feature flags",
    async (page) => {
      page.ChatSession.setGlobalConfig({ features: [] });
      await expect(sendReceipt(page)).rejects.toMatchObject({ errorMessage: expect.any(String) });
    },
  ),
  "setGlobalConfig.features.messageReceipts.shouldSendMessageReceipts": row(
    "whether receipts are sent; default: true",
    async (page) => {
      await expect(sendReceipt(page)).resolves.toMatchObject({ data: expect.anything() });
      page.ChatSession.setGlobalConfig({
        features: { messageReceipts: { shouldSendMessageReceipts: false } },
      });
      await expect(sendReceipt(page)).rejects.toMatchObject({ errorMessage: expect.any(String) });
    },
  ),
  "setGlobalConfig.features.messageReceipts.throttleTime": row(
    "how long receipts are batched, in ms; default: 5000",
    async (page) => {
      const session = await page.connectedCustomer();
      const countSentWithin = async (messageId: string, ms: number): Promise<number> => {
        const before = page.chat.service.to("/participant/event").length;
        void session.sendEvent({ contentType: READ, content: { messageId } });
        await page.chat.platform.advance(ms);
        return page.chat.service.to("/participant/event").length - before;
      };
      expect(await countSentWithin("m", 4_999)).toBe(0);
      await page.chat.platform.advance(1);
      expect(page.chat.service.to("/participant/event")).toHaveLength(1);
      page.ChatSession.setGlobalConfig({ features: { messageReceipts: { throttleTime: 50 } } });
      expect(await countSentWithin("n", 50)).toBe(1);
    },
  ),
  "setGlobalConfig.useDualStack": row(
    "whether to use the service's dual-stack address; `endpoint` takes precedence",
    async (page) => {
      page.ChatSession.setGlobalConfig({ useDualStack: true });
      expect(await hostOf(page)).toBe("participant.connect.us-west-2.api.aws");
      page.ChatSession.setGlobalConfig({ endpoint: "https://proxy.test" });
      expect(await hostOf(page)).toBe("proxy.test");
    },
  ),
  "setGlobalConfig.customChatClient": row(
    "the transport for new sessions; null restores the bundled client",
    async (page) => {
      const client = new RecordingClient();
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
    "a function that returns whether the device is online, as a boolean or a promise",
    async (page) => {
      let isOnline: boolean | Promise<boolean> = true;
      page.ChatSession.setGlobalConfig({ webSocketManagerConfig: { isNetworkOnline: () => isOnline } });
      await page.connectedCustomer();
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
  "create.chatDetails.contactId": row("the contact's ID", (page) => {
    const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS });
    expect(session.getChatDetails().contactId).toBe("c");
  }),
  "create.chatDetails.initialContactId": row(
    "the ID of the chat's first contact; default: contactId",
    (page) => {
      const chatDetails = { ...DETAILS, initialContactId: "first" };
      const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails });
      expect(session.getChatDetails().initialContactId).toBe("first");
      const plain = page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS });
      expect(plain.getChatDetails().initialContactId).toBe("c");
    },
  ),
  "create.chatDetails.participantId": row("this participant's ID", (page) => {
    const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS });
    expect(session.getChatDetails().participantId).toBe("p");
  }),
  "create.chatDetails.participantToken": row("the token that a customer connects with", async (page) => {
    await page.customer().connect();
    expect(page.chat.service.calls.at(-1)?.bearer).toBe("participant-token");
  }),
  "create.chatDetails.getConnectionToken": row(
    "a function that returns an agent's connection token",
    async (page) => {
      const session = page.agent();
      await session.connect();
      expect(session.getChatDetails().connectionDetails?.connectionToken).toBe("agent-token");
    },
  ),
  "create.chatDetails.ContactId": row(
    "the contact's ID; all details may be in PascalCase, as in StartChatContact's response",
    (page) => {
      const chatDetails = { ContactId: "c", ParticipantId: "p", ParticipantToken: "t" };
      const session = page.ChatSession.create({ type: "CUSTOMER", chatDetails });
      expect(session.getChatDetails().contactId).toBe("c");
    },
  ),
  "create.type": row("the session's type; default: AGENT", (page) => {
    expect(page.customer()).toHaveProperty("disconnectParticipant");
    expect(page.agent()).not.toHaveProperty("disconnectParticipant");
  }),
  "create.options.region": row("the region; also becomes the global region", async (page) => {
    const host = "participant.connect.eu-west-1.amazonaws.com";
    expect(await hostOf(page, { region: "eu-west-1" })).toBe(host);
    expect(await hostOf(page)).toBe(host);
  }),
  "create.options.customChatClient": row(
    "this session's transport; null selects the global transport",
    async (page) => {
      const customChatClient = new RecordingClient();
      const session = page.ChatSession.create({
        type: "CUSTOMER",
        chatDetails: DETAILS,
        options: { customChatClient },
        disableCSM: true,
      });
      await session.connect();
      expect(customChatClient.calls).toEqual(["createParticipantConnection"]);
      const global = new RecordingClient();
      page.ChatSession.setGlobalConfig({ customChatClient: global });
      const options = { customChatClient: null };
      await page.ChatSession.create({ type: "CUSTOMER", chatDetails: DETAILS, options }).connect();
      expect(global.calls).toEqual(["createParticipantConnection"]);
    },
  ),
  "create.websocketManager": row("the agent page's socket manager, shared by its chats", async (page) => {
    const manager = page.connect.WebSocketManager.create();
    const subscribe = jest.spyOn(manager, "subscribeTopics");
    const getConnectionToken = (): Promise<unknown> =>
      Promise.resolve({ chatTokenTransport: { participantToken: "t", expiry: null } });
    const chatDetails = { contactId: "c", participantId: "p", getConnectionToken };
    const args = { type: "AGENT", chatDetails, websocketManager: manager };
    const session: unknown = Reflect.apply(page.ChatSession.create, null, [args]);
    await Reflect.apply(Reflect.get(Object(session), "connect") as () => unknown, session, []);
    expect(subscribe).toHaveBeenCalledWith(["aws/chat"]);
  }),
  "create.disableCSM": row("disables this session's metrics", (page) => {
    page.customer();
    expect(page.library.csmService.csmInitialized).toBe(false);
  }),
};

export const CONFIG_ROWS: Rows = { ...CONFIG, ...CREATE };
