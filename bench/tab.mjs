// One tab of a browser, whichever protocol it is spoken to in.
import { setTimeout as wait } from "node:timers/promises";

export class Tab {
  /** The value of an expression, as JSON; a promise is waited for. */
  evaluate(expression) {
    throw new Error(`This tab cannot evaluate: ${expression}`);
  }

  async until(expression, patienceMs = 60_000) {
    const endsAt = performance.now() + patienceMs;
    while (!(await this.evaluate(expression).catch(() => false))) {
      if (performance.now() > endsAt) throw new Error(`This did not come true: ${expression}`);
      await wait(10);
    }
  }

  addScript(url) {
    return this.evaluate(`new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = ${JSON.stringify(url)};
      script.onload = () => resolve();
      script.onerror = () => reject(new Error("The script could not be loaded."));
      document.head.append(script);
    })`);
  }
}
