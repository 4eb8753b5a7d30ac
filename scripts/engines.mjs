// Runs the tests that need only a page in browser engines other than Chromium:
// `npm run engines -- firefox webkit wpe [jest arguments]`. Default: Firefox and WebKitGTK.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ENGINES = ["chromium", "firefox", "webkit", "wpe"];
const args = process.argv.slice(2);
const engines = args.filter((each) => ENGINES.includes(each));
const jestArgs = args.filter((each) => !ENGINES.includes(each));

// The virtual-time field tests don't run in a browser.
const TESTS = [
  "--testPathPatterns",
  "test/field/[^/]+\\.test",
  "test/browser/engines",
  "test/browser/environments",
];

for (const engine of engines.length > 0 ? engines : ["firefox", "webkit"]) {
  console.log(`\nIn ${engine}:`);
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/jest/bin/jest.js", ...TESTS, ...jestArgs, "--selectProjects", "field", "browser"],
    {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      stdio: "inherit",
      env: { ...process.env, TEST_ENGINE: engine },
    },
  );
  process.exitCode ||= status ?? 1;
}
