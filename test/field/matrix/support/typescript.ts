import type { Application } from "../../../package/support/application";

/** The last compiler of each release line. Version 7 is the native compiler. */
export const VERSIONS = ["4.7.4", "4.9.5", "5.0.4", "5.9.3", "6.0.3", "7.0.2"] as const;

export type Version = (typeof VERSIONS)[number];

const packageOf = (version: Version): string => `typescript-${version}`;

/** Installs compilers side by side. */
export function installCompilers(application: Application, versions: readonly Version[]): void {
  application.install(...versions.map((version) => `${packageOf(version)}@npm:typescript@${version}`));
}

/** Compiles files in strict mode and checks all declarations. Returns the errors as `file TSnumber`, sorted. */
export function errorsOf(
  application: Application,
  version: Version,
  compilerOptions: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
): string[] {
  for (const [name, text] of Object.entries(files)) application.write(`program/${name}`, text);
  const settings = {
    compilerOptions: { strict: true, skipLibCheck: false, noEmit: true, types: [], ...compilerOptions },
    files: Object.keys(files),
  };
  application.write("program/tsconfig.json", JSON.stringify(settings));
  const tsc = `node_modules/${packageOf(version)}/bin/tsc`;
  const { stdout, stderr } = application.try(process.execPath, tsc, "-p", "program", "--pretty", "false");
  // An error's continuation lines are indented.
  const lines = `${stdout}${stderr}`.split("\n").filter((line) => /^\S/.test(line));
  return lines.map((line) => line.replace(/\(\d+,\d+\): error (TS\d+): .*/, " $1")).sort();
}
