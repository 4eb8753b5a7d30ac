import { afterEach, expect, test } from "@jest/globals";
import { DistantService } from "./support/distant";
import { ENGINE } from "../browser/support/engines";
import { inTheField, type FieldOptions, type FieldPage } from "./support/field-page";

/** A page that is left: what it said last still has to arrive, at a service on another origin and far away. */

const field = inTheField();
const ONE_WAY_MS = 200;
const RUNS = 5;

const distant: DistantService[] = [];
afterEach(async () => {
  for (const service of distant.splice(0)) await service.close();
});

async function connected(options: FieldOptions): Promise<FieldPage> {
  const its = await field.open(options);
  const service = await DistantService.before(its.simulator.url, ONE_WAY_MS);
  distant.push(service);
  await its.page.evaluate(
    (endpoint) => window.connect.ChatSession.setGlobalConfig({ endpoint }),
    service.url,
  );
  await its.connect();
  return its;
}

/** What became of `RUNS` chats, each in its own page; in Firefox one page after the other, since it loses more of them on a busy machine. */
async function inEach<Result>(
  run: (its: FieldPage) => Promise<Result>,
  options: FieldOptions = {},
): Promise<Result[]> {
  const runs = Array.from({ length: RUNS }, () => async () => run(await connected(options)));
  if (ENGINE !== "firefox") return Promise.all(runs.map((each) => each()));
  const results: Result[] = [];
  for (const each of runs) results.push(await each());
  return results;
}
const allOf = <Result>(result: Result): Result[] => Array.from({ length: RUNS }, () => result);

const said = ({ contact }: FieldPage): unknown[] =>
  contact.transcript.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);
const hasEnded = (its: FieldPage): Promise<boolean> => its.until(() => its.contact.ended, 5_000);

const DISCONNECTS_ON_PAGEHIDE = (): void =>
  window.addEventListener("pagehide", () => void window.field.session.disconnectParticipant());

const anotherPage = ({ simulator }: FieldPage): string => `${simulator.url}/page.html?another`;
const anotherSite = (its: FieldPage): string => anotherPage(its).replace("127.0.0.1", "localhost");

/** Leaves in a task of the page's own, since one of the driver's may be cut off by the navigation. */
const follow = (url: string): void => void setTimeout(() => (location.href = url));

interface Leaving {
  readonly how: string;
  readonly leave: (its: FieldPage) => Promise<unknown>;
  /**
   * How many of five arrive at least. With keepalive, Firefox loses about one in ten of the requests that begin in
   * `pagehide` when the page's process changes or ends with it, and without keepalive all of them.
   */
  readonly inFirefox: number;
}

const LEAVING: readonly Leaving[] = [
  // WPE's browser has one page, and ends with it.
  ...(ENGINE === "wpe"
    ? []
    : [{ how: "is closed", leave: ({ page }: FieldPage) => page.close(), inFirefox: 2 }]),
  { how: "is reloaded", leave: ({ page }) => page.reload(), inFirefox: RUNS },
  {
    how: "gives way to another page",
    leave: (its) => its.page.evaluate(follow, anotherPage(its)),
    inFirefox: RUNS,
  },
  {
    how: "gives way to another site",
    leave: (its) => its.page.evaluate(follow, anotherSite(its)),
    inFirefox: 2,
  },
];

test.each(LEAVING)(
  "C1: disconnectParticipant() in pagehide arrives when the page $how",
  async ({ leave, inFirefox }) => {
    const arrived = await inEach(async (its) => {
      await its.page.evaluate(DISCONNECTS_ON_PAGEHIDE);
      await leave(its);
      return hasEnded(its);
    });
    const least = ENGINE === "firefox" ? inFirefox : RUNS;
    expect(arrived.filter((each) => each).length).toBeGreaterThanOrEqual(least);
  },
);

/** In one task: a last message, a disconnect, and the navigation. */
const leaveInOneTask = (url: string): void =>
  void setTimeout(() => {
    void window.field.session.sendMessage({ message: "bye", contentType: "text/plain" });
    void window.field.session.disconnectParticipant();
    location.href = url;
  });

test("C21: disconnectParticipant(), and a last message before it, arrive from the task that navigates", async () => {
  const arrived = await inEach(async (its) => {
    await its.page.evaluate(leaveInOneTask, anotherPage(its));
    return [await hasEnded(its), said(its)];
  });
  expect(arrived).toEqual(allOf([true, ["bye"]]));
});

// The others have had keepalive for years; Firefox has it since 133, and before that the microtask has to do.
if (ENGINE === "firefox") {
  test("C21: a last message arrives from the task that navigates where there is no keepalive", async () => {
    const arrived = await inEach(
      async (its) => {
        await its.page.evaluate(leaveInOneTask, anotherPage(its));
        await its.until(() => said(its).length > 0, 5_000);
        return said(its);
      },
      {
        before: () => {
          const real = window.fetch.bind(window);
          window.fetch = (input, init) => real(input, { ...init, keepalive: false });
        },
      },
    );
    expect(arrived).toEqual(allOf(["bye"]));
  });
}

test("C23: a disconnect behind a message without an answer arrives when the page is left", async () => {
  const arrived = await inEach(async (its) => {
    its.simulator.faults.delayNext("SendMessage", { delayMs: 60_000 });
    await its.page.evaluate(() => {
      void window.field.session.sendMessage({ message: "bye", contentType: "text/plain" });
      void window.field.session.disconnectParticipant();
    });
    await its.page.evaluate(follow, anotherPage(its));
    return hasEnded(its);
  });
  expect(arrived).toEqual(allOf(true));
});
