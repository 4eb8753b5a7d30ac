import { describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import type { PlatformSignal } from "../../../src/platform";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import type { FakeSocket } from "../../support/fake-platform";
import { cutNetwork, errorResponse, type Responder } from "../../support/fake-service";

const CONNECTION = "/participant/connection";
const TRANSCRIPT = "/participant/transcript";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const STEP = 250;

const SUBSCRIBED = { topic: "aws/subscribe", content: { status: "success", topics: ["aws/chat"] } };
const NOT_SUBSCRIBED = { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } };

/** Decides what happens to a socket `ageMs` after the library opened the socket. Called at every step of the clock. */
type SocketFate = (socket: FakeSocket, ageMs: number) => void;

const stayUp: SocketFate = (socket) => {
  if (socket.readyState === 0) {
    socket.open();
    socket.receive(SUBSCRIBED);
  }
  if (socket.readyState !== 1) return;
  socket.receive({ topic: "aws/heartbeat" });
  socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
};
const rejectSocket: SocketFate = (socket) => socket.readyState < 2 && socket.end(1006);
const openThenClose: SocketFate = (socket) => {
  if (socket.readyState === 0) socket.open();
  if (socket.readyState === 1) socket.end(1006);
};
const stayUpFor =
  (ms: number): SocketFate =>
  (socket, ageMs) => {
    if (ageMs >= ms && socket.readyState === 1) socket.end(1006);
    else stayUp(socket, ageMs);
  };
const rejectSubscription: SocketFate = (socket) => {
  if (socket.readyState === 0) socket.open();
  if (socket.readyState === 1) socket.receive(NOT_SUBSCRIBED);
};

interface Fault {
  readonly socket?: SocketFate;
  readonly responders?: Readonly<Record<string, Responder>>;
  /** The signals that the page emits ten times a second. */
  readonly signals?: readonly PlatformSignal[];
  /** The time for which the chat works before the fault. */
  readonly afterMs?: number;
}

const busy: Responder = () => errorResponse(503, "ServiceUnavailable");
const html: Responder = () =>
  new Response("<html>", { status: 403, headers: { "content-type": "text/html" } });

const FAULTS: Readonly<Record<string, Fault>> = {
  "a network that is down": {
    socket: rejectSocket,
    responders: { [CONNECTION]: cutNetwork, [TRANSCRIPT]: cutNetwork },
  },
  "a network that is down while the page emits signals": {
    socket: rejectSocket,
    responders: { [CONNECTION]: cutNetwork, [TRANSCRIPT]: cutNetwork },
    signals: ["visible", "online", "resumed"],
  },
  "requests for socket URLs that fail with 503": { socket: rejectSocket, responders: { [CONNECTION]: busy } },
  "requests for socket URLs that a proxy rejects": {
    socket: rejectSocket,
    responders: { [CONNECTION]: html },
  },
  "sockets that are refused": { socket: rejectSocket },
  "sockets that are refused while the page emits signals": { socket: rejectSocket, signals: ["visible"] },
  "sockets that open and immediately close": { socket: openThenClose },
  "sockets that open and immediately close while the page emits signals": {
    socket: openThenClose,
    signals: ["visible", "online"],
  },
  "links that are subscribed and immediately close": { socket: stayUpFor(0) },
  "links that last a second": { socket: stayUpFor(SECOND) },
  "links that last eleven seconds": { socket: stayUpFor(11 * SECOND) },
  "links that last eleven seconds while the page emits signals": {
    socket: stayUpFor(11 * SECOND),
    signals: ["visible", "online"],
  },
  "subscriptions that are rejected": { socket: rejectSubscription },
  "transcript requests that a proxy rejects": {
    socket: stayUpFor(20 * SECOND),
    responders: { [TRANSCRIPT]: html },
  },
  "transcript requests that fail": { socket: stayUpFor(20 * SECOND), responders: { [TRANSCRIPT]: busy } },
  "socket replacements whose requests for a URL fail": {
    responders: { [CONNECTION]: busy },
    afterMs: 58 * MINUTE,
  },
  "socket replacements whose sockets are refused": {
    socket: (socket, ageMs) =>
      (ageMs > 50 * MINUTE || socket.readyState === 1 ? stayUp : rejectSocket)(socket, ageMs),
    afterMs: 58 * MINUTE,
  },
};

