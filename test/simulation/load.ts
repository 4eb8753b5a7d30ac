/**
 * `npm run simulate -- --load` counts one client's requests during each fault, or the requests of many clients after a
 * region becomes available again.
 */
import type { Script } from "node:vm";
import { APPLICATION_PAGE } from "./application";
import { Quotas } from "./conditions";
import { FAULTS, type FaultKind } from "./faults";
import { World } from "./play";
import { PLAIN, type Configuration, type Schedule } from "./schedule";

const MINUTE = 60_000;
const FAULT_LASTS_MS = 30 * MINUTE;
const CUT_EVERY_MS = 2 * MINUTE;
/** One client's request budget, from behaviour.md. */
const BUDGET = { worstMinute: 30, meanPerMinute: 6 };
/** The amount with which a fault hits nearly every call of every operation. See `hits` and `rateOf` in faults.ts. */
const SUSTAINED_AMOUNT = 0.9999;

const scheduleOf = (seed: string, configuration: Partial<Configuration> = {}): Schedule => ({
  seed,
  configuration: { ...PLAIN, ...configuration },
  activeMs: 0,
  faults: [],
  steps: [],
});

/** A fault that lasts or repeats. */
interface SustainedFault {
  readonly name: string;
  readonly kinds: readonly FaultKind[];
  /** The interval at which a momentary fault repeats. */
  readonly everyMs?: number;
  /** The interval between the agent's messages. */
  readonly sayEveryMs?: number;
  readonly configuration?: Partial<Configuration>;
}

const windows = (Object.keys(FAULTS) as FaultKind[]).filter(
  (kind) => FAULTS[kind].shape === "window" && !["sleep", "freeze", "bfcache", "hidden"].includes(kind),
);

const SUSTAINED_FAULTS: readonly SustainedFault[] = [
  { name: "none", kinds: [] },
  ...windows.map((kind) => ({ name: kind, kinds: [kind] })),
  { name: "cut every 5 s", kinds: ["cut"], everyMs: 5_000 },
  { name: "half-open every 30 s", kinds: ["half-open"], everyMs: 30_000 },
  { name: "tokens expire every 5 s", kinds: ["expired-tokens"], everyMs: 5_000 },
  { name: "no upgrade, and visible ten times a second", kinds: ["refused-upgrades", "signals"] },
  { name: "no network, and visible ten times a second", kinds: ["lying-online", "signals"] },
  { name: "every frame damaged, 20 messages a second", kinds: ["damaged-frames"], sayEveryMs: 50 },
  { name: "the page's clock is 26 h fast", kinds: [], configuration: { skewMs: 93_600_000 } },
  { name: "the page's clock is 26 h slow", kinds: [], configuration: { skewMs: -93_600_000 } },
];

export interface LoadRow {
  readonly name: string;
  readonly requests: number;
  readonly meanPerMinute: number;
  readonly worstMinute: number;
  readonly transcriptsWorstMinute: number;
  readonly socketsWorstMinute: number;
  readonly isWithinBudget: boolean;
}

/** The maximum number of events within any minute. */
function worstMinute(times: readonly number[]): number {
  let from = 0;
  let worst = 0;
  times.forEach((at, index) => {
    while ((times[from] ?? at) <= at - MINUTE) from += 1;
    worst = Math.max(worst, index - from + 1);
  });
  return worst;
}

async function rowOf(
  { name, kinds, everyMs, sayEveryMs = 10_000, configuration }: SustainedFault,
  bundle: Script,
): Promise<LoadRow> {
  const world = new World(scheduleOf(`load ${name}`, configuration), bundle);
  world.build();
  const { clock, conditions, network, service } = world;
  await clock.runUntil(world.startMs + MINUTE);
  const fromMs = clock.nowMs;
  const untilMs = fromMs + FAULT_LASTS_MS;
  for (let atMs = fromMs; atMs < untilMs; atMs += CUT_EVERY_MS) {
    // Most faults take effect only when the link has to be reopened.
    clock.at(atMs, () => world.begin({ kind: "cut", amount: 0, toMs: atMs - world.startMs }));
  }
  for (const kind of kinds) {
    if (FAULTS[kind].shape === "window") conditions.begin(kind, SUSTAINED_AMOUNT, FAULT_LASTS_MS);
    for (let atMs = fromMs; atMs < untilMs; atMs += everyMs ?? FAULT_LASTS_MS) {
      clock.at(atMs, () => world.begin({ kind, amount: SUSTAINED_AMOUNT, toMs: untilMs - world.startMs }));
    }
  }
  const [application] = world.applications;
  if (application === undefined) throw new Error("The world has no application.");
  const agent = application.contact.participants.find(({ role }) => role === "AGENT");
  for (let atMs = fromMs; atMs < untilMs; atMs += sayEveryMs) {
    clock.at(atMs, () => {
      if (agent) service.say(application.contact, agent, "said");
    });
  }
  await clock.runUntil(untilMs);
  const requests = network.requests.filter(
    ({ atMs, body, operation }) =>
      atMs >= fromMs && !body.includes(`"MaxResults":${APPLICATION_PAGE}`) && !operation.startsWith("Send"),
  );
  const times = requests.map(({ atMs }) => atMs);
  const meanPerMinute = (times.length * MINUTE) / FAULT_LASTS_MS;
  const worst = worstMinute(times);
  return {
    name,
    requests: times.length,
    meanPerMinute,
    worstMinute: worst,
    transcriptsWorstMinute: worstMinute(
      requests.filter(({ operation }) => operation === "GetTranscript").map(({ atMs }) => atMs),
    ),
    socketsWorstMinute: worstMinute(
      network.upgrades.map(({ atMs }) => atMs).filter((atMs) => atMs >= fromMs),
    ),
    isWithinBudget: worst <= BUDGET.worstMinute && meanPerMinute <= BUDGET.meanPerMinute,
  };
}

