import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatClient } from "../../../src/api/client";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatError } from "../../../src/errors";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, errorResponse, json, type Responder } from "../../support/fake-service";

const CONNECTION = "/participant/connection";
const TRANSCRIPT = "/participant/transcript";
const SECOND = 1_000;

const named403: Responder = () => errorResponse(403, "AccessDeniedException");
const namedInBody403: Responder = () =>
  json({ __type: "com.amazonaws.connect#AccessDeniedException", message: "no" }, 403);
const nameless403: Responder = () => json({ message: "Forbidden" }, 403);
const otherGateway403: Responder = () => errorResponse(403, "ForbiddenException");
const html403: Responder = () =>
  new Response("<html>Forbidden</html>", { status: 403, headers: { "content-type": "text/html" } });
const gatewayHtml403: Responder = () =>
  new Response("<html>Forbidden</html>", {
    status: 403,
    headers: { "content-type": "text/html", "x-amzn-errortype": "ForbiddenException" },
  });
const empty403: Responder = () => new Response(null, { status: 403 });
const emptyNamed403: Responder = () =>
  new Response("", { status: 403, headers: { "x-amzn-errortype": "AccessDeniedException" } });
/** Imitates a gateway that puts the error's name in a field that the service doesn't use. */
const codeInBody403: Responder = () => json({ code: "AccessDeniedException", message: "no" }, 403);

let chat: ChatUnderTest;
let session: CustomerChatSession;
let emitted: string[];

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
  emitted = record(session, "message", "ended", "connectionBroken");
});

/** Drops the link when its URL is too old to be reused. */
async function loseLink(): Promise<void> {
  await chat.advance(120 * SECOND);
  chat.platform.socket.end();
  await chat.platform.settle();
}

const requestsTo = (path: string): number => chat.service.to(path).length;
const ITEM_AND_END = ["message", "ended"];

