import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { issuedAtMs } from "../../../src/participant/service-time";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { cutNetwork, iso, json } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const CONNECTION = "/participant/connection";
const TRANSCRIPT = "/participant/transcript";
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;
let ids: unknown[];
let outcomes: unknown[];

beforeEach(() => {
  chat = new ChatUnderTest();
  chat.platform.randomValue = 0;
  stored = new StoredTranscript(chat);
  ids = [];
  outcomes = [];
  create();
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

function create(resume: ReturnType<CustomerChatSession["snapshot"]> = null): void {
  session = chat.customer({}, resume);
  session.onMessage(({ data }) => ids.push(data.Id));
  session.onMessagesRecovered(({ data }) => outcomes.push(data));
}

async function dropLink(): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.settle();
}

async function restoreLink(): Promise<void> {
  await chat.nextSocket(60 * SECOND);
  await chat.open();
  await chat.advance(2 * SECOND);
}

const timeRequests = (): unknown[] => stored.calls.filter(({ body }) => body["MaxResults"] === 1);

const CLOCKS: [what: string, errorMs: number][] = [
  ["two minutes fast", 120 * SECOND],
  ["ten minutes fast", 600 * SECOND],
  ["26 hours fast", 26 * HOUR],
  ["26 hours slow", -26 * HOUR],
  ["nine years slow", -9 * 365 * 24 * HOUR],
];

describe.each(CLOCKS)("B4: on a page whose clock is %s,", (_, errorMs) => {
  beforeEach(async () => {
    chat.platform.clockErrorMs = errorMs;
    for (const Id of ["history", "newest"])
      stored.store({ Id, AbsoluteTime: iso(chat.platform.time - (Id === "newest" ? 300 : 400) * SECOND) });
    await chat.connected(session);
  });

  test("after a loss before the first item, missed messages are recovered together with the newest earlier item", async () => {
    await chat.advance(30 * SECOND);
    await dropLink();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed" });
    await restoreLink();
    expect(ids).toEqual(["newest", "missed"]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("after a loss before the first time request, missed messages are recovered together with the newest earlier item", async () => {
    await chat.advance(SECOND);
    await dropLink();
    stored.store({ Id: "missed" });
    await restoreLink();
    expect(ids).toEqual(["newest", "missed"]);
  });

  test("if the service doesn't respond when the link is lost, the recovery requests the time first", async () => {
    await chat.advance(SECOND);
    chat.service.on(TRANSCRIPT, cutNetwork);
    await dropLink();
    await chat.advance(100);
    chat.service.on(TRANSCRIPT, (call) => stored.respond(call));
    stored.store({ Id: "missed 1" });
    await chat.advance(40 * SECOND);
    stored.store({ Id: "missed 2" });
    await restoreLink();
    expect(ids).toEqual(["missed 1", "missed 2"]);
  });

  test("messages that were missed before the library noticed a half-open link are recovered", async () => {
    await chat.advance(SECOND);
    stored.store({ Id: "missed 1" });
    await chat.platform.advance(14 * SECOND);
    stored.store({ Id: "missed 2" });
    if (chat.platform.socket.readyState !== 0) await restoreLink();
    else {
      await chat.open();
      await chat.advance(2 * SECOND);
    }
    expect(ids).toEqual(["missed 1", "missed 2"]);
  });

  test("with a snapshot from before the first item, missed messages are recovered after resuming and after a later loss", async () => {
    const snapshot = session.snapshot();
    expect(snapshot?.cursor).toBeNull();
    session.dispose();
    chat.completeCloses();
    await chat.advance(30 * SECOND);
    stored.store({ Id: "missed while closed" });
    create(structuredClone(snapshot));
    await chat.connected(session);
    await chat.advance(SECOND);
    expect(ids).toEqual(["missed while closed"]);
    await dropLink();
    stored.store({ Id: "missed" });
    await restoreLink();
    expect(ids).toEqual(["missed while closed", "missed"]);
  });

  test("the first item shows the service's time, and a resumed session also uses it", async () => {
    await stored.send({ Id: "live" });
    const snapshot = session.snapshot();
    expect(snapshot?.cursor).not.toBeNull();
    session.dispose();
    chat.completeCloses();
    stored.store({ Id: "missed" });
    create(structuredClone(snapshot));
    await chat.connected(session);
    await chat.advance(20 * SECOND);
    expect(ids).toEqual(["live", "missed"]);
    expect(timeRequests()).toEqual([]);
  });
});

describe("a page whose clock disagrees with the service's clock", () => {
  beforeEach(() => {
    chat.platform.clockErrorMs = 40 * SECOND;
  });

  test("requests the newest item once, at a random moment 2 to 20 s after the connection", async () => {
    chat.platform.randomValue = 0.5;
    await chat.connected(session);
    await chat.advance(10_900);
    expect(stored.calls).toEqual([]);
    await chat.advance(200);
    expect(stored.calls.map(({ body }) => body)).toEqual([
      { MaxResults: 1, SortOrder: "ASCENDING", ScanDirection: "BACKWARD", StartPosition: {} },
    ]);
    await chat.advance(60 * SECOND);
    await dropLink();
    await restoreLink();
    expect(timeRequests()).toHaveLength(1);
  });

  test("requests the newest item at the first loss if the loss comes earlier", async () => {
    chat.platform.randomValue = 0.5;
    await chat.connected(session);
    await chat.advance(SECOND);
    await dropLink();
    expect(timeRequests()).toHaveLength(1);
    await restoreLink();
    await chat.advance(30 * SECOND);
    expect(timeRequests()).toHaveLength(1);
  });

  test.each<[what: string, receive: () => unknown]>([
    ["an item", () => stored.send()],
    ["a typing event", () => chat.receive(chat.event("typing", { AbsoluteTime: iso(chat.platform.time) }))],
    [
      "the response to a sent message",
      () => session.sendMessage({ message: "hi", contentType: "text/plain" }),
    ],
    [
      "a page of the newest items",
      async () => {
        stored.store();
        await session.getTranscript();
      },
    ],
  ])("requests nothing after it has received %s, and recovers from that time", async (_, receive) => {
    await chat.connected(session);
    await receive();
    await chat.advance(30 * SECOND);
    expect(timeRequests()).toEqual([]);
    await dropLink();
    stored.store({ Id: "missed" });
    await restoreLink();
    expect(ids.at(-1)).toBe("missed");
  });

  test("requests the newest item even after a page of history, which doesn't show the current time", async () => {
    stored.store({ Id: "history", AbsoluteTime: iso(chat.platform.time - 24 * HOUR) });
    await chat.connected(session);
    await session.getTranscript({
      scanDirection: "FORWARD",
      startPosition: { absoluteTime: "2025-01-01T00:00:00.000Z" },
    });
    await chat.advance(30 * SECOND);
    expect(timeRequests()).toHaveLength(1);
  });

  test("recovers from the beginning if the transcript was empty", async () => {
    await chat.connected(session);
    await chat.advance(3 * SECOND);
    await dropLink();
    stored.store({ Id: "missed", AbsoluteTime: "2020-01-01T00:00:00.000Z" });
    await restoreLink();
    expect(ids).toEqual(["missed"]);
    const { StartPosition } = stored.calls.at(-1)?.body ?? {};
    expect(StartPosition).toEqual({ AbsoluteTime: "1970-01-01T00:00:00.000Z" });
  });

  test("requests nothing if messageRecovery is switched off", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageRecovery: { enabled: false } } });
    await chat.connected(session);
    await chat.advance(30 * SECOND);
    expect(stored.calls).toEqual([]);
  });

  test("requests nothing after reset()", async () => {
    await chat.connected(session);
    await session.reset();
    await chat.advance(30 * SECOND);
    expect(stored.calls).toEqual([]);
  });
});

