"use strict";

/**
 * The house's first rule: imports point one way, and never in a circle.
 * A layer may import what stands below it: a row names a folder and the rows it may reach.
 */
const layers = [
  { name: "session", path: "^src/session/" },
  { name: "conversation", path: "^src/conversation/" },
  { name: "participant", path: "^src/participant/" },
  { name: "connection", path: "^src/connection/" },
  { name: "observability", path: "^src/observability/" },
  { name: "foundation", path: "^src/(?:platform|errors|item|version|waiting|lasting-fetch)\\.ts$" },
  { name: "util", path: "^src/util/" },
];

/** Which layers each layer must not import, beside those above it: siblings do not know each other. */
const siblings = [
  ["participant", "connection"],
  ["connection", "participant"],
];

const upward = layers.slice(1).map(({ name, path }, index) => ({
  name: `${name}-imports-nothing-above-it`,
  comment: "session → conversation → participant, connection → observability → platform, errors → util",
  severity: "error",
  from: { path },
  to: {
    path: ["^src/(?:index|namespace)\\.ts$", ...layers.slice(0, index + 1).map((layer) => layer.path)],
    pathNot: path,
  },
}));

const layerPath = (name) => layers.find((layer) => layer.name === name).path;

const sideways = siblings.map(([from, to]) => ({
  name: `${from}-does-not-know-${to}`,
  severity: "error",
  from: { path: layerPath(from) },
  to: { path: layerPath(to) },
}));

module.exports = {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-orphan",
      comment: "A file that nothing imports is dead.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "\\.d\\.ts$",
          "^src/bundle\\.ts$",
          "^src/index\\.ts$",
          "^simulator/index\\.ts$",
          "^inspector/index\\.ts$",
        ],
      },
      to: {},
    },
    ...upward,
    ...sideways,
    {
      name: "api-imports-nothing",
      comment: "Everybody may import the public declarations, so they import nothing but types of util.",
      severity: "error",
      from: { path: "^src/api/" },
      to: { path: "^src/", pathNot: "^src/(?:api|util)/" },
    },
    {
      name: "api-takes-types-from-util",
      severity: "error",
      from: { path: "^src/api/" },
      to: { path: "^src/util/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "index-is-declarations",
      comment: "src/index.ts declares what the bundle exports; at run time it has no values.",
      severity: "error",
      from: {},
      to: { path: "^src/index\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "library-does-not-know-the-simulator",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(?:simulator|test|examples|bench)/" },
    },
    {
      name: "simulator-stands-alone",
      comment: "It is published by itself and must not bring the library along.",
      severity: "error",
      from: { path: "^simulator/" },
      to: { path: "^src/" },
    },
    {
      name: "nothing-knows-the-inspector",
      comment:
        "It looks at the library from outside: it may take tables and types from it, and no part of a session.",
      severity: "error",
      from: { path: "^(?:src|simulator)/" },
      to: { path: "^inspector/" },
    },
    {
      name: "one-package-in-the-bundle",
      comment: "The AWS SDK's service model is all that the library takes from elsewhere.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-peer", "npm-optional", "core"],
        pathNot: "@aws-sdk/client-connectparticipant",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
