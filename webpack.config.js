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
  // `npm run check` holds the types; here each file is only transpiled.
  use: [
    {
      loader: "ts-loader",
      options: { configFile, transpileOnly: true, getCustomTransformers: () => ({ before }) },
    },
  ],
});

/**
 * How the file shows itself to each module system. webpack's own UMD would add a second global beside `connect`, and
 * under an AMD loader an anonymous module that a script tag cannot have: this fills `connect` in every case.
 */
const umd = {
  before: `(() => {
    const __CHATJS_EXPORT__ = (exported) => {
      if (typeof module === "object" && module.exports) module.exports = exported;
      else if (typeof define === "function" && define.amd) define("amazon-connect-chatjs", [], () => exported);
    };`,
  after: "})();",
};

const around = (text, footer) => new webpack.BannerPlugin({ banner: text, footer, raw: true, test: /\.js$/ });

/** The library: one UMD file, everything in it, no chunk loaded later. */
const library = (mode) => ({
  name: "library",
  mode,
  target: ["web", "es2022"],
  entry: "./src/bundle.ts",
  devtool: "source-map",
  output: {
    path: dist,
    filename: "amazon-connect-chat.js",
    // A classic script, a module, a worker and Node have different names for the global object.
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
      // Statements gzip better than the comma sequences that are shorter before it.
      new MinimizerPlugin({
        extractComments: false,
        minify: MinimizerPlugin.swcMinify,
        terserOptions: { ecma: 2022, compress: { passes: 4, sequences: false } },
      }),
    ],
  },
  plugins: [
    new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    around(umd.before, false),
    around(umd.after, true),
    // After the minimizer, which would drop it, and before the source map, which counts its line.
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

/** The inspector: a file of its own, for development; `ChatInspector` from a script tag. */
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

/** The simulator, for Node: `ws` is bundled, so that nothing has to be installed beside it. */
const simulator = (mode) => ({
  name: "simulator",
  mode,
  target: "node20",
  entry: "./simulator/index.ts",
  devtool: false,
  output: {
    path: dist,
    filename: "simulator.js",
    library: { type: "commonjs2" },
  },
  resolve: { extensions: [".ts", ".js"] },
  // Optional native helpers of `ws`, which it does without.
  externals: { bufferutil: "commonjs bufferutil", "utf-8-validate": "commonjs utf-8-validate" },
  module: { rules: [typescript("simulator/tsconfig.json")] },
  plugins: [
    // `ws` uses the global timers, which jsdom lacks and fake timers replace: `process.nextTick` among them.
    new webpack.ProvidePlugin({
      clearTimeout: [NODE_TIMERS, "clearTimeout"],
      setImmediate: [NODE_TIMERS, "setImmediate"],
      setTimeout: [NODE_TIMERS, "setTimeout"],
      "process.nextTick": [NODE_TIMERS, "nextTick"],
    }),
  ],
  optimization: { minimize: false },
  performance: { hints: false },
});

module.exports = (_env, { mode = "production" }) => [library(mode), inspector(mode), simulator(mode)];
