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
  chat.platform.chance = 0;
  stored = new StoredTranscript(chat);
  ids = [];
  outcomes = [];
  create();
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  chat.answerCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

function create(resume: ReturnType<CustomerChatSession["snapshot"]> = null): void {
  session = chat.customer({}, resume);
  session.onMessage(({ data }) => ids.push(data.Id));
  session.onMessagesRecovered(({ data }) => outcomes.push(data));
}

async function lose(): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.settle();
}

async function comeBack(): Promise<void> {
  await chat.nextSocket(60 * SECOND);
  await chat.open();
  await chat.advance(2 * SECOND);
}

const asksForTime = (): unknown[] => stored.calls.filter(({ body }) => body["MaxResults"] === 1);

const CLOCKS: [what: string, errorMs: number][] = [
  ["two minutes fast", 120 * SECOND],
  ["ten minutes fast", 600 * SECOND],
  ["26 hours fast", 26 * HOUR],
  ["26 hours slow", -26 * HOUR],
  ["nine years slow", -9 * 365 * 24 * HOUR],
];

describe.each(CLOCKS)("B4: a page whose clock is %s", (_, errorMs) => {
  beforeEach(async () => {
    chat.platform.clockErrorMs = errorMs;
    for (const Id of ["history", "newest"])
      stored.store({ Id, AbsoluteTime: iso(chat.platform.time - (Id === "newest" ? 300 : 400) * SECOND) });
    await chat.connected(session);
  });

  test("link lost before the first item: what is said meanwhile is recovered; of history only the newest item, which may have been missed as well", async () => {
    await chat.advance(30 * SECOND);
    await lose();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed" });
    await comeBack();
    expect(ids).toEqual(["newest", "missed"]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("link lost a second after connect(), before the service's time was asked for", async () => {
    await chat.advance(SECOND);
    await lose();
    stored.store({ Id: "missed" });
    await comeBack();
    expect(ids).toEqual(["newest", "missed"]);
  });

  test("the service doesn't answer while the link is down: the recovery asks for the time first", async () => {
    await chat.advance(SECOND);
    chat.service.on(TRANSCRIPT, cutNetwork);
    await lose();
    await chat.advance(100);
    chat.service.on(TRANSCRIPT, (call) => stored.answer(call));
    stored.store({ Id: "missed 1" });
    await chat.advance(40 * SECOND);
    stored.store({ Id: "missed 2" });
    await comeBack();
    expect(ids).toEqual(["missed 1", "missed 2"]);
  });

  test("a half-open link, noticed late: what was said before that is recovered", async () => {
    await chat.advance(SECOND);
    stored.store({ Id: "missed 1" });
    await chat.platform.advance(14 * SECOND);
    stored.store({ Id: "missed 2" });
    if (chat.platform.socket.readyState !== 0) await comeBack();
    else {
      await chat.open();
      await chat.advance(2 * SECOND);
    }
    expect(ids).toEqual(["missed 1", "missed 2"]);
  });

  test("snapshot before the first item, resume, then a loss", async () => {
    const kept = session.snapshot();
    expect(kept?.cursor).toBeNull();
    session.dispose();
    chat.answerCloses();
    await chat.advance(30 * SECOND);
    stored.store({ Id: "missed on the way" });
    create(structuredClone(kept));
    await chat.connected(session);
    await chat.advance(SECOND);
    expect(ids).toEqual(["missed on the way"]);
    await lose();
    stored.store({ Id: "missed" });
    await comeBack();
    expect(ids).toEqual(["missed on the way", "missed"]);
  });

  test("the first item gives the time, on the resumed page as well", async () => {
    await stored.send({ Id: "live" });
    const kept = session.snapshot();
    expect(kept?.cursor).not.toBeNull();
    session.dispose();
    chat.answerCloses();
    stored.store({ Id: "missed" });
    create(structuredClone(kept));
    await chat.connected(session);
    await chat.advance(20 * SECOND);
    expect(ids).toEqual(["live", "missed"]);
    expect(asksForTime()).toEqual([]);
  });
});

describe("a page whose clock doesn't agree with the service's", () => {
  beforeEach(() => {
    chat.platform.clockErrorMs = 40 * SECOND;
  });

  test("asks for the newest item, once, at a random moment 2 to 20 s after the connection", async () => {
    chat.platform.chance = 0.5;
    await chat.connected(session);
    await chat.advance(10_900);
    expect(stored.calls).toEqual([]);
    await chat.advance(200);
    expect(stored.calls.map(({ body }) => body)).toEqual([
      { MaxResults: 1, SortOrder: "ASCENDING", ScanDirection: "BACKWARD", StartPosition: {} },
    ]);
    await chat.advance(60 * SECOND);
    await lose();
    await comeBack();
    expect(asksForTime()).toHaveLength(1);
  });

  test("asks at the first loss if that comes earlier", async () => {
    chat.platform.chance = 0.5;
    await chat.connected(session);
    await chat.advance(SECOND);
    await lose();
    expect(asksForTime()).toHaveLength(1);
    await comeBack();
    await chat.advance(30 * SECOND);
    expect(asksForTime()).toHaveLength(1);
  });

  test.each<[what: string, comes: () => unknown]>([
    ["an item", () => stored.send()],
    ["typing", () => chat.receive(chat.event("typing", { AbsoluteTime: iso(chat.platform.time) }))],
    ["the answer to a message", () => session.sendMessage({ message: "hi", contentType: "text/plain" })],
    [
      "a page of the newest items",
      async () => {
        stored.store();
        await session.getTranscript();
      },
    ],
  ])("doesn't ask once %s has come, and recovers from there", async (_, comes) => {
    await chat.connected(session);
    await comes();
    await chat.advance(30 * SECOND);
    expect(asksForTime()).toEqual([]);
    await lose();
    stored.store({ Id: "missed" });
    await comeBack();
    expect(ids.at(-1)).toBe("missed");
  });

  test("asks although a page of history has come, which says nothing of the present", async () => {
    stored.store({ Id: "history", AbsoluteTime: iso(chat.platform.time - 24 * HOUR) });
    await chat.connected(session);
    await session.getTranscript({
      scanDirection: "FORWARD",
      startPosition: { absoluteTime: "2025-01-01T00:00:00.000Z" },
    });
    await chat.advance(30 * SECOND);
    expect(asksForTime()).toHaveLength(1);
  });

  test("finds the transcript empty: everything is new", async () => {
    await chat.connected(session);
    await chat.advance(3 * SECOND);
    await lose();
    stored.store({ Id: "missed", AbsoluteTime: "2020-01-01T00:00:00.000Z" });
    await comeBack();
    expect(ids).toEqual(["missed"]);
    const { StartPosition } = stored.calls.at(-1)?.body ?? {};
    expect(StartPosition).toEqual({ AbsoluteTime: "1970-01-01T00:00:00.000Z" });
  });

  test("asks nothing where messageRecovery is switched off", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageRecovery: { enabled: false } } });
    await chat.connected(session);
    await chat.advance(30 * SECOND);
    expect(stored.calls).toEqual([]);
  });

  test("asks nothing after reset() or dispose()", async () => {
    await chat.connected(session);
    await session.reset();
    await chat.advance(30 * SECOND);
    expect(stored.calls).toEqual([]);
  });
});

