import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import ts from "typescript";
import { SETTINGS, makeApplication, type Application, type Setting } from "./support/compiler";
import { GLOBAL_VALUES, UPSTREAM_TYPES } from "./support/names";

/** Compiles programs as applications do. Strict mode is on, packages are installed, and declarations are checked. */

const applications: Application[] = [];
const makeTrackedApplication: typeof makeApplication = (...args) => {
  const newApplication = makeApplication(...args);
  applications.push(newApplication);
  return newApplication;
};
afterAll(() => applications.forEach((each) => each.remove()));

test("programs written for upstream compile with upstream's declarations", () => {
  const app = makeTrackedApplication("upstream", "bundler");
  expect(app.compile(app.add("existing"))).toEqual([]);
});

test.each(Object.keys(SETTINGS) as Setting[])(
  "programs for upstream and for this library compile with this library's and Streams' declarations (%s)",
  (setting) => {
    const app = makeTrackedApplication("ours", setting);
    expect(app.compile(app.add("existing", "ours"))).toEqual([]);
  },
);

test("upstream-5-3.ts uses every name that upstream 5.3 declares", () => {
  const file = path.join(__dirname, "programs/ours/upstream-5-3.ts");
  const text = readFileSync(file, "utf8");
  const names = [...Object.keys(UPSTREAM_TYPES), ...GLOBAL_VALUES];
  expect(names.filter((name) => !new RegExp(`\\bconnect\\.${name}\\b`).test(text))).toEqual([]);
});

/** Compiler settings that an application may have, such as an older language level or no DOM library. */
const ENVIRONMENTS = [
  {
    name: "a page with ES2015",
    options: { target: ts.ScriptTarget.ES2015, lib: ["lib.es2015.d.ts", "lib.dom.d.ts"] },
  },
  { name: "Node without a page", options: { lib: ["lib.es2022.d.ts"], types: ["node"] } },
  { name: "a web worker", options: { lib: ["lib.es2022.d.ts", "lib.webworker.d.ts"] } },
] as const satisfies readonly {
  name: string;
  options: Pick<ts.CompilerOptions, "lib" | "types" | "target">;
}[];

describe.each([
  ["upstream's", "upstream"],
  ["this library's", "ours"],
] as const)("%s declarations", (_whose, declarations) => {
  test.each(ENVIRONMENTS)("compile in $name", ({ options }) => {
    const app = makeTrackedApplication(declarations, "bundler", { streams: false });
    const text = `import "amazon-connect-chatjs";
      export const start = (chatDetails: connect.ChatDetailsInput): Promise<connect.ConnectChatResult> => {
        const session = connect.ChatSession.create({ type: "CUSTOMER", chatDetails });
        session.onMessage(({ data }) => data);
        return session.connect().then((result) => result);
      };`;
    const files = [app.write("start.ts", text)];
    expect(app.compile(files, { overrides: { ...options, lib: [...options.lib] } })).toEqual([]);
  });
});

test("ES module and CommonJS importers compile in one program, without Streams", () => {
  const app = makeTrackedApplication("ours", "node16, CommonJS", { streams: false });
  const text = `import { ChatSession } from "amazon-connect-chatjs";
    export const session: connect.CustomerChatSession = ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: "c", participantId: "p", participantToken: "t" },
    });`;
  const files = [app.write("a.mts", text), app.write("b.cts", text)];
  const widget = app.add("existing").filter((file) => path.basename(file) !== "agent-page.ts");
  expect(app.compile([...files, ...widget])).toEqual([]);
});

describe("the program with wrong code", () => {
  const EXPECTED = /^\s*\/\/ @ts-expect-error (?<why>.+)$/;
  const app = makeTrackedApplication("ours", "bundler");
  const files = app.add("refused");
  const expected = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const why = EXPECTED.exec(line)?.groups?.["why"];
        return why === undefined ? [] : [{ at: `${path.relative(app.folder, file)}(${index + 2})`, why }];
      }),
  );
  // Without the directives, the compiler reports each error. The error must be on the marked line.
  const errors = app.compile(files, {
    replaceText: (text) => text.replaceAll("@ts-expect-error", "expected:"),
  });

  test.each(expected)("has an error at $at ($why)", ({ at }) => {
    expect(errors.filter((error) => error.startsWith(`${at}:`))).not.toEqual([]);
  });

  test("has no other errors", () => {
    const marked = expected.map(({ at }) => at);
    expect(errors.filter((error) => !marked.some((at) => error.startsWith(`${at}:`)))).toEqual([]);
  });
});
