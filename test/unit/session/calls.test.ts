import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatEventContentType, ChatMessageContentType } from "../../../src/api/content-types";
import type { CustomerChatSession } from "../../../src/api/session";
import { isChatError } from "../../../src/errors";
import { MESSAGE_CONTENT_TYPES } from "../../../src/conversation/content-types";
import { ChatUnderTest, EVENT, NOTHING_LEFT } from "../../support/chat-under-test";
import { cutNetwork, deferred, errorResponse, json, rejection, silence } from "../../support/fake-service";

const MESSAGE = "/participant/message";
const EVENTS = "/participant/event";
const TRANSCRIPT = "/participant/transcript";
const DISCONNECT = "/participant/disconnect";
/** The message content types that MESSAGE_CONTENT_TYPES lists or that have Amazon Connect's prefix. */
type AcceptedContentType =
  | (typeof MESSAGE_CONTENT_TYPES)[number]
  | Extract<ChatMessageContentType, `application/vnd.amazonaws.connect.${string}`>;

/** Every event content type. If one is missing, this file doesn't compile. */
const EVENT_CONTENT_TYPES = Object.keys({
  "application/vnd.amazonaws.connect.event.typing": true,
  "application/vnd.amazonaws.connect.event.message.read": true,
  "application/vnd.amazonaws.connect.event.message.delivered": true,
  "application/vnd.amazonaws.connect.event.connection.acknowledged": true,
  "application/vnd.amazonaws.connect.event.chat.ended": true,
  "application/vnd.amazonaws.connect.event.chat.rehydrated": true,
  "application/vnd.amazonaws.connect.event.workflow.cancelled": true, // cspell:disable-line
  "application/vnd.amazonaws.connect.event.participant.joined": true,
  "application/vnd.amazonaws.connect.event.participant.left": true,
  "application/vnd.amazonaws.connect.event.participant.active": true,
  "application/vnd.amazonaws.connect.event.participant.inactive": true,
  "application/vnd.amazonaws.connect.event.participant.idle": true,
  "application/vnd.amazonaws.connect.event.participant.returned": true,
  "application/vnd.amazonaws.connect.event.participant.invited": true,
  "application/vnd.amazonaws.connect.event.participant.autodisconnection": true,
  "application/vnd.amazonaws.connect.event.participant.displayname.updated": true,
  "application/vnd.amazonaws.connect.event.transfer.succeeded": true,
  "application/vnd.amazonaws.connect.event.transfer.failed": true,
  "application/vnd.amazonaws.connect.event.authentication.initiated": true,
  "application/vnd.amazonaws.connect.event.authentication.succeeded": true,
  "application/vnd.amazonaws.connect.event.authentication.failed": true,
  "application/vnd.amazonaws.connect.event.authentication.timeout": true,
  "application/vnd.amazonaws.connect.event.authentication.expired": true,
  "application/vnd.amazonaws.connect.event.authentication.cancelled": true, // cspell:disable-line
} satisfies Record<ChatEventContentType, true>) as ChatEventContentType[];
const TYPING = "application/vnd.amazonaws.connect.event.typing";
const ACKNOWLEDGED = "application/vnd.amazonaws.connect.event.connection.acknowledged";
const READ = "application/vnd.amazonaws.connect.event.message.read";

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(() => {
  chat = new ChatUnderTest();
  session = chat.customer();
});