class BudgetUnderTest {
  readonly chat = new ChatUnderTest();
  readonly session: CustomerChatSession;
  readonly #openedAt = new Map<FakeSocket, number>();
  /** The times at which requests were sent and sockets were opened. */
  readonly sentAt: number[] = [];

  constructor(seed: number) {
    let state = seed;
    this.chat.platform.random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    this.session = this.chat.customer();
    this.session.onTranscriptUpdated(() => undefined);
  }

  async run(
    forMs: number,
    { socket: fate = stayUp, signals = [] }: Fault = {},
    stepMs = STEP,
  ): Promise<void> {
    const { platform, service } = this.chat;
    const until = platform.time + forMs;
    let calls = service.calls.length;
    while (platform.time < until) {
      await platform.advance(stepMs);
      if (platform.time % 100 < stepMs) for (const signal of signals) platform.signal(signal);
      for (; calls < service.calls.length; calls += 1) this.sentAt.push(platform.time);
      for (const socket of platform.sockets.slice(-2)) {
        const openedAt = this.#openedAt.get(socket) ?? platform.time;
        if (!this.#openedAt.has(socket)) this.sentAt.push(platform.time);
        this.#openedAt.set(socket, openedAt);
        fate(socket, platform.time - openedAt);
        if (socket.readyState === 2) socket.end(1000, "", true);
      }
    }
  }

  /** Returns the largest number of requests and sockets within any period of `ms`. */
  maxWithin(ms: number): number {
    const sorted = this.sentAt.toSorted((a, b) => a - b);
    return Math.max(
      0,
      ...sorted.map((from, index) => sorted.slice(index).filter((at) => at < from + ms).length),
    );
  }
}

describe.each(Object.entries(FAULTS))("with %s, for half an hour,", (_, fault) => {
  test.each([1, 42])(
    "there are at most 30 requests and sockets a minute, and 60 in ten minutes (seed %d)",
    async (seed) => {
      const harness = new BudgetUnderTest(seed);
      await harness.session.connect();
      await harness.run(fault.afterMs ?? MINUTE, {}, fault.afterMs === undefined ? STEP : 4 * SECOND);
      for (const [path, responder] of Object.entries(fault.responders ?? {}))
        harness.chat.service.on(path, responder);
      await harness.run(30 * MINUTE, fault, fault.signals ? 100 : STEP);
      expect(harness.maxWithin(MINUTE)).toBeLessThanOrEqual(30);
      expect(harness.maxWithin(10 * MINUTE)).toBeLessThanOrEqual(60);
      for (const path of Object.keys(fault.responders ?? {})) {
        harness.chat.service.on(path, (call) => harness.chat.service.defaultResponse(call));
      }
      await harness.run(3 * MINUTE);
      expect(harness.session.connectionState).toBe("connected");
      harness.session.dispose();
      await harness.chat.platform.advance(10 * SECOND);
      harness.chat.completeCloses();
      expect(harness.chat.leftovers).toEqual(NOTHING_LEFT);
    },
  );
});

test("token renewals stay within the budget while the application's calls keep failing with 403, and all calls settle", async () => {
  const harness = new BudgetUnderTest(1);
  await harness.session.connect();
  await harness.run(SECOND);
  harness.chat.service.on("/participant/event", () => errorResponse(403, "AccessDeniedException"));
  let settledCalls = 0;
  const renewedAt: number[] = [];
  harness.chat.service.on(CONNECTION, (call) => {
    renewedAt.push(harness.chat.platform.time);
    return harness.chat.service.defaultResponse(call);
  });
  const contentType = "application/vnd.amazonaws.connect.event.connection.acknowledged";
  for (let second = 0; second < 600; second += 1) {
    harness.session.sendEvent({ contentType }).catch(() => (settledCalls += 1));
    await harness.run(SECOND, {}, SECOND);
  }
  expect(renewedAt.length).toBeGreaterThan(30);
  expect(renewedAt.length).toBeLessThanOrEqual(60);
  await harness.run(MINUTE);
  expect(settledCalls).toBe(600);
  harness.session.dispose();
});

test("the application's calls aren't counted, so a hundred calls in a second are all sent", async () => {
  const harness = new BudgetUnderTest(1);
  await harness.session.connect();
  await harness.run(SECOND);
  harness.chat.service.calls.length = 0;
  await Promise.all(Array.from({ length: 100 }, () => harness.session.getTranscript({ maxResults: 10 })));
  expect(harness.chat.service.to(TRANSCRIPT)).toHaveLength(100);
  harness.session.dispose();
});
