import { isDeepStrictEqual } from "node:util";
import { afterEach, expect, test } from "@jest/globals";
import { DistantService } from "./support/distant";
import { ENGINE } from "../browser/support/engines";
import { inTheField, type FieldOptions, type FieldPage } from "./support/field-page";

/** Calls made while the page is being left must still reach the service, which is far away and on another origin. */

const field = inTheField();
const ONE_WAY_MS = 200;
const RUNS = 5;

const distantServices: DistantService[] = [];
afterEach(async () => {
  for (const service of distantServices.splice(0)) await service.close();
});

async function openConnected(options: FieldOptions): Promise<FieldPage> {
  const chat = await field.open(options);
  const service = await DistantService.inFrontOf(chat.simulator.url, ONE_WAY_MS);
  distantServices.push(service);
  await chat.page.evaluate(
    (endpoint) => window.connect.ChatSession.setGlobalConfig({ endpoint }),
    service.url,
  );
  await chat.connect();
  return chat;
}

/** Calls `run` with chats on separate pages and returns the results. */
async function onSeparatePages<Result>(
  run: (chat: FieldPage) => Promise<Result>,
  options: FieldOptions = {},
  { runs: count, isParallel }: Expectation = USUAL,
): Promise<Result[]> {
  const runs = Array.from({ length: count }, () => async () => run(await openConnected(options)));
  if (isParallel) return Promise.all(runs.map((each) => each()));
  const results: Result[] = [];
  for (const each of runs) results.push(await each());
  return results;
}

interface Expectation {
  readonly runs: number;
  /** The minimum number of runs that must succeed. */
  readonly minArrived: number;
  /** False if parallel runs would fail on a busy machine. */
  readonly isParallel: boolean;
}

/**
 * Firefox loses about one in ten requests that start in `pagehide` if the page's process ends or changes. It
 * occasionally loses a request in other cases. The other engines lose none. A busy machine may fail to end five page
 * processes in time if they end simultaneously.
 */
const USUAL: Expectation =
  ENGINE === "firefox"
    ? { runs: RUNS, minArrived: 3, isParallel: false }
    : { runs: RUNS, minArrived: RUNS, isParallel: true };
const WITH_PROCESS_END: Expectation =
  ENGINE === "firefox"
    ? { runs: 2 * RUNS, minArrived: 6, isParallel: false }
    : { runs: RUNS, minArrived: RUNS, isParallel: false };

/** Expects that at least `minArrived` outcomes equal `expected`. If fewer do, the failure shows all outcomes. */
function expectArrived(outcomes: readonly unknown[], expected: unknown, minArrived = USUAL.minArrived): void {
  const arrived = outcomes.filter((outcome) => isDeepStrictEqual(outcome, expected));
  if (arrived.length < minArrived) expect(outcomes).toEqual(outcomes.map(() => expected));
  expect(arrived.length).toBeGreaterThanOrEqual(minArrived);
}

/**
 * The messages that reached the service, including rejected messages. Simultaneous calls use different connections, so
 * a disconnect sometimes overtakes the message that was sent before it, and the service rejects the message.
 */
const sentTexts = ({ simulator }: FieldPage): unknown[] =>
  simulator.requests
    .filter(({ operation }) => operation === "SendMessage")
    .map(({ body }) => body["Content"]);
const hasEnded = (chat: FieldPage): Promise<boolean> => chat.until(() => chat.contact.ended, 5_000);

const disconnectOnPagehide = (): void =>
  window.addEventListener("pagehide", () => void window.field.session.disconnectParticipant());

const anotherPage = ({ simulator }: FieldPage): string => `${simulator.url}/page.html?another`;
const anotherSite = (chat: FieldPage): string => anotherPage(chat).replace("127.0.0.1", "localhost");

/** Navigates in a separate task, because the navigation may cut off the task in which the driver evaluates code. */
const navigate = (url: string): void => void setTimeout(() => (location.href = url));

interface PageExit {
  readonly how: string;
  readonly leave: (chat: FieldPage) => Promise<unknown>;
  /** Whether the page's process ends or changes. */
  readonly endsProcess: boolean;
}

const PAGE_EXITS: readonly PageExit[] = [
  // WPE's browser has only one page, and ends when that page is closed.
  ...(ENGINE === "wpe"
    ? []
    : [{ how: "is closed", leave: ({ page }: FieldPage) => page.close(), endsProcess: true }]),
  { how: "is reloaded", leave: ({ page }) => page.reload(), endsProcess: false },
  {
    how: "navigates to another page",
    leave: (chat) => chat.page.evaluate(navigate, anotherPage(chat)),
    endsProcess: false,
  },
  {
    how: "navigates to another site",
    leave: (chat) => chat.page.evaluate(navigate, anotherSite(chat)),
    endsProcess: true,
  },
];

