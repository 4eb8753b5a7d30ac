import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSessionArgs } from "../../../src/api/create";
import type { CustomerChatSession } from "../../../src/api/session";
import { isChatError } from "../../../src/errors";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, errorResponse, iso, rejection, silence } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";
import { snapshotOf7b942bd } from "./snapshot-of-7b942bd";

const MESSAGE = "/participant/message";
const SECOND = 1_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;
let ids: string[];

function create(resume?: unknown): CustomerChatSession {
  const args: CustomerChatSessionArgs = {
    type: "CUSTOMER",
    chatDetails: {
      contactId: chat.contactId,
      participantId: chat.participantId,
      participantToken: "participant-token",
    },
    disableCSM: true,
  };
  const newSession = chat.library.ChatSession.create(Object.assign(args, { resume }));
  newSession.onMessage(({ data, recovered }) => ids.push(`${recovered ? "recovered " : ""}${data.Id}`));
  return newSession;
}

/** Imitates a page reload: disposes of the session, and returns its snapshot, serialized and parsed as JSON. */
function reload(): unknown {
  const snapshot: unknown = JSON.parse(JSON.stringify(session.snapshot()));
  session.dispose();
  ids = [];
  return snapshot;
}

beforeEach(async () => {
  chat = new ChatUnderTest();
  chat.platform.randomValue = 0;
  stored = new StoredTranscript(chat);
  ids = [];
  session = await chat.connected(create());
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

describe("a resumed session", () => {
  test("delivers missed messages before an item that arrives ahead of the subscription's confirmation", async () => {
    await stored.send({ Id: "before" });
    const snapshot = reload();
    stored.store({ Id: "question" });
    session = create(snapshot);
    await session.connect();
    await chat.platform.settle();
    chat.platform.socket.open();
    await stored.send({ Id: "answer" });
    chat.acceptSubscription();
    await chat.advance(4 * SECOND);
    expect(ids).toEqual(["recovered question", "recovered answer"]);
  });

  test("delivers missed messages once, before onConnectionEstablished", async () => {
    await stored.send();
    await stored.send();
    const snapshot = reload();
    stored.store();
    session = create(snapshot);
    const emitted = record(session, "message", "messagesRecovered", "connectionEstablished");
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-3"]);
    expect(emitted).toEqual(["message", "messagesRecovered", "connectionEstablished"]);
  });

  test("emits the first connectionEstablished with connect()'s result", async () => {
    const snapshot = reload();
    session = create(snapshot);
    const events: unknown[] = [];
    session.onConnectionEstablished((event) => events.push(event));
    await session.connect({ metadata: "mine" });
    await chat.platform.settle();
    await chat.open();
    await chat.platform.advance(SECOND);
    expect(events).toMatchObject([{ connectSuccess: true, metadata: "mine" }]);
  });

  test("delivers a changed item again, but not an unchanged item", async () => {
    const attachment = (Status: string): Record<string, unknown> => ({
      Type: "ATTACHMENT",
      Content: undefined,
      Attachments: [{ AttachmentId: "a", Status }],
    });
    await stored.send(attachment("IN_PROGRESS"));
    await stored.send();
    const snapshot = reload();
    Object.assign(stored.items[0] ?? {}, attachment("APPROVED"));
    session = create(snapshot);
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("lists the unsent messages, and resends a message with its original idempotency token", async () => {
    chat.service.on(MESSAGE, cutNetwork);
    const failure = rejection(session.sendMessage({ message: "failed", contentType: "text/plain" }));
    await chat.advance(10 * SECOND);
    const error = await failure;
    const id = isChatError(error) ? (error.messageId ?? "") : "";
    session.sendMessage({ message: "in flight", contentType: "text/plain" }).catch(() => undefined);
    await chat.platform.settle();
    const snapshot = reload();
    const tokens = new Set(chat.service.to(MESSAGE).map(({ body }) => body["ClientToken"]));
    expect(tokens.size).toBe(2);
    chat.service.on(MESSAGE, (call) => chat.service.defaultResponse(call));
    session = create(snapshot);
    const transcripts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) =>
      transcripts.push(
        data.transcript.map(({ Content, MessageMetadata }) => [Content, MessageMetadata?.Status]),
      ),
    );
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(transcripts.at(-1)).toEqual([
      ["failed", "FAILED"],
      ["in flight", "FAILED"],
    ]);
    await session.resendMessage(id);
    expect(tokens).toContain(chat.service.to(MESSAGE).at(-1)?.body["ClientToken"]);
  });

  test("lists unsent messages after older items and before newer items, even if the device's clock is slow", async () => {
    const serviceTime = (): { AbsoluteTime: string } => ({
      AbsoluteTime: iso(chat.platform.now() + 180_000),
    });
    await stored.send({ Content: "before", ...serviceTime() });
    chat.service.on(MESSAGE, () => errorResponse(400, "ValidationException"));
    await rejection(session.sendMessage({ message: "failed", contentType: "text/plain" }));
    const snapshot = reload();
    await chat.advance(SECOND);
    stored.store({ Content: "since", ...serviceTime() });
    session = create(snapshot);
    const transcripts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) =>
      transcripts.push(data.transcript.map(({ Content }) => Content)),
    );
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(transcripts).toEqual([
      ["failed", "since"],
      ["before", "failed", "since"],
    ]);
  });

  test("keeps unsent messages in send order", async () => {
    chat.service.on(MESSAGE, silence);
    const controller = new AbortController();
    const rejectedTexts: string[] = [];
    const send = async (message: string): Promise<void> => {
      session
        .sendMessage({ message, contentType: "text/plain", signal: controller.signal })
        .catch(() => void rejectedTexts.push(message));
      await chat.platform.advance(1);
    };
    await send("first");
    await send("second");
    controller.abort();
    await chat.platform.settle();
    // The queued message is rejected first.
    expect(rejectedTexts).toEqual(["second", "first"]);
    const snapshot = session.snapshot();
    expect(Object.values(snapshot?.unsent ?? {}).map(({ content }) => content)).toEqual(["first", "second"]);
  });

  test("has no token, URL or sent text in its snapshot", async () => {
    await stored.send({ Content: "confidential" });
    const json = JSON.stringify(session.snapshot());
    for (const secret of ["confidential", "participant-token", "connection-token", "wss://"]) {
      expect(json).not.toContain(secret);
    }
  });

  test("recovers nothing after reset() and another connect()", async () => {
    await stored.send();
    session = create(reload());
    await session.reset();
    await chat.connected(session);
    await chat.platform.advance(SECOND);
    expect(stored.calls).toHaveLength(0);
  });
});

