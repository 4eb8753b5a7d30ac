// Looks for the order of the bundle's modules that gzips best and writes it to module-order.json: `npm run order`.
// It tries, for some minutes; in every order that it tries a module comes after those that it imports, as in webpack's.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { minify } from "@swc/core";
import webpack from "webpack";

const MINUTES = 3;
const MOST_MOVED = 4;

const require = createRequire(import.meta.url);
const SRC = fileURLToPath(new URL("../src", import.meta.url));
const ORDER = fileURLToPath(new URL("module-order.json", import.meta.url));

const [config] = require("../webpack.config.js")({}, {});
const minimizerOptions = config.optimization.minimizer[0].options.minimizer.options;
const nameOf = ({ resource }) => relative(SRC, resource).replaceAll("\\", "/").replace(/\.ts$/, "");

/** The bundle before it is minified, and what each module imports. */
function bundle() {
  const imports = new Map();
  let text = "";
  const spy = (compiler) => {
    compiler.hooks.compilation.tap("order", (compilation) => {
      compilation.hooks.finishModules.tap("order", (modules) => {
        for (const module of modules) {
          const to = module.dependencies.map((dependency) => compilation.moduleGraph.getModule(dependency));
          imports.set(nameOf(module), [...new Set(to.filter((each) => each?.resource).map(nameOf))]);
        }
      });
    });
    compiler.hooks.shouldEmit.tap("order", ({ assets }) => {
      text = assets[config.output.filename].source();
      return false;
    });
  };
  const optimization = { ...config.optimization, minimize: false };
  const plugins = [...config.plugins, spy];
  return new Promise((resolve, reject) => {
    webpack({ ...config, devtool: false, optimization, plugins }, (error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString("errors-only")));
      else resolve({ text, imports });
    });
  });
}

/** The minified bundle's head, and each module's part by its name. */
async function minified(text) {
  const mark = (_, module) => `globalThis.__module("${module}");`;
  const { code } = await minify(text.replace(/^;\/\/ .*\.\/src\/(\S+)\.ts$/gm, mark), {
    ...minimizerOptions,
    mangle: true,
    module: false,
  });
  const [head, ...rest] = code.split(/globalThis\.__module\("([^"]+)"\)[;,]/);
  const parts = new Map();
  for (let i = 0; i < rest.length; i += 2) parts.set(rest[i], rest[i + 1]);
  return { head, parts };
}

const { text, imports } = await bundle();
const { head, parts } = await minified(text);
const entry = "bundle";

function sorted(modules) {
  const order = new Set();
  const add = (module) => {
    if (order.has(module) || module === entry) return;
    for (const imported of imports.get(module) ?? []) if (parts.has(imported)) add(imported);
    order.add(module);
  };
  modules.forEach(add);
  return [...order];
}
const sizeOf = (order) =>
  gzipSync(head + [...order, entry].map((module) => parts.get(module)).join(""), { level: 9 }).length;

let best = sorted([...parts.keys()]);
let size = sizeOf(best);
console.log(`${best.length} modules; ${size} bytes after gzip in the order that they have`);
const until = Date.now() + MINUTES * 60_000;
while (Date.now() < until) {
  const tried = [...best];
  const moved = tried.splice(Math.random() * tried.length, 1 + Math.random() * MOST_MOVED);
  tried.splice(Math.random() * (tried.length + 1), 0, ...moved);
  const order = sorted(tried);
  const now = sizeOf(order);
  if (now < size) console.log(`${now} bytes`);
  if (now <= size) [best, size] = [order, now];
}
writeFileSync(ORDER, `${JSON.stringify(best, null, 2)}\n`);
