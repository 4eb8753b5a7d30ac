import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type AgentConnection, type Simulator } from "../../simulator/index";
import type { AgentChatSession, ChatWebSocketManager } from "../../src/index";
import type { PublicManager } from "../../src/connection/public-manager";
import type { WebSocketManagerObject } from "../../src/session/library";
import { loadBundle } from "./support/bundle";
import { nextEvent, nextMessage, until } from "./support/wait";

const { ChatSession } = loadBundle();
/** The library's WebSocketManager, which isn't a named export. On a page with Streams, this global belongs to Streams. */
const Managers = Reflect.get(
  Reflect.get(globalThis, "connect"),
  "WebSocketManager",
) as WebSocketManagerObject;

let simulator: Simulator;
let manager: PublicManager;
let sessions: AgentChatSession[] = [];

beforeEach(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
  manager = Managers.create();
});

afterEach(async () => {
  for (const session of sessions) session.dispose();
  sessions = [];
  manager.closeWebSocket();
  await simulator.close();
});

/** Sets up an agent page with one socket for all chats, and a session for each chat on the given manager. */
async function agentPage(
  chats: number,
  websocketManager: ChatWebSocketManager = manager,
): Promise<AgentConnection[]> {
  const joined = Array.from({ length: chats }, () => simulator.joinAgent(simulator.startChat().ContactId));
  const started = manager.init(() =>
    Promise.resolve({
      webSocketTransport: {
        ...simulator.signSocket(joined.map(({ participantId }) => participantId)),
        transportLifeTimeInSeconds: 3540,
      },
    }),
  );
  sessions = joined.map((chatDetails) =>
    ChatSession.create({
      type: "AGENT",
      chatDetails: {
        ...chatDetails,
        getConnectionToken: () => Promise.resolve(simulator.connectionTokenOf(chatDetails.participantId)),
      },
      websocketManager,
    }),
  );
  await started;
  const established = sessions.map((session) => nextEvent(session, "connectionEstablished"));
  await Promise.all(sessions.map((session) => session.connect()));
  await Promise.all(established);
  return joined;
}

/** The manager as Streams exposes it. It has no init and close, and doesn't replay a connection gain to new handlers. */
function streamsLikeManager(): ChatWebSocketManager {
  return {
    subscribeTopics: (topics) => manager.subscribeTopics(topics),
    onMessage: (topic, callback) => manager.onMessage(topic, callback),
    onConnectionGain: (callback) => {
      let replayed = true;
      const unsubscribe = manager.onConnectionGain(() => {
        if (!replayed) callback({});
      });
      replayed = false;
      return unsubscribe;
    },
    onConnectionLost: (callback) => manager.onConnectionLost(callback),
    onInitFailure: (callback) => manager.onInitFailure(callback),
    onDeepHeartbeatSuccess: () => {
      throw new TypeError("not a function, as in some releases");
    },
  };
}

describe.each([
  ["this library's manager", (): ChatWebSocketManager => manager],
  ["a manager like Streams'", streamsLikeManager],
])("an agent's chats on %s", (_name, createManager) => {
  test("share one socket, and each session receives only its own messages", async () => {
    const joined = await agentPage(3, createManager());
    expect(simulator.sockets).toHaveLength(1);
    const received: string[][] = sessions.map(() => []);
    sessions.forEach((session, index) =>
      session.onMessage(({ data }) => data.Type === "MESSAGE" && received[index]?.push(data.Content ?? "")),
    );
    const all = sessions.map((session, index) => nextMessage(session, `for ${index}`));
    joined.forEach(({ contactId }, index) => {
      simulator.contact(contactId).say(`for ${index}`, { role: "CUSTOMER" });
    });
    await Promise.all(all);
    expect(received).toEqual([["for 0"], ["for 1"], ["for 2"]]);
  });

  test("acknowledge their contacts without requesting a socket", async () => {
    await agentPage(2, createManager());
    const bodies = (): unknown[] =>
      simulator.requests
        .filter(({ operation }) => operation === "CreateParticipantConnection")
        .map(({ body }) => body);
    await until(() => bodies().length === 2);
    expect(bodies()).toEqual([{ ConnectParticipant: true }, { ConnectParticipant: true }]);
  });

  test("emit connectionLost when the link drops, and connectionEstablished when the link is restored", async () => {
    await agentPage(2, createManager());
    const lost = sessions.map((session) => nextEvent(session, "connectionLost"));
    // Streams' manager passes an argument to onConnectionGain handlers. This library's manager doesn't pass one, so the
    // session must not depend on the argument.
    const established =
      createManager === streamsLikeManager
        ? []
        : sessions.map((session) => nextEvent(session, "connectionEstablished"));
    simulator.dropSockets();
    await Promise.all(lost);
    await Promise.all(established);
    await until(() => simulator.sockets.length === 1);
  });

  test("end independently, and the chats that continue keep their link", async () => {
    const [first, second] = await agentPage(2, createManager());
    const [firstSession, secondSession] = sessions;
    if (!first || !second || !firstSession || !secondSession) throw new Error("Expected two chats.");
    const ended = nextEvent(firstSession, "ended");
    simulator.contact(first.contactId).end();
    await ended;
    const delivered = nextMessage(secondSession, "still here");
    simulator.contact(second.contactId).say("still here", { role: "CUSTOMER" });
    await delivered;
  });
});

describe("receipts without a contact ID", () => {
  test("are delivered only to the chat that has the message", async () => {
    await simulator.close();
    simulator = await startSimulator({ receiptContactIds: "without" });
    ChatSession.setGlobalConfig({ endpoint: simulator.url });
    const [first] = await agentPage(2);
    const [firstSession, secondSession] = sessions;
    if (!first || !firstSession || !secondSession) throw new Error("Expected two chats.");
    const strays: unknown[] = [];
    secondSession.onReadReceipt((event) => strays.push(event));
    const echoed = nextMessage(firstSession, "Read this");
    const { data } = await firstSession.sendMessage({ message: "Read this", contentType: "text/plain" });
    await echoed;
    const read = nextEvent(firstSession, "readReceipt");
    simulator.contact(first.contactId).receipt("read", data.Id, { role: "CUSTOMER" });
    expect((await read).data.MessageMetadata?.MessageId).toBe(data.Id);
    expect(strays).toEqual([]);
  });
});
