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

/** A manager such as Streams': no replay of a gain, and what a callback throws is its caller's problem. */
class StreamsManager implements ChatWebSocketManager {
  readonly callbacks = new Map<string, Set<Callback>>();
  readonly calls: string[] = [];

  #add(name: string, callback: Callback): () => void {
    this.calls.push(name);
    const callbacks = this.callbacks.get(name) ?? new Set();
    this.callbacks.set(name, callbacks.add(callback));
    return () => void callbacks.delete(callback);
  }

  tell(name: string, payload: JsonObject = {}): void {
    for (const callback of this.callbacks.get(name) ?? []) callback(payload);
  }

  item(item: unknown): void {
    this.tell("aws/chat", {
      topic: "aws/chat",
      contentType: "application/json",
      content: JSON.stringify(item),
    });
  }

  get subscribers(): number {
    return [...this.callbacks.values()].reduce((sum, { size }) => sum + size, 0);
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

class RecordingEnd implements LinkedChat {
  readonly received: unknown[] = [];
  /** As each `up` said. */
  readonly isSubscribed: boolean[] = [];
  readonly known = new Set<string>();
  readonly contactId: string;
  readonly initialContactId: string;
  constructor(contactId: string, initialContactId = contactId) {
    this.contactId = contactId;
    this.initialContactId = initialContactId;
  }
  knowsMessage(messageId: string): boolean {
    return this.known.has(messageId);
  }
  onLink(event: LinkEvent): void {
    if (event.kind === "up") this.isSubscribed.push(event.isSubscribed);
    this.received.push(wordsOf(event));
  }
}

function wordsOf(event: LinkEvent): string | null | undefined {
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

function join(manager: ChatWebSocketManager, end: LinkedChat): () => void {
  const joined = links.join(end, linkRequest(new FakePlatform(), { manager, logger }));
  return () => joined.leave();
}

function joined(manager: ChatWebSocketManager, ...ids: [string, string?][]): RecordingEnd[] {
  return ids.map((each) => {
    const end = new RecordingEnd(...each);
    join(manager, end);
    end.received.splice(0);
    return end;
  });
}

const item = (fields: Record<string, unknown>): unknown => ({ Type: "MESSAGE", Id: "i", ...fields });
const receipt = (messageId: string, fields: Record<string, unknown> = {}): unknown => ({
  Type: "MESSAGEMETADATA",
  Id: "r",
  MessageMetadata: { MessageId: messageId, Receipts: [{ RecipientParticipantId: "them" }] },
  ...fields,
});

describe("whose item it is", () => {
  let manager: StreamsManager;
  let ends: RecordingEnd[];
  /** Which of the ends were handed the item. */
  const goesTo = (sent: unknown): number[] => {
    manager.item(sent);
    return ends.flatMap(({ received }, index) => (received.splice(0).length > 0 ? [index] : []));
  };

  beforeEach(() => {
    manager = new StreamsManager();
    ends = joined(manager, ["one", "first"], ["two", "first"], ["three", "third"]);
  });

  test.each([
    ["its contact's", { ContactId: "three" }, [2]],
    ["its first contact's, every one", { InitialContactId: "first" }, [0, 1]],
    ["its contact's and its first contact's", { ContactId: "three", InitialContactId: "first" }, [0, 1, 2]],
    ["its contact's once, though it names both", { ContactId: "three", InitialContactId: "third" }, [2]],
    [
      "its first contact's, when its contact is unknown",
      { ContactId: "later", InitialContactId: "third" },
      [2],
    ],
    ["nobody's, when it names others", { ContactId: "other", InitialContactId: "else" }, []],
    ["nobody's, when an id is that of another kind", { ContactId: "first" }, []],
    ["nobody's, when it names nobody and the socket is shared", {}, []],
    ["nobody's, when its ids are empty", { ContactId: "", InitialContactId: "" }, []],
    ["nobody's, though a name is one that every object has", { ContactId: "constructor" }, []],
  ])("%s", (_, fields, expected) => {
    expect(goesTo(item(fields))).toEqual(expected);
  });

  test("is handed over once to each", () => {
    manager.item(item({ ContactId: "three", InitialContactId: "third" }));
    expect(ends[2]?.received).toEqual(["i"]);
  });

  test("REL-31: a receipt without IDs goes to the session that knows its message", () => {
    ends[1]?.known.add("m");
    expect(goesTo(receipt("m"))).toEqual([1]);
    expect(goesTo(receipt("unknown"))).toEqual([]);
  });

  test("REL-32: a receipt with IDs goes to the session they name, even if another one knows its message", () => {
    ends[1]?.known.add("m");
    expect(goesTo(receipt("m", { ContactId: "three" }))).toEqual([2]);
    expect(goesTo(receipt("m", { ContactId: "other" }))).toEqual([]);
  });

  test("a receipt that names nobody belongs to the chat that has the socket for itself; another item to no one", () => {
    const alone = new StreamsManager();
    const [end] = joined(alone, ["one"]);
    alone.item(item({}));
    alone.item(receipt("unknown"));
    expect(end?.received).toEqual(["r"]);
  });

  test("what names another does not, though the chat has the socket for itself", () => {
    const alone = new StreamsManager();
    const [end] = joined(alone, ["one"]);
    alone.item(item({ ContactId: "other" }));
    expect(end?.received).toEqual([]);
  });

  test("nothing is, of one that has left", () => {
    const end = new RecordingEnd("four");
    const leave = join(manager, end);
    leave();
    end.received.splice(0);
    manager.item(item({ ContactId: "four" }));
    expect(end.received).toEqual([]);
  });

  test("one of two sessions of one contact leaves, and the other goes on", () => {
    const twin = new RecordingEnd("three", "third");
    const leave = join(manager, twin);
    leave();
    expect(goesTo(item({ ContactId: "three" }))).toEqual([2]);
  });
});

describe("a damaged frame of the chat", () => {
  test.each([undefined, "{", "[]", '{"Id":"no type"}', 7])(
    "is reported to all, and dropped: %j",
    (content) => {
      const manager = new StreamsManager();
      const ends = joined(manager, ["one"], ["two"]);
      manager.tell("aws/chat", { topic: "aws/chat", content });
      expect(ends.map(({ received }) => received)).toEqual([["damaged 2"], ["damaged 2"]]);
    },
  );
});

describe("an end that throws", () => {
  test("harms neither the others nor the manager", () => {
    const manager = new StreamsManager();
    const broken = new RecordingEnd("one");
    join(manager, broken);
    jest.spyOn(broken, "onLink").mockImplementation(() => {
      throw new Error("mine");
    });
    const [sound] = joined(manager, ["one"]);
    expect(() => {
      manager.item(item({ ContactId: "one" }));
      manager.tell("deepSuccess", {});
      manager.tell("aws/chat", {});
      manager.tell("lost");
      manager.tell("initFailure");
    }).not.toThrow();
    expect(sound?.received).toEqual(["i", "healthy", "damaged 2", "lost", expect.stringContaining("failed")]);
  });
});

describe("a manager of Streams' kind", () => {
  test("counts as up at once: it does not replay a gain", () => {
    const manager = new StreamsManager();
    const end = new RecordingEnd("one");
    join(manager, end);
    expect(end.received).toEqual(["up"]);
  });

  test("B5: its first gain after the sessions joined is reported: the link was not up before; later gains need a loss", () => {
    const manager = new StreamsManager();
    const end = new RecordingEnd("one");
    join(manager, end);
    manager.tell("gain");
    manager.tell("gain");
    expect(end.received).toEqual(["up", "up"]);
    manager.tell("lost");
    manager.tell("lost");
    manager.tell("gain");
    manager.tell("gain");
    expect(end.received).toEqual(["up", "up", "lost", "up"]);
  });

  test("B6: a subscription that is confirmed long after the gain is reported, and one of other topics isn't", () => {
    const manager = new StreamsManager();
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
    });
    const end = new RecordingEnd("one");
    join(withUpdates, end);
    manager.tell("lost");
    manager.tell("gain");
    manager.tell("subscription", { content: { status: "success", topics: ["aws/other"] } });
    expect(end.received).toEqual(["up", "lost", "up"]);
    manager.tell("subscription", { content: { status: "success", topics: ["aws/chat"] } });
    expect(end.received).toEqual(["up", "lost", "up", "subscribed"]);
  });

  test("whose subscription to the chat's topic fails reports that, and again when it is confirmed", () => {
    const manager = new StreamsManager();
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
      onSubscriptionFailure: (callback: Callback) => manager.onMessage("failure", callback),
    });
    const [first, second] = ["one", "two"].map((id) => new RecordingEnd(id));
    if (first) join(withUpdates, first);
    manager.tell("failure", { content: { status: "failure", topics: ["aws/other"] } });
    expect(first?.received).toEqual(["up"]);
    manager.tell("failure", { content: { status: "failure", topics: ["aws/chat"] } });
    manager.tell("failure", { content: { status: "failure" } });
    manager.tell("failure");
    if (second) join(withUpdates, second);
    manager.tell("subscription", { content: { status: "success", topics: ["aws/chat"] } });
    expect(first?.received).toEqual(["up", "unsubscribed", "unsubscribed", "unsubscribed", "subscribed"]);
    expect(second?.isSubscribed).toEqual([false]);
  });

  test("counts as subscribed until its gain, as a session learns that joins before the next subscription", () => {
    const manager = new StreamsManager();
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
    });
    const [first, second, third] = ["one", "two", "three"].map((id) => new RecordingEnd(id));
    if (first) join(withUpdates, first);
    manager.tell("gain");
    if (second) join(withUpdates, second);
    manager.tell("subscription", { content: { status: "success", topics: ["aws/chat"] } });
    if (third) join(withUpdates, third);
    expect([first, second, third].map((end) => end?.isSubscribed)).toEqual([[true, false], [false], [true]]);
  });

  test("counts as subscribed where the gain was replayed: it may have been subscribed long before", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onConnectionGain.bind(manager);
    const withUpdates = Object.assign(manager, {
      onSubscriptionUpdate: (callback: Callback) => manager.onMessage("subscription", callback),
      onConnectionGain: (callback: Callback) => {
        callback({});
        return subscribe(callback);
      },
    });
    const end = new RecordingEnd("one");
    join(withUpdates, end);
    expect(end.isSubscribed).toEqual([true]);
  });

  test("B5: a gain that it replays to a new subscriber is how it stands, and the next one needs a loss", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onConnectionGain.bind(manager);
    manager.onConnectionGain = (callback) => {
      callback({});
      return subscribe(callback);
    };
    const end = new RecordingEnd("one");
    join(manager, end);
    manager.tell("gain");
    expect(end.received).toEqual(["up"]);
  });

  test("a session that joins while the link is lost gets the loss at once, and later the gain", () => {
    const manager = new StreamsManager();
    joined(manager, ["one"]);
    manager.tell("lost");
    const late = new RecordingEnd("two");
    join(manager, late);
    expect(late.received).toEqual(["lost"]);
    manager.tell("gain");
    expect(late.received).toEqual(["lost", "up"]);
  });

  test("that replays a loss to its late subscriber is down from the start", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onConnectionLost.bind(manager);
    manager.onConnectionLost = (callback) => {
      callback({});
      return subscribe(callback);
    };
    const end = new RecordingEnd("one");
    join(manager, end);
    expect(end.received).toEqual(["lost"]);
  });

  test("that could not be started fails all ends, those too that come later", () => {
    const manager = new StreamsManager();
    const [end] = joined(manager, ["one"]);
    manager.tell("initFailure");
    const late = new RecordingEnd("two");
    join(manager, late);
    expect(end?.received).toEqual([expect.stringContaining("failed")]);
    expect(late.received).toEqual([expect.stringContaining("failed")]);
  });

  test("that replays its failed start fails the end that subscribes", () => {
    const manager = new StreamsManager();
    const subscribe = manager.onInitFailure.bind(manager);
    manager.onInitFailure = (callback) => {
      callback({});
      return subscribe(callback);
    };
    const end = new RecordingEnd("one");
    join(manager, end);
    expect(end.received).toEqual([expect.stringContaining("failed")]);
  });

  test("tells deep heartbeats to all", () => {
    const manager = new StreamsManager();
    const ends = joined(manager, ["one"], ["two"]);
    manager.tell("deepSuccess", { timestamp: 1 });
    manager.tell("deepFailure", { timestamp: 2 });
    expect(ends.map(({ received }) => received)).toEqual(Array<unknown>(2).fill(["healthy", "unhealthy"]));
  });

  test("may lack what older ones lack", () => {
    const manager = new StreamsManager();
    Object.assign(manager, {
      onInitFailure: undefined,
      onDeepHeartbeatSuccess: undefined,
      onDeepHeartbeatFailure: undefined,
    });
    const [end] = joined(manager, ["one"]);
    manager.item(item({ ContactId: "one" }));
    expect(end?.received).toEqual(["i"]);
    expect(manager.calls).toContain("subscribe aws/chat");
  });

  test("may throw a TypeError where it should subscribe: the rest is subscribed all the same", () => {
    const manager = new StreamsManager();
    const thrower = (): never => {
      throw new TypeError("deepHeartbeat is undefined");
    };
    manager.onDeepHeartbeatSuccess = thrower;
    manager.onDeepHeartbeatFailure = thrower;
    const end = new RecordingEnd("one");
    const leave = join(manager, end);
    manager.item(item({ ContactId: "one" }));
    expect(end.received).toEqual(["up", "i"]);
    expect(leave).not.toThrow();
    expect(manager.subscribers).toBe(0);
  });

  test("may return nothing, or a function that throws, in the place of an unsubscribe function", () => {
    const manager = new StreamsManager();
    Object.assign(manager, {
      onDeepHeartbeatSuccess: () => undefined,
      onDeepHeartbeatFailure: () => () => {
        throw new Error("mine");
      },
    });
    const leave = join(manager, new RecordingEnd("one"));
    expect(leave).not.toThrow();
    expect(manager.subscribers).toBe(0);
  });
});

