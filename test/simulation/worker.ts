/** Plays a schedule and summarizes the run and the judge's findings. */
import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { judge, type Violation } from "./judge";
import { play, type Run } from "./play";
import type { Schedule } from "./schedule";

/** A run's result as plain data, which can be sent between threads. */
export interface Outcome {
  readonly seed: string;
  readonly clients: Schedule["configuration"]["clients"];
  readonly violations: readonly Violation[];
  readonly coverage: readonly (readonly [pair: string, count: number])[];
  readonly figures: Figures;
}

export const FIGURES = ["hours", "faults", "items", "deliveries", "sends", "requests", "frames"] as const;
export type Figures = Readonly<Record<(typeof FIGURES)[number], number>>;

export function loadBundle(file: string): Script {
  return new Script(readFileSync(file, "utf8"), { filename: "amazon-connect-chat.js" });
}

function figuresOf(run: Run): Figures {
  const { applications, contacts, network, schedule, startMs, endMs } = run;
  const sessions = applications.flatMap((application) => application.sessions);
  return {
    hours: (endMs - startMs) / 3_600_000,
    faults: schedule.faults.length,
    items: contacts.reduce((sum, { commits }) => sum + commits.length, 0),
    deliveries: sessions.reduce((sum, { deliveries }) => sum + deliveries.length, 0),
    sends: sessions.flatMap(({ calls }) => calls).filter(({ name }) => name === "sendMessage").length,
    requests: network.requests.length,
    frames: network.frames,
  };
}

export async function outcomeOf(schedule: Schedule, bundle: Script): Promise<Outcome> {
  const run = await play(schedule, bundle);
  return {
    seed: schedule.seed,
    clients: schedule.configuration.clients,
    violations: judge(run),
    coverage: [...run.coverage],
    figures: figuresOf(run),
  };
}
