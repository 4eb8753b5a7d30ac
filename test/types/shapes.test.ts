import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import ts from "typescript";
import { makeApplication, type Application } from "./support/compiler";
import { NOT_IN_UPSTREAM_YET, UPSTREAM_TYPES, withTypeArguments, type UpstreamType } from "./support/names";
import { inProject } from "../support/paths";

/**
 * Makes the compiler compare each upstream type with this library's type of the same name. Values that the library
 * returns must be assignable to upstream's type. Values that upstream accepts must be assignable to the library's type.
 * Upstream's namespace is renamed, so that both namespaces can be compiled together.
 */

const UPSTREAM_NAMESPACE = "upstreamConnect";

/** Intentional differences. This library's declarations replace upstream's, so that the other members are compared. */
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

function withRenamedNamespace(declarations: string): string {
  const file = ts.createSourceFile("upstream.d.ts", declarations, ts.ScriptTarget.ES2022, true);
  const replacements: { start: number; end: number; text: string }[] = [];
  const replace = (node: ts.Node, text: string): void => {
    replacements.push({ start: node.getStart(), end: node.end, text });
  };
  const visit = (node: ts.Node, owner: string): void => {
    const memberName =
      ts.isTypeAliasDeclaration(node) || ts.isPropertySignature(node) || ts.isMethodSignature(node)
        ? node.name.getText()
        : undefined;
    const difference = DIFFERENCES.find(({ type, member }) =>
      member === null ? memberName === type : owner === type && memberName === member,
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
  return replacements
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), declarations);
}

const comparedTypes = (Object.keys(UPSTREAM_TYPES) as UpstreamType[]).filter(
  (name) => !NOT_IN_UPSTREAM_YET.includes(name),
);

/** Whether applications pass values of this type to the library. They receive values of all other types. */
const isPassed = (name: UpstreamType): boolean =>
  /(?:Args|Input|Options|Config)$/.test(name) || ["ChatLogger", "WebSocketManager"].includes(name);

/**
 * Types that have more members in this library than in upstream, so upstream's values aren't assignable to them.
 * Applications rarely create such values. Values of all other types are assignable.
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
  application.write("upstream.d.ts", withRenamedNamespace(readFileSync(upstream, "utf8")));
});
afterAll(() => application.remove());

const ourType = (name: UpstreamType): string => `connect.${withTypeArguments(name)}`;
const upstreamType = (name: UpstreamType): string => `${UPSTREAM_NAMESPACE}.${withTypeArguments(name)}`;

/** Compiles one function for each type. It returns a value of type `from` as type `to`. Returns the errors by type. */
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

test("values from the library are assignable to upstream's types, and arguments for upstream are assignable to the library's types", () => {
  const errors = assign(
    "exchanged.ts",
    comparedTypes.map((name) =>
      isPassed(name) ? [name, upstreamType(name), ourType(name)] : [name, ourType(name), upstreamType(name)],
    ),
  );
  expect(errors).toEqual([]);
});

test("values that applications create from upstream's declarations are assignable to the library's types", () => {
  const created = comparedTypes.filter((name) => !isPassed(name));
  const errors = assign(
    "created.ts",
    created.map((name) => [name, upstreamType(name), ourType(name)]),
  );
  const failed = errors.map((error) => error.slice(0, error.indexOf(":")));
  expect(errors.filter((_, index) => !Object.keys(EXTENDED).includes(failed[index] ?? ""))).toEqual([]);
  // Every listed type must still differ, so that the list can't become stale.
  expect(failed.sort()).toEqual(Object.keys(EXTENDED).sort());
});
