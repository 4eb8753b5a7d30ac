import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Application } from "../../package/support/application";
import { ENTRY_PROGRAMS } from "./support/entry-programs";
import { VERSIONS, errorsOf, installCompilers, type Version } from "./support/typescript";

/** Compiles the type declarations with old and new compilers and with the options that applications use. */

/** Returns a correct and a wrong program for each entry and file extension, and the wrong programs' errors. */
function programs(...extensions: readonly string[]): { files: Record<string, string>; errors: string[] } {
  const files: Record<string, string> = {};
  const errors: string[] = [];
  for (const [entry, { good, wrong }] of Object.entries(ENTRY_PROGRAMS)) {
    for (const extension of extensions) {
      files[`${entry}.${extension}`] = good;
      files[`${entry}-wrong.${extension}`] = wrong;
      errors.push(`program/${entry}-wrong.${extension} TS2322`);
    }
  }
  return { files, errors: errors.sort() };
}

/** `first` and `last` are the first and the last major version of TypeScript that support an option. */
const RESOLUTIONS = [
  { resolution: "node10", first: 4, last: 6, module: "commonjs", extensions: ["ts"] },
  { resolution: "node16", first: 4, last: 7, module: "node16", extensions: ["cts", "mts"] },
  { resolution: "bundler", first: 5, last: 7, module: "esnext", extensions: ["ts"] },
] as const;
const TARGETS = [
  { target: "ES5", last: 6 },
  { target: "ES2022", last: 7 },
] as const;

type Resolution = (typeof RESOLUTIONS)[number];
type Target = (typeof TARGETS)[number]["target"];

const majorOf = (version: Version): number => Number(version.charAt(0));

function optionsOf(version: Version, { resolution, module }: Resolution, target: Target): object {
  const major = majorOf(version);
  // Before 5.0, node10 was called `node`. In 6.0, node10 and ES5 are errors unless deprecations are ignored.
  const moduleResolution = resolution === "node10" && major < 5 ? "node" : resolution;
  return { module, moduleResolution, target, ...(major === 6 && { ignoreDeprecations: "6.0" }) };
}

const COMBINATIONS = VERSIONS.flatMap((version) =>
  RESOLUTIONS.filter(({ first, last }) => first <= majorOf(version) && majorOf(version) <= last).flatMap(
    (resolution) =>
      TARGETS.filter(({ last }) => majorOf(version) <= last).map(({ target }) => {
        const cases = [target === "ES5" && "E2", resolution.resolution === "node10" && "E3"].filter(Boolean);
        const title = cases.length > 0 ? cases.join(", ") : "E8";
        return { title, version, name: resolution.resolution, resolution, target };
      }),
  ),
);

let application: Application;
beforeAll(() => {
  application = new Application();
  installCompilers(application, VERSIONS);
});
afterAll(() => application.remove());

test.each(COMBINATIONS)(
  "$title: TypeScript $version with $name and $target compiles each entry's correct program and finds the error in its wrong program",
  ({ version, resolution, target }) => {
    const { files, errors } = programs(...resolution.extensions);
    const options = { ...optionsOf(version, resolution, target) };
    expect(errorsOf(application, version, options, files)).toEqual(errors);
  },
);

