/** A restart whose port was taken meanwhile. The test steps the simulator's timers. */
import { createServer, type Server } from "node:net";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { startSimulator, type Simulator, type SimulatorProblem } from "../../simulator/index";
import type * as NodeTimers from "../../simulator/node-timers";
import { until } from "./support/wait";

const DOWN_MS = 3_600_000;
const RETRY_MS = 1_000;

/** The restart's timers that haven't fired. */
const mockTimers: { run: () => void; ms: number }[] = [];

jest.mock("../../simulator/node-timers", () => {
  const actual = jest.requireActual<typeof NodeTimers>("../../simulator/node-timers");
  return {
    ...actual,
    setTimeout: (run: () => void, ms: number) => {
      mockTimers.push({ run, ms });
      return actual.setTimeout(() => undefined, 0);
    },
  };
});

const problems: SimulatorProblem[] = [];
let simulator: Simulator;
let occupant: Server;

const fire = (): number => {
  const timer = mockTimers.shift();
  timer?.run();
  return timer?.ms ?? 0;
};

beforeEach(async () => {
  problems.splice(0);
  mockTimers.splice(0);
  simulator = await startSimulator({ onProblem: (problem) => problems.push(problem) });
  occupant = createServer();
});

afterEach(async () => {
  await new Promise<void>((resolve) => occupant.close(() => resolve()));
  await simulator.close();
});

/** Restarts the simulator, and takes its port during the downtime. */
async function restartWithoutPort(): Promise<{ restarted: Promise<void> }> {
  const restarted = simulator.restart({ downMs: DOWN_MS });
  await until(() => mockTimers.length === 1);
  await new Promise<void>((resolve) => occupant.listen(simulator.port, "127.0.0.1", resolve));
  expect(fire()).toBe(DOWN_MS);
  await until(() => mockTimers.length === 1);
  // In an object, because an async function would wait for the promise itself.
  return { restarted };
}

test("a restart tries again every second while another program uses its port, and reports each failure", async () => {
  const { restarted } = await restartWithoutPort();
  expect(fire()).toBe(RETRY_MS);
  await until(() => mockTimers.length === 1);
  expect(problems.map(({ kind }) => kind)).toEqual(["restart", "restart"]);
  expect(problems[0]?.message).toMatch(
    /^The simulator can't listen on port \d+ again: .*EADDRINUSE.*\. Stop the program that uses the port\. /,
  );
  await new Promise<void>((resolve) => occupant.close(() => resolve()));
  expect(fire()).toBe(RETRY_MS);
  await restarted;
  expect((await fetch(`${simulator.url}/start-chat`, { method: "POST" })).status).toBe(200);
});

test("close() ends a restart that waits for its port", async () => {
  const { restarted } = await restartWithoutPort();
  await simulator.close();
  await restarted;
  expect(problems).toHaveLength(1);
});