describe("one manager and many ends", () => {
  test("is subscribed once", () => {
    const manager = new StreamsManager();
    joined(manager, ["one"], ["two"], ["three"]);
    expect(manager.calls.sort()).toEqual(
      ["aws/chat", "deepFailure", "deepSuccess", "gain", "initFailure", "lost", "subscribe aws/chat"].sort(),
    );
  });

  test("is left with nothing subscribed when the last end leaves, not before", () => {
    const manager = new StreamsManager();
    const leaves = ["one", "two"].map((id) => join(manager, new RecordingEnd(id)));
    leaves[0]?.();
    expect(manager.subscribers).toBe(6);
    leaves[1]?.();
    expect(manager.subscribers).toBe(0);
  });

  test("is subscribed anew by one that comes after the last has left", () => {
    const manager = new StreamsManager();
    join(manager, new RecordingEnd("one"))();
    const [end] = joined(manager, ["two"]);
    manager.item(item({ ContactId: "two" }));
    expect(end?.received).toEqual(["i"]);
    expect(manager.subscribers).toBe(6);
  });

  test("leaving twice takes nobody else's subscription away", () => {
    const manager = new StreamsManager();
    const leave = join(manager, new RecordingEnd("one"));
    leave();
    const [end] = joined(manager, ["two"]);
    leave();
    const [third] = joined(manager, ["three"]);
    manager.item(item({ ContactId: "two" }));
    manager.item(item({ ContactId: "three" }));
    expect([end?.received, third?.received]).toEqual([["i"], ["i"]]);
    expect(manager.subscribers).toBe(6);
  });

  test("keeps managers apart", () => {
    const managers = [new StreamsManager(), new StreamsManager()] as const;
    const [one] = joined(managers[0], ["same"]);
    const [two] = joined(managers[1], ["same"]);
    managers[1].item(item({ ContactId: "same" }));
    expect(one?.received).toEqual([]);
    expect(two?.received).toEqual(["i"]);
  });
});

