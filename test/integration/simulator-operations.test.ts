/** Each operation's responses, tokens, validation and idempotency. */
import { describe, expect, test } from "@jest/globals";
import { callService } from "./support/call-service";
import { EVENT, eventsOf, part, simulateChat } from "./support/simulated-chat";

const chat = simulateChat({ connectionTokenLifeMs: 60_000 });

const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const UUID = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/) as unknown;
const MESSAGE = expect.stringMatching(/./) as unknown;
const DENIED = { status: 403, type: "AccessDeniedException", body: { message: MESSAGE } };
const INVALID = { status: 400, type: "ValidationException", body: { message: MESSAGE } };
const NOT_FOUND = { status: 404, type: "ResourceNotFoundException", body: { message: MESSAGE } };
/** The error with which the service's gateway rejects an unknown route. The error isn't documented. */
const NO_ROUTE = { status: 404, type: null, body: { message: MESSAGE } };

/** A valid call to each operation that takes a connection token. */
const CALLS = {
  SendMessage: ["/participant/message", { Content: "x", ContentType: "text/plain" }],
  SendEvent: ["/participant/event", { ContentType: `${EVENT}typing` }],
  GetTranscript: ["/participant/transcript", { StartPosition: {} }],
  StartAttachmentUpload: [
    "/participant/start-attachment-upload",
    { AttachmentName: "a.txt", AttachmentSizeInBytes: 1, ContentType: "text/plain" },
  ],
  CompleteAttachmentUpload: ["/participant/complete-attachment-upload", { AttachmentIds: ["none"] }],
  GetAttachment: ["/participant/attachment", { AttachmentId: "none" }],
  DescribeView: ["/participant/views/none", undefined],
  GetAuthenticationUrl: [
    "/participant/authentication-url",
    { SessionId: "s", RedirectUri: "https://x.test" },
  ],
  CancelParticipantAuthentication: ["/participant/cancel-authentication", { SessionId: "s" }],
  DisconnectParticipant: ["/participant/disconnect", {}],
} as const;

describe("CreateParticipantConnection", () => {
  const PATH = "/participant/connection";

  test("returns a socket URL, credentials or both, or only acknowledges the contact", async () => {
    const { ParticipantToken } = chat.simulator.startChat();
    const connect = async (request: object): Promise<unknown> =>
      (await chat.call(PATH, ParticipantToken, request)).body;
    const socketUrl = chat.simulator.url.replace("http", "ws");
    const Websocket = {
      Url: expect.stringMatching(new RegExp(`^${socketUrl}/`)) as unknown,
      ConnectionExpiry: new Date(chat.now + 100_000).toISOString(),
    };
    const ConnectionCredentials = {
      ConnectionToken: MESSAGE,
      Expiry: new Date(chat.now + 60_000).toISOString(),
    };
    expect(await connect({ Type: ["WEBSOCKET"] })).toEqual({ Websocket });
    expect(await connect({ Type: ["CONNECTION_CREDENTIALS"] })).toEqual({ ConnectionCredentials });
    const both = { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] };
    expect(await connect(both)).toEqual({ Websocket, ConnectionCredentials });
    expect(await connect({ ConnectParticipant: true })).toEqual({});
  });

  test.each([
    {},
    { Type: [] },
    { Type: ["NONSENSE"] },
    { Type: "WEBSOCKET" },
    { Type: [7] },
    { Type: ["WEBSOCKET"], ConnectParticipant: "yes" },
    { ConnectParticipant: false },
  ])("rejects %j", async (body) => {
    const { ParticipantToken } = chat.simulator.startChat();
    expect(await chat.call(PATH, ParticipantToken, body)).toMatchObject(INVALID);
  });

  test("accepts participant tokens and agents' connection tokens, but not customers' connection tokens", async () => {
    const customer = await chat.customer();
    const agent = await chat.agent(customer.contactId);
    const request = { Type: ["WEBSOCKET"] };
    expect((await chat.call(PATH, agent.token, request)).status).toBe(200);
    for (const token of ["wrong", "", customer.token]) {
      expect(await chat.call(PATH, token, request)).toMatchObject(DENIED);
    }
  });
});

describe("tokens", () => {
  test.each(Object.entries(CALLS))(
    "%s rejects a wrong token, a participant token and an expired token",
    async (_, [path, body]) => {
      const customer = await chat.customer();
      for (const token of ["wrong", "", customer.participantToken]) {
        expect(await chat.call(path, token, body)).toMatchObject(DENIED);
      }
      chat.now += 59_999;
      // The token is valid until it expires.
      expect((await chat.call(path, customer.token, body)).status).not.toBe(403);
      const other = await chat.customer();
      chat.now += 60_000;
      expect(await chat.call(path, other.token, body)).toMatchObject(DENIED);
    },
  );

  test("can be expired for one participant or for all", async () => {
    const customer = await chat.customer();
    const other = await chat.customer();
    const status = async (party: typeof customer): Promise<number> =>
      (await chat.sendEvent(party, "typing")).status;
    chat.simulator.expireConnectionTokens(customer.participantId);
    expect([await status(customer), await status(other)]).toEqual([403, 200]);
    chat.simulator.expireConnectionTokens();
    expect(await status(other)).toBe(403);
    // A new token is valid.
    const renewed = chat.simulator.connectionTokenOf(customer.participantId).chatTokenTransport;
    expect(await status({ ...customer, token: renewed.participantToken })).toBe(200);
  });
});

