import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type AgentConnection, type Simulator } from "../../simulator/index";
import type { AgentChatSession, ChatWebSocketManager } from "../../src/index";
import type { PublicManager } from "../../src/connection/public-manager";
import type { WebSocketManagerObject } from "../../src/session/library";
import { loadBundle } from "./support/bundle";
import { nextEvent, nextMessage, until } from "./support/wait";

const { ChatSession } = loadBundle();
/** The global's own: with Streams on the page it would be Streams', so it is not exported by name. */
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

/** An agent's page: one socket for all its chats, and a session for each on the given manager. */
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

/** The same manager as Streams would hand it out: no init, no close, and a gain is not told again. */
function asStreamsHasIt(): ChatWebSocketManager {
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
  ["a manager of ours", (): ChatWebSocketManager => manager],
  ["a manager such as Streams'", asStreamsHasIt],
])("an agent's chats on %s", (_name, given) => {
  test("share one socket, and each hears what is its own", async () => {
    const joined = await agentPage(3, given());
    expect(simulator.sockets).toHaveLength(1);
    const heard: string[][] = sessions.map(() => []);
    sessions.forEach((session, index) =>
      session.onMessage(({ data }) => data.Type === "MESSAGE" && heard[index]?.push(data.Content ?? "")),
    );
    const all = sessions.map((session, index) => nextMessage(session, `for ${index}`));
    joined.forEach(({ contactId }, index) => {
      simulator.contact(contactId).say(`for ${index}`, { role: "CUSTOMER" });
    });
    await Promise.all(all);
    expect(heard).toEqual([["for 0"], ["for 1"], ["for 2"]]);
  });

  test("acknowledge their contacts without asking for a socket", async () => {
    await agentPage(2, given());
    const asked = (): unknown[] =>
      simulator.requests
        .filter(({ operation }) => operation === "CreateParticipantConnection")
        .map(({ body }) => body);
    await until(() => asked().length === 2);
    expect(asked()).toEqual([{ ConnectParticipant: true }, { ConnectParticipant: true }]);
  });

  test("are told of a lost link, and of its return", async () => {
    await agentPage(2, given());
    const lost = sessions.map((session) => nextEvent(session, "connectionLost"));
    // Streams' own manager tells a gain with an argument; ours without: the session must not need either.
    const back =
      given === asStreamsHasIt ? [] : sessions.map((session) => nextEvent(session, "connectionEstablished"));
    simulator.dropSockets();
    await Promise.all(lost);
    await Promise.all(back);
    await until(() => simulator.sockets.length === 1);
  });

  test("end one by one: the end of one leaves the others their link", async () => {
    const [first, second] = await agentPage(2, given());
    const [one, other] = sessions;
    if (!first || !second || !one || !other) throw new Error("Two chats were made.");
    const ended = nextEvent(one, "ended");
    simulator.contact(first.contactId).end();
    await ended;
    const heard = nextMessage(other, "still here");
    simulator.contact(second.contactId).say("still here", { role: "CUSTOMER" });
    await heard;
  });
});

describe("receipts that name no contact", () => {
  test("reach the chat that knows the message, and no other", async () => {
    await simulator.close();
    simulator = await startSimulator({ receiptContactIds: "without" });
    ChatSession.setGlobalConfig({ endpoint: simulator.url });
    const [first] = await agentPage(2);
    const [one, other] = sessions;
    if (!first || !one || !other) throw new Error("Two chats were made.");
    const strays: unknown[] = [];
    other.onReadReceipt((event) => strays.push(event));
    const echoed = nextMessage(one, "Read this");
    const { data } = await one.sendMessage({ message: "Read this", contentType: "text/plain" });
    await echoed;
    const read = nextEvent(one, "readReceipt");
    simulator.contact(first.contactId).receipt("read", data.Id, { role: "CUSTOMER" });
    expect((await read).data.MessageMetadata?.MessageId).toBe(data.Id);
    expect(strays).toEqual([]);
  });
});
