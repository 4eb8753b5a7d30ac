import { readFileSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Application } from "./support/application";

/** The package as published. It's packed, installed offline into an empty application, and used there. */

let application: Application;

/** Runs a program in the application and parses its output as JSON. */
function outputOf(name: string, text: string): unknown {
  application.write(name, text);
  return JSON.parse(application.run(process.execPath, name));
}

beforeAll(() => {
  application = new Application();
});
afterAll(() => application.remove());

/** For each export, the path of the same object in the global `connect`. */
const GLOBAL_PATHS = {
  ChatSession: "connect.ChatSession",
  LogManager: "connect.LogManager",
  csmService: "connect.csmService",
  ChatJS: "connect.ChatJS",
  LogLevel: "connect.ChatSession.LogLevel",
  ChatError: "connect.ChatSession.ChatError",
  isChatError: "connect.ChatSession.isChatError",
  ChatClient: "connect.ChatSession.ChatClient",
};

const NAMES = Object.keys(GLOBAL_PATHS).sort();

const REPORT = `console.log(JSON.stringify({
  names: Object.keys(library).filter((name) => name !== "default").sort(),
  same: Object.entries({ ${Object.entries(GLOBAL_PATHS)
    .map(([name, place]) => `${name}: ${place}`)
    .join(
      ", ",
    )} }).filter(([name, value]) => value !== undefined && value === library[name]).map(([name]) => name).sort(),
}));`;

test("REL-38: npm installs one package without dependencies", () => {
  const installed = readdirSync(application.path("node_modules")).filter((name) => !name.startsWith("."));
  expect(installed).toEqual(["amazon-connect-chatjs"]);
  const lock: unknown = JSON.parse(readFileSync(application.path("package-lock.json"), "utf8"));
  expect(Object.keys(Reflect.get(lock as object, "packages") as object)).toEqual([
    "",
    "node_modules/amazon-connect-chatjs",
  ]);
});

test("the package is at most 350 kB packed, and includes the licenses of its bundled dependencies", () => {
  expect(application.packedBytes).toBeLessThanOrEqual(350_000);
  const licenses = readFileSync(application.ofPackage("dist/THIRD-PARTY-LICENSES.txt"), "utf8");
  expect(licenses).toMatch(/^ws \d/m);
});

