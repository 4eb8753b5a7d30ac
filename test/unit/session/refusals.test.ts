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
/** A gateway's variant: it has the name in a field that the service doesn't use. */
const codeInBody403: Responder = () => json({ code: "AccessDeniedException", message: "no" }, 403);

let chat: ChatUnderTest;
let session: CustomerChatSession;
let emitted: string[];

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
  emitted = record(session, "message", "ended", "connectionBroken");
});

/** Drops the link when its URL is too old to be used again. */
async function loseLink(): Promise<void> {
  await chat.advance(120 * SECOND);
  chat.platform.socket.end();
  await chat.platform.settle();
}

const requestsTo = (path: string): number => chat.service.to(path).length;
const ITEM_AND_END = ["message", "ended"];

describe("REL-50: a 403 from CreateParticipantConnection while the link is down", () => {
  test.each([
    ["named in the header", named403],
    ["named in the body", namedInBody403],
  ])(
    "that is %s ends the chat immediately if GetTranscript's 403 has an error name",
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
    ["an HTML page, and another gateway's name in the header", gatewayHtml403],
    ["an empty body", empty403],
    ["an empty body, and the service's name in the header", emptyNamed403],
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
  ])("with JSON %s ends the chat after three such responses over at least 10 s", async (_, responder) => {
    chat.service.on(CONNECTION, responder);
    chat.service.on(TRANSCRIPT, responder);
    chat.platform.randomValue = 0.5;
    await loseLink();
    const since = chat.platform.time;
    const times: number[] = [];
    while (emitted.length === 0 && chat.platform.time < since + 120 * SECOND) {
      const before = requestsTo(CONNECTION);
      await chat.platform.advance(100);
      if (requestsTo(CONNECTION) > before) times.push(chat.platform.time);
    }
    expect(emitted).toEqual(ITEM_AND_END);
    expect(times.length).toBeGreaterThanOrEqual(3);
    const [first = 0] = times;
    const last = times.at(-1) ?? 0;
    expect(last - first).toBeGreaterThanOrEqual(10 * SECOND - 100);
    // The second-to-last 403 didn't end the chat: there were too few, or in too short a time.
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
    ["named", named403],
    ["nameless", nameless403],
  ])(
    "delivers missed messages and then the end if the transcript contains chat.ended (%s)",
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

  test("doesn't end the chat, even with an error name, if the transcript only has an earlier contact's end", async () => {
    const earlier = chat.event("chat.ended", {
      ContactId: "an-earlier-contact",
      InitialContactId: "an-earlier-contact",
      AbsoluteTime: new Date(chat.platform.time - 86_400 * SECOND).toISOString(),
    });
    chat.service.on(CONNECTION, named403);
    chat.service.on(TRANSCRIPT, () => json({ InitialContactId: chat.contactId, Transcript: [earlier] }));
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

  test("emits nothing if the session is disposed of while its confirmation is awaited", async () => {
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

test("an agent's session with only a participant token ends if both calls get a 403 with an error name, and sends no more requests", async () => {
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

/** A client that rejects every call with just a status once the chat is over. */
class StatusOnlyClient extends ChatClient {
  readonly calls: string[] = [];
  isOver = false;

  createParticipantConnection(): ReturnType<ChatClient["createParticipantConnection"]> {
    const far = "2099-01-01T00:00:00.000Z";
    return this.#answer("createParticipantConnection", {
      // A hundred seconds after the page was opened: its clock agrees with the service's.
      Websocket: { Url: "wss://custom.test/", ConnectionExpiry: "2026-01-01T00:01:40.000Z" },
      ConnectionCredentials: { ConnectionToken: "custom", Expiry: far },
    });
  }
  getTranscript(): ReturnType<ChatClient["getTranscript"]> {
    return this.#answer("getTranscript", { Transcript: [] });
  }
  sendMessage(): ReturnType<ChatClient["sendMessage"]> {
    return this.#answer("sendMessage", { Id: "m", AbsoluteTime: "" });
  }
  sendEvent(): ReturnType<ChatClient["sendEvent"]> {
    return this.#answer("sendEvent", { Id: "e", AbsoluteTime: "" });
  }
  disconnectParticipant(): ReturnType<ChatClient["disconnectParticipant"]> {
    return this.#answer("disconnectParticipant", {});
  }

  /** The rejections' reason. */
  error: Error = Object.assign(new Error("gone"), { statusCode: 403 });

  #answer<Data>(name: string, data: Data): Promise<{ data: Data }> {
    this.calls.push(name);
    return this.isOver ? Promise.reject(this.error) : Promise.resolve({ data });
  }
}

/** Connects a session on this client and ends its chat while the link is down. Returns the events emitted later. */
async function endChatOf(client: StatusOnlyClient): Promise<string[]> {
  chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
  session.dispose();
  const custom = await chat.connected(chat.customer({ participantId: "custom" }));
  client.isOver = true;
  await loseLink();
  return record(custom, "message", "ended");
}

test.each([
  ["an Error", Object.assign(new Error("gone"), { statusCode: 403 })],
  ["a ChatError", new ChatError("ServiceError", "gone", { statusCode: 403 })],
  ["a ChatError of another code", new ChatError("InvalidResponse", "gone", { statusCode: 403 })],
])(
  "%s with statusCode 403 from a custom client counts as the service's 403, and is confirmed like any other",
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

test("the item for an end that only 403s reveal has just the content type, and all its other fields are empty", async () => {
  const items: unknown[] = [];
  session.onMessage(({ data }) => items.push(data));
  chat.service.endChat();
  await loseLink();
  await chat.platform.advance(SECOND);
  expect(items).toEqual([
    { AbsoluteTime: "", ContentType: `${EVENT}chat.ended`, Id: "", Type: "EVENT", InitialContactId: "" },
  ]);
});
