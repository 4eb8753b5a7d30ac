/** A run's schedule, drawn from a seed. A schedule is plain data, so it can be shrunk and pasted into a test. */
import { RandomSource } from "./random";
import { FAULT_KINDS, factsOf, type Fault, type FaultKind } from "./faults";
import type { ServiceHabits } from "./service";

/** Who takes part in a run, and how the applications, the page and the service behave. */
export interface Configuration {
  readonly clients: "customer" | "customer and agent" | "external manager" | "ten chats" | "custom client";
  readonly keepsTranscript: boolean;
  /** With `throwing`, handlers sometimes throw. With `calling`, handlers sometimes call methods of the session. */
  readonly handlers: "plain" | "throwing" | "calling";
  readonly sendsReceipts: boolean;
  readonly offlineHold: "default" | "none" | "a minute" | "forever";
  /** The page clock's initial offset from the service's. */
  readonly skewMs: number;
  /** Whether the page's monotonic clock and timers advance while the device sleeps. */
  readonly countsSleep: boolean;
  readonly latencyMs: number;
  readonly habits: ServiceHabits;
  /** The delay between the external manager's start and its first socket. */
  readonly lateGainMs: number;
  /** The delay between the external manager's connection gain and its subscription. */
  readonly lateSubscriptionMs: number;
}

/** The default configuration of scenarios. Failing schedules shrink toward it. */
export const PLAIN: Configuration = {
  clients: "customer",
  keepsTranscript: false,
  handlers: "plain",
  sendsReceipts: true,
  offlineHold: "default",
  skewMs: 0,
  countsSleep: true,
  latencyMs: 20,
  lateGainMs: 0,
  lateSubscriptionMs: 5,
  habits: {
    isStartIncluded: true,
    hasReceiptItems: false,
    saysCompleted: true,
    saysChunk: true,
    namesReceipts: true,
    hasDisconnectFlow: false,
    processesMessages: false,
    scansAttachments: false,
    connectionTokenLifeMs: 86_400_000,
    isReadableAfterEnd: true,
    stampsPieces: false,
  },
};

export const ACTIONS = [
  "say",
  "burst",
  /** More messages in a few seconds than the library remembers or fetches in one recovery round. */
  "flood",
  "same-millisecond",
  /** An item whose timestamp is an hour or 900 years ahead. */
  "future",
  /** An item with a field nested 20,000 levels deep. */
  "nested",
  "without-id",
  "stream",
  "attachment",
  "receipt",
  "send",
  "send-many",
  "send-attachment",
  "typing",
  "read",
  "get-transcript",
  "history",
  "resend",
  "reload",
  "reset",
  "dispose",
  "disconnect",
  "end",
  "transfer",
  "replace-manager",
] as const;

export type Action = (typeof ACTIONS)[number];

/** One action in a schedule. `chat` is the index of the chat. */
export interface Step {
  readonly kind: Action;
  readonly atMs: number;
  readonly chat: number;
  readonly amount: number;
}

export interface Schedule {
  readonly seed: string;
  readonly configuration: Configuration;
  /** When faults and steps end. After that, nothing fails, and the sessions have time to catch up. */
  readonly activeMs: number;
  readonly faults: readonly Fault[];
  readonly steps: readonly Step[];
}

const MINUTE = 60_000;

/** Each step's relative frequency. Steps that disrupt the rest of a run are rare. */
const WEIGHTS: Readonly<Partial<Record<Action, number>>> = {
  say: 30,
  burst: 3,
  flood: 0.1,
  "same-millisecond": 3,
  future: 0.4,
  nested: 0.3,
  "without-id": 1,
  stream: 4,
  attachment: 3,
  receipt: 4,
  send: 14,
  "send-many": 2,
  "send-attachment": 1,
  typing: 2,
  read: 5,
  "get-transcript": 2,
  history: 0.5,
  resend: 1,
};

