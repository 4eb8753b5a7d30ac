/** The panel's styles, which don't depend on the page's styles. They support light mode, dark mode and phones. */
export const STYLES = `
:host {
  --surface: #ffffff; --sunken: #f2f5f7; --line: #d3dae0; --control: #76838f; --text: #17212b; --muted: #53616e;
  --accent: #0a6b6b; --good: #1a7f42; --warn: #8a5000; --bad: #b3261e; --info: #0b5cb8; --selected: #e2f0ef;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  all: initial; color-scheme: light dark;
  position: fixed; inset: auto 0 0; z-index: 2147483000; display: block; box-sizing: border-box;
  height: min(400px, 50vh); color: var(--text); background: var(--surface);
  border-top: 1px solid var(--control); box-shadow: 0 -6px 28px rgb(10 20 30 / 18%);
  font: 13px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
:host([inline]) { position: static; height: 440px; border: 1px solid var(--line); border-radius: 12px; overflow: hidden; box-shadow: none; }
:host([hidden]) { display: none; }
@media (prefers-color-scheme: dark) {
  :host {
    --surface: #171f27; --sunken: #10171d; --line: #2b3742; --control: #7d8c98; --text: #e7edf2; --muted: #a0b0bd;
    --accent: #5fcdc6; --good: #5bd18a; --warn: #f0b357; --bad: #ff9d94; --info: #7db8ff; --selected: #1d3438;
    box-shadow: 0 -6px 28px rgb(0 0 0 / 55%);
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, p, ol, pre { margin: 0; padding: 0; }
ol { list-style: none; }
button, input, select { font: inherit; color: inherit; }
:focus-visible { outline: 2px solid var(--info); outline-offset: 1px; }
.frame { display: flex; flex-direction: column; height: 100%; }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; padding: 7px 14px; }
.head { border-bottom: 1px solid var(--line); }
h2 { font-size: 14px; font-weight: 650; letter-spacing: -0.01em; }
.count { color: var(--muted); font-variant-numeric: tabular-nums; margin-inline-end: auto; }
.button, select, input[type="search"] {
  min-height: 28px; padding: 0 10px; border: 1px solid var(--control); border-radius: 7px; background: var(--surface);
}
.button { cursor: pointer; font-weight: 550; }
.button:hover { background: var(--sunken); }
.button[aria-pressed="true"] { background: var(--text); border-color: var(--text); color: var(--surface); }
.close { width: 28px; padding: 0; font-size: 17px; line-height: 1; border-color: transparent; }
.switch { display: inline-flex; align-items: center; gap: 6px; cursor: pointer; }
.switch input { accent-color: var(--accent); width: 15px; height: 15px; margin: 0; }
.chip {
  min-height: 26px; padding: 0 9px; border: 1px solid var(--line); border-radius: 99px; background: none;
  color: var(--muted); font-size: 12px; cursor: pointer; white-space: nowrap;
}
.chip[aria-pressed="true"] { border-color: var(--accent); color: var(--text); background: var(--selected); }
input[type="search"] { flex: 1 1 120px; min-width: 90px; max-width: 240px; }
::placeholder { color: var(--muted); opacity: 1; }
.lanes { padding: 8px 14px 4px; border-bottom: 1px solid var(--line); max-height: 122px; overflow-y: auto; flex: none; }
.lanes:empty { display: none; }
.lane { display: grid; grid-template-columns: 116px minmax(0, 1fr) 92px; gap: 10px; align-items: center; margin-bottom: 4px; }
.lane-name { font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.lane-state { font-size: 12px; text-align: end; color: var(--muted); }
.lane svg { display: block; width: 100%; height: 18px; border-radius: 4px; background: var(--sunken); }
.scale { display: grid; grid-template-columns: 116px minmax(0, 1fr) 92px; gap: 10px; color: var(--muted); font-size: 11px; }
.scale div { display: flex; justify-content: space-between; }
.span { fill: var(--muted); opacity: .3; }
.span[data-state="connected"] { fill: var(--good); opacity: .38; }
.span[data-state="connecting"], .span[data-state="reconnecting"] { fill: var(--warn); opacity: .6; }
.span[data-state="broken"] { fill: var(--bad); opacity: .6; }
.mark { fill: var(--text); }
.mark[data-kind="frame"] { fill: var(--info); }
.mark[data-kind="beat"] { fill: var(--good); }
.mark[data-kind="retry"] { fill: var(--warn); }
.mark[data-kind="recovery"] { fill: var(--accent); }
.mark[data-kind="failed"] { fill: var(--bad); }
.legend { display: inline-flex; gap: 10px; flex-wrap: wrap; justify-content: center; }
.legend span::before { content: ""; display: inline-block; width: 6px; height: 6px; margin-inline-end: 4px; border-radius: 1px; background: var(--text); }
.legend .frame-key::before { background: var(--info); }
.legend .retry-key::before { background: var(--warn); }
.legend .recovery-key::before { background: var(--accent); }
.legend .failed-key::before { background: var(--bad); }
.body { flex: 1; min-height: 0; display: flex; border-top: 1px solid var(--line); }
.list { flex: 1 1 60%; min-width: 0; overflow-y: auto; overscroll-behavior: contain; }
.list:focus-visible, .transcript:focus-visible, .detail:focus-visible { outline-offset: -2px; }
.row {
  display: grid; grid-template-columns: 98px 92px minmax(0, 1fr) auto 128px; gap: 12px; width: 100%; padding: 3px 14px;
  border: 0; border-bottom: 1px solid var(--sunken); background: none; text-align: start; cursor: pointer;
  font: 12px/1.5 var(--mono); font-variant-numeric: tabular-nums;
}
.row:hover { background: var(--sunken); }
.row[aria-expanded="true"] { background: var(--selected); }
.row > * { min-width: 0; }
.row .what { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row .more { color: var(--muted); margin-inline-start: 8px; }
.row time, .row .owner { color: var(--muted); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.row .size { color: var(--muted); white-space: nowrap; }
.row .result { text-align: end; white-space: nowrap; }
.row[data-category="link"] .title { font-weight: 700; }
[data-tone="good"] .title { color: var(--good); }
[data-tone="warn"] .title { color: var(--warn); }
[data-tone="bad"] .title, [data-tone="bad"] .result { color: var(--bad); }
.empty { padding: 14px; color: var(--muted); }
.older { margin: 8px 14px; }
.side { flex: 0 1 400px; min-width: 0; display: flex; flex-direction: column; border-inline-start: 1px solid var(--line); }
.side-head { display: flex; align-items: center; gap: 6px; padding: 5px 12px; border-bottom: 1px solid var(--line); font-weight: 600; }
.side-head span { margin-inline-end: auto; }
.detail { flex: 1; min-height: 0; overflow: auto; padding: 10px 12px; font: 12px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 2; }
.transcript { flex: 1; min-height: 0; overflow-y: auto; padding: 6px 12px 12px; }
.transcript li { padding: 5px 0; border-bottom: 1px solid var(--sunken); overflow-wrap: anywhere; }
.transcript .meta { display: flex; gap: 8px; color: var(--muted); font-size: 12px; }
.transcript .note { color: var(--accent); }
.transcript .own .meta b { color: var(--accent); }
@media (max-width: 719px) {
  :host { height: 72vh; height: 72svh; }
  .bar { padding: 6px 10px; }
  .head { position: relative; }
  .head .close { position: absolute; inset: 5px 8px auto auto; }
  .switch { margin-inline-end: 34px; }
  .lane, .scale { grid-template-columns: 96px minmax(0, 1fr); gap: 6px; }
  .lane-state { display: none; }
  .lanes { padding: 6px 10px 2px; }
  .legend { display: none; }
  .chips { flex-wrap: nowrap; overflow-x: auto; padding-block: 4px; }
  .chips .chip { flex: none; }
  .chips input, .chips select { flex: none; width: 130px; }
  .row { grid-template-columns: auto minmax(0, 1fr) auto; gap: 2px 10px; padding: 5px 10px; }
  .row .what { grid-column: 1 / -1; grid-row: 2; white-space: normal; overflow-wrap: anywhere; }
  .row .result { grid-column: 3; grid-row: 1; }
  .row .size { display: none; }
  .body { flex-direction: column; }
  .list { flex: 1 1 0; }
  .side { flex: 1.2 1 0; min-height: 0; border-inline-start: 0; border-top: 1px solid var(--control); }
}
`;
