import { afterEach, expect, jest, test } from "@jest/globals";
import { Application } from "../../package/support/application";

/**
 * Runs the examples in docs/testing.md with older Jest versions. test/package runs the examples with this repository's
 * version.
 */

jest.setTimeout(600_000);

let application: Application | undefined;
afterEach(() => application?.remove());

interface Versions {
  readonly jest: string;
  readonly tsJest: string;
  readonly typescript: string;
}

const JEST_27: Versions = { jest: "27.5.1", tsJest: "27.1.5", typescript: "4.9.5" };
const JEST_29: Versions = { jest: "29.7.0", tsJest: "29.4.15", typescript: "5.9.3" };

function install(versions: Versions): Application {
  const installed = new Application();
  application = installed;
  installed.install(
    ...["jest", "jest-environment-jsdom", "@jest/globals"].map((name) => `${name}@${versions.jest}`),
    ...[`ts-jest@${versions.tsJest}`, `typescript@${versions.typescript}`],
    ...["@types/node@20.19.43", "ws@8.18.3"],
  );
  return installed;
}

/** Runs the application's tests and returns the number of tests that passed. Throws if one fails. */
function runTests(installed: Application): unknown {
  const report: unknown = JSON.parse(installed.run("npx", "jest", "--ci", "--json"));
  return Reflect.get(Object(report), "numPassedTests");
}

test.each([
  ["27", JEST_27],
  ["29", JEST_29],
])(
  "E4: a test in Jest %s with the documented jsdom environment can chat with the simulator",
  (_, versions) => {
    const installed = install(versions);
    installed.copy("examples/testing/jest-jsdom", ".");
    expect(runTests(installed)).toBe(1);
  },
);

/** Tests statements about fake timers in docs/testing.md that the example doesn't cover. */
const FAKE_TIMER_TESTS = `
  import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
  import { ChatSession, type CustomerChatSession } from "amazon-connect-chatjs";
  import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";

  jest.setTimeout(60_000);
  const realTimeout = setTimeout;

  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
    ChatSession.setGlobalConfig({ endpoint: simulator.url });
  });
  afterEach(() => void jest.useRealTimers());
  afterAll(() => simulator.close());

  const fakeTimers = () =>
    jest.useFakeTimers({ advanceTimers: true, doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });

  async function connected(): Promise<CustomerChatSession> {
    const session = ChatSession.create({ type: "CUSTOMER", chatDetails: simulator.startChat(), disableCSM: true });
    const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
    await session.connect();
    await established;
    return session;
  }

  test("timers that started before useFakeTimers() aren't advanced", async () => {
    const session = await connected();
    fakeTimers();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(session.connectionState).toBe("connected");
    session.dispose();
  });

  test("a jump of a minute looks like a lost link, and the session reconnects", async () => {
    fakeTimers();
    const session = await connected();
    const states: string[] = [];
    session.onConnectionStateChanged(({ data }) => void states.push(data.newState));
    await jest.advanceTimersByTimeAsync(60_000);
    // Sockets and API calls take real time. The backoff takes fake time.
    while (!states.includes("connected")) {
      await new Promise((resolve) => realTimeout(resolve, 20));
      await jest.advanceTimersByTimeAsync(500);
    }
    expect(states[0]).toBe("reconnecting");
    session.dispose();
  });

  test("ten-second jumps with a call between them keep the link", async () => {
    fakeTimers();
    const session = await connected();
    const states: string[] = [];
    session.onConnectionStateChanged(({ data }) => void states.push(data.newState));
    for (let jump = 1; jump <= 12; jump += 1) {
      await jest.advanceTimersByTimeAsync(10_000);
      await session.sendMessage({ message: "Hello", contentType: "text/plain" });
    }
    expect(states).toEqual([]);
    session.dispose();
  });
`;

test.each(["jest", "jest-jsdom"])(
  "E10: fake timers in the environment of examples/testing/%s behave as documented",
  (example) => {
    const installed = install(JEST_29);
    installed.copy(`examples/testing/${example}`, ".");
    installed.copy("examples/testing/jest/fake-timers.test.ts", "fake-timers.test.ts");
    installed.write("fake-timer-facts.test.ts", FAKE_TIMER_TESTS);
    expect(runTests(installed)).toBe(5);
  },
);
