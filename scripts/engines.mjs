// Runs the tests that need no more than a page in other engines than Chromium:
// `npm run engines -- firefox webkit wpe [jest's arguments]`, by default in Firefox and WebKitGTK.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ENGINES = ["chromium", "firefox", "webkit", "wpe"];
const given = process.argv.slice(2);
const named = given.filter((each) => ENGINES.includes(each));
const more = given.filter((each) => !ENGINES.includes(each));

// The field tests in virtual time have no page of an engine.
const TESTS = [
  "--testPathPatterns",
  "test/field/[^/]+\\.test",
  "test/browser/engines",
  "test/browser/environments",
];

for (const engine of named.length > 0 ? named : ["firefox", "webkit"]) {
  console.log(`\nIn ${engine}:`);
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/jest/bin/jest.js", ...TESTS, ...more, "--selectProjects", "field", "browser"],
    {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      stdio: "inherit",
      env: { ...process.env, TEST_ENGINE: engine },
    },
  );
  process.exitCode ||= status ?? 1;
}