test.each(PAGE_EXITS)(
  "C1: disconnectParticipant() in pagehide reaches the service when the page $how",
  async ({ leave, endsProcess }) => {
    const expectation = endsProcess ? WITH_PROCESS_END : USUAL;
    const outcomes = await onSeparatePages(
      async (chat) => {
        await chat.page.evaluate(disconnectOnPagehide);
        await leave(chat);
        return hasEnded(chat);
      },
      {},
      expectation,
    );
    expectArrived(outcomes, true, expectation.minArrived);
  },
);

/** The calls that the page makes right before it is left. */
const LAST_CALLS = {
  "disconnectParticipant()": { message: false, disconnect: true },
  "a last message": { message: true, disconnect: false },
  "a last message, then disconnectParticipant()": { message: true, disconnect: true },
} as const;
type LastCalls = (typeof LAST_CALLS)[keyof typeof LAST_CALLS];

const leaveInOneTask = ([url, { message, disconnect }]: readonly [string, LastCalls]): void =>
  void setTimeout(() => {
    const { session } = window.field;
    if (message) void session.sendMessage({ message: "bye", contentType: "text/plain" });
    if (disconnect) void session.disconnectParticipant();
    location.href = url;
  });

async function outcomesFromOneTask(calls: LastCalls, options?: FieldOptions): Promise<unknown[]> {
  return onSeparatePages(async (chat) => {
    await chat.page.evaluate(leaveInOneTask, [anotherPage(chat), calls] as const);
    return outcomeOf(chat, calls);
  }, options);
}

async function outcomeOf(chat: FieldPage, { message, disconnect }: LastCalls): Promise<unknown> {
  await chat.until(
    () => chat.contact.ended === disconnect && sentTexts(chat).length === Number(message),
    5_000,
  );
  return { ended: chat.contact.ended, sent: sentTexts(chat) };
}

const expectedOutcome = ({ message, disconnect }: LastCalls): unknown => ({
  ended: disconnect,
  sent: message ? ["bye"] : [],
});

test.each(Object.entries(LAST_CALLS))(
  "C21: %s in the same task as the navigation reaches the service",
  async (_, calls) => {
    expectArrived(await outcomesFromOneTask(calls), expectedOutcome(calls));
  },
);

// Firefox has supported keepalive since version 133. In older versions, the library relies on sending in a microtask.
if (ENGINE === "firefox") {
  test.each(["disconnectParticipant()", "a last message"] as const)(
    "C21: %s in the same task as the navigation reaches the service without keepalive",
    async (what) => {
      const before = (): void => {
        const real = window.fetch.bind(window);
        window.fetch = (input, init) => real(input, { ...init, keepalive: false });
      };
      const calls = LAST_CALLS[what];
      expectArrived(await outcomesFromOneTask(calls, { before }), expectedOutcome(calls), RUNS);
    },
  );
}

test.each(Object.entries(LAST_CALLS))(
  "C1: %s in pagehide reaches the service when the page navigates to another page",
  async (_, calls) => {
    const outcomes = await onSeparatePages(async (chat) => {
      await chat.page.evaluate(({ message, disconnect }) => {
        window.addEventListener("pagehide", () => {
          const { session } = window.field;
          if (message) void session.sendMessage({ message: "bye", contentType: "text/plain" });
          if (disconnect) void session.disconnectParticipant();
        });
      }, calls);
      await chat.page.evaluate(navigate, anotherPage(chat));
      return outcomeOf(chat, calls);
    });
    expectArrived(outcomes, expectedOutcome(calls));
  },
);

test("C23: calls that are waiting for an earlier message's response reach the service when the page is left", async () => {
  const outcomes = await onSeparatePages(async (chat) => {
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 60_000 });
    await chat.page.evaluate(() => {
      const { session } = window.field;
      for (const message of ["unanswered", "waits"]) {
        void session.sendMessage({ message, contentType: "text/plain" });
      }
      void session.disconnectParticipant();
    });
    await chat.page.evaluate(navigate, anotherPage(chat));
    return [await hasEnded(chat), sentTexts(chat).includes("waits")];
  });
  expectArrived(outcomes, [true, true]);
});
