import { chmodSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../../simulator/index";
import { Application, ROOT } from "../../package/support/application";
import { chatIn } from "./support/bundled-chat";

/** Tests applications that Metro, React Native's bundler, bundles with different versions of the Babel preset. */

jest.setTimeout(600_000);

const BUNDLE = "bundle.js";
const BABEL = "@babel/core@7.28.5";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

let application: Application | undefined;
afterEach(() => application?.remove());

interface Toolchain {
  readonly preset: string;
  readonly transformer: string;
  /** Package names with versions. */
  readonly packages: readonly string[];
}

const MODERN = { preset: "@react-native/babel-preset", transformer: "@react-native/metro-babel-transformer" };
const REACT_NATIVE_0_83: Toolchain = {
  ...MODERN,
  packages: [`${MODERN.preset}@0.83.10`, `${MODERN.transformer}@0.83.10`, "metro@0.83.8", BABEL],
};
const REACT_NATIVE_0_73: Toolchain = {
  ...MODERN,
  packages: [`${MODERN.preset}@0.73.21`, `${MODERN.transformer}@0.73.15`, "metro@0.80.12", BABEL],
};
const OLD = {
  preset: "metro-react-native-babel-preset",
  transformer: "metro-react-native-babel-transformer",
};
const REACT_NATIVE_0_72: Toolchain = {
  ...OLD,
  packages: [
    ...[`${OLD.preset}@0.76.9`, `${OLD.transformer}@0.76.9`, "metro@0.76.9", BABEL],
    "@babel/plugin-transform-private-methods@7.28.6",
  ],
};

/** The configuration in docs/react-native.md for React Native 0.72 and older. */
function documentedConfiguration(): string {
  const guide = readFileSync(path.join(ROOT, "docs/react-native.md"), "utf8");
  const block = /```js\n(?<code>[^`]*plugin-transform-private-methods[^`]*)```/.exec(guide);
  return block?.groups?.["code"] ?? "";
}

function install({ preset, transformer, packages }: Toolchain): Application {
  const installed = new Application();
  application = installed;
  installed.install(...packages);
  installed.write("babel.config.js", `module.exports = { presets: ["module:${preset}"] };`);
  installed.write(
    "metro.config.js",
    `module.exports = {
      maxWorkers: 1,
      resetCache: true,
      transformer: { babelTransformerPath: require.resolve("${transformer}") },
    };`,
  );
  installed.write(
    "index.js",
    `import { ChatSession } from "amazon-connect-chatjs";
    globalThis.start(ChatSession);`,
  );
  return installed;
}

function bundle(installed: Application): string {
  const options = ["--platform", "android", "--dev", "false", "--minify", "true"];
  installed.run(
    "npx",
    "metro",
    "build",
    "index.js",
    "--out",
    BUNDLE,
    "--config",
    "metro.config.js",
    ...options,
  );
  return readFileSync(installed.path(BUNDLE), "utf8");
}

test("E6: an application bundled by Metro with React Native 0.83's preset can chat", async () => {
  expect(await chatIn(simulator, bundle(install(REACT_NATIVE_0_83)))).toBe("You said: Hello");
});

test("E6: an application bundled by Metro with React Native 0.73's preset can chat", async () => {
  expect(await chatIn(simulator, bundle(install(REACT_NATIVE_0_73)))).toBe("You said: Hello");
});

test("E6: an application for Metro with React Native 0.72's preset needs the documented plugin to build, and can then chat", async () => {
  const installed = install(REACT_NATIVE_0_72);
  expect(() => bundle(installed)).toThrow("Class private methods are not enabled");
  installed.write("babel.config.js", documentedConfiguration());
  expect(await chatIn(simulator, bundle(installed))).toBe("You said: Hello");
});

// The packages contain an executable for each platform. These tests run the executables for Linux.
const describeOnLinux = process.platform === "linux" ? describe : describe.skip;

describeOnLinux("E6: Hermes", () => {
  test("React Native 0.83's compiler compiles the bundle", () => {
    const installed = install(REACT_NATIVE_0_83);
    bundle(installed);
    installed.install("hermes-compiler@0.14.1");
    const compiler = installed.path("node_modules/hermes-compiler/hermesc/linux64-bin/hermesc");
    chmodSync(compiler, 0o755);
    installed.run(compiler, "-O", "-w", "-emit-binary", "-out", "bundle.hbc", BUNDLE);
    expect(readFileSync(installed.path("bundle.hbc")).length).toBeGreaterThan(0);
  });

  test("a bundle built with React Native 0.73's preset runs in the engine and creates a session", () => {
    const installed = install(REACT_NATIVE_0_73);
    installed.install("hermes-engine-cli@0.12.0");
    const engine = installed.path("node_modules/hermes-engine-cli/linux64-bin/hermes");
    chmodSync(engine, 0o755);
    const before = `
      globalThis.global = globalThis;
      globalThis.console = { debug() {}, error: print, info() {}, log: print, warn: print };
      // React Native provides AbortController.
      globalThis.AbortController = function () {
        this.signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
      };
      globalThis.start = ({ create }) => {
        const chatDetails = { ContactId: "contact", ParticipantId: "participant", ParticipantToken: "token" };
        const session = create({ type: "CUSTOMER", chatDetails, disableCSM: true });
        session.onMessage(() => undefined);
        print(session.getChatDetails().contactId, session.connectionState);
      };`;
    installed.write("run.js", before + bundle(installed));
    expect(installed.run(engine, "-w", "run.js")).toContain("contact idle");
  });
});