describe("SendMessage and SendEvent", () => {
  test("respond with the item's Id and AbsoluteTime", async () => {
    const customer = await chat.customer();
    const responses = [
      await chat.send(customer, "x"),
      await chat.sendEvent(customer, "connection.acknowledged"),
    ];
    for (const { status, type, body } of responses) {
      expect({ status, type, body }).toEqual({
        status: 200,
        type: null,
        body: { Id: UUID, AbsoluteTime: ISO_TIME },
      });
    }
    expect(chat.stored(customer).map(({ Id }) => Id)).toEqual(responses.map(({ body }) => body["Id"]));
  });

  test.each([
    ["message", "without any fields", {}],
    ["message", "without content", { ContentType: "text/plain" }],
    ["message", "without a content type", { Content: "x" }],
    ["message", "with empty content", { Content: "", ContentType: "text/plain" }],
    ["message", "with content that isn't a string", { Content: 7, ContentType: "text/plain" }],
    [
      "message",
      "with content over the size limit",
      { Content: "x".repeat(16_385), ContentType: "text/plain" },
    ],
    [
      "message",
      "with a ClientToken that isn't a string",
      { Content: "x", ContentType: "text/plain", ClientToken: 7 },
    ],
    [
      "message",
      "with a ClientToken over the length limit",
      { Content: "x", ContentType: "a/b", ClientToken: "t".repeat(501) },
    ],
    ["event", "without any fields", {}],
    ["event", "with a message's content type", { ContentType: "text/plain" }],
    ["event", "with a partial content type", { ContentType: "read", Content: '{"messageId":"x"}' }],
    ["event", "with an object as content", { ContentType: `${EVENT}typing`, Content: {} }],
  ])("reject a %s %s", async (operation, _, body) => {
    const customer = await chat.customer();
    expect(await chat.call(`/participant/${operation}`, customer.token, body)).toMatchObject(INVALID);
    expect(chat.stored(customer)).toEqual([]);
  });
});

describe("idempotency", () => {
  test("a repeated call with the same ClientToken returns the first response and creates no second item", async () => {
    const customer = await chat.customer();
    const first = await chat.send(customer, "once", "token");
    const repeatedCall = await Promise.all([
      chat.send(customer, "once", "token"),
      chat.send(customer, "once", "token"),
    ]);
    expect(repeatedCall).toEqual([first, first]);
    expect(chat.stored(customer)).toHaveLength(1);
    const other = await chat.send(customer, "once", "other");
    expect(other.body["Id"]).not.toBe(first.body["Id"]);
    expect(chat.stored(customer)).toHaveLength(2);
  });

  test("a ClientToken is scoped to its participant and operation", async () => {
    const customer = await chat.customer();
    const agent = await chat.agent(customer.contactId);
    const request = { Content: "x", ContentType: `${EVENT}typing`, ClientToken: "token" };
    const responses = [
      await chat.call("/participant/message", customer.token, request),
      await chat.call("/participant/message", agent.token, request),
      await chat.call("/participant/event", customer.token, request),
    ];
    expect(new Set(responses.map(({ body }) => body["Id"])).size).toBe(3);
  });

  test("calls without a ClientToken are never treated as repeats", async () => {
    const customer = await chat.customer();
    const request = { Content: "x", ContentType: "text/plain" };
    for (let time = 0; time < 2; time += 1) await chat.call("/participant/message", customer.token, request);
    expect(chat.stored(customer)).toHaveLength(2);
  });

  test("a rejected call doesn't use up its ClientToken", async () => {
    const customer = await chat.customer();
    const request = { ContentType: "text/plain", ClientToken: "token" };
    expect(await chat.call("/participant/message", customer.token, request)).toMatchObject(INVALID);
    expect((await chat.send(customer, "now with content", "token")).status).toBe(200);
  });
});

