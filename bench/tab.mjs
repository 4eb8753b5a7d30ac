// A browser tab, independent of the protocol that controls it.
import { setTimeout as wait } from "node:timers/promises";

export class Tab {
  /** Evaluates an expression and awaits its value, which must be JSON-serializable. */
  evaluate(expression) {
    throw new Error(`evaluate() isn't implemented: ${expression}`);
  }

  async until(expression, timeoutMs = 60_000) {
    const endsAt = performance.now() + timeoutMs;
    while (!(await this.evaluate(expression).catch(() => false))) {
      if (performance.now() > endsAt) throw new Error(`Timed out waiting for: ${expression}`);
      await wait(10);
    }
  }

  addScript(url) {
    return this.evaluate(`new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = ${JSON.stringify(url)};
      script.onload = () => resolve();
      script.onerror = () => reject(new Error("The script failed to load."));
      document.head.append(script);
    })`);
  }
}
