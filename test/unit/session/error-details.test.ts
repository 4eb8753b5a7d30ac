import { beforeEach, expect, test } from "@jest/globals";
import { ChatClient } from "../../../src/api/client";
import type { ChatErrorCode } from "../../../src/api/errors";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest } from "../../support/chat-under-test";
import { cutNetwork, errorResponse, json, silence, type Responder } from "../../support/fake-service";

/** Tests the details that src/api/errors.ts declares for each error code. */

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
});

type Call = () => Promise<unknown>;

const MESSAGE = { message: "Hello", contentType: "text/plain" } as const;
const picture = (): File => new File(["abc"], "picture.png", { type: "image/png" });
const storageBusy: Responder = () => new Response("<Error><Code>SlowDown</Code></Error>", { status: 503 });
const html: Responder = () =>
  new Response("<html>", { status: 200, headers: { "content-type": "text/html" } });

const sendAfter =
  (responder: Responder): Call =>
  () => {
    chat.service.on("/participant/message", responder);
    return session.sendMessage(MESSAGE);
  };

const CALLS: readonly (readonly [code: ChatErrorCode, what: string, details: object, call: Call])[] = [
  [
    "IllegalArgument",
    "a message that is a number",
    { field: "message", retryable: false, statusCode: undefined },
    () => session.sendMessage(JSON.parse('{ "message": 1 }') as typeof MESSAGE),
  ],
  [
    "IllegalArgument",
    "an ID that no failed message has",
    { field: "id" },
    () => session.resendMessage("unknown"),
  ],
  [
    "IllegalArgument",
    "a snapshot of another contact",
    { field: "resume" },
    () => new Promise((resolve) => resolve(chat.customer({ contactId: "other" }, session.snapshot()))),
  ],
  [
    "IllegalState",
    "a session that isn't connected",
    { retryable: false, statusCode: undefined },
    () => chat.customer().sendMessage(MESSAGE),
  ],
  ["NetworkError", "a cut network", { retryable: true, statusCode: undefined }, sendAfter(cutNetwork)],
  ["Timeout", "a call without a response", { retryable: true, statusCode: undefined }, sendAfter(silence)],
  [
    "Aborted",
    "an aborted signal",
    { retryable: false, statusCode: undefined },
    () => session.sendMessage({ ...MESSAGE, signal: AbortSignal.abort() }),
  ],
  [
    "ServiceError",
    "a 403 with an error name",
    { statusCode: 403, answeredBy: "service", type: "AccessDeniedException" },
    sendAfter(() => errorResponse(403, "AccessDeniedException")),
  ],
  [
    "ServiceError",
    "a 400 without an error name",
    { statusCode: 400, answeredBy: "unknown" },
    sendAfter(() => json({ message: "no" }, 400)),
  ],
  [
    "ServiceError",
    "a proxy's error page",
    { statusCode: 502, answeredBy: "proxy" },
    sendAfter(() => new Response("<html>", { status: 502 })),
  ],
  [
    "ServiceError",
    "a rejected connect()",
    { statusCode: 400, answeredBy: "service" },
    () => {
      chat.service.on("/participant/connection", () => errorResponse(400, "ValidationException"));
      return chat.customer().connect();
    },
  ],
  [
    "ServiceError",
    "a FORWARD transcript scan without a start position",
    { statusCode: 400, answeredBy: "service" },
    () => {
      chat.service.on("/participant/transcript", () => errorResponse(400, "ValidationException"));
      return session.getTranscript({ scanDirection: "FORWARD" });
    },
  ],
  ["InvalidResponse", "an HTML page with status 200", { statusCode: 200 }, sendAfter(html)],
  [
    "StorageError",
    "a rejected upload",
    { statusCode: 503, stage: "UploadToStorage", storageCode: "SlowDown" },
    () => {
      chat.service.on("/upload", storageBusy);
      return session.sendAttachment({ attachment: picture() });
    },
  ],
  [
    "StorageError",
    "a rejected download",
    { statusCode: 503, stage: "DownloadFromStorage" },
    () => {
      chat.service.on("/file", storageBusy);
      return session.downloadAttachment({ attachmentId: "a" });
    },
  ],
];

test.each(CALLS)("%s after %s has its declared details", async (code, _, details, call) => {
  const outcome = call().catch((error: unknown) => error);
  await chat.advance(300_000);
  const error = await outcome;
  expect(error).toBeInstanceOf(chat.library.ChatSession.ChatError);
  expect(error).toMatchObject({ code, name: code, ...details });
});

test("ClientError after a custom client's failure has the status of the client's error, and that error as the cause", async () => {
  const cause = Object.assign(new Error("gone"), { statusCode: 404 });
  const fail = (): Promise<never> => Promise.reject(cause);
  class FailingClient extends ChatClient {
    createParticipantConnection = fail;
    disconnectParticipant = fail;
    sendMessage = fail;
    sendEvent = fail;
    getTranscript = fail;
  }
  const failingSession = chat.library.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: { contactId: chat.contactId, participantId: "me" },
    options: { customChatClient: new FailingClient() },
    disableCSM: true,
  });
  const error: unknown = await failingSession.connect().catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "ClientError",
    message: "gone",
    statusCode: 404,
    retryable: false,
    cause,
  });
});
