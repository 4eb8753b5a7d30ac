import type { ChatWebSocketManager } from "../../../src/api/connection";
import type { AgentChatSession } from "../../../src/api/session";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { PublicManager } from "../../../src/connection/public-manager";
import { Logging } from "../../../src/observability/logger";
import { ChatUnderTest } from "../../support/chat-under-test";
import { cutNetwork, errorResponse, rejection } from "../../support/fake-service";

const CONNECTION = "/participant/connection";

let chat: ChatUnderTest;
let getToken: () => Promise<unknown>;

beforeEach(() => {
  chat = new ChatUnderTest();
  chat.platform.agentMetrics = "counted";
  getToken = () => Promise.resolve({ chatTokenTransport: { participantToken: "agent-token", expiry: null } });
});

/** Replaces Streams' manager. It only records which callbacks were added. */
class StreamsManager implements ChatWebSocketManager {
  readonly callbacks = new Set<string>();
  readonly frames = new Set<(frame: { topic: string; content?: unknown }) => unknown>();
  subscribeTopics(): void {
    this.callbacks.add("topics");
  }
  onMessage(_topic: string, callback: (frame: { topic: string; content?: unknown }) => unknown): () => void {
    this.frames.add(callback);
    return () => void this.frames.delete(callback);
  }
  onConnectionGain = (): (() => void) => this.#add("gain");
  onConnectionLost = (): (() => void) => this.#add("lost");
  #add(name: string): () => void {
    this.callbacks.add(name);
    return () => void this.callbacks.delete(name);
  }
}

function createAgent(websocketManager: ChatWebSocketManager, contactId: string): AgentChatSession {
  return chat.library.ChatSession.create({
    type: "AGENT",
    chatDetails: {
      contactId,
      participantId: "me",
      participantToken: "participant-token",
      getConnectionToken: () => getToken(),
    },
    websocketManager,
  });
}

const counts = (): unknown[] => chat.platform.agentCounts.map(({ name, count }) => [name, count]);

describe("the agent application's own metrics", () => {
  let manager: StreamsManager;
  beforeEach(() => {
    manager = new StreamsManager();
  });

  test("count an obtained token and an acknowledgement", async () => {
    await createAgent(manager, "c").connect();
    await chat.platform.settle();
    expect(counts()).toEqual([
      ["AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 0],
      ["CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1],
      ["AGENT_CREATE_PARTICIPANT_ERROR_RATE", 0],
    ]);
  });

  test("count a failed acknowledgement once, no matter how many attempts it took", async () => {
    chat.service.on(CONNECTION, cutNetwork);
    await createAgent(manager, "c").connect();
    await chat.advance(60_000);
    expect(counts()).toEqual([
      ["AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 0],
      ["CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1],
      ["AGENT_CREATE_PARTICIPANT_ERROR_RATE", 1],
      ["CREATE_PARTICIPANT_CONACK_FAILURE", 1],
    ]);
  });

  test("count an acknowledgement that the service rejects as a failure, but not in the error rate", async () => {
    chat.service.on(CONNECTION, () => errorResponse(404, "ResourceNotFoundException"));
    await createAgent(manager, "c").connect();
    await chat.platform.settle();
    expect(counts()).toEqual([
      ["AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 0],
      ["CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1],
      ["CREATE_PARTICIPANT_CONACK_FAILURE", 1],
    ]);
  });

  test("count a failed token request, and the connection that is created instead", async () => {
    getToken = () => Promise.reject(new Error("no token"));
    await createAgent(manager, "c").connect();
    chat.service.on(CONNECTION, cutNetwork);
    const failure = rejection(createAgent(manager, "d").connect());
    await chat.advance(60_000);
    await failure;
    expect(counts()).toEqual([
      ["AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 1],
      ["AGENT_CREATE_PARTICIPANT_ERROR_RATE", 0],
      ["AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 1],
      ["AGENT_CREATE_PARTICIPANT_ERROR_RATE", 1],
    ]);
  });

  test("don't count an error for a session that was disposed of before the response arrived", async () => {
    chat.service.on(CONNECTION, cutNetwork);
    const session = createAgent(manager, "c");
    await session.connect();
    session.dispose();
    await chat.advance(60_000);
    expect(counts()).not.toContainEqual(["AGENT_CREATE_PARTICIPANT_ERROR_RATE", 1]);
  });

  test("count nothing for a customer", async () => {
    const session = chat.customer();
    await session.connect();
    session.dispose();
    expect(counts()).toEqual([]);
  });
});

describe("a new manager from Streams", () => {
  const stateAfter = async (session: Pick<AgentChatSession, "connectionState">): Promise<string> => {
    await chat.platform.settle();
    return session.connectionState;
  };

  test("ends sessions on the old manager, and connectionStateChanged has the reason", async () => {
    const [oldManager, newManager] = [new StreamsManager(), new StreamsManager()];
    const [first, second] = [createAgent(oldManager, "one"), createAgent(oldManager, "other")];
    await first.connect();
    await second.connect();
    await chat.platform.settle();
    const changes: unknown[] = [];
    first.onConnectionStateChanged(({ data }) => changes.push(data));
    first.onConnectionBroken(() => changes.push("broken"));
    first.onEnded(() => changes.push("ended"));

    const newSession = createAgent(newManager, "one");
    expect(await stateAfter(first)).toBe("connected");
    await newSession.connect();

    expect(await stateAfter(newSession)).toBe("connected");
    expect([await stateAfter(first), await stateAfter(second)]).toEqual(["ended", "ended"]);
    expect(changes).toEqual([
      {
        oldState: "connected",
        newState: "ended",
        code: "manager-replaced",
        reason: expect.stringContaining("another socket manager"),
      },
    ]);
    expect([oldManager.frames.size, newManager.frames.size]).toEqual([0, 1]);
    expect([...oldManager.callbacks]).toEqual(["topics"]);
    // Calls use HTTPS and don't need a link.
    await expect(second.sendMessage({ message: "m", contentType: "text/plain" })).resolves.toBeDefined();
  });

  test("doesn't affect customers' sessions, or agents' sessions on the library's own managers", async () => {
    const bundledManager = (): PublicManager =>
      new PublicManager(chat.platform, new Logging(chat.platform).getLogger(), {
        isNetworkOnline: () => null,
        unencryptedHost: () => null,
      });
    const customerManager = new StreamsManager();
    const customer = chat.library.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: "customer", participantId: "p", participantToken: "t" },
      websocketManager: customerManager,
      disableCSM: true,
    });
    const agents = [
      createAgent(new StreamsManager(), "a"),
      createAgent(bundledManager(), "b"),
      createAgent(bundledManager(), "c"),
    ];
    await customer.connect();
    for (const agent of agents) await agent.connect();
    expect(await stateAfter(customer)).toBe("connected");
    expect(customerManager.frames.size).toBe(1);
    for (const agent of agents) expect(await stateAfter(agent)).not.toBe("ended");
    for (const session of [customer, ...agents]) session.dispose();
  });

  test("is used like any other manager if no session is left on the old manager", async () => {
    const oldManager = new StreamsManager();
    const disposedSession = createAgent(oldManager, "gone");
    await disposedSession.connect();
    disposedSession.dispose();
    const nextSession = createAgent(new StreamsManager(), "next");
    await nextSession.connect();
    expect(await stateAfter(nextSession)).toBe("connected");
    expect(oldManager.frames.size).toBe(0);
  });
});
