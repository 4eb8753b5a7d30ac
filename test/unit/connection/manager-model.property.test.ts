/** Runs the manager against a model of its server, with random events from the server, network, page and clock. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseChatItem } from "../../../src/connection/frames";
import { ChatError } from "../../../src/errors";
import type { PlatformSignal } from "../../../src/platform";
import type { FakeSocket } from "../../support/fake-platform";
import { CHAT_SUBSCRIBED, chatFrame, ManagerUnderTest } from "../../support/manager-under-test";

const OPEN = 1;
/** Covers the longest backoff and the timeout of a socket that doesn't open. */
const RECOVERY_TIMEOUT_MS = 10 * 60_000;

/** The server's state. */
interface Model {
  /** The subscribed sockets whose close the server hasn't seen. */
  readonly subscribed: Set<FakeSocket>;
  ended: boolean;
  /** The number of messages that the server has sent. Each message goes to all sockets in `subscribed`. */
  sent: number;
}

class World extends ManagerUnderTest {
  readonly received: number[] = [];
  /** Functions that reject the unanswered transport requests. */
  readonly timeouts: (() => void)[] = [];

  constructor() {
    super();
    this.record();
    this.manager.onMessage("aws/chat", (frame) => {
      // The manager delivers frames without parsing their items.
      const item = parseChatItem(frame);
      if (item) this.received.push(Number(item.Id));
    });
  }

  /** Makes a transport request that receives no response. It times out later, like the bundled client's requests. */
  requestWithoutResponse(): Promise<never> {
    return new Promise((_, reject) => {
      this.timeouts.push(() => reject(new ChatError("Timeout", "no response", { retryable: true })));
    });
  }

  inState(...states: number[]): FakeSocket[] {
    return this.sockets.filter(({ readyState }) => states.includes(readyState));
  }
}

type Command = fc.AsyncCommand<Model, World>;

/** Checks the invariants that hold after every step. */
function expectInvariants(model: Model, world: World): void {
  const liveSockets = world.inState(OPEN).filter((socket) => model.subscribed.has(socket));
  // During a hand-over, the old socket is drained after its successor is subscribed.
  expect(liveSockets.length).toBeLessThanOrEqual(2);
  if (world.isUp) expect(liveSockets.length).toBeGreaterThan(0);
  expectAlternating(world.names, "up", "down");
  expectAlternating(world.names, "gain", "lost");
  // Each message is delivered at most once, in send order.
  expect(world.received).toEqual([...new Set(world.received)].sort((a, b) => a - b));
  if (model.ended) expect(world.leftovers).toEqual({ timers: 0, listeners: 0, openSockets: 0 });
}

/** Expects the two names to alternate. If the first attempt fails, the sequence begins with a loss. */
function expectAlternating(names: readonly string[], up: string, down: string): void {
  const changes = names.filter((name) => name === up || name === down);
  const first = changes[0] === down ? 1 : 0;
  expect(changes).toEqual(changes.map((_, index) => (index % 2 === first ? up : down)));
}

function command(
  name: string,
  run: (model: Model, world: World) => Promise<unknown> | undefined,
  check: (model: Model) => boolean = () => true,
): Command {
  return {
    toString: () => name,
    check: (model) => check(model),
    async run(model, world) {
      await run(model, world);
      await world.platform.settle();
      expectInvariants(model, world);
    },
  };
}

/** Applies `act` to a socket that is in one of these states, if there is such a socket. */
const withSocket = (
  world: World,
  states: number[],
  pick: number,
  act: (socket: FakeSocket) => void,
): undefined => {
  const candidates = world.inState(...states);
  const socket = candidates[pick % Math.max(1, candidates.length)];
  if (socket) act(socket);
};

function subscribe(model: Model, socket: FakeSocket): void {
  if (socket.sentOn("aws/subscribe").length === 0 || model.subscribed.has(socket)) return;
  model.subscribed.add(socket);
  socket.receive(CHAT_SUBSCRIBED);
}

function sendMessage(model: Model): void {
  model.sent += 1;
  for (const socket of model.subscribed) socket.receive(chatFrame(String(model.sent)));
}

const pick = fc.nat({ max: 3 });
/** Never 0, because the clock wouldn't advance without a pause. */
const randomValue = fc.double({ min: 0.01, max: 1, maxExcluded: true, noNaN: true });

const FAILURES: Record<string, () => unknown> = {
  network: () => Promise.reject(new TypeError("Failed to fetch")),
  throttled: () => Promise.reject(new ChatError("ServiceError", "slow down", { statusCode: 429 })),
  outage: () => Promise.reject(new ChatError("ServiceError", "oh", { statusCode: 503 })),
};

/** The server accepts an opening socket and its subscription. */
const ACCEPT: fc.Arbitrary<Command> = fc.constant(
  command("accept", (model, world) =>
    withSocket(world, [0], 0, (socket) => {
      socket.open();
      subscribe(model, socket);
    }),
  ),
);

/** The socket reaches its maximum age. */
const AGING: fc.Arbitrary<Command> = fc.constant(command("aging", (_, world) => world.advance(301_000)));

