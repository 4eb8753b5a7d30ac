// Models the load on the service's quota after a region outage. All clients lost their sockets at the same time, and
// each needs one successful CreateParticipantConnection call. `node bench/recovery-of-a-region.mjs` prints the figures
// and draws docs/images/recovery-of-a-region.svg.
//
// The model doesn't track single clients. It tracks how many clients call in each tenth of a second, by number of
// attempts. It's deterministic, and a million clients take no longer than ten.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chart } from "./svg.mjs";

const STEP_S = 0.1;
const HORIZON_S = 3_600;
const STEPS = HORIZON_S / STEP_S;
/** The time from the loss of all sockets until calls can succeed. */
const OUTAGE_S = 60;
/** The default quota of CreateParticipantConnection, per account and region. */
const QUOTA = { perSecond: 6, burst: 9 };
/** Calls made at the same time arrive spread over this time, because networks differ. */
const NETWORK_SPREAD_S = 1;
const MAX_ATTEMPTS = 12;

/** The delay before the next attempt, in seconds. It's uniformly distributed between two bounds. */
const BACKOFFS = {
  /**
   * Full jitter. The first attempt is made within a second, and delays are capped at 30 s, or at two minutes after a
   * 429.
   */
  ours: (attempt, throttled) => [0, Math.min(throttled ? 120 : 30, 2 ** attempt)],
  /** 2 s, 4 s, 8 s …, the same for every client. */
  upstream: (attempt) => [2 ** (attempt + 1), 2 ** (attempt + 1) + NETWORK_SPREAD_S],
};

export function simulate(backoff, clients, quotaFactor = 1) {
  const perSecond = QUOTA.perSecond * quotaFactor;
  const burst = QUOTA.burst * quotaFactor;
  // The change of each flow at each step, by number of attempts.
  const changes = Array.from({ length: MAX_ATTEMPTS }, () => new Float64Array(STEPS + 1));
  const flows = new Float64Array(MAX_ATTEMPTS);
  const plan = (count, step, attempt, throttled) => {
    const [from, to] = BACKOFFS[backoff](attempt, throttled);
    const first = step + 1 + Math.round(from / STEP_S);
    const steps = Math.max(1, Math.round((to - from) / STEP_S));
    const row = changes[Math.min(attempt, MAX_ATTEMPTS - 1)];
    if (first < STEPS) row[first] += count / steps;
    if (first + steps < STEPS) row[first + steps] -= count / steps;
  };
  plan(clients, -1, 0, false);
  let tokens = burst;
  let back = 0;
  const callsPerSecond = [];
  const backShare = [];
  let refused = 0;
  let peak = 0;
  for (let step = 0; step < STEPS; step += 1) {
    tokens = Math.min(burst, tokens + perSecond * STEP_S);
    let calls = 0;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      flows[attempt] += changes[attempt][step];
      calls += flows[attempt] = flows[attempt] > 1e-9 ? flows[attempt] : 0;
    }
    const isUp = step * STEP_S >= OUTAGE_S;
    const taken = isUp ? Math.min(calls, tokens) : 0;
    tokens -= taken;
    back += taken;
    if (isUp) {
      refused += calls - taken;
      peak = Math.max(peak, calls / STEP_S);
    }
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (flows[attempt] === 0) continue;
      const failed = flows[attempt] * (calls > 0 ? 1 - taken / calls : 0);
      if (failed > 0) plan(failed, step, attempt + 1, isUp);
    }
    callsPerSecond.push(calls / STEP_S);
    backShare.push(back / clients);
  }
  const whenBack = (share) => {
    const step = backShare.findIndex((each) => each >= share);
    return step < 0 ? null : step * STEP_S - OUTAGE_S;
  };
  return {
    callsPerSecond,
    backShare,
    peak,
    refusedEach: refused / clients,
    backAfterS: { half: whenBack(0.5), almostAll: whenBack(0.99) },
  };
}

const SCENARIOS = [
  { clients: 10_000, quotaFactor: 1 },
  { clients: 10_000, quotaFactor: 10 },
  { clients: 1_000_000, quotaFactor: 1 },
  { clients: 1_000_000, quotaFactor: 100 },
  { clients: 1_000_000, quotaFactor: 1_000 },
];

const count = (value) => Math.round(value).toLocaleString("en");
const seconds = (value) => (value === null ? "not within the hour" : `${count(value)} s`);

const rows = SCENARIOS.map((scenario) => ({
  ...scenario,
  ours: simulate("ours", scenario.clients, scenario.quotaFactor),
  upstream: simulate("upstream", scenario.clients, scenario.quotaFactor),
}));

console.log("| clients | quota | backoff | peak rate | refused calls / client | 50% back | 99% back |");
console.log("| --- | --- | --- | --- | --- | --- | --- |");
for (const { clients, quotaFactor, ...runs } of rows) {
  for (const [name, { peak, refusedEach, backAfterS }] of Object.entries(runs)) {
    const cells = [
      count(clients),
      `${count(QUOTA.perSecond * quotaFactor)}/s`,
      name,
      `${count(peak)} calls/s`,
      refusedEach.toFixed(1),
      seconds(backAfterS.half),
      seconds(backAfterS.almostAll),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** Takes the maximum of each second's tenths, so that the chart shows the service's peak load. */
const bySecond = (values) =>
  Array.from({ length: HORIZON_S }, (_, second) => Math.max(...values.slice(second * 10, second * 10 + 10)));

const panels = [rows[1], rows[3]].flatMap(({ clients, quotaFactor, ours, upstream }) => {
  const title = `${count(clients)} clients, quota ${count(QUOTA.perSecond * quotaFactor)}/s`;
  return [
    {
      title: `${title}: calls per second`,
      logarithmic: true,
      lines: [
        { name: "upstream's backoff", color: "#c2410c", values: bySecond(upstream.callsPerSecond) },
        { name: "ours", color: "#0f766e", values: bySecond(ours.callsPerSecond) },
        {
          name: "quota",
          color: "#6b7280",
          dashed: true,
          values: new Array(HORIZON_S).fill(QUOTA.perSecond * quotaFactor),
        },
      ],
    },
    {
      title: `${title}: share reconnected`,
      lines: [
        { name: "upstream's backoff", color: "#c2410c", values: bySecond(upstream.backShare) },
        { name: "ours", color: "#0f766e", values: bySecond(ours.backShare) },
      ],
    },
  ];
});
const file = fileURLToPath(new URL("../docs/images/recovery-of-a-region.svg", import.meta.url));
writeFileSync(file, chart(panels, { horizonS: 2_400, markS: OUTAGE_S, mark: "the region is back" }));
console.log(`\nDrawn: ${file}`);
