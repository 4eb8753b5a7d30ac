// Defines the figures, how one run measures each with one subject, and the limits relative to upstream.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { median, quantile } from "./stats.mjs";
import { openPage, SUBJECTS, wait } from "./subject.mjs";

const BOTH = ["ours", "upstream"];

async function inPage(bench, subject, options, measure) {
  const opened = await openPage(bench, subject, options);
  try {
    return await measure(opened);
  } finally {
    await opened.close();
  }
}

let salt = 0;

/** Delivers `count` frames without measuring. */
async function fill({ run }, chats, count, size = 1_000) {
  for (let left = count; left > 0; left -= size) {
    await run("makeFrames", chats, Math.min(size, left));
    await run("deliverFrames");
  }
}

/**
 * Measures microseconds per message, from the first frame to the last handler, in several batches. `cpu` is the main
 * thread's CPU time. `clock` is wall-clock time, which includes other programs on the machine.
 */
async function inbound({ run, cpuMs }, chats, { batches, size }) {
  const perMessage = [];
  for (let batch = 0; batch < batches; batch += 1) {
    await run("makeFrames", chats, size);
    const before = await cpuMs();
    const clockMs = await run("deliverFrames");
    perMessage.push({ cpu: (1000 * ((await cpuMs()) - before)) / size, clock: (1000 * clockMs) / size });
  }
  return {
    cpu: median(perMessage.map(({ cpu }) => cpu)),
    clock: median(perMessage.map(({ clock }) => clock)),
  };
}

/** The number of items that the transcript row starts with. */
const INITIAL_ITEMS = 20_000;
const GROWTH_ITEMS = [100, 1_000, 10_000, 50_000];
const GROWTH_CHATS = [1, 10, 50];

async function withItems(bench, subject, count, reads) {
  return inPage(bench, subject, { sockets: "scripted" }, async (opened) => {
    const chat = opened.newChat();
    await opened.run("openWithTranscript", subject, opened.endpoint, chat, reads);
    await fill(opened, [chat], count);
    return (await inbound(opened, [chat], { batches: bench.quick ? 3 : 9, size: 100 })).cpu;
  });
}

async function withChats(bench, subject, count) {
  return inPage(bench, subject, { sockets: "scripted" }, async (opened) => {
    const { simulator } = opened;
    const agents = Array.from({ length: count }, () => simulator.joinAgent(simulator.startChat().ContactId));
    await opened.run("openShared", opened.endpoint, agents);
    await fill(opened, agents, 3_000);
    return (await inbound(opened, agents, { batches: bench.quick ? 3 : 9, size: 1_000 })).cpu;
  });
}

/** Measures main-thread CPU per message, in ms. Sends 100 messages one after another, after 20 to warm up. */
async function send(bench, subject, calls) {
  return inPage(bench, subject, { calls }, async ({ run, endpoint, newChat, cpuMs }) => {
    await run("open", subject, endpoint, newChat());
    await run("send", 20);
    const before = await cpuMs();
    await run("send", 100);
    return ((await cpuMs()) - before) / 100;
  });
}

const TIMED_MESSAGES = 600;

/** Measures the time from a frame's arrival to its handler, over the network, `clump` frames at a time. */
function latencyRow(id, name, { clump, everyMs }) {
  return {
    name,
    unit: "ms",
    subjects: SUBJECTS,
    runs: 7,
    parts: [
      {
        id,
        name: `${name}, median`,
        of: (latencies) => quantile(latencies, 0.5),
        atMost: 0.5,
        aim: "bare",
      },
      {
        id: `${id}-p99`,
        name: `${name}, 99th percentile`,
        of: (latencies) => quantile(latencies, 0.99),
        atMost: 0.3,
        aim: "bare",
      },
    ],
    measure: (bench, subject) =>
      inPage(bench, subject, { sockets: "noted" }, async ({ page, run, endpoint, simulator, newChat }) => {
        const chat = newChat();
        await run("openForLatency", subject, endpoint, chat);
        const contact = simulator.contact(chat.contactId);
        // Upstream emits onConnectionEstablished before its socket is subscribed.
        await wait(500);
        const say = (text) => contact.say(text, { role: "AGENT", displayName: "Agent" });
        // Warm up, because in a page that has been open for a while, the browser has compiled the hot code.
        for (let n = 0; n < 1_500; n += 1) say(`Warm-up message ${n} before the timed ones`);
        await wait(3_000);
        for (let n = 0; n < TIMED_MESSAGES; n += 1) {
          say(`Timed message ${n}`);
          if ((n + 1) % clump === 0) await wait(everyMs);
        }
        await page.until(`bench.latencies.length >= ${TIMED_MESSAGES}`);
        return page.evaluate("bench.latencies");
      }),
  };
}

/**
 * `measure(bench, subject)` returns one run's figure. `atMost` and `aim` are ratios to upstream's figure. `runs` is the
 * number of runs per subject.
 */
