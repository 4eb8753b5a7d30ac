/**
 * Tests arguments that the library sends although the service may reject them, and hints that the library adds to the
 * service's errors. The tests of arguments that the library itself rejects are in calls.test.ts.
 *
 * @jest-environment node
 */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CallOptions } from "../../../src/api/client";
import type { CustomerChatSession } from "../../../src/api/session";
import { RECEIPT_CONTENT_TYPE } from "../../../src/conversation/content-types";
import { ServiceClient } from "../../../src/participant/service-client";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { errorResponse, json, rejection } from "../../support/fake-service";

const MESSAGE = "/participant/message";
const EVENTS = "/participant/event";
const TRANSCRIPT = "/participant/transcript";
const START = "/participant/start-attachment-upload";
const GET = "/participant/attachment";

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
});

afterEach(() => {
  session.dispose();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

/** Makes a call with unchecked arguments, like plain JavaScript. */
function call(name: keyof CustomerChatSession, args: unknown): Promise<unknown> {
  const method: unknown = session[name];
  if (typeof method !== "function") throw new Error(`No call ${name}.`);
  return Promise.resolve(Reflect.apply(method, undefined, [args]));
}

describe("if the library doesn't check the arguments,", () => {
  test.each<[call: keyof CustomerChatSession, path: string, args: object, body: object]>([
    ["downloadAttachment", GET, { attachmentId: "" }, { AttachmentId: "" }],
    ["getAttachmentURL", GET, { attachmentId: "" }, { AttachmentId: "" }],
    ["getAttachmentURL", GET, { attachmentId: "1", urlExpiryInSeconds: 0 }, { UrlExpiryInSeconds: 0 }],
    ["getAttachmentURL", GET, { attachmentId: "1", urlExpiryInSeconds: 1e6 }, { UrlExpiryInSeconds: 1e6 }],
    [
      "getAuthenticationUrl",
      "/participant/authentication-url",
      { redirectUri: "", sessionId: "" },
      { RedirectUri: "", SessionId: "" },
    ],
    [
      "cancelParticipantAuthentication",
      "/participant/cancel-authentication",
      { sessionId: "" },
      { SessionId: "" },
    ],
    ["getTranscript", TRANSCRIPT, { sortOrder: "newest" }, { SortOrder: "newest" }],
    ["getTranscript", TRANSCRIPT, { scanDirection: "backward" }, { ScanDirection: "backward" }],
    ["getTranscript", TRANSCRIPT, { scanDirection: "FORWARD" }, { StartPosition: {} }],
    ["getTranscript", TRANSCRIPT, { maxResults: 1000 }, { MaxResults: 1000 }],
    [
      "getTranscript",
      TRANSCRIPT,
      { startPosition: { mostRecent: -1 } },
      { StartPosition: { MostRecent: -1 } },
    ],
    ["sendMessage", MESSAGE, { message: "", contentType: "text/plain" }, { Content: "" }],
    [
      "sendMessage",
      MESSAGE,
      { message: "x".repeat(100_000), contentType: "text/plain" },
      { Content: "x".repeat(100_000) },
    ],
  ])(
    "%s() sends the arguments to %s unchanged and rejects with the service's 400 (case %#)",
    async (name, path, args, body) => {
      chat.service.on(path, () => errorResponse(400, "ValidationException"));
      expect(await rejection(call(name, args))).toMatchObject({ code: "ServiceError", statusCode: 400 });
      expect(chat.service.to(path)[0]?.body).toMatchObject(body);
    },
  );
});

describe("describeView()", () => {
  test("rejects an empty view token, because the token is part of the path", async () => {
    const before = chat.service.calls.length;
    expect(await rejection(session.describeView({ viewToken: "" }))).toMatchObject({
      code: "IllegalArgument",
      field: "viewToken",
    });
    expect(chat.service.calls).toHaveLength(before);
  });
});

describe("content types", () => {
  test.each([
    "application/vnd.amazonaws.connect.event.dance",
    "application/vnd.amazonaws.connect.message.carousel",
    "application/vnd.amazonaws.connect.something-new; version=2",
  ] as const)(
    "%s, which Amazon Connect may add in the future, is sent by sendMessage() and sendEvent()",
    async (contentType) => {
      await session.sendMessage({ message: "{}", contentType });
      await session.sendEvent({ contentType, content: "{}" });
      expect(chat.service.to(MESSAGE)[0]?.body).toMatchObject({ Content: "{}", ContentType: contentType });
      expect(chat.service.to(EVENTS)[0]?.body).toMatchObject({ Content: "{}", ContentType: contentType });
    },
  );

  test.each([
    "application/vnd.amazonaws.connect",
    "application/vnd.amazonaws.connected.event.typing",
    "application/vnd.amazonaws.other.event.typing",
    "text/html",
    "",
  ])("%j is rejected by sendMessage() and sendEvent()", async (contentType) => {
    const before = chat.service.calls.length;
    for (const name of ["sendMessage", "sendEvent"] as const) {
      expect(await rejection(call(name, { message: "x", contentType }))).toMatchObject({
        code: "IllegalArgument",
        field: "contentType",
      });
    }
    expect(chat.service.calls).toHaveLength(before);
  });

  test("a read receipt is batched, and a second receipt for the same message isn't sent", async () => {
    const contentType = RECEIPT_CONTENT_TYPE.read;
    const batchedReceipt = session.sendEvent({ contentType, content: { messageId: "m" } });
    await chat.advance(10_000);
    await batchedReceipt;
    expect(await session.sendEvent({ contentType, content: { messageId: "m" } })).toMatchObject({
      message: "Event already fired",
    });
  });
});

describe("a transcript request that the service rejects", () => {
  const HINT = 'scanDirection "FORWARD" needs a startPosition';
  const messageOf = async (args: object): Promise<unknown> => {
    const error = await rejection(call("getTranscript", { metadata: "mine", ...args }));
    expect(error).toMatchObject({ code: "ServiceError", metadata: "mine" });
    return error instanceof Error && error.message;
  };

  test.each([
    [{ scanDirection: "FORWARD" }],
    [{ scanDirection: "FORWARD", startPosition: null }],
    [{ scanDirection: "FORWARD", startPosition: {} }],
    [{ scanDirection: "FORWARD", startPosition: { id: "" } }],
  ])(
    "fails with the service's message and a hint if it is a FORWARD scan without a start position: %j",
    async (args) => {
      chat.service.on(TRANSCRIPT, () => json({ message: "invalid parameter" }, 400));
      expect(await messageOf(args)).toMatch(/^invalid parameter .*startPosition/);
      expect(chat.service.to(TRANSCRIPT)).toHaveLength(1);
    },
  );

  test("makes history()'s iteration reject with the same error", async () => {
    chat.service.on(TRANSCRIPT, () => errorResponse(400, "ValidationException"));
    const error = await rejection(session.history({ scanDirection: "FORWARD" }).next());
    expect(error).toMatchObject({ type: "ValidationException", message: expect.stringContaining(HINT) });
  });

  test.each([
    ["has a start position", { scanDirection: "FORWARD", startPosition: { id: "1" } }, 400],
    ["asks for a later page", { scanDirection: "FORWARD", nextToken: "next" }, 400],
    ["is a BACKWARD scan", {}, 400],
    ["gets a 404", { scanDirection: "FORWARD" }, 404],
  ])("fails with only the service's message if it %s", async (_condition, args, status) => {
    chat.service.on(TRANSCRIPT, () => json({ message: "invalid parameter" }, status));
    expect(await messageOf(args)).toBe("invalid parameter");
  });
});

describe("a custom chat client", () => {
  const receivedArgs: unknown[][] = [];

  class RecordingClient extends ServiceClient {
    constructor() {
      super(chat.platform, { endpoint: "https://service.test", userAgent: "own" });
    }
    override sendAttachment(...args: unknown[]): Promise<{ data: unknown }> {
      receivedArgs.push(args);
      return Promise.resolve({ data: {} });
    }
    override downloadAttachment(...args: unknown[]): Promise<Blob> {
      receivedArgs.push(args);
      return Promise.resolve(new Blob(["own"]));
    }
    override getAttachmentURL(...args: unknown[]): Promise<string> {
      receivedArgs.push(args);
      return Promise.resolve("https://own.test/file");
    }
    override getTranscript(): Promise<never> {
      return Promise.reject(Object.assign(new Error("No."), { type: "ValidationException" }));
    }
  }

  beforeEach(async () => {
    receivedArgs.length = 0;
    session.dispose();
    chat.library.ChatSession.setGlobalConfig({ customChatClient: new RecordingClient() });
    session = await chat.connected(chat.customer());
  });

  test.each<[what: string, attachment: object]>([
    ["a file of 200 MB", { name: "film.mkv", size: 200 * 1024 * 1024, type: "" }],
    ["a Blob without a name", new Blob(["a,b"], { type: "text/csv" })],
    ["a file picker's result", { uri: "file:///a", size: 3 }],
  ])("receives %s as the very object that the application passed", async (_what, attachment) => {
    expect(await call("sendAttachment", { attachment, metadata: "mine" })).toEqual({
      data: {},
      metadata: "mine",
    });
    expect(receivedArgs).toHaveLength(1);
    expect(receivedArgs[0]?.[1]).toBe(attachment);
    expect(chat.service.to(START)).toEqual([]);
  });

  test("receives urlExpiryInSeconds in its options, after the original arguments", async () => {
    await session.getAttachmentURL({ attachmentId: "1", urlExpiryInSeconds: 60 });
    await session.downloadAttachment({ attachmentId: "2", urlExpiryInSeconds: 5 });
    await session.getAttachmentURL({ attachmentId: "3" });
    const tokenArgs = receivedArgs.map(([token, id, options]) => [
      token,
      id,
      (options as CallOptions).urlExpiryInSeconds,
      Object.hasOwn(options as CallOptions, "urlExpiryInSeconds"),
    ]);
    const token = session.getChatDetails().connectionDetails?.connectionToken;
    expect(tokenArgs).toEqual([
      [token, "1", 60, true],
      [token, "2", 5, true],
      [token, "3", undefined, false],
    ]);
  });

  test("causes an error that names startPosition if it rejects a FORWARD scan without a start position", async () => {
    const error = await rejection(session.getTranscript({ scanDirection: "FORWARD" }));
    expect(error).toMatchObject({ message: expect.stringMatching(/^No\. .*startPosition/) });
  });
});
