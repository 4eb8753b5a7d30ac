import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatClient } from "../../../src/api/client";
import { Logging } from "../../../src/observability/logger";
import type { ParticipantConnection, ParticipantIdentity } from "../../../src/participant/connection-details";
import { Participant } from "../../../src/participant/participant";
import { RETRY } from "../../../src/participant/retry";
import { ServiceClient } from "../../../src/participant/service-client";
import { NEWEST_PAGE } from "../../../src/participant/transcript-page";
import { ChatError } from "../../../src/errors";
import { CustomClient, type MethodOverrides } from "../../support/custom-client";
import { FakePlatform } from "../../support/fake-platform";
import {
  cutNetwork,
  deferred,
  errorResponse,
  FakeService,
  HOUR,
  iso,
  json,
  rejection,
  silence,
} from "../../support/fake-service";

const CONNECTION = "/participant/connection";
const MINUTE = 60_000;
const SOCKET = { Url: "wss://service.test/socket" };

let platform: FakePlatform;
let service: FakeService;
let participant: Participant | null = null;

beforeEach(() => {
  platform = new FakePlatform();
  service = new FakeService(platform);
});

afterEach(() => {
  participant?.dispose("the test is over.");
  participant = null;
  expect(platform.pendingTimers).toBe(0);
  expect(platform.signalListeners).toBe(0);
});

type Identity = Omit<ParticipantIdentity, "client">;

const CUSTOMER: Identity = {
  type: "CUSTOMER",
  participantToken: "participant-token",
  getConnectionToken: null,
};

const bundledClient = (): ChatClient =>
  new ServiceClient(platform, { endpoint: "https://service.test", userAgent: "test" });

function createConnection(identity: Identity, client = bundledClient()): ParticipantConnection {
  const logger = new Logging(platform).getLogger();
  participant = new Participant({ ...identity, client }, platform, logger, () => undefined);
  return participant.connection;
}

async function establishCustomer(): Promise<ParticipantConnection> {
  const connection = createConnection(CUSTOMER);
  await connection.establish();
  return connection;
}

/** An agent page's getConnectionToken, which counts its calls and resolves with a token that has the call's number. */
function agentTokens() {
  const source = {
    calls: 0,
    failing: false,
    lifeMs: 24 * HOUR,
    identity: (participantToken: string | null = null): Identity => ({
      type: "AGENT",
      participantToken,
      getConnectionToken: () => {
        source.calls += 1;
        if (source.failing) return Promise.reject(new Error("Streams failed"));
        const expiry = iso(platform.now() + source.lifeMs);
        return Promise.resolve({
          chatTokenTransport: { participantToken: `agent-token-${source.calls}`, expiry },
        });
      },
    }),
  };
  return source;
}

const connectionCalls = (): unknown[] => service.to(CONNECTION).map(({ bearer, body }) => ({ bearer, body }));
const TOKEN_ONLY = { bearer: "participant-token", body: { Type: ["CONNECTION_CREDENTIALS"] } };
const SOCKET_AND_TOKEN = {
  bearer: "participant-token",
  body: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] },
};

