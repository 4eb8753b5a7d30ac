import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import ts from "typescript";
import { makeApplication, type Application } from "./support/compiler";
import { NOT_IN_UPSTREAM_YET, UPSTREAM_TYPES, applied, type UpstreamType } from "./support/names";
import { inProject } from "../support/paths";

/**
 * Makes the compiler compare each upstream type with our type of the same name. Values that the library returns must be
 * assignable to upstream's type, and values that upstream accepts must be assignable to ours. Upstream's namespace is
 * renamed, so that both can be compiled together.
 */

const UPSTREAM_NAMESPACE = "upstreamConnect";

/** Intentional differences. Upstream's declaration is replaced with ours, so that the rest is still compared. */
const DIFFERENCES = [
  { type: "ChatEventContentType", member: null, why: "the service sends three more types" },
  { type: "ChatMessageContentType", member: null, why: "shares one list with the event types" },
  { type: "CSMService", member: "logger", why: "upstream declares its logger's internals" },
  ...["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"].map((member) => ({
    type: "ChatSessionInterface",
    member,
    why: "upstream declares an item's fields, but a heartbeat isn't an item",
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
      if (isNamespace) replace(node, UPSTREAM_NAMESPACE);
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

/** Whether applications pass this type to the library. They receive all other types from it. */
const isPassed = (name: UpstreamType): boolean =>
  /(?:Args|Input|Options|Config)$/.test(name) || ["ChatLogger", "WebSocketManager"].includes(name);

/**
 * Types that have more members in this library than in upstream, so upstream's values aren't assignable to ours.
 * Applications rarely create such values themselves. Values of all other types are assignable.
 */
const EXTENDED: Partial<Record<UpstreamType, string>> = {
  AgentChatSession: "more calls and events",
  ChatController: "more calls",
  ChatSessionInterface: "more calls and events",
  ChatSessionObject: "ChatClient and ChatError",
  CustomerChatSession: "more calls and events",
  SetRegionOverride: "accepts null, which Streams passes",
};

let application: Application;
beforeAll(() => {
  application = makeApplication("ours", "bundler", { streams: false });
  const upstream = inProject("node_modules/upstream-chatjs/dist/index.d.ts");
  application.write("upstream.d.ts", renamed(readFileSync(upstream, "utf8")));
});
afterAll(() => application.remove());

const ours = (name: UpstreamType): string => `connect.${applied(name)}`;
const theirs = (name: UpstreamType): string => `${UPSTREAM_NAMESPACE}.${applied(name)}`;

/** Compiles one function per type that returns a value of type `from` as type `to`. Returns the errors, by type. */
function assign(
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

test("values from the library are assignable to upstream's types, and arguments for upstream are assignable to ours", () => {
  const errors = assign(
    "exchanged.ts",
    compared.map((name) =>
      isPassed(name) ? [name, theirs(name), ours(name)] : [name, ours(name), theirs(name)],
    ),
  );
  expect(errors).toEqual([]);
});

test("values created from upstream's declarations, such as events in an application's tests, are assignable to ours", () => {
  const created = compared.filter((name) => !isPassed(name));
  const errors = assign(
    "created.ts",
    created.map((name) => [name, theirs(name), ours(name)]),
  );
  const failed = errors.map((error) => error.slice(0, error.indexOf(":")));
  expect(errors.filter((_, index) => !Object.keys(EXTENDED).includes(failed[index] ?? ""))).toEqual([]);
  // Every listed type must still differ, so that the list can't become stale.
  expect(failed.sort()).toEqual(Object.keys(EXTENDED).sort());
});
