// Removes what is built; what is installed stays.
import { rmSync } from "node:fs";

for (const folder of ["dist", "coverage", "docs-site"]) {
  rmSync(new URL(`../${folder}`, import.meta.url), { recursive: true, force: true });
}
