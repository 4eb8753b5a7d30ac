import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, EVENT, NOTHING_LEFT } from "../../support/chat-under-test";
import { CustomClient, type ClientMethod, type MethodOverrides } from "../../support/custom-client";
import { rejection } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

/** Tests the custom client contract, which is identical to upstream's: a client's arguments and its results. */

const TYPING = `${EVENT}typing`;
const READ = `${EVENT}message.read`;
const CONNECTED = `${EVENT}connection.acknowledged`;
const UUID = expect.stringMatching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
) as unknown;
const TOKEN = "connection-token-1";

let chat: ChatUnderTest;
let custom: CustomClient;

beforeEach(() => {
  chat = new ChatUnderTest();
});

/** Returns a customer's session that uses a custom client. Its socket is open and subscribed. */
async function connectCustomer(overrides: MethodOverrides = {}): Promise<CustomerChatSession> {
  custom = new CustomClient(chat.platform, overrides);
  chat.library.ChatSession.setGlobalConfig({ customChatClient: custom.client });
  return chat.connected(chat.customer());
}

describe("a custom client receives", () => {
  test("getTranscript()'s arguments under the same names, and always an object as startPosition", async () => {
    const session = await connectCustomer();
    await session.getTranscript();
    await session.getTranscript({ startPosition: { mostRecent: 3 }, nextToken: null, contactId: "" });
    await session.getTranscript({
      maxResults: 3,
      sortOrder: "DESCENDING",
      scanDirection: "FORWARD",
      startPosition: { id: "1", absoluteTime: "t" },
      nextToken: "next",
      contactId: "other",
    });
    const defaults = { maxResults: 15, sortOrder: "ASCENDING", scanDirection: "BACKWARD" };
    expect(custom.argsOf("getTranscript")).toStrictEqual([
      [TOKEN, { ...defaults, startPosition: {} }],
      [TOKEN, { ...defaults, startPosition: { mostRecent: 3 } }],
      [
        TOKEN,
        {
          maxResults: 3,
          sortOrder: "DESCENDING",
          scanDirection: "FORWARD",
          startPosition: { id: "1", absoluteTime: "t" },
          nextToken: "next",
          contactId: "other",
        },
      ],
    ]);
  });

  test("the same argument names from a recovery, the transcript fetch and a resend", async () => {
    const session = await connectCustomer({ sendMessage: () => Promise.reject(new Error("no")) });
    session.onTranscriptUpdated(() => undefined);
    chat.platform.socket.end();
    await chat.nextSocket(5_000);
    await chat.open();
    await chat.advance(5_000);
    const error = await rejection(session.sendMessage({ message: "x", contentType: "text/plain" }));
    await rejection(session.resendMessage(String(Reflect.get(Object(error), "messageId"))));
    const newest = { maxResults: 100, sortOrder: "ASCENDING", scanDirection: "BACKWARD", startPosition: {} };
    const recoveryRequest = {
      maxResults: 100,
      sortOrder: "ASCENDING",
      scanDirection: "FORWARD",
      startPosition: { absoluteTime: expect.stringMatching(/^2\d{3}-.*Z$/) as unknown },
    };
    const requests = custom.argsOf("getTranscript").map(([, args]) => args);
    expect(requests).toHaveLength(3);
    expect(requests).toEqual(expect.arrayContaining([recoveryRequest, newest]));
    expect(requests.at(-1)).toStrictEqual(newest);
    session.dispose();
  });

  test("its own copy of the arguments, which it may modify", async () => {
    const session = await connectCustomer({
      getTranscript: (_token: string, args: { nextToken?: string; startPosition: { id?: string } }) => {
        args.nextToken = "mine";
        args.startPosition.id = "mine";
        return { data: { Transcript: [] } };
      },
    });
    session.onTranscriptUpdated(() => undefined);
    for (let times = 0; times < 2; times += 1) {
      chat.platform.socket.end();
      await chat.nextSocket(5_000);
      await chat.open();
      await chat.advance(5_000);
    }
    chat.library.ChatSession.setGlobalConfig({ customChatClient: null });
    const other = new ChatUnderTest();
    const bundled = other.customer();
    bundled.onTranscriptUpdated(() => undefined);
    await other.connected(bundled);
    expect(other.service.to("/participant/transcript").map(({ body }) => body)).toEqual([
      { MaxResults: 100, SortOrder: "ASCENDING", ScanDirection: "BACKWARD", StartPosition: {} },
    ]);
    session.dispose();
    bundled.dispose();
  });

  test("an event's content unchanged, even if it is an object that JSON can't represent", async () => {
    const session = await connectCustomer({ sendEvent: () => ({ data: {} }) });
    const circle: Record<string, unknown> = { a: 1 };
    circle["self"] = circle;
    for (const content of ["text", circle, null, undefined, ""]) {
      await session.sendEvent({ contentType: CONNECTED, ...(content !== undefined && { content }) });
    }
    const calls = custom.argsOf("sendEvent");
    expect(calls).toEqual(
      ["text", circle, null, null, null].map((content) => [TOKEN, CONNECTED, content, UUID]),
    );
    expect(calls[1]?.[2]).toBe(circle);
    expect(new Set(calls.map(([, , , token]) => token)).size).toBe(5);
  });

  test("a receipt's content unchanged, and an idempotency token for each receipt", async () => {
    const session = await connectCustomer();
    const object = { messageId: "1", disableThrottle: true };
    await session.sendEvent({ contentType: READ, content: object });
    await session.sendEvent({ contentType: READ, content: JSON.stringify({ ...object, messageId: "2" }) });
    await session.sendMessageReceipt({ event: "read", messageId: "3" });
    expect(custom.argsOf("sendEvent")).toEqual([
      [TOKEN, READ, object, UUID],
      [TOKEN, READ, '{"messageId":"2","disableThrottle":true}', UUID],
      [TOKEN, READ, '{"messageId":"3"}', UUID],
    ]);
  });

  test("every typing event, because only the bundled client throttles typing events", async () => {
    const session = await connectCustomer();
    await session.sendEvent({ contentType: TYPING });
    await session.sendEvent({ contentType: TYPING });
    expect(custom.argsOf("sendEvent")).toHaveLength(2);
  });

  test("a file with the caller's metadata, or with undefined if the caller passes no metadata", async () => {
    const session = await connectCustomer({ sendAttachment: () => ({ data: {} }) });
    const attachment = new File(["a"], "a.txt", { type: "text/plain" });
    await session.sendAttachment({ attachment });
    await session.sendAttachment({ attachment, metadata: null });
    await session.sendAttachment({ attachment, metadata: { my: "own" } });
    expect(custom.argsOf("sendAttachment")).toStrictEqual([
      [TOKEN, attachment, undefined],
      [TOKEN, attachment, null],
      [TOKEN, attachment, { my: "own" }],
    ]);
  });

  test("a message's content before its type, and a view's token before anything else", async () => {
    const session = await connectCustomer();
    await session.sendMessage({ message: "x", contentType: "text/plain" });
    await session.sendMessage({ message: "x", contentType: "text/plain", clientToken: "mine" });
    chat.service.on("/participant/views/v", () => new Response('{"View":{}}'));
    await session.describeView({ viewToken: "v" });
    expect(custom.argsOf("sendMessage")).toEqual([
      [TOKEN, "x", "text/plain", UUID],
      [TOKEN, "x", "text/plain", "mine"],
    ]);
    expect(custom.argsOf("describeView")).toEqual([["v", TOKEN]]);
  });
});

