import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ROOT } from "../support/paths";

/** Breaks each code rule once in a scratch copy. The check must report the rule's name and the file. */

const COPIED = [
  "src",
  "simulator",
  "inspector",
  "interactive",
  "package.json",
  "tsconfig.json",
  "eslint.config.mjs",
  ".dependency-cruiser.cjs",
  "scripts/check-names.mjs",
];

let scratch: string;

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), "house-"));
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(scratch, name), { recursive: true });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(scratch, "node_modules"));
  // ESLint's configuration refers to the tests' tsconfig.json, so the copy needs one, even if it covers no tests.
  mkdirSync(path.join(scratch, "test"));
  writeFileSync(
    path.join(scratch, "test/tsconfig.json"),
    JSON.stringify({ extends: "../tsconfig.json", include: ["../src"] }),
  );
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(scratch, file), text);
}

function remove(files: Readonly<Record<string, string>>): void {
  for (const file of Object.keys(files)) rmSync(path.join(scratch, file));
}

function run(tool: string, ...args: string[]): { status: number | null; output: unknown } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(ROOT, "node_modules", tool), ...args],
    {
      cwd: scratch,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  try {
    return { status, output: JSON.parse(stdout) };
  } catch {
    throw new Error(`${tool} printed no JSON report: ${stderr || stdout}`);
  }
}

