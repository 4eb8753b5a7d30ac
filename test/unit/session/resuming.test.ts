import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSessionArgs } from "../../../src/api/create";
import type { CustomerChatSession } from "../../../src/api/session";
import { isChatError } from "../../../src/errors";
import { ChatUnderTest, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, iso, refusal, rejection, silence } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";
import { takenBy7b942bd } from "./snapshot-of-7b942bd";

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
  const made = chat.library.ChatSession.create(Object.assign(args, { resume }));
  made.onMessage(({ data, recovered }) => ids.push(`${recovered ? "recovered " : ""}${data.Id}`));
  return made;
}

/** The page goes away with its session, and what it kept comes back through JSON. */
function reload(): unknown {
  const kept: unknown = JSON.parse(JSON.stringify(session.snapshot()));
  session.dispose();
  ids = [];
  return kept;
}

beforeEach(async () => {
  chat = new ChatUnderTest();
  chat.platform.chance = 0;
  stored = new StoredTranscript(chat);
  ids = [];
  session = await chat.connected(create());
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

describe("a session that goes on where another was", () => {
  test("tells an item that comes before its subscription is answered after what was said since", async () => {
    await stored.send({ Id: "before" });
    const kept = reload();
    stored.store({ Id: "question" });
    session = create(kept);
    await session.connect();
    await chat.platform.settle();
    chat.platform.socket.open();
    await stored.send({ Id: "answer" });
    chat.answerSubscription();
    await chat.advance(4 * SECOND);
    expect(ids).toEqual(["recovered question", "recovered answer"]);
  });

  test("tells what was said since, each item once, before onConnectionEstablished", async () => {
    await stored.send();
    await stored.send();
    const kept = reload();
    stored.store();
    session = create(kept);
    const told = record(session, "message", "messagesRecovered", "connectionEstablished");
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-3"]);
    expect(told).toEqual(["message", "messagesRecovered", "connectionEstablished"]);
  });

  test("gives connect()'s outcome with the first establishment", async () => {
    const kept = reload();
    session = create(kept);
    const events: unknown[] = [];
    session.onConnectionEstablished((event) => events.push(event));
    await session.connect({ metadata: "mine" });
    await chat.platform.settle();
    await chat.open();
    await chat.platform.advance(SECOND);
    expect(events).toMatchObject([{ connectSuccess: true, metadata: "mine" }]);
  });

  test("knows a changed item from an unchanged one", async () => {
    const attachment = (Status: string): Record<string, unknown> => ({
      Type: "ATTACHMENT",
      Content: undefined,
      Attachments: [{ AttachmentId: "a", Status }],
    });
    await stored.send(attachment("IN_PROGRESS"));
    await stored.send();
    const kept = reload();
    Object.assign(stored.items[0] ?? {}, attachment("APPROVED"));
    session = create(kept);
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("has the messages that were not sent, to be sent again under their tokens", async () => {
    chat.service.on(MESSAGE, cutNetwork);
    const failed = rejection(session.sendMessage({ message: "failed", contentType: "text/plain" }));
    await chat.advance(10 * SECOND);
    const error = await failed;
    const id = isChatError(error) ? (error.messageId ?? "") : "";
    session.sendMessage({ message: "under way", contentType: "text/plain" }).catch(() => undefined);
    await chat.platform.settle();
    const kept = reload();
    const tokens = new Set(chat.service.to(MESSAGE).map(({ body }) => body["ClientToken"]));
    expect(tokens.size).toBe(2);
    chat.service.on(MESSAGE, (call) => chat.service.ordinary(call));
    session = create(kept);
    const seen: unknown[] = [];
    session.onTranscriptUpdated(({ data }) =>
      seen.push(data.transcript.map(({ Content, MessageMetadata }) => [Content, MessageMetadata?.Status])),
    );
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(seen.at(-1)).toEqual([
      ["failed", "FAILED"],
      ["under way", "FAILED"],
    ]);
    await session.resendMessage(id);
    expect(tokens).toContain(chat.service.to(MESSAGE).at(-1)?.body["ClientToken"]);
  });

  test("shows unsent messages after what was there, before what was said since, though the device's clock is slow", async () => {
    const serviceTime = (): { AbsoluteTime: string } => ({
      AbsoluteTime: iso(chat.platform.now() + 180_000),
    });
    await stored.send({ Content: "before", ...serviceTime() });
    chat.service.on(MESSAGE, () => refusal(400, "ValidationException"));
    await rejection(session.sendMessage({ message: "failed", contentType: "text/plain" }));
    const kept = reload();
    await chat.advance(SECOND);
    stored.store({ Content: "since", ...serviceTime() });
    session = create(kept);
    const seen: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => seen.push(data.transcript.map(({ Content }) => Content)));
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(seen).toEqual([
      ["failed", "since"],
      ["before", "failed", "since"],
    ]);
  });

  test("keeps unsent messages in the order in which they were to go", async () => {
    chat.service.on(MESSAGE, silence);
    const controller = new AbortController();
    const rejected: string[] = [];
    const send = async (message: string): Promise<void> => {
      session
        .sendMessage({ message, contentType: "text/plain", signal: controller.signal })
        .catch(() => void rejected.push(message));
      await chat.platform.advance(1);
    };
    await send("first");
    await send("second");
    controller.abort();
    await chat.platform.settle();
    // The one that only waited is rejected first.
    expect(rejected).toEqual(["second", "first"]);
    const kept = session.snapshot();
    expect(Object.values(kept?.unsent ?? {}).map(({ content }) => content)).toEqual(["first", "second"]);
  });

  test("keeps no token, no address and no text that was sent", async () => {
    await stored.send({ Content: "confidential" });
    const kept = JSON.stringify(session.snapshot());
    for (const secret of ["confidential", "participant-token", "connection-token", "wss://"]) {
      expect(kept).not.toContain(secret);
    }
  });

  test("forgets with reset(): what follows is another life", async () => {
    await stored.send();
    session = create(reload());
    await session.reset();
    await chat.connected(session);
    await chat.platform.advance(SECOND);
    expect(stored.calls).toHaveLength(0);
  });
});

test("there is nothing to keep before connect()", () => {
  const other = create();
  expect(other.snapshot()).toBeNull();
  other.dispose();
});

describe("what is handed in as `resume`", () => {
  test.each([
    ["a string", "x", "resume"],
    ["something else", { version: 2 }, "resume"],
    ["another contact's", { contactId: "other" }, "resume"],
    ["another participant's", { participantId: "other" }, "resume"],
    ["one without a time", { cursor: "yesterday" }, "resume.cursor"],
  ])("%s is refused", (_, change, field) => {
    const given: unknown = typeof change === "string" ? change : { ...session.snapshot(), ...change };
    expect(() => create(given)).toThrow(expect.objectContaining({ code: "IllegalArgument", field }));
  });

  test.each([
    ["a list in the place of messages", [{ content: 1 }]],
    [
      "a message sent at a time that no date can hold",
      { id: { content: "a", contentType: "text/plain", clientToken: "t", sentAtMs: 1e300 } },
    ],
  ])("is read with tolerance where it was damaged: %s", async (_, unsent) => {
    const kept = { ...session.snapshot(), seen: { a: 7 }, unsent };
    session.dispose();
    session = create(kept);
    stored.store();
    await chat.connected(session);
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-1"]);
  });
});

describe("the history", () => {
  const all = async (args?: Parameters<typeof session.history>[0]): Promise<unknown[]> => {
    const found: unknown[] = [];
    for await (const { Id } of session.history(args)) found.push(Id);
    return found;
  };

  test("is gone through page by page, as far as one wants", async () => {
    for (let number = 0; number < 250; number += 1) stored.store();
    const absoluteTime = String(stored.items[0]?.["AbsoluteTime"]);
    const found = await all({ scanDirection: "FORWARD", startPosition: { absoluteTime } });
    expect(found).toEqual(stored.items.map(({ Id }) => Id));
    expect(stored.calls).toHaveLength(3);
    for await (const { Id } of session.history({
      scanDirection: "FORWARD",
      startPosition: { absoluteTime },
    })) {
      if (Id === "stored-5") break;
    }
    expect(stored.calls).toHaveLength(4);
  });

  test("begins with the newest by default", async () => {
    stored.store();
    await all();
    expect(stored.calls[0]?.body).toMatchObject({
      MaxResults: 100,
      ScanDirection: "BACKWARD",
      SortOrder: "DESCENDING",
    });
  });

  test("ends with what a page rejects with", async () => {
    chat.service.on("/participant/transcript", () => refusal(400, "ValidationException"));
    expect(await rejection(all())).toMatchObject({ code: "ServiceError", statusCode: 400 });
  });
});

test("once() tells the next time only, and can be taken off before", async () => {
  const told: unknown[] = [];
  session.once("message", ({ data }) => told.push(data.Id));
  session.once("message", () => told.push("never"))();
  await chat.receive(chat.item({ Id: "1" }), chat.item({ Id: "2" }));
  expect(told).toEqual(["1"]);
});

test("on() and once() refuse what is no event", () => {
  for (const name of ["nothing", "constructor", ""]) {
    // A caller without types.
    const given = name as "message";
    expect(() => session.on(given, () => undefined)).toThrow(expect.objectContaining({ field: "name" }));
    expect(() => session.once(given, () => undefined)).toThrow(expect.objectContaining({ field: "name" }));
  }
});

test("a snapshot that commit 7b942bd took is resumed: nothing is delivered twice, and changed and missed items once", async () => {
  const { snapshot, stored: items } = takenBy7b942bd;
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
