import type { ChatWebSocketManager } from "../../../src/api/connection";
import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { LibraryLogger } from "../../../src/api/logging";
import type { LinkedChat, LinkEvent } from "../../../src/connection/link-event";
import { ExternalLink } from "../../../src/connection/external-link";
import { Links } from "../../../src/connection/links";
import { Router } from "../../../src/connection/router";
import type { JsonObject } from "../../../src/util/json";
import { Logging } from "../../../src/observability/logger";
import { FakePlatform } from "../../support/fake-platform";
import { linkRequest } from "../../support/link-request";
import { ManagerUnderTest } from "../../support/manager-under-test";

type Callback = (payload: JsonObject) => unknown;

let logger: LibraryLogger;
let links: Links;

beforeEach(() => {
  const platform = new FakePlatform();
  logger = new Logging(platform).getLogger();
  links = new Links(platform);
});

/** Imitates Streams' manager, which doesn't replay connectionGain to late subscribers or catch callbacks' errors. */
class StreamsManager implements ChatWebSocketManager {
  readonly callbacks = new Map<string, Set<Callback>>();
  readonly calls: string[] = [];

  #add(name: string, callback: Callback): () => void {
    this.calls.push(name);
    const callbacks = this.callbacks.get(name) ?? new Set();
    this.callbacks.set(name, callbacks.add(callback));
    return () => void callbacks.delete(callback);
  }

  emit(name: string, payload: JsonObject = {}): void {
    for (const callback of this.callbacks.get(name) ?? []) callback(payload);
  }

  emitItem(item: unknown): void {
    this.emit("aws/chat", {
      topic: "aws/chat",
      contentType: "application/json",
      content: JSON.stringify(item),
    });
  }

  get subscribers(): number {
    return [...this.callbacks.values()].reduce((total, { size }) => total + size, 0);
  }

  subscribeTopics(topics: string[]): void {
    this.calls.push(`subscribe ${topics.join()}`);
  }
  onMessage(topic: string, callback: Callback): () => void {
    return this.#add(topic, callback);
  }
  onConnectionGain(callback: Callback): () => void {
    return this.#add("gain", callback);
  }
  onConnectionLost(callback: Callback): () => void {
    return this.#add("lost", callback);
  }
  onInitFailure(callback: Callback): () => void {
    return this.#add("initFailure", callback);
  }
  onDeepHeartbeatSuccess(callback: Callback): () => void {
    return this.#add("deepSuccess", callback);
  }
  onDeepHeartbeatFailure(callback: Callback): () => void {
    return this.#add("deepFailure", callback);
  }
}

class RecordingChat implements LinkedChat {
  readonly received: unknown[] = [];
  /** The `isSubscribed` of each `up`. */
  readonly isSubscribed: boolean[] = [];
  readonly knownMessages = new Set<string>();
  readonly contactId: string;
  readonly initialContactId: string;
  constructor(contactId: string, initialContactId = contactId) {
    this.contactId = contactId;
    this.initialContactId = initialContactId;
  }
  knowsMessage(messageId: string): boolean {
    return this.knownMessages.has(messageId);
  }
  onLink(event: LinkEvent): void {
    if (event.kind === "up") this.isSubscribed.push(event.isSubscribed);
    this.received.push(summarize(event));
  }
}

function summarize(event: LinkEvent): string | null | undefined {
  switch (event.kind) {
    case "failed":
      return `failed: ${event.cause.reason}`;
    case "item":
      return event.item.Id;
    case "damaged":
      return `damaged ${event.chats}`;
    case "deepHeartbeat":
      return event.isHealthy ? "healthy" : "unhealthy";
    default:
      return event.kind;
  }
}

function join(manager: ChatWebSocketManager, chat: LinkedChat): () => void {
  const link = links.join(chat, linkRequest(new FakePlatform(), { manager, logger }));
  return () => link.leave();
}

/** Joins a chat for each pair of contact IDs, and clears everything that the chats have received so far. */
function joinAll(manager: ChatWebSocketManager, ...ids: [string, string?][]): RecordingChat[] {
  return ids.map((pair) => {
    const chat = new RecordingChat(...pair);
    join(manager, chat);
    chat.received.splice(0);
    return chat;
  });
}

const item = (fields: Record<string, unknown>): unknown => ({ Type: "MESSAGE", Id: "i", ...fields });
const receipt = (messageId: string, fields: Record<string, unknown> = {}): unknown => ({
  Type: "MESSAGEMETADATA",
  Id: "r",
  MessageMetadata: { MessageId: messageId, Receipts: [{ RecipientParticipantId: "them" }] },
  ...fields,
});

