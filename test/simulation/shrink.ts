/** Shrinks a failing schedule. Removes faults and steps and simplifies the configuration, but keeps the failure. */
import type { Fault } from "./faults";
import { PLAIN, type Schedule, type Step } from "./schedule";

/** Returns an object's own keys with their types. */
const keysOf = <Shape extends object>(shape: Shape): (keyof Shape)[] => Object.keys(shape) as (keyof Shape)[];

/** Whether a schedule still fails. */
type Fails = (schedule: Schedule) => Promise<boolean>;

/** Removes as many parts as possible, in smaller and smaller blocks. Returns the remaining parts. */
async function reduce<Part>(
  parts: readonly Part[],
  fails: (left: readonly Part[]) => Promise<boolean>,
): Promise<readonly Part[]> {
  let left = parts;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length;) {
      const without = [...left.slice(0, from), ...left.slice(from + size)];
      if (await fails(without)) left = without;
      else from += size;
    }
  }
  return left;
}

export async function shrink(schedule: Schedule, fails: Fails): Promise<Schedule> {
  let small = schedule;
  const keepIfFails = async (candidate: Schedule): Promise<boolean> => {
    const isKept = await fails(candidate);
    if (isKept) small = candidate;
    return isKept;
  };
  for (let round = 0; round < 3; round += 1) {
    const before = JSON.stringify(small);
    await reduce<Step>(small.steps, (steps) => keepIfFails({ ...small, steps }));
    await reduce<Fault>(small.faults, (faults) => keepIfFails({ ...small, faults }));
    for (const name of keysOf(PLAIN)) {
      // The participants stay the same. The habits are reduced one by one below.
      if (name === "clients" || name === "habits") continue;
      await keepIfFails({ ...small, configuration: { ...small.configuration, [name]: PLAIN[name] } });
    }
    for (const name of keysOf(PLAIN.habits)) {
      const { configuration } = small;
      await keepIfFails({
        ...small,
        configuration: { ...configuration, habits: { ...configuration.habits, [name]: PLAIN.habits[name] } },
      });
    }
    const lastMs = Math.max(
      1_000,
      ...small.steps.map(({ atMs }) => atMs + 1_000),
      ...small.faults.map(({ toMs }) => toMs + 1_000),
    );
    if (lastMs < small.activeMs) await keepIfFails({ ...small, activeMs: lastMs });
    if (JSON.stringify(small) === before) break;
  }
  return small;
}

/** Formats a shrunk schedule as a test to paste into test/simulation/regressions.test.ts. */
export const asTest = (schedule: Schedule, guarantee: string): string =>
  `test(${JSON.stringify(`${guarantee} (seed ${schedule.seed})`)}, async () => {
  expect(await violationsOf(${JSON.stringify(schedule, null, 2).replaceAll("\n", "\n  ")})).toEqual([]);
});`;
