import { describe, expect, test } from "@jest/globals";
import { RandomSource } from "./random";
import { VirtualClock } from "./clock";
import { judge } from "./judge";
import { play, type Run } from "./play";
import { scheduleFrom, type Schedule } from "./schedule";
import { Scenario } from "./scenario";
import { shrink } from "./shrink";
import { loadBundle } from "./worker";

const bundle = loadBundle("dist/amazon-connect-chat.js");

/** Returns a run's events, requests and items as text. */
function traceOf({ applications, network, contacts }: Run): string {
  return JSON.stringify({
    sessions: applications.flatMap(({ sessions }) =>
      sessions.map(({ deliveries, events, calls }) => ({ deliveries, events, calls })),
    ),
    requests: network.requests.map(({ atMs, operation, body, status, respondedAtMs }) => [
      atMs,
      operation,
      body,
      status,
      respondedAtMs,
    ]),
    arrivals: network.arrivals.map(({ atMs, commit }) => [atMs, commit.order]),
    commits: contacts.map(({ commits }) => commits),
  });
}

describe("determinism", () => {
  test.each(["a", "b", "c", "d"])("two runs of seed %s are identical", async (seed) => {
    const schedule = scheduleFrom(seed);
    expect(traceOf(await play(schedule, bundle))).toBe(traceOf(await play(schedule, bundle)));
  });

  test("a schedule that was serialized as JSON and parsed plays identically", async () => {
    const schedule = scheduleFrom("json");
    const copy = JSON.parse(JSON.stringify(schedule)) as Schedule;
    expect(traceOf(await play(copy, bundle))).toBe(traceOf(await play(schedule, bundle)));
  });

  test("different seeds produce different schedules", () => {
    expect(scheduleFrom("1")).not.toEqual(scheduleFrom("2"));
  });

  test("a fork's draws don't depend on draws before fork()", () => {
    const drawn = new RandomSource("seed");
    drawn.next();
    expect(drawn.fork("purpose").next()).toBe(new RandomSource("seed").fork("purpose").next());
  });
});

describe("the virtual clock", () => {
  test("runs tasks in chronological order and then in scheduling order, each followed by its promise jobs", async () => {
    const clock = new VirtualClock(0);
    const order: string[] = [];
    const job = (name: string) => (): void => {
      order.push(name);
      void Promise.resolve().then(() => order.push(`${name}'s job`));
    };
    clock.at(20, job("late"));
    clock.at(10, job("first"));
    clock.at(10, job("second"));
    clock.at(15, job("canceled")).cancel();
    await clock.runUntil(15);
    expect(order).toEqual(["first", "first's job", "second", "second's job"]);
    expect(clock.nowMs).toBe(15);
    await clock.runUntil(20);
    expect(order.slice(4)).toEqual(["late", "late's job"]);
  });

  test("runs a thousand tasks in chronological order, although they are scheduled in random order", async () => {
    const random = new RandomSource("heap");
    const clock = new VirtualClock(0);
    const order: number[] = [];
    for (let index = 0; index < 1_000; index += 1) {
      const atMs = random.integer(0, 500);
      clock.at(atMs, () => order.push(atMs));
    }
    await clock.runUntil(500);
    expect(order).toEqual([...order].sort((left, right) => left - right));
    expect(order).toHaveLength(1_000);
  });
});

describe("shrinking", () => {
  test("removes all other steps and faults if a failure needs only one step and one fault", async () => {
    const schedule = scheduleFrom("to shrink");
    const [step] = schedule.steps;
    const fault = { kind: "cut", fromMs: 1, toMs: 1, amount: 0.5 } as const;
    const small = await shrink({ ...schedule, faults: [...schedule.faults, fault] }, ({ steps, faults }) =>
      Promise.resolve(steps.some((each) => each === step) && faults.some((each) => each === fault)),
    );
    expect(small.steps).toEqual([step]);
    expect(small.faults).toEqual([fault]);
  });
});

describe("a scenario", () => {
  test("recovers a message sent in a gap", async () => {
    const scenario = await Scenario.start();
    scenario.say("before");
    await scenario.gap(4_000, () => scenario.say("in the gap"));
    await scenario.run(40_000);
    scenario.say("after");
    await scenario.run(1_000);
    expect(scenario.texts).toEqual(["before", "in the gap", "after"]);
  });

  test("delivers items and has no violations if there are no faults", async () => {
    const schedule: Schedule = { ...scheduleFrom("calm"), faults: [] };
    const run = await play(schedule, bundle);
    expect(judge(run)).toEqual([]);
    expect(
      run.applications.flatMap(({ sessions }) => sessions.flatMap(({ deliveries }) => deliveries)).length,
    ).toBeGreaterThan(10);
  });
});
