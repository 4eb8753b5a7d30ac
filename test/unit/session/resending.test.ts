import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { isChatError } from "../../../src/errors";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { CustomClient } from "../../support/custom-client";
import {
  cutNetwork,
  deferred,
  iso,
  json,
  refusal,
  rejection,
  silence,
  type Answer,
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
  chat.answerCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const refused: Answer = () => refusal(400, "ValidationException");
const works: Answer = (call) => chat.service.ordinary(call);

const text = (message: string): { message: string; contentType: "text/plain" } => ({
  message,
  contentType: "text/plain",
});

/** A message that fails; gives the id under which it can be sent again. */
async function fails(message: string): Promise<string> {
  const error = await rejection(session.sendMessage(text(message)));
  if (!isChatError(error)) throw new Error("not rejected with a ChatError");
  return error.messageId ?? "";
}

const isTaken =
  (Id: string): Answer =>
  () =>
    json({ Id, AbsoluteTime: iso(chat.platform.now()) });

/** The session goes away, and another one goes on where it was: once as on a page that was loaded anew. */
function resume(): CustomerChatSession {
  const kept = structuredClone(session.snapshot());
  session.dispose();
  session = chat.customer({}, kept);
  return session;
}

/** Connected, and what was missed recovered. */
async function connect(): Promise<void> {
  await chat.connected(session);
  await chat.advance(4 * SECOND);
}

describe("a message that failed", () => {
  test("and another of the same text, sent again at once: what arrived counts for one of them, the other is sent", async () => {
    chat.service.on(MESSAGE, refused);
    chat.service.next(MESSAGE, (call) => {
      stored.store({ Id: "arrived", ParticipantId: "me", ParticipantRole: "CUSTOMER", Content: "yes" });
      return refused(call);
    });
    const ids = [await fails("yes"), await fails("yes")];
    chat.service.on(MESSAGE, isTaken("new"));
    const answers = await Promise.all(ids.map((id) => session.resendMessage(id)));
    expect(answers.map(({ data }) => data.Id)).toEqual(["arrived", "new"]);
    expect(chat.service.to(MESSAGE)).toHaveLength(3);
  });

  test("keeps its place in the order, though looking for it in the transcript fails at first", async () => {
    chat.service.on(MESSAGE, refused);
    const ids = [await fails("one"), await fails("two")];
    const before = chat.service.to(MESSAGE).length;
    chat.service.on(MESSAGE, works);
    chat.service.next("/participant/transcript", () => refusal(500, "InternalServerException"));
    const all = Promise.all([
      ...ids.map((id) => session.resendMessage(id)),
      session.sendMessage(text("three")),
    ]);
    await chat.platform.advance(5 * SECOND);
    await all;
    const sent = chat.service.to(MESSAGE).slice(before);
    expect(sent.map(({ body }) => body["Content"])).toEqual(["one", "two", "three"]);
  });

  test("and is sent again by the next page's session is not mistaken for one of the same text before it", async () => {
    chat.service.on(MESSAGE, () => {
      const { Id, AbsoluteTime } = stored.store({ Id: "before", ParticipantId: "me", Content: "yes" });
      return json({ Id, AbsoluteTime });
    });
    await session.sendMessage(text("yes"));
    await chat.advance(20 * SECOND);
    chat.service.on(MESSAGE, refused);
    const id = await fails("yes");
    resume();
    await connect();
    chat.service.on(MESSAGE, isTaken("second"));
    expect((await session.resendMessage(id)).data.Id).toBe("second");
  });
});

describe("a message that waits for its turn", () => {
  test("goes out when the network is back, though the one before it was taken back while offline", async () => {
    chat.platform.online = false;
    chat.service.on(MESSAGE, cutNetwork);
    const aborted = new AbortController();
    const first = watch(session.sendMessage({ ...text("first"), signal: aborted.signal }));
    const second = watch(session.sendMessage(text("second")));
    await chat.platform.advance(SECOND);
    aborted.abort();
    await chat.platform.settle();
    expect([first.outcome, second.outcome]).toEqual(["Aborted", "pending"]);
    chat.service.on(MESSAGE, works);
    chat.platform.online = true;
    chat.platform.signal("online");
    await chat.platform.advance(3 * SECOND);
    expect(second.outcome).toBe("resolved");
    expect(chat.service.to(MESSAGE).at(-1)?.body["Content"]).toBe("second");
  });

  test("does not go out in the life after reset()", async () => {
    chat.service.on(MESSAGE, silence);
    const waiting = ["one", "two", "three"].map((message) => watch(session.sendMessage(text(message))));
    await chat.platform.settle();
    void session.reset();
    await chat.connected(session);
    chat.service.on(MESSAGE, works);
    await session.sendMessage(text("new"));
    await chat.platform.settle();
    const outcomes = waiting.map(({ outcome }) => outcome);
    expect(outcomes).not.toContain("pending");
    expect(outcomes).not.toContain("resolved");
    expect(chat.service.to(MESSAGE).map(({ body }) => body["Content"])).toEqual(["one", "new"]);
  });

  test("for a network waits for good where offlineHoldTime is Infinity", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageSending: { offlineHoldTime: Infinity } } });
    chat.platform.online = false;
    chat.service.on(MESSAGE, cutNetwork);
    const message = watch(session.sendMessage(text("hello")));
    await chat.advance(FIVE_MINUTES);
    expect(message.outcome).toBe("pending");
    chat.service.on(MESSAGE, works);
    chat.platform.online = true;
    chat.platform.signal("online");
    await chat.advance(2 * SECOND);
    expect(message.outcome).toBe("resolved");
  });
});