test("a page whose clock is right within 30 s requests nothing, and recovers from a minute before its connection", async () => {
  chat.platform.clockErrorMs = -25 * SECOND;
  await chat.connected(session);
  await chat.advance(30 * SECOND);
  expect(stored.calls).toEqual([]);
  await dropLink();
  stored.store({ Id: "missed" });
  await restoreLink();
  expect(ids).toEqual(["missed"]);
  expect(timeRequests()).toEqual([]);
});

test("a presigned URL's date takes precedence over the expiry time", async () => {
  chat.service.next(CONNECTION, () =>
    json({
      Websocket: {
        Url: "wss://service.test/socket?X-Amz-Date=20260101T000000Z&X-Amz-Expires=100",
        ConnectionExpiry: "2030-01-01T00:00:00.000Z",
      },
      ConnectionCredentials: { ConnectionToken: "t", Expiry: "2030-01-01T00:00:00.000Z" },
    }),
  );
  await chat.connected(session);
  await chat.advance(30 * SECOND);
  expect(stored.calls).toEqual([]);
});

test.each<[what: string, url: string | null, expiry: string | null, issued: string | null]>([
  ["a presigned URL", "wss://x/?a=1&X-Amz-Date=20260203T040506Z&b=2", null, "2026-02-03T04:05:06.000Z"],
  [
    "an expiry time, which is 100 s later than the connection",
    "wss://x/",
    "2026-02-03T04:06:46.000Z",
    "2026-02-03T04:05:06.000Z",
  ],
  ["neither a URL nor an expiry time", null, null, null],
  ["a malformed URL date and a malformed expiry time", "wss://x/?X-Amz-Date=today", "soon", null],
])(
  "issuedAtMs() returns the time at which the service issued a connection, or NaN, given %s",
  (_, url, expiry, issued) => {
    expect(issuedAtMs({ url, expiry })).toBe(issued === null ? NaN : Date.parse(issued));
  },
);