const COMMANDS: fc.Arbitrary<Command>[] = [
  pick.map((n) => command(`open(${n})`, (_, world) => withSocket(world, [0], n, (socket) => socket.open()))),
  pick.map((n) =>
    command(`subscribe(${n})`, (model, world) =>
      withSocket(world, [OPEN], n, (socket) => subscribe(model, socket)),
    ),
  ),
  // Listed repeatedly, because most runs wouldn't get far otherwise.
  ...[ACCEPT, ACCEPT, ACCEPT, AGING],
  pick.map((n) =>
    command(`rejectSubscription(${n})`, (model, world) =>
      withSocket(world, [OPEN], n, (socket) => {
        if (model.subscribed.has(socket)) return;
        socket.receive({ topic: "aws/subscribe", content: { status: "failure", topics: ["aws/chat"] } });
      }),
    ),
  ),
  fc.tuple(pick, fc.constantFrom(1000, 1001, 1006)).map(([n, code]) =>
    command(`end(${n}, ${code})`, (model, world) =>
      withSocket(world, [0, 1, 2], n, (socket) => {
        model.subscribed.delete(socket);
        socket.end(code);
      }),
    ),
  ),
  pick.map((n) =>
    command(`answerHeartbeat(${n})`, (_, world) =>
      withSocket(world, [OPEN], n, (socket) => world.drain(socket)),
    ),
  ),
  fc.constant(
    command(
      "message",
      (model) => {
        sendMessage(model);
        return undefined;
      },
      (model) => !model.ended,
    ),
  ),
  fc
    .oneof(fc.string(), fc.json(), fc.constant('{"topic":"aws/chat","content":"{"}'))
    .map((text) =>
      command(`frame(${text})`, (_, world) => withSocket(world, [OPEN], 0, (socket) => socket.receive(text))),
    ),
  fc
    .constantFrom(10, 500, 1_000, 5_000, 10_000, 40_000)
    .map((ms) => command(`silence(${ms})`, (_, world) => world.platform.advance(ms))),
  fc
    .constantFrom(1_000, 31_000, 301_000)
    .map((ms) => command(`time(${ms})`, (_, world) => world.advance(ms))),
  fc
    .constantFrom(6_000, 3_600_000)
    .map((ms) => command(`sleep(${ms})`, (_, world) => world.platform.sleep(ms))),
  fc
    .constantFrom<PlatformSignal>("online", "offline", "visible", "hidden", "leaving", "resumed")
    .map((signal) =>
      command(signal, (_, { platform }) => {
        if (signal === "online" || signal === "offline") platform.online = signal === "online";
        if (signal === "visible" || signal === "hidden") platform.visible = signal === "visible";
        platform.signal(signal);
        return undefined;
      }),
    ),
  fc
    .tuple(fc.constantFrom(...Object.keys(FAILURES), "silence", "none", "none"), randomValue)
    .map(([failure, value]) =>
      command(`transport(${failure}), random(${value})`, (_, world) => {
        if (failure === "silence") world.respond = () => world.requestWithoutResponse();
        else world.respond = FAILURES[failure] ?? (() => world.transport());
        world.platform.randomValue = value;
        return undefined;
      }),
    ),
  fc.constantFrom("closeWebSocket", "terminateWebSocketManager").map((call) =>
    command(
      call,
      (model, world) => {
        // Closes the link only after some events, because most runs would be short otherwise.
        if (world.emitted.length < 12) return undefined;
        world.manager[call]();
        model.ended = true;
        return undefined;
      },
      (model) => !model.ended,
    ),
  ),
];

/** Lets the server recover, and expects the link to come up and deliver a message. */
async function expectRecovery(model: Model, world: World): Promise<void> {
  const { platform } = world;
  world.respond = () => world.transport();
  platform.online = platform.visible = true;
  platform.signal("visible");
  for (const timeOut of world.timeouts.splice(0)) timeOut();
  const until = platform.time + RECOVERY_TIMEOUT_MS;
  while (!world.isUp && platform.time < until) {
    for (const socket of world.inState(0)) socket.open();
    for (const socket of world.inState(OPEN)) subscribe(model, socket);
    for (const socket of world.inState(2)) {
      model.subscribed.delete(socket);
      socket.end(1000);
    }
    await world.advance(1_000);
    expectInvariants(model, world);
  }
  expect(world.isUp).toBe(true);
  sendMessage(model);
  // A pending hand-over holds the message until the old socket is drained.
  await world.advance(3_000);
  expect(world.received.at(-1)).toBe(model.sent);
}

test("under random events, the manager keeps its invariants, recovers, and releases all resources when it is closed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands(COMMANDS, { maxCommands: 40, size: "max" }),
      fc.boolean(),
      async (commands, mobile) => {
        let world!: World;
        let model!: Model;
        const setup = async (): Promise<{ model: Model; real: World }> => {
          world = new World();
          world.platform.mobile = mobile;
          model = { subscribed: new Set(), ended: false, sent: 0 };
          await world.init();
          return { model, real: world };
        };
        await fc.asyncModelRun(setup, commands);
        if (!model.ended) await expectRecovery(model, world);
        world.manager.closeWebSocket();
        await world.platform.settle();
        model.ended = true;
        expectInvariants(model, world);
        expect(world.inState(0, 1)).toEqual([]);
        expect(world.logged.filter((line) => line.startsWith("error"))).toEqual([]);
      },
    ),
    { numRuns: 60, interruptAfterTimeLimit: 8_000 },
  );
}, 60_000);