describe("npm run check:house", () => {
  /** Each rule with a file that breaks it. */
  const VIOLATIONS: readonly (readonly [rule: string, file: string, text: string])[] = [
    [
      "conversation-imports-nothing-above-it",
      "src/conversation/up.ts",
      'import { Chat } from "../session/chat"; console.log(Chat);',
    ],
    [
      "participant-imports-nothing-above-it",
      "src/participant/up.ts",
      'import { Inbox } from "../conversation/inbox"; console.log(Inbox);',
    ],
    [
      "connection-imports-nothing-above-it",
      "src/connection/up.ts",
      'import type { Chat } from "../session/chat"; export type A = Chat;',
    ],
    [
      "observability-imports-nothing-above-it",
      "src/observability/up.ts",
      'import { Heartbeat } from "../connection/heartbeat"; console.log(Heartbeat);',
    ],
    [
      "util-imports-nothing-above-it",
      "src/util/up.ts",
      'import { ChatError } from "../errors"; console.log(ChatError);',
    ],
    [
      "util-imports-nothing-above-it",
      "src/util/far-up.ts",
      'import type { Chat } from "../session/chat"; export type A = Chat;',
    ],
    [
      "participant-does-not-import-connection",
      "src/participant/side.ts",
      'import { TOPIC } from "../connection/frames"; console.log(TOPIC);',
    ],
    [
      "connection-does-not-import-participant",
      "src/connection/side.ts",
      'import { RETRY } from "../participant/retry"; console.log(RETRY);',
    ],
    [
      "library-does-not-import-the-simulator",
      "src/session/simulated.ts",
      'import { startSimulator } from "../../simulator/index"; console.log(startSimulator);',
    ],
    [
      "simulator-does-not-import-the-library",
      "simulator/borrowed.ts",
      'import { isItem } from "../src/item"; console.log(isItem);',
    ],
    [
      "panel-imports-only-types-of-the-control-api",
      "simulator/panel/borrowed.ts",
      'import { Faults } from "../faults"; console.log(Faults);',
    ],
    [
      "panel-imports-no-values-of-the-control-api",
      "simulator/panel/valued.ts",
      'import { OPERATIONS } from "../control/operations"; console.log(OPERATIONS);',
    ],
    [
      "one-package-in-the-panel",
      "simulator/panel/packaged.ts",
      'import { createServer } from "node:http"; console.log(createServer);',
    ],
    [
      "nothing-imports-the-panel",
      "simulator/paneled.ts",
      'import { toPieces } from "./panel/composer/pieces"; console.log(toPieces);',
    ],
    [
      "interactive-stands-alone",
      "interactive/borrowed.ts",
      'import type { ChatEventData } from "../src/api/items"; export type A = ChatEventData;',
    ],
    [
      "nothing-imports-interactive",
      "src/session/rich.ts",
      'import { parseInteractive } from "../../interactive/index"; console.log(parseInteractive);',
    ],
    [
      "one-package-in-the-bundle",
      "src/session/packaged.ts",
      'import { WebSocket } from "ws"; console.log(WebSocket);',
    ],
    [
      "one-package-in-the-bundle",
      "src/session/of-node.ts",
      'import { setTimeout } from "node:timers"; console.log(setTimeout);',
    ],
    [
      "api-imports-nothing",
      "src/api/layered.ts",
      'import type { Frame } from "../connection/frames"; export type A = Frame;',
    ],
    ["api-imports-nothing", "src/api/founded.ts", 'import { isItem } from "../item"; console.log(isItem);'],
    [
      "api-imports-only-types-from-util",
      "src/api/helped.ts",
      'import { isText } from "../util/json"; console.log(isText);',
    ],
    [
      "index-is-declarations",
      "src/session/declared.ts",
      'import { LogLevel } from "../index"; console.log(LogLevel);',
    ],
    ["no-cycles", "src/util/one.ts", 'import { two } from "./two"; export const one = two;'],
    ["no-unresolvable", "src/util/nowhere.ts", 'import { gone } from "./gone"; console.log(gone);'],
    ["no-orphan", "src/util/dead.ts", "export const dead = 1;"],
  ];
  const files = {
    ...Object.fromEntries(VIOLATIONS.map(([, file, text]) => [file, `${text}\n`])),
    "src/util/two.ts": 'import { one } from "./one"; export const two = one;\n',
  };
  const cruise = (): ReturnType<typeof run> =>
    run(
      "dependency-cruiser/bin/dependency-cruise.mjs",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "json",
      "src",
      "simulator",
      "interactive",
    );

  interface Report {
    summary: { violations: { from: string; rule: { name: string } }[] };
  }

  test("passes for the source", () => {
    const { status, output } = cruise();
    expect((output as Report).summary.violations).toEqual([]);
    expect(status).toBe(0);
  });

  test("reports the name of each broken import rule with the file that breaks the rule", () => {
    write(files);
    try {
      const { violations } = (cruise().output as Report).summary;
      const found = violations.map(({ from, rule }) => `${rule.name}: ${from}`);
      expect(found).toEqual(expect.arrayContaining(VIOLATIONS.map(([rule, file]) => `${rule}: ${file}`)));
    } finally {
      remove(files);
    }
  });

  test("exits with an error if a rule is broken", () => {
    const files = {
      "src/util/up.ts": 'import { ChatError } from "../errors";\nexport const up = ChatError;\n',
      "src/version.ts":
        'import { up } from "./util/up";\nexport const VERSION = up;\nexport const BUILD = {};\n',
    };
    write(files);
    try {
      const { status } = spawnSync(
        process.execPath,
        [
          path.join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
          "--config",
          ".dependency-cruiser.cjs",
          "src",
        ],
        { cwd: scratch },
      );
      expect(status).not.toBe(0);
    } finally {
      rmSync(path.join(scratch, "src/util/up.ts"));
      cpSync(path.join(ROOT, "src/version.ts"), path.join(scratch, "src/version.ts"));
    }
  });
});

