// Runs the field tests against any build of the library: `npm run field -- --bundle FILE [jest's arguments]`.
// Without --bundle they run against dist/amazon-connect-chat.js, as `npm test` does.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

// `--bundle=FILE` is taken as well: jest would ignore it, and the tests would run against dist.
const given = process.argv
  .slice(2)
  .flatMap((each) => (each.startsWith("--bundle=") ? ["--bundle", each.slice("--bundle=".length)] : [each]));
const at = given.indexOf("--bundle");
const env = { ...process.env };
if (at >= 0) {
  const [, file] = given.splice(at, 2);
  if (file === undefined || file === "" || file.startsWith("-")) {
    console.error("--bundle needs the file of a bundle, and none was given.");
    process.exit(1);
  }
  const bundle = resolve(file);
  if (!statSync(bundle, { throwIfNoEntry: false })?.isFile()) {
    console.error(`--bundle needs the file of a bundle; ${bundle} is none.`);
    process.exit(1);
  }
  env.FIELD_BUNDLE = bundle;
  console.log(`Field tests against ${bundle}`);
}

const { status } = spawnSync(
  process.execPath,
  // The project comes last: it would take the paths behind it for more projects.
  ["node_modules/jest/bin/jest.js", ...given, "--selectProjects", "field"],
  { cwd: fileURLToPath(new URL("..", import.meta.url)), stdio: "inherit", env },
);
process.exitCode = status ?? 1;
