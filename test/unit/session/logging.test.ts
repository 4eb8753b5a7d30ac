import { describe, expect, test } from "@jest/globals";
import { ChatUnderTest, EVENT, NOTHING_LEFT } from "../../support/chat-under-test";
import { cutNetwork, errorResponse, iso, json } from "../../support/fake-service";

const SECRETS = {
  participantToken: "sentinel-participant-token",
  connectionToken: "sentinel-connection-token",
  socketUrl: "sentinel-socket",
  signature: "sentinel-signature",
  text: "sentinel-text",
  name: "sentinel-name",
};

/** Runs a chat with successes and failures of many kinds, and returns every line that the library logged. */
async function runEventfulChat(loggerOf: (note: (line: unknown) => void) => object): Promise<string[]> {
  const chat = new ChatUnderTest();
  const lines: string[] = [];
  const loggerConfig = loggerOf((line) => void lines.push(String(line)));
  chat.library.ChatSession.setGlobalConfig({ loggerConfig: { level: "DEBUG", ...loggerConfig } });
  const { service, platform } = chat;
  service.on("/participant/connection", () =>
    json({
      Websocket: {
        Url: `wss://service.test/${SECRETS.socketUrl}`,
        ConnectionExpiry: iso(platform.time + 1e5),
      },
      ConnectionCredentials: {
        ConnectionToken: SECRETS.connectionToken,
        Expiry: iso(platform.time + 600_000),
      },
    }),
  );
  service.next("/participant/connection", cutNetwork);
  const session = chat.customer({ participantToken: SECRETS.participantToken });
  const connecting = session.connect();
  await platform.advance(1_000);
  await connecting;
  await chat.open();
  session.onMessage(() => {
    throw new TypeError(`the page's own error about ${SECRETS.text}`);
  });
  await chat.receive(chat.item({ Content: SECRETS.text, DisplayName: SECRETS.name }), "damaged");
  platform.socket.receive(`{"topic": "aws/chat", "content": "${SECRETS.text}`);
  platform.socket.receive({ topic: "aws/chat", content: `{"Content": "${SECRETS.text}"` });
  platform.socket.receive({ message: "Forbidden", connectionId: "c", requestId: "r" });

  const quotingResponse = json(
    { message: `ValidationException: ${SECRETS.text} ${SECRETS.connectionToken}` },
    400,
  );
  service.next("/participant/message", () => quotingResponse, cutNetwork);
  service.next("/participant/event", () => errorResponse(403, "AccessDeniedException"));
  service.on("/upload", () => new Response(`<Code>No</Code>${SECRETS.signature}`, { status: 403 }));
  service.on("/participant/start-attachment-upload", () =>
    json({
      AttachmentId: "1",
      UploadMetadata: { Url: `https://storage.test/upload?X=${SECRETS.signature}`, HeadersToInclude: {} },
    }),
  );
  const message = { message: SECRETS.text, contentType: "text/plain" } as const;
  const outcomes = Promise.allSettled([
    session.sendMessage(message),
    session.sendMessage(message),
    session.sendEvent({ contentType: "text/plain", content: SECRETS.text }),
    session.sendAttachment({ attachment: new File([SECRETS.text], SECRETS.name) }),
    session.getTranscript({ nextToken: SECRETS.text }),
  ]);
  await chat.advance(20_000);
  await outcomes;
  platform.socket.end(1006, `wss://service.test/${SECRETS.socketUrl} failed`);
  await platform.advance(1_000);
  await chat.open();
  await chat.advance(700_000);
  await chat.receive(chat.event("chat.ended"));
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
  lines.push(...platform.printed.map(({ line }) => line));
  return lines;
}

/** More secrets, which makeEveryCall() uses. The library must not log any of these secrets. */
const OTHER_SECRETS = {
  viewToken: "sentinel-view-token",
  redirect: "sentinel-redirect",
  sessionId: "sentinel-session",
  fileName: "sentinel-file",
  downloadSignature: "sentinel-download",
  renewedToken: "sentinel-renewed-token",
  quoted: "sentinel-quoted",
  earlier: "sentinel-earlier",
  missed: "sentinel-missed",
  view: "sentinel-view-content",
  metadata: "sentinel-metadata",
  misplaced: "sentinel-misplaced",
};

