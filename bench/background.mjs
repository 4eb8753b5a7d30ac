// Measures chats in background tabs, in Chromium and, if installed, in Firefox: `npm run bench:background`.
// Browsers fire hidden pages' timers only once a second. Our handlers are called directly from the frame. Upstream's
// handlers wait for a zero-delay timer, which Firefox throttles. Chromium 156 doesn't throttle a zero-delay timer
// unless another timer started it. In Chromium, therefore, a chain of timers proves that the page is throttled.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startChromium } from "./chromium.mjs";
import { findFirefox, startFirefox } from "./firefox.mjs";
import { figure } from "./report.mjs";
import { serve } from "./server.mjs";
import { quantile } from "./stats.mjs";
import { openTab } from "./subject.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const MESSAGES = 25;
/** Not a divisor of a second, so that messages arrive at every point of the once-a-second timer cycle. */
const EVERY_MS = 370;
const ON_TIME_MS = 50;
const LATE_MS = 300;

/** Resolves with the delay of the last timer in a chain of zero-delay timers, in ms. */
const CHAIN_MS = `new Promise((resolve) => {
  let left = 8;
  let startedAt = performance.now();
  const next = () => {
    const tookMs = performance.now() - startedAt;
    startedAt = performance.now();
    left -= 1;
    if (left > 0) setTimeout(next, 0);
    else resolve(tookMs);
  };
  next();
})`;

/** Returns the median times from a frame to its handler, in ms, in hidden tabs with our library and with upstream. */
async function measure(browser, pages) {
  const context = await browser.newContext();
  const tabs = [];
  try {
    for (const subject of ["ours", "upstream"]) {
      const tab = await openTab(context, pages, subject, { sockets: "noted" });
      const chat = tab.newChat();
      await tab.run("openForLatency", subject, tab.endpoint, chat);
      tabs.push({ subject, tab, contact: tab.simulator.contact(chat.contactId) });
    }
    const inFront = await context.newPage(`${pages.url}/page.html`);
    await inFront.show();
    for (const { tab } of tabs) await tab.page.until(`document.visibilityState === "hidden"`);
    await wait(2_000);
    for (let n = 0; n < MESSAGES; n += 1) {
      for (const { contact } of tabs) {
        contact.say(`Timed message ${n}`, { role: "AGENT", displayName: "Agent" });
      }
      await wait(EVERY_MS);
    }
    const medians = {};
    for (const { subject, tab } of tabs) {
      await tab.page.until(`bench.latencies.length >= ${MESSAGES}`);
      assert.equal(
        await tab.page.evaluate("document.visibilityState"),
        "hidden",
        `${subject}'s tab became visible`,
      );
      const latencies = await tab.page.evaluate("bench.latencies");
      medians[subject] = quantile(latencies, 0.5);
      const [middle, late] = [0.5, 0.99].map((share) => figure(quantile(latencies, share)));
      console.log(`  ${subject}: frame to handler: median ${middle} ms, 99th percentile ${late} ms`);
    }
    for (const { subject, tab } of tabs) {
      const chainMs = await tab.page.evaluate(CHAIN_MS);
      console.log(`  ${subject}'s tab: a chained timer fired after ${figure(chainMs)} ms`);
      assert.ok(chainMs > LATE_MS, "the hidden page's timers aren't throttled, so this run proves nothing");
    }
    assert.ok(medians.ours < ON_TIME_MS, "our handlers were delayed in a hidden tab");
    return medians;
  } finally {
    for (const { tab } of tabs) await tab.simulator.close();
    await context.close();
  }
}

const pages = await serve({
  "/page.html": path("page.html"),
  "/page.js": path("page.js"),
  "/ours.js": path("../dist/amazon-connect-chat.js"),
  "/upstream.js": path("../node_modules/upstream-chatjs/dist/amazon-connect-chat.js"),
});

async function inBrowser(start, judge) {
  const browser = await start();
  try {
    console.log(browser.product);
    judge(await measure(browser, pages));
  } finally {
    await browser.close();
  }
}

try {
  await inBrowser(startChromium, ({ upstream }) => {
    const upstreamResult =
      upstream > LATE_MS ? "were late" : "were also on time, because Chromium doesn't throttle their timers";
    console.log(
      `Both tabs were hidden and throttled. Our handlers were on time, and upstream's handlers ${upstreamResult}.\n`,
    );
  });
  if (findFirefox() === undefined) {
    console.log("Firefox isn't installed, so upstream's delay under throttled timers wasn't measured.");
  } else {
    await inBrowser(startFirefox, ({ upstream }) => {
      assert.ok(upstream > LATE_MS, "upstream's handlers weren't delayed, so this run proves nothing");
      console.log(
        "Both tabs were hidden and throttled. Our handlers were on time, and upstream's handlers were late.",
      );
    });
  }
} finally {
  await pages.close();
}
