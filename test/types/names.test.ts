import { afterAll, describe, expect, test } from "@jest/globals";
import ts from "typescript";
import { makeApplication, type Application } from "./support/compiler";
import { GLOBAL_VALUES, UPSTREAM_TYPES, withTypeArguments, type UpstreamType } from "./support/names";

/** The declarations must contain the same names in the global namespace as upstream's, and the same names as exports. */

const names = Object.keys(UPSTREAM_TYPES) as UpstreamType[];
const applications: Application[] = [];
afterAll(() => applications.forEach((each) => each.remove()));

function makeProgram(text: string): { errors: string[]; program: ts.Program; file: string } {
  const application = makeApplication("ours", "bundler", { streams: false });
  applications.push(application);
  const file = application.write("names.ts", text);
  const program = application.program([file]);
  return { errors: application.errorsOf(program), program, file };
}

const lines = [
  'import * as chatjs from "amazon-connect-chatjs";',
  ...names.flatMap((name) => [
    `export type Global${name} = connect.${withTypeArguments(name)};`,
    `export type Named${name} = chatjs.${withTypeArguments(name)};`,
    // Both names must refer to the same type, which means that each type is assignable to the other.
    `export const there${name} = (value: Global${name}): Named${name} => value;`,
    `export const back${name} = (value: Named${name}): Global${name} => value;`,
  ]),
  ...GLOBAL_VALUES.map((name) => `export const ${name}: typeof connect.${name} = chatjs.${name};`),
];
const { errors, program, file } = makeProgram(lines.join("\n"));
const checker = program.getTypeChecker();
const source = program.getSourceFile(file);
if (!source) throw new Error("The program has no source.");

function symbolsOfModule(): ts.Symbol[] {
  const [declaration] = source?.statements ?? [];
  if (!declaration || !ts.isImportDeclaration(declaration))
    throw new Error("The program doesn't start with the import.");
  const symbol = checker.getSymbolAtLocation(declaration.moduleSpecifier);
  return symbol ? checker.getExportsOfModule(symbol).map(resolveAlias) : [];
}

const resolveAlias = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

function symbolsOfGlobal(): ts.Symbol[] {
  const symbol = checker.resolveName("connect", source, ts.SymbolFlags.Namespace, false);
  return symbol ? checker.getExportsOfModule(symbol) : [];
}

const namesOf = (symbols: readonly ts.Symbol[], flags: ts.SymbolFlags): string[] =>
  symbols
    .filter((symbol) => symbol.flags & flags)
    .map((symbol) => symbol.name)
    .sort();

test("every name exists in the global and as an export, with the same type", () => {
  expect(errors).toEqual([]);
});

describe("the global namespace", () => {
  test("has exactly upstream's types", () => {
    expect(namesOf(symbolsOfGlobal(), ts.SymbolFlags.Type)).toEqual([...names].sort());
  });

  test("has the library's values, but none with a name that Streams uses", () => {
    expect(namesOf(symbolsOfGlobal(), ts.SymbolFlags.Value)).toEqual([...GLOBAL_VALUES].sort());
  });
});

describe("documentation", () => {
  /** Fields whose names and types don't need an explanation. */
  const isPlain = (name: string): boolean =>
    !/^on[A-Z]/.test(name) && !["create", "connect", "on", "subscribe", "reset", "dispose"].includes(name);

  const isDocumented = (symbol: ts.Symbol): boolean =>
    symbol.getDocumentationComment(checker).length > 0 || symbol.getJsDocTags(checker).length > 0;

  test("every export has a docstring", () => {
    expect(
      symbolsOfModule()
        .filter((symbol) => !isDocumented(symbol))
        .map(({ name }) => name),
    ).toEqual([]);
  });

  test.each(["CustomerChatSession", "AgentChatSession", "ChatController", "ChatSessionObject"])(
    "every method of %s has a docstring",
    (name) => {
      const symbol = symbolsOfGlobal().find((each) => each.name === name);
      if (!symbol) throw new Error(`There is no ${name}.`);
      const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
      expect(members.length).toBeGreaterThan(10);
      const bare = members.filter(
        (member) =>
          !isDocumented(member) &&
          (!isPlain(member.name) || checker.getTypeOfSymbol(member).getCallSignatures().length > 0),
      );
      expect(bare.map((member) => member.name)).toEqual([]);
    },
  );
});