/** Prints one client's requests during each fault as a table. Returns false if any row exceeds the budget. */
export async function printLoad(bundle: Script): Promise<boolean> {
  console.log(
    "| fault, for 30 minutes | requests | mean per minute | worst minute | GetTranscript, worst minute | sockets, worst minute |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  const rows: LoadRow[] = [];
  for (const sustained of SUSTAINED_FAULTS) {
    const row = await rowOf(sustained, bundle);
    rows.push(row);
    const { name, requests, meanPerMinute, transcriptsWorstMinute, socketsWorstMinute, isWithinBudget } = row;
    const cells = [
      name,
      requests,
      meanPerMinute.toFixed(1),
      row.worstMinute,
      transcriptsWorstMinute,
      socketsWorstMinute,
    ];
    console.log(`| ${cells.join(" | ")} |${isWithinBudget ? "" : " over budget"}`);
  }
  const over = rows.filter(({ isWithinBudget }) => !isWithinBudget).length;
  console.log(`\n${rows.length - over} passed, ${over} failed`);
  return over === 0;
}

// --- a region comes back ---------------------------------------------------------------------------------------------

const CUSTOMERS_PER_PAGE = 100;
const DOWN_MS = 2 * MINUTE;
const MISSED_MESSAGES = 3;
const WATCHED_MS = 20 * MINUTE;

/**
 * Prints the requests and recovery times of clients that lost their links at the same time, under an account's quotas.
 */
export async function printRegion(clients: number, bundle: Script): Promise<boolean> {
  const world = new World(scheduleOf(`region ${clients}`), bundle);
  for (let left = clients; left > 0; left -= CUSTOMERS_PER_PAGE)
    world.addCustomers(Math.min(left, CUSTOMERS_PER_PAGE));
  const { clock, conditions, network, service } = world;
  // Coverage isn't needed here and is slow to count with so many clients.
  conditions.onHit = () => undefined;
  await clock.runUntil(world.startMs + MINUTE);
  const downFromMs = clock.nowMs;
  conditions.begin("region-down", SUSTAINED_AMOUNT, DOWN_MS);
  world.begin({ kind: "region-down", amount: SUSTAINED_AMOUNT, toMs: downFromMs + DOWN_MS - world.startMs });
  const { applications } = world;
  for (const { contact } of applications) {
    const agent = contact.participants.find(({ role }) => role === "AGENT");
    for (let index = 1; index <= MISSED_MESSAGES; index += 1) {
      clock.after((DOWN_MS * index) / 4, () => {
        if (agent) service.say(contact, agent, `missed ${index}`);
      });
    }
  }
  const upMs = downFromMs + DOWN_MS;
  await clock.runUntil(upMs);
  const quotas = new Quotas();
  conditions.quotas = quotas;
  await clock.runUntil(upMs + WATCHED_MS);

  const connected = applications.map(({ sessions }) =>
    sessions.at(-1)?.events.findLast(({ name }) => name === "onConnectionEstablished"),
  );
  const reconnectSeconds = connected
    .map((event) => (event && event.atMs > upMs ? (event.atMs - upMs) / 1_000 : Infinity))
    .sort((a, b) => a - b);
  const deliverySeconds = applications
    .map(({ sessions }) => {
      const missed = sessions
        .flatMap(({ deliveries }) => deliveries)
        .filter(({ item }) => item.Content?.startsWith("missed"));
      return missed.length === MISSED_MESSAGES
        ? (Math.max(...missed.map(({ atMs }) => atMs)) - upMs) / 1_000
        : Infinity;
    })
    .sort((a, b) => a - b);
  const requestsTo = (operation: string): number =>
    network.requests.filter((each) => each.operation === operation && each.atMs > upMs).length;
  const quantile = (values: readonly number[], share: number): string =>
    (values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Infinity).toFixed(0);
  console.log(`| ${clients} clients, after a region's return | |`);
  console.log("| --- | ---: |");
  for (const [name, value] of [
    [
      "connected: half, 99 %, all (s)",
      [0.5, 0.99, 1].map((share) => quantile(reconnectSeconds, share)).join(", "),
    ],
    [
      "every missed message delivered: half, 99 %, all (s)",
      [0.5, 0.99, 1].map((share) => quantile(deliverySeconds, share)).join(", "),
    ],
    ...["CreateParticipantConnection", "GetTranscript"].flatMap((operation) => [
      [
        `${operation}: requests, throttled with 429`,
        `${requestsTo(operation)}, ${quotas.refused.get(operation) ?? 0}`,
      ],
    ]),
  ] as const) {
    console.log(`| ${name} | ${value} |`);
  }
  const failed = deliverySeconds.filter((seconds) => !Number.isFinite(seconds)).length;
  console.log(`\n${clients - failed} passed, ${failed} failed`);
  return failed === 0;
}
