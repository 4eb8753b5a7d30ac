import { isDeepStrictEqual } from "node:util";
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

/** What became of the chats, each in its own page: one after the other where a busy machine would cost some of them. */
async function inEach<Result>(
  run: (its: FieldPage) => Promise<Result>,
  options: FieldOptions = {},
  { runs: count, areTogether }: Least = LEAST,
): Promise<Result[]> {
  const runs = Array.from({ length: count }, () => async () => run(await connected(options)));
  if (areTogether) return Promise.all(runs.map((each) => each()));
  const results: Result[] = [];
  for (const each of runs) results.push(await each());
  return results;
}

interface Least {
  readonly runs: number;
  /** Of the runs, so many have to arrive. */
  readonly arrived: number;
  readonly areTogether: boolean;
}

/**
 * Of the requests that begin in `pagehide`, Firefox loses about one in ten when the page's process ends or changes with the
 * page, and now and then one otherwise. The other engines lose none, but five pages at once may be too much for a busy machine
 * when their processes end.
 */
const LEAST: Least =
  ENGINE === "firefox"
    ? { runs: RUNS, arrived: 3, areTogether: false }
    : { runs: RUNS, arrived: RUNS, areTogether: true };
const LEAST_WITH_THE_PROCESS: Least =
  ENGINE === "firefox"
    ? { runs: 2 * RUNS, arrived: 6, areTogether: false }
    : { runs: RUNS, arrived: RUNS, areTogether: false };

/** Those that arrived as `right` has it, so many at least; if not, the assertion shows all. */
function expectArrived(outcomes: readonly unknown[], right: unknown, least = LEAST.arrived): void {
  const arrived = outcomes.filter((outcome) => isDeepStrictEqual(outcome, right));
  if (arrived.length < least) expect(outcomes).toEqual(outcomes.map(() => right));
  expect(arrived.length).toBeGreaterThanOrEqual(least);
}

/**
 * The messages that reached the service. It may refuse one: calls that leave at the same moment take different
 * connections, so that now and then a disconnect arrives before the message that was called before it.
 */
const sent = ({ simulator }: FieldPage): unknown[] =>
  simulator.requests
    .filter(({ operation }) => operation === "SendMessage")
    .map(({ body }) => body["Content"]);
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
  /** Whether the page's process ends or changes with it. */
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
    const least = endsProcess ? LEAST_WITH_THE_PROCESS : LEAST;
    const arrived = await inEach(
      async (its) => {
        await its.page.evaluate(DISCONNECTS_ON_PAGEHIDE);
        await leave(its);
        return hasEnded(its);
      },
      {},
      least,
    );
    expectArrived(arrived, true, least.arrived);
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
  await its.until(() => its.contact.ended === disconnect && sent(its).length === Number(message), 5_000);
  return { ended: its.contact.ended, sent: sent(its) };
}

const arriving = ({ message, disconnect }: LastWords): unknown => ({
  ended: disconnect,
  sent: message ? ["bye"] : [],
});

test.each(Object.entries(LAST_WORDS))("C21: %s: arrives from the task that navigates", async (_, words) => {
  expectArrived(await arrivedFromOneTask(words), arriving(words));
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
      expectArrived(await arrivedFromOneTask(words, { before }), arriving(words), RUNS);
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
    expectArrived(arrived, arriving(words));
  },
);

test("C23: messages and a disconnect that wait for an answer arrive when the page is left", async () => {
  const arrived = await inEach(async (its) => {
    its.simulator.faults.delayNext("SendMessage", { delayMs: 60_000 });
    await its.page.evaluate(() => {
      const { session } = window.field;
      for (const message of ["unanswered", "waits"]) {
        void session.sendMessage({ message, contentType: "text/plain" });
      }
      void session.disconnectParticipant();
    });
    await its.page.evaluate(follow, anotherPage(its));
    return [await hasEnded(its), sent(its).includes("waits")];
  });
  expectArrived(arrived, [true, true]);
});