describe("a customer's connection", () => {
  test("is created by CreateParticipantConnection with the participant token", async () => {
    const details = await createConnection(CUSTOMER).establish();
    expect(connectionCalls()).toEqual([SOCKET_AND_TOKEN]);
    expect(details).toEqual({
      url: "wss://service.test/socket?number=1",
      expiry: iso(platform.time + 100_000),
      transportLifeTimeInSeconds: 3540,
      connectionAcknowledged: false,
      connectionToken: "connection-token-1",
      connectionTokenExpiry: iso(platform.time + 24 * HOUR),
    });
    expect(participant?.connection.details).toEqual(details);
  });

  test("retries retryable errors and rejects with other errors", async () => {
    service.next(CONNECTION, cutNetwork, () => errorResponse(429, "ThrottlingException"));
    const established = createConnection(CUSTOMER).establish();
    await platform.advance(20_000);
    expect(await established).toMatchObject({ connectionToken: "connection-token-1" });
    expect(service.to(CONNECTION)).toHaveLength(3);

    service.on(CONNECTION, () => errorResponse(403, "AccessDeniedException"));
    participant?.dispose("the test is over.");
    expect(await rejection(createConnection(CUSTOMER).establish())).toMatchObject({ statusCode: 403 });
    expect(service.to(CONNECTION)).toHaveLength(4);
    expect(participant?.connection.details).toBeNull();
  });

  test.each([
    ["no fields", {}],
    ["only a socket", { Websocket: SOCKET }],
    ["an empty token", { Websocket: SOCKET, ConnectionCredentials: { ConnectionToken: "" } }],
    ["credentials that are a string", { Websocket: SOCKET, ConnectionCredentials: "token" }],
  ])(
    "rejects immediately and names the missing field if the bundled client's response has %s",
    async (_, response) => {
      service.on(CONNECTION, () => json(response));
      const error = await rejection(createConnection(CUSTOMER).establish());
      expect(error).toMatchObject({ code: "InvalidResponse", retryable: false });
      expect(error).toHaveProperty(
        "message",
        expect.stringContaining("ConnectionCredentials.ConnectionToken"),
      );
      expect(service.to(CONNECTION)).toHaveLength(1);
      expect(participant?.connection.details).toBeNull();
    },
  );

  test.each([
    ["a Websocket that is a string", "wss://service.test/socket"],
    ["no Url", {}],
    ["an empty Url", { Url: "" }],
    ["a Url that is a number", { Url: 7 }],
    ["a Url that isn't a URL", { Url: "wss://" }],
    ["an https:// Url", { Url: "https://service.test/socket" }],
  ])(
    "is requested again after a response with %s, and rejects if later responses are the same",
    async (_, Websocket) => {
      const damaged = (): Response => json({ Websocket, ConnectionCredentials: { ConnectionToken: "t" } });
      service.next(CONNECTION, damaged);
      const established = createConnection(CUSTOMER).establish();
      await platform.advance(20_000);
      expect(await established).toMatchObject({ connectionToken: "connection-token-1" });
      participant?.dispose("the test is over.");

      service.on(CONNECTION, damaged);
      const failed = rejection(createConnection(CUSTOMER).establish());
      await platform.advance(20_000);
      const error = await failed;
      expect(error).toMatchObject({ code: "InvalidResponse", retryable: true });
      expect(error).toHaveProperty("message", expect.stringContaining("Websocket.Url"));
      expect(participant?.connection.details).toBeNull();
    },
  );

  test("is requested again if the token isn't a string, but not if an expiry isn't a string, which counts as null", async () => {
    const responseWith = (ConnectionToken: unknown): Response =>
      json({
        Websocket: { Url: SOCKET.Url, ConnectionExpiry: 7 },
        ConnectionCredentials: { ConnectionToken, Expiry: {} },
      });
    service.next(
      CONNECTION,
      () => responseWith(7),
      () => responseWith("token"),
    );
    const established = createConnection(CUSTOMER).establish();
    await platform.advance(20_000);
    expect(await established).toMatchObject({
      connectionToken: "token",
      expiry: null,
      connectionTokenExpiry: null,
    });
  });

  test("rejects if the response has a token but no Websocket, as upstream does", async () => {
    service.on(CONNECTION, () => json({ ConnectionCredentials: { ConnectionToken: "t" } }));
    const connection = createConnection(CUSTOMER).establish();
    connection.catch(() => undefined);
    await platform.advance(60_000);
    await expect(connection).rejects.toMatchObject({ code: "InvalidResponse" });
  });

  test("doesn't need a socket if there is an external manager", async () => {
    service.on(CONNECTION, () =>
      json({ Websocket: { Url: "" }, ConnectionCredentials: { ConnectionToken: "t" } }),
    );
    expect(await createConnection({ ...CUSTOMER, manager: {} }).establish()).toMatchObject({
      url: null,
      connectionToken: "t",
    });
  });
});

