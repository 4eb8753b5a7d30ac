// Draws charts as SVG, without a library.

const FONT = 'font-family="system-ui, sans-serif"';

const escaped = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");
const text = (x, y, content, more = "", sizePx = 12) =>
  `<text x="${x}" y="${y}" ${FONT} font-size="${sizePx}" fill="#374151" ${more}>${escaped(content)}</text>`;

const document = (width, height, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" fill="#ffffff"/>
${body.join("\n")}
</svg>
`;

const POINT_S = 6;

/** Draws one value per second as lines over time, with two panels per row. */
export function chart(panels, { horizonS, markS, mark }) {
  const width = 460;
  const height = 220;
  const left = 76;
  const top = 34;
  const body = panels.flatMap((panel, index) => {
    const originX = (index % 2) * (width + 100) + left;
    const originY = Math.floor(index / 2) * (height + 80) + top;
    const maximum = Math.max(...panel.lines.flatMap(({ values }) => values.slice(0, horizonS)));
    const decades = Math.ceil(Math.log10(Math.max(maximum, 10)));
    const share = (value) =>
      panel.logarithmic
        ? Math.max(0, Math.log10(Math.max(value, 1)) / decades)
        : value / Math.max(maximum, 1);
    const x = (second) => (originX + (second / horizonS) * width).toFixed(1);
    const y = (value) => (originY + height - share(value) * height).toFixed(1);
    const ticks = panel.logarithmic
      ? Array.from({ length: decades + 1 }, (_, power) => 10 ** power)
      : [0, 0.25, 0.5, 0.75, 1];
    return [
      text(originX, originY - 12, panel.title, 'font-weight="600"'),
      ...ticks.flatMap((tick) => [
        `<line x1="${originX}" x2="${originX + width}" y1="${y(tick)}" y2="${y(tick)}" stroke="#e5e7eb"/>`,
        text(
          originX - 6,
          Number(y(tick)) + 4,
          panel.logarithmic ? tick.toLocaleString("en") : `${100 * tick}%`,
          'text-anchor="end"',
        ),
      ]),
      ...[0, 0.25, 0.5, 0.75, 1].map((part) =>
        text(
          x(part * horizonS),
          originY + height + 18,
          `${(part * horizonS) / 60} min`,
          'text-anchor="middle"',
        ),
      ),
      `<line x1="${x(markS)}" x2="${x(markS)}" y1="${originY}" y2="${originY + height}" stroke="#9ca3af" stroke-dasharray="2 3"/>`,
      text(Number(x(markS)) + 4, originY + 12, mark, 'font-style="italic"'),
      ...panel.lines.map(({ color, values, dashed }) => {
        const points = [];
        // Each point is the maximum of several seconds, so that peaks aren't lost.
        for (let second = 0; second < horizonS; second += POINT_S) {
          points.push(`${x(second)},${y(Math.max(...values.slice(second, second + POINT_S)))}`);
        }
        const dash = dashed ? ' stroke-dasharray="6 4"' : "";
        return `<polyline fill="none" stroke="${color}" stroke-width="1.3"${dash} points="${points.join(" ")}"/>`;
      }),
      ...panel.lines.map(({ name, color }, place) =>
        text(originX + place * 140, originY + height + 36, `— ${name}`, `style="fill:${color}"`),
      ),
    ];
  });
  return document(2 * (width + 100) + 20, Math.ceil(panels.length / 2) * (height + 80) + 20, body);
}

/** Draws each figure as a bar relative to upstream's, with marks for the limit, the aim and the bare floor. */
export function bars(rows, caption) {
  const left = 390;
  const width = 420;
  const line = 34;
  const x = (ratio) => left + Math.min(ratio, 1.1) * (width / 1.1);
  const body = rows.flatMap(({ name, ratio, floor, atMost, aim, detail }, index) => {
    const y = 50 + index * line;
    const mark = (value, color) =>
      `<line x1="${x(value)}" x2="${x(value)}" y1="${y - 3}" y2="${y + 19}" stroke="${color}" stroke-width="2"/>`;
    return [
      text(left - 10, y + 13, name, 'text-anchor="end"'),
      `<rect x="${left}" y="${y}" width="${x(1) - left}" height="16" fill="#fed7aa"/>`,
      `<rect x="${left}" y="${y}" width="${(x(ratio) - left).toFixed(1)}" height="16" fill="${ratio <= atMost ? "#0f766e" : "#b91c1c"}"/>`,
      mark(atMost, "#111827"),
      ...(typeof aim === "number" ? [mark(aim, "#60a5fa")] : []),
      ...(floor === null ? [] : [mark(floor, "#facc15")]),
      text(left + width + 8, y + 13, detail),
    ];
  });
  const height = 50 + rows.length * line;
  return document(left + width + 230, height + 30, [
    text(left - 10, 24, "ours as a share of upstream 5.0.0", 'text-anchor="end" font-weight="600"'),
    text(
      left,
      24,
      "green: ours (red: over the limit) · orange: upstream · black: limit · blue: aim · yellow: bare",
    ),
    ...body,
    text(10, height + 16, caption, "", 11),
  ]);
}