describe("the router", () => {
  let manager: StreamsManager;
  let chats: RecordingChat[];
  /** Sends the item, and returns the indexes of the chats that received it. */
  const recipientsOf = (sent: unknown): number[] => {
    manager.emitItem(sent);
    return chats.flatMap(({ received }, index) => (received.splice(0).length > 0 ? [index] : []));
  };

  beforeEach(() => {
    manager = new StreamsManager();
    chats = joinAll(manager, ["one", "first"], ["two", "first"], ["three", "third"]);
  });

  test.each([
    ["to the chat of its contact", { ContactId: "three" }, [2]],
    ["to all chats of its initial contact", { InitialContactId: "first" }, [0, 1]],
    [
      "to the chats of its contact and of its initial contact",
      { ContactId: "three", InitialContactId: "first" },
      [0, 1, 2],
    ],
    [
      "to the chat that has both its contact and its initial contact",
      { ContactId: "three", InitialContactId: "third" },
      [2],
    ],
    [
      "to the chat of its initial contact if its contact is unknown",
      { ContactId: "later", InitialContactId: "third" },
      [2],
    ],
    ["to no chat if it names another contact", { ContactId: "other", InitialContactId: "else" }, []],
    ["to no chat if its ContactId is a chat's initial contact ID", { ContactId: "first" }, []],
    ["to no chat if it names no contact and several chats share the socket", {}, []],
    ["to no chat if its IDs are empty", { ContactId: "", InitialContactId: "" }, []],
    [
      "to no chat if its ContactId is the name of a property that every object has",
      { ContactId: "constructor" },
      [],
    ],
  ])("delivers an item %s", (_, fields, expected) => {
    expect(recipientsOf(item(fields))).toEqual(expected);
  });

  test("delivers an item once to a chat that matches both of its IDs", () => {
    manager.emitItem(item({ ContactId: "three", InitialContactId: "third" }));
    expect(chats[2]?.received).toEqual(["i"]);
  });

  test("REL-31: a receipt without IDs is delivered to the session that knows its message", () => {
    chats[1]?.knownMessages.add("m");
    expect(recipientsOf(receipt("m"))).toEqual([1]);
    expect(recipientsOf(receipt("unknown"))).toEqual([]);
  });

  test("REL-32: a receipt with IDs is delivered to the session that the IDs name, even if another session knows its message", () => {
    chats[1]?.knownMessages.add("m");
    expect(recipientsOf(receipt("m", { ContactId: "three" }))).toEqual([2]);
    expect(recipientsOf(receipt("m", { ContactId: "other" }))).toEqual([]);
  });

  test("drops an item without IDs even if only one chat uses the socket, unless the item is a receipt", () => {
    const unsharedManager = new StreamsManager();
    const [chat] = joinAll(unsharedManager, ["one"]);
    unsharedManager.emitItem(item({}));
    unsharedManager.emitItem(receipt("unknown"));
    expect(chat?.received).toEqual(["r"]);
  });

  test("drops another contact's item even if only one chat uses the socket", () => {
    const unsharedManager = new StreamsManager();
    const [chat] = joinAll(unsharedManager, ["one"]);
    unsharedManager.emitItem(item({ ContactId: "other" }));
    expect(chat?.received).toEqual([]);
  });

  test("doesn't deliver items to a chat that has left", () => {
    const chat = new RecordingChat("four");
    const leave = join(manager, chat);
    leave();
    chat.received.splice(0);
    manager.emitItem(item({ ContactId: "four" }));
    expect(chat.received).toEqual([]);
  });

  test("still delivers items to a contact's first session after its second session has left", () => {
    const secondSession = new RecordingChat("three", "third");
    const leave = join(manager, secondSession);
    leave();
    expect(recipientsOf(item({ ContactId: "three" }))).toEqual([2]);
  });
});

describe("a damaged chat frame", () => {
  test.each([undefined, "{", "[]", '{"Id":"no type"}', 7])(
    "is dropped and reported to all chats if its content is %j",
    (content) => {
      const manager = new StreamsManager();
      const chats = joinAll(manager, ["one"], ["two"]);
      manager.emit("aws/chat", { topic: "aws/chat", content });
      expect(chats.map(({ received }) => received)).toEqual([["damaged 2"], ["damaged 2"]]);
    },
  );
});

