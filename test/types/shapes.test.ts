import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import ts from "typescript";
import { makeApplication, type Application } from "./support/compiler";
import { NOT_IN_UPSTREAM_YET, UPSTREAM_TYPES, applied, type UpstreamType } from "./support/names";

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

let application: Application;
beforeAll(() => {
  application = makeApplication("ours", "bundler", { streams: false });
  const upstream = path.resolve(__dirname, "../../node_modules/upstream-chatjs/dist/index.d.ts");
  application.write("upstream.d.ts", renamed(readFileSync(upstream, "utf8")));
});
afterAll(() => application.remove());

test("what applications are given does where upstream's did; what they pass is taken where it was", () => {
  const ours = (name: UpstreamType): string => `connect.${applied(name)}`;
  const theirs = (name: UpstreamType): string => `${OTHER_NAME}.${applied(name)}`;
  const lines = compared.map((name) => {
    const [from, to] = isPassed(name) ? [theirs(name), ours(name)] : [ours(name), theirs(name)];
    return `export const ${name} = (value: ${from}): ${to} => value;`;
  });
  const text = ['import "amazon-connect-chatjs";', ...lines].join("\n");
  const files = [application.write("shapes.ts", text), path.join(application.folder, "upstream.d.ts")];
  expect(application.compile(files)).toEqual([]);
});
