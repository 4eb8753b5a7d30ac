/** @jest-environment node */
import { describe, expect, test } from "@jest/globals";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
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
    throw new TypeError("the page's own mistake");
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
    expect(text).toContain("the page's own mistake");
    expect(text).toContain('"sessionType":"CUSTOMER"');
    expect(text).toContain('"region":"us-west-2"');
  });

  test("is silent unless configured", async () => {
    expect(await eventfulChat(() => ({}))).toEqual([]);
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
