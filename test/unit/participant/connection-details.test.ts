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
  FakeService,
  HOUR,
  iso,
  json,
  refusal,
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

function make(identity: Identity, client = bundledClient()): ParticipantConnection {
  const logger = new Logging(platform).getLogger();
  participant = new Participant({ ...identity, client }, platform, logger, () => undefined);
  return participant.connection;
}

async function customer(): Promise<ParticipantConnection> {
  const made = make(CUSTOMER);
  await made.establish();
  return made;
}

/** What an agent's page gives: each call of it is counted, and answered with a token of that number. */
function agentTokens() {
  const source = {
    asked: 0,
    failing: false,
    lifeMs: 24 * HOUR,
    identity: (participantToken: string | null = null): Identity => ({
      type: "AGENT",
      participantToken,
      getConnectionToken: () => {
        source.asked += 1;
        if (source.failing) return Promise.reject(new Error("Streams failed"));
        const expiry = iso(platform.now() + source.lifeMs);
        return Promise.resolve({
          chatTokenTransport: { participantToken: `agent-token-${source.asked}`, expiry },
        });
      },
    }),
  };
  return source;
}

const connectionCalls = (): unknown[] => service.to(CONNECTION).map(({ bearer, body }) => ({ bearer, body }));
const TOKEN_ONLY = { bearer: "participant-token", body: { Type: ["CONNECTION_CREDENTIALS"] } };
const WHOLE = {
  bearer: "participant-token",
  body: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] },
};

