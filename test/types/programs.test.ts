import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import ts from "typescript";
import { SETTINGS, makeApplication, type Application, type Setting } from "./support/compiler";
import { GLOBAL_VALUES, UPSTREAM_TYPES } from "./support/names";

/** Programs of applications, compiled as their own compilers would: packages installed, declarations checked, strict. */

const applications: Application[] = [];
const application: typeof makeApplication = (...how) => {
  const made = makeApplication(...how);
  applications.push(made);
  return made;
};
afterAll(() => applications.forEach((each) => each.remove()));

test("programs written for upstream compile against upstream's declarations", () => {
  const app = application("upstream", "bundler");
  expect(app.compile(app.add("existing"))).toEqual([]);
});

test.each(Object.keys(SETTINGS) as Setting[])(
  "they compile against ours, and so do programs for ours, with Streams' declarations, under %s",
  (setting) => {
    const app = application("ours", setting);
    expect(app.compile(app.add("existing", "ours"))).toEqual([]);
  },
);

test("the program of upstream 5.3's names uses every one of them", () => {
  const file = path.join(__dirname, "programs/ours/upstream-5-3.ts");
  const text = readFileSync(file, "utf8");
  const names = [...Object.keys(UPSTREAM_TYPES), ...GLOBAL_VALUES];
  expect(names.filter((name) => !new RegExp(`\\bconnect\\.${name}\\b`).test(text))).toEqual([]);
});

/** What an application's compiler may know: older language, and surroundings without a page. */
const SURROUNDINGS = [
  {
    what: "the language of 2015, in a page",
    knows: { target: ts.ScriptTarget.ES2015, lib: ["lib.es2015.d.ts", "lib.dom.d.ts"] },
  },
  { what: "Node, without a page", knows: { lib: ["lib.es2022.d.ts"], types: ["node"] } },
  { what: "a web worker", knows: { lib: ["lib.es2022.d.ts", "lib.webworker.d.ts"] } },
] as const satisfies readonly { what: string; knows: Pick<ts.CompilerOptions, "lib" | "types" | "target"> }[];

describe.each(["upstream", "ours"] as const)("the declarations, %s", (whose) => {
  test.each(SURROUNDINGS)("compile where the compiler knows $what", ({ knows }) => {
    const app = application(whose, "bundler", { streams: false });
    const text = `import "amazon-connect-chatjs";
      export const start = (chatDetails: connect.ChatDetailsInput): Promise<connect.ConnectChatResult> => {
        const session = connect.ChatSession.create({ type: "CUSTOMER", chatDetails });
        session.onMessage(({ data }) => data);
        return session.connect().then((result) => result);
      };`;
    expect(app.compile([app.write("start.ts", text)], { knows: { ...knows, lib: [...knows.lib] } })).toEqual(
      [],
    );
  });
});

test("importers of both kinds compile in one program, without Streams", () => {
  const app = application("ours", "node16, CommonJS", { streams: false });
  const text = `import { ChatSession } from "amazon-connect-chatjs";
    export const session: connect.CustomerChatSession = ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: "c", participantId: "p", participantToken: "t" },
    });`;
  const files = [app.write("a.mts", text), app.write("b.cts", text)];
  const widget = app.add("existing").filter((file) => path.basename(file) !== "agent-page.ts");
  expect(app.compile([...files, ...widget])).toEqual([]);
});

describe("what must not compile", () => {
  const EXPECTED = /^\s*\/\/ @ts-expect-error (?<why>.+)$/;
  const app = application("ours", "bundler");
  const files = app.add("refused");
  const expected = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const why = EXPECTED.exec(line)?.groups?.["why"];
        return why === undefined ? [] : [{ at: `${path.relative(app.folder, file)}(${index + 2})`, why }];
      }),
  );
  // The marks are taken off, so that each error shows; its line must be the one that was marked.
  const errors = app.compile(files, {
    replaceText: (text) => text.replaceAll("@ts-expect-error", "expected:"),
  });

  test.each(expected)("$at: $why", ({ at }) => {
    expect(errors.filter((error) => error.startsWith(`${at}:`))).not.toEqual([]);
  });

  test("nothing else is an error", () => {
    const marked = expected.map(({ at }) => at);
    expect(errors.filter((error) => !marked.some((at) => error.startsWith(`${at}:`)))).toEqual([]);
  });
});