describe("a session that goes on where another was", () => {
  test("that had no item yet misses none, though the page's clock is minutes ahead", async () => {
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

  test("tells what came since, over three pages one after the other", async () => {
    const ids: unknown[] = [];
    await stored.send({ Id: "told" });
    for (const Id of ["first", "second", "third"]) {
      stored.store({ Id });
      resume().onMessage(({ data }) => void ids.push(data.Id));
      await connect();
    }
    expect(ids).toEqual(["first", "second", "third"]);
  });
});

test("an upload that stalls is given up within half an hour", async () => {
  chat.service.on("/upload", silence);
  const attachment = new File(["x"], "x.png", { type: "image/png" });
  const upload = watch(session.sendAttachment({ attachment }));
  await chat.advance(1_800 * SECOND);
  expect(upload.outcome).toBe("Timeout");
});

describe("an application's own client", () => {
  /** The session anew, on a client that is the library's but for this. */
  async function connectWith(own: Record<string, () => Promise<unknown>>): Promise<void> {
    session.dispose();
    const { client } = new CustomClient(chat.platform, own);
    chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
    session = await chat.connected(chat.customer());
  }

  test("whose downloadAttachment() resolves nothing: the call rejects, with the caller's metadata", async () => {
    await connectWith({ downloadAttachment: () => Promise.resolve() });
    const download = session.downloadAttachment({ attachmentId: "a", metadata: "mine" });
    expect(await rejection(download)).toMatchObject({ code: "InvalidResponse", metadata: "mine" });
  });

  test("that answers without an Id: messages that the service redacts are shown once each, in the service's words", async () => {
    await connectWith({ sendMessage: () => Promise.resolve({ data: {} }) });
    let texts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => (texts = data.transcript.map(({ Content }) => Content)));
    for (const number of [1, 2, 3]) {
      const sent = session.sendMessage(text(`secret ${number}`));
      const isEchoFirst = number === 2;
      const echo = chat.item({ Id: `echo-${number}`, Content: `*** ${number}`, ParticipantId: "me" });
      if (isEchoFirst) await chat.receive(echo);
      await sent;
      if (!isEchoFirst) await chat.receive(echo);
    }
    expect(texts).toEqual(["*** 1", "*** 2", "*** 3"]);
  });

  test("whose sendMessage() resolves no answer: the message is shown as on its way until its echo, and once", async () => {
    const answer = deferred<unknown>();
    await connectWith({ sendMessage: () => answer.promise });
    const seen: unknown[] = [];
    session.onTranscriptUpdated(({ data }) =>
      seen.push(data.transcript.map(({ Id, MessageMetadata }) => [Id, MessageMetadata?.Status])),
    );
    const sending = session.sendMessage({ ...text("hello"), metadata: "mine" });
    await chat.platform.settle();
    const [id = ""] = Object.keys(session.snapshot()?.unsent ?? {});
    answer.resolve({});
    expect(await sending).toStrictEqual({ metadata: "mine" });
    await chat.platform.settle();
    expect(seen).toEqual([[[id, "SENDING"]]]);
    expect(session.snapshot()?.unsent).toEqual({});
    await chat.receive(chat.item({ Id: "echo", Content: "hello", ParticipantId: "me" }));
    expect(seen.at(-1)).toEqual([["echo", "SENT"]]);
  });
});
