import { beforeEach, describe, expect, test } from "@jest/globals";
import type { GetWebSocketTransport } from "../../../src/connection/manager-events";
import { FakePlatform } from "../../support/fake-platform";
import { TransportSource } from "../../../src/connection/transport-source";
import { ChatError } from "../../../src/errors";
import { rejection } from "../../support/fake-service";

const EXPIRY = "2026-01-01T00:01:30.000Z";

let time: number;
/** The number of calls to the application's function. */
let fetches: number;
/** Returns the application's response, which may be invalid. */
let respond: () => unknown;
let source: TransportSource;

const details = (fields: Record<string, unknown> = {}): unknown => ({
  webSocketTransport: {
    url: `wss://chat.test/${fetches}`,
    expiry: EXPIRY,
    transportLifeTimeInSeconds: 3540,
    ...fields,
  },
});
let platform: FakePlatform;

beforeEach(() => {
  time = 1_000_000;
  fetches = 0;
  respond = () => details();
  const get = (async () => {
    fetches += 1;
    return Promise.resolve(respond());
  }) as GetWebSocketTransport;
  platform = new FakePlatform();
  source = new TransportSource(
    { monotonicMs: () => time, startTimer: (callback, delayMs) => platform.startTimer(callback, delayMs) },
    get,
    () => "emulator.test",
  );
});

describe("a transport", () => {
  test("causes a retryable Timeout if it takes longer than 30 s, and can be fetched again", async () => {
    const silentSource = new TransportSource(
      platform,
      () => new Promise(() => undefined),
      () => null,
    );
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const timeout = rejection(silentSource.next());
      await platform.advance(30_000);
      expect(await timeout).toMatchObject({ code: "Timeout", retryable: true });
    }
    expect(platform.pendingTimers).toBe(0);
  });

  test("is returned exactly as the application's function provided it", async () => {
    expect(await source.next()).toEqual({
      url: "wss://chat.test/1",
      expiry: EXPIRY,
      transportLifeTimeInSeconds: 3540,
    });
  });

  test("is reused for 85 s", async () => {
    const first = await source.next();
    time += 84_999;
    expect(await source.next()).toBe(first);
    time += 1;
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
    expect(fetches).toBe(2);
  });

  test("is replaced with the result of fetch(), which is itself reused for 85 s", async () => {
    await source.next();
    time += 80_000;
    expect(await source.fetch()).toHaveProperty("url", "wss://chat.test/2");
    time += 84_999;
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
    time += 1;
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/3");
  });

  test("is fetched again after discard()", async () => {
    await source.next();
    source.discard();
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
  });

  test("isn't reused after a failed fetch()", async () => {
    await source.next();
    respond = () => Promise.reject(new Error("no network"));
    await rejection(source.fetch());
    respond = () => details();
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/3");
  });

  test.each([undefined, 7, {}])("has a null expiry if the application's expiry is %j", async (expiry) => {
    respond = () => details({ expiry });
    expect(await source.next()).toHaveProperty("expiry", null);
  });

  test.each([
    [300, 300],
    [300.5, 300.5],
    [2_000_000, 2_000_000],
    [2_000_001, 2_000_000],
    [Infinity, 2_000_000],
  ])(
    "that has a lifetime of %d s is treated as if it had a lifetime of %d s, because timers have a maximum",
    async (lifetime, expected) => {
      respond = () => details({ transportLifeTimeInSeconds: lifetime });
      expect(await source.next()).toHaveProperty("transportLifeTimeInSeconds", expected);
    },
  );

  test.each([
    "wss://chat.test",
    "WSS://chat.test",
    "ws://127.0.0.1:8080/x",
    "ws://127.3.2.1",
    "ws://[::1]:8080/x",
    "ws://localhost",
    "ws://LOCALHOST:8080/x",
    "ws://localhost?token",
    "ws://emulator.test:8080/x",
    "ws://EMULATOR.test",
  ])("can have the URL %s if the endpoint is http://emulator.test", async (url) => {
    respond = () => details({ url });
    expect(await source.next()).toHaveProperty("url", url);
  });
});

describe("an invalid transport", () => {
  test.each([
    ["undefined", undefined],
    ["null", null],
    ["a string", "wss://chat.test"],
    ["a list", [{ webSocketTransport: {} }]],
    ["an object without a transport", {}],
    ["an object with a null transport", { webSocketTransport: null }],
    ["an object with a list as transport", { webSocketTransport: [] }],
    ["an object with an empty transport", { webSocketTransport: {} }],
  ])("makes next() reject with IllegalArgument if the response is %s", async (_, response) => {
    respond = () => response;
    expect(await rejection(source.next())).toMatchObject({
      name: "IllegalArgument",
      field: "webSocketTransport",
    });
  });

  test.each([
    undefined,
    null,
    7,
    "",
    "https://chat.test",
    "ws://chat.test",
    "ws://localhost.chat.test:80",
    "ws://127.0.0.1.chat.test:80",
    "ws://chat.test/ws://localhost:80",
    "ws://localhost:1@chat.test/",
    "ws://localhost@chat.test/",
    "ws://localhost:80:80/",
    "ws://localhost\\@chat.test/",
    "ws://local\thost/",
    "ws://emulator.test.chat.test/",
    "ws://emulator.test:1@chat.test/",
    "ws://127.0.0.1%2F@chat.test/",
    "http://localhost/",
    " wss://chat.test",
    "wss://",
    "wss://chat test",
    "wss://%%%",
    "chat.test?next=wss://chat.test",
  ])("makes next() reject with IllegalArgument if the URL is %j", async (url) => {
    respond = () => details({ url });
    expect(await rejection(source.next())).toMatchObject({ name: "IllegalArgument" });
  });

  test.each([undefined, null, "3540", NaN, 299.9, 0, -3540])(
    "makes next() reject with IllegalArgument if the lifetime is %p seconds",
    async (lifetime) => {
      respond = () => details({ transportLifeTimeInSeconds: lifetime });
      expect(await rejection(source.next())).toMatchObject({ name: "IllegalArgument" });
    },
  );

  test("makes next() reject with an error that doesn't contain the secret URL", async () => {
    respond = () => details({ url: "ftp://chat.test/?token=secret" });
    expect(JSON.stringify(await rejection(source.next()))).not.toContain("secret");
  });

  test("isn't reused", async () => {
    respond = () => details({ url: "ftp://chat.test" });
    await rejection(source.next());
    respond = () => details();
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
  });
});

describe("a failed fetch", () => {
  test("rejects with the library's own error unchanged", async () => {
    const serviceError = new ChatError("ServiceError", "Slow down.", {
      statusCode: 429,
      retryAfterMs: 7_000,
    });
    respond = () => Promise.reject(serviceError);
    expect(await rejection(source.next())).toEqual(serviceError);
  });

  test("rejects with a ClientError that has the status of the application's error, even if that error is named IllegalArgument", async () => {
    const cause = Object.assign(new Error("mine"), { name: "IllegalArgument", statusCode: 503 });
    respond = () => Promise.reject(cause);
    expect(await rejection(source.next())).toMatchObject({
      name: "ClientError",
      message: "mine",
      statusCode: 503,
      cause,
    });
  });

  test("rejects with a ClientError if the application throws an error, even if the error has no message", async () => {
    respond = () => {
      throw new Error("thrown");
    };
    expect(await rejection(source.next())).toMatchObject({ name: "ClientError", message: "thrown" });
    respond = () => Promise.reject(new Error());
    expect(await rejection(source.next())).toMatchObject({
      name: "ClientError",
      message: "The socket's details could not be fetched.",
    });
  });
});