type Note = (line: unknown) => void;
type LoggerOf = (note: Note) => object;

interface CallLog {
  readonly lines: string[];
  /** The number of requests to the service, by path. */
  readonly requests: ReadonlyMap<string, number>;
  readonly transitions: readonly { readonly oldState: string; readonly newState: string }[];
  /** The number of sockets that were opened after the first socket. */
  readonly reconnections: number;
}

/** Makes every call in a chat with uploads, downloads, receipts, a token renewal, a loss, a recovery and failures. */
async function makeEveryCall(loggerOf: LoggerOf): Promise<CallLog> {
  const chat = new ChatUnderTest();
  const lines: string[] = [];
  const loggerConfig = loggerOf((line) => void lines.push(String(line)));
  chat.library.ChatSession.setGlobalConfig({ loggerConfig: { level: "DEBUG", ...loggerConfig } });
  const { service, platform } = chat;
  let connections = 0;
  service.on("/participant/connection", () => {
    connections += 1;
    return json({
      Websocket: {
        Url: `wss://service.test/${SECRETS.socketUrl}`,
        ConnectionExpiry: iso(platform.time + 1e5),
      },
      ConnectionCredentials: {
        ConnectionToken: connections === 1 ? SECRETS.connectionToken : OTHER_SECRETS.renewedToken,
        Expiry: iso(platform.time + 600_000),
      },
    });
  });
  const session = chat.customer({ participantToken: SECRETS.participantToken });
  const transitions: CallLog["transitions"][number][] = [];
  session.onConnectionStateChanged(({ data }) => transitions.push(data));
  await chat.connected(session);
  session.onMessage(({ data }) => {
    throw new TypeError(`no room for ${data.Content} from ${data.DisplayName}`);
  });
  session.onMessage(({ data }) => JSON.parse(`${data.Content} isn't JSON`) as unknown);
  session.onMessage(async ({ data }) => Promise.reject(new Error(String(data.Content))));
  // JavaScript allows throwing a value that isn't an Error.
  session.onMessage(({ data }) => {
    const thrownValue: unknown = { reason: `no room for ${data.Content}`, from: [data.DisplayName] };
    throw thrownValue;
  });
  await chat.receive(chat.item({ Content: OTHER_SECRETS.quoted, DisplayName: SECRETS.name }));

  const { viewToken, sessionId } = OTHER_SECRETS;
  const redirectUri = `https://page.test/back?secret=${OTHER_SECRETS.redirect}`;
  service.on("/participant/start-attachment-upload", () =>
    json({
      AttachmentId: "1",
      UploadMetadata: { Url: `https://storage.test/upload?X=${SECRETS.signature}`, HeadersToInclude: {} },
    }),
  );
  service.on("/upload", () => new Response(""));
  service.next("/upload", () => new Response("busy", { status: 503 }));
  service.on("/participant/authentication-url", () => json({ AuthenticationUrl: redirectUri }));
  service.on("/participant/cancel-authentication", () => json({}));
  service.on(`/participant/views/${viewToken}`, () =>
    json({ View: { Id: "v", Content: { Template: OTHER_SECRETS.view } } }),
  );
  const transcript = (Id: string, Content: string): Response =>
    json({
      InitialContactId: chat.contactId,
      Transcript: [chat.item({ Id, Content, AbsoluteTime: iso(platform.time) })],
    });
  service.on("/participant/transcript", () => transcript("earlier", OTHER_SECRETS.earlier));
  service.on("/participant/attachment", () =>
    json({ Url: `https://storage.test/download?X=${OTHER_SECRETS.downloadSignature}` }),
  );
  service.on("/download", () => new Response(SECRETS.text));
  // An expired token, a throttled call, a failing service, and errors that quote their requests.
  service.next("/participant/transcript", () => errorResponse(403, "AccessDeniedException"));
  service.next("/participant/message", () => errorResponse(429, "ThrottlingException"));
  service.next("/participant/event", () => errorResponse(500, "InternalServerException"));
  service.next(`/participant/views/${OTHER_SECRETS.viewToken}`, () =>
    json({ message: `${OTHER_SECRETS.viewToken} is unknown` }, 404),
  );
  const receipt = (kind: "delivered" | "read"): Promise<unknown> =>
    session.sendEvent({
      contentType: `${EVENT}message.${kind}`,
      content: JSON.stringify({ messageId: "item-1" }),
    });
  const outcomes = Promise.allSettled([
    session.getTranscript({ metadata: OTHER_SECRETS.metadata }),
    session.sendMessage({
      message: SECRETS.text,
      contentType: "text/plain",
      metadata: OTHER_SECRETS.metadata,
    }),
    session.sendEvent({ contentType: `${EVENT}typing` }),
    session.sendEvent({ contentType: `${EVENT}typing` }),
    // The text is passed as the content type. Only TypeScript prevents this mistake.
    Reflect.apply(session.sendMessage, session, [
      { message: "text/plain", contentType: OTHER_SECRETS.misplaced },
    ]) as Promise<unknown>,
    receipt("delivered"),
    receipt("read"),
    session.sendMessageReceipt({ event: "read", messageId: "item-1" }),
    session.sendAttachment({ attachment: new File([SECRETS.text], OTHER_SECRETS.fileName) }),
    session.downloadAttachment({ attachmentId: "1" }),
    session.getAttachmentURL({ attachmentId: "1" }),
    session.describeView({ viewToken }),
    session.describeView({ viewToken }),
    session.getAuthenticationUrl({ redirectUri, sessionId }),
    session.cancelParticipantAuthentication({ sessionId }),
  ]);
  await chat.advance(20_000);
  await outcomes;
  await receipt("read");
  // The transcript has a message that was missed while the link was down.
  service.on("/participant/transcript", () => transcript("missed", OTHER_SECRETS.missed));
  // The URL is now too old to be reused. The request for a new URL fails once, and then the socket reconnects.
  await chat.advance(90_000);
  service.next("/participant/connection", () => errorResponse(503, "ServiceUnavailableException"));
  platform.socket.end(1006, `wss://service.test/${SECRETS.socketUrl} failed`);
  await chat.nextSocket(60_000);
  await chat.open();
  await chat.advance(20_000);
  const disconnecting = session.disconnectParticipant();
  await chat.advance(2_000);
  await disconnecting;
  await chat.receive(chat.event("chat.ended"));
  expect(session.connectionState).toBe("ended");
  lines.push(...platform.printed.map(({ line }) => line));
  const requests = new Map<string, number>();
  for (const { path } of service.calls) requests.set(path, (requests.get(path) ?? 0) + 1);
  return { lines, requests, transitions, reconnections: platform.sockets.length - 1 };
}

