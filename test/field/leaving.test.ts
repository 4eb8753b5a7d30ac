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
  count = RUNS,
): Promise<Result[]> {
  const runs = Array.from({ length: count }, () => async () => run(await connected(options)));
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
  /** The page's process ends or changes with it: Firefox then loses about one in ten of the requests that begin in `pagehide`. */
  readonly endsProcess: boolean;
}

const LEAVING: readonly Leaving[] = [
  // WPE's browser has one page, and ends with it.
  ...(ENGINE === "wpe"
    ? []
    : [{ how: "is closed", leave: ({ page }: FieldPage) => page.close(), endsProcess: true }]),
  { how: "is reloaded", leave: ({ page }) => page.reload(), endsProcess: false },
  {
    how: "gives way to another page",
    leave: (its) => its.page.evaluate(follow, anotherPage(its)),
    endsProcess: false,
  },
  {
    how: "gives way to another site",
    leave: (its) => its.page.evaluate(follow, anotherSite(its)),
    endsProcess: true,
  },
];

test.each(LEAVING)(
  "C1: disconnectParticipant() in pagehide arrives when the page $how",
  async ({ leave, endsProcess }) => {
    const losesSome = ENGINE === "firefox" && endsProcess;
    const runs = losesSome ? 2 * RUNS : RUNS;
    const arrived = await inEach(
      async (its) => {
        await its.page.evaluate(DISCONNECTS_ON_PAGEHIDE);
        await leave(its);
        return hasEnded(its);
      },
      {},
      runs,
    );
    expect(arrived.filter((each) => each).length).toBeGreaterThanOrEqual(losesSome ? 6 : runs);
  },
);

/** What is said in the task that navigates. */
const LAST_WORDS = {
  "disconnectParticipant()": { message: false, disconnect: true },
  "a last message": { message: true, disconnect: false },
  "a last message and disconnectParticipant() behind it": { message: true, disconnect: true },
} as const;
type LastWords = (typeof LAST_WORDS)[keyof typeof LAST_WORDS];

const leaveInOneTask = ([url, { message, disconnect }]: readonly [string, LastWords]): void =>
  void setTimeout(() => {
    const { session } = window.field;
    if (message) void session.sendMessage({ message: "bye", contentType: "text/plain" });
    if (disconnect) void session.disconnectParticipant();
    location.href = url;
  });

async function arrivedFromOneTask(words: LastWords, options?: FieldOptions): Promise<unknown[]> {
  return inEach(async (its) => {
    await its.page.evaluate(leaveInOneTask, [anotherPage(its), words] as const);
    return outcomeOf(its, words);
  }, options);
}

async function outcomeOf(its: FieldPage, { message, disconnect }: LastWords): Promise<unknown> {
  await its.until(() => its.contact.ended === disconnect && said(its).length === Number(message), 5_000);
  return { ended: its.contact.ended, said: said(its) };
}

const arriving = ({ message, disconnect }: LastWords): unknown[] =>
  allOf({ ended: disconnect, said: message ? ["bye"] : [] });

test.each(Object.entries(LAST_WORDS))("C21: %s: arrives from the task that navigates", async (_, words) => {
  expect(await arrivedFromOneTask(words)).toEqual(arriving(words));
});

// The others have had keepalive for years; Firefox has it since 133, and before that the microtask has to do.
if (ENGINE === "firefox") {
  test.each(["disconnectParticipant()", "a last message"] as const)(
    "C21: %s: arrives from the task that navigates, without keepalive",
    async (what) => {
      const before = (): void => {
        const real = window.fetch.bind(window);
        window.fetch = (input, init) => real(input, { ...init, keepalive: false });
      };
      const words = LAST_WORDS[what];
      expect(await arrivedFromOneTask(words, { before })).toEqual(arriving(words));
    },
  );
}

test.each(Object.entries(LAST_WORDS))(
  "C1: %s: arrives from pagehide when the page gives way to another page",
  async (_, words) => {
    const arrived = await inEach(async (its) => {
      await its.page.evaluate(({ message, disconnect }) => {
        window.addEventListener("pagehide", () => {
          const { session } = window.field;
          if (message) void session.sendMessage({ message: "bye", contentType: "text/plain" });
          if (disconnect) void session.disconnectParticipant();
        });
      }, words);
      await its.page.evaluate(follow, anotherPage(its));
      return outcomeOf(its, words);
    });
    expect(arrived).toEqual(arriving(words));
  },
);

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