describe("the lint rules for src and interactive", () => {
  /** Each rule with code that the rule rejects, except in the one module that is exempt. */
  const FORBIDDEN: readonly (readonly [rule: string, code: string])[] = [
    ["no-restricted-globals", "export const page = window.location.href;"],
    ["no-restricted-globals", "export const title = document.title;"],
    ["no-restricted-globals", "export const online = navigator.onLine;"],
    ["no-restricted-globals", "export const timer = setTimeout(() => undefined, 1);"],
    ["no-restricted-globals", "export const repeated = setInterval(() => undefined, 1);"],
    ["no-restricted-globals", 'export const socket = new WebSocket("wss://example.com");'],
    ["no-restricted-globals", 'export const response = fetch("https://example.com");'],
    ["no-restricted-globals", "export const id = crypto.randomUUID();"],
    ["no-restricted-globals", 'console.log("hello");'],
    ["no-restricted-globals", "export const here = globalThis;"],
    ["no-restricted-globals", "export const namespace = connect.ChatSession;"],
    ["no-restricted-properties", "export const now = Date.now();"],
    ["no-restricted-properties", "export const random = Math.random();"],
    ["no-restricted-syntax", "export const today = new Date();"],
    ["no-restricted-syntax", "let count = 0;\nexport const next = (): number => (count += 1);"],
    ["no-restricted-syntax", "export const registry = new Map<string, string>();"],
    [
      "no-restricted-syntax",
      "const known = new WeakMap<object, string>();\nexport const of = (key: object) => known.get(key);",
    ],
    ["no-restricted-syntax", "export class Hub {\n  static readonly hubs = new WeakMap<object, Hub>();\n}"],
    ["no-restricted-syntax", "export class Hub {\n  static last: Hub | null = null;\n}"],
    ["@typescript-eslint/no-floating-promises", "Promise.resolve(1);"],
    ["@typescript-eslint/no-explicit-any", "export const anything: any = 1;"],
    ["max-lines", Array.from({ length: 301 }, (_, line) => `export const line${line} = 1;`).join("\n")],
    ["@typescript-eslint/ban-ts-comment", "// @ts-ignore\nexport const hidden = 1;"],
  ];
  const fileOf = (index: number): string => `src/session/forbidden-${index}.ts`;

  interface FileReport {
    filePath: string;
    messages: { ruleId: string | null }[];
  }

  function lint(...files: string[]): FileReport[] {
    return run("eslint/bin/eslint.js", "--format", "json", ...files).output as FileReport[];
  }

  test("report each forbidden line", () => {
    const files = Object.fromEntries(FORBIDDEN.map(([, code], index) => [fileOf(index), `${code}\n`]));
    write(files);
    try {
      const reports = lint(...Object.keys(files));
      const found = FORBIDDEN.map(([rule, code], index) => {
        const report = reports.find(({ filePath }) => filePath.endsWith(fileOf(index)));
        return [report?.messages.some(({ ruleId }) => ruleId === rule) ? rule : "not reported", code];
      });
      expect(found).toEqual(FORBIDDEN);
    } finally {
      remove(files);
    }
  }, 60_000);

  test("report the use of the page in interactive", () => {
    const files = { "interactive/refused.ts": "export const title = document.title;\n" };
    write(files);
    try {
      const [report] = lint(...Object.keys(files));
      expect(report?.messages.map(({ ruleId }) => ruleId)).toContain("no-restricted-globals");
    } finally {
      remove(files);
    }
  }, 60_000);

  test("allow platform.ts to use browser globals, and namespace.ts to use the `connect` global", () => {
    const reports = lint("src/platform.ts", "src/namespace.ts");
    expect(reports.map(({ messages }) => messages)).toEqual([[], []]);
  }, 60_000);
});

describe("npm run check:names", () => {
  const check = (): { status: number | null; stderr: string } =>
    spawnSync(process.execPath, ["scripts/check-names.mjs"], { cwd: scratch, encoding: "utf8" });

  test("passes for the source", () => {
    expect(check()).toMatchObject({ status: 0, stderr: "" });
  });

  test("reports each type or value name that two files declare, but not re-exports", () => {
    const files = {
      "src/session/first.ts": [
        "export interface ChatEvent { other: true }",
        "export const { isItem, renamed: [kindOf] } = { isItem: 1, renamed: [2] };",
        "interface ChatDetails { notExported: true }",
        "export type Details = ChatDetails;",
      ].join("\n"),
      "src/session/second.ts": 'export type { ChatDetails } from "../api/calls";\nexport class Outbox {}\n',
    };
    write(files);
    try {
      const { status, stderr } = check();
      expect(stderr.split("\n").filter(Boolean)).toEqual([
        "ChatEvent is declared in src/api/events.ts and src/session/first.ts: rename all but one.",
        "Outbox is declared in src/conversation/outbox.ts and src/session/second.ts: rename all but one.",
        "isItem is declared in src/item.ts and src/session/first.ts: rename all but one.",
        "kindOf is declared in src/errors.ts and src/session/first.ts: rename all but one.",
      ]);
      expect(status).toBe(1);
    } finally {
      remove(files);
    }
  });
});