/** The session's call for each client method that resolves with `{ data }`. */
const CALLS: Readonly<Partial<Record<ClientMethod, (session: CustomerChatSession) => Promise<unknown>>>> = {
  sendMessage: (session) => session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
  sendEvent: (session) => session.sendEvent({ contentType: TYPING, metadata: "m" }),
  getTranscript: (session) => session.getTranscript({ metadata: "m" }),
  sendAttachment: (session) =>
    session.sendAttachment({ attachment: new File(["a"], "a.txt"), metadata: "m" }),
  describeView: (session) => session.describeView({ viewToken: "v", metadata: "m" }),
  getAuthenticationUrl: (session) =>
    session.getAuthenticationUrl({ redirectUri: "r", sessionId: "s", metadata: "m" }),
  cancelParticipantAuthentication: (session) =>
    session.cancelParticipantAuthentication({ sessionId: "s", metadata: "m" }),
};
const CALLS_WITH_DATA = Object.entries(CALLS) as [ClientMethod, NonNullable<(typeof CALLS)[ClientMethod]>][];

const INVALID_RESULTS = [undefined, null, "text", 7, []];

describe("a custom client's successful result", () => {
  test.each(CALLS_WITH_DATA)("without data makes %s() resolve without data", async (name, call) => {
    const session = await connectCustomer({ [name]: () => ({}) });
    expect(await call(session)).toStrictEqual({ metadata: "m" });
  });

  test.each(CALLS_WITH_DATA)(
    "with data of an unexpected type makes %s() resolve with that data unchanged",
    async (name, call) => {
      for (const data of ["junk", null, 7, { Transcript: "junk" }]) {
        const chat = new ChatUnderTest();
        const { client } = new CustomClient(chat.platform, { [name]: () => ({ data, more: 1 }) });
        chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
        const session = await chat.connected(chat.customer());
        expect(await call(session)).toStrictEqual({ data, metadata: "m" });
      }
    },
  );

  test("without data makes a receipt's sendEvent() resolve without data", async () => {
    const session = await connectCustomer({ sendEvent: () => ({}) });
    const content = { messageId: "1", disableThrottle: true };
    expect(await session.sendEvent({ contentType: READ, content })).toStrictEqual({ metadata: null });
  });

  test.each([{}, ...INVALID_RESULTS])(
    "can be anything, even %j, if it comes from disconnectParticipant()",
    async (result) => {
      const session = await connectCustomer({ disconnectParticipant: () => result });
      expect(await session.disconnectParticipant({ metadata: "m" })).toStrictEqual({ metadata: "m" });
    },
  );
});