export const ROWS = [
  {
    id: "bundle",
    name: "bundle, gzip",
    unit: "KB",
    atMost: 0.4,
    aim: 0.28,
    subjects: BOTH,
    runs: 1,
    measure: (bench, subject) => gzipSync(readFileSync(bench.bundles[subject]), { level: 9 }).length / 1000,
  },
  {
    id: "load",
    name: "parse, compile and run the bundle",
    unit: "ms",
    atMost: 0.3,
    aim: 0.15,
    subjects: BOTH,
    runs: 15,
    measure: (bench, subject) =>
      inPage(bench, subject, { withLibrary: false }, async ({ page, run, cpuMs }) => {
        await run("prepareLoad", `${bench.pages.url}/${subject}.js`, (salt += 1));
        await wait(50);
        const before = await cpuMs();
        await page.evaluate("runLoad()");
        return (await cpuMs()) - before;
      }),
  },
  {
    id: "send",
    name: "main-thread CPU per sendMessage",
    unit: "ms",
    atMost: 0.25,
    aim: 0.15,
    subjects: SUBJECTS,
    runs: 9,
    measure: (bench, subject) => send(bench, subject, "real"),
  },
  {
    // Excludes the browser's work for a network request, which a library can't influence.
    id: "send-own",
    name: "main-thread CPU per sendMessage, answered in the page",
    unit: "ms",
    atMost: 0.25,
    aim: 0.15,
    subjects: SUBJECTS,
    runs: 9,
    measure: (bench, subject) => send(bench, subject, "scripted"),
  },
  {
    name: "library time per inbound message",
    unit: "µs",
    subjects: SUBJECTS,
    runs: 9,
    parts: [
      {
        id: "inbound",
        name: "library time per inbound message, CPU",
        of: ({ cpu }) => cpu,
        atMost: 1,
        aim: 0.8,
      },
      {
        id: "inbound-clock",
        name: "library time per inbound message, by the clock",
        of: ({ clock }) => clock,
        atMost: 1,
        aim: 0.8,
      },
    ],
    measure: (bench, subject) =>
      inPage(bench, subject, { sockets: "scripted" }, async (opened) => {
        const chat = opened.newChat();
        await opened.run("open", subject, opened.endpoint, chat);
        await fill(opened, [chat], 3_000);
        return inbound(opened, [chat], { batches: bench.quick ? 3 : 9, size: 1_000 });
      }),
  },
  latencyRow("latency", "frame to handler", { clump: 1, everyMs: 8 }),
  latencyRow("latency-clumps", "frame to handler, ten frames at once", { clump: 10, everyMs: 80 }),
  {
    id: "heap",
    name: "heap with one connected session",
    unit: "MB",
    atMost: 0.75,
    aim: 0.55,
    subjects: SUBJECTS,
    runs: 5,
    measure: (bench, subject) =>
      inPage(bench, subject, {}, async ({ run, endpoint, newChat, heapBytes }) => {
        await run("open", subject, endpoint, newChat());
        await wait(1_000);
        return (await heapBytes()) / 1e6;
      }),
  },
  {
    id: "kept",
    name: "heap kept per delivered message, past the memory of recent items",
    unit: "bytes",
    atMost: null,
    aim: null,
    subjects: SUBJECTS,
    runs: 3,
    measure: (bench, subject) =>
      inPage(bench, subject, { sockets: "scripted" }, async (opened) => {
        const chat = opened.newChat();
        await opened.run("open", subject, opened.endpoint, chat);
        await fill(opened, [chat], 6_000);
        await wait(200);
        const before = await opened.heapBytes();
        await fill(opened, [chat], 10_000);
        await wait(200);
        return ((await opened.heapBytes()) - before) / 10_000;
      }),
  },
  {
    id: "transcript",
    name: `per message while a subscriber holds ${INITIAL_ITEMS.toLocaleString("en")} items`,
    unit: "µs",
    atMost: 1,
    aim: 0.7,
    subjects: BOTH,
    runs: 3,
    measure: (bench, subject) => withItems(bench, subject, INITIAL_ITEMS, "each"),
  },
  {
    id: "half-open",
    name: "half-open link noticed and replaced",
    unit: "s",
    atMost: 0.9,
    aim: 0.7,
    subjects: BOTH,
    runs: 6,
    together: true,
    measure: (bench, subject, run) =>
      inPage(bench, subject, {}, async ({ run: call, simulator, newChat, endpoint }) => {
        // Spread the runs over the heartbeat interval, because links can go silent at any point in it.
        await wait((run * 10_000) / 6);
        await call("open", subject, endpoint, newChat());
        await wait(12_000);
        // On a busy machine, the link may still be reconnecting after a late heartbeat response.
        while (simulator.sockets.length !== 1 || !simulator.sockets[0].subscribed) await wait(50);
        const stalledAt = Date.now();
        simulator.faults.stallSockets();
        // The old socket stays silent. The new socket works normally.
        while (simulator.sockets.every(({ subscribed }) => subscribed)) await wait(2);
        simulator.faults.resumeSockets();
        while (!simulator.sockets.at(-1)?.subscribed) await wait(2);
        return (Date.now() - stalledAt) / 1000;
      }),
  },
];

/** How the time per inbound message grows, in µs. */
export const GROWTH = [
  ...GROWTH_CHATS.map((count) => ({
    id: `chats-${count}`,
    group: "chats on one shared manager",
    at: count,
    subjects: BOTH,
    runs: 3,
    measure: (bench, subject) => withChats(bench, subject, count),
  })),
  ...["each", "last"].flatMap((reads) =>
    GROWTH_ITEMS.map((count) => ({
      id: `items-${reads}-${count}`,
      group:
        reads === "each"
          ? "transcript items, the handler reads the list at each event"
          : "transcript items, the handler reads the list when it draws",
      at: count,
      subjects: BOTH,
      runs: 3,
      measure: (bench, subject) => withItems(bench, subject, count, reads),
    })),
  ),
];