afterEach(() => {
  session.dispose();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const connect = (): Promise<CustomerChatSession> => chat.connected(session);

/** Makes a call with unchecked arguments, like plain JavaScript. */
function call(name: string, args?: unknown): Promise<unknown> {
  const method: unknown = Reflect.get(session, name);
  if (typeof method !== "function") throw new Error(`No call ${name}.`);
  const result: unknown = Reflect.apply(method, undefined, args === undefined ? [] : [args]);
  expect(result).toBeInstanceOf(Promise);
  return Promise.resolve(result);
}

const FILE = new File(["abc"], "a.txt", { type: "text/plain" });
const VALID_ARGUMENTS: Readonly<Record<string, object>> = {
  sendMessage: { message: "hello", contentType: "text/plain" },
  sendEvent: { contentType: TYPING },
  getTranscript: {},
  sendAttachment: { attachment: FILE },
  downloadAttachment: { attachmentId: "1" },
  getAttachmentURL: { attachmentId: "1" },
};

describe("before connect()", () => {
  test.each([...Object.keys(VALID_ARGUMENTS), "disconnectParticipant"])(
    "%s rejects with IllegalState",
    async (name) => {
      const error = await rejection(
        call(name, VALID_ARGUMENTS[name] && { ...VALID_ARGUMENTS[name], metadata: "mine" }),
      );
      expect(isChatError(error)).toBe(true);
      expect(error).toMatchObject({
        code: "IllegalState",
        type: "IllegalState",
        metadata: VALID_ARGUMENTS[name] ? "mine" : null,
      });
      expect(chat.service.calls).toEqual([]);
    },
  );
});

describe("REL-25: a call with a bad argument rejects with the field and the metadata, and sends nothing", () => {
  const text = { contentType: "text/plain" };
  const read = { contentType: `${EVENT}message.read` };
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;

  test.each<[call: string, field: string, args: Record<string, unknown>]>([
    ["sendMessage", "message", { ...text }],
    ["sendMessage", "message", { ...text, message: 5 }],
    ["sendMessage", "message", { ...text, message: { text: "hello" } }],
    ["sendMessage", "message", { ...text, message: null }],
    ["sendMessage", "contentType", { message: "hello" }],
    ["sendMessage", "contentType", { message: "hello", contentType: "text/html" }],
    ["sendMessage", "contentType", { message: "hello", contentType: 5 }],
    ["sendMessage", "clientToken", { message: "hello", ...text, clientToken: 5 }],
    ["sendMessage", "signal", { message: "hello", ...text, signal: "stop" }],
    ["sendEvent", "contentType", {}],
    ["sendEvent", "contentType", { contentType: "typing" }],
    ["sendEvent", "content", { ...read, content: 5 }],
    ["sendEvent", "content", { ...read, content: true }],
    ["sendEvent", "content", { contentType: TYPING, content: circle }],
    ["sendEvent", "clientToken", { ...read, clientToken: {} }],
    ["sendEvent", "signal", { ...read, signal: {} }],
    ["sendEvent", "content", { contentType: TYPING, content: 5 }],
    ["getTranscript", "maxResults", { maxResults: "15" }],
    ["getTranscript", "maxResults", { maxResults: Infinity }],
    ["getTranscript", "sortOrder", { sortOrder: 5 }],
    ["getTranscript", "scanDirection", { scanDirection: true }],
    ["getTranscript", "startPosition", { startPosition: "start" }],
    ["getTranscript", "startPosition.id", { startPosition: { id: 5 } }],
    ["getTranscript", "startPosition.absoluteTime", { startPosition: { absoluteTime: 5 } }],
    ["getTranscript", "startPosition.mostRecent", { startPosition: { mostRecent: "5" } }],
    ["getTranscript", "nextToken", { nextToken: 5 }],
    ["getTranscript", "contactId", { contactId: {} }],
    ["getTranscript", "signal", { signal: 5 }],
    ["sendAttachment", "attachment", {}],
    ["sendAttachment", "attachment", { attachment: "file" }],
    ["sendAttachment", "attachment", { attachment: new File([], "empty.txt") }],
    [
      "sendAttachment",
      "attachment",
      { attachment: { uri: "file:///a.txt", name: "a.txt", type: "text/plain" } },
    ],
    ["sendAttachment", "signal", { attachment: FILE, signal: 5 }],
    ["downloadAttachment", "attachmentId", {}],
    ["downloadAttachment", "attachmentId", { attachmentId: 5 }],
    ["downloadAttachment", "urlExpiryInSeconds", { attachmentId: "1", urlExpiryInSeconds: "60" }],
    ["downloadAttachment", "urlExpiryInSeconds", { attachmentId: "1", urlExpiryInSeconds: NaN }],
    ["getAttachmentURL", "urlExpiryInSeconds", { attachmentId: "1", urlExpiryInSeconds: {} }],
    ["getAttachmentURL", "attachmentId", {}],
    ["getAttachmentURL", "attachmentId", { attachmentId: null }],
  ])("%s() with a bad %s (case %#)", async (name, field, args) => {
    await connect();
    const before = chat.service.calls.length;
    const metadata = { my: "own" };
    const error = await rejection(call(name, { ...args, metadata }));
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code: "IllegalArgument", type: "IllegalArgument", field });
    expect(error).toHaveProperty("metadata", metadata);
    expect(error).toHaveProperty("message", expect.stringContaining(field));
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ type: "IllegalArgument", field, metadata });
    expect(chat.service.calls).toHaveLength(before);
  });

  test.each(Object.keys(VALID_ARGUMENTS).filter((name) => name !== "getTranscript"))(
    "%s() without an arguments object",
    async (name) => {
      await connect();
      expect(await rejection(call(name))).toMatchObject({ code: "IllegalArgument", field: "arguments" });
      expect(await rejection(call(name, "text"))).toMatchObject({
        code: "IllegalArgument",
        field: "arguments",
      });
      expect(await rejection(call(name, []))).toMatchObject({ code: "IllegalArgument", field: "arguments" });
    },
  );

  test.each(Object.keys(VALID_ARGUMENTS))("%s() through the controller", async (name) => {
    const method: unknown = Reflect.get(session.controller, name);
    if (typeof method !== "function") throw new Error(`No call ${name}.`);
    const result: unknown = Reflect.apply(method, session.controller, [{ contentType: 5, maxResults: {} }]);
    expect(await rejection(Promise.resolve(result))).toMatchObject({ code: "IllegalArgument" });
  });
});