describe.each(VERSIONS)("E8: TypeScript %s without the DOM library and Node's types", (version) => {
  test.each([["ES2022"], ["ES2015"], ["ES5"]])(
    "compiles a program for each entry with %s's library, and the stand-ins for DOM types aren't `any`",
    (lib) => {
      const { files, errors } = programs("mts");
      const standIns = `
        import { ChatSession } from "amazon-connect-chatjs";
        import { inspector } from "amazon-connect-chatjs/inspector";
        const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
        const session = ChatSession.create({ type: "CUSTOMER", chatDetails });
        const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
        session.connect({ signal });
        session.downloadAttachment({ attachmentId: "a" }).then((blob) => session.sendAttachment({ attachment: blob }));
        inspector.show({ append: () => undefined });
      `;
      const wrong = ["session.connect({ signal: 5 });", "session.sendAttachment({ attachment: 5 });"];
      const start = standIns.slice(0, standIns.indexOf("const signal"));
      const withStandIns: Record<string, string> = { ...files, "stand-ins.mts": standIns };
      wrong.forEach((line, index) => (withStandIns[`stand-ins-wrong${index}.mts`] = `${start}${line}`));
      const expected = [...errors, ...wrong.map((_, index) => `program/stand-ins-wrong${index}.mts TS2322`)];
      const options = { module: "node16", moduleResolution: "node16", target: "ES2022", lib: [lib] };
      expect(errorsOf(application, version, options, withStandIns)).toEqual(expected.sort());
    },
  );
});

describe.each([
  { types: "@types/node@16.18.126", version: "4.7.4" },
  { types: "@types/node@24.19.4", version: "5.9.3" },
] as const)("E8: with $types but without the DOM library", ({ types, version }) => {
  test(`TypeScript ${version} compiles a program for each entry that uses Node's own Blob and AbortSignal`, () => {
    application.install(types);
    const { files, errors } = programs("mts");
    files["surroundings.mts"] = `
      import { ChatSession } from "amazon-connect-chatjs";
      const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
      const session = ChatSession.create({ type: "CUSTOMER", chatDetails });
      export const signal: AbortSignal = new AbortController().signal;
      export const connected = session.connect({ signal });
    `;
    const options = { module: "node16", moduleResolution: "node16", target: "ES2022", lib: ["ES2022"] };
    expect(errorsOf(application, version, { ...options, types: ["node"] }, files)).toEqual(errors);
  });
});

describe.each([
  { release: "0.73.11", reactTypes: "18.2.79", version: "5.0.4" },
  { release: "0.88.1", reactTypes: "19.3.0", version: "5.9.3" },
] as const)("E8: with the types of React Native $release", ({ release, reactTypes, version }) => {
  let native: Application;
  beforeAll(() => {
    native = new Application();
    installCompilers(native, [version]);
    native.install("--ignore-scripts", `react-native@${release}`, `@types/react@${reactTypes}`);
  });
  afterAll(() => native.remove());

  test("a program that uses React Native's Blob, File and AbortSignal compiles", () => {
    const { files, errors } = programs("ts");
    files["surroundings.ts"] = `
      import { ChatSession, type CallOptions } from "amazon-connect-chatjs";
      const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
      const session = ChatSession.create({ type: "CUSTOMER", chatDetails });
      export const signal: AbortSignal = new AbortController().signal;
      export const blob: Promise<Blob> = session.downloadAttachment({ attachmentId: "a", signal });
      export const send = (file: File, blob: Blob): Promise<unknown>[] =>
        [file, blob].map((attachment) => session.sendAttachment({ attachment }));
      export const picked = session.sendAttachment({ attachment: { uri: "file:///a.jpg", size: 3 } });
      export const ask = (url: string, options: CallOptions): Promise<Response> =>
        fetch(url, { signal: options.signal });
    `;
    files["surroundings-wrong.ts"] = `
      import { ChatSession } from "amazon-connect-chatjs";
      const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
      ChatSession.create({ type: "CUSTOMER", chatDetails }).connect({ signal: 5 });
    `;
    const options = {
      module: "esnext",
      moduleResolution: "bundler",
      customConditions: ["react-native"],
      target: "ES2022",
      lib: ["ES2022"],
      types: ["react-native"],
    };
    // React Native's declarations contain errors.
    const found = errorsOf(native, version, options, files).filter(
      (error) => !/^node_modules\/(?:@react-native|react-native)\//.test(error),
    );
    expect(found).toEqual([...errors, "program/surroundings-wrong.ts TS2322"].sort());
  });
});
