import { backBy, evaluator, eventually, expressionOf, valueIn, type EnginePage } from "./engine";

/** A WebDriver session with its own browser: https://w3c.github.io/webdriver/ */
export class WebDriverSession {
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  /** `driver` is the URL of a driver that may still be starting. */
  static async start(driver: string, capabilities: object): Promise<WebDriverSession> {
    await eventually("The driver's start", () =>
      request("GET", `${driver}/status`).then(
        () => true,
        () => undefined,
      ),
    );
    const { sessionId } = await request<{ sessionId: string }>("POST", `${driver}/session`, {
      capabilities: { alwaysMatch: capabilities },
    });
    return new WebDriverSession(`${driver}/session/${sessionId}`);
  }

  /** Opens and selects another window. When it's closed, the first window keeps the browser running. */
  async openWindow(): Promise<void> {
    const { handle } = await this.post<{ handle: string }>("/window/new", { type: "window" });
    await this.post("/window", { handle });
  }

  post<Value>(path: string, body: object = {}): Promise<Value> {
    return request<Value>("POST", this.#url + path, body);
  }

  delete(path: string): Promise<unknown> {
    return request("DELETE", this.#url + path);
  }
}

async function request<Value>(method: string, url: string, body?: object): Promise<Value> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}

/** A session's window. Several tests use it in turn. */
export class WebDriverPage implements EnginePage {
  readonly #session: WebDriverSession;
  #evaluations = 0;
  #isOpen = true;
  #release: (page: WebDriverPage) => void = () => undefined;

  constructor(session: WebDriverSession) {
    this.#session = session;
  }

  /** `release` is called when the test discards the page without having closed it. */
  lend(release: (page: WebDriverPage) => void): this {
    this.#release = release;
    return this;
  }

  async goto(url: string): Promise<void> {
    await this.#session.post("/url", { url });
  }

  async reload(): Promise<void> {
    await this.#session.post("/refresh");
  }

  back(): Promise<void> {
    return backBy(this, () => this.#session.post("/back"));
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#session.delete("/window");
  }

  async discard(): Promise<void> {
    if (!this.#isOpen) return;
    // Clears state for the next test.
    await this.evaluate(() => {
      if (location.protocol === "about:") return;
      localStorage.clear();
      sessionStorage.clear();
    });
    await this.goto("about:blank");
    this.#release(this);
  }

  /** Polls for the result, because a script that waits in the page would block the session's next command. */
  async evaluate<Result>(run: string | ((argument: never) => unknown), argument?: unknown): Promise<Result> {
    const id = ++this.#evaluations;
    let result = await this.#execute(`
      const results = (window.webDriverResults ??= {});
      results[${id}] = null;
      (${evaluator(expressionOf(run, argument))})().then((result) => { results[${id}] = result; });
      return (async () => {
        for (let left = 20; left > 0 && results[${id}] === null; left -= 1) await null;
        return results[${id}];
      })();
    `);
    result ??= await eventually("A response from the page", async () => {
      const results = await this.#execute(
        `return window.webDriverResults?.[${id}] ?? typeof webDriverResults`,
      );
      if (results === "undefined") throw new Error("The page was left before it returned a result.");
      return results === "object" ? undefined : results;
    });
    return valueIn(result) as Result;
  }

  #execute(script: string): Promise<unknown> {
    return this.#session.post("/execute/sync", { script, args: [] });
  }
}