describe("a chat that throws", () => {
  test("affects neither the other chats nor the manager", () => {
    const manager = new StreamsManager();
    const brokenChat = new RecordingChat("one");
    join(manager, brokenChat);
    jest.spyOn(brokenChat, "onLink").mockImplementation(() => {
      throw new Error("mine");
    });
    const [healthyChat] = joinAll(manager, ["one"]);
    expect(() => {
      manager.emitItem(item({ ContactId: "one" }));
      manager.emit("deepSuccess", {});
      manager.emit("aws/chat", {});
      manager.emit("lost");
      manager.emit("initFailure");
    }).not.toThrow();
    expect(healthyChat?.received).toEqual([
      "i",
      "healthy",
      "damaged 2",
      "lost",
      expect.stringContaining("failed"),
    ]);
  });
});

describe("an external manager", () => {
  test("counts as up when a chat joins, because it might not replay connectionGain", () => {
    const manager = new StreamsManager();
    const chat = new RecordingChat("one");
    join(manager, chat);
    expect(chat.received).toEqual(["up"]);
  });

  test("B5: an external manager's first connectionGain after a session joins is reported, but a later connectionGain is reported only after a loss", () => {
    const manager = new StreamsManager();
    const chat = new RecordingChat("one");
    join(manager, chat);
    manager.emit("gain");
    manager.emit("gain");
    expect(chat.received).toEqual(["up", "up"]);
    manager.emit("lost");
    manager.emit("lost");
    manager.emit("gain");
    manager.emit("gain");
    expect(chat.received).toEqual(["up", "up", "lost", "up"]);
  });

  test("B6: a subscription that is confirmed long after connectionGain is reported, unless it is for other topics", () => {
    const manager = new StreamsManager();
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
    });
    const chat = new RecordingChat("one");
    join(withUpdates, chat);
    manager.emit("lost");
    manager.emit("gain");
    manager.emit("subscription", { content: { status: "success", topics: ["aws/other"] } });
    expect(chat.received).toEqual(["up", "lost", "up"]);
    manager.emit("subscription", { content: { status: "success", topics: ["aws/chat"] } });
    expect(chat.received).toEqual(["up", "lost", "up", "subscribed"]);
  });

  test("reports that its subscription to the chat topic failed, and that a later attempt succeeded", () => {
    const manager = new StreamsManager();
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
      onSubscriptionFailure: (callback: Callback) => manager.onMessage("failure", callback),
    });
    const [first, second] = ["one", "two"].map((id) => new RecordingChat(id));
    if (first) join(withUpdates, first);
    manager.emit("failure", { content: { status: "failure", topics: ["aws/other"] } });
    expect(first?.received).toEqual(["up"]);
    manager.emit("failure", { content: { status: "failure", topics: ["aws/chat"] } });
    manager.emit("failure", { content: { status: "failure" } });
    manager.emit("failure");
    if (second) join(withUpdates, second);
    manager.emit("subscription", { content: { status: "success", topics: ["aws/chat"] } });
    expect(first?.received).toEqual(["up", "unsubscribed", "unsubscribed", "unsubscribed", "subscribed"]);
    expect(second?.isSubscribed).toEqual([false]);
  });

  test("counts as subscribed, except between connectionGain and the subscription's confirmation", () => {
    const manager = new StreamsManager();
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
    });
    const [first, second, third] = ["one", "two", "three"].map((id) => new RecordingChat(id));
    if (first) join(withUpdates, first);
    manager.emit("gain");
    if (second) join(withUpdates, second);
    manager.emit("subscription", { content: { status: "success", topics: ["aws/chat"] } });
    if (third) join(withUpdates, third);
    expect([first, second, third].map((chat) => chat?.isSubscribed)).toEqual([
      [true, false],
      [false],
      [true],
    ]);
  });

  test("counts as subscribed after a replayed connectionGain, because its subscription may have been confirmed long before", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onConnectionGain.bind(manager);
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
      onConnectionGain: (callback: Callback) => {
        callback({});
        return subscribe(callback);
      },
    });
    const chat = new RecordingChat("one");
    join(withUpdates, chat);
    expect(chat.isSubscribed).toEqual([true]);
  });

  test("B5: a connectionGain that is replayed to a new subscriber is only a status, so the next connectionGain isn't reported without a loss", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onConnectionGain.bind(manager);
    manager.onConnectionGain = (callback) => {
      callback({});
      return subscribe(callback);
    };
    const chat = new RecordingChat("one");
    join(manager, chat);
    manager.emit("gain");
    expect(chat.received).toEqual(["up"]);
  });

  test("reports its current loss immediately to a session that joins, and its next connectionGain later", () => {
    const manager = new StreamsManager();
    joinAll(manager, ["one"]);
    manager.emit("lost");
    const lateChat = new RecordingChat("two");
    join(manager, lateChat);
    expect(lateChat.received).toEqual(["lost"]);
    manager.emit("gain");
    expect(lateChat.received).toEqual(["lost", "up"]);
  });

  test("counts as down from the start if it replays connectionLost to a late subscriber", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onConnectionLost.bind(manager);
    manager.onConnectionLost = (callback) => {
      callback({});
      return subscribe(callback);
    };
    const chat = new RecordingChat("one");
    join(manager, chat);
    expect(chat.received).toEqual(["lost"]);
  });

  test("fails all chats when it emits initFailure, including chats that join later", () => {
    const manager = new StreamsManager();
    const [chat] = joinAll(manager, ["one"]);
    manager.emit("initFailure");
    const lateChat = new RecordingChat("two");
    join(manager, lateChat);
    expect(chat?.received).toEqual([expect.stringContaining("failed")]);
    expect(lateChat.received).toEqual([expect.stringContaining("failed")]);
  });

  test("fails a joining chat if it replays initFailure", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onInitFailure.bind(manager);
    manager.onInitFailure = (callback) => {
      callback({});
      return subscribe(callback);
    };
    const chat = new RecordingChat("one");
    join(manager, chat);
    expect(chat.received).toEqual([expect.stringContaining("failed")]);
  });

  test("reports deep heartbeats to all chats", () => {
    const manager = new StreamsManager();
    const chats = joinAll(manager, ["one"], ["two"]);
    manager.emit("deepSuccess", { timestamp: 1 });
    manager.emit("deepFailure", { timestamp: 2 });
    expect(chats.map(({ received }) => received)).toEqual(Array<unknown>(2).fill(["healthy", "unhealthy"]));
  });

  test("can lack the methods that older managers don't have", () => {
    const manager = new StreamsManager();
    Object.assign(manager, {
      onInitFailure: undefined,
      onDeepHeartbeatSuccess: undefined,
      onDeepHeartbeatFailure: undefined,
    });
    const [chat] = joinAll(manager, ["one"]);
    manager.emitItem(item({ ContactId: "one" }));
    expect(chat?.received).toEqual(["i"]);
    expect(manager.calls).toContain("subscribe aws/chat");
  });

  test("can throw a TypeError from an on… method without preventing subscriptions to its other events", () => {
    const manager = new StreamsManager();
    const thrower = (): never => {
      throw new TypeError("deepHeartbeat is undefined");
    };
    manager.onDeepHeartbeatSuccess = thrower;
    manager.onDeepHeartbeatFailure = thrower;
    const chat = new RecordingChat("one");
    const leave = join(manager, chat);
    manager.emitItem(item({ ContactId: "one" }));
    expect(chat.received).toEqual(["up", "i"]);
    expect(leave).not.toThrow();
    expect(manager.subscribers).toBe(0);
  });

  test("can return undefined, or a function that throws, instead of an unsubscribe function", () => {
    const manager = new StreamsManager();
    Object.assign(manager, {
      onDeepHeartbeatSuccess: () => undefined,
      onDeepHeartbeatFailure: () => () => {
        throw new Error("mine");
      },
    });
    const leave = join(manager, new RecordingChat("one"));
    expect(leave).not.toThrow();
    expect(manager.subscribers).toBe(0);
  });
});

