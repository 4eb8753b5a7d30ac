import { describe, expect, test } from "@jest/globals";
import { ChatUnderTest, EVENT, NOTHING_LEFT } from "../../support/chat-under-test";
import { cutNetwork, iso, json, refusal } from "../../support/fake-service";

const SECRETS = {
  participantToken: "sentinel-participant-token",
  connectionToken: "sentinel-connection-token",
  socketUrl: "sentinel-socket",
  signature: "sentinel-signature",
  text: "sentinel-text",
  name: "sentinel-name",
};

/** A chat in which much goes right and much goes wrong; returns every line that was logged. */
async function eventfulChat(loggerOf: (note: (line: unknown) => void) => object): Promise<string[]> {
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
    throw new TypeError(`the page's own mistake about ${SECRETS.text}`);
  });
  await chat.receive(chat.item({ Content: SECRETS.text, DisplayName: SECRETS.name }), "damaged");
  platform.socket.receive(`{"topic": "aws/chat", "content": "${SECRETS.text}`);
  platform.socket.receive({ topic: "aws/chat", content: `{"Content": "${SECRETS.text}"` });
  platform.socket.receive({ message: "Forbidden", connectionId: "c", requestId: "r" });

  const quoting = json({ message: `ValidationException: ${SECRETS.text} ${SECRETS.connectionToken}` }, 400);
  service.next("/participant/message", () => quoting, cutNetwork);
  service.next("/participant/event", () => refusal(403, "AccessDeniedException"));
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

/** What is done in this file's second chat, and what each is to have a line of. */
const OTHER_SECRETS = {
  viewToken: "sentinel-view-token",
  redirect: "sentinel-redirect",
  sessionId: "sentinel-session",
  fileName: "sentinel-file",
  downloadSignature: "sentinel-download",
  renewedToken: "sentinel-renewed-token",
  quoted: "sentinel-quoted",
  said: "sentinel-said-before",
  missed: "sentinel-missed",
  view: "sentinel-view-content",
  metadata: "sentinel-metadata",
  misplaced: "sentinel-misplaced",
};

type Note = (line: unknown) => void;
type LoggerOf = (note: Note) => object;

interface Logged {
  readonly lines: string[];
  /** The service's requests, by path. */
  readonly asked: ReadonlyMap<string, number>;
  readonly transitions: readonly { readonly oldState: string; readonly newState: string }[];
  /** Sockets that were opened, the first one not counted. */
  readonly reconnections: number;
}

