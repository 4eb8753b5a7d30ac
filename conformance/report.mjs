// What a run found, for people.

const show = (value) => JSON.stringify(value);

function failure({ id, row, wrong }) {
  const lines = Object.entries(wrong).flatMap(([path, { stale, upstream, ours, expected }]) => [
    `    at ${path === "" ? "the whole" : path}`,
    ...(stale
      ? [`      no longer differs; intended for ours: ${show(expected)}`]
      : [`      upstream  ${show(upstream)}`, `      ours      ${show(ours)}`]),
    ...(!stale && expected !== undefined ? [`      intended  ${show(expected)}`] : []),
  ]);
  return [`  ${id}${row === undefined ? "" : `   (intended in part: ${row})`}`, ...lines].join("\n");
}

function byRow(intended) {
  const counts = new Map();
  for (const { row } of intended) counts.set(row, (counts.get(row) ?? 0) + 1);
  return [...counts].map(([row, count]) => `  ${String(count).padStart(4)}  ${row}`);
}

export function report({ equal, intended, failures }, { seconds, isEnough, needed }) {
  const all = equal.length + intended.length + failures.length;
  return [
    `${all} observations in ${seconds.toFixed(0)} s: ${equal.length} equal, ${intended.length} differ as intended, ${failures.length} fail.`,
    "",
    "Intended differences, by what decides them:",
    ...byRow(intended),
    ...(failures.length > 0 ? ["", "Failures:", ...failures.map(failure)] : []),
    ...(isEnough ? [] : ["", `Too few observations: ${needed} are needed.`]),
    "",
    `${equal.length + intended.length} passed, ${failures.length + (isEnough ? 0 : 1)} failed`,
  ].join("\n");
}
