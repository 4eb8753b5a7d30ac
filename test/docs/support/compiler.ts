import path from "node:path";
import ts from "typescript";
import { ROOT, type Block } from "./markdown";

/** Declarations that examples rely on. */
const PRELUDE = ["docs/examples.d.ts", "docs/packages.d.ts"].map((file) => path.join(ROOT, file));

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.dom.asynciterable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  // Makes each example a module, so that its names are local.
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ["node"],
  jsx: ts.JsxEmit.ReactJSX,
  strict: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  noEmit: true,
  paths: {
    "amazon-connect-chatjs": [path.join(ROOT, "dist/index.d.ts")],
    "amazon-connect-chatjs/simulator": [path.join(ROOT, "dist/simulator.d.ts")],
    "amazon-connect-chatjs/inspector": [path.join(ROOT, "dist/inspector.d.ts")],
    "amazon-connect-chatjs/interactive": [path.join(ROOT, "dist/interactive.d.ts")],
    "amazon-connect-chatjs/react": [path.join(ROOT, "dist/react.d.ts")],
  },
};

const EXTENSION: Readonly<Record<string, string>> = { ts: "ts", tsx: "tsx", js: "js" };

/** Returns a block's programs. These are the inline scripts of an HTML block, or else the block itself. */
function programsOf(block: Block): Block[] {
  if (block.language !== "html") return block.language in EXTENSION ? [block] : [];
  return [...block.text.matchAll(/<script(?<attributes>[^>]*)>(?<text>[\s\S]*?)<\/script>/g)].flatMap(
    ({ groups, index }) => {
      const text = groups?.["text"] ?? "";
      if (text.trim() === "") return [];
      const before = block.text.slice(0, index).split("\n").length - 1;
      return [{ ...block, language: "js", line: block.line + before, text }];
    },
  );
}

const fileOf = ({ page, line, language }: Block): string =>
  path.join(ROOT, "docs", `${page.replaceAll("/", ".")}.${line}.${EXTENSION[language] ?? "ts"}`);

function describeDiagnostic({ file, start, code, messageText }: ts.Diagnostic, block?: Block): string {
  const message = `TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  if (!file || start === undefined) return message;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return block
    ? `${block.page}:${block.line + line} ${message}`
    : `${path.relative(ROOT, file.fileName)}:${line + 1} ${message}`;
}

export interface CompilationResult {
  /** The number of compiled programs. */
  readonly count: number;
  /** Each error as `page:line TSnumber message`. */
  readonly errors: string[];
}

/** Compiles all examples in one program, against the built declarations. */
export function compileExamples(blocks: readonly Block[]): CompilationResult {
  const programs = new Map(blocks.flatMap(programsOf).map((block) => [fileOf(block), block]));
  const host = ts.createCompilerHost(OPTIONS);
  const read = host.getSourceFile.bind(host);
  const exists = host.fileExists.bind(host);
  host.getCurrentDirectory = () => ROOT;
  host.fileExists = (file) => programs.has(file) || exists(file);
  host.getSourceFile = (file, version, ...rest) => {
    const block = programs.get(file);
    return block ? ts.createSourceFile(file, block.text, version, true) : read(file, version, ...rest);
  };
  const program = ts.createProgram([...PRELUDE, ...programs.keys()], OPTIONS, host);
  return {
    count: programs.size,
    errors: ts
      .getPreEmitDiagnostics(program)
      .map((diagnostic) => describeDiagnostic(diagnostic, programs.get(diagnostic.file?.fileName ?? ""))),
  };
}