describe("the other operations", () => {
  test("DescribeView returns only views that were set", async () => {
    const { token } = await chat.customer();
    const view = { Id: "view", Content: { InputSchema: "{}" } };
    chat.simulator.setView("a/token+1", view);
    const path = `/participant/views/${encodeURIComponent("a/token+1")}`;
    expect(await chat.call(path, token)).toEqual({ status: 200, type: null, body: { View: view } });
    expect(await chat.call("/participant/views/none", token)).toMatchObject(NOT_FOUND);
    expect(await chat.call("/participant/views/", token)).toMatchObject(NOT_FOUND);
    expect(await chat.call("/participant/views/%", token)).toMatchObject(INVALID);
  });

  test("GetAuthenticationUrl returns a URL, and CancelParticipantAuthentication creates an event", async () => {
    const customer = await chat.customer();
    const RedirectUri = "https://page.test/back?a=1";
    const response = await chat.call("/participant/authentication-url", customer.token, {
      SessionId: "s",
      RedirectUri,
    });
    const url = new URL(String(response.body["AuthenticationUrl"]));
    expect(url.searchParams.get("redirect_uri")).toBe(RedirectUri);
    expect(url.searchParams.get("session")).toBe("s");
    const canceled = await chat.call("/participant/cancel-authentication", customer.token, {
      SessionId: "s",
    });
    expect(canceled).toMatchObject({ status: 200, body: {} });
    expect(eventsOf(chat.stored(customer))).toEqual(["authentication.cancelled"]);
  });

  test.each([
    ["authentication-url", { SessionId: "s" }],
    ["authentication-url", { RedirectUri: "https://page.test" }],
    ["cancel-authentication", {}],
  ])("%s rejects %j, which lacks a field", async (operation, body) => {
    const customer = await chat.customer();
    expect(await chat.call(`/participant/${operation}`, customer.token, body)).toMatchObject(INVALID);
    expect(chat.stored(customer)).toEqual([]);
  });
});

describe("malformed requests", () => {
  test.each(["", "not json", "[]", "7", "null", '{"Content":'])("a body of %j is rejected", async (body) => {
    const { token } = await chat.customer();
    const response = await fetch(`${chat.simulator.url}/participant/message`, {
      method: "POST",
      headers: { "x-amz-bearer": token },
      body,
    });
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toBe("ValidationException");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toEqual({ message: MESSAGE });
  });

  test("a body that is larger than any call needs is rejected after it's read", async () => {
    const { token } = await chat.customer();
    const large = { Content: "x".repeat(33 * 1024 * 1024), ContentType: "text/plain" };
    expect(await chat.call("/participant/message", token, large)).toMatchObject({ status: 413, type: null });
  }, 20_000);

  test("an unknown path, or a known path with the wrong method, isn't found", async () => {
    const { token } = await chat.customer();
    expect(await chat.call("/participant/nonsense", token, {})).toMatchObject(NO_ROUTE);
    expect(await callService(`${chat.simulator.url}/participant/message`, token)).toMatchObject(NO_ROUTE);
    expect(await chat.call("/participant/views/x", token, {})).toMatchObject(NO_ROUTE);
    const head = await fetch(`${chat.simulator.url}/participant/message`, { method: "HEAD" });
    expect(head.status).toBe(404);
  });
});

describe("the simulator's API for tests", () => {
  test("records each call with its response until the record is cleared", async () => {
    const customer = await chat.customer();
    chat.simulator.clearRequests();
    chat.now += 5;
    await chat.send(customer, "x", "token");
    await chat.call("/participant/message", "wrong", {});
    expect(chat.simulator.requests).toEqual([
      {
        operation: "SendMessage",
        at: chat.now,
        status: 200,
        answeredAt: chat.now,
        participantId: customer.participantId,
        clientToken: "token",
        headers: expect.objectContaining({ "x-amz-bearer": customer.token }) as unknown,
        body: { Content: "x", ContentType: "text/plain", ClientToken: "token" },
      },
      expect.objectContaining({ status: 403, participantId: null, clientToken: null, body: {} }) as unknown,
    ]);
    chat.simulator.clearRequests();
    expect(chat.simulator.requests).toEqual([]);
  });

  test("throws for an unknown contact or participant", async () => {
    expect(() => chat.simulator.contact("none")).toThrow("none");
    expect(() => chat.simulator.joinAgent("none")).toThrow("none");
    expect(() => chat.simulator.connectionTokenOf("none")).toThrow("participant");
    expect(() => chat.simulator.signSocket(["none"])).toThrow("participant");
    const customer = await chat.customer();
    expect(() => chat.simulator.contact(customer.contactId).receipt("read", "x")).toThrow("AGENT");
  });

  test("sends scripts' items with or without a participant, and adds missing fields", () => {
    const { ContactId, ParticipantId } = chat.simulator.startChat({
      initialMessage: "Hi",
      displayName: "Alex",
    });
    const script = chat.simulator.contact(ContactId);
    script.say("I am Alex", { role: "CUSTOMER" });
    script.say("I am a bot", { role: "SYSTEM", displayName: "Bot", contentType: "text/markdown" });
    script.event("participant.idle", { role: "CUSTOMER", content: "c" });
    script.event("typing");
    const item = script.sendItem({ Type: "MESSAGE", ContentType: "text/plain", Id: "mine" });
    expect(script.transcript).toMatchObject([
      { Content: "Hi", ParticipantId, DisplayName: "Alex" },
      { Content: "I am Alex", ParticipantId, ParticipantRole: "CUSTOMER", DisplayName: "Alex" },
      { ContentType: "text/markdown", ParticipantRole: "SYSTEM", DisplayName: "Bot" },
      { ContentType: `${EVENT}participant.idle`, ParticipantId, Content: "c" },
      { Id: "mine", AbsoluteTime: ISO_TIME, ContactId, InitialContactId: ContactId },
    ]);
    expect(script.transcript).toHaveLength(5);
    expect(part({ item }, "item")).toEqual(script.transcript[4]);
  });
});
