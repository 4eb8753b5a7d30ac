/**
 * The browser interface that all engines support: pages that run functions. Tests that need more import Playwright and
 * therefore run only in Chromium.
 */

export const ENGINES = ["chromium", "firefox", "webkit", "wpe"] as const;
export type EngineName = (typeof ENGINES)[number];

export interface EngineBrowser {
  /** Opens a visible page that shares no state with other pages. */
  newPage(): Promise<EnginePage>;
  close(): Promise<void>;
}

export interface EnginePage {
  /** Resolves when the page has loaded. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Goes back in history. The browser reloads the page, or restores it from the back-forward cache. */
  back(): Promise<void>;
  /** Closes the page as a user does, so that `pagehide` fires. */
  close(): Promise<void>;
  /** Releases the page after a test, whether it's open or closed. */
  discard(): Promise<void>;
  /**
   * Runs a function or an expression in the page and resolves with its result. The function is sent as text, so it can
   * use only its argument and the page's globals. The argument and the result must be JSON.
   */
  evaluate<Result>(run: string | (() => Result | PromiseLike<Result>)): Promise<Result>;
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | PromiseLike<Result>,
    argument: Argument,
  ): Promise<Result>;
}

/** Converts the arguments of `evaluate` to the text of an expression. */
export function expressionOf(run: string | ((argument: never) => unknown), argument: unknown): string {
  if (typeof run === "string") return run;
  return `(${run.toString()})(${argument === undefined ? "" : JSON.stringify(argument)})`;
}

/** An expression's result. */
export type Evaluated = { readonly value?: unknown } | { readonly thrown: string };

/** The text of an async function without parameters that returns an `Evaluated` as JSON. */
export const evaluator = (expression: string): string => `async () => {
  try {
    return JSON.stringify({ value: await (${expression}) });
  } catch (error) {
    return JSON.stringify({ thrown: error instanceof Error ? error.name + ": " + error.message : String(error) });
  }
}`;

/** Returns the value in a page's response, the JSON of an `Evaluated`. Throws if the expression threw. */
export function valueIn(response: unknown): unknown {
  const evaluated = JSON.parse(String(response)) as Evaluated;
  if ("thrown" in evaluated) throw new Error(`In the page: ${evaluated.thrown}`);
  return evaluated.value;
}

const POLL_MS = 20;
const TIMEOUT_MS = 30_000;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Resolves with the first value that `find` returns. Rejects after 30 seconds, with an error that names `what`. */
export async function eventually<Found>(
  what: string,
  find: () => Promise<Found | undefined> | Found | undefined,
): Promise<Found> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${TIMEOUT_MS} ms.`);
    await pause(POLL_MS);
  }
}

/**
 * Calls `back` and waits until the previous page is shown. Drivers don't wait for a page from the back-forward cache.
 */
export async function backBy(page: EnginePage, back: () => Promise<unknown>): Promise<void> {
  const from = await page.evaluate<string>("location.href");
  await back();
  await eventually("The return to the previous page", async () => {
    // A page that is being unloaded doesn't respond.
    const isBack = await page
      .evaluate((left) => location.href !== left && document.readyState === "complete", from)
      .catch(() => false);
    return isBack || undefined;
  });
}
