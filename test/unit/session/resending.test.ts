import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { isChatError } from "../../../src/errors";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { CustomClient } from "../../support/custom-client";
import {
  cutNetwork,
  deferred,
  errorResponse,
  iso,
  json,
  rejection,
  silence,
  type Responder,
} from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";
import { watch } from "../../support/watch";

const MESSAGE = "/participant/message";
const SECOND = 1_000;
const FIVE_MINUTES = 300_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  stored = new StoredTranscript(chat);
  session = await chat.connected(chat.customer());
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const respondWith400: Responder = () => errorResponse(400, "ValidationException");
const succeed: Responder = (call) => chat.service.defaultResponse(call);

const text = (message: string): { message: string; contentType: "text/plain" } => ({
  message,
  contentType: "text/plain",
});

/** Sends a message that fails, and returns the ID for resendMessage(). */
async function sendAndFail(message: string): Promise<string> {
  const error = await rejection(session.sendMessage(text(message)));
  if (!isChatError(error)) throw new Error("not rejected with a ChatError");
  return error.messageId ?? "";
}

const acceptAs =
  (Id: string): Responder =>
  () =>
    json({ Id, AbsoluteTime: iso(chat.platform.now()) });

/** Disposes of the session and resumes it in another session, as after a page reload. */
function resume(): CustomerChatSession {
  const snapshot = structuredClone(session.snapshot());
  session.dispose();
  session = chat.customer({}, snapshot);
  return session;
}

/** Connects the session, and waits until it has recovered missed messages. */
async function connect(): Promise<void> {
  await chat.connected(session);
  await chat.advance(4 * SECOND);
}

describe("resending a failed message", () => {
  test("sends only the message that hadn't arrived if two messages have the same text", async () => {
    chat.service.on(MESSAGE, respondWith400);
    chat.service.next(MESSAGE, (call) => {
      stored.store({ Id: "arrived", ParticipantId: "me", ParticipantRole: "CUSTOMER", Content: "yes" });
      return respondWith400(call);
    });
    const ids = [await sendAndFail("yes"), await sendAndFail("yes")];
    chat.service.on(MESSAGE, acceptAs("new"));
    const results = await Promise.all(ids.map((id) => session.resendMessage(id)));
    expect(results.map(({ data }) => data.Id)).toEqual(["arrived", "new"]);
    expect(chat.service.to(MESSAGE)).toHaveLength(3);
  });

  test("keeps the send order even if a message's lookup in the transcript fails at first", async () => {
    chat.service.on(MESSAGE, respondWith400);
    const ids = [await sendAndFail("one"), await sendAndFail("two")];
    const before = chat.service.to(MESSAGE).length;
    chat.service.on(MESSAGE, succeed);
    chat.service.next("/participant/transcript", () => errorResponse(500, "InternalServerException"));
    const results = Promise.all([
      ...ids.map((id) => session.resendMessage(id)),
      session.sendMessage(text("three")),
    ]);
    await chat.platform.advance(5 * SECOND);
    await results;
    const sentCalls = chat.service.to(MESSAGE).slice(before);
    expect(sentCalls.map(({ body }) => body["Content"])).toEqual(["one", "two", "three"]);
  });

  test("isn't confused by an earlier message with the same text in a resumed session", async () => {
    chat.service.on(MESSAGE, () => {
      const { Id, AbsoluteTime } = stored.store({ Id: "before", ParticipantId: "me", Content: "yes" });
      return json({ Id, AbsoluteTime });
    });
    await session.sendMessage(text("yes"));
    await chat.advance(20 * SECOND);
    chat.service.on(MESSAGE, respondWith400);
    const id = await sendAndFail("yes");
    resume();
    await connect();
    chat.service.on(MESSAGE, acceptAs("second"));
    expect((await session.resendMessage(id)).data.Id).toBe("second");
  });
});

describe("a queued message", () => {
  test("is sent when the network returns, even if the message before it was aborted while offline", async () => {
    chat.platform.online = false;
    chat.service.on(MESSAGE, cutNetwork);
    const aborter = new AbortController();
    const first = watch(session.sendMessage({ ...text("first"), signal: aborter.signal }));
    const second = watch(session.sendMessage(text("second")));
    await chat.platform.advance(SECOND);
    aborter.abort();
    await chat.platform.settle();
    expect([first.outcome, second.outcome]).toEqual(["Aborted", "pending"]);
    chat.service.on(MESSAGE, succeed);
    chat.platform.online = true;
    chat.platform.signal("online");
    await chat.platform.advance(3 * SECOND);
    expect(second.outcome).toBe("resolved");
    expect(chat.service.to(MESSAGE).at(-1)?.body["Content"]).toBe("second");
  });

  test("isn't sent after reset() and another connect()", async () => {
    chat.service.on(MESSAGE, silence);
    const queuedMessages = ["one", "two", "three"].map((message) =>
      watch(session.sendMessage(text(message))),
    );
    await chat.platform.settle();
    void session.reset();
    await chat.connected(session);
    chat.service.on(MESSAGE, succeed);
    await session.sendMessage(text("new"));
    await chat.platform.settle();
    const outcomes = queuedMessages.map(({ outcome }) => outcome);
    expect(outcomes).not.toContain("pending");
    expect(outcomes).not.toContain("resolved");
    expect(chat.service.to(MESSAGE).map(({ body }) => body["Content"])).toEqual(["one", "new"]);
  });

  test("waits for the network without limit if offlineHoldTime is Infinity", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageSending: { offlineHoldTime: Infinity } } });
    chat.platform.online = false;
    chat.service.on(MESSAGE, cutNetwork);
    const message = watch(session.sendMessage(text("hello")));
    await chat.advance(FIVE_MINUTES);
    expect(message.outcome).toBe("pending");
    chat.service.on(MESSAGE, succeed);
    chat.platform.online = true;
    chat.platform.signal("online");
    await chat.advance(2 * SECOND);
    expect(message.outcome).toBe("resolved");
  });
});