describe("a call that succeeds", () => {
  test("sendMessage() resolves with {data, metadata}", async () => {
    await connect();
    const result = await session.sendMessage({ message: "hello", contentType: "text/plain", metadata: 5 });
    expect(result).toEqual({
      data: { Id: "sent-1", AbsoluteTime: "2026-01-01T00:00:00.000Z" },
      metadata: 5,
    });
    expect(chat.service.to(MESSAGE)[0]).toMatchObject({
      bearer: "connection-token-1",
      body: { Content: "hello", ContentType: "text/plain" },
    });
  });

  test("metadata is null if the caller passes no metadata", async () => {
    await connect();
    expect(await session.sendMessage({ message: "hello", contentType: "text/plain" })).toHaveProperty(
      "metadata",
      null,
    );
    expect(await session.disconnectParticipant()).toEqual({ data: {}, metadata: null });
  });

  test("metadata is returned unchanged, even if it is falsy", async () => {
    await connect();
    const metadata = { deep: [1] };
    expect((await session.getTranscript({ metadata })).metadata).toBe(metadata);
    expect((await session.getTranscript({ metadata: 0 })).metadata).toBe(0);
    expect((await session.getTranscript({ metadata: "" })).metadata).toBe("");
    expect((await session.getTranscript({ metadata: false })).metadata).toBe(false);
  });

  test("getTranscript() requests the newest fifteen items, oldest first, by default", async () => {
    await connect();
    await session.getTranscript();
    await session.getTranscript({
      maxResults: 3,
      sortOrder: "DESCENDING",
      scanDirection: "FORWARD",
      startPosition: { id: "1", absoluteTime: "t", mostRecent: 2 },
      nextToken: "next",
      contactId: "other",
    });
    await session.getTranscript({ nextToken: null, startPosition: {} });
    const defaults = {
      MaxResults: 15,
      SortOrder: "ASCENDING",
      ScanDirection: "BACKWARD",
      StartPosition: {},
    };
    expect(chat.service.to(TRANSCRIPT).map(({ body }) => body)).toEqual([
      defaults,
      {
        MaxResults: 3,
        SortOrder: "DESCENDING",
        ScanDirection: "FORWARD",
        StartPosition: { Id: "1", AbsoluteTime: "t", MostRecent: 2 },
        NextToken: "next",
        ContactId: "other",
      },
      defaults,
    ]);
  });

  test("sendEvent() sends a string unchanged and an object as JSON, and omits missing content", async () => {
    await connect();
    const contentType = ACKNOWLEDGED;
    await session.sendEvent({ contentType, content: "text" });
    await session.sendEvent({ contentType, content: { a: 1 } });
    await session.sendEvent({ contentType, content: null });
    await session.sendEvent({ contentType });
    const contents = chat.service.to(EVENTS).map(({ body }) => body["Content"]);
    expect(contents).toEqual(["text", '{"a":1}', undefined, undefined]);
  });

  test("sendMessage() and sendEvent() both accept every known content type", async () => {
    // The next line compiles only if MESSAGE_CONTENT_TYPES lists every declared type that lacks the prefix.
    const unlistedTypes: [Exclude<ChatMessageContentType, AcceptedContentType>] extends [never]
      ? []
      : [string] = [];
    expect(unlistedTypes).toEqual([]);
    await connect();
    const types = [
      ...MESSAGE_CONTENT_TYPES,
      "application/vnd.amazonaws.connect.message.interactive" as const,
      "application/vnd.amazonaws.connect.message.interactive.response" as const,
      ...EVENT_CONTENT_TYPES,
    ];
    // sendEvent() throttles typing events and receipts.
    const immediateTypes = types.filter((type) => !/event\.(typing|message\.(read|delivered))$/.test(type));
    for (const contentType of types) await session.sendMessage({ message: "hello", contentType });
    for (const contentType of immediateTypes) await session.sendEvent({ contentType });
    expect(chat.service.to(MESSAGE).map(({ body }) => body["ContentType"])).toEqual(types);
    expect(chat.service.to(EVENTS).map(({ body }) => body["ContentType"])).toEqual(immediateTypes);
  });

  test("downloadAttachment() resolves with a Blob that has the metadata, and getAttachmentURL() with a string", async () => {
    await connect();
    const blob = await session.downloadAttachment({ attachmentId: "1", metadata: "mine" });
    expect(blob).toBeInstanceOf(Blob);
    expect(await blob.text()).toBe("the file");
    expect(blob.metadata).toBe("mine");
    expect(await session.getAttachmentURL({ attachmentId: "1" })).toBe(
      "https://storage.test/file?signature=1",
    );
  });

  test("sendAttachment() resolves with {data, metadata}", async () => {
    await connect();
    expect(await session.sendAttachment({ attachment: FILE, metadata: 1 })).toEqual({
      data: {},
      metadata: 1,
    });
  });

  test("works even if its function is detached from the session", async () => {
    await connect();
    const { sendMessage } = session;
    expect(await sendMessage({ message: "hello", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
      "sent-1",
    );
  });
});

describe("a call", () => {
  test("that fails rejects with an error whose own enumerable properties include the service's type, message and status, and the metadata", async () => {
    await connect();
    chat.service.on(TRANSCRIPT, () => errorResponse(400, "ValidationException"));
    const error = await rejection(session.getTranscript({ metadata: "mine" }));
    expect(error).toBeInstanceOf(Error);
    expect({ ...Object(error) }).toMatchObject({
      type: "ValidationException",
      message: "refused",
      statusCode: 400,
      metadata: "mine",
    });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      type: "ValidationException",
      message: "refused",
      statusCode: 400,
      metadata: "mine",
    });
  });

  test("has the same idempotency token in all attempts, and another call has a different token", async () => {
    await connect();
    chat.service.next(MESSAGE, cutNetwork, () => errorResponse(500, "InternalServerException"));
    chat.service.next(EVENTS, () => errorResponse(429, "ThrottlingException"));
    const first = session.sendMessage({ message: "one", contentType: "text/plain" });
    await chat.advance(10_000);
    await first;
    await session.sendMessage({ message: "two", contentType: "text/plain" });
    const event = session.sendEvent({ contentType: ACKNOWLEDGED });
    await chat.advance(10_000);
    await event;
    const tokens = (path: string): unknown[] => chat.service.to(path).map(({ body }) => body["ClientToken"]);
    const [token, retryToken, secondRetryToken, otherToken] = tokens(MESSAGE);
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    expect([retryToken, secondRetryToken]).toEqual([token, token]);
    expect(otherToken).not.toBe(token);
    expect(tokens(EVENTS)).toHaveLength(2);
    expect(new Set(tokens(EVENTS)).size).toBe(1);
    expect(tokens(EVENTS)[0]).not.toBe(otherToken);
  });

  test("keeps its idempotency token when the connection token is renewed", async () => {
    await connect();
    chat.service.next(MESSAGE, () => errorResponse(403, "AccessDeniedException"));
    await session.sendMessage({ message: "one", contentType: "text/plain" });
    const [before, after] = chat.service.to(MESSAGE);
    expect(before?.body["ClientToken"]).toBe(after?.body["ClientToken"]);
    expect([before?.bearer, after?.bearer]).toEqual(["connection-token-1", "connection-token-2"]);
  });

  test("uses the caller's idempotency token", async () => {
    await connect();
    await session.sendMessage({ message: "one", contentType: "text/plain", clientToken: "mine" });
    expect(chat.service.to(MESSAGE)[0]?.body).toHaveProperty("ClientToken", "mine");
    const content = { messageId: "m", disableThrottle: true };
    await session.sendEvent({ contentType: `${EVENT}message.read`, content, clientToken: "receipt's" });
    expect(chat.service.calls.at(-1)?.body).toHaveProperty("ClientToken", "receipt's");
  });

  test("is aborted by its signal while it is in flight", async () => {
    await connect();
    chat.service.on(TRANSCRIPT, silence);
    const controller = new AbortController();
    const call = rejection(session.getTranscript({ signal: controller.signal, metadata: 1 }));
    await chat.platform.settle();
    controller.abort();
    expect(await call).toMatchObject({ code: "Aborted", metadata: 1 });
  });

  test("is aborted by its signal while it is in flight or queued, even if it is disconnectParticipant()", async () => {
    await connect();
    chat.service.on(DISCONNECT, silence);
    const controller = new AbortController();
    const first = rejection(session.disconnectParticipant({ signal: controller.signal, metadata: "first" }));
    const second = rejection(session.disconnectParticipant({ signal: controller.signal }));
    await chat.platform.settle();
    controller.abort();
    expect(await first).toMatchObject({ code: "Aborted", metadata: "first" });
    expect(await second).toMatchObject({ code: "Aborted" });
    await chat.platform.settle();
    expect(chat.service.to(DISCONNECT)).toHaveLength(1);
    expect(session.connectionState).toBe("connected");
  });

  test("is aborted by its signal if it is a receipt that waits in a batch, and the batch is sent without the receipt", async () => {
    await connect();
    const controller = new AbortController();
    const receipt = (messageId: string, more: object): Promise<unknown> =>
      session.sendEvent({
        contentType: "application/vnd.amazonaws.connect.event.message.read",
        content: { messageId },
        ...more,
      });
    const otherReceipt = receipt("m-1", {});
    const abortedReceipt = rejection(receipt("m-2", { signal: controller.signal, metadata: 2 }));
    controller.abort();
    expect(await abortedReceipt).toMatchObject({ code: "Aborted", metadata: 2 });
    await chat.advance(5_000);
    await otherReceipt;
    expect(chat.service.to("/participant/event").map(({ body }) => body["Content"])).toEqual([
      JSON.stringify({ messageId: "m-1" }),
    ]);
  });

  test("rejects with its own metadata, even if several calls fail for the same reason", async () => {
    await connect();
    chat.service.on(TRANSCRIPT, silence);
    const first = rejection(session.getTranscript({ metadata: "first" }));
    const second = rejection(session.getTranscript({ metadata: "second" }));
    await chat.platform.settle();
    session.dispose();
    expect(await first).toMatchObject({ code: "Aborted", metadata: "first" });
    expect(await second).toMatchObject({ code: "Aborted", metadata: "second" });
  });
});

