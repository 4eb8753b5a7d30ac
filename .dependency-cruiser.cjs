"use strict";

/**
 * Imports point one way and never form a cycle.
 * Top to bottom: a layer may import from the layers listed below it.
 */
const layers = [
  { name: "session", path: "^src/session/" },
  { name: "conversation", path: "^src/conversation/" },
  { name: "participant", path: "^src/participant/" },
  { name: "connection", path: "^src/connection/" },
  { name: "observability", path: "^src/observability/" },
  { name: "foundation", path: "^src/(?:platform|errors|item|version|waiting|keepalive-fetch)\\.ts$" },
  { name: "util", path: "^src/util/" },
];

/** Layers that sit side by side: neither may import the other, whichever is listed first. */
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
  name: `${from}-does-not-import-${to}`,
  severity: "error",
  from: { path: layerPath(from) },
  to: { path: layerPath(to) },
}));

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-unresolvable",
      comment: "The React hooks import this package by its name.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^amazon-connect-chatjs$" },
    },
    {
      name: "no-orphan",
      comment: "A file that nothing imports is dead code.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "\\.d\\.ts$",
          "^src/bundle\\.ts$",
          "^src/index\\.ts$",
          "^simulator/index\\.ts$",
          "^simulator/panel/main\\.tsx$",
          "^simulator/program/main\\.ts$",
          "^inspector/index\\.ts$",
          "^interactive/index\\.ts$",
          "^react/index\\.ts$",
        ],
      },
      to: {},
    },
    ...upward,
    ...sideways,
    {
      name: "api-imports-nothing",
      comment: "Every module may import the public declarations, so they import only types from util.",
      severity: "error",
      from: { path: "^src/api/" },
      to: { path: "^src/", pathNot: "^src/(?:api|util)/" },
    },
    {
      name: "api-imports-only-types-from-util",
      severity: "error",
      from: { path: "^src/api/" },
      to: { path: "^src/util/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "index-is-declarations",
      comment: "src/index.ts declares what the bundle exports; it has no values at run time.",
      severity: "error",
      from: {},
      to: { path: "^src/index\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "library-does-not-import-the-simulator",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(?:simulator|test|examples|bench)/" },
    },
    {
      name: "simulator-does-not-import-the-library",
      comment: "The simulator is a separate entry point and must not pull in the library.",
      severity: "error",
      from: { path: "^simulator/" },
      to: { path: "^src/" },
    },
    {
      name: "panel-imports-only-types-of-the-control-api",
      comment: "The panel runs in a browser and uses nothing but the control API.",
      severity: "error",
      from: { path: "^simulator/panel/" },
      to: {
        path: "^simulator/",
        pathNot: ["^simulator/panel/", "^simulator/control/(?:types|operations)\\.ts$"],
      },
    },
    {
      name: "panel-imports-no-values-of-the-control-api",
      severity: "error",
      from: { path: "^simulator/panel/" },
      to: { path: "^simulator/control/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "one-package-in-the-panel",
      severity: "error",
      from: { path: "^simulator/panel/" },
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-peer", "npm-optional", "core"],
        pathNot: "node_modules/preact/",
      },
    },
    {
      name: "nothing-imports-the-panel",
      severity: "error",
      from: { path: "^(?:src|inspector|simulator/(?!panel/))" },
      to: { path: "^simulator/panel/" },
    },
    {
      name: "nothing-imports-the-inspector",
      comment:
        "The inspector looks at the library from outside: it may import its tables and types, but no part of a session.",
      severity: "error",
      from: { path: "^(?:src|simulator)/" },
      to: { path: "^inspector/" },
    },
    {
      name: "interactive-stands-alone",
      comment: "Applications can use it without the library, so it must not pull in anything.",
      severity: "error",
      from: { path: "^interactive/" },
      to: { pathNot: "^interactive/" },
    },
    {
      name: "nothing-imports-interactive",
      severity: "error",
      from: { path: "^(?:src|simulator|inspector)/" },
      to: { path: "^interactive/" },
    },
    {
      name: "react-imports-only-types-of-the-library",
      comment:
        "The hooks use the library that the application imports, so they must not bundle a second one.",
      severity: "error",
      from: { path: "^react/" },
      to: { path: "^src/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-imports-the-react-hooks",
      severity: "error",
      from: { path: "^(?:src|simulator|inspector)/" },
      to: { path: "^react/" },
    },
    {
      name: "one-package-in-the-bundle",
      comment: "The AWS SDK's service model is the library's only third-party code.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-peer", "npm-optional", "core"],
        pathNot: "@aws-sdk/client-connectparticipant",
      },
    },
  ],
  options: {
    // dependency-cruiser takes the package `react` for the folder of this name, whose entry is in dist.
    doNotFollow: { path: ["node_modules", "^dist/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