describe("several chats on one manager", () => {
  test("share one subscription per event", () => {
    const manager = new StreamsManager();
    joinAll(manager, ["one"], ["two"], ["three"]);
    expect(manager.calls.sort()).toEqual(
      ["aws/chat", "deepFailure", "deepSuccess", "gain", "initFailure", "lost", "subscribe aws/chat"].sort(),
    );
  });

  test("unsubscribe when the last chat leaves, not before", () => {
    const manager = new StreamsManager();
    const leave = ["one", "two"].map((id) => join(manager, new RecordingChat(id)));
    leave[0]?.();
    expect(manager.subscribers).toBe(6);
    leave[1]?.();
    expect(manager.subscribers).toBe(0);
  });

  test("subscribe again when a chat joins after the last chat has left", () => {
    const manager = new StreamsManager();
    join(manager, new RecordingChat("one"))();
    const [chat] = joinAll(manager, ["two"]);
    manager.emitItem(item({ ContactId: "two" }));
    expect(chat?.received).toEqual(["i"]);
    expect(manager.subscribers).toBe(6);
  });

  test("keep their subscriptions if another chat leaves twice", () => {
    const manager = new StreamsManager();
    const leave = join(manager, new RecordingChat("one"));
    leave();
    const [chat] = joinAll(manager, ["two"]);
    leave();
    const [third] = joinAll(manager, ["three"]);
    manager.emitItem(item({ ContactId: "two" }));
    manager.emitItem(item({ ContactId: "three" }));
    expect([chat?.received, third?.received]).toEqual([["i"], ["i"]]);
    expect(manager.subscribers).toBe(6);
  });

  test("don't receive another manager's items", () => {
    const managers = [new StreamsManager(), new StreamsManager()] as const;
    const [chat] = joinAll(managers[0], ["same"]);
    const [otherChat] = joinAll(managers[1], ["same"]);
    managers[1].emitItem(item({ ContactId: "same" }));
    expect(chat?.received).toEqual([]);
    expect(otherChat?.received).toEqual(["i"]);
  });
});

