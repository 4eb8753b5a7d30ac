// Generates a schedule from only a seed, so that runs can be replayed. Times are milliseconds from the start.
import { createRequire } from "node:module";

const { seededRandom } = createRequire(import.meta.url)("../dist/simulator.js");

/** The share of time that each link is down. */
const DOWN_SHARE = 1 / 3;
/** More messages than three transcript pages contain, because a client might not fetch a fourth page. */
const BIG_GAP_MESSAGES = 350;

const FRAME_FAULTS = ["duplicate", "delay", "reorder", "corrupt", "truncate", "corruptContent"];
const STATUSES = [500, 502, 503, 429];

/** Draws random values from a seed. */
export class RandomSource {
  constructor(seed) {
    this.next = seededRandom(seed);
  }

  between(from, to) {
    return from + this.next() * (to - from);
  }

  /** Draws from a log-uniform distribution, in which short durations are as likely as long ones. */
  spread(from, to) {
    return Math.exp(this.between(Math.log(from), Math.log(to)));
  }

  integer(from, to) {
    return Math.floor(this.between(from, to + 1));
  }

  of(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  seed() {
    return this.integer(1, 2 ** 31);
  }
}

/**
 * Returns `chats` with their participants, `links` with one entry per socket, `events` with the faults, and
 * `says` and `sends` with messages from the script and the clients. A customer has a socket, and all chats on an agents'
 * page share one.
 */
export function makeSchedule({ seed, activeMs, chats: count }) {
  const random = new RandomSource(seed);
  const chats = Array.from({ length: count }, (_, id) => ({
    id,
    // One customer has a separate page, whose network can be taken offline like a device's.
    customerPage: id === 3 ? "customer alone" : `customers ${id % 2}`,
    // Every other chat has an agent session. In the other chats, the script plays the agent.
    agentPage: id % 2 === 0 ? `agents ${count > 8 ? (id / 2) % 2 : 0}` : null,
    /** Whether the customer and the agent subscribe to the transcript. */
    keepsTranscript: id % 3 !== 0,
    bigGap: id === 0,
    endsInGap: id === 1,
    quietFrom: id === 1 ? activeMs * 0.5 : activeMs,
  }));
  const links = [
    ...chats.map(({ id, customerPage }) => ({
      id: `customer ${id}`,
      page: customerPage,
      isAlone: chats.filter((chat) => chat.customerPage === customerPage).length === 1,
      chats: [id],
      role: "CUSTOMER",
    })),
    ...[...new Set(chats.flatMap(({ agentPage }) => agentPage ?? []))].map((page) => ({
      id: page,
      page,
      isAlone: true,
      chats: chats.filter((chat) => chat.agentPage === page).map(({ id }) => id),
      role: "AGENT",
    })),
  ];
  const events = [];
  for (const link of links) {
    const firstChat = chats[link.chats[0]];
    const linkRandom = new RandomSource(random.seed());
    const reserved = reservedTimes({ link, chat: firstChat, activeMs, events });
    const until = link.role === "CUSTOMER" ? firstChat.quietFrom : activeMs;
    planOutages({ random: linkRandom, link, until, activeMs, reserved, events });
    planFrames({ random: linkRandom, link, until, events });
    planCalls({ random: linkRandom, link, until, events });
    if (until === activeMs) {
      events.push({ at: linkRandom.between(0.2, 0.9) * activeMs, kind: "expireTokens", link: link.id });
      events.push({ at: linkRandom.between(0.2, 0.9) * activeMs, kind: "expireUrls", link: link.id });
    }
  }
  events.push({
    at: activeMs * random.between(0.35, 0.5),
    kind: "restart",
    downMs: random.between(300, 1_200),
  });
  events.sort((a, b) => a.at - b.at);
  return { seed, activeMs, chats, links, events, ...planTraffic({ random, chats, events }) };
}

/** Plans the faults that every run must have. Returns their times, which random faults avoid. */
function reservedTimes({ link, chat, activeMs, events }) {
  const reserved = [];
  const add = (event) => {
    events.push({ link: link.id, ...event });
    reserved.push([event.at - 500, event.at + (event.ms ?? 0) + 1_500]);
  };
  if (link.role === "CUSTOMER" && chat.bigGap) {
    add({
      at: activeMs * 0.25,
      kind: "down",
      how: "refuse",
      ms: 5_000,
      says: BIG_GAP_MESSAGES,
      chat: chat.id,
    });
  }
  if (link.role === "AGENT") {
    const chatId = link.chats.at(-1);
    add({
      at: activeMs * 0.55,
      kind: "down",
      how: "network",
      ms: 4_000,
      says: BIG_GAP_MESSAGES,
      chat: chatId,
    });
  }
  if (link.role === "CUSTOMER" && chat.endsInGap) {
    // Reconnect before the end, because the service doesn't return transcripts of ended chats.
    for (const share of [0.52, 0.6, 0.68])
      events.push({ at: activeMs * share, kind: "goOnline", link: link.id });
    add({ at: activeMs * 0.75, kind: "down", how: "refuse", ms: 3_000 });
    events.push({ at: activeMs * 0.75 + 1_000, kind: "end", link: link.id, chat: chat.id });
  }
  // The link is lost before the first message arrives.
  if (link.role === "CUSTOMER" && chat.id === 2) add({ at: 0, kind: "down", how: "refuse", ms: 700 });
  // The link is lost again during recovery.
  if (chat.id % 3 === 2 || link.role === "AGENT") {
    add({ at: activeMs * (link.role === "AGENT" ? 0.3 : 0.6), kind: "midRecovery", ms: 1_500 });
  }
  return reserved;
}

const clashes = (reserved, from, to) => reserved.some(([begin, end]) => from < end && to > begin);

/** Adds random outages around the reserved times until the link's share of downtime is reached. */
function planOutages({ random, link, until, activeMs, reserved, events }) {
  const ways = ["refuse", "refuse", "network", "network", "network", "errors", "stall", "hold"];
  const longest = Math.min(20_000, activeMs / 4);
  let downMs = events
    .filter((event) => event.link === link.id && ["down", "midRecovery"].includes(event.kind))
    .reduce((sum, { ms }) => sum + ms, 0);
  for (let at = random.between(300, 3_000); at < until;) {
    const ms = random.next() < 0.4 ? random.spread(50, 500) : random.spread(800, longest);
    let how = random.of(ways);
    if (how === "hold" && ms > 4_000) how = "stall";
    if (how === "network" && link.isAlone) how = "offline";
    // Try later if the link has already been down for too long, or if the time is reserved.
    if (downMs + ms / 2 > (at + ms) * DOWN_SHARE * 1.5 || clashes(reserved, at, at + ms)) {
      at += 250;
      continue;
    }
    if (at + ms < until) {
      events.push({ at, kind: "down", link: link.id, how, ms });
      downMs += ms;
    }
    at += ms + Math.max(1_500, downMs / DOWN_SHARE - downMs - at);
  }
}

function planFrames({ random, link, until, events }) {
  for (let at = random.between(0, 2_000); at < until - 3_000; at += random.between(800, 3_500)) {
    const fault = random.of(FRAME_FAULTS);
    const damages = ["corrupt", "truncate", "corruptContent"].includes(fault);
    events.push({
      at,
      kind: "frames",
      link: link.id,
      fault,
      delayMs: Math.round(random.spread(20, 900)),
      scope: damages ? { times: random.integer(1, 3) } : { chance: random.between(0.1, 0.5), forMs: 2_000 },
    });
  }
  // A connection loss follows the dropped frames, because clients otherwise couldn't notice that frames are missing.
  for (let at = random.between(1_000, 8_000); at < until - 4_000; at += random.between(10_000, 25_000)) {
    const ms = random.between(300, 1_200);
    events.push({ at, kind: "dropFrames", link: link.id, times: random.integer(1, 5), ms });
  }
}

function planCalls({ random, link, until, events }) {
  const faults = [
    () => ({ fault: "fail", status: random.of(STATUSES), retryAfter: random.next() < 0.3 ? 1 : null }),
    () => ({ fault: "cut", when: random.of(["before", "after", "after", "midAnswer"]) }),
    () => ({ fault: "delay", delayMs: Math.round(random.spread(50, 1_500)) }),
  ];
  const garbled = () => ({ fault: "garble", body: random.of(["html", "half", "empty", "array"]) });
  // Cut off responses to SendMessage. A client that doesn't reuse its token would then store the message twice.
  for (let at = random.between(1_000, 4_000); at < until - 2_000; at += random.between(6_000, 12_000)) {
    const scope = { chance: 0.5, forMs: 2_500 };
    events.push({
      at,
      kind: "call",
      link: link.id,
      operation: "SendMessage",
      fault: "cut",
      when: "midAnswer",
      scope,
    });
  }
  for (let at = random.between(0, 1_500); at < until - 3_000; at += random.between(700, 2_500)) {
    const operation = random.of([
      "SendMessage",
      "SendMessage",
      "GetTranscript",
      "GetTranscript",
      "SendEvent",
      "CreateParticipantConnection",
    ]);
    // Don't garble responses to SendMessage. Without the message's ID, no outcome would be right or wrong.
    const pick = operation === "GetTranscript" ? random.of([...faults, garbled]) : random.of(faults);
    events.push({
      at,
      kind: "call",
      link: link.id,
      operation,
      ...pick(),
      scope: { chance: random.between(0.3, 0.8), forMs: random.between(500, 2_500) },
    });
  }
}

function planTraffic({ random, chats, events }) {
  const says = [];
  const sends = [];
  for (const { id, agentPage, quietFrom } of chats) {
    const chatRandom = new RandomSource(random.seed());
    for (let at = chatRandom.between(0, 300); at < quietFrom; at += chatRandom.spread(20, 500))
      says.push({ at, chat: id });
    for (const role of agentPage === null ? ["CUSTOMER"] : ["CUSTOMER", "AGENT"]) {
      for (
        let at = chatRandom.between(0, 1_000);
        at < quietFrom - 2_000;
        at += chatRandom.spread(300, 4_000)
      ) {
        sends.push({ at, chat: id, role, count: chatRandom.next() < 0.15 ? 10 : 1 });
      }
    }
  }
  for (const { says: count, chat, at, ms } of events.filter((event) => event.says)) {
    for (let index = 0; index < count; index += 1) {
      says.push({ at: at + 200 + ((ms - 400) * index) / count, chat });
    }
  }
  says.sort((a, b) => a.at - b.at);
  return { says, sends };
}
