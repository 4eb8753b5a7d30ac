// The timeline. A lane for each side shows the last minute. A list below the lanes shows all entries, newest first.

import { element, formatDuration, formatSeconds } from "./format.js";

const MAX_ROWS = 300;
const LANE_SECONDS = 60;
/** The minimum width of a band, in units of which a lane has 600. */
const MIN_SPAN = 2;
const REFRESH_MS = 500;
const SVG = "http://www.w3.org/2000/svg";

const svg = (tag, attributes) => {
  const created = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  return created;
};

/** One side's connection over the last minute. Bands show the states, and marks show heartbeats and requests. */
class Lane {
  #spans = [];
  #marks = [];
  #picture = svg("svg", { viewBox: "0 0 600 20", preserveAspectRatio: "none", class: "lane-picture" });

  constructor(container, side, label) {
    container.append(
      element(
        "div",
        { class: "lane", "data-side": side },
        element("span", { class: "lane-label" }, label),
        this.#picture,
      ),
    );
  }

  enter(state) {
    this.#spans.push({ state, from: Date.now() });
  }

  mark(kind, failed) {
    this.#marks.push({ kind, failed, at: Date.now() });
  }

  clear() {
    this.#spans = [];
    this.#marks = [];
  }

  draw(now) {
    const oldest = now - LANE_SECONDS * 1000;
    const x = (time) => Math.max(0, ((time - oldest) / (LANE_SECONDS * 1000)) * 600);
    this.#marks = this.#marks.filter(({ at }) => at > oldest);
    while (this.#spans[1] && this.#spans[1].from < oldest) this.#spans.shift();
    const shapes = this.#spans.map(({ state, from }, index) => {
      const start = x(from);
      // Keep even short outages visible.
      const width = Math.max(MIN_SPAN, x(this.#spans[index + 1]?.from ?? now) - start);
      return svg("rect", { class: "span", "data-state": state, x: start, y: 6, width, height: 8 });
    });
    for (const { kind, failed, at } of this.#marks) {
      const beat = kind === "beat";
      shapes.push(
        svg("rect", {
          class: failed ? "mark failed" : `mark ${kind}`,
          x: x(at) - 1,
          y: beat ? 3 : 7.5,
          width: beat ? 2 : 3,
          height: beat ? 14 : 5,
        }),
      );
    }
    this.#picture.replaceChildren(...shapes);
  }
}

export class Timeline {
  #rows = document.querySelector("#timeline-rows");
  #empty = document.querySelector("#timeline-empty");
  #lanes = new Map();

  /** `sides` contains a pair for each side: its key and its label. */
  constructor(sides) {
    const container = document.querySelector("#lanes");
    for (const [side, label] of sides) this.#lanes.set(side, new Lane(container, side, label));
    container.append(
      element(
        "div",
        { class: "lane-scale" },
        element("span", {}, `${LANE_SECONDS} s ago`),
        element(
          "span",
          { class: "legend" },
          element("b", { class: "key beat" }),
          "heartbeat",
          element("b", { class: "key request" }),
          "request",
        ),
        element("span", {}, "now"),
      ),
    );
    setInterval(() => this.#draw(), REFRESH_MS);
    document.querySelector("#filters").addEventListener("click", ({ target }) => this.#toggle(target));
  }

  /** Records a side's new connection state: connecting, connected, lost, broken or ended. */
  enter(side, state, text, detail) {
    this.#lanes.get(side)?.enter(state);
    this.add({ side, kind: "link", text, detail, state });
    this.#draw();
  }

  /** Records a heartbeat. Consecutive successful heartbeats share one row with a count, because they are frequent. */
  beat(side, succeeded, detail) {
    this.#lanes.get(side)?.mark("beat", !succeeded);
    const text = succeeded ? "Heartbeat answered" : "Heartbeat not answered";
    const recent = [...this.#rows.children].slice(0, 2);
    const row = recent.find((each) => each.dataset.side === side && each.dataset.kind === "beat");
    if (succeeded && row && !row.classList.contains("failed")) {
      row.dataset.count = String(Number(row.dataset.count ?? 1) + 1);
      row.querySelector(".count").textContent = `× ${row.dataset.count}`;
      this.#stamp(row);
      return;
    }
    this.add({ side, kind: "beat", text, detail, failed: !succeeded });
  }

  request(side, { name, status, duration, failed, detail }) {
    this.#lanes.get(side)?.mark("request", failed);
    this.add({ side, kind: "request", text: name, detail, failed, status: String(status), duration });
  }

  event(side, text, { detail, failed = false } = {}) {
    this.add({ side, kind: "event", text, detail, failed });
  }

  add({ side, kind, text, detail, failed = false, status, duration, state }) {
    const sideName = side ?? "page";
    const row = element(
      "li",
      { class: failed ? "row failed" : "row", "data-side": sideName, "data-kind": kind, "data-state": state },
      element("time"),
      element("span", { class: "side" }, sideName),
      element("span", { class: "what" }, text, " ", element("span", { class: "count" })),
    );
    if (detail) row.querySelector(".what").append(element("span", { class: "detail" }, detail));
    if (status) row.append(element("span", { class: "code" }, status));
    if (duration !== undefined) row.append(element("span", { class: "duration" }, formatDuration(duration)));
    this.#stamp(row);
    this.#empty.hidden = true;
    this.#rows.prepend(row);
    while (this.#rows.children.length > MAX_ROWS) this.#rows.lastChild.remove();
  }

  clear() {
    this.#rows.replaceChildren();
    this.#empty.hidden = false;
    for (const lane of this.#lanes.values()) lane.clear();
    this.#draw();
  }

  #stamp(row) {
    const now = new Date();
    const time = row.querySelector("time");
    time.dateTime = now.toISOString();
    time.textContent = formatSeconds(now);
  }

  #toggle(button) {
    const { kind } = button.dataset;
    if (!kind) return;
    const isShown = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isShown));
    this.#rows.toggleAttribute(`data-hide-${kind}`, !isShown);
  }

  #draw() {
    if (document.hidden) return;
    const now = Date.now();
    for (const lane of this.#lanes.values()) lane.draw(now);
  }
}