test("snapshot() returns null before connect()", () => {
  const other = create();
  expect(other.snapshot()).toBeNull();
  other.dispose();
});

describe("create()'s `resume` argument", () => {
  test.each([
    ["a string", "x", "resume"],
    ["a snapshot of another version", { version: 2 }, "resume"],
    ["another contact's snapshot", { contactId: "other" }, "resume"],
    ["another participant's snapshot", { participantId: "other" }, "resume"],
    ["a snapshot whose cursor isn't a time", { cursor: "yesterday" }, "resume.cursor"],
  ])("makes create() throw if it is %s", (_, change, field) => {
    const resumeArgument: unknown =
      typeof change === "string" ? change : { ...session.snapshot(), ...change };
    expect(() => create(resumeArgument)).toThrow(expect.objectContaining({ code: "IllegalArgument", field }));
  });

  test.each([
    ["a list instead of an object of messages", [{ content: 1 }]],
    [
      "a message with a time beyond the range of Date",
      { id: { content: "a", contentType: "text/plain", clientToken: "t", sentAtMs: 1e300 } },
    ],
  ])("is accepted without its damaged parts: %s", async (_, unsent) => {
    const snapshot = { ...session.snapshot(), seen: { a: 7 }, unsent };
    session.dispose();
    session = create(snapshot);
    stored.store();
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-1"]);
  });
});

describe("history()", () => {
  const readAll = async (args?: Parameters<typeof session.history>[0]): Promise<unknown[]> => {
    const ids: unknown[] = [];
    for await (const { Id } of session.history(args)) ids.push(Id);
    return ids;
  };

  test("fetches page by page, and only as far as the application reads", async () => {
    for (let number = 0; number < 250; number += 1) stored.store();
    const absoluteTime = String(stored.items[0]?.["AbsoluteTime"]);
    const foundIds = await readAll({ scanDirection: "FORWARD", startPosition: { absoluteTime } });
    expect(foundIds).toEqual(stored.items.map(({ Id }) => Id));
    expect(stored.calls).toHaveLength(3);
    for await (const { Id } of session.history({
      scanDirection: "FORWARD",
      startPosition: { absoluteTime },
    })) {
      if (Id === "stored-5") break;
    }
    expect(stored.calls).toHaveLength(4);
  });

  test("starts with the newest item by default", async () => {
    stored.store();
    await readAll();
    expect(stored.calls[0]?.body).toMatchObject({
      MaxResults: 100,
      ScanDirection: "BACKWARD",
      SortOrder: "DESCENDING",
    });
  });

  test("rejects with the error of a page that fails", async () => {
    chat.service.on("/participant/transcript", () => errorResponse(400, "ValidationException"));
    expect(await rejection(readAll())).toMatchObject({ code: "ServiceError", statusCode: 400 });
  });
});

test("once() calls its handler only for the next event, and the handler can be unsubscribed before that event", async () => {
  const emitted: unknown[] = [];
  session.once("message", ({ data }) => emitted.push(data.Id));
  session.once("message", () => emitted.push("never"))();
  await chat.receive(chat.item({ Id: "1" }), chat.item({ Id: "2" }));
  expect(emitted).toEqual(["1"]);
});

test("on() and once() throw for an unknown event name", () => {
  for (const name of ["nothing", "constructor", ""]) {
    // The cast simulates a caller without types.
    const unknownName = name as "message";
    expect(() => session.on(unknownName, () => undefined)).toThrow(
      expect.objectContaining({ field: "name" }),
    );
    expect(() => session.once(unknownName, () => undefined)).toThrow(
      expect.objectContaining({ field: "name" }),
    );
  }
});

test("after resuming a snapshot that commit 7b942bd took, changed and missed items are delivered once, and no other items", async () => {
  const { snapshot, stored: items } = snapshotOf7b942bd;
  session.dispose();
  ids = [];
  stored.items.push(...items.map((item) => ({ ...item })));
  Object.assign(stored.items[1] ?? {}, { Attachments: [{ AttachmentId: "a", Status: "APPROVED" }] });
  Object.assign(stored.items[2] ?? {}, {
    Content: "Let me see.",
    MessageMetadata: { MessageId: "answer", MessageCompleted: true, ChunkNumber: 2 },
  });
  stored.store({ Id: "missed" });
  const [id = ""] = Object.keys(snapshot.unsent);
  session = create({ ...snapshot, contactId: chat.contactId });
  await chat.connected(session);
  await chat.advance(SECOND);
  expect(ids).toEqual(["recovered file", "recovered answer", "recovered missed"]);
  await session.resendMessage(id);
  expect(chat.service.to(MESSAGE).at(-1)?.body).toMatchObject({
    Content: "unsent",
    ClientToken: snapshot.unsent["00000000-0000-4000-8000-000000000002"].clientToken,
  });
});
