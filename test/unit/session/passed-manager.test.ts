import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import type { PublicManager } from "../../../src/connection/public-manager";
import { ChatUnderTest } from "../../support/chat-under-test";

const SECOND = 1_000;

let chat: ChatUnderTest;
let manager: PublicManager;
let session: CustomerChatSession;
let delivered: unknown[];

beforeEach(() => {
  chat = new ChatUnderTest();
  manager = chat.library.WebSocketManager.create();
  delivered = [];
});

afterEach(async () => {
  session.dispose();
  manager.closeWebSocket();
  await chat.platform.settle();
});

/** Creates a session on a manager that isn't started yet, and calls connect(). */
async function connectOn(websocketManager: PublicManager): Promise<void> {
  session = chat.library.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: {
      contactId: chat.contactId,
      participantId: chat.participantId,
      participantToken: "participant-token",
    },
    websocketManager,
    disableCSM: true,
  });
  session.onMessage(({ data }) => delivered.push(data.Content));
  await session.connect();
  await chat.platform.settle();
}

async function start(): Promise<void> {
  void manager.init(() =>
    Promise.resolve({
      webSocketTransport: { url: "wss://service.test/socket", transportLifeTimeInSeconds: 3_600 },
    }),
  );
  await chat.platform.settle();
  await chat.open();
}

describe("a manager from connect.WebSocketManager that is passed to create()", () => {
  const wrapReactive = (target: PublicManager): PublicManager => new Proxy(target, {});
  const wrapBinding = (target: PublicManager): PublicManager =>
    new Proxy(target, {
      get: (of, key): unknown => {
        const value: unknown = Reflect.get(of, key, of);
        return typeof value === "function" ? value.bind(of) : value;
      },
    });

  test.each([
    ["directly", (target: PublicManager) => target],
    ["through a proxy that binds its methods", wrapBinding],
    ["through a framework's reactive proxy", wrapReactive],
  ])("connects the session to its socket and delivers its items if it is passed %s", async (_, wrap) => {
    await connectOn(wrap(manager));
    expect(session.connectionState).toBe("connecting");
    await start();
    expect(session.connectionState).toBe("connected");
    chat.send(chat.item());
    expect(delivered).toEqual(["hello"]);
  });

  test("delivers only the frames that the application's onMessage() wrapper passes on", async () => {
    const onMessage = manager.onMessage.bind(manager);
    manager.onMessage = (topic, callback) =>
      onMessage(topic, (frame) =>
        String(frame["content"]).includes("secret") ? undefined : callback(frame),
      );
    await connectOn(manager);
    await start();
    chat.send(chat.item({ Id: "1", Content: "secret" }));
    chat.send(chat.item({ Id: "2", Content: "open" }));
    expect(delivered).toEqual(["open"]);
  });

  test("connects the session even if its subscribeTopics() throws", async () => {
    manager.subscribeTopics = () => {
      throw new Error("wrapped");
    };
    await connectOn(manager);
    await start();
    expect(session.connectionState).toBe("connected");
  });

  test("calls the callbacks in the order in which the session and the application subscribed", async () => {
    await connectOn(manager);
    manager.onMessage("aws/chat", () => delivered.push("the application's"));
    await start();
    chat.send(chat.item());
    expect(delivered).toEqual(["hello", "the application's"]);
  });

  test("reconnects immediately after disconnectParticipant(), to receive the chat's end", async () => {
    chat.platform.randomValue = 1;
    await connectOn(manager);
    await start();
    for (let failures = 0; failures < 6; failures += 1) {
      chat.platform.socket.end();
      await chat.platform.advance(31 * SECOND);
    }
    chat.platform.socket.end();
    await chat.platform.settle();
    const before = chat.platform.sockets.length;
    await session.disconnectParticipant();
    await chat.platform.advance(2 * SECOND);
    expect(chat.platform.sockets.length).toBe(before + 1);
  });
});

test("closeWebSocket() drops a new socket's held frames if it is called while the manager handles that socket's loss", async () => {
  await connectOn(manager);
  void manager.init(() =>
    Promise.resolve({
      webSocketTransport: { url: "wss://service.test/socket", transportLifeTimeInSeconds: 300 },
    }),
  );
  await chat.platform.settle();
  await chat.open();
  const [first] = chat.platform.sockets;
  await chat.advance(300 * SECOND);
  expect(chat.platform.sockets).toHaveLength(2);
  const second = await chat.open();
  const frames: unknown[] = [];
  manager.onMessage("aws/chat", (frame) => frames.push(frame));
  chat.send(chat.item());
  manager.onConnectionClose(({ reason }) => {
    if (reason === "the new socket was lost") manager.closeWebSocket();
  });
  second.end();
  await chat.platform.settle();
  expect(first?.readyState).not.toBe(1);
  expect(frames).toEqual([]);
});

test("connect() rejects if an external manager's unsubscribe function calls it during dispose()", async () => {
  const outcomes: unknown[] = [];
  const unsubscribe = (): void => {
    if (outcomes.length > 0) return;
    outcomes.push("called");
    session.connect().catch((error: unknown) => outcomes.push(error));
  };
  session = chat.library.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: { contactId: chat.contactId, participantId: "me", participantToken: "participant-token" },
    websocketManager: {
      subscribeTopics: () => undefined,
      onMessage: () => unsubscribe,
      onConnectionGain: () => unsubscribe,
      onConnectionLost: () => unsubscribe,
    },
    disableCSM: true,
  });
  await session.connect();
  session.dispose();
  await chat.platform.settle();
  expect(outcomes).toMatchObject(["called", { code: "IllegalState" }]);
});