/** Each operation and its requests' path. Each attempt logs a line: it succeeded, failed or will be retried. */
const ATTEMPTS: readonly [path: string, operation: string][] = [
  ["/participant/connection", "CreateParticipantConnection"],
  ["/participant/message", "SendMessage"],
  ["/participant/event", "SendEvent"],
  ["/participant/transcript", "GetTranscript"],
  ["/upload", "SendAttachment"],
  ["/download", "DownloadAttachment"],
  [`/participant/views/${OTHER_SECRETS.viewToken}`, "DescribeView"],
  ["/participant/authentication-url", "GetAuthenticationUrl"],
  ["/participant/cancel-authentication", "CancelParticipantAuthentication"],
  ["/participant/disconnect", "DisconnectParticipant"],
];

/** The lines that makeEveryCall() must log for calls, transitions and retries. */
const EXPECTED_LINES: readonly [what: string, line: RegExp][] = [
  ["connect()", /CreateParticipantConnection succeeded/],
  ["the first transition", /"oldState":"idle","newState":"connecting"/],
  ["the socket", /The socket is open/],
  ["the subscription", /A subscription was sent/],
  ["the established connection", /"oldState":"connecting","newState":"connected"/],
  ["a handler that threw", /A handler failed.*"event":"message".*"name":"TypeError","at":"[^"]+:\d+:\d+"/],
  ["a call rejected for its token", /GetTranscript failed.*"statusCode":403/],
  ["the same call under a new token", /GetTranscript succeeded/],
  ["a throttled call", /SendMessage will be retried.*"statusCode":429/],
  ["a call that failed in the service", /SendEvent failed.*"statusCode":500/],
  ["sendMessage", /SendMessage succeeded/],
  ["sendEvent", /SendEvent succeeded/],
  ["a step that is retried", /A step of SendAttachment will be retried.*"statusCode":503/],
  ["sendAttachment", /SendAttachment succeeded/],
  ["downloadAttachment", /DownloadAttachment succeeded/],
  ["getAttachmentURL", /GetAttachmentURL succeeded/],
  ["describeView", /DescribeView succeeded/],
  ["a call rejected for its arguments", /DescribeView failed.*"statusCode":404/],
  ["getAuthenticationUrl", /GetAuthenticationUrl succeeded/],
  ["cancelParticipantAuthentication", /CancelParticipantAuthentication succeeded/],
  ["a typing event that is throttled", /A typing event needed no request/],
  ["a receipt that was already sent", /A receipt needed no request.*"kind":"read"/],
  ["bad arguments", /A call was rejected.*"code":"IllegalArgument","field":"contentType"/],
  ["missed items", /A recovery round finished.*"count":1/],
  ["the socket's close", /The socket is closed.*"code":1006/],
  ["the loss", /"oldState":"connected","newState":"reconnecting"/],
  ["the socket's retry", /The next attempt to connect/],
  [
    "the failed request for the socket's URL",
    /An attempt to connect failed.*"code":"network".*"statusCode":503/,
  ],
  ["the restored connection", /"oldState":"reconnecting","newState":"connected"/],
  ["disconnectParticipant", /DisconnectParticipant succeeded/],
  ["the end", /"newState":"ended"/],
];