describe("a custom client's invalid result", () => {
  const cases = CALLS_WITH_DATA.flatMap(([name, call]) =>
    INVALID_RESULTS.map((result) => [name, result, call] as const),
  );

  test.each(cases)(
    "makes %s() reject with an InvalidResponse that names the method: %j",
    async (name, result, call) => {
      const session = await connectCustomer({ [name]: () => result });
      const error = await rejection(call(session));
      expect(error).toMatchObject({ code: "InvalidResponse", metadata: "m" });
      // The message says what the method must resolve with, and the type of the actual value.
      const expected = new RegExp(
        `^The customChatClient's ${name}\\(\\) must resolve with \\{ data.*; got [a-z ]+\\.$`,
      );
      expect(error).toHaveProperty("message", expect.stringMatching(expected));
    },
  );

  test.each(INVALID_RESULTS.filter((result) => !Array.isArray(result)))(
    "makes downloadAttachment() reject with an InvalidResponse: %j",
    async (result) => {
      const session = await connectCustomer({ downloadAttachment: () => result });
      const error = await rejection(session.downloadAttachment({ attachmentId: "a" }));
      expect(error).toMatchObject({ code: "InvalidResponse" });
      expect(error).toHaveProperty("message", expect.stringContaining("Blob"));
    },
  );

  test.each([undefined, null, {}, 7])(
    "makes getAttachmentURL() reject with an InvalidResponse: %j",
    async (result) => {
      const session = await connectCustomer({ getAttachmentURL: () => result });
      expect(await rejection(session.getAttachmentURL({ attachmentId: "a" }))).toMatchObject({
        code: "InvalidResponse",
      });
    },
  );

  test.each([undefined, {}, { data: "text" }])(
    "makes connect() reject if it comes from createParticipantConnection(): %j",
    async (result) => {
      custom = new CustomClient(chat.platform, { createParticipantConnection: () => result });
      chat.library.ChatSession.setGlobalConfig({ customChatClient: custom.client });
      const session = chat.customer();
      const error = await rejection(session.connect());
      expect(error).toMatchObject({ connectSuccess: false, code: "InvalidResponse" });
      expect(error).toHaveProperty("message", expect.stringContaining("createParticipantConnection()"));
      expect(session.getChatDetails().connectionDetails).toBeNull();
      expect(chat.leftovers).toEqual(NOTHING_LEFT);
    },
  );
});

