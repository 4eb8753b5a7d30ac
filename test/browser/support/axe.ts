import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type Axe from "axe-core";
import type { Page } from "playwright-core";

const SOURCE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SCHEMES = ["light", "dark"] as const;

/** Returns axe's findings for the page in both color schemes, one line each. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated, because the page's Content Security Policy would block a script tag.
  await page.evaluate(SOURCE);
  const found: string[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const results = await page.evaluate(async (): Promise<AxeResults> => {
      const { axe } = window as unknown as { axe: typeof Axe };
      // Frames are checked as separate pages.
      return axe.run(document, { resultTypes: ["violations"], iframes: false });
    });
    for (const { id, help, nodes } of results.violations) {
      const where = nodes.map(({ target }) => target.join(" ")).join(", ");
      found.push(`${colorScheme}: ${id}: ${help}: ${where}`);
    }
  }
  return found;
}