describe("the library's own manager", () => {
  let harness: ManagerUnderTest;
  let chat: RecordingChat;

  beforeEach(() => {
    harness = new ManagerUnderTest();
    chat = new RecordingChat("one");
  });

  test("is up only after it is open and subscribed", async () => {
    join(harness.manager, chat);
    await harness.init();
    harness.socket.open();
    expect(chat.received).toEqual([]);
    await harness.accept();
    expect(chat.received).toEqual(["up"]);
    harness.socket.end(1006);
    expect(chat.received).toEqual(["up", "lost"]);
  });

  test("is up immediately for a chat that joins later", async () => {
    await harness.up();
    join(harness.manager, chat);
    expect(chat.received).toEqual(["up"]);
  });

  test("fails its chats with a reason if its configuration is invalid or if it is terminated", async () => {
    join(harness.manager, chat);
    harness.respond = () => ({});
    await harness.init();
    expect(chat.received).toEqual([expect.stringMatching(/^failed: .*invalid/)]);
    const other = new ManagerUnderTest();
    const second = new RecordingChat("one");
    join(other.manager, second);
    other.manager.terminateWebSocketManager("no more");
    expect(second.received).toEqual(["failed: no more"]);
  });

  test("fails a chat that joins after it was terminated", async () => {
    await harness.up();
    harness.manager.terminateWebSocketManager("no more");
    join(harness.manager, chat);
    expect(chat.received).toEqual(["failed: no more"]);
  });

  test("REL-35: the library's own manager reports frames that can't be parsed", async () => {
    join(harness.manager, chat);
    const socket = await harness.up();
    socket.receive("{");
    expect(chat.received).toEqual(["up", "damaged 1"]);
  });

  test("subscribes to the chat topic once, when its first chat joins", () => {
    const subscribeTopics = jest.spyOn(harness.manager, "subscribeTopics");
    join(harness.manager, chat);
    join(harness.manager, new RecordingChat("two"));
    expect(subscribeTopics.mock.calls).toEqual([[["aws/chat"]]]);
  });
});

describe("C11: items of another contact", () => {
  const FOREIGN_IDS = { ContactId: "other", InitialContactId: "other" };
  let warnings: unknown[][];
  let manager: StreamsManager;

  beforeEach(() => {
    manager = new StreamsManager();
    warnings = [];
    jest.spyOn(logger, "warn").mockImplementation((...line: unknown[]) => void warnings.push(line));
  });

  function joinOwnSocket(...contactIds: string[]): void {
    const router = new Router(new ExternalLink(manager, logger), logger, true);
    for (const contactId of contactIds)
      router.add(new RecordingChat(contactId), () => new Promise(() => undefined));
  }

  test("are reported once, with their contact ID, if a session's own socket receives no other items", () => {
    joinOwnSocket("mine");
    for (let count = 0; count < 3; count += 1) manager.emitItem(item(FOREIGN_IDS));
    expect(warnings).toEqual([[expect.stringContaining("ContactId"), { ContactId: "other" }]]);
  });

  test.each<[what: string, items: unknown[]]>([
    ["after an item of the session's contact", [item({ ContactId: "mine" }), item(FOREIGN_IDS)]],
    [
      "after an item of a later contact in the session's chat",
      [item({ ContactId: "x", InitialContactId: "mine" }), item(FOREIGN_IDS)],
    ],
    ["if they don't name a contact", [item({}), receipt("unknown")]],
  ])("aren't reported %s", (_, items) => {
    joinOwnSocket("mine", "mine too");
    for (const each of items) manager.emitItem(each);
    expect(warnings).toEqual([]);
  });

  test("aren't reported on a manager that the application passed, because several contacts may share it", () => {
    join(manager, new RecordingChat("mine"));
    manager.emitItem(item(FOREIGN_IDS));
    expect(warnings).toEqual([]);
  });
});