function configurationFrom(random: RandomSource): Configuration {
  const clients = random.pick([
    "customer",
    "customer",
    "customer",
    "customer and agent",
    "external manager",
    "external manager",
    "ten chats",
    "custom client",
  ] as const);
  return {
    clients,
    keepsTranscript: random.chance(0.5),
    handlers: random.pick(["plain", "plain", "plain", "throwing", "calling"] as const),
    sendsReceipts: random.chance(0.7),
    offlineHold: random.pick(["default", "default", "default", "none", "a minute", "forever"] as const),
    skewMs: random.pick([
      0, 0, 0, 5_000, -5_000, 120_000, -120_000, 600_000, -600_000, 93_600_000, -93_600_000, 3e10,
    ]),
    countsSleep: random.chance(0.5),
    latencyMs: Math.round(random.logUniform(5, 400)),
    lateGainMs: random.chance(0.5) ? 0 : Math.round(random.logUniform(50, 20_000)),
    lateSubscriptionMs: Math.round(random.logUniform(5, 30_000)),
    habits: {
      isStartIncluded: random.chance(0.5),
      hasReceiptItems: random.chance(0.3),
      saysCompleted: random.chance(0.7),
      saysChunk: random.chance(0.7),
      namesReceipts: random.chance(0.5),
      hasDisconnectFlow: random.chance(0.3),
      processesMessages: random.chance(0.25),
      scansAttachments: random.chance(0.5),
      connectionTokenLifeMs: random.pick([24 * 60 * MINUTE, 24 * 60 * MINUTE, 5 * MINUTE, 65 * MINUTE]),
      isReadableAfterEnd: random.chance(0.3),
      stampsPieces: random.chance(0.5),
    },
  };
}

/** Draws a run's duration. In about one run of five, a socket can reach its maximum age. */
function durationFrom(random: RandomSource): number {
  const kind = random.next();
  if (kind < 0.78) return random.logUniform(3, 16) * MINUTE;
  if (kind < 0.97) return random.between(61, 78) * MINUTE;
  return random.between(120, 190) * MINUTE;
}

/** When the first socket is replaced if no fault disturbs it. */
const AGE_MS = 59 * MINUTE;

/** Makes the first socket age undisturbed and die during its replacement, in half of the runs that are long enough. */
function withAgingSocket(random: RandomSource, activeMs: number, faults: readonly Fault[]): readonly Fault[] {
  if (activeMs < AGE_MS + MINUTE || random.chance(0.5)) return faults;
  const fromMs = Math.round(AGE_MS - random.logUniform(300, 9_000));
  const death: Fault = { kind: "half-open", fromMs, toMs: fromMs, amount: 0 };
  return [death, ...faults.filter((fault) => fault.fromMs > AGE_MS + 10_000)];
}

/** The losses that accompany faults of new links. See `needsLoss`. */
const lossesFor = (random: RandomSource, faults: readonly Fault[]): readonly Fault[] =>
  faults
    .filter(({ kind }) => factsOf(kind).needsLoss && random.chance(0.5))
    .map(({ kind, fromMs, toMs, amount }) => {
      const awayMs = random.logUniform(1, 1_000);
      const isBefore = factsOf(kind).needsLoss === "before";
      const atMs = Math.round(isBefore ? Math.max(0, fromMs - awayMs) : Math.min(toMs, fromMs + awayMs));
      return { kind: "cut", fromMs: atMs, toMs: atMs, amount };
    });

/** The share of faults that fall into the short time of the first connection. */
const WHILE_CONNECTING = 0.06;

/**
 * Draws faults from a random subset of the kinds (swarm testing), because a run with few kinds tests them more
 * thoroughly than a run with all kinds.
 */
function faultsFrom(random: RandomSource, activeMs: number, configuration: Configuration): Fault[] {
  const isExternal = configuration.clients === "external manager" || configuration.clients === "ten chats";
  const possible = FAULT_KINDS.filter((kind) => !(isExternal && factsOf(kind).ownManagerOnly));
  const kinds = random.subset(possible, random.pick([0.05, 0.12, 0.25, 0.5]));
  if (kinds.length === 0) return [];
  const count = Math.round(random.logUniform(1, 4 + (activeMs / MINUTE) * 0.8));
  const drawn = Array.from({ length: count }, (): Fault => {
    const kind = random.pick(kinds);
    const { shape, maxMs } = factsOf(kind);
    const fromMs = Math.round(
      random.chance(WHILE_CONNECTING) ? random.logUniform(1, 1_500) : random.between(0, activeMs * 0.95),
    );
    const lengthMs = shape === "moment" ? 0 : random.logUniform(300, Math.min(maxMs, activeMs / 3));
    return {
      kind,
      fromMs,
      toMs: Math.round(Math.min(activeMs, fromMs + lengthMs)),
      amount: Math.round(random.next() * 1e6) / 1e6,
    };
  });
  const faults = withAgingSocket(random, activeMs, drawn);
  return [...faults, ...lossesFor(random, faults)].sort((left, right) => left.fromMs - right.fromMs);
}