describe("messages are sent one at a time, in call order", () => {
  const send = (message: string): Promise<unknown> =>
    session.sendMessage({ message, contentType: "text/plain" });
  const sentTexts = (): unknown[] => chat.service.to(MESSAGE).map(({ body }) => body["Content"]);

  test("the second message waits for the first message's response", async () => {
    await connect();
    const response = deferred<Response>();
    chat.service.next(MESSAGE, () => response.promise);
    const results = Promise.all([send("one"), send("two"), send("three")]);
    await chat.platform.settle();
    expect(sentTexts()).toEqual(["one"]);
    response.resolve(json({ Id: "1", AbsoluteTime: "t" }));
    await results;
    expect(sentTexts()).toEqual(["one", "two", "three"]);
  });

  test("a retried message isn't overtaken", async () => {
    await connect();
    chat.service.next(MESSAGE, cutNetwork);
    const results = Promise.all([send("one"), send("two")]);
    await chat.advance(5_000);
    await results;
    expect(sentTexts()).toEqual(["one", "one", "two"]);
  });

  test("a failed message rejects, and the next message is sent", async () => {
    await connect();
    chat.service.next(MESSAGE, () => errorResponse(400, "ValidationException"));
    const first = rejection(send("one"));
    const second = send("two");
    expect(await first).toMatchObject({ statusCode: 400 });
    expect(await second).toMatchObject({ data: { Id: "sent-1" } });
    expect(sentTexts()).toEqual(["one", "two"]);
  });

  test("a message with bad arguments rejects without delaying the other messages", async () => {
    await connect();
    const invalidMessage = rejection(call("sendMessage", { contentType: "text/plain" }));
    const validMessage = send("two");
    expect(await invalidMessage).toMatchObject({ code: "IllegalArgument" });
    expect(await validMessage).toMatchObject({ data: { Id: "sent-1" } });
  });

  test("events, transcripts and attachments don't wait for messages", async () => {
    await connect();
    chat.service.on(MESSAGE, silence);
    const message = send("one").catch(() => undefined);
    expect(await session.getTranscript()).toHaveProperty("data");
    expect(await session.sendEvent({ contentType: TYPING })).toHaveProperty("data");
    expect(await session.sendAttachment({ attachment: FILE })).toHaveProperty("data");
    session.dispose();
    await message;
  });

  test("disconnectParticipant() waits for earlier messages and is sent before later messages", async () => {
    await connect();
    const response = deferred<Response>();
    chat.service.next(MESSAGE, () => response.promise);
    const before = send("one");
    const disconnecting = session.disconnectParticipant();
    const after = send("the survey's answer");
    await chat.platform.settle();
    expect(chat.service.to("/participant/disconnect")).toEqual([]);
    response.resolve(json({ Id: "1", AbsoluteTime: "t" }));
    await before;
    expect(await disconnecting).toEqual({ data: {}, metadata: null });
    expect(await after).toMatchObject({ data: { Id: "sent-1" } });
    expect(sentTexts()).toEqual(["one", "the survey's answer"]);
  });
});

