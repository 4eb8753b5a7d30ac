// A chat in a tab that nobody looks at: `npm run bench:background`. Browsers let the timers of hidden pages fire once a
// second; handlers that wait for a timer come that late, handlers that are called by the frame itself do not.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startChromium } from "./chromium.mjs";
import { figure } from "./report.mjs";
import { serve } from "./server.mjs";
import { quantile } from "./stats.mjs";
import { openTab } from "./subject.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const MESSAGES = 25;
/** No part of a second, so that the messages meet the timers' beat at every moment of it. */
const EVERY_MS = 370;

const pages = await serve({
  "/page.html": path("page.html"),
  "/page.js": path("page.js"),
  "/ours.js": path("../dist/amazon-connect-chat.js"),
  "/upstream.js": path("../node_modules/upstream-chatjs/dist/amazon-connect-chat.js"),
});
const browser = await startChromium();
const tabs = [];
try {
  const context = await browser.newContext();
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
    for (const { contact } of tabs)
      contact.say(`Timed message ${n}`, { role: "AGENT", displayName: "Agent" });
    await wait(EVERY_MS);
  }
  const medians = {};
  for (const { subject, tab } of tabs) {
    await tab.page.until(`bench.latencies.length >= ${MESSAGES}`);
    assert.equal(await tab.page.evaluate("document.visibilityState"), "hidden", `${subject}'s tab was seen`);
    const latencies = await tab.page.evaluate("bench.latencies");
    medians[subject] = quantile(latencies, 0.5);
    const [middle, late] = [0.5, 0.99].map((share) => figure(quantile(latencies, share)));
    console.log(`${subject}: median ${middle} ms, 99th percentile ${late} ms from the frame to the handler`);
  }
  assert.ok(medians.upstream > 100, "upstream's handlers were not delayed: are timers throttled at all?");
  assert.ok(medians.ours < medians.upstream / 10, "our handlers were delayed in a hidden tab");
  console.log("Both tabs were hidden; upstream's handlers waited for throttled timers, ours did not.");
} finally {
  for (const { tab } of tabs) await tab.simulator.close();
  await browser.close();
  await pages.close();
}