describe("an invalid transcript", () => {
  const JUNK = [
    undefined,
    null,
    "text",
    {},
    { data: null },
    { data: "text" },
    { data: {} },
    { data: { Transcript: "x" } },
  ];
  const junkThenValid = (junk: unknown): MethodOverrides => {
    let remaining = 1;
    return {
      getTranscript: () =>
        (remaining -= 1) >= 0 ? junk : { data: { Transcript: [chat.item({ Id: "stored" })] } },
    };
  };

  test.each(JUNK)("fails a recovery's request, which is retried: %j", async (junk) => {
    const session = await connectCustomer(junkThenValid(junk));
    const ids: unknown[] = [];
    const outcomes: unknown[] = [];
    session.onMessage(({ data }) => ids.push(data.Id));
    session.onMessagesRecovered(({ data }) => outcomes.push(data));
    chat.platform.socket.end();
    await chat.nextSocket(5_000);
    await chat.open();
    await chat.advance(10_000);
    expect(ids).toEqual(["stored"]);
    expect(outcomes).toEqual([{ count: 1, complete: true }]);
    session.dispose();
  });

  test.each(JUNK)("fails the transcript fetch, which is retried: %j", async (junk) => {
    custom = new CustomClient(chat.platform, junkThenValid(junk));
    chat.library.ChatSession.setGlobalConfig({ customChatClient: custom.client });
    const session = chat.customer();
    const transcripts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => transcripts.push(data.transcript.map(({ Id }) => Id)));
    await chat.connected(session);
    await chat.advance(5_000);
    expect(transcripts).toEqual([["stored"]]);
    session.dispose();
  });

  test.each(JUNK)("fails the lookup of a message before its resend, which is retried: %j", async (junk) => {
    let sendCount = 0;
    const session = await connectCustomer({
      ...junkThenValid(junk),
      sendMessage: () => {
        sendCount += 1;
        if (sendCount === 1) throw Object.assign(new Error("no"), { statusCode: 400 });
        return { data: { Id: "sent", AbsoluteTime: "2026-01-01T00:00:01.000Z" } };
      },
    });
    const error = await rejection(session.sendMessage({ message: "x", contentType: "text/plain" }));
    const resending = session.resendMessage(String(Reflect.get(Object(error), "messageId")));
    await chat.advance(5_000);
    expect(await resending).toMatchObject({ data: { Id: "sent" } });
    expect(custom.argsOf("getTranscript")).toHaveLength(2);
    session.dispose();
  });

  test.each([{}, { data: { Transcript: "x" } }])(
    "makes history() reject with an InvalidResponse: %j",
    async (junk) => {
      const session = await connectCustomer({ getTranscript: () => junk });
      const items = session.history();
      expect(await rejection(items.next())).toMatchObject({ code: "InvalidResponse" });
    },
  );

  test("loses only its invalid items, and getTranscript() returns the other items", async () => {
    const session = await connectCustomer({
      getTranscript: () => ({ data: { Transcript: [null, "x", { Id: 7 }, chat.item({ Id: "good" })] } }),
    });
    expect((await session.getTranscript()).data.Transcript.map(({ Id }) => Id)).toEqual(["good"]);
  });
});

test("if sendMessage() resolves with fields of the wrong type, the message gets its Id from its echo", async () => {
  const session = await connectCustomer({ sendMessage: () => ({ data: { Id: 7, AbsoluteTime: {} } }) });
  const transcripts: unknown[] = [];
  session.onTranscriptUpdated(({ data }) =>
    transcripts.push(data.transcript.map(({ Id, MessageMetadata }) => [Id, MessageMetadata?.Status])),
  );
  await session.sendMessage({ message: "hello", contentType: "text/plain" });
  await chat.receive(chat.item({ Id: "echo", Content: "hello", ParticipantId: "me" }));
  expect(transcripts.at(-1)).toEqual([["echo", "SENT"]]);
  session.dispose();
});

test("a custom client's error keeps its status, type and message", async () => {
  const clientError = Object.assign(new Error("Not yours."), {
    statusCode: 403,
    type: "AccessDeniedException",
  });
  const session = await connectCustomer({ describeView: () => Promise.reject(clientError) });
  expect(await rejection(session.describeView({ viewToken: "v" }))).toMatchObject({
    code: "ClientError",
    statusCode: 403,
    type: "AccessDeniedException",
    message: "Not yours.",
    cause: clientError,
  });
  session.dispose();
});

test("all 20 messages that were missed in a gap are recovered through a custom client that reads args.startPosition", async () => {
  const stored = new StoredTranscript(chat);
  const session = await connectCustomer({
    getTranscript: (_: string, args: { maxResults: number; startPosition: { absoluteTime?: string } }) => {
      const from = Date.parse(args.startPosition.absoluteTime ?? "");
      const missedItems = stored.items.filter((item) => Date.parse(String(item["AbsoluteTime"])) >= from);
      return {
        data: { InitialContactId: chat.contactId, Transcript: missedItems.slice(0, args.maxResults) },
      };
    },
  });
  const ids: unknown[] = [];
  session.onMessage(({ data }) => ids.push(data.Id));
  chat.platform.socket.end();
  await chat.nextSocket(5_000);
  const missedIds = Array.from({ length: 20 }, (_, index) => `missed-${index}`);
  for (const Id of missedIds) stored.store({ Id });
  await chat.open();
  await chat.advance(10_000);
  expect(ids).toEqual(missedIds);
  session.dispose();
});
