/** @jest-environment node */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { GetWebSocketTransport } from "../../../src/connection/manager-events";
import { shareManager, type OwnManager } from "../../../src/connection/own-managers";
import { Logging } from "../../../src/observability/logger";
import { FakePlatform } from "../../support/fake-platform";

let platform: FakePlatform;
let taken: OwnManager[];

beforeEach(() => {
  platform = new FakePlatform();
  taken = [];
});

afterEach(() => taken.forEach((own) => own.release()));

const SETTINGS = { isNetworkOnline: () => null, plainHost: () => null };

/** Asked for a URL that tells who was asked. */
const sourceOf =
  (name: string): GetWebSocketTransport =>
  () =>
    Promise.resolve({ webSocketTransport: { url: `wss://${name}.test`, transportLifeTimeInSeconds: 3_540 } });

function share(key: string, source: GetWebSocketTransport = sourceOf(key), on = platform): OwnManager {
  const own = shareManager(key, on, new Logging(on).getLogger(), SETTINGS, source);
  taken.push(own);
  return own;
}

const NOTHING = { timers: 0, listeners: 0, openSockets: 0 };
const leftovers = (): typeof NOTHING => ({
  timers: platform.pendingTimers,
  listeners: platform.signalListeners,
  openSockets: platform.sockets.filter(({ readyState }) => readyState < 2).length,
});

describe("a participant's manager", () => {
  test("is started by its first session and shared by the next", async () => {
    const first = share("me");
    const second = share("me");
    await platform.settle();
    expect(second.manager).toBe(first.manager);
    expect(platform.sockets).toHaveLength(1);
  });

  test("is not shared between participants", async () => {
    expect(share("me").manager).not.toBe(share("them").manager);
    await platform.settle();
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://me.test", "wss://them.test"]);
  });

  test("C19: is not shared between platforms: each opens its own socket, and keeps it when the other's is released", async () => {
    const other = new FakePlatform();
    const [here, there] = [share("me"), share("me", sourceOf("me"), other)];
    await platform.settle();
    await other.settle();
    expect(there.manager).not.toBe(here.manager);
    expect([platform, other].map(({ sockets }) => sockets.length)).toEqual([1, 1]);
    here.release();
    expect(other.socket.closedWith).toBeNull();
    expect(share("me", sourceOf("me"), other).manager).toBe(there.manager);
  });

  test("closes when the last session gives it back, not before", async () => {
    const [first, second] = [share("me"), share("me")];
    await platform.settle();
    first.release();
    expect(platform.socket.closedWith).toBeNull();
    second.release();
    expect(platform.socket.closedWith?.code).toBe(1000);
    expect(leftovers()).toEqual(NOTHING);
  });

  test("given back twice by one session stays the other's", async () => {
    const [first] = [share("me"), share("me")];
    await platform.settle();
    first.release();
    first.release();
    expect(platform.socket.closedWith).toBeNull();
  });

  test("asks the next session for URLs when the first has left, though both give the same function", async () => {
    const first = share("me", sourceOf("first"));
    share("me", sourceOf("second"));
    await platform.settle();
    first.release();
    platform.socket.end(1006);
    await platform.advance(500);
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://first.test", "wss://second.test"]);

    const same = sourceOf("same");
    const twins = [share("twins", same), share("twins", same)];
    await platform.settle();
    twins[0]?.release();
    twins[0]?.release();
    expect(platform.socket.closedWith).toBeNull();
    twins[1]?.release();
    expect(platform.socket.closedWith?.code).toBe(1000);
  });

  test("that was given back is not the next session's", async () => {
    const first = share("me");
    first.release();
    expect(share("me").manager).not.toBe(first.manager);
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
  });

  test("that failed is not the next session's, and giving it back leaves the new one alone", async () => {
    const failed = share("me", () => Promise.resolve(JSON.parse("{}") as never));
    await platform.settle();
    const next = share("me");
    await platform.settle();
    expect(next.manager).not.toBe(failed.manager);
    failed.release();
    expect(platform.socket.closedWith).toBeNull();
    expect(share("me").manager).toBe(next.manager);
  });
});
