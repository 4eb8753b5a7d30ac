// Checks that each exported name in src is declared in only one file. Re-exports don't count.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const ROOT = path.dirname(import.meta.dirname);

/** Returns the names that a statement declares and exports. */
function exportedNames(statement) {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (!isExported) return [];
  if (!ts.isVariableStatement(statement)) return statement.name ? [statement.name.text] : [];
  const bound = (name) =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((each) => (each.name ? bound(each.name) : []));
  return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
}

/** Name → the files that declare and export it. */
const declaredIn = new Map();
for (const entry of readdirSync(path.join(ROOT, "src"), { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
  const file = path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/");
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(ROOT, file), "utf8"),
    ts.ScriptTarget.Latest,
  );
  for (const name of source.statements.flatMap(exportedNames)) {
    declaredIn.set(name, (declaredIn.get(name) ?? new Set()).add(file));
  }
}

const problems = [...declaredIn]
  .filter(([, files]) => files.size > 1)
  .map(([name, files]) => `${name} is declared in ${[...files].sort().join(" and ")}: rename all but one.`);
for (const problem of problems.sort()) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