describe("a resumed session", () => {
  test("misses nothing even if the first session had no item yet and the page's clock is minutes ahead", async () => {
    session.dispose();
    chat.platform.clockErrorMs = FIVE_MINUTES;
    session = await chat.connected(chat.customer());
    resume();
    const ids: unknown[] = [];
    session.onMessage(({ data }) => void ids.push(data.Id));
    await connect();
    await stored.send({ Id: "live" });
    chat.platform.socket.end();
    await chat.platform.advance(100);
    stored.store({ Id: "missed" });
    await chat.nextSocket(2 * SECOND);
    await chat.open();
    await chat.advance(5 * SECOND);
    expect(ids).toEqual(["live", "missed"]);
  });

  test("delivers missed messages after each of three reloads in a row", async () => {
    const ids: unknown[] = [];
    await stored.send({ Id: "delivered" });
    for (const Id of ["first", "second", "third"]) {
      stored.store({ Id });
      resume().onMessage(({ data }) => void ids.push(data.Id));
      await connect();
    }
    expect(ids).toEqual(["first", "second", "third"]);
  });
});

test("a stalled upload times out within half an hour", async () => {
  chat.service.on("/upload", silence);
  const attachment = new File(["x"], "x.png", { type: "image/png" });
  const upload = watch(session.sendAttachment({ attachment }));
  await chat.advance(1_800 * SECOND);
  expect(upload.outcome).toBe("Timeout");
});

describe("with a custom client", () => {
  /** Replaces the session with a session whose client differs from the bundled client only in these methods. */
  async function connectWith(overrides: Record<string, () => Promise<unknown>>): Promise<void> {
    session.dispose();
    const { client } = new CustomClient(chat.platform, overrides);
    chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
    session = await chat.connected(chat.customer());
  }

  test("downloadAttachment() rejects with the caller's metadata if the client's method resolves with undefined", async () => {
    await connectWith({ downloadAttachment: () => Promise.resolve() });
    const download = session.downloadAttachment({ attachmentId: "a", metadata: "mine" });
    expect(await rejection(download)).toMatchObject({ code: "InvalidResponse", metadata: "mine" });
  });

  test("each redacted message is in the transcript once, with the service's text, if sendMessage() resolves without an Id", async () => {
    await connectWith({ sendMessage: () => Promise.resolve({ data: {} }) });
    let texts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => (texts = data.transcript.map(({ Content }) => Content)));
    for (const number of [1, 2, 3]) {
      const sending = session.sendMessage(text(`secret ${number}`));
      const isEchoFirst = number === 2;
      const echo = chat.item({ Id: `echo-${number}`, Content: `*** ${number}`, ParticipantId: "me" });
      if (isEchoFirst) await chat.receive(echo);
      await sending;
      if (!isEchoFirst) await chat.receive(echo);
    }
    expect(texts).toEqual(["*** 1", "*** 2", "*** 3"]);
  });

  test("a message is in the transcript once, as SENDING until its echo arrives, if sendMessage() resolves without data", async () => {
    const response = deferred<unknown>();
    await connectWith({ sendMessage: () => response.promise });
    const transcripts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) =>
      transcripts.push(data.transcript.map(({ Id, MessageMetadata }) => [Id, MessageMetadata?.Status])),
    );
    const sending = session.sendMessage({ ...text("hello"), metadata: "mine" });
    await chat.platform.settle();
    const [id = ""] = Object.keys(session.snapshot()?.unsent ?? {});
    response.resolve({});
    expect(await sending).toStrictEqual({ metadata: "mine" });
    await chat.platform.settle();
    expect(transcripts).toEqual([[[id, "SENDING"]]]);
    expect(session.snapshot()?.unsent).toEqual({});
    await chat.receive(chat.item({ Id: "echo", Content: "hello", ParticipantId: "me" }));
    expect(transcripts.at(-1)).toEqual([["echo", "SENT"]]);
  });
});
