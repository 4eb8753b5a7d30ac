// Formats the figures as Markdown tables, for the terminal and the docs.

export const figure = (value) =>
  Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(Math.abs(value) >= 1 ? 2 : 3);

const cell = (series) => {
  if (series === undefined) return "–";
  const [low, high] = series.quartiles.map(figure);
  return series.runs === 1 ? figure(series.median) : `${figure(series.median)} (${low}–${high})`;
};

export const ratioOf = ({ figures: { ours, upstream } }) => ours.median / upstream.median;

/** The ratio of the amounts that our library and upstream add to the bare floor. */
const aboveBare = ({ figures: { ours, upstream, bare } }) =>
  bare === undefined ? "–" : ((ours.median - bare.median) / (upstream.median - bare.median)).toFixed(2);

function padded(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((text, column) => text.padEnd(widths[column])).join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

const goal = (value) => (value === null ? "–" : typeof value === "number" ? value.toFixed(2) : value);

export function table(rows) {
  const head = ["figure", "unit", "ours", "upstream 5.0.0", "bare", "ratio", "at most", "aim", "above bare"];
  return padded([
    head,
    ...rows.map((row) => [
      row.name,
      row.unit,
      ...["ours", "upstream", "bare"].map((subject) => cell(row.figures[subject])),
      row.atMost === null ? "–" : ratioOf(row).toFixed(2),
      goal(row.atMost),
      goal(row.aim),
      row.atMost === null ? "–" : aboveBare(row),
    ]),
  ]);
}

export function growthTable(rows) {
  const head = ["µs per inbound message, with", "", "ours", "upstream 5.0.0"];
  return padded([
    head,
    ...rows.map(({ group, at, figures }) => [group, String(at), cell(figures.ours), cell(figures.upstream)]),
  ]);
}
