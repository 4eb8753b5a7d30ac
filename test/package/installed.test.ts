import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

/** The package as it is published: packed, installed into an empty application without a registry, and used there. */

const ROOT = path.resolve(__dirname, "../..");
let folder: string;
let application: string;

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr}${stdout}`);
  return stdout;
}

/** What a program of the application prints, as JSON. */
function outcome(name: string, text: string): unknown {
  writeFileSync(path.join(application, name), text);
  return JSON.parse(run(process.execPath, [name], application));
}

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "installed-"));
  application = path.join(folder, "application");
  mkdirSync(application);
  writeFileSync(
    path.join(application, "package.json"),
    JSON.stringify({ name: "application", private: true }),
  );
  run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], ROOT);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  const cache = path.join(folder, "cache");
  run(
    "npm",
    ["install", `../${tarball}`, "--offline", "--no-audit", "--no-fund", "--cache", cache],
    application,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The exports, by name, that stand in the global, and where. */
const IN_THE_GLOBAL = {
  ChatSession: "connect.ChatSession",
  LogManager: "connect.LogManager",
  csmService: "connect.csmService",
  ChatJS: "connect.ChatJS",
  LogLevel: "connect.ChatSession.LogLevel",
  ChatError: "connect.ChatSession.ChatError",
  isChatError: "connect.ChatSession.isChatError",
  ChatClient: "connect.ChatSession.ChatClient",
};

const NAMES = Object.keys(IN_THE_GLOBAL).sort();

const REPORT = `console.log(JSON.stringify({
  names: Object.keys(library).filter((name) => name !== "default").sort(),
  same: Object.entries({ ${Object.entries(IN_THE_GLOBAL)
    .map(([name, place]) => `${name}: ${place}`)
    .join(
      ", ",
    )} }).filter(([name, value]) => value !== undefined && value === library[name]).map(([name]) => name).sort(),
}));`;

test("one package is installed, and nothing beside it", () => {
  const installed = readdirSync(path.join(application, "node_modules")).filter(
    (name) => !name.startsWith("."),
  );
  expect(installed).toEqual(["amazon-connect-chatjs"]);
  const lock: unknown = JSON.parse(readFileSync(path.join(application, "package-lock.json"), "utf8"));
  expect(Object.keys(Reflect.get(lock as object, "packages") as object)).toEqual([
    "",
    "node_modules/amazon-connect-chatjs",
  ]);
});

describe("named exports are the global's own objects", () => {
  test("under import", () => {
    const seen = outcome("a.mjs", `import * as library from "amazon-connect-chatjs"; ${REPORT}`);
    expect(seen).toEqual({ names: NAMES, same: NAMES });
  });

  test("under require", () => {
    const seen = outcome("b.cjs", `const library = require("amazon-connect-chatjs"); ${REPORT}`);
    expect(seen).toEqual({ names: NAMES, same: NAMES });
  });
});

test.each([
  ["import, then require", 'await import("amazon-connect-chatjs")', 'require("amazon-connect-chatjs")'],
  ["require, then import", 'require("amazon-connect-chatjs")', 'await import("amazon-connect-chatjs")'],
  [
    "import, then the file itself",
    'await import("amazon-connect-chatjs")',
    'require("amazon-connect-chatjs/dist/amazon-connect-chat.js")',
  ],
])("one instance: %s", (_how, first, second) => {
  const seen = outcome(
    "c.mjs",
    `import { createRequire } from "node:module";
     const require = createRequire(import.meta.url);
     const one = ${first};
     const two = ${second};
     const names = ${JSON.stringify(NAMES)};
     console.log(JSON.stringify(names.filter((name) => one[name] !== undefined && one[name] === two[name])));`,
  );
  expect(seen).toEqual(NAMES);
});

test("a second copy of the file finds the first one's objects in the global; ChatJS alone tells who came last", () => {
  const seen = outcome(
    "g.cjs",
    `const one = require("amazon-connect-chatjs");
     Object.keys(require.cache).forEach((key) => delete require.cache[key]);
     const library = require("amazon-connect-chatjs");
     console.log(JSON.stringify({
       same: Object.keys(one).filter((name) => one[name] === library[name]).sort(),
       ofTheGlobal: connect.ChatJS === library.ChatJS,
     }));`,
  );
  expect(seen).toEqual({ same: NAMES.filter((name) => name !== "ChatJS"), ofTheGlobal: true });
});

test("the simulator is an entry of its own, under import and require", () => {
  const names =
    "console.log(JSON.stringify(Object.keys(simulator).filter((name) => name !== 'default').sort()))";
  const imported = outcome("d.mjs", `import * as simulator from "amazon-connect-chatjs/simulator"; ${names}`);
  const required = outcome("e.cjs", `const simulator = require("amazon-connect-chatjs/simulator"); ${names}`);
  expect(imported).toContain("startSimulator");
  expect(imported).toEqual(required);
});

test("its description can be read", () => {
  const seen = outcome(
    "f.cjs",
    'console.log(JSON.stringify(require("amazon-connect-chatjs/package.json").name))',
  );
  expect(seen).toBe("amazon-connect-chatjs");
});