test("a page whose clock agrees within 30 s asks nothing and starts from its clock less one minute", async () => {
  chat.platform.clockErrorMs = -25 * SECOND;
  await chat.connected(session);
  await chat.advance(30 * SECOND);
  expect(stored.calls).toEqual([]);
  await lose();
  stored.store({ Id: "missed" });
  await comeBack();
  expect(ids).toEqual(["missed"]);
  expect(asksForTime()).toEqual([]);
});

test("the date of a presigned URL counts for more than the expiry time", async () => {
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
    "an expiry time, a hundred seconds later",
    "wss://x/",
    "2026-02-03T04:06:46.000Z",
    "2026-02-03T04:05:06.000Z",
  ],
  ["neither", null, null, null],
  ["an expiry time that is none", "wss://x/?X-Amz-Date=today", "soon", null],
])("when the service issued a connection, by %s", (_, url, expiry, issued) => {
  expect(issuedAtMs({ url, expiry })).toBe(issued === null ? NaN : Date.parse(issued));
});

describe.each([
  ["an hour", HOUR],
  ["900 years", 900 * 365 * 24 * HOUR],
])("B13: one item stamped %s ahead", (_, aheadMs) => {
  const outlier = (): Record<string, unknown> => ({
    Id: "outlier",
    AbsoluteTime: iso(chat.platform.time + aheadMs),
  });

  beforeEach(() => chat.connected(session));

  test("as the first item: a later gap is recovered", async () => {
    await stored.send(outlier());
    await lose();
    stored.store({ Id: "missed" });
    await comeBack();
    expect(ids).toEqual(["outlier", "missed"]);
  });

  test("in several forms, as the last one before a gap, and again before the next gap", async () => {
    await stored.send({ Id: "before" });
    await stored.send({ ...outlier(), Content: "one" });
    await stored.send({ ...outlier(), Content: "two" });
    await lose();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed 1" });
    await comeBack();
    await chat.advance(20 * SECOND);
    await stored.send({ Id: "live" });
    await lose();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed 2" });
    await comeBack();
    expect(ids).toEqual(["before", "outlier", "outlier", "missed 1", "live", "missed 2"]);
  });

  test("on a recovery's page: the next gap is recovered", async () => {
    await stored.send({ Id: "before" });
    await lose();
    stored.store(outlier());
    stored.store({ Id: "missed 1" });
    await comeBack();
    await chat.advance(30 * SECOND);
    await lose();
    await chat.advance(30 * SECOND);
    stored.store({ Id: "missed 2" });
    await comeBack();
    expect(ids).toEqual(["before", "missed 1", "outlier", "missed 2"]);
  });

  test("as the newest item of a snapshot: what the resumed session missed is recovered", async () => {
    await stored.send({ Id: "before" });
    await stored.send(outlier());
    const kept = session.snapshot();
    session.dispose();
    chat.answerCloses();
    stored.store({ Id: "missed" });
    create(kept);
    await chat.connected(session);
    await chat.advance(SECOND);
    expect(ids).toEqual(["before", "outlier", "missed"]);
  });
});

