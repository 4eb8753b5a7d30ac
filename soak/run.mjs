// Measures the memory that a session uses for 200,000 items: `npm run soak`
//   --items <n>      number of items (default: 200000)
//   --bundle <file>  tests this bundle instead of dist/amazon-connect-chat.js
// Without a transcript subscriber, the heap must stay flat after the first tenth. With a subscriber, the heap may grow
// by the size of the items.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launchChromium } from "../conformance/browser.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const { startSimulator } = createRequire(import.meta.url)("../dist/simulator.js");

const { values: options } = parseArgs({
  options: {
    items: { type: "string", default: "200000" },
    bundle: { type: "string", default: path("../dist/amazon-connect-chat.js") },
  },
});
const items = Number(options.items);
const STEPS = 10;

/** The heap counts as flat if it doesn't grow more than this after the first tenth of the items. */
const FLAT_BYTES_PER_ITEM = 10;
/** A transcript item includes its fields, its text, its JSON, and its entries in a map and a list. */
const MAX_BYTES_PER_KEPT_ITEM = 3_000;
/**
 * The maximum ratio of the last steps' growth to the first steps' growth. A larger ratio means a leak beyond the items.
 */
const MAX_GROWTH_FACTOR = 1.5;
/** Every item emits the complete transcript, which is slow. An eighth of the items is enough to show the growth. */
const KEPT_SHARE = 1 / 8;

const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1).padStart(7);

/**
 * Delivers the items in steps. Returns the heap size after each step, in bytes, measured after a forced garbage
 * collection.
 */
async function measure(browser, { count, keepsTranscript }) {
  const simulator = await startSimulator({
    serveFiles: { "/page.html": path("page.html"), "/library.js": options.bundle, "/soak": path(".") },
  });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send("HeapProfiler.enable");
    const heap = async () => {
      await cdp.send("HeapProfiler.collectGarbage");
      await cdp.send("HeapProfiler.collectGarbage");
      return (await cdp.send("Runtime.getHeapUsage")).usedSize;
    };
    await page.goto(`${simulator.url}/page.html`);
    const chat = simulator.startChat();
    await page.evaluate((given) => globalThis.soak.connect(given), { chat, keepsTranscript });
    const heaps = [await heap()];
    let fed;
    for (let step = 0; step < STEPS; step += 1) {
      fed = await page.evaluate((given) => globalThis.soak.feed(given), count / STEPS);
      heaps.push(await heap());
    }
    return { heaps, fed };
  } finally {
    await context.close();
    await simulator.close();
  }
}

function print(title, count, heaps) {
  console.log(`\n${title}`);
  heaps.forEach((bytes, step) =>
    console.log(`  ${String((step * count) / STEPS).padStart(8)} items  ${megabytes(bytes)} MB`),
  );
}

const failures = [];
const browser = await launchChromium();
try {
  const without = await measure(browser, { count: items, keepsTranscript: false });
  print("Without a transcript subscriber:", items, without.heaps);
  const grown = without.heaps.at(-1) - without.heaps[1];
  const each = grown / (items * (1 - 1 / STEPS));
  console.log(`  after the first tenth: ${each.toFixed(1)} bytes per item (allowed: ${FLAT_BYTES_PER_ITEM})`);
  if (each > FLAT_BYTES_PER_ITEM) failures.push("The heap grows without a transcript subscriber.");
  if (without.fed.received !== items)
    failures.push(`onMessage received ${without.fed.received} of ${items} items.`);

  const count = items * KEPT_SHARE;
  const kept = await measure(browser, { count, keepsTranscript: true });
  print("With a transcript subscriber:", count, kept.heaps);
  const steps = kept.heaps.slice(1).map((bytes, step) => (bytes - kept.heaps[step]) / (count / STEPS));
  const last = (steps.at(-1) + steps.at(-2) + steps.at(-3)) / 3;
  const first = (steps[1] + steps[2] + steps[3]) / 3;
  console.log(
    `  ${first.toFixed(0)} bytes per item at first, ${last.toFixed(0)} at last (allowed: ${MAX_BYTES_PER_KEPT_ITEM})`,
  );
  if (kept.fed.transcriptLength < count)
    failures.push(`The transcript holds ${kept.fed.transcriptLength} of ${count} items.`);
  if (last > MAX_BYTES_PER_KEPT_ITEM || last > first * MAX_GROWTH_FACTOR) {
    failures.push("With a transcript subscriber, the heap grows by more than the items.");
  }
} finally {
  await browser.close();
}
console.log(`\n${failures.length === 0 ? "Passed." : `FAILED.\n${failures.join("\n")}`}`);
process.exitCode = failures.length > 0 ? 1 : 0;
