import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

/** What belongs to the page or the machine: only src/platform.ts may touch it, so that tests can replace it. */
const PAGE = [
  "window document navigator location history screen self parent top frames",
  "localStorage sessionStorage indexedDB caches",
  "setTimeout clearTimeout setInterval clearInterval setImmediate requestAnimationFrame requestIdleCallback queueMicrotask",
  "fetch XMLHttpRequest WebSocket EventSource MessageChannel BroadcastChannel SharedWorker Worker",
  "crypto performance console addEventListener removeEventListener dispatchEvent postMessage alert process global",
]
  .join(" ")
  .split(" ");

const touchesThePage = PAGE.map((name) => ({
  name,
  message: "Only src/platform.ts touches the page; take it from the injected Platform.",
}));
const touchesTheGlobal = {
  name: "globalThis",
  message: "Only src/namespace.ts touches the global `connect`, and only src/platform.ts the page.",
};
const connectGlobal = { name: "connect", message: "Only src/namespace.ts touches the global `connect`." };

const clockAndChance = [
  { object: "Date", property: "now", message: "Take the time from the injected Platform." },
  { object: "Math", property: "random", message: "Take randomness from the injected Platform." },
];
/** A module is evaluated once for all library instances: what it keeps, they would share. */
const moduleState = [
  "Program > VariableDeclaration[kind='let']",
  "Program > ExportNamedDeclaration > VariableDeclaration[kind='let']",
  ...["Program > ", "Program > ExportNamedDeclaration > "].flatMap((at) => [
    // A Map or Set that begins empty is one that is filled later.
    `${at}VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^(Map|Set)$/][arguments.length=0]`,
    `${at}VariableDeclaration > VariableDeclarator > NewExpression[callee.name=/^Weak(Map|Set)$/]`,
  ]),
  "PropertyDefinition[static=true][readonly!=true]",
  "PropertyDefinition[static=true] > NewExpression[callee.name=/^(Weak)?(Map|Set)$/]",
].map((selector) => ({
  selector,
  message: "A module keeps no state: give it to an object that createLibrary() makes.",
}));

const newDate = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: "Take the time from the injected Platform.",
};

/** Each folder's package.json leads applications to the built files, where their tools don't read `exports`. */
const builtByFolder = {
  regex: "^(?:\\.\\./)+(?:simulator|inspector)/?$",
  message: "The folder stands for the built files in dist. Import its index.",
};

export default tseslint.config(
  // The site, and what the examples of the guides take for granted: they are compiled by a test.
  { ignores: ["docs-site/", "docs/"] },
  // The programs of the type tests are applications: what the compiler says of them is the test.
  { ignores: ["dist/", "examples/built/", "coverage/", "test/types/programs/"] },
  // Applications of their own: a test runs them with their own runners.
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
          "./inspector/tsconfig.json",
          "./examples/tsconfig.json",
          "./test/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "no-restricted-imports": ["error", { patterns: [builtByFolder] }],
      // An interface shows under its own name, and an application may add to it.
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
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", ...touchesThePage, touchesTheGlobal, connectGlobal],
      "no-restricted-properties": ["error", ...clockAndChance],
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
    rules: { "no-restricted-globals": ["error", ...touchesThePage] },
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