const LOGGERS: readonly [kind: string, loggerOf: LoggerOf][] = [
  ["a custom logger", (note) => ({ customizedLogger: { debug: note, info: note, warn: note, error: note } })],
  ["Streams' logger", (note) => ({ logger: { debug: note, info: note, warn: note, error: note } })],
  ["the console", () => ({ useDefaultLogger: true })],
];

describe("REL-33: the library's log", () => {
  test.each(LOGGERS)(
    "has each call, transition and retry, but no secret, if the library logs to %s",
    async (_, loggerOf) => {
      const { lines, requests, transitions, reconnections } = await makeEveryCall(loggerOf);
      const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
      expect(
        ATTEMPTS.map(([path, operation]) => [
          operation,
          count(new RegExp(`\\b${operation} (?:succeeded|failed|will be retried)`)),
          requests.get(path),
        ]),
      ).toEqual(ATTEMPTS.map(([path, operation]) => [operation, requests.get(path), requests.get(path)]));
      expect(ATTEMPTS.filter(([path]) => !requests.get(path))).toEqual([]);
      expect(transitions.length).toBeGreaterThan(4);
      for (const { oldState, newState } of transitions) {
        expect(count(new RegExp(`"oldState":"${oldState}","newState":"${newState}"`))).toBeGreaterThan(0);
      }
      expect(count(/The connection's state changed/)).toBe(transitions.length);
      expect(reconnections).toBeGreaterThan(0);
      expect(count(/The next attempt to connect/)).toBeGreaterThanOrEqual(reconnections);
      const missingLines = EXPECTED_LINES.filter(([, pattern]) => !lines.some((line) => pattern.test(line)));
      expect(missingLines.map(([what]) => what)).toEqual([]);
      for (const secret of [...Object.values(SECRETS), ...Object.values(OTHER_SECRETS)]) {
        expect(lines.filter((line) => line.includes(secret))).toEqual([]);
      }
    },
  );

  test("doesn't contain the token of an agent with a custom client, even if the client's errors quote the token", async () => {
    const chat = new ChatUnderTest();
    const lines: string[] = [];
    const note: Note = (line) => void lines.push(String(line));
    const customizedLogger = { debug: note, info: note, warn: note, error: note };
    chat.library.ChatSession.setGlobalConfig({ loggerConfig: { level: "DEBUG", customizedLogger } });
    class QuotingClient extends chat.library.ChatSession.ChatClient {
      #reject(...secrets: unknown[]): Promise<never> {
        return Promise.reject(new Error(`not allowed: ${secrets.join()}`));
      }
      createParticipantConnection(token: string | null): Promise<never> {
        return this.#reject(token);
      }
      disconnectParticipant(token: string | null): Promise<never> {
        return this.#reject(token);
      }
      sendMessage(token: string | null, content: string): Promise<never> {
        return this.#reject(token, content);
      }
      sendEvent(token: string | null, _: string, content: string | null): Promise<never> {
        return this.#reject(token, content);
      }
      getTranscript(token: string | null): Promise<never> {
        return this.#reject(token);
      }
    }
    const tokens = [SECRETS.connectionToken];
    const session = chat.library.ChatSession.create({
      type: "AGENT",
      chatDetails: {
        contactId: chat.contactId,
        participantId: "me",
        participantToken: SECRETS.participantToken,
        getConnectionToken: () => {
          const token = tokens.pop();
          return token
            ? Promise.resolve({
                chatTokenTransport: { participantToken: token, expiry: iso(chat.platform.time + 600_000) },
              })
            : Promise.reject(new Error(`no more after ${SECRETS.connectionToken}`));
        },
      },
      options: { customChatClient: new QuotingClient() },
    });
    await session.connect();
    await chat.platform.settle();
    await Promise.allSettled([
      session.sendMessage({ message: SECRETS.text, contentType: "text/plain" }),
      session.getTranscript({}),
      session.sendAttachment({ attachment: new File(["x"], SECRETS.name) }),
    ]);
    await chat.platform.advance(600_000);
    session.dispose();
    const text = lines.join("\n");
    for (const line of [/getConnectionToken succeeded/, /SendMessage failed/, /could not be renewed/]) {
      expect(text).toMatch(line);
    }
    for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  });
});

describe("a session's log", () => {
  test.each<[kind: string, loggerOf: (note: (line: unknown) => void) => object]>([
    [
      "a custom logger",
      (note) => ({
        customizedLogger: { debug: note, info: note, warn: note, error: note, advancedLog: note },
      }),
    ],
    ["Streams' logger", (note) => ({ logger: { debug: note, info: note, warn: note, error: note } })],
    ["the console", () => ({ useDefaultLogger: true })],
  ])("has no token, URL or message text at any level if the library logs to %s", async (_, loggerOf) => {
    const lines = await runEventfulChat(loggerOf);
    expect(lines.length).toBeGreaterThan(20);
    const text = lines.join("\n");
    for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
    // The log still has the session's type and region, and the errors.
    expect(text).toContain("SendMessage failed");
    expect(text).toContain("ServiceError");
    expect(text).toMatch(/A handler failed.*"name":"TypeError","at":"[^"]*logging\.test\.ts:\d+:\d+"/);
    expect(text).toContain('"sessionType":"CUSTOMER"');
    expect(text).toContain('"region":"us-west-2"');
  });

  test("is empty unless a logger is configured", async () => {
    expect(await runEventfulChat(() => ({}))).toEqual([]);
  });

  test("has the class and location, but not the message, of an error that onProgress throws, and the upload succeeds", async () => {
    const chat = new ChatUnderTest();
    chat.library.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true, level: "ERROR" } });
    const session = await chat.connected(chat.customer());
    const onProgress = (): never => {
      throw new RangeError(SECRETS.text);
    };
    const attachment = new File(["text"], "note.txt", { type: "text/plain" });
    expect(await session.sendAttachment({ attachment, onProgress })).toHaveProperty("data");
    const lines = chat.platform.printed.map(({ line }) => line).join("\n");
    expect(lines).toMatch(
      /The onProgress callback failed.*"name":"RangeError","at":"[^"]*logging\.test\.ts:\d+:\d+"/,
    );
    expect(lines).not.toContain(SECRETS.text);
    session.dispose();
  });

  test("doesn't affect the session if the logger throws", async () => {
    const chat = new ChatUnderTest();
    const throwError = (): never => {
      throw new Error("full");
    };
    chat.library.ChatSession.setGlobalConfig({
      loggerConfig: {
        level: "DEBUG",
        customizedLogger: {
          debug: throwError,
          info: throwError,
          warn: throwError,
          error: throwError,
          advancedLog: throwError,
        },
      },
    });
    const session = await chat.connected(chat.customer());
    const texts: unknown[] = [];
    session.onMessage(({ data }) => texts.push(data.Content));
    await chat.receive(chat.item());
    expect(texts).toEqual(["hello"]);
    expect(await session.sendMessage({ message: "hello", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
    );
    session.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});