test("the package has the panel, the demo and the examples that need no build, and its index links to no other examples", () => {
  const examples = application.ofPackage("dist/examples");
  expect(readdirSync(examples).sort()).toEqual([
    "demo",
    "index.css",
    "index.html",
    "script-tag",
    "shared.css",
  ]);
  const index = readFileSync(`${examples}/index.html`, "utf8");
  expect([...index.matchAll(/href="([^"]+\/)"/g)].map(([, link]) => link)).toEqual(["../", "script-tag/"]);
  expect(readdirSync(application.ofPackage("dist/panel"))).toContain("index.html");
});

describe("REL-21: named exports are the objects in the global", () => {
  test("for import", () => {
    const output = outputOf("a.mjs", `import * as library from "amazon-connect-chatjs"; ${REPORT}`);
    expect(output).toEqual({ names: NAMES, same: NAMES });
  });

  test("for require", () => {
    const output = outputOf("b.cjs", `const library = require("amazon-connect-chatjs"); ${REPORT}`);
    expect(output).toEqual({ names: NAMES, same: NAMES });
  });
});

test.each([
  ["import and then require", 'await import("amazon-connect-chatjs")', 'require("amazon-connect-chatjs")'],
  ["require and then import", 'require("amazon-connect-chatjs")', 'await import("amazon-connect-chatjs")'],
  [
    "import of the package and then require of the file itself",
    'await import("amazon-connect-chatjs")',
    'require("amazon-connect-chatjs/dist/amazon-connect-chat.js")',
  ],
])("%s return the same instance", (_how, first, second) => {
  const output = outputOf(
    "c.mjs",
    `import { createRequire } from "node:module";
     const require = createRequire(import.meta.url);
     const one = ${first};
     const two = ${second};
     const names = ${JSON.stringify(NAMES)};
     console.log(JSON.stringify(names.filter((name) => one[name] !== undefined && one[name] === two[name])));`,
  );
  expect(output).toEqual(NAMES);
});

test("a second copy of the file exports the first copy's objects, which are in the global, including ChatJS", () => {
  const output = outputOf(
    "g.cjs",
    `const one = require("amazon-connect-chatjs");
     Object.keys(require.cache).forEach((key) => delete require.cache[key]);
     const library = require("amazon-connect-chatjs");
     console.log(JSON.stringify({
       same: Object.keys(one).filter((name) => one[name] === library[name]).sort(),
       matchesGlobal: connect.ChatJS === library.ChatJS,
     }));`,
  );
  expect(output).toEqual({ same: NAMES, matchesGlobal: true });
});

test.each([
  ["simulator", "startSimulator"],
  ["interactive", "parseInteractive"],
])("/%s is an entry with the same exports for import and require", (entry, example) => {
  const names = "console.log(JSON.stringify(Object.keys(entry).filter((name) => name !== 'default').sort()))";
  const imported = outputOf("d.mjs", `import * as entry from "amazon-connect-chatjs/${entry}"; ${names}`);
  const required = outputOf("e.cjs", `const entry = require("amazon-connect-chatjs/${entry}"); ${names}`);
  expect(imported).toContain(example);
  expect(imported).toEqual(required);
});

test("/interactive works without the library and leaves the globals alone", () => {
  const output = outputOf(
    "h.mjs",
    `import { createRequire } from "node:module";
     const before = Object.keys(globalThis);
     const { InteractiveError, parseInteractive, quickReply, toPlainText } = await import("amazon-connect-chatjs/interactive");
     const { contentType, content } = quickReply({ title: "Solved?", elements: ["Yes", "No"] });
     const message = parseInteractive({ ContentType: contentType, Content: content });
     const required = createRequire(import.meta.url)("amazon-connect-chatjs/interactive");
     console.log(JSON.stringify({
       text: toPlainText(message),
       globals: Object.keys(globalThis).filter((name) => !before.includes(name)),
       same: required.InteractiveError === InteractiveError,
     }));`,
  );
  expect(output).toEqual({ text: "Solved?\n1. Yes\n2. No", globals: [], same: true });
});

describe("the React hooks have their own entry", () => {
  const NAMES_OF_HOOKS = ["sessionStorageResume", "useChat", "useChatSelector", "useChatStore"];
  const render = `
    const element = () => React.createElement(() => hooks.useChat({ start: () => Promise.reject() }).status);
    console.log(JSON.stringify({
      names: Object.keys(hooks).filter((name) => name !== "default").sort(),
      html: server.renderToString(element()),
    }));`;
  const EXPECTED = { names: NAMES_OF_HOOKS, html: "idle" };
  beforeAll(() => application.link("react", "react-dom"));

  test("with import, on a server", () => {
    const imports = `
      import * as hooks from "amazon-connect-chatjs/react";
      import React from "react";
      import server from "react-dom/server";`;
    expect(outputOf("h.mjs", imports + render)).toEqual(EXPECTED);
  });

  test("with require, on a server", () => {
    const requires = `
      const hooks = require("amazon-connect-chatjs/react");
      const React = require("react");
      const server = require("react-dom/server");`;
    expect(outputOf("i.cjs", requires + render)).toEqual(EXPECTED);
  });

  test.each(["react.js", "react.mjs"])(
    "%s runs in the browser, and imports React and the library",
    (name) => {
      const text = readFileSync(application.ofPackage(`dist/${name}`), "utf8");
      expect(text).toMatch(/^"use client";/);
      const imported = [...text.matchAll(/(?:from|require\()\s*"([^"]+)"/g)].map(([, from]) => from);
      expect([...new Set(imported)].sort()).toEqual(["amazon-connect-chatjs", "react"]);
    },
  );
});

test("the package's package.json can be required", () => {
  const output = outputOf(
    "f.cjs",
    'console.log(JSON.stringify(require("amazon-connect-chatjs/package.json").name))',
  );
  expect(output).toBe("amazon-connect-chatjs");
});
