import { describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import type { PlatformSignal } from "../../../src/platform";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import type { FakeSocket } from "../../support/fake-platform";
import { cutNetwork, refusal, type Answer } from "../../support/fake-service";

const CONNECTION = "/participant/connection";
const TRANSCRIPT = "/participant/transcript";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const STEP = 250;

const SUBSCRIBED = { topic: "aws/subscribe", content: { status: "success", topics: ["aws/chat"] } };
const NOT_SUBSCRIBED = { topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } };

/** What becomes of a socket, `ageMs` after it was opened by the library; called every quarter of a second. */
type SocketFate = (socket: FakeSocket, ageMs: number) => void;

const lives: SocketFate = (socket) => {
  if (socket.readyState === 0) {
    socket.open();
    socket.receive(SUBSCRIBED);
  }
  if (socket.readyState !== 1) return;
  socket.receive({ topic: "aws/heartbeat" });
  socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
};
const isRefused: SocketFate = (socket) => socket.readyState < 2 && socket.end(1006);
const closesAtOnce: SocketFate = (socket) => {
  if (socket.readyState === 0) socket.open();
  if (socket.readyState === 1) socket.end(1006);
};
const livesFor =
  (ms: number): SocketFate =>
  (socket, ageMs) => {
    if (ageMs >= ms && socket.readyState === 1) socket.end(1006);
    else lives(socket, ageMs);
  };
const isNotSubscribed: SocketFate = (socket) => {
  if (socket.readyState === 0) socket.open();
  if (socket.readyState === 1) socket.receive(NOT_SUBSCRIBED);
};

interface Fault {
  readonly socket?: SocketFate;
  readonly answers?: Readonly<Record<string, Answer>>;
  /** Reported by the page ten times a second. */
  readonly signals?: readonly PlatformSignal[];
  /** How long the chat has been well before it. */
  readonly afterMs?: number;
}

const busy: Answer = () => refusal(503, "ServiceUnavailable");
const html: Answer = () => new Response("<html>", { status: 403, headers: { "content-type": "text/html" } });

const FAULTS: Readonly<Record<string, Fault>> = {
  "a network that is down": {
    socket: isRefused,
    answers: { [CONNECTION]: cutNetwork, [TRANSCRIPT]: cutNetwork },
  },
  "a network that is down while the page is signaled": {
    socket: isRefused,
    answers: { [CONNECTION]: cutNetwork, [TRANSCRIPT]: cutNetwork },
    signals: ["visible", "online", "resumed"],
  },
  "sockets' addresses that are refused with 503": { socket: isRefused, answers: { [CONNECTION]: busy } },
  "sockets' addresses that a proxy refuses": { socket: isRefused, answers: { [CONNECTION]: html } },
  "sockets that are refused": { socket: isRefused },
  "sockets that are refused while the page is signaled": { socket: isRefused, signals: ["visible"] },
  "sockets that open and close at once": { socket: closesAtOnce },
  "sockets that open and close at once while the page is signaled": {
    socket: closesAtOnce,
    signals: ["visible", "online"],
  },
  "links that are subscribed and close at once": { socket: livesFor(0) },
  "links that live for a second": { socket: livesFor(SECOND) },
  "links that live for eleven seconds": { socket: livesFor(11 * SECOND) },
  "links that live for eleven seconds while the page is signaled": {
    socket: livesFor(11 * SECOND),
    signals: ["visible", "online"],
  },
  "subscriptions that are refused": { socket: isNotSubscribed },
  "tokens that are refused again and again": {
    socket: livesFor(20 * SECOND),
    answers: { [TRANSCRIPT]: html },
  },
  "transcripts that fail": { socket: livesFor(20 * SECOND), answers: { [TRANSCRIPT]: busy } },
  "hand-overs whose new address isn't given": { answers: { [CONNECTION]: busy }, afterMs: 58 * MINUTE },
  "hand-overs to sockets that are refused": {
    socket: (socket, ageMs) =>
      (ageMs > 50 * MINUTE || socket.readyState === 1 ? lives : isRefused)(socket, ageMs),
    afterMs: 58 * MINUTE,
  },
};

class BudgetUnderTest {
  readonly chat = new ChatUnderTest();
  readonly session: CustomerChatSession;
  readonly #openedAt = new Map<FakeSocket, number>();
  /** When each request was sent, and each socket opened. */
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

  async run(forMs: number, { socket: fate = lives, signals = [] }: Fault = {}, stepMs = STEP): Promise<void> {
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

  mostWithin(ms: number): number {
    const sorted = this.sentAt.toSorted((a, b) => a - b);
    return Math.max(
      0,
      ...sorted.map((from, index) => sorted.slice(index).filter((at) => at < from + ms).length),
    );
  }
}

describe.each(Object.entries(FAULTS))("with %s, for half an hour,", (_, fault) => {
  test.each([1, 42])("at most 30 requests and sockets in a minute, and 60 in ten (seed %d)", async (seed) => {
    const under = new BudgetUnderTest(seed);
    await under.session.connect();
    await under.run(fault.afterMs ?? MINUTE, {}, fault.afterMs === undefined ? STEP : 4 * SECOND);
    for (const [path, answer] of Object.entries(fault.answers ?? {})) under.chat.service.on(path, answer);
    await under.run(30 * MINUTE, fault, fault.signals ? 100 : STEP);
    expect(under.mostWithin(MINUTE)).toBeLessThanOrEqual(30);
    expect(under.mostWithin(10 * MINUTE)).toBeLessThanOrEqual(60);
    for (const path of Object.keys(fault.answers ?? {})) {
      under.chat.service.on(path, (call) => under.chat.service.ordinary(call));
    }
    await under.run(3 * MINUTE);
    expect(under.session.connectionState).toBe("connected");
    under.session.dispose();
    await under.chat.platform.advance(10 * SECOND);
    under.chat.answerCloses();
    expect(under.chat.leftovers).toEqual(NOTHING_LEFT);
  });
});

test("calls of the application that are refused again and again cause as many renewals as the budget allows, and all settle", async () => {
  const under = new BudgetUnderTest(1);
  await under.session.connect();
  await under.run(SECOND);
  under.chat.service.on("/participant/event", () => refusal(403, "AccessDeniedException"));
  let settled = 0;
  const renewedAt: number[] = [];
  under.chat.service.on(CONNECTION, (call) => {
    renewedAt.push(under.chat.platform.time);
    return under.chat.service.ordinary(call);
  });
  const contentType = "application/vnd.amazonaws.connect.event.connection.acknowledged";
  for (let second = 0; second < 600; second += 1) {
    under.session.sendEvent({ contentType }).catch(() => (settled += 1));
    await under.run(SECOND, {}, SECOND);
  }
  expect(renewedAt.length).toBeGreaterThan(30);
  expect(renewedAt.length).toBeLessThanOrEqual(60);
  await under.run(MINUTE);
  expect(settled).toBe(600);
  under.session.dispose();
});

test("an agent's or a customer's own calls aren't counted: a hundred in a second are all sent", async () => {
  const under = new BudgetUnderTest(1);
  await under.session.connect();
  await under.run(SECOND);
  under.chat.service.calls.length = 0;
  await Promise.all(Array.from({ length: 100 }, () => under.session.getTranscript({ maxResults: 10 })));
  expect(under.chat.service.to(TRANSCRIPT)).toHaveLength(100);
  under.session.dispose();
});
