import { readFileSync, readdirSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Application } from "./support/application";

/** The package as it is published: packed, installed into an empty application without a registry, and used there. */

let application: Application;

/** What a program of the application prints, as JSON. */
function outcome(name: string, text: string): unknown {
  application.write(name, text);
  return JSON.parse(application.run(process.execPath, name));
}

beforeAll(() => {
  application = new Application();
});
afterAll(() => application.remove());

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

test("REL-38: npm installs one package and nothing else", () => {
  const installed = readdirSync(application.path("node_modules")).filter((name) => !name.startsWith("."));
  expect(installed).toEqual(["amazon-connect-chatjs"]);
  const lock: unknown = JSON.parse(readFileSync(application.path("package-lock.json"), "utf8"));
  expect(Object.keys(Reflect.get(lock as object, "packages") as object)).toEqual([
    "",
    "node_modules/amazon-connect-chatjs",
  ]);
});

test("it takes 3 MB at most, and says whose licences stand in it", () => {
  const files = readdirSync(application.ofPackage("."), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  );
  const bytes = files.map(({ parentPath, name }) => statSync(`${parentPath}/${name}`).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
  const licences = readFileSync(application.ofPackage("dist/THIRD-PARTY-LICENSES.txt"), "utf8");
  for (const name of ["ws", "react", "react-dom", "scheduler", "amazon-connect-streams"]) {
    expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
  }
});

describe("REL-21: named exports are the global's own objects", () => {
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

test("a second copy of the file exports the first one's objects from the global, ChatJS among them", () => {
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
  expect(seen).toEqual({ same: NAMES, ofTheGlobal: true });
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