describe("a later response from the bundled client", () => {
  test("updates the socket and keeps the token and its expiry if it has only a socket", async () => {
    const connection = await establishCustomer();
    const { connectionToken, connectionTokenExpiry } = connection.details ?? {};
    service.on(CONNECTION, () =>
      json({ Websocket: { Url: "wss://service.test/new", ConnectionExpiry: "later" } }),
    );
    expect(await connection.fetchSocket()).toMatchObject({
      url: "wss://service.test/new",
      expiry: "later",
      connectionToken,
      connectionTokenExpiry,
    });
  });

  test.each([
    {},
    { Websocket: { Url: "" } },
    { Websocket: { Url: 7 } },
    { ConnectionCredentials: { ConnectionToken: "new" } },
  ])("fails a socket request and changes nothing if it is %j", async (response) => {
    const connection = await establishCustomer();
    const before = connection.details;
    service.on(CONNECTION, () => json(response));
    expect(await rejection(connection.fetchSocket())).toMatchObject({ code: "InvalidResponse" });
    expect(connection.details).toEqual(before);
  });

  test("fails a renewal if it has no credentials, so that the token stays and backoff continues", async () => {
    platform.randomValue = 0.5;
    service.tokenLifetimeMs = HOUR;
    const connection = await establishCustomer();
    const attemptsAt: number[] = [];
    service.on(CONNECTION, () => {
      attemptsAt.push(platform.time);
      return json({});
    });
    await platform.advance(59 * MINUTE + 10_000);
    expect(connection.details).toMatchObject({ connectionToken: "connection-token-1" });
    const pauses = attemptsAt.slice(1).map((at, index) => at - (attemptsAt[index] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
  });
});

describe("an agent's connection", () => {
  test("uses the token from getConnectionToken without calling the service", async () => {
    const details = await createConnection(agentTokens().identity()).establish();
    expect(service.calls).toEqual([]);
    expect(details).toEqual({
      url: null,
      expiry: null,
      transportLifeTimeInSeconds: 3540,
      connectionAcknowledged: false,
      connectionToken: "agent-token-1",
      connectionTokenExpiry: iso(platform.time + 24 * HOUR),
    });
  });

  test.each([
    ["rejects", () => Promise.reject(new Error("Streams failed"))],
    ["resolves with undefined", () => Promise.resolve(undefined)],
    ["resolves without a token", () => Promise.resolve({ chatTokenTransport: {} })],
  ])(
    "is created by CreateParticipantConnection with ConnectParticipant if getConnectionToken %s",
    async (_, source) => {
      const identity = {
        type: "AGENT",
        participantToken: "participant-token",
        getConnectionToken: source,
      } as const;
      const details = await createConnection(identity).establish();
      expect(connectionCalls()).toEqual([
        {
          bearer: "participant-token",
          body: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ConnectParticipant: true },
        },
      ]);
      expect(details).toMatchObject({ connectionToken: "connection-token-1", connectionAcknowledged: true });
    },
  );

  test("is created with ConnectParticipant for an agent with only a participant token, and renewed without it", async () => {
    const connection = createConnection({ ...CUSTOMER, type: "AGENT" });
    expect(await connection.establish()).toMatchObject({ connectionAcknowledged: true });
    await connection.fetchSocket();
    await platform.advance(12 * HOUR);
    const acknowledging = {
      ...SOCKET_AND_TOKEN,
      body: { ...SOCKET_AND_TOKEN.body, ConnectParticipant: true },
    };
    expect(connectionCalls()).toEqual([acknowledging, acknowledging, TOKEN_ONLY]);
    expect(connection.details).toMatchObject({ connectionAcknowledged: true });
  });

  test("calls the service if getConnectionToken doesn't settle within 30 s", async () => {
    const connection = createConnection({
      type: "AGENT",
      participantToken: "participant-token",
      getConnectionToken: () => new Promise(() => undefined),
    });
    const establishing = connection.establish();
    await platform.advance(29_999);
    expect(connectionCalls()).toEqual([]);
    await platform.advance(1);
    expect(await establishing).toMatchObject({ connectionToken: "connection-token-1" });
  });

  test("is aborted by its signal while getConnectionToken is pending, without calling the service", async () => {
    const aborter = new AbortController();
    const connection = createConnection({
      type: "AGENT",
      participantToken: "participant-token",
      getConnectionToken: () => new Promise(() => undefined),
    });
    const establishing = rejection(connection.establish({ signal: aborter.signal }));
    await platform.settle();
    aborter.abort();
    expect(await establishing).toMatchObject({ code: "Aborted" });
    expect(connectionCalls()).toEqual([]);
  });

  test("is acknowledged with ConnectParticipant and without Type", async () => {
    const connection = createConnection(agentTokens().identity());
    await connection.establish();
    await connection.acknowledge();
    expect(connectionCalls()).toEqual([{ bearer: "agent-token-1", body: { ConnectParticipant: true } }]);
    expect(connection.details).toMatchObject({
      connectionAcknowledged: true,
      connectionToken: "agent-token-1",
    });
  });

  test("is acknowledged by the request for its own socket", async () => {
    const connection = createConnection(agentTokens().identity("participant-token"));
    await connection.establish();
    await connection.fetchSocket();
    expect(connectionCalls()).toEqual([
      {
        bearer: "participant-token",
        body: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ConnectParticipant: true },
      },
    ]);
    expect(connection.details).toMatchObject({
      url: "wss://service.test/socket?number=1",
      connectionAcknowledged: true,
    });
  });

  test("renews its token with getConnectionToken without calling the service", async () => {
    const tokens = agentTokens();
    tokens.lifeMs = 10 * MINUTE;
    const connection = createConnection(tokens.identity());
    await connection.establish();
    await platform.advance(9 * MINUTE);
    expect(tokens.calls).toBe(2);
    expect(service.calls).toEqual([]);
    expect(connection.details).toMatchObject({ connectionToken: "agent-token-2" });
  });

  test("retries a failed renewal", async () => {
    const tokens = agentTokens();
    tokens.lifeMs = 10 * MINUTE;
    const connection = createConnection(tokens.identity());
    await connection.establish();
    tokens.failing = true;
    await platform.advance(9 * MINUTE);
    tokens.failing = false;
    await platform.advance(1_000);
    expect(tokens.calls).toBe(3);
    expect(connection.details).toMatchObject({ connectionToken: "agent-token-3" });
  });
});