describe.each([
  ["an hour", HOUR],
  ["900 years", 900 * 365 * 24 * HOUR],
])("B13: one item whose time is %s ahead", (_, aheadMs) => {
  const outlier = (): Record<string, unknown> => ({
    Id: "outlier",
    AbsoluteTime: iso(chat.platform.time + aheadMs),
  });

  beforeEach(() => chat.connected(session));

  test("doesn't prevent the recovery of a later gap if it is the first item", async () => {
    await stored.send(outlier());
    await dropLink();
    stored.store({ Id: "missed" });
    await restoreLink();
    expect(ids).toEqual(["outlier", "missed"]);
  });

  test("doesn't prevent the recovery of two gaps if it arrives in two versions before the first gap", async () => {
    await stored.send({ Id: "before" });
    await stored.send({ ...outlier(), Content: "one" });
    await stored.send({ ...outlier(), Content: "two" });
    await dropLink();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed 1" });
    await restoreLink();
    await chat.advance(20 * SECOND);
    await stored.send({ Id: "live" });
    await dropLink();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed 2" });
    await restoreLink();
    expect(ids).toEqual(["before", "outlier", "outlier", "missed 1", "live", "missed 2"]);
  });

  test("doesn't prevent the recovery of the next gap if it is in a recovery's page", async () => {
    await stored.send({ Id: "before" });
    await dropLink();
    stored.store(outlier());
    stored.store({ Id: "missed 1" });
    await restoreLink();
    await chat.advance(30 * SECOND);
    await dropLink();
    await chat.advance(30 * SECOND);
    stored.store({ Id: "missed 2" });
    await restoreLink();
    expect(ids).toEqual(["before", "missed 1", "outlier", "missed 2"]);
  });

  test("doesn't prevent a resumed session from recovering missed messages if it is the snapshot's newest item", async () => {
    await stored.send({ Id: "before" });
    await stored.send(outlier());
    const snapshot = session.snapshot();
    session.dispose();
    chat.completeCloses();
    stored.store({ Id: "missed" });
    create(snapshot);
    await chat.connected(session);
    await chat.advance(SECOND);
    expect(ids).toEqual(["before", "outlier", "missed"]);
  });
});

test.each([
  ["a live item", () => stored.send({ Id: "live" })],
  [
    "the response to a sent message",
    () => session.sendMessage({ message: "hello", contentType: "text/plain" }),
  ],
])(
  "%s corrects a service time that was taken from an item an hour ahead, and a later gap is recovered",
  async (_, correct) => {
    chat.platform.clockErrorMs = 26 * HOUR;
    // This response doesn't show the service's time.
    chat.service.next(CONNECTION, () =>
      json({
        Websocket: { Url: "wss://service.test/socket" },
        ConnectionCredentials: { ConnectionToken: "t" },
      }),
    );
    stored.store({ Id: "outlier", AbsoluteTime: iso(chat.platform.time + HOUR) });
    await chat.connected(session);
    await chat.advance(30 * SECOND);
    expect(timeRequests()).toHaveLength(1);
    await correct();
    await dropLink();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed" });
    await restoreLink();
    expect(ids).toContain("missed");
  },
);

test("the cursor advances with items that arrive after a sleep that paused the machine's monotonic clock", async () => {
  await chat.connected(session);
  await stored.send({ Id: "before" });
  chat.platform.clockErrorMs += HOUR;
  await chat.advance(SECOND);
  await stored.send({ Id: "after", AbsoluteTime: iso(chat.platform.time + HOUR) });
  expect(session.snapshot()?.cursor).toBe(stored.items.at(-1)?.["AbsoluteTime"]);
});