/** Every call, an attachment up and down, receipts, a renewal, a loss and its recovery, refusals of each kind. */
async function everyCall(loggerOf: LoggerOf): Promise<Logged> {
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
  const transitions: Logged["transitions"][number][] = [];
  session.onConnectionStateChanged(({ data }) => transitions.push(data));
  await chat.connected(session);
  session.onMessage(({ data }) => {
    throw new TypeError(`no place for ${data.Content} of ${data.DisplayName}`);
  });
  session.onMessage(({ data }) => JSON.parse(`${data.Content} is no JSON`) as unknown);
  session.onMessage(async ({ data }) => Promise.reject(new Error(String(data.Content))));
  // No error, as JavaScript lets it.
  session.onMessage(({ data }) => {
    const thrown: unknown = { reason: `no place for ${data.Content}`, of: [data.DisplayName] };
    throw thrown;
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
  service.on("/participant/transcript", () => transcript("said", OTHER_SECRETS.said));
  service.on("/participant/attachment", () =>
    json({ Url: `https://storage.test/download?X=${OTHER_SECRETS.downloadSignature}` }),
  );
  service.on("/download", () => new Response(SECRETS.text));
  // An expired token, a throttled call, a failing service, refusals that quote what they were sent.
  service.next("/participant/transcript", () => refusal(403, "AccessDeniedException"));
  service.next("/participant/message", () => refusal(429, "ThrottlingException"));
  service.next("/participant/event", () => refusal(500, "InternalServerException"));
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
    // The text where the content type should stand, as JavaScript lets it.
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
  // What is said while the link is down comes by the transcript.
  service.on("/participant/transcript", () => transcript("missed", OTHER_SECRETS.missed));
  // The URL is too old by then: a new one is asked for, refused once, and the socket comes back.
  await chat.advance(90_000);
  service.next("/participant/connection", () => refusal(503, "ServiceUnavailableException"));
  platform.socket.end(1006, `wss://service.test/${SECRETS.socketUrl} failed`);
  await chat.nextSocket(60_000);
  await chat.open();
  await chat.advance(20_000);
  const left = session.disconnectParticipant();
  await chat.advance(2_000);
  await left;
  await chat.receive(chat.event("chat.ended"));
  expect(session.connectionState).toBe("ended");
  lines.push(...platform.printed.map(({ line }) => line));
  const asked = new Map<string, number>();
  for (const { path } of service.calls) asked.set(path, (asked.get(path) ?? 0) + 1);
  return { lines, asked, transitions, reconnections: platform.sockets.length - 1 };
}

/** Each attempt of an operation ends in one line: it succeeded, failed, or is tried again. By the path of its requests. */
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

/** What each line of the second chat's log must be found of: a call, a transition, a retry. */
const TOLD: readonly [what: string, line: RegExp][] = [
  ["connect()", /CreateParticipantConnection succeeded/],
  ["the first transition", /"oldState":"idle","newState":"connecting"/],
  ["the socket", /The socket is open/],
  ["the subscription", /A subscription was sent/],
  ["being connected", /"oldState":"connecting","newState":"connected"/],
  ["a handler that threw", /A handler failed.*"event":"message".*"name":"TypeError","at":"[^"]+:\d+:\d+"/],
  ["a call refused for its token", /GetTranscript failed.*"statusCode":403/],
  ["the same call under a new token", /GetTranscript succeeded/],
  ["a throttled call", /SendMessage will be retried.*"statusCode":429/],
  ["a call that a failure of the service met", /SendEvent failed.*"statusCode":500/],
  ["sendMessage", /SendMessage succeeded/],
  ["sendEvent", /SendEvent succeeded/],
  ["a step that is tried again", /A step of SendAttachment will be retried.*"statusCode":503/],
  ["sendAttachment", /SendAttachment succeeded/],
  ["downloadAttachment", /DownloadAttachment succeeded/],
  ["getAttachmentURL", /GetAttachmentURL succeeded/],
  ["describeView", /DescribeView succeeded/],
  ["a call that is refused for what it asks", /DescribeView failed.*"statusCode":404/],
  ["getAuthenticationUrl", /GetAuthenticationUrl succeeded/],
  ["cancelParticipantAuthentication", /CancelParticipantAuthentication succeeded/],
  ["a typing event that is throttled", /A typing event needed no request/],
  ["a receipt that was sent before", /A receipt needed no request.*"kind":"read"/],
  ["bad arguments", /A call was rejected.*"code":"IllegalArgument","field":"contentType"/],
  ["missed items", /A recovery round finished.*"count":1/],
  ["the socket's close", /The socket is closed.*"code":1006/],
  ["the loss", /"oldState":"connected","newState":"reconnecting"/],
  ["the retry of the socket", /The next attempt to connect/],
  ["the socket's details", /An attempt to connect failed.*"code":"network".*"statusCode":503/],
  ["being back", /"oldState":"reconnecting","newState":"connected"/],
  ["disconnectParticipant", /DisconnectParticipant succeeded/],
  ["the end", /"newState":"ended"/],
];

const LOGGERS: readonly [kind: string, loggerOf: LoggerOf][] = [
  [
    "the application's own logger",
    (note) => ({ customizedLogger: { debug: note, info: note, warn: note, error: note } }),
  ],
  ["Streams' logger", (note) => ({ logger: { debug: note, info: note, warn: note, error: note } })],
  ["the console", () => ({ useDefaultLogger: true })],
];

describe("REL-33: the log of every call", () => {
  test.each(LOGGERS)("tells each call, transition and retry, and no secret, in %s", async (_, loggerOf) => {
    const { lines, asked, transitions, reconnections } = await everyCall(loggerOf);
    const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
    expect(
      ATTEMPTS.map(([path, operation]) => [
        operation,
        count(new RegExp(`\\b${operation} (?:succeeded|failed|will be retried)`)),
        asked.get(path),
      ]),
    ).toEqual(ATTEMPTS.map(([path, operation]) => [operation, asked.get(path), asked.get(path)]));
    expect(ATTEMPTS.filter(([path]) => !asked.get(path))).toEqual([]);
    expect(transitions.length).toBeGreaterThan(4);
    for (const { oldState, newState } of transitions) {
      expect(count(new RegExp(`"oldState":"${oldState}","newState":"${newState}"`))).toBeGreaterThan(0);
    }
    expect(count(/The connection's state changed/)).toBe(transitions.length);
    expect(reconnections).toBeGreaterThan(0);
    expect(count(/The next attempt to connect/)).toBeGreaterThanOrEqual(reconnections);
    const missing = TOLD.filter(([, pattern]) => !lines.some((line) => pattern.test(line)));
    expect(missing.map(([what]) => what)).toEqual([]);
    for (const secret of [...Object.values(SECRETS), ...Object.values(OTHER_SECRETS)]) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    }
  });

  test("of an agent and a client of the application's own holds no token either, whoever quotes it", async () => {
    const chat = new ChatUnderTest();
    const lines: string[] = [];
    const note: Note = (line) => void lines.push(String(line));
    const customizedLogger = { debug: note, info: note, warn: note, error: note };
    chat.library.ChatSession.setGlobalConfig({ loggerConfig: { level: "DEBUG", customizedLogger } });
    class Own extends chat.library.ChatSession.ChatClient {
      #refuse(...secrets: unknown[]): Promise<never> {
        return Promise.reject(new Error(`not allowed: ${secrets.join()}`));
      }
      createParticipantConnection(token: string | null): Promise<never> {
        return this.#refuse(token);
      }
      disconnectParticipant(token: string | null): Promise<never> {
        return this.#refuse(token);
      }
      sendMessage(token: string | null, content: string): Promise<never> {
        return this.#refuse(token, content);
      }
      sendEvent(token: string | null, _: string, content: string | null): Promise<never> {
        return this.#refuse(token, content);
      }
      getTranscript(token: string | null): Promise<never> {
        return this.#refuse(token);
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
      options: { customChatClient: new Own() },
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
    for (const told of [/getConnectionToken succeeded/, /SendMessage failed/, /could not be renewed/]) {
      expect(text).toMatch(told);
    }
    for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  });
});

describe("a session's log", () => {
  test.each<[kind: string, loggerOf: (note: (line: unknown) => void) => object]>([
    [
      "the application's own logger",
      (note) => ({
        customizedLogger: { debug: note, info: note, warn: note, error: note, advancedLog: note },
      }),
    ],
    ["Streams' logger", (note) => ({ logger: { debug: note, info: note, warn: note, error: note } })],
    ["the console", () => ({ useDefaultLogger: true })],
  ])("holds no token, URL or message text at any level, in %s", async (_, loggerOf) => {
    const lines = await eventfulChat(loggerOf);
    expect(lines.length).toBeGreaterThan(20);
    const text = lines.join("\n");
    for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
    // What it is for: each line says whose it is, and the lines say what went wrong.
    expect(text).toContain("SendMessage failed");
    expect(text).toContain("ServiceError");
    expect(text).toMatch(/A handler failed.*"name":"TypeError","at":"[^"]*logging\.test\.ts:\d+:\d+"/);
    expect(text).toContain('"sessionType":"CUSTOMER"');
    expect(text).toContain('"region":"us-west-2"');
  });

  test("is silent unless configured", async () => {
    expect(await eventfulChat(() => ({}))).toEqual([]);
  });

  test("shows the class and place of what onProgress throws, never its message, and the upload succeeds", async () => {
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

  test("that throws harms nothing", async () => {
    const chat = new ChatUnderTest();
    const broken = (): never => {
      throw new Error("full");
    };
    chat.library.ChatSession.setGlobalConfig({
      loggerConfig: {
        level: "DEBUG",
        customizedLogger: { debug: broken, info: broken, warn: broken, error: broken, advancedLog: broken },
      },
    });
    const session = await chat.connected(chat.customer());
    const told: unknown[] = [];
    session.onMessage(({ data }) => told.push(data.Content));
    await chat.receive(chat.item());
    expect(told).toEqual(["hello"]);
    expect(await session.sendMessage({ message: "hello", contentType: "text/plain" })).toHaveProperty(
      "data.Id",
    );
    session.dispose();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});
