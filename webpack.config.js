"use strict";

const path = require("node:path");
const webpack = require("webpack");
const { version } = require("./package.json");

const dist = path.resolve(__dirname, "dist");

const typescript = (configFile) => ({
  test: /\.ts$/,
  exclude: /node_modules/,
  // `npm run check` holds the types; here each file is only transpiled.
  use: [{ loader: "ts-loader", options: { configFile, transpileOnly: true } }],
});

/** The library: one UMD file, everything in it, no chunk loaded later. */
const library = (mode) => ({
  name: "library",
  mode,
  target: ["web", "es2022"],
  entry: "./src/index.ts",
  devtool: "source-map",
  output: {
    path: dist,
    filename: "amazon-connect-chat.js",
    library: { name: "amazon-connect-chatjs", type: "umd" },
    // A classic script, a module, a worker and Node have different names for the global object.
    globalObject: "globalThis",
  },
  resolve: { extensions: [".ts", ".js"] },
  module: { rules: [typescript("tsconfig.json")] },
  optimization: { splitChunks: false, runtimeChunk: false },
  plugins: [
    new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 }),
    new webpack.DefinePlugin({
      __CHATJS_VERSION__: JSON.stringify(version),
      __CHATJS_BUILD_TIMESTAMP__: JSON.stringify(new Date().toISOString()),
      __CHATJS_BUILD_ENVIRONMENT__: JSON.stringify(mode),
    }),
  ],
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
  optimization: { minimize: false },
  performance: { hints: false },
});

module.exports = (_env, { mode = "production" }) => [library(mode), simulator(mode)];
