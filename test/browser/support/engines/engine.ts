/**
 * A browser of any engine, as far as the tests that run in all of them need it: pages that run functions. What only
 * Playwright has is not here, so that a test which asks for it runs in Chromium alone and says so by its import.
 */

export const ENGINES = ["chromium", "firefox", "webkit", "wpe"] as const;
export type EngineName = (typeof ENGINES)[number];

export interface EngineBrowser {
  /** A page that shares nothing with others and is visible. */
  newPage(): Promise<EnginePage>;
  close(): Promise<void>;
}

export interface EnginePage {
  /** Resolves once the page has loaded. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** As the Back button does: the page is loaded again, or comes from the back-forward cache. */
  back(): Promise<void>;
  /** As a user closes a tab: `pagehide` runs. */
  close(): Promise<void>;
  /** The test has done with it, whether it is open or closed. */
  discard(): Promise<void>;
  /**
   * Runs a function in the page, or the text of an expression; what it returns or resolves. A function travels as
   * text: all that it uses is in its argument and in the page's globals. Both ways, values are JSON.
   */
  evaluate<Result>(run: string | (() => Result | PromiseLike<Result>)): Promise<Result>;
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | PromiseLike<Result>,
    argument: Argument,
  ): Promise<Result>;
}

/** What `evaluate` is given, as the text of an expression. */
export function expressionOf(run: string | ((argument: never) => unknown), argument: unknown): string {
  if (typeof run === "string") return run;
  return `(${run.toString()})(${argument === undefined ? "" : JSON.stringify(argument)})`;
}

/** What an expression came to. */
export type Evaluated = { readonly value?: unknown } | { readonly thrown: string };

/** The text of an async function without parameters, whose result is an `Evaluated` as JSON. */
export const evaluator = (expression: string): string => `async () => {
  try {
    return JSON.stringify({ value: await (${expression}) });
  } catch (error) {
    return JSON.stringify({ thrown: error instanceof Error ? error.name + ": " + error.message : String(error) });
  }
}`;

/** What a page's answer, the JSON of an `Evaluated`, holds. */
export function valueIn(answer: unknown): unknown {
  const evaluated = JSON.parse(String(answer)) as Evaluated;
  if ("thrown" in evaluated) throw new Error(`In the page: ${evaluated.thrown}`);
  return evaluated.value;
}

const POLL_MS = 20;
const PATIENCE_MS = 30_000;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Waits until `find` finds something; what it finds. Fails with `what` after 30 seconds. */
export async function eventually<Found>(
  what: string,
  find: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`${what} did not happen within ${PATIENCE_MS} ms.`);
    await pause(POLL_MS);
  }
}

/** Goes back by `back`, and waits until the page before is there again: no driver waits for a page from the cache. */
export async function backBy(page: EnginePage, back: () => Promise<unknown>): Promise<void> {
  const from = await page.evaluate<string>("location.href");
  await back();
  await eventually("The page before", async () => {
    // A page that is being left answers nothing.
    const isThere = await page
      .evaluate((left) => location.href !== left && document.readyState === "complete", from)
      .catch(() => false);
    return isThere || undefined;
  });
}
