import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import ts from "typescript";
import { ROOT } from "../support/paths";

/** The published declarations must contain each name only once, and must not contain internal types. */

/** The files whose declarations may be published. */
const PUBLIC = [
  "src/index.ts",
  "src/util/global-types.ts",
  ...readdirSync(path.join(ROOT, "src/api")).map((name) => `src/api/${name}`),
];

const parse = (name: string, text: string): ts.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);

type Named = ts.Statement & { readonly name: ts.Identifier };

const isNamed = (statement: ts.Statement): statement is Named =>
  ts.isInterfaceDeclaration(statement) ||
  ts.isTypeAliasDeclaration(statement) ||
  ts.isClassDeclaration(statement) ||
  ts.isFunctionDeclaration(statement);

/** Returns a file's declarations by name. Skips namespaces, because the generator turns modules into namespaces. */
function declarationsOf(file: ts.SourceFile): [name: string, declaration: ts.Statement][] {
  return file.statements.flatMap((statement): [string, ts.Statement][] => {
    if (isNamed(statement)) return [[statement.name.text, statement]];
    if (!ts.isVariableStatement(statement)) return [];
    return statement.declarationList.declarations.map(({ name }) => [name.getText(), statement]);
  });
}

const isExported = (statement: ts.Statement): boolean =>
  ts.canHaveModifiers(statement) &&
  (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

/** Adds all identifiers in a declaration to `found` and returns `found`. */
function identifiersIn(node: ts.Node, found = new Set<string>()): Set<string> {
  if (ts.isIdentifier(node)) found.add(node.text);
  ts.forEachChild(node, (child) => void identifiersIn(child, found));
  return found;
}

const PUBLIC_NAMES = new Set(
  PUBLIC.flatMap((file) => {
    const source = parse(file, readFileSync(path.join(ROOT, file), "utf8"));
    return declarationsOf(source).map(([name]) => name);
  }),
);

/** Returns the problems in published declarations. */
function problemsOf(text: string): string[] {
  const declarations = declarationsOf(parse("index.d.ts", text));
  const names = [...new Set(declarations.map(([name]) => name))];
  const reached = new Set<string>();
  const reach = (statement: ts.Statement): void => {
    for (const name of identifiersIn(statement)) {
      if (reached.has(name)) continue;
      reached.add(name);
      declarations.filter(([declared]) => declared === name).forEach(([, declaration]) => reach(declaration));
    }
  };
  declarations.filter(([, statement]) => isExported(statement)).forEach(([, statement]) => reach(statement));
  return [
    ...[...new Set(text.match(/\w+\$\d+/g))].map((name) => `${name} is a second declaration`),
    ...names.filter((name) => !PUBLIC_NAMES.has(name)).map((name) => `${name} isn't declared in src/api`),
    ...names.filter((name) => !reached.has(name)).map((name) => `${name} isn't used by any export`),
  ];
}

const publishedDeclarations = readFileSync(path.join(ROOT, "dist/index.d.ts"), "utf8");

test("the published declarations have no renamed duplicates and only types that the exports need", () => {
  expect(publishedDeclarations).toContain("export interface ChatTranscriptItem");
  expect(problemsOf(publishedDeclarations)).toEqual([]);
});

test("the check reports a renamed duplicate, an internal type and an unused type", () => {
  const wrong = publishedDeclarations
    .replace(
      "export type ChatEventName =",
      "export type ChatEventName = ChatEventName$1;\ntype ChatEventName$1 =",
    )
    .replace(
      "export interface ChatDetails {",
      "interface Outbox {}\nexport interface ChatDetails {\n\toutbox: Outbox;",
    )
    .concat("interface WireReceipts {}\n");
  expect(problemsOf(wrong)).toEqual([
    "ChatEventName$1 is a second declaration",
    "Outbox isn't declared in src/api",
    "ChatEventName$1 isn't declared in src/api",
    "WireReceipts isn't declared in src/api",
    "WireReceipts isn't used by any export",
  ]);
});
