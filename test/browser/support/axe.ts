import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type Axe from "axe-core";
import type { Page } from "playwright-core";

const SOURCE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const SCHEMES = ["light", "dark"] as const;

/** What axe finds on the page as it stands, in both colour schemes: a line each, none if all is well. */
export async function violations(page: Page): Promise<string[]> {
  // Not by a script tag, which the page's policy would refuse.
  await page.evaluate(SOURCE);
  const found: string[] = [];
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const results = await page.evaluate(async (): Promise<AxeResults> => {
      const { axe } = window as unknown as { axe: typeof Axe };
      // Frames are pages of their own.
      return axe.run(document, { resultTypes: ["violations"], iframes: false });
    });
    for (const { id, help, nodes } of results.violations) {
      const where = nodes.map(({ target }) => target.join(" ")).join(", ");
      found.push(`${colorScheme}: ${id}: ${help}: ${where}`);
    }
  }
  return found;
}
