import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import ts from "typescript";
import { makeApplication, type Application } from "./support/compiler";
import { NOT_IN_UPSTREAM_YET, UPSTREAM_TYPES, applied, type UpstreamType } from "./support/names";
import { inProject } from "../support/paths";

/**
 * Each of upstream's types against ours of the same name, by the compiler: what an application is given must do where
 * upstream's type did, and what an application passes must be taken where upstream took it. For that the compiler gets
 * upstream's declarations under another name beside ours.
 */

const OTHER_NAME = "upstreamConnect";

/** What differs on purpose: there upstream's declaration is replaced by ours, so that all the rest is compared. */
const DIFFERENCES = [
  { type: "ChatEventContentType", member: null, why: "the service sends three more" },
  { type: "ChatMessageContentType", member: null, why: "kept as one list with the events' types" },
  { type: "CSMService", member: "logger", why: "upstream declares what its logger is made of inside" },
  ...["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"].map((member) => ({
    type: "ChatSessionInterface",
    member,
    why: "a heartbeat is no item, whose fields upstream promises",
  })),
] as const;

function renamed(declarations: string): string {
  const file = ts.createSourceFile("upstream.d.ts", declarations, ts.ScriptTarget.ES2022, true);
  const found: { start: number; end: number; text: string }[] = [];
  const replace = (node: ts.Node, text: string): void => {
    found.push({ start: node.getStart(), end: node.end, text });
  };
  const visit = (node: ts.Node, owner: string): void => {
    const named =
      ts.isTypeAliasDeclaration(node) || ts.isPropertySignature(node) || ts.isMethodSignature(node)
        ? node.name.getText()
        : undefined;
    const difference = DIFFERENCES.find(({ type, member }) =>
      member === null ? named === type : owner === type && named === member,
    );
    if (difference) {
      const { type, member } = difference;
      replace(
        node,
        member === null ? `type ${type} = connect.${type};` : `${member}: connect.${type}["${member}"];`,
      );
      return;
    }
    if (ts.isIdentifier(node) && node.text === "connect") {
      const { parent } = node;
      const isNamespace =
        ts.isModuleDeclaration(parent) ||
        (ts.isQualifiedName(parent) && parent.left === node) ||
        (ts.isExpressionWithTypeArguments(parent.parent) && parent === parent.parent.expression);
      if (isNamespace) replace(node, OTHER_NAME);
    }
    ts.forEachChild(node, (child) => visit(child, ts.isInterfaceDeclaration(node) ? node.name.text : owner));
  };
  visit(file, "");
  return found
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), declarations);
}

const compared = (Object.keys(UPSTREAM_TYPES) as UpstreamType[]).filter(
  (name) => !NOT_IN_UPSTREAM_YET.includes(name),
);

/** What applications make and hand to the library; everything else they are given. */
const isPassed = (name: UpstreamType): boolean =>
  /(?:Args|Input|Options|Config)$/.test(name) || ["ChatLogger", "WebSocketManager"].includes(name);

/**
 * What an application may hardly make by itself: objects of the library that have more methods than upstream's. A value
 * of every other type that upstream's declarations let an application make is one of ours.
 */
const GROWN: Partial<Record<UpstreamType, string>> = {
  AgentChatSession: "more calls and events",
  ChatController: "more calls",
  ChatSessionInterface: "more calls and events",
  ChatSessionObject: "ChatClient and ChatError",
  CustomerChatSession: "more calls and events",
  SetRegionOverride: "takes null, as Streams gives it",
};

let application: Application;
beforeAll(() => {
  application = makeApplication("ours", "bundler", { streams: false });
  const upstream = inProject("node_modules/upstream-chatjs/dist/index.d.ts");
  application.write("upstream.d.ts", renamed(readFileSync(upstream, "utf8")));
});
afterAll(() => application.remove());

const ours = (name: UpstreamType): string => `connect.${applied(name)}`;
const theirs = (name: UpstreamType): string => `${OTHER_NAME}.${applied(name)}`;

/** Compiles one function a type, which hands a value of the one on as a value of the other; the errors by type. */
function handOn(
  name: string,
  types: readonly (readonly [of: UpstreamType, from: string, to: string])[],
): string[] {
  const lines = types.map(([of, from, to]) => `export const ${of} = (value: ${from}): ${to} => value;`);
  const text = ['import "amazon-connect-chatjs";', ...lines].join("\n");
  const files = [application.write(name, text), path.join(application.folder, "upstream.d.ts")];
  return application.compile(files).map((error) => {
    const line = /^\w+\.ts\((?<line>\d+)\)/.exec(error)?.groups?.["line"];
    return line === undefined ? error : `${types[Number(line) - 2]?.[0] ?? ""}: ${error}`;
  });
}

test("what applications are given does where upstream's did; what they pass is taken where it was", () => {
  const errors = handOn(
    "given.ts",
    compared.map((name) =>
      isPassed(name) ? [name, theirs(name), ours(name)] : [name, ours(name), theirs(name)],
    ),
  );
  expect(errors).toEqual([]);
});

test("what applications make by upstream's declarations, such as events in their own tests, is one of ours", () => {
  const made = compared.filter((name) => !isPassed(name));
  const errors = handOn(
    "made.ts",
    made.map((name) => [name, theirs(name), ours(name)]),
  );
  const failed = errors.map((error) => error.slice(0, error.indexOf(":")));
  expect(errors.filter((_, index) => !Object.keys(GROWN).includes(failed[index] ?? ""))).toEqual([]);
  // What is named must differ, so that no line outlives its reason.
  expect(failed.sort()).toEqual(Object.keys(GROWN).sort());
});