describe("REL-50: a 403 from CreateParticipantConnection while the link is down", () => {
  test.each([
    ["header", named403],
    ["body", namedInBody403],
  ])(
    "with an error name in its %s ends the chat immediately if GetTranscript's 403 also has an error name",
    async (_, responder) => {
      chat.service.on(CONNECTION, responder);
      chat.service.on(TRANSCRIPT, responder);
      await loseLink();
      await chat.platform.advance(SECOND);
      expect(emitted).toEqual(ITEM_AND_END);
      expect([requestsTo(CONNECTION), requestsTo(TRANSCRIPT)]).toEqual([2, 1]);
      expect(chat.leftovers).toEqual(NOTHING_LEFT);
    },
  );

  test.each<[string, Responder]>([
    ["succeeds", () => json({ InitialContactId: chat.contactId, Transcript: [] })],
    ["gets no response", cutNetwork],
    ["fails with a 5xx", () => errorResponse(503, "InternalServerException")],
    ["gets a proxy's 403", html403],
  ])("doesn't end the chat, even with an error name, if GetTranscript %s", async (_, responder) => {
    chat.service.on(CONNECTION, named403);
    chat.service.on(TRANSCRIPT, responder);
    await loseLink();
    await chat.platform.advance(600 * SECOND);
    expect(emitted).toEqual([]);
    expect(session.connectionState).toBe("reconnecting");
    chat.service.on(CONNECTION, (call) => chat.service.defaultResponse(call));
    await chat.nextSocket(120 * SECOND);
    await chat.open();
    expect(session.connectionState).toBe("connected");
    session.dispose();
  });

  test.each([
    ["an HTML page", html403],
    ["an HTML page and another gateway's error name in the header", gatewayHtml403],
    ["an empty body", empty403],
    ["an empty body and the service's error name in the header", emptyNamed403],
  ])("with %s never ends the chat, and GetTranscript isn't called", async (_, responder) => {
    chat.service.on(CONNECTION, responder);
    chat.service.on(TRANSCRIPT, named403);
    await loseLink();
    await chat.platform.advance(600 * SECOND);
    expect(emitted).toEqual([]);
    expect(requestsTo(TRANSCRIPT)).toBe(0);
    session.dispose();
  });

  test.each([
    ["without an error name", nameless403],
    ["that names another gateway's error", otherGateway403],
    ["with only a `code`, which the service doesn't use", codeInBody403],
  ])("with JSON %s ends the chat after at least three such 403s over at least 10 s", async (_, responder) => {
    chat.service.on(CONNECTION, responder);
    chat.service.on(TRANSCRIPT, responder);
    chat.platform.randomValue = 0.5;
    await loseLink();
    const startTime = chat.platform.time;
    const times: number[] = [];
    while (emitted.length === 0 && chat.platform.time < startTime + 120 * SECOND) {
      const before = requestsTo(CONNECTION);
      await chat.platform.advance(100);
      if (requestsTo(CONNECTION) > before) times.push(chat.platform.time);
    }
    expect(emitted).toEqual(ITEM_AND_END);
    expect(times.length).toBeGreaterThanOrEqual(3);
    const [first = 0] = times;
    const last = times.at(-1) ?? 0;
    expect(last - first).toBeGreaterThanOrEqual(10 * SECOND - 100);
    // The second-to-last 403 came less than 10 s after the first 403, so it didn't end the chat.
    expect((times.at(-2) ?? 0) - first).toBeLessThan(10 * SECOND);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("with JSON without an error name is counted from zero again after a success", async () => {
    chat.service.on(TRANSCRIPT, nameless403);
    chat.platform.randomValue = 0.5;
    for (const round of [1, 2]) {
      chat.service.next(CONNECTION, nameless403, nameless403);
      await loseLink();
      await chat.nextSocket(120 * SECOND);
      expect([round, ...emitted]).toEqual([round]);
      await chat.open();
    }
    expect(session.connectionState).toBe("connected");
    session.dispose();
  });

  test.each([
    ["with an error name", named403],
    ["without an error name", nameless403],
  ])(
    "%s causes missed messages and then the end to be delivered if the transcript contains chat.ended",
    async (_, responder) => {
      const texts: unknown[] = [];
      session.onMessage(({ data }) => texts.push(data.Id));
      const items = [
        chat.item({ Id: "missed", AbsoluteTime: new Date(chat.platform.time + 130 * SECOND).toISOString() }),
        chat.event("chat.ended", { AbsoluteTime: new Date(chat.platform.time + 140 * SECOND).toISOString() }),
      ];
      chat.service.on(CONNECTION, responder);
      chat.service.on(TRANSCRIPT, () => json({ InitialContactId: chat.contactId, Transcript: items }));
      await loseLink();
      await chat.platform.advance(2 * SECOND);
      expect(texts).toEqual(["missed", "event-chat.ended"]);
      expect(emitted).toEqual(["message", "message", "ended"]);
      expect(chat.leftovers).toEqual(NOTHING_LEFT);
    },
  );

  test("doesn't end the chat, even with an error name, if the transcript has only an earlier contact's end", async () => {
    const earlierEnd = chat.event("chat.ended", {
      ContactId: "an-earlier-contact",
      InitialContactId: "an-earlier-contact",
      AbsoluteTime: new Date(chat.platform.time - 86_400 * SECOND).toISOString(),
    });
    chat.service.on(CONNECTION, named403);
    chat.service.on(TRANSCRIPT, () => json({ InitialContactId: chat.contactId, Transcript: [earlierEnd] }));
    await loseLink();
    await chat.platform.advance(60 * SECOND);
    expect(emitted).toEqual([]);
    session.dispose();
  });

  test("ends the chat within 10 s if the transcript has the end but can't be fetched after that", async () => {
    const end = chat.event("chat.ended", {
      AbsoluteTime: new Date(chat.platform.time + 130 * SECOND).toISOString(),
    });
    chat.service.on(CONNECTION, named403);
    chat.service.on(TRANSCRIPT, cutNetwork);
    chat.service.next(TRANSCRIPT, () => json({ InitialContactId: chat.contactId, Transcript: [end] }));
    await loseLink();
    await chat.platform.advance(5 * SECOND);
    expect(emitted).toEqual([]);
    await chat.platform.advance(6 * SECOND);
    expect(emitted).toEqual(ITEM_AND_END);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });

  test("causes no event if the session is disposed of while GetTranscript's confirmation is pending", async () => {
    chat.service.on(CONNECTION, named403);
    chat.service.on(TRANSCRIPT, () => new Promise(() => undefined));
    await loseLink();
    await chat.platform.advance(SECOND);
    expect(requestsTo(TRANSCRIPT)).toBe(1);
    session.dispose();
    await chat.platform.advance(60 * SECOND);
    expect(emitted).toEqual([]);
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
  });
});

test("an agent's session with only a participant token ends if both calls get a 403 with an error name, and then sends no more requests", async () => {
  const agent = await chat.connected(
    chat.library.ChatSession.create({
      chatDetails: { contactId: "agents", participantId: "agent", participantToken: "token" },
    }),
  );
  const ends = record(agent, "message", "ended");
  await chat.advance(120 * SECOND);
  chat.service.endChat();
  session.dispose();
  chat.platform.sockets.forEach((socket) => socket.readyState < 2 && socket.end());
  await chat.platform.advance(5 * SECOND);
  expect(ends).toEqual(ITEM_AND_END);
  const requests = chat.service.calls.length;
  await chat.platform.advance(600 * SECOND);
  expect(chat.service.calls).toHaveLength(requests);
});

/** After the chat is over, this client rejects every call with an error that has only a status. */
class StatusOnlyClient extends ChatClient {
  readonly calls: string[] = [];
  isOver = false;

  createParticipantConnection(): ReturnType<ChatClient["createParticipantConnection"]> {
    const farExpiry = "2099-01-01T00:00:00.000Z";
    return this.#respond("createParticipantConnection", {
      // The URL expires 100 s after the page was opened, so the page's clock agrees with the service's clock.
      Websocket: { Url: "wss://custom.test/", ConnectionExpiry: "2026-01-01T00:01:40.000Z" },
      ConnectionCredentials: { ConnectionToken: "custom", Expiry: farExpiry },
    });
  }
  getTranscript(): ReturnType<ChatClient["getTranscript"]> {
    return this.#respond("getTranscript", { Transcript: [] });
  }
  sendMessage(): ReturnType<ChatClient["sendMessage"]> {
    return this.#respond("sendMessage", { Id: "m", AbsoluteTime: "" });
  }
  sendEvent(): ReturnType<ChatClient["sendEvent"]> {
    return this.#respond("sendEvent", { Id: "e", AbsoluteTime: "" });
  }
  disconnectParticipant(): ReturnType<ChatClient["disconnectParticipant"]> {
    return this.#respond("disconnectParticipant", {});
  }

  /** The error with which the client rejects calls. */
  error: Error = Object.assign(new Error("gone"), { statusCode: 403 });

  #respond<Data>(name: string, data: Data): Promise<{ data: Data }> {
    this.calls.push(name);
    return this.isOver ? Promise.reject(this.error) : Promise.resolve({ data });
  }
}