test.each([
  ["an item that comes live", () => stored.send({ Id: "live" })],
  ["the answer to a message", () => session.sendMessage({ message: "hello", contentType: "text/plain" })],
])(
  "the service's time by an item of the transcript stamped an hour ahead: %s corrects it, and a later gap is recovered",
  async (_, sign) => {
    chat.platform.clockErrorMs = 26 * HOUR;
    // Nothing of it shows the service's time.
    chat.service.next(CONNECTION, () =>
      json({
        Websocket: { Url: "wss://service.test/socket" },
        ConnectionCredentials: { ConnectionToken: "t" },
      }),
    );
    stored.store({ Id: "outlier", AbsoluteTime: iso(chat.platform.time + HOUR) });
    await chat.connected(session);
    await chat.advance(30 * SECOND);
    expect(asksForTime()).toHaveLength(1);
    await sign();
    await lose();
    await chat.advance(20 * SECOND);
    stored.store({ Id: "missed" });
    await comeBack();
    expect(ids).toContain("missed");
  },
);

test("items after the machine slept while its monotonic clock stood still: they move the cursor", async () => {
  await chat.connected(session);
  await stored.send({ Id: "before" });
  chat.platform.clockErrorMs += HOUR;
  await chat.advance(SECOND);
  await stored.send({ Id: "after", AbsoluteTime: iso(chat.platform.time + HOUR) });
  expect(session.snapshot()?.cursor).toBe(stored.items.at(-1)?.["AbsoluteTime"]);
});
