// Finds every message that the library can put into an error in the source, for the table in docs/errors.md.
// `npm run docs:errors` writes the table. `--check` reports differences from the source (test/docs/errors.test.ts).
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import prettier from "prettier";
import ts from "typescript";

const ROOT = path.dirname(import.meta.dirname);

/** The order of the rows. */
const CODES = [
  "IllegalArgument",
  "IllegalState",
  "NetworkError",
  "Timeout",
  "Aborted",
  "ServiceError",
  "InvalidResponse",
  "StorageError",
  "ClientError",
].map((code) => `\`${code}\``);

/**
 * @typedef {{ call: ts.CallExpression, context: Context } | null} Context The call for which a function is evaluated;
 * null if the call is unknown.
 */

/**
 * Follows strings through constants, parameters, fields and branches. A value that is known only at run time becomes
 * `{its name}`.
 */
class Messages {
  /** @param {string} root the source folder, with a tsconfig.json next to it or in a parent folder */
  constructor(root) {
    const configFile = ts.findConfigFile(root, ts.sys.fileExists);
    const { options } = ts.getParsedCommandLineOfConfigFile(
      configFile,
      {},
      { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} },
    );
    const files = ts.sys.readDirectory(root, [".ts"]);
    const program = ts.createProgram(files, options);
    this.checker = program.getTypeChecker();
    this.sources = program.getSourceFiles().filter(({ fileName }) => files.includes(fileName));
    this.calls = new Map();
    this.writes = new Map();
    for (const source of this.sources) this.#index(source);
  }

  /** Records each function's calls, and the values that are written to each field. */
  #index(node) {
    if (ts.isCallExpression(node)) this.#note(this.calls, this.#declaration(node.expression), node);
    const isWrite = ts.isBinaryExpression(node) && ["=", "??="].includes(node.operatorToken.getText());
    if (isWrite && ts.isPropertyAccessExpression(node.left)) {
      this.#note(this.writes, this.#declaration(node.left.name), node.right);
    }
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      const type = this.checker.getContextualType(node.parent);
      const property =
        type && declarationOf(this.checker.getNonNullableType(type).getProperty(node.name.getText()));
      this.#note(this.writes, property, ts.isPropertyAssignment(node) ? node.initializer : node.name);
    }
    ts.forEachChild(node, (child) => this.#index(child));
  }

  #note(map, declaration, node) {
    if (declaration) map.set(declaration, [...(map.get(declaration) ?? []), node]);
  }

  /** Returns the declaration of a name. For a member of `Pick<Type, …>`, returns the declaration in `Type`. */
  #declaration(node) {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.checker.getSymbolAtLocation(node);
    return declarationOf(
      symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol,
    );
  }

  /** Returns all distinct pairs of code and message, in the order of CODES. */
  all() {
    const found = new Map();
    const visit = (node) => {
      if (ts.isNewExpression(node) && node.expression.getText() === "ChatError") {
        const [code, message] = node.arguments;
        for (const context of this.#contextsOf(node)) {
          for (const text of this.#texts(message, context)) {
            for (const name of this.#texts(code, context)) {
              // Skip copies of other errors, and messages from other sources.
              if (!isUnknown(text)) found.set(`${name} ${text}`, { code: name, message: text });
            }
          }
        }
      }
      ts.forEachChild(node, visit);
    };
    for (const source of this.sources) visit(source);
    return [...found.values()];
  }

  /** Returns the function that contains a node, if the function's calls can be found by its name. */
  #functionAround(node) {
    for (let at = node.parent; at; at = at.parent) {
      if (!ts.isFunctionLike(at)) continue;
      const name = at.name ?? (ts.isVariableDeclaration(at.parent) ? at.parent.name : undefined);
      const declaration = name && this.#declaration(name);
      if (declaration && this.calls.has(declaration)) return { fn: at, declaration };
    }
    return null;
  }

  /** Returns the chains of calls that lead to a node. Recursive calls are followed once. */
  #contextsOf(node, seen = []) {
    const around = this.#functionAround(node);
    if (!around || seen.includes(around.declaration)) return [null];
    return this.calls.get(around.declaration).flatMap((call) =>
      this.#contextsOf(call, [...seen, around.declaration]).map((context) => ({
        call,
        context,
        ...around,
      })),
    );
  }

  /** Returns the texts that an expression can evaluate to. */
  #texts(node, context) {
    if (node.kind === ts.SyntaxKind.NullKeyword) return [];
    if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return [node.text.replaceAll("_", "")];
    if (ts.isTemplateExpression(node)) {
      return node.templateSpans.reduce(
        (heads, span) =>
          heads.flatMap((head) =>
            this.#texts(span.expression, context).map((text) => head + text + span.literal.text),
          ),
        [node.head.text],
      );
    }
    if (ts.isConditionalExpression(node)) {
      return [...this.#texts(node.whenTrue, context), ...this.#texts(node.whenFalse, context)];
    }
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
      return this.#texts(node.expression, context);
    if (ts.isBinaryExpression(node) && ["??", "||"].includes(node.operatorToken.getText())) {
      return [...this.#texts(node.left, context), ...this.#texts(node.right, context)];
    }
    if (ts.isElementAccessExpression(node)) {
      const entries = this.#entries(node).filter((entry) => entry !== node);
      if (entries.length > 0) return entries.flatMap((entry) => this.#texts(entry, context));
    }
    const declaration = this.#declaration(ts.isPropertyAccessExpression(node) ? node.name : node);
    const from = declaration && this.#valuesOf(declaration, context);
    return from?.length ? [...new Set(from)] : [`{${nameOf(node)}}`];
  }

  /** Returns the values of a declared name that can be found in the source. */
  #valuesOf(declaration, context) {
    if (ts.isParameter(declaration)) return this.#argument(declaration, context);
    if (ts.isBindingElement(declaration)) return this.#element(declaration, context);
    if (ts.isVariableDeclaration(declaration)) {
      const texts = this.#textsOf([declaration.initializer], () => [context]);
      return texts.every(isUnknown) ? [] : texts;
    }
    if (ts.isGetAccessor(declaration)) {
      const returned = declaration.body?.statements.find(ts.isReturnStatement)?.expression;
      return this.#textsOf([returned], () => [null]);
    }
    if (ts.isPropertyDeclaration(declaration)) return this.#written(declaration);
    return [];
  }

  /** Returns the texts that are written to a field or property. */
  #written(declaration) {
    return this.#textsOf(this.writes.get(declaration) ?? [], (value) => this.#contextsOf(value));
  }

  #textsOf(values, contextsOf) {
    return values
      .filter((value) => value && this.#isText(value))
      .flatMap((value) => contextsOf(value).flatMap((context) => this.#texts(value, context)));
  }

  /** Whether a value's type is a string or a number, possibly a literal, or null. */
  #isText(node) {
    const type = this.checker.getNonNullableType(this.checker.getTypeAtLocation(node));
    return (type.isUnion() ? type.types : [type]).some(
      ({ flags }) => flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike),
    );
  }

  #argument(parameter, context) {
    if (this.#isOneOfMany(parameter)) return [];
    const fn = parameter.parent;
    for (let at = context; at; at = at.context) {
      if (at.fn !== fn) continue;
      const argument = at.call.arguments[fn.parameters.indexOf(parameter)] ?? parameter.initializer;
      return argument && this.#texts(argument, at.context);
    }
    return [];
  }

  /** Whether a parameter is the name of an operation or client method, for which one message is enough. */
  #isOneOfMany(parameter) {
    const type = this.checker.getTypeAtLocation(parameter);
    const constraint = this.checker.getBaseConstraintOfType(type) ?? type;
    const name = parameter.name.getText();
    return name === "operation" || (name !== "code" && constraint.isUnion() && constraint.types.length > 6);
  }

  /**
   * Returns the texts of a destructured element: `const [type, advice] = TABLE[status] ?? ["…"]` or `const { what } =
   * limit`.
   */
  #element(element, context) {
    const { parent } = element;
    if (ts.isObjectBindingPattern(parent)) {
      const name = (element.propertyName ?? element.name).getText();
      const type = this.checker.getNonNullableType(this.checker.getTypeAtLocation(parent));
      return this.#written(declarationOf(type.getProperty(name)));
    }
    if (!ts.isVariableDeclaration(parent.parent)) return [];
    const index = parent.elements.indexOf(element);
    return this.#entries(parent.parent.initializer).flatMap((array) =>
      ts.isArrayLiteralExpression(array) ? this.#texts(array.elements[index], context) : [],
    );
  }

  /** Returns all entries of the constant table from which an expression selects one. */
  #entries(node) {
    if (ts.isBinaryExpression(node)) return [...this.#entries(node.left), ...this.#entries(node.right)];
    if (!ts.isElementAccessExpression(node)) return [node];
    const table = this.#declaration(node.expression)?.initializer;
    return table && ts.isObjectLiteralExpression(table)
      ? table.properties.flatMap(({ initializer }) => initializer ?? [])
      : [];
  }
}