describe("a manager of the library's own", () => {
  let under: ManagerUnderTest;
  let end: RecordingEnd;

  beforeEach(() => {
    under = new ManagerUnderTest();
    end = new RecordingEnd("one");
  });

  test("is up when it is open and subscribed, not before", async () => {
    join(under.manager, end);
    await under.init();
    under.socket.open();
    expect(end.received).toEqual([]);
    await under.accept();
    expect(end.received).toEqual(["up"]);
    under.socket.end(1006);
    expect(end.received).toEqual(["up", "lost"]);
  });

  test("is up at once for one that joins later", async () => {
    await under.up();
    join(under.manager, end);
    expect(end.received).toEqual(["up"]);
  });

  test("that is terminated, or invalid, fails its ends with the reason", async () => {
    join(under.manager, end);
    under.answer = () => ({});
    await under.init();
    expect(end.received).toEqual([expect.stringMatching(/^failed: .*invalid/)]);
    const other = new ManagerUnderTest();
    const second = new RecordingEnd("one");
    join(other.manager, second);
    other.manager.terminateWebSocketManager("no more");
    expect(second.received).toEqual(["failed: no more"]);
  });

  test("that was terminated before fails the end that joins it", async () => {
    await under.up();
    under.manager.terminateWebSocketManager("no more");
    join(under.manager, end);
    expect(end.received).toEqual(["failed: no more"]);
  });

  test("REL-35: the library's own manager reports frames that can't be parsed", async () => {
    join(under.manager, end);
    const socket = await under.up();
    socket.receive("{");
    expect(end.received).toEqual(["up", "damaged 1"]);
  });

  test("is subscribed to the chat by its first end", () => {
    const subscribeTopics = jest.spyOn(under.manager, "subscribeTopics");
    join(under.manager, end);
    join(under.manager, new RecordingEnd("two"));
    expect(subscribeTopics.mock.calls).toEqual([[["aws/chat"]]]);
  });
});

