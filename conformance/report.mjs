// Formats a run's verdict as text.

const show = (value) => JSON.stringify(value);

function failure({ id, row, wrong }) {
  const lines = Object.entries(wrong).flatMap(([path, { stale, upstream, ours, expected }]) => [
    `    at ${path === "" ? "the top level" : path}`,
    ...(stale
      ? [`      no longer differs; intended value: ${show(expected)}`]
      : [`      upstream  ${show(upstream)}`, `      ours      ${show(ours)}`]),
    ...(!stale && expected !== undefined ? [`      intended  ${show(expected)}`] : []),
  ]);
  return [`  ${id}${row === undefined ? "" : `   (partly intended: ${row})`}`, ...lines].join("\n");
}

function byRow(intended) {
  const counts = new Map();
  for (const { row } of intended) counts.set(row, (counts.get(row) ?? 0) + 1);
  return [...counts].map(([row, count]) => `  ${String(count).padStart(4)}  ${row}`);
}

export function report({ equal, intended, failures }, { seconds, isEnough, minimum }) {
  const all = equal.length + intended.length + failures.length;
  return [
    `${all} observations in ${seconds.toFixed(0)} s: ${equal.length} equal, ${intended.length} differ as intended, ${failures.length} fail.`,
    "",
    "Intended differences, by the decision behind them:",
    ...byRow(intended),
    ...(failures.length > 0 ? ["", "Failures:", ...failures.map(failure)] : []),
    ...(isEnough ? [] : ["", `Too few observations: at least ${minimum} are required.`]),
    "",
    `${equal.length + intended.length} passed, ${failures.length + (isEnough ? 0 : 1)} failed`,
  ].join("\n");
}
