"use strict";

const path = require("node:path");
const MinimizerPlugin = require("minimizer-webpack-plugin");
const webpack = require("webpack");
const { license, name, version } = require("./package.json");
const shortPrivateNames = require("./scripts/private-names.cjs");

const dist = path.resolve(__dirname, "dist");

const NODE_TIMERS = path.resolve(__dirname, "simulator/node-timers.ts");

const typescript = (configFile, before = []) => ({
  test: /\.ts$/,
  exclude: /node_modules/,
  // Files are only transpiled here; `npm run check` checks types.
  use: [
    {
      loader: "ts-loader",
      options: { configFile, transpileOnly: true, getCustomTransformers: () => ({ before }) },
    },
  ],
});

/**
 * Exports the bundle to each module system and sets `connect` in all of them. webpack's own UMD would add a second
 * global and, under an AMD loader, define an anonymous module, which fails for a script loaded by a tag.
 */
const umd = {
  before: `(() => {
    const __CHATJS_EXPORT__ = (exported) => {
      if (typeof module === "object" && module.exports) module.exports = exported;
      else if (typeof define === "function" && define.amd) define("amazon-connect-chatjs", [], () => exported);
    };`,
  after: "})();",
};

const wrapper = (text, footer) =>
  new webpack.BannerPlugin({ banner: text, footer, raw: true, test: /\.js$/ });

/** The library: a single UMD file without lazy chunks. */
const library = (mode) => ({
  name: "library",
  mode,
  target: ["web", "es2022"],
  entry: "./src/bundle.ts",
  // Without the sources: they would be half of the package, and stack traces need only names and lines.
  devtool: mode === "production" ? "nosources-source-map" : "source-map",
  output: {
    path: dist,
    filename: "amazon-connect-chat.js",
    // Classic scripts, modules, workers and Node name the global object differently.
    globalObject: "globalThis",
  },
  resolve: { extensions: [".ts", ".js"] },
  module: {
    rules: [typescript("tsconfig.json", [shortPrivateNames])],
  },
  optimization: {
    splitChunks: false,
    runtimeChunk: false,
    minimizer: [
      // Comma sequences are shorter when minified, but separate statements gzip better.
      new MinimizerPlugin({
        extractComments: false,
        minify: MinimizerPlugin.swcMinify,
        terserOptions: { ecma: 2022, compress: { passes: 4, sequences: false } },
      }),
    ],
  },
  plugins: [
    new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    wrapper(umd.before, false),
    wrapper(umd.after, true),
    // After the minimizer, which would drop the banner; before the source map, which must count its line.
    new webpack.BannerPlugin({
      banner: `${name} ${version}, ${license}`,
      test: /\.js$/,
      stage: webpack.Compilation.PROCESS_ASSETS_STAGE_DEV_TOOLING - 1,
    }),
    new webpack.DefinePlugin({
      __CHATJS_VERSION__: JSON.stringify(version),
      __CHATJS_BUILD_TIMESTAMP__: JSON.stringify(new Date().toISOString()),
      __CHATJS_BUILD_ENVIRONMENT__: JSON.stringify(mode),
    }),
  ],
  performance: { hints: false },
});

/** The inspector: a separate development-only file; a script tag defines `ChatInspector`. */
const inspector = (mode) => ({
  name: "inspector",
  mode,
  target: ["web", "es2022"],
  entry: "./inspector/index.ts",
  devtool: false,
  output: {
    path: dist,
    filename: "inspector.js",
    library: { name: "ChatInspector", type: "umd" },
    globalObject: "globalThis",
  },
  resolve: { extensions: [".ts", ".js"] },
  module: {
    rules: [typescript("inspector/tsconfig.json")],
  },
  performance: { hints: false },
});

/** Interactive messages: a small separate file without a page; a script tag defines `ChatInteractive`. */
const interactive = (mode) => ({
  name: "interactive",
  mode,
  target: ["web", "es2022"],
  entry: "./interactive/index.ts",
  devtool: false,
  output: {
    path: dist,
    filename: "interactive.js",
    // Named, because an AMD loader rejects an anonymous module that a script tag defines.
    library: { name: "ChatInteractive", type: "umd", umdNamedDefine: true },
    globalObject: "globalThis",
  },
  resolve: { extensions: [".ts", ".js"] },
  module: {
    rules: [typescript("interactive/tsconfig.json")],
  },
  performance: { hints: false },
});

/** What the bundles for Node have in common. */
const nodeBundle = (mode) => ({
  mode,
  target: "node20",
  devtool: false,
  resolve: { extensions: [".ts", ".js"] },
  module: { rules: [typescript("simulator/tsconfig.json")] },
  performance: { hints: false },
});

/** The simulator, for Node. `ws` is bundled, so it has no dependencies to install. */
const simulator = (mode) => ({
  ...nodeBundle(mode),
  name: "simulator",
  entry: "./simulator/index.ts",
  output: {
    path: dist,
    filename: "simulator.js",
    library: { type: "commonjs2" },
  },
  // Optional native helpers of `ws`; it works without them.
  externals: { bufferutil: "commonjs bufferutil", "utf-8-validate": "commonjs utf-8-validate" },
  plugins: [
    // `ws` uses the global timers and `process.nextTick`, which jsdom lacks and fake timers replace.
    new webpack.ProvidePlugin({
      clearTimeout: [NODE_TIMERS, "clearTimeout"],
      setImmediate: [NODE_TIMERS, "setImmediate"],
      setTimeout: [NODE_TIMERS, "setTimeout"],
      "process.nextTick": [NODE_TIMERS, "nextTick"],
    }),
    new webpack.DefinePlugin({ __CHATJS_VERSION__: JSON.stringify(version) }),
  ],
  optimization: {
    minimizer: [
      // Keeps names, so that stack traces name functions. Without the rest, the package would exceed its size limit.
      new MinimizerPlugin({
        extractComments: false,
        minify: MinimizerPlugin.esbuildMinify,
        terserOptions: { minify: false, minifyWhitespace: true, minifySyntax: true },
      }),
    ],
  },
});

/** The package's program. It loads the simulator's own file. Minified, because only its messages matter to users. */
const program = (mode) => ({
  ...nodeBundle(mode),
  name: "program",
  entry: "./simulator/program/main.ts",
  output: {
    path: dist,
    filename: "simulator-program.js",
    library: { type: "commonjs2" },
  },
  externals: { "../index": "commonjs ./simulator.js" },
});

module.exports = (_env, { mode = "production" }) => [
  library(mode),
  inspector(mode),
  interactive(mode),
  simulator(mode),
  program(mode),
];