describe("C11: items of another contact", () => {
  const STRANGER = { ContactId: "other", InitialContactId: "other" };
  let warnings: unknown[][];
  let manager: StreamsManager;

  beforeEach(() => {
    manager = new StreamsManager();
    warnings = [];
    jest.spyOn(logger, "warn").mockImplementation((...line: unknown[]) => void warnings.push(line));
  });

  function joinOwn(...contactIds: string[]): void {
    const router = new Router(new ExternalLink(manager, logger), logger, true);
    for (const contactId of contactIds)
      router.add(new RecordingEnd(contactId), () => new Promise(() => undefined));
  }

  test("alone on a session's own socket are reported once, with their contact", () => {
    joinOwn("mine");
    for (let count = 0; count < 3; count += 1) manager.item(item(STRANGER));
    expect(warnings).toEqual([[expect.stringContaining("ContactId"), { ContactId: "other" }]]);
  });

  test.each<[what: string, items: unknown[]]>([
    ["after one of the session's contact", [item({ ContactId: "mine" }), item(STRANGER)]],
    [
      "after one of its chat's later contact",
      [item({ ContactId: "x", InitialContactId: "mine" }), item(STRANGER)],
    ],
    ["that name no contact", [item({}), receipt("unknown")]],
  ])("are not reported: %s", (_, items) => {
    joinOwn("mine", "mine too");
    for (const each of items) manager.item(each);
    expect(warnings).toEqual([]);
  });

  test("are not reported on a manager that the application gave: it may have several contacts", () => {
    join(manager, new RecordingEnd("mine"));
    manager.item(item(STRANGER));
    expect(warnings).toEqual([]);
  });
});
