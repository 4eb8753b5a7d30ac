import { beforeEach, describe, expect, test } from "@jest/globals";
import type { GetWebSocketTransport } from "../../../src/connection/manager-events";
import { FakePlatform } from "../../support/fake-platform";
import { TransportSource } from "../../../src/connection/transport-source";
import { ChatError } from "../../../src/errors";
import { rejection } from "../../support/fake-service";

const EXPIRY = "2026-01-01T00:01:30.000Z";

let time: number;
/** How often the details were asked for. */
let asked: number;
/** What is given for them: an application may give anything. */
let answer: () => unknown;
let source: TransportSource;

const details = (fields: Record<string, unknown> = {}): unknown => ({
  webSocketTransport: {
    url: `wss://chat.test/${asked}`,
    expiry: EXPIRY,
    transportLifeTimeInSeconds: 3540,
    ...fields,
  },
});
let platform: FakePlatform;

beforeEach(() => {
  time = 1_000_000;
  asked = 0;
  answer = () => details();
  const get = (async () => {
    asked += 1;
    return Promise.resolve(answer());
  }) as GetWebSocketTransport;
  platform = new FakePlatform();
  source = new TransportSource(
    { monotonicMs: () => time, startTimer: (callback, delayMs) => platform.startTimer(callback, delayMs) },
    get,
    () => "emulator.test",
  );
});

describe("a socket's details", () => {
  test("that never come are waited for half a minute, and may be asked for again", async () => {
    const silent = new TransportSource(
      platform,
      () => new Promise(() => undefined),
      () => null,
    );
    for (let tried = 0; tried < 2; tried += 1) {
      const failed = rejection(silent.next());
      await platform.advance(30_000);
      expect(await failed).toMatchObject({ code: "Timeout", retryable: true });
    }
    expect(platform.pendingTimers).toBe(0);
  });

  test("are handed over as they came", async () => {
    expect(await source.next()).toEqual({
      url: "wss://chat.test/1",
      expiry: EXPIRY,
      transportLifeTimeInSeconds: 3540,
    });
  });

  test("are used again for 85 s", async () => {
    const first = await source.next();
    time += 84_999;
    expect(await source.next()).toBe(first);
    time += 1;
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
    expect(asked).toBe(2);
  });

  test("that were fetched anew are used from then on, with an age of their own", async () => {
    await source.next();
    time += 80_000;
    expect(await source.fetch()).toHaveProperty("url", "wss://chat.test/2");
    time += 84_999;
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
    time += 1;
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/3");
  });

  test("that were forgotten are fetched anew", async () => {
    await source.next();
    source.forget();
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
  });

  test("are not used again after a fetch that failed", async () => {
    await source.next();
    answer = () => Promise.reject(new Error("no network"));
    await rejection(source.fetch());
    answer = () => details();
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/3");
  });

  test.each([undefined, 7, {}])("may be without an expiry: %j is none", async (expiry) => {
    answer = () => details({ expiry });
    expect(await source.next()).toHaveProperty("expiry", null);
  });

  test.each([
    [300, 300],
    [300.5, 300.5],
    [2_000_000, 2_000_000],
    [2_000_001, 2_000_000],
    [Infinity, 2_000_000],
  ])("a life of %d s counts as %d s: a timer holds no more", async (given, expected) => {
    answer = () => details({ transportLifeTimeInSeconds: given });
    expect(await source.next()).toHaveProperty("transportLifeTimeInSeconds", expected);
  });

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
  ])("may have the URL %s where the endpoint is http://emulator.test", async (url) => {
    answer = () => details({ url });
    expect(await source.next()).toHaveProperty("url", url);
  });
});

describe("invalid details", () => {
  test.each([
    ["no answer", undefined],
    ["null", null],
    ["a text", "wss://chat.test"],
    ["a list", [{ webSocketTransport: {} }]],
    ["no transport", {}],
    ["a transport that is null", { webSocketTransport: null }],
    ["a transport that is a list", { webSocketTransport: [] }],
    ["an empty transport", { webSocketTransport: {} }],
  ])("are %s", async (_what, given) => {
    answer = () => given;
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
  ])("have the URL %j", async (url) => {
    answer = () => details({ url });
    expect(await rejection(source.next())).toMatchObject({ name: "IllegalArgument" });
  });

  test.each([undefined, null, "3540", NaN, 299.9, 0, -3540])("have a life of %p seconds", async (life) => {
    answer = () => details({ transportLifeTimeInSeconds: life });
    expect(await rejection(source.next())).toMatchObject({ name: "IllegalArgument" });
  });

  test("do not show their URL, which is a secret, in the error", async () => {
    answer = () => details({ url: "ftp://chat.test/?token=secret" });
    expect(JSON.stringify(await rejection(source.next()))).not.toContain("secret");
  });

  test("are not used again", async () => {
    answer = () => details({ url: "ftp://chat.test" });
    await rejection(source.next());
    answer = () => details();
    expect(await source.next()).toHaveProperty("url", "wss://chat.test/2");
  });
});

describe("details that cannot be fetched", () => {
  test("are refused with the library's own error, whole", async () => {
    const refused = new ChatError("ServiceError", "Slow down.", { statusCode: 429, retryAfterMs: 7_000 });
    answer = () => Promise.reject(refused);
    expect(await rejection(source.next())).toEqual(refused);
  });

  test("are refused with an application's error by its status, and are not invalid", async () => {
    const own = Object.assign(new Error("mine"), { name: "IllegalArgument", statusCode: 503 });
    answer = () => Promise.reject(own);
    expect(await rejection(source.next())).toMatchObject({
      name: "ClientError",
      message: "mine",
      statusCode: 503,
      cause: own,
    });
  });

  test("may be refused by a throw, or by an error without a message", async () => {
    answer = () => {
      throw new Error("thrown");
    };
    expect(await rejection(source.next())).toMatchObject({ name: "ClientError", message: "thrown" });
    answer = () => Promise.reject(new Error());
    expect(await rejection(source.next())).toMatchObject({
      name: "ClientError",
      message: "The socket's details could not be fetched.",
    });
  });
});