describe("a socket's URL", () => {
  test("is fetched together with a token, and a failed fetch isn't retried", async () => {
    const connection = await establishCustomer();
    const fresh = await connection.fetchSocket();
    expect(connectionCalls()).toEqual([SOCKET_AND_TOKEN, SOCKET_AND_TOKEN]);
    expect(fresh).toMatchObject({
      url: "wss://service.test/socket?number=2",
      connectionToken: "connection-token-2",
    });
    service.on(CONNECTION, cutNetwork);
    expect(await rejection(connection.fetchSocket())).toMatchObject({ code: "NetworkError" });
    await platform.advance(MINUTE);
    expect(service.to(CONNECTION)).toHaveLength(3);
  });
});

describe("connection token renewal", () => {
  test("happens a minute before the token expires, requests only CONNECTION_CREDENTIALS, and keeps the socket's URL", async () => {
    service.tokenLifetimeMs = 2 * HOUR;
    const connection = await establishCustomer();
    await platform.advance(2 * HOUR - MINUTE - 1);
    expect(service.to(CONNECTION)).toHaveLength(1);
    service.next(CONNECTION, () =>
      json({ ConnectionCredentials: { ConnectionToken: "renewed", Expiry: iso(platform.time + 2 * HOUR) } }),
    );
    await platform.advance(1);
    expect(connectionCalls()).toEqual([SOCKET_AND_TOKEN, TOKEN_ONLY]);
    expect(connection.details).toMatchObject({
      connectionToken: "renewed",
      url: "wss://service.test/socket?number=1",
    });
  });

  test("happens repeatedly, each time before the token expires", async () => {
    service.tokenLifetimeMs = 2 * HOUR;
    const connection = await establishCustomer();
    await platform.advance(6 * HOUR);
    expect(service.to(CONNECTION)).toHaveLength(4);
    expect(connection.details).toMatchObject({ connectionToken: "connection-token-4" });
  });

  test.each([
    ["far away", iso(Date.parse("2027-01-01T00:00:00Z"))],
    ["missing", undefined],
    ["not a date", "tomorrow"],
  ])("happens at most 12 hours after the token was issued if its expiry is %s", async (_, Expiry) => {
    service.next(CONNECTION, () =>
      json({
        Websocket: SOCKET,
        ConnectionCredentials: { ConnectionToken: "long", ...(Expiry !== undefined && { Expiry }) },
      }),
    );
    await establishCustomer();
    await platform.advance(12 * HOUR - 1);
    expect(service.to(CONNECTION)).toHaveLength(1);
    await platform.advance(1);
    expect(service.to(CONNECTION)).toHaveLength(2);
  });

  test.each([25 * HOUR, 24 * HOUR, 10 * 365 * 24 * HOUR])(
    "happens after 12 hours if the page's clock is %d ms ahead and new tokens look expired",
    async (aheadMs) => {
      platform.clockErrorMs = aheadMs;
      await establishCustomer();
      await platform.advance(12 * HOUR - 1);
      expect(service.to(CONNECTION)).toHaveLength(1);
      await platform.advance(1);
      expect(service.to(CONNECTION)).toHaveLength(2);
    },
  );

  test.each([-HOUR, HOUR, 10 * 365 * 24 * HOUR])(
    "happens on time even if the page's clock is changed by %d ms",
    async (byMs) => {
      service.tokenLifetimeMs = HOUR;
      await establishCustomer();
      platform.clockErrorMs = byMs;
      platform.signal("visible");
      await platform.advance(59 * MINUTE - 1);
      expect(service.to(CONNECTION)).toHaveLength(1);
      await platform.advance(1);
      expect(service.to(CONNECTION)).toHaveLength(2);
    },
  );

  test("REL-27: is retried with backoff after a failure, and happens on time again after it succeeds", async () => {
    platform.randomValue = 0.5;
    service.tokenLifetimeMs = HOUR;
    const connection = await establishCustomer();
    const attemptsAt: number[] = [];
    service.on(CONNECTION, (call) => {
      attemptsAt.push(platform.time);
      return cutNetwork(call);
    });
    await platform.advance(59 * MINUTE + 20_000);
    const pauses = attemptsAt.slice(1).map((at, index) => at - (attemptsAt[index] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    service.on(CONNECTION, (call) => service.defaultResponse(call));
    await platform.advance(16_000);
    expect(connection.details).toMatchObject({ connectionToken: "connection-token-2" });
    await platform.advance(58 * MINUTE);
    expect(connection.details).toMatchObject({ connectionToken: "connection-token-2" });
    await platform.advance(2 * MINUTE);
    expect(connection.details).toMatchObject({ connectionToken: "connection-token-3" });
  });

  test("is retried at most five minutes after a failure, regardless of the number of earlier failures", async () => {
    platform.randomValue = 0.999;
    service.tokenLifetimeMs = HOUR;
    await establishCustomer();
    const attemptsAt: number[] = [];
    service.on(CONNECTION, (call) => {
      attemptsAt.push(platform.time);
      return cutNetwork(call);
    });
    await platform.advance(6 * HOUR);
    const pauses = attemptsAt.slice(1).map((at, index) => at - (attemptsAt[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(300_000);
    expect(Math.max(...pauses)).toBeGreaterThan(290_000);
  });

  test.each(["visible", "resumed", "online"] as const)(
    "happens immediately on the signal %s if it became due during sleep",
    async (signal) => {
      service.tokenLifetimeMs = HOUR;
      await establishCustomer();
      // Simulate sleep, in which the clock advances but no timer fires.
      platform.time += 2 * HOUR;
      platform.signal(signal);
      await platform.advance(0);
      expect(connectionCalls()).toEqual([SOCKET_AND_TOKEN, TOKEN_ONLY]);
      await platform.advance(30_000);
      expect(service.to(CONNECTION)).toHaveLength(2);
    },
  );

  test.each(["hidden", "leaving", "offline"] as const)("doesn't happen on the signal %s", async (signal) => {
    service.tokenLifetimeMs = HOUR;
    await establishCustomer();
    platform.time += 2 * HOUR;
    platform.signal(signal);
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(1);
  });

  test("doesn't happen on wake-up before it is due", async () => {
    await establishCustomer();
    platform.signal("visible");
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(1);
  });

  test("REL-29: happens as soon as the page wakes if the previous renewal failed, even before the backoff ends", async () => {
    platform.randomValue = 0.999;
    service.tokenLifetimeMs = HOUR;
    const connection = await establishCustomer();
    service.on(CONNECTION, cutNetwork);
    await platform.advance(59 * MINUTE + 10_000);
    const failed = service.to(CONNECTION).length;
    service.on(CONNECTION, (call) => service.defaultResponse(call));
    platform.signal("visible");
    await platform.advance(0);
    expect(service.to(CONNECTION)).toHaveLength(failed + 1);
    expect(connection.details).toMatchObject({ connectionToken: "connection-token-2" });
  });

  test("B19: happens at most every 2 s, within the request budget, if every renewal fails and the page wakes ten times a second", async () => {
    service.tokenLifetimeMs = HOUR;
    await establishCustomer();
    const attemptsAt: number[] = [];
    service.on(CONNECTION, (call) => {
      attemptsAt.push(platform.time);
      return cutNetwork(call);
    });
    await platform.advance(59 * MINUTE);
    for (let step = 0; step < 6_000; step += 1) {
      platform.signal("visible");
      await platform.advance(100);
    }
    const pauses = attemptsAt.slice(1).map((at, index) => at - (attemptsAt[index] ?? 0));
    // The first pause is the ordinary backoff after a failed renewal.
    expect(Math.min(...pauses.slice(1))).toBeGreaterThanOrEqual(2_000);
    expect(attemptsAt.filter((at) => at < (attemptsAt[0] ?? 0) + MINUTE).length).toBeLessThanOrEqual(30);
    expect(attemptsAt.length).toBeGreaterThan(30);
    expect(attemptsAt.length).toBeLessThanOrEqual(60);
  });

  test("B7: waits for the service's Retry-After, even if the page wakes earlier", async () => {
    service.tokenLifetimeMs = HOUR;
    await establishCustomer();
    service.next(CONNECTION, () => errorResponse(503, "ServiceUnavailable", { "retry-after": "20" }));
    await platform.advance(59 * MINUTE);
    const failed = service.to(CONNECTION).length;
    platform.signal("visible");
    await platform.advance(19_999);
    expect(service.to(CONNECTION)).toHaveLength(failed);
    await platform.advance(1);
    expect(service.to(CONNECTION)).toHaveLength(failed + 1);
  });
});

describe("a call with the connection token", () => {
  const send = (connection: ParticipantConnection): Promise<unknown> =>
    connection.callWithRenewal("GetTranscript", (client, token, options) =>
      client.getTranscript(token, NEWEST_PAGE, options),
    );
  const TRANSCRIPT = "/participant/transcript";
  /** Makes the service reject the first token. */
  const expireToken = (): void =>
    service.on(TRANSCRIPT, (call) =>
      call.bearer === "connection-token-1"
        ? errorResponse(403, "AccessDeniedException")
        : service.defaultResponse(call),
    );
  const bearers = (): unknown[] => service.to(TRANSCRIPT).map(({ bearer }) => bearer);

  test("sends the token as its bearer token", async () => {
    await send(await establishCustomer());
    expect(bearers()).toEqual(["connection-token-1"]);
  });

  test("REL-28: renews the token and is sent again if it fails with 403", async () => {
    const connection = await establishCustomer();
    expireToken();
    expect(await send(connection)).toMatchObject({ data: { Transcript: [] } });
    expect(connectionCalls()).toEqual([SOCKET_AND_TOKEN, TOKEN_ONLY]);
    expect(bearers()).toEqual(["connection-token-1", "connection-token-2"]);
  });

  test("rejects if it gets another 403 with the new token", async () => {
    const connection = await establishCustomer();
    service.on(TRANSCRIPT, () => errorResponse(403, "AccessDeniedException"));
    expect(await rejection(send(connection))).toMatchObject({ statusCode: 403 });
    expect(service.to(TRANSCRIPT)).toHaveLength(2);
    expect(service.to(CONNECTION)).toHaveLength(2);
  });

  test("shares one renewal with other calls that wait for a new token", async () => {
    const connection = await establishCustomer();
    expireToken();
    const renewal = deferred<Response>();
    service.next(CONNECTION, () => renewal.promise);
    const calls = Promise.all([send(connection), send(connection), send(connection)]);
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(2);
    renewal.resolve(
      json({ ConnectionCredentials: { ConnectionToken: "renewed", Expiry: iso(platform.time + HOUR) } }),
    );
    expect(await calls).toHaveLength(3);
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(bearers().slice(3)).toEqual(["renewed", "renewed", "renewed"]);
  });

  test("uses the current token if its 403 arrives after another call's renewal", async () => {
    const connection = await establishCustomer();
    const late = deferred<Response>();
    service.next(TRANSCRIPT, () => late.promise);
    const call = send(connection);
    await platform.settle();
    await connection.fetchSocket();
    late.resolve(errorResponse(403, "AccessDeniedException"));
    await call;
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(bearers()).toEqual(["connection-token-1", "connection-token-2"]);
  });

  test("rejects with its own 403 if the service rejects the renewal", async () => {
    const connection = await establishCustomer();
    expireToken();
    service.on(CONNECTION, () => errorResponse(403, "AccessDeniedException"));
    expect(await rejection(send(connection))).toMatchObject({
      statusCode: 403,
      type: "AccessDeniedException",
      retryable: false,
    });
    expect(service.to(TRANSCRIPT)).toHaveLength(1);
  });

  test("rejects with a retryable 403 if the renewal fails three times with a retryable error", async () => {
    const connection = await establishCustomer();
    expireToken();
    service.on(CONNECTION, () => errorResponse(500, "InternalServerException"));
    const failed = rejection(send(connection));
    await platform.advance(60_000);
    expect(await failed).toMatchObject({ statusCode: 403, type: "AccessDeniedException", retryable: true });
    expect(service.to(CONNECTION)).toHaveLength(4);
  });

  test.each([
    ["a 400", new ChatError("ServiceError", "no", { statusCode: 400 })],
    ["storage's 403", new ChatError("StorageError", "no", { statusCode: 403 })],
  ])("doesn't renew the token if it fails with %s", async (_, error) => {
    const connection = await establishCustomer();
    const call = connection.callWithRenewal("SendAttachment", () => Promise.reject(error), {
      policy: RETRY.selfRetrying,
    });
    expect(await rejection(call)).toEqual(error);
    expect(service.to(CONNECTION)).toHaveLength(1);
  });

  test("passes null if a custom client returned no token, without a renewal", async () => {
    service.on(CONNECTION, () => json({ Websocket: SOCKET }));
    const identity = { type: "CUSTOMER", participantToken: null, getConnectionToken: null } as const;
    const connection = createConnection(identity, new CustomClient(platform).client);
    expect(await connection.establish()).toMatchObject({
      url: "wss://service.test/socket",
      connectionToken: null,
      connectionTokenExpiry: null,
    });
    expect(platform.pendingTimers).toBe(0);
    service.on(TRANSCRIPT, () => errorResponse(403, "AccessDeniedException"));
    expect(await rejection(send(connection))).toMatchObject({ statusCode: 403 });
    expect(service.to(CONNECTION)).toHaveLength(1);
    expect(bearers()).toEqual([null]);
    await platform.advance(24 * HOUR);
    expect(service.to(CONNECTION)).toHaveLength(1);
  });
});

describe("a custom client", () => {
  const withCustomClient = (methods?: MethodOverrides): ParticipantConnection =>
    createConnection(CUSTOMER, new CustomClient(platform, methods).client);

  test("makes the session permanently tokenless, without renewals, if it later returns no credentials", async () => {
    service.tokenLifetimeMs = HOUR;
    const connection = withCustomClient();
    expect(await connection.establish()).toMatchObject({ connectionToken: "connection-token-1" });
    service.next(CONNECTION, () => json({ Websocket: SOCKET }));
    expect(await connection.fetchSocket()).toMatchObject({
      connectionToken: null,
      connectionTokenExpiry: null,
    });
    await platform.advance(24 * HOUR);
    platform.signal("visible");
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(await connection.fetchSocket()).toMatchObject({
      connectionToken: null,
      connectionTokenExpiry: null,
    });
    expect(platform.pendingTimers).toBe(0);
  });

  test("also makes the session tokenless if it returns no credentials for a renewal", async () => {
    service.tokenLifetimeMs = HOUR;
    const connection = withCustomClient();
    await connection.establish();
    service.on(CONNECTION, () => json({}));
    await platform.advance(59 * MINUTE);
    expect(connection.details).toMatchObject({ connectionToken: null });
    expect(platform.pendingTimers).toBe(0);
  });

  test.each([undefined, null, "text", 7, [], {}, { data: null }, { data: "text" }, { data: [] }])(
    "causes an error that names createParticipantConnection() if it resolves with %j",
    async (result) => {
      const connection = withCustomClient({ createParticipantConnection: () => result });
      const error = await rejection(connection.establish());
      expect(error).toMatchObject({ code: "InvalidResponse", retryable: false });
      expect(error).toHaveProperty("message", expect.stringContaining("createParticipantConnection()"));
      expect(connection.details).toBeNull();
    },
  );

  test("can acknowledge an agent's contact by resolving with anything but undefined or null", async () => {
    const connection = withCustomClient({ createParticipantConnection: () => ({}) });
    await expect(connection.acknowledge()).resolves.toBeUndefined();
  });
});

describe("closing the connection", () => {
  test("stop() keeps the details and ends the renewals", async () => {
    const connection = await establishCustomer();
    connection.stop();
    expect(platform.pendingTimers).toBe(0);
    expect(platform.signalListeners).toBe(0);
    expect(connection.details).toMatchObject({ connectionToken: "connection-token-1" });
  });

  test("dispose() clears the details and removes all timers and listeners", async () => {
    const connection = await establishCustomer();
    participant?.dispose("the test is over.");
    expect(connection.details).toBeNull();
    expect(platform.pendingTimers).toBe(0);
    expect(platform.signalListeners).toBe(0);
  });

  test("a response that arrives after dispose() is dropped and starts no timer", async () => {
    const late = deferred<Response>();
    service.next(CONNECTION, () => late.promise);
    const connection = createConnection(CUSTOMER);
    const established = rejection(connection.establish());
    await platform.settle();
    participant?.dispose("the test is over.");
    late.resolve(json({ Websocket: SOCKET, ConnectionCredentials: { ConnectionToken: "late" } }));
    expect(await established).toMatchObject({ code: "Aborted" });
    expect(connection.details).toBeNull();
    expect(platform.pendingTimers).toBe(0);
  });

  test("a renewal that is pending at dispose() isn't retried", async () => {
    service.tokenLifetimeMs = HOUR;
    await establishCustomer();
    service.on(CONNECTION, silence);
    await platform.advance(59 * MINUTE);
    expect(service.to(CONNECTION)).toHaveLength(2);
    participant?.dispose("the test is over.");
    await platform.advance(10 * MINUTE);
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(platform.pendingTimers).toBe(0);
  });
});
