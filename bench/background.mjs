// A chat in a tab that nobody looks at: `npm run bench:background`, in Chromium and, where there is one, in Firefox.
// Browsers let the timers of hidden pages fire once a second; handlers that are called by the frame itself do not wait for
// one, upstream's wait for a timer of no delay. Firefox holds that back. Chromium 156 makes an exception of it where no
// other timer has started it: there a chain of timers beside it proves that the page is throttled.
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
/** No part of a second, so that the messages meet the timers' beat at every moment of it. */
const EVERY_MS = 370;
const ON_TIME_MS = 50;
const LATE_MS = 300;

/** How late the last of a chain of timers of no delay comes, in ms. */
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

/** The median time from a frame to its handler, in ms, in a hidden tab with ours and in one with upstream. */
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
        `${subject}'s tab was seen`,
      );
      const latencies = await tab.page.evaluate("bench.latencies");
      medians[subject] = quantile(latencies, 0.5);
      const [middle, late] = [0.5, 0.99].map((share) => figure(quantile(latencies, share)));
      console.log(
        `  ${subject}: median ${middle} ms, 99th percentile ${late} ms from the frame to the handler`,
      );
    }
    for (const { subject, tab } of tabs) {
      const chainMs = await tab.page.evaluate(CHAIN_MS);
      console.log(`  ${subject}'s tab: a chained timer came after ${figure(chainMs)} ms`);
      assert.ok(
        chainMs > LATE_MS,
        "the timers of the hidden page are not throttled: nothing is shown by this run",
      );
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
    const fared = upstream > LATE_MS ? "came late" : "were as well: its timers are an exception here";
    console.log(`Both tabs were hidden and throttled; our handlers were on time, upstream's ${fared}.\n`);
  });
  if (findFirefox() === undefined) {
    console.log("No Firefox here: where upstream's timers are held back was not looked at.");
  } else {
    await inBrowser(startFirefox, ({ upstream }) => {
      assert.ok(upstream > LATE_MS, "upstream's handlers were not delayed: nothing is shown by this run");
      console.log("Both tabs were hidden and throttled; our handlers were on time, upstream's came late.");
    });
  }
} finally {
  await pages.close();
}
