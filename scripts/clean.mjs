// Removes build output, but not node_modules.
import { rmSync } from "node:fs";

for (const folder of ["dist", "coverage", "docs-site"]) {
  rmSync(new URL(`../${folder}`, import.meta.url), { recursive: true, force: true });
}