describe("a customer's connection", () => {
  test("is CreateParticipantConnection under the participant token", async () => {
    const details = await make(CUSTOMER).establish();
    expect(connectionCalls()).toEqual([WHOLE]);
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

  test("tries a failure that passes again, and rejects with one that lasts", async () => {
    service.next(CONNECTION, cutNetwork, () => refusal(429, "ThrottlingException"));
    const established = make(CUSTOMER).establish();
    await platform.advance(20_000);
    expect(await established).toMatchObject({ connectionToken: "connection-token-1" });
    expect(service.to(CONNECTION)).toHaveLength(3);

    service.on(CONNECTION, () => refusal(403, "AccessDeniedException"));
    participant?.dispose("the test is over.");
    expect(await rejection(make(CUSTOMER).establish())).toMatchObject({ statusCode: 403 });
    expect(service.to(CONNECTION)).toHaveLength(4);
    expect(participant?.connection.details).toBeNull();
  });

  test.each([
    ["nothing", {}],
    ["a socket alone", { Websocket: SOCKET }],
    ["an empty token", { Websocket: SOCKET, ConnectionCredentials: { ConnectionToken: "" } }],
    ["credentials that are a text", { Websocket: SOCKET, ConnectionCredentials: "token" }],
  ])("rejects at once with what is missing if the bundled client's answer holds %s", async (_, answer) => {
    service.on(CONNECTION, () => json(answer));
    const error = await rejection(make(CUSTOMER).establish());
    expect(error).toMatchObject({ code: "InvalidResponse", retryable: false });
    expect(error).toHaveProperty("message", expect.stringContaining("ConnectionCredentials.ConnectionToken"));
    expect(service.to(CONNECTION)).toHaveLength(1);
    expect(participant?.connection.details).toBeNull();
  });

  test.each([
    ["a Websocket that is a text", "wss://service.test/socket"],
    ["no Url", {}],
    ["an empty Url", { Url: "" }],
    ["a Url that is a number", { Url: 7 }],
    ["a Url that is no URL", { Url: "wss://" }],
    ["a Url of another kind", { Url: "https://service.test/socket" }],
  ])("is asked for again after an answer with %s, and rejects if that lasts", async (_, Websocket) => {
    const damaged = (): Response => json({ Websocket, ConnectionCredentials: { ConnectionToken: "t" } });
    service.next(CONNECTION, damaged);
    const established = make(CUSTOMER).establish();
    await platform.advance(20_000);
    expect(await established).toMatchObject({ connectionToken: "connection-token-1" });
    participant?.dispose("the test is over.");

    service.on(CONNECTION, damaged);
    const failed = rejection(make(CUSTOMER).establish());
    await platform.advance(20_000);
    const error = await failed;
    expect(error).toMatchObject({ code: "InvalidResponse", retryable: true });
    expect(error).toHaveProperty("message", expect.stringContaining("Websocket.Url"));
    expect(participant?.connection.details).toBeNull();
  });

  test("takes a token that is no string for a damaged answer, and times that are no strings for none", async () => {
    const answer = (ConnectionToken: unknown): Response =>
      json({
        Websocket: { Url: SOCKET.Url, ConnectionExpiry: 7 },
        ConnectionCredentials: { ConnectionToken, Expiry: {} },
      });
    service.next(
      CONNECTION,
      () => answer(7),
      () => answer("token"),
    );
    const established = make(CUSTOMER).establish();
    await platform.advance(20_000);
    expect(await established).toMatchObject({
      connectionToken: "token",
      expiry: null,
      connectionTokenExpiry: null,
    });
  });

  test("rejects an answer with a token but no Websocket, as upstream does", async () => {
    service.on(CONNECTION, () => json({ ConnectionCredentials: { ConnectionToken: "t" } }));
    const made = make(CUSTOMER).establish();
    made.catch(() => undefined);
    await platform.advance(60_000);
    await expect(made).rejects.toMatchObject({ code: "InvalidResponse" });
  });

  test("needs no socket where an external manager has one", async () => {
    service.on(CONNECTION, () =>
      json({ Websocket: { Url: "" }, ConnectionCredentials: { ConnectionToken: "t" } }),
    );
    expect(await make({ ...CUSTOMER, manager: {} }).establish()).toMatchObject({
      url: null,
      connectionToken: "t",
    });
  });
});

describe("a later answer of the bundled client", () => {
  test("with a socket alone changes the socket, and keeps the token and its expiry", async () => {
    const made = await customer();
    const { connectionToken, connectionTokenExpiry } = made.details ?? {};
    service.on(CONNECTION, () =>
      json({ Websocket: { Url: "wss://service.test/new", ConnectionExpiry: "later" } }),
    );
    expect(await made.fetchSocket()).toMatchObject({
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
  ])("to a request for a socket changes nothing if it is %j", async (answer) => {
    const made = await customer();
    const before = made.details;
    service.on(CONNECTION, () => json(answer));
    expect(await rejection(made.fetchSocket())).toMatchObject({ code: "InvalidResponse" });
    expect(made.details).toEqual(before);
  });

  test("to a renewal without credentials is a renewal that failed: the token stays, and the pauses grow", async () => {
    platform.chance = 0.5;
    service.tokenLifeMs = HOUR;
    const made = await customer();
    const tried: number[] = [];
    service.on(CONNECTION, () => {
      tried.push(platform.time);
      return json({});
    });
    await platform.advance(59 * MINUTE + 10_000);
    expect(made.details).toMatchObject({ connectionToken: "connection-token-1" });
    const pauses = tried.slice(1).map((at, index) => at - (tried[index] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
  });
});

describe("an agent's connection", () => {
  test("takes the token that getConnectionToken gives, and asks the service for nothing", async () => {
    const details = await make(agentTokens().identity()).establish();
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
    ["resolves nothing", () => Promise.resolve(undefined)],
    ["resolves without a token", () => Promise.resolve({ chatTokenTransport: {} })],
  ])(
    "is CreateParticipantConnection with ConnectParticipant when getConnectionToken %s",
    async (_, source) => {
      const identity = {
        type: "AGENT",
        participantToken: "participant-token",
        getConnectionToken: source,
      } as const;
      const details = await make(identity).establish();
      expect(connectionCalls()).toEqual([
        {
          bearer: "participant-token",
          body: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ConnectParticipant: true },
        },
      ]);
      expect(details).toMatchObject({ connectionToken: "connection-token-1", connectionAcknowledged: true });
    },
  );

  test("is that, too, for an agent who has a participant token alone; its renewals acknowledge nothing", async () => {
    const made = make({ ...CUSTOMER, type: "AGENT" });
    expect(await made.establish()).toMatchObject({ connectionAcknowledged: true });
    await made.fetchSocket();
    await platform.advance(12 * HOUR);
    const acknowledging = { ...WHOLE, body: { ...WHOLE.body, ConnectParticipant: true } };
    expect(connectionCalls()).toEqual([acknowledging, acknowledging, TOKEN_ONLY]);
    expect(made.details).toMatchObject({ connectionAcknowledged: true });
  });

  test("does not wait for a getConnectionToken that never answers: half a minute, then the service is asked", async () => {
    const made = make({
      type: "AGENT",
      participantToken: "participant-token",
      getConnectionToken: () => new Promise(() => undefined),
    });
    const establishing = made.establish();
    await platform.advance(29_999);
    expect(connectionCalls()).toEqual([]);
    await platform.advance(1);
    expect(await establishing).toMatchObject({ connectionToken: "connection-token-1" });
  });

  test("is aborted by its signal while getConnectionToken is asked, and asks nobody else", async () => {
    const leaving = new AbortController();
    const made = make({
      type: "AGENT",
      participantToken: "participant-token",
      getConnectionToken: () => new Promise(() => undefined),
    });
    const establishing = rejection(made.establish({ signal: leaving.signal }));
    await platform.settle();
    leaving.abort();
    expect(await establishing).toMatchObject({ code: "Aborted" });
    expect(connectionCalls()).toEqual([]);
  });

  test("is acknowledged with ConnectParticipant alone, without Type", async () => {
    const made = make(agentTokens().identity());
    await made.establish();
    await made.acknowledge();
    expect(connectionCalls()).toEqual([{ bearer: "agent-token-1", body: { ConnectParticipant: true } }]);
    expect(made.details).toMatchObject({ connectionAcknowledged: true, connectionToken: "agent-token-1" });
  });

  test("is acknowledged on the way when a socket of its own is fetched", async () => {
    const made = make(agentTokens().identity("participant-token"));
    await made.establish();
    await made.fetchSocket();
    expect(connectionCalls()).toEqual([
      {
        bearer: "participant-token",
        body: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ConnectParticipant: true },
      },
    ]);
    expect(made.details).toMatchObject({
      url: "wss://service.test/socket?number=1",
      connectionAcknowledged: true,
    });
  });

  test("renews its token by getConnectionToken alone", async () => {
    const tokens = agentTokens();
    tokens.lifeMs = 10 * MINUTE;
    const made = make(tokens.identity());
    await made.establish();
    await platform.advance(9 * MINUTE);
    expect(tokens.asked).toBe(2);
    expect(service.calls).toEqual([]);
    expect(made.details).toMatchObject({ connectionToken: "agent-token-2" });
  });

  test("tries a renewal that failed again", async () => {
    const tokens = agentTokens();
    tokens.lifeMs = 10 * MINUTE;
    const made = make(tokens.identity());
    await made.establish();
    tokens.failing = true;
    await platform.advance(9 * MINUTE);
    tokens.failing = false;
    await platform.advance(1_000);
    expect(tokens.asked).toBe(3);
    expect(made.details).toMatchObject({ connectionToken: "agent-token-3" });
  });
});

describe("a socket's URL", () => {
  test("is fetched anew, with a token, and not tried again by itself", async () => {
    const made = await customer();
    const fresh = await made.fetchSocket();
    expect(connectionCalls()).toEqual([WHOLE, WHOLE]);
    expect(fresh).toMatchObject({
      url: "wss://service.test/socket?number=2",
      connectionToken: "connection-token-2",
    });
    service.on(CONNECTION, cutNetwork);
    expect(await rejection(made.fetchSocket())).toMatchObject({ code: "NetworkError" });
    await platform.advance(MINUTE);
    expect(service.to(CONNECTION)).toHaveLength(3);
  });
});

describe("the connection token is renewed", () => {
  test("a minute before it expires, by CONNECTION_CREDENTIALS alone, and the socket's URL stays", async () => {
    service.tokenLifeMs = 2 * HOUR;
    const made = await customer();
    await platform.advance(2 * HOUR - MINUTE - 1);
    expect(service.to(CONNECTION)).toHaveLength(1);
    service.next(CONNECTION, () =>
      json({ ConnectionCredentials: { ConnectionToken: "renewed", Expiry: iso(platform.time + 2 * HOUR) } }),
    );
    await platform.advance(1);
    expect(connectionCalls()).toEqual([WHOLE, TOKEN_ONLY]);
    expect(made.details).toMatchObject({
      connectionToken: "renewed",
      url: "wss://service.test/socket?number=1",
    });
  });

  test("again and again", async () => {
    service.tokenLifeMs = 2 * HOUR;
    const made = await customer();
    await platform.advance(6 * HOUR);
    expect(service.to(CONNECTION)).toHaveLength(4);
    expect(made.details).toMatchObject({ connectionToken: "connection-token-4" });
  });

  test.each([
    ["far away", iso(Date.parse("2027-01-01T00:00:00Z"))],
    ["missing", undefined],
    ["no time", "tomorrow"],
  ])("twelve hours after it was issued at the latest, when its expiry is %s", async (_, Expiry) => {
    service.next(CONNECTION, () =>
      json({
        Websocket: SOCKET,
        ConnectionCredentials: { ConnectionToken: "long", ...(Expiry !== undefined && { Expiry }) },
      }),
    );
    await customer();
    await platform.advance(12 * HOUR - 1);
    expect(service.to(CONNECTION)).toHaveLength(1);
    await platform.advance(1);
    expect(service.to(CONNECTION)).toHaveLength(2);
  });

  test.each([25 * HOUR, 24 * HOUR, 10 * 365 * 24 * HOUR])(
    "after twelve hours where the page's clock is %d ms ahead, so that a new token looks expired",
    async (aheadMs) => {
      platform.clockErrorMs = aheadMs;
      await customer();
      await platform.advance(12 * HOUR - 1);
      expect(service.to(CONNECTION)).toHaveLength(1);
      await platform.advance(1);
      expect(service.to(CONNECTION)).toHaveLength(2);
    },
  );

  test.each([-HOUR, HOUR, 10 * 365 * 24 * HOUR])(
    "at its time, though the page's clock is set by %d ms meanwhile",
    async (byMs) => {
      service.tokenLifeMs = HOUR;
      await customer();
      platform.clockErrorMs = byMs;
      platform.signal("visible");
      await platform.advance(59 * MINUTE - 1);
      expect(service.to(CONNECTION)).toHaveLength(1);
      await platform.advance(1);
      expect(service.to(CONNECTION)).toHaveLength(2);
    },
  );

  test("REL-27: a failing renewal is tried again after growing pauses; once it succeeds, the next one is on time", async () => {
    platform.chance = 0.5;
    service.tokenLifeMs = HOUR;
    const made = await customer();
    const tried: number[] = [];
    service.on(CONNECTION, (call) => {
      tried.push(platform.time);
      return cutNetwork(call);
    });
    await platform.advance(59 * MINUTE + 20_000);
    const pauses = tried.slice(1).map((at, index) => at - (tried[index] ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000]);
    service.on(CONNECTION, (call) => service.ordinary(call));
    await platform.advance(16_000);
    expect(made.details).toMatchObject({ connectionToken: "connection-token-2" });
    await platform.advance(58 * MINUTE);
    expect(made.details).toMatchObject({ connectionToken: "connection-token-2" });
    await platform.advance(2 * MINUTE);
    expect(made.details).toMatchObject({ connectionToken: "connection-token-3" });
  });

  test("never later than five minutes after a failure, however many there were", async () => {
    platform.chance = 0.999;
    service.tokenLifeMs = HOUR;
    await customer();
    const tried: number[] = [];
    service.on(CONNECTION, (call) => {
      tried.push(platform.time);
      return cutNetwork(call);
    });
    await platform.advance(6 * HOUR);
    const pauses = tried.slice(1).map((at, index) => at - (tried[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(300_000);
    expect(Math.max(...pauses)).toBeGreaterThan(290_000);
  });

  test.each(["visible", "resumed", "online"] as const)(
    "at once on %s when its time passed in sleep",
    async (signal) => {
      service.tokenLifeMs = HOUR;
      await customer();
      // The machine slept: the clock has moved, and no timer has run.
      platform.time += 2 * HOUR;
      platform.signal(signal);
      await platform.advance(0);
      expect(connectionCalls()).toEqual([WHOLE, TOKEN_ONLY]);
      await platform.advance(30_000);
      expect(service.to(CONNECTION)).toHaveLength(2);
    },
  );

  test.each(["hidden", "leaving", "offline"] as const)("not on %s", async (signal) => {
    service.tokenLifeMs = HOUR;
    await customer();
    platform.time += 2 * HOUR;
    platform.signal(signal);
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(1);
  });

  test("not on waking while it is still good", async () => {
    await customer();
    platform.signal("visible");
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(1);
  });

  test("REL-29: after a failed renewal the token is renewed as soon as the page wakes, not when the pause ends", async () => {
    platform.chance = 0.999;
    service.tokenLifeMs = HOUR;
    const made = await customer();
    service.on(CONNECTION, cutNetwork);
    await platform.advance(59 * MINUTE + 10_000);
    const failed = service.to(CONNECTION).length;
    service.on(CONNECTION, (call) => service.ordinary(call));
    platform.signal("visible");
    await platform.advance(0);
    expect(service.to(CONNECTION)).toHaveLength(failed + 1);
    expect(made.details).toMatchObject({ connectionToken: "connection-token-2" });
  });

  test("B19: wakes ten times a second, while every renewal fails, cause one each 2 s, and then as the budget allows", async () => {
    service.tokenLifeMs = HOUR;
    await customer();
    const tried: number[] = [];
    service.on(CONNECTION, (call) => {
      tried.push(platform.time);
      return cutNetwork(call);
    });
    await platform.advance(59 * MINUTE);
    for (let step = 0; step < 6_000; step += 1) {
      platform.signal("visible");
      await platform.advance(100);
    }
    const pauses = tried.slice(1).map((at, index) => at - (tried[index] ?? 0));
    // The first pause is the ordinary one after a failure.
    expect(Math.min(...pauses.slice(1))).toBeGreaterThanOrEqual(2_000);
    expect(tried.filter((at) => at < (tried[0] ?? 0) + MINUTE).length).toBeLessThanOrEqual(30);
    expect(tried.length).toBeGreaterThan(30);
    expect(tried.length).toBeLessThanOrEqual(60);
  });

  test("B7: a wake within the time that the service asked for waits until it is over", async () => {
    service.tokenLifeMs = HOUR;
    await customer();
    service.next(CONNECTION, () => refusal(503, "ServiceUnavailable", { "retry-after": "20" }));
    await platform.advance(59 * MINUTE);
    const failed = service.to(CONNECTION).length;
    platform.signal("visible");
    await platform.advance(19_999);
    expect(service.to(CONNECTION)).toHaveLength(failed);
    await platform.advance(1);
    expect(service.to(CONNECTION)).toHaveLength(failed + 1);
  });
});

describe("a call under the connection token", () => {
  const send = (made: ParticipantConnection): Promise<unknown> =>
    made.authorized("GetTranscript", (client, token, options) =>
      client.getTranscript(token, NEWEST_PAGE, options),
    );
  const TRANSCRIPT = "/participant/transcript";
  /** Refuses the first token. */
  const expired = (): void =>
    service.on(TRANSCRIPT, (call) =>
      call.bearer === "connection-token-1" ? refusal(403, "AccessDeniedException") : service.ordinary(call),
    );
  const bearers = (): unknown[] => service.to(TRANSCRIPT).map(({ bearer }) => bearer);

  test("carries it", async () => {
    await send(await customer());
    expect(bearers()).toEqual(["connection-token-1"]);
  });

  test("REL-28: a call answered with 403 renews the token and is sent again", async () => {
    const made = await customer();
    expired();
    expect(await send(made)).toMatchObject({ data: { Transcript: [] } });
    expect(connectionCalls()).toEqual([WHOLE, TOKEN_ONLY]);
    expect(bearers()).toEqual(["connection-token-1", "connection-token-2"]);
  });

  test("that answers 403 again under the new token rejects", async () => {
    const made = await customer();
    service.on(TRANSCRIPT, () => refusal(403, "AccessDeniedException"));
    expect(await rejection(send(made))).toMatchObject({ statusCode: 403 });
    expect(service.to(TRANSCRIPT)).toHaveLength(2);
    expect(service.to(CONNECTION)).toHaveLength(2);
  });

  test("that waits with others for a new token shares one renewal with them", async () => {
    const made = await customer();
    expired();
    const renewal = deferred<Response>();
    service.next(CONNECTION, () => renewal.promise);
    const calls = Promise.all([send(made), send(made), send(made)]);
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(2);
    renewal.resolve(
      json({ ConnectionCredentials: { ConnectionToken: "renewed", Expiry: iso(platform.time + HOUR) } }),
    );
    expect(await calls).toHaveLength(3);
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(bearers().slice(3)).toEqual(["renewed", "renewed", "renewed"]);
  });

  test("whose 403 comes after somebody else's renewal uses that one's token", async () => {
    const made = await customer();
    const late = deferred<Response>();
    service.next(TRANSCRIPT, () => late.promise);
    const call = send(made);
    await platform.settle();
    await made.fetchSocket();
    late.resolve(refusal(403, "AccessDeniedException"));
    await call;
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(bearers()).toEqual(["connection-token-1", "connection-token-2"]);
  });

  test("rejects with its own 403 when the renewal fails", async () => {
    const made = await customer();
    expired();
    service.on(CONNECTION, () => refusal(403, "AccessDeniedException"));
    expect(await rejection(send(made))).toMatchObject({
      statusCode: 403,
      type: "AccessDeniedException",
      retryable: false,
    });
    expect(service.to(TRANSCRIPT)).toHaveLength(1);
  });

  test("that is refused is worth another try where its renewal got no answer, which is tried three times", async () => {
    const made = await customer();
    expired();
    service.on(CONNECTION, () => refusal(500, "InternalServerException"));
    const failed = rejection(send(made));
    await platform.advance(60_000);
    expect(await failed).toMatchObject({ statusCode: 403, type: "AccessDeniedException", retryable: true });
    expect(service.to(CONNECTION)).toHaveLength(4);
  });

  test.each([
    ["a 400", new ChatError("ServiceError", "no", { statusCode: 400 })],
    ["a storage's 403", new ChatError("StorageError", "no", { statusCode: 403 })],
  ])("that fails with %s renews nothing", async (_, error) => {
    const made = await customer();
    const call = made.authorized("SendAttachment", () => Promise.reject(error), { policy: RETRY.asIs });
    expect(await rejection(call)).toEqual(error);
    expect(service.to(CONNECTION)).toHaveLength(1);
  });

  test("by a custom client that answered without a token is made with null, and nothing is renewed", async () => {
    service.on(CONNECTION, () => json({ Websocket: SOCKET }));
    const identity = { type: "CUSTOMER", participantToken: null, getConnectionToken: null } as const;
    const made = make(identity, new CustomClient(platform).client);
    expect(await made.establish()).toMatchObject({
      url: "wss://service.test/socket",
      connectionToken: null,
      connectionTokenExpiry: null,
    });
    expect(platform.pendingTimers).toBe(0);
    service.on(TRANSCRIPT, () => refusal(403, "AccessDeniedException"));
    expect(await rejection(send(made))).toMatchObject({ statusCode: 403 });
    expect(service.to(CONNECTION)).toHaveLength(1);
    expect(bearers()).toEqual([null]);
    await platform.advance(24 * HOUR);
    expect(service.to(CONNECTION)).toHaveLength(1);
  });
});

describe("a custom client", () => {
  const custom = (own?: MethodOverrides): ParticipantConnection =>
    make(CUSTOMER, new CustomClient(platform, own).client);

  test("that later answers without credentials makes the session tokenless for good: nothing is renewed", async () => {
    service.tokenLifeMs = HOUR;
    const made = custom();
    expect(await made.establish()).toMatchObject({ connectionToken: "connection-token-1" });
    service.next(CONNECTION, () => json({ Websocket: SOCKET }));
    expect(await made.fetchSocket()).toMatchObject({ connectionToken: null, connectionTokenExpiry: null });
    await platform.advance(24 * HOUR);
    platform.signal("visible");
    await platform.settle();
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(await made.fetchSocket()).toMatchObject({ connectionToken: null, connectionTokenExpiry: null });
    expect(platform.pendingTimers).toBe(0);
  });

  test("that answers a renewal without credentials makes the session tokenless as well", async () => {
    service.tokenLifeMs = HOUR;
    const made = custom();
    await made.establish();
    service.on(CONNECTION, () => json({}));
    await platform.advance(59 * MINUTE);
    expect(made.details).toMatchObject({ connectionToken: null });
    expect(platform.pendingTimers).toBe(0);
  });

  test.each([undefined, null, "text", 7, [], {}, { data: null }, { data: "text" }, { data: [] }])(
    "whose createParticipantConnection() resolves %j rejects with an error that names the method",
    async (answer) => {
      const made = custom({ createParticipantConnection: () => answer });
      const error = await rejection(made.establish());
      expect(error).toMatchObject({ code: "InvalidResponse", retryable: false });
      expect(error).toHaveProperty("message", expect.stringContaining("createParticipantConnection()"));
      expect(made.details).toBeNull();
    },
  );

  test("may resolve anything but nothing to the acknowledgement of an agent's contact", async () => {
    const made = custom({ createParticipantConnection: () => ({}) });
    await expect(made.acknowledge()).resolves.toBeUndefined();
  });
});

describe("the end", () => {
  test("stop() leaves the details readable and renews no more", async () => {
    const made = await customer();
    made.stop();
    expect(platform.pendingTimers).toBe(0);
    expect(platform.signalListeners).toBe(0);
    expect(made.details).toMatchObject({ connectionToken: "connection-token-1" });
  });

  test("dispose() forgets the details and leaves no timer and no listener", async () => {
    const made = await customer();
    participant?.dispose("the test is over.");
    expect(made.details).toBeNull();
    expect(platform.pendingTimers).toBe(0);
    expect(platform.signalListeners).toBe(0);
  });

  test("an answer that comes after dispose() is no connection and starts no timer", async () => {
    const late = deferred<Response>();
    service.next(CONNECTION, () => late.promise);
    const made = make(CUSTOMER);
    const established = rejection(made.establish());
    await platform.settle();
    participant?.dispose("the test is over.");
    late.resolve(json({ Websocket: SOCKET, ConnectionCredentials: { ConnectionToken: "late" } }));
    expect(await established).toMatchObject({ code: "Aborted" });
    expect(made.details).toBeNull();
    expect(platform.pendingTimers).toBe(0);
  });

  test("a renewal that fails after dispose() is not tried again", async () => {
    service.tokenLifeMs = HOUR;
    await customer();
    service.on(CONNECTION, silence);
    await platform.advance(59 * MINUTE);
    expect(service.to(CONNECTION)).toHaveLength(2);
    participant?.dispose("the test is over.");
    await platform.advance(10 * MINUTE);
    expect(service.to(CONNECTION)).toHaveLength(2);
    expect(platform.pendingTimers).toBe(0);
  });
});
