// Opens fresh pages, each with one of the libraries, a simulator, and access to the browser's counters.
import { createRequire } from "node:module";

const { startSimulator } = createRequire(import.meta.url)("../dist/simulator.js");

export const SUBJECTS = ["ours", "upstream", "bare"];

/** Opens a page in a new browser context. `close()` closes the page and the context. */
export async function openPage({ browser, pages }, subject, options) {
  const context = await browser.newContext();
  const tab = await openTab(context, pages, subject, options);
  return {
    ...tab,
    async close() {
      await context.close();
      await tab.simulator.close();
    },
  };
}

/**
 * Opens a page with its own simulator. `sockets` is "real", "noted" (records arrival times) or "scripted" (no network).
 * `calls` is "real" or "scripted".
 */
export async function openTab(
  context,
  pages,
  subject,
  { sockets = "real", calls = "real", withLibrary = true } = {},
) {
  const page = await context.newPage(`${pages.url}/page.html`);
  if (!(await page.evaluate("crossOriginIsolated")))
    throw new Error("The page isn't cross-origin isolated, so its clock is too coarse.");
  await page.evaluate(`bench.useSockets(${JSON.stringify(sockets)})`);
  await page.evaluate(`bench.useFetch(${JSON.stringify(calls)})`);
  if (withLibrary && subject !== "bare") await page.addScript(`${pages.url}/${subject}.js`);
  const simulator = await startSimulator();
  await page.count();
  return {
    page,
    simulator,
    endpoint: `${pages.url}/simulator/${simulator.port}`,
    newChat: () => {
      const { ContactId, ParticipantId, ParticipantToken } = simulator.startChat();
      return { contactId: ContactId, participantId: ParticipantId, participantToken: ParticipantToken };
    },
    /** Calls a function of `window.bench`. */
    run: (name, ...args) => page.evaluate(`bench.${name}(...${JSON.stringify(args)})`),
    cpuMs: () => page.cpuMs(),
    heapBytes: () => page.heapBytes(),
  };
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
