import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import ts from "typescript";
import { ROOT } from "../../support/paths";

const PROGRAMS = path.resolve(__dirname, "../programs");

/** How an application's compiler resolves packages, and which module kind the application uses. */
export const SETTINGS = {
  bundler: {
    type: "module",
    options: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  },
  "node16, ES modules": { type: "module", options: { module: ts.ModuleKind.Node16 } },
  "node16, CommonJS": { type: "commonjs", options: { module: ts.ModuleKind.Node16 } },
} as const satisfies Record<string, { type: string; options: ts.CompilerOptions }>;

export type Setting = keyof typeof SETTINGS;

/** The declarations that are installed as `amazon-connect-chatjs`. */
export type Declarations = "ours" | "upstream";

const PACKAGES: Readonly<Record<Declarations, string>> = {
  ours: ROOT,
  upstream: path.join(ROOT, "node_modules/upstream-chatjs"),
};

/** The compiler's own declarations, parsed once for all programs. */
const LANGUAGE = path.dirname(ts.getDefaultLibFilePath({}));
const language = new Map<string, ts.SourceFile>();

export interface CompileOptions {
  /** Overrides of the language settings, which are ES2022 with the DOM library by default. */
  readonly overrides?: Pick<ts.CompilerOptions, "lib" | "types" | "target">;
  /** Transforms the text of the application's files before they're compiled. */
  readonly replaceText?: (text: string) => string;
}

/** An application in its own folder, with the packages installed. */
export interface Application {
  readonly folder: string;
  /** Creates or replaces a file and returns its path. */
  write(name: string, text: string): string;
  /** Adds folders from test/types/programs and returns their files. */
  add(...folders: string[]): string[];
  program(files: readonly string[], options?: CompileOptions): ts.Program;
  /** Each error as `file(line): TSnumber message`. */
  errorsOf(program: ts.Program): string[];
  compile(files: readonly string[], options?: CompileOptions): string[];
  remove(): void;
}

export function makeApplication(
  declarations: Declarations,
  setting: Setting,
  { streams = true }: { readonly streams?: boolean } = {},
): Application {
  const folder = mkdtempSync(path.join(tmpdir(), "types-"));
  const { type, options } = SETTINGS[setting];
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "application", type }));
  mkdirSync(path.join(folder, "node_modules"));
  const install = (name: string, from: string): void =>
    symlinkSync(from, path.join(folder, "node_modules", name), "junction");
  install("amazon-connect-chatjs", PACKAGES[declarations]);
  mkdirSync(path.join(folder, "node_modules/@types"));
  for (const name of ["@types/node", "undici-types"]) install(name, path.join(ROOT, "node_modules", name));
  if (streams) install("amazon-connect-streams", path.join(ROOT, "node_modules/amazon-connect-streams"));

  const application: Application = {
    folder,
    write(name, text) {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    add(...folders) {
      return folders.flatMap((name) => {
        const into = path.join(folder, name);
        cpSync(path.join(PROGRAMS, name), into, { recursive: true });
        return ts.sys.readDirectory(into, [".ts"]);
      });
    },
    program(files, { overrides, replaceText = (text: string) => text } = {}) {
      const compilerOptions: ts.CompilerOptions = {
        ...options,
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        types: [],
        strict: true,
        noImplicitOverride: true,
        // Checks all declarations except for the compiler's own.
        skipLibCheck: false,
        skipDefaultLibCheck: true,
        noEmit: true,
        ...overrides,
      };
      const host = ts.createCompilerHost(compilerOptions);
      host.getCurrentDirectory = () => folder;
      const read = host.getSourceFile.bind(host);
      host.getSourceFile = (file, languageVersion, ...rest) => {
        if (files.includes(file)) {
          return ts.createSourceFile(file, replaceText(ts.sys.readFile(file) ?? ""), languageVersion, true);
        }
        if (!file.startsWith(LANGUAGE)) return read(file, languageVersion, ...rest);
        const source = language.get(file) ?? read(file, languageVersion, ...rest);
        if (source) language.set(file, source);
        return source;
      };
      return ts.createProgram([...files], compilerOptions, host);
    },
    errorsOf: (program) =>
      ts.getPreEmitDiagnostics(program).map((diagnostic) => formatDiagnostic(diagnostic, folder)),
    compile: (files, compileOptions) => application.errorsOf(application.program(files, compileOptions)),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return application;
}

function formatDiagnostic({ file, start, code, messageText }: ts.Diagnostic, folder: string): string {
  const message = `TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  if (!file || start === undefined) return message;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${path.relative(folder, file.fileName)}(${line + 1}): ${message}`;
}
