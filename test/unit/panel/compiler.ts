import ts from "typescript";
import { inProject } from "../../support/paths";

/** Compiles files, by their paths, against the library's and the simulator's types. Returns the compiler's problems. */
export function problemsIn(files: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: ["node"],
    paths: {
      "amazon-connect-chatjs": [inProject("src/index.ts")],
      "amazon-connect-chatjs/simulator": [inProject("simulator/index.ts")],
    },
    noEmit: true,
    skipLibCheck: true,
    strict: true,
  };
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    fileExists: (name) => files.has(name) || base.fileExists(name),
    readFile: (name) => files.get(name) ?? base.readFile(name),
    getSourceFile: (name, languageVersion, ...rest) => {
      const text = files.get(name);
      return text === undefined
        ? base.getSourceFile(name, languageVersion, ...rest)
        : ts.createSourceFile(name, text, languageVersion);
    },
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText, start = 0 }) =>
        `${file?.text.slice(start).split("\n", 1).join("") ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}
