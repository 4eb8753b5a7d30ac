// Runs the field tests against any build of the library: `npm run field -- --bundle FILE [jest arguments]`.
// Without --bundle, they run against dist/amazon-connect-chat.js, as in `npm test`.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

// Accept `--bundle=FILE`, because Jest would ignore it, and the tests would run against dist.
const args = process.argv
  .slice(2)
  .flatMap((each) => (each.startsWith("--bundle=") ? ["--bundle", each.slice("--bundle=".length)] : [each]));
const at = args.indexOf("--bundle");
const env = { ...process.env };
if (at >= 0) {
  const [, file] = args.splice(at, 2);
  if (file === undefined || file === "" || file.startsWith("-")) {
    console.error("--bundle needs a file: --bundle path/to/bundle.js");
    process.exit(1);
  }
  const bundle = resolve(file);
  if (!statSync(bundle, { throwIfNoEntry: false })?.isFile()) {
    console.error(`--bundle needs a file; ${bundle} doesn't exist or isn't a file.`);
    process.exit(1);
  }
  env.FIELD_BUNDLE = bundle;
  console.log(`Field tests against ${bundle}`);
}

const { status } = spawnSync(
  process.execPath,
  // --selectProjects comes last, because Jest would read paths after it as more project names.
  ["node_modules/jest/bin/jest.js", ...args, "--selectProjects", "field"],
  { cwd: fileURLToPath(new URL("..", import.meta.url)), stdio: "inherit", env },
);
process.exitCode = status ?? 1;
