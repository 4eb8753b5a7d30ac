import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { CLIENT_ROWS } from "./rows/client";
import { CALL_ROWS } from "./rows/calls";
import { CONFIG_ROWS } from "./rows/config";
import { EVENT_ROWS } from "./rows/events";
import { MANAGER_ROWS } from "./rows/manager";
import { NAMESPACE_ROWS } from "./rows/namespace";
import { UPSTREAM_NAMES, WITHOUT_EFFECT } from "./upstream-names";
import { Page } from "./support/page";
import type { Rows } from "./support/row";
import { loadBundle } from "../integration/support/bundle";
import { inProject } from "../support/paths";

const ROWS: Rows = {
  ...NAMESPACE_ROWS,
  ...CALL_ROWS,
  ...EVENT_ROWS,
  ...CONFIG_ROWS,
  ...CLIENT_ROWS,
  ...MANAGER_ROWS,
};
const NAMES = Object.keys(ROWS);
const rowOf = (name: string): Rows[string] => {
  const found = ROWS[name];
  if (!found) throw new Error(`There is no row ${name}.`);
  return found;
};

// The name is the test's ID, which docs/compatibility.md refers to.
test.each(NAMES.map((name) => [name, rowOf(name).does] as const))("%s: %s", async (name) => {
  await rowOf(name).test(new Page());
});

test.each(NAMES)("the test for %s fails on a library that lacks this name", async (name) => {
  const page = new Page(name);
  let failed = false;
  try {
    await rowOf(name).test(page);
  } catch {
    failed = true;
  }
  expect({ removed: page.removals > 0, failed }).toEqual({ removed: true, failed: true });
});

/** Returns the names of an object's methods and fields, including its class's. */
function membersOf(object: object): string[] {
  const names = new Set<string>();
  for (
    let at: object | null = object;
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    Object.getOwnPropertyNames(at).forEach((name) => names.add(name));
  }
  names.delete("constructor");
  return [...names];
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Returns the members that the library has, named as in the table. */
function actualNames(): string[] {
  const page = new Page();
  const { library } = page;
  const qualifiedNames = (root: string, object: object): string[] =>
    membersOf(object).map((name) => `${root}.${name}`);
  const manager = library.WebSocketManager.create();
  const session = page.customer();
  return [
    ...qualifiedNames("connect", library),
    ...Object.entries(library).flatMap(([name, part]) => {
      // The levels are values, not members. LogManager is added below, with its class's methods.
      return isObject(part) && name !== "LogLevel" && name !== "LogManager"
        ? qualifiedNames(`connect.${name}`, part)
        : [];
    }),
    ...membersOf(library.LogManager).map((name) => `connect.LogManager.${name}`),
    ...qualifiedNames("session", session),
    ...qualifiedNames("session", page.agent()),
    ...qualifiedNames("controller", session.controller),
    ...qualifiedNames("logger", library.LogManager.getLogger()),
    ...qualifiedNames("manager", manager).filter((name) => !INTERNAL_MEMBERS.has(name)),
  ];
}

/** Internal members of the socket manager. */
const INTERNAL_MEMBERS = new Set(
  [
    "onLink",
    "onDamagedFrame",
    "onFailed",
    "link",
    "reconnectNow",
    "failure",
    "deliver",
    "pinged",
    "replays",
    "events",
    "internal",
    "messages",
  ].map((name) => `manager.${name}`),
);

const DOCUMENT = inProject("docs/compatibility.md");
const HEAD = "| name | description |\n| - | - |\n";

/** `COMPATIBILITY_TABLE=write npm run compatibility` rewrites the tables and keeps the text before them. */
function writeTables(): void {
  const text = readFileSync(DOCUMENT, "utf8");
  const before = text.slice(0, text.indexOf("## `"));
  const roots = [...new Set(NAMES.map(rootOf))];
  const tables = roots.map((root) => {
    const rows = NAMES.filter((name) => rootOf(name) === root).map(
      (name) => `| \`${name}\` | ${rowOf(name).does} |\n`,
    );
    return `## \`${root}\`\n\n${HEAD}${rows.join("")}`;
  });
  writeFileSync(DOCUMENT, before + tables.join("\n"));
}
const rootOf = (name: string): string => name.split(".")[0] ?? "";

describe("the table in docs/compatibility.md", () => {
  if (process.env["COMPATIBILITY_TABLE"] === "write") writeTables();
  const text = readFileSync(DOCUMENT, "utf8");
  const lines = [...text.matchAll(/^\| `([^`]+)` +\| (.*?) +\|$/gm)];
  const documented = lines.map(([, name = "", does = ""]) => ({ name, does }));

  test("has one row per member, with its test's ID and description", () => {
    const expected = NAMES.map((name) => ({ name, does: rowOf(name).does }));
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
    expect(documented.sort(byName)).toEqual(expected.sort(byName));
  });

  test("contains every public name that upstream has", () => {
    expect(UPSTREAM_NAMES.filter((name) => !(name in ROWS))).toEqual([]);
  });

  test("contains every member that the library has", () => {
    expect(actualNames().filter((name) => !(name in ROWS))).toEqual([]);
  });

  test("names the settings that are accepted but have no effect", () => {
    for (const name of WITHOUT_EFFECT) expect(text).toContain(`\`${name}\``);
  });
});

test("the bundle has the same members as the source that the other tests run on", () => {
  const { library } = new Page();
  loadBundle();
  const built = Reflect.get(globalThis, "connect") as Record<string, object>;
  expect(Object.keys(built).sort()).toEqual(Object.keys(library).sort());
  for (const [name, part] of Object.entries(library)) {
    expect(membersOf(built[name] ?? {}).sort()).toEqual(membersOf(Object(part) as object).sort());
  }
});
