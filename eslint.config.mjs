import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

/** Globals of the page or the machine. Only src/platform.ts may touch them, so that tests can replace them. */
const PAGE_GLOBALS = [
  "window document navigator location history screen self parent top frames",
  "localStorage sessionStorage indexedDB caches",
  "setTimeout clearTimeout setInterval clearInterval setImmediate requestAnimationFrame requestIdleCallback queueMicrotask",
  "fetch XMLHttpRequest WebSocket EventSource MessageChannel BroadcastChannel SharedWorker Worker",
  "crypto performance console addEventListener removeEventListener dispatchEvent postMessage alert process global",
]
  .join(" ")
  .split(" ");

const pageGlobals = PAGE_GLOBALS.map((name) => ({
  name,
  message: "Only src/platform.ts may touch the page. Use the injected Platform.",
}));
const globalObject = {
  name: "globalThis",
  message: "Only src/namespace.ts may touch the global `connect`, and only src/platform.ts the page.",
};
const connectGlobal = { name: "connect", message: "Only src/namespace.ts may touch the global `connect`." };

const clockAndRandomness = [
  { object: "Date", property: "now", message: "Take the time from the injected Platform." },
  { object: "Math", property: "random", message: "Take randomness from the injected Platform." },
];
/** A module is evaluated once, so all library instances would share its state. */
const moduleState = [
  "Program > VariableDeclaration[kind='let']",
  "Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
  ...["Program > ", "Program > ExportNamedDeclaration > "].flatMap((at) => [
    // A Map or Set that starts empty is filled later.
    `${at}VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Map|Set)$/][arguments.length=0]`,
    `${at}VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^Weak(Map|Set)$/]`,
  ]),
  "PropertyDefinition[static=true][readonly!=true]",
  "PropertyDefinition[static=true] > NewExpression[callee.name=/^(Weak)?(Map|Set)$/]",
].map((selector) => ({
  selector,
  message: "Modules hold no state. Keep it in an object that createLibrary() creates.",
}));

const newDate = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: "Take the time from the injected Platform.",
};

/** Each folder's package.json points to the built files, for applications whose tools don't read `exports`. */
const folderEntries = {
  regex: "^(?:\\.\\./)+(?:simulator|inspector|interactive|react)/?$",
  message: "This resolves to the built files in dist. Import the folder's index instead.",
};

export default tseslint.config(
  // The generated site, and the declarations that the guides' examples rely on; a test compiles those.
  { ignores: ["docs-site/", "docs/"] },
  // The type tests' programs are applications; the tests check what the compiler reports for them.
  { ignores: ["dist/", "examples/built/", "coverage/", "test/types/programs/"] },
  // Separate applications, which tests run with their own runners.
  { ignores: ["examples/testing/", "test/field/matrix/angular/"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          "./tsconfig.json",
          "./simulator/tsconfig.json",
          "./simulator/panel/tsconfig.json",
          "./inspector/tsconfig.json",
          "./interactive/tsconfig.json",
          "./react/tsconfig.json",
          "./examples/tsconfig.json",
          "./test/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "no-restricted-imports": ["error", { patterns: [folderEntries] }],
      // An interface keeps its own name in tooltips, and applications can augment it.
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/ban-ts-comment": [
        "error",
        { "ts-expect-error": "allow-with-description", "ts-ignore": true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ["src/**/*.ts", "interactive/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", ...pageGlobals, globalObject, connectGlobal],
      "no-restricted-properties": ["error", ...clockAndRandomness],
      "no-restricted-syntax": ["error", newDate, ...moduleState],
      "max-lines": ["error", { max: 300 }],
    },
  },
  {
    files: ["src/platform.ts"],
    rules: {
      "no-restricted-globals": ["error", connectGlobal],
      "no-restricted-properties": "off",
      "no-restricted-syntax": "off",
    },
  },
  {
    files: ["src/namespace.ts"],
    rules: { "no-restricted-globals": ["error", ...pageGlobals] },
  },
  {
    files: ["**/*.{js,cjs}"],
    languageOptions: { sourceType: "commonjs", globals: globals.node },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["test/browser/support/**/*.js"],
    languageOptions: { sourceType: "script", globals: { ...globals.browser, connect: "readonly" } },
  },
  {
    files: ["test/package/pages/*.js"],
    languageOptions: { sourceType: "module", globals: { ...globals.browser, connect: "readonly" } },
  },
  {
    files: ["bench/page.js"],
    languageOptions: { sourceType: "script", globals: globals.browser },
  },
  {
    files: ["examples/**/*.js"],
    languageOptions: {
      sourceType: "module",
      globals: { ...globals.browser, connect: "readonly", ChatInspector: "readonly" },
    },
  },
);
