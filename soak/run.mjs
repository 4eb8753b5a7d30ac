// One session that takes 200,000 items: what it keeps of them. `npm run soak`
//   --items <n>    how many (200000)
//   --bundle <file>  another bundle than dist/amazon-connect-chat.js
// Without a subscriber of the transcript the heap stays flat from the first tenth on; with one it grows by the items.
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

/** Flat: after the first tenth the heap grows by no more than this in all, ten bytes an item. */
const FLAT_BYTES_PER_ITEM = 10;
/** An item of the transcript: its fields, its text, its JSON, its place in a map and in a list. */
const MOST_BYTES_PER_KEPT_ITEM = 3_000;
/** Each of the last steps grows by about as much as the first: by this much more at most, and it would not be the items alone. */
const STEADY = 1.5;
/** A transcript is told whole with every item: an eighth of the items shows the growth, and ends before the night does. */
const KEPT_SHARE = 1 / 8;

const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1).padStart(7);

/** Heap after a forced collection, in bytes, after each step. */
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
    let told;
    for (let step = 0; step < STEPS; step += 1) {
      told = await page.evaluate((given) => globalThis.soak.feed(given), count / STEPS);
      heaps.push(await heap());
    }
    return { heaps, told };
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
  print("Without a subscriber of the transcript:", items, without.heaps);
  const grown = without.heaps.at(-1) - without.heaps[1];
  const each = grown / (items * (1 - 1 / STEPS));
  console.log(`  after the first tenth ${each.toFixed(1)} bytes an item, ${FLAT_BYTES_PER_ITEM} allowed`);
  if (each > FLAT_BYTES_PER_ITEM) failures.push("The heap grows without a subscriber of the transcript.");
  if (without.told.told !== items) failures.push(`${without.told.told} of ${items} items were told.`);

  const count = items * KEPT_SHARE;
  const kept = await measure(browser, { count, keepsTranscript: true });
  print("With one:", count, kept.heaps);
  const steps = kept.heaps.slice(1).map((bytes, step) => (bytes - kept.heaps[step]) / (count / STEPS));
  const last = (steps.at(-1) + steps.at(-2) + steps.at(-3)) / 3;
  const first = (steps[1] + steps[2] + steps[3]) / 3;
  console.log(
    `  ${first.toFixed(0)} bytes an item at first, ${last.toFixed(0)} in the end, ${MOST_BYTES_PER_KEPT_ITEM} allowed`,
  );
  if (kept.told.kept < count) failures.push(`The transcript holds ${kept.told.kept} of ${count} items.`);
  if (last > MOST_BYTES_PER_KEPT_ITEM || last > first * STEADY) {
    failures.push("With a subscriber the heap grows by more than the items.");
  }
} finally {
  await browser.close();
}
console.log(`\n${failures.length === 0 ? "Passed." : `FAILED.\n${failures.join("\n")}`}`);
process.exitCode = failures.length > 0 ? 1 : 0;