const declarationOf = (symbol) => symbol?.valueDeclaration ?? symbol?.declarations?.[0];

const isUnknown = (text) => /^\{[^{}]*\}$/.test(text);

/** Returns an expression's last name: `this.#closed` → closed, `kindOf(got)` → kind, `missing.join(", ")` → missing. */
function nameOf(node) {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression))
    return nameOf(node.expression.expression);
  if (ts.isCallExpression(node)) return nameOf(node.expression).replace(/Of$/, "");
  if (ts.isPropertyAccessExpression(node)) return nameOf(node.name);
  if (ts.isTypeOfExpression(node)) return "type";
  if (ts.isElementAccessExpression(node)) return nameOf(node.expression);
  if (ts.isRegularExpressionLiteral(node)) return "match";
  return node.getText().replace(/^#/, "");
}

const HEAD = "| code | message | cause | what to do |";

/** Formats a message as inline code. Bars are escaped, because a bar would end the cell. */
function asCode(text) {
  const fence = text.includes("`") ? "``" : "`";
  return fence + text.replaceAll("|", "\\|") + fence;
}

/** Returns the cells of a Markdown row. */
const cellsOf = (row) =>
  row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Returns the page with an updated table. Keeps causes and remedies, which are written by hand. */
async function pageWithTable(file, root) {
  const page = readFileSync(file, "utf8");
  const lines = page.split("\n");
  const first = lines.findIndex((line) => cellsOf(line).join() === cellsOf(HEAD).join());
  if (first < 0) throw new Error(`${file} has no table that begins with: ${HEAD}`);
  const length = lines.slice(first).findIndex((line) => !line.startsWith("|"));
  const written = new Map(
    lines.slice(first + 2, first + length).map((line) => {
      const [code, message, cause, remedy] = cellsOf(line);
      return [code + message, { cause, remedy }];
    }),
  );
  const rows = new Messages(root)
    .all()
    .map(({ code, message }) => [asCode(code), asCode(message)])
    .map(([code, message]) => ({ code, message, cause: "", remedy: "", ...written.get(code + message) }));
  rows.sort((a, b) => CODES.indexOf(a.code) - CODES.indexOf(b.code));
  lines.splice(
    first,
    length,
    HEAD,
    "|-|-|-|-|",
    ...rows.map(({ code, message, cause, remedy }) => `| ${code} | ${message} | ${cause} | ${remedy} |`),
  );
  const options = await prettier.resolveConfig(file);
  return {
    page,
    updated: await prettier.format(lines.join("\n"), { ...options, filepath: file }),
    unexplained: rows.filter(({ cause, remedy }) => cause === "" || remedy === ""),
  };
}

const { values } = parseArgs({
  options: {
    check: { type: "boolean", default: false },
    source: { type: "string", default: path.join(ROOT, "src") },
    page: { type: "string", default: path.join(ROOT, "docs/errors.md") },
  },
});
const { page, updated, unexplained } = await pageWithTable(values.page, values.source);
const problems = unexplained.map(({ message }) => `Write this message's cause and remedy: ${message}`);
if (values.check && page !== updated)
  problems.push("The table differs from the source. Run: npm run docs:errors");
if (!values.check) writeFileSync(values.page, updated);
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