/**
 * The share of steps that are placed around a fault's start or end. Most faults are short, so few steps would be there
 * by chance.
 */
const AT_A_FAULT = 0.35;
const AROUND_MS = 12_000;

function momentAt(random: RandomSource, { fromMs, toMs }: Fault, activeMs: number): number {
  const edgeMs = random.pick([fromMs, fromMs, toMs]);
  const awayMs = random.logUniform(5, AROUND_MS);
  return Math.round(Math.max(0, Math.min(activeMs, edgeMs + (random.chance(0.25) ? -awayMs : awayMs))));
}

/** Faults during which messages are missed. */
const OUTAGES: ReadonlySet<FaultKind> = new Set([
  "region-down",
  "refused-upgrades",
  "offline",
  "lying-online",
  "sleep",
  "freeze",
]);

/**
 * The share of these steps that are placed in an outage. Floods then create gaps that exceed one recovery round's
 * pages, and frames with the end of a chat are lost.
 */
const IN_OUTAGES: Readonly<Partial<Record<Action, number>>> = { flood: 0.8, end: 0.5 };

function inOutage(random: RandomSource, step: Step, faults: readonly Fault[]): Step {
  const outages = faults.filter(({ kind }) => OUTAGES.has(kind));
  if (outages.length === 0 || random.chance(1 - (IN_OUTAGES[step.kind] ?? 0))) return step;
  return { ...step, atMs: Math.round(random.pick(outages).fromMs + random.logUniform(5, 2_000)) };
}

function stepsFrom(
  random: RandomSource,
  activeMs: number,
  configuration: Configuration,
  faults: readonly Fault[],
): Step[] {
  const chats = configuration.clients === "ten chats" ? 10 : 1;
  const kinds = Object.keys(WEIGHTS) as Action[];
  const total = kinds.reduce((sum, kind) => sum + (WEIGHTS[kind] ?? 0), 0);
  const draw = (): Action => {
    let left = random.next() * total;
    return kinds.find((kind) => (left -= WEIGHTS[kind] ?? 0) < 0) ?? "say";
  };
  const perMinute = random.logUniform(1.5, activeMs > 30 * MINUTE ? 6 : 25);
  const count = Math.max(3, Math.round((perMinute * activeMs) / MINUTE));
  const at = (from = 0, to = 1): number => {
    const candidates = faults.filter(({ fromMs }) => fromMs >= from * activeMs);
    const isNear = candidates.length > 0 && random.chance(AT_A_FAULT);
    return isNear
      ? momentAt(random, random.pick(candidates), activeMs)
      : Math.round(random.between(from, to) * activeMs);
  };
  const step = (kind: Action, atMs: number): Step => ({
    kind,
    atMs,
    chat: random.integer(0, chats - 1),
    amount: Math.round(random.next() * 1e6) / 1e6,
  });
  const steps = Array.from({ length: count }, (_, index) =>
    inOutage(random.fork(`flood ${index}`), step(draw(), at()), faults),
  );
  // Steps that end or replace a session occur at most a few times, and at any time.
  for (let reloads = random.pick([0, 0, 0, 1, 2, 4]); reloads > 0; reloads -= 1)
    steps.push(step("reload", at()));
  if (random.chance(0.15)) steps.push(step("reset", at()));
  if (random.chance(0.05)) steps.push(step("dispose", at(0.3)));
  if (random.chance(0.2)) {
    const atMs = at(0.4);
    // Messages sent just before this step must be delivered first.
    if (random.chance(0.5)) steps.push(step("send-many", Math.max(0, atMs - 5)));
    steps.push(step("disconnect", atMs));
  }
  if (random.chance(0.2)) steps.push(inOutage(random.fork("end"), step("end", at(0.4)), faults));
  if (configuration.clients !== "customer" && random.chance(0.1)) steps.push(step("transfer", at(0.5)));
  if (configuration.clients === "external manager" && random.chance(0.25))
    steps.push(step("replace-manager", at()));
  return steps.sort((left, right) => left.atMs - right.atMs);
}

export function scheduleFrom(seed: string): Schedule {
  const random = new RandomSource(seed);
  const configuration = configurationFrom(random.fork("configuration"));
  const activeMs = Math.round(durationFrom(random.fork("duration")));
  const faults = faultsFrom(random.fork("faults"), activeMs, configuration);
  return {
    seed,
    configuration,
    activeMs,
    faults,
    steps: stepsFrom(random.fork("steps"), activeMs, configuration, faults),
  };
}