describe("typing events", () => {
  const typing = (of = session, metadata?: unknown): Promise<unknown> =>
    of.sendEvent({ contentType: TYPING, metadata });
  const countEvents = (): number => chat.service.to(EVENTS).length;

  test("are sent at most once in ten seconds, and other calls resolve with the earlier data and their own metadata", async () => {
    await connect();
    const first = await typing(session, "first");
    expect(first).toMatchObject({ data: { Id: expect.any(String) }, metadata: "first" });
    const { data } = first as { data: unknown };
    expect(await typing(session, "second")).toEqual({ data, metadata: "second" });
    await chat.advance(9_999);
    expect(await typing()).toEqual({ data, metadata: null });
    expect(countEvents()).toBe(1);
    await chat.advance(1);
    expect(await typing()).not.toEqual({ data, metadata: null });
    expect(countEvents()).toBe(2);
  });

  test.each([
    ["typing events", (metadata: string) => typing(session, metadata)],
    [
      "batched receipts",
      (metadata: string) =>
        session.sendEvent({ contentType: READ, content: { messageId: metadata }, metadata }),
    ],
  ])("%s that share a failed request reject with their own metadata", async (_, call) => {
    await connect();
    chat.service.on(EVENTS, () => errorResponse(400, "ValidationException"));
    const rejections = Promise.all([rejection(call("a")), rejection(call("b"))]);
    await chat.advance(6_000);
    expect(await rejections).toMatchObject([{ metadata: "a" }, { metadata: "b" }]);
    expect(countEvents()).toBe(1);
  });

  test("REL-30: typing events in one chat don't suppress typing events in another chat", async () => {
    await connect();
    const other = chat.customer({ contactId: `${chat.contactId}-other` });
    await chat.connected(other);
    await typing();
    await typing(other);
    expect(countEvents()).toBe(2);
    other.dispose();
  });

  test("aren't retried if they fail, and don't throttle the next typing event", async () => {
    await connect();
    chat.service.next(EVENTS, cutNetwork);
    expect(await rejection(typing())).toMatchObject({ code: "NetworkError" });
    await chat.advance(5_000);
    expect(countEvents()).toBe(1);
    expect(await typing()).toHaveProperty("data.Id", "sent-1");
  });

  test("reject instead of being throttled if their arguments are bad", async () => {
    await connect();
    await typing();
    expect(await rejection(call("sendEvent", { contentType: TYPING, content: 5 }))).toMatchObject({
      field: "content",
    });
  });

  test("don't delay other events", async () => {
    await connect();
    await typing();
    await session.sendEvent({ contentType: ACKNOWLEDGED });
    expect(countEvents()).toBe(2);
  });

  test("reject after dispose(), even within ten seconds of a typing event that was sent", async () => {
    await connect();
    await typing();
    session.dispose();
    expect(await rejection(typing())).toMatchObject({ code: "IllegalState" });
  });
});