/** Connects a session with this client and ends the chat while the link is down. Returns the later events. */
async function endChatOf(client: StatusOnlyClient): Promise<string[]> {
  chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
  session.dispose();
  const customSession = await chat.connected(chat.customer({ participantId: "custom" }));
  client.isOver = true;
  await loseLink();
  return record(customSession, "message", "ended");
}

test.each([
  ["an Error", Object.assign(new Error("gone"), { statusCode: 403 })],
  ["a ChatError", new ChatError("ServiceError", "gone", { statusCode: 403 })],
  ["a ChatError of another code", new ChatError("InvalidResponse", "gone", { statusCode: 403 })],
])(
  "%s with statusCode 403 from a custom client counts as the service's 403, and is confirmed like any other 403",
  async (_, error) => {
    const client = new StatusOnlyClient();
    client.error = error;
    const ends = await endChatOf(client);
    await chat.platform.advance(2 * SECOND);
    expect(ends).toEqual(ITEM_AND_END);
    expect(client.calls).toEqual([
      "createParticipantConnection",
      "createParticipantConnection",
      "getTranscript",
    ]);
  },
);

test.each([
  ["lacks getTranscript()", { getTranscript: undefined }],
  ["resolves getTranscript() without a transcript", { getTranscript: () => Promise.resolve({ data: {} }) }],
])("three 403s over at least 10 s end the chat of a custom client that %s", async (_, overrides) => {
  const ends = await endChatOf(Object.assign(new StatusOnlyClient(), overrides));
  await chat.platform.advance(5 * SECOND);
  expect(ends).toEqual([]);
  await chat.platform.advance(60 * SECOND);
  expect(ends).toEqual(ITEM_AND_END);
});

test("if only 403s reveal the end, the chat.ended item has a type and a content type, and its other fields are empty", async () => {
  const items: unknown[] = [];
  session.onMessage(({ data }) => items.push(data));
  chat.service.endChat();
  await loseLink();
  await chat.platform.advance(SECOND);
  expect(items).toEqual([
    { AbsoluteTime: "", ContentType: `${EVENT}chat.ended`, Id: "", Type: "EVENT", InitialContactId: "" },
  ]);
});
