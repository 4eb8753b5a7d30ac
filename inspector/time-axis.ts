/** Draws a lane for each session. Bands show the states over time, and marks show requests, frames and failures. */
import { element, shape } from "./dom";
import type { Recorder } from "./recorder";
import { lanesOf, type Lane, type Mark } from "./view-model";

const WIDTH = 1000;
const HEIGHT = 18;
/** The minimum width of a band, which keeps even short outages visible. */
const MIN_WIDTH = 2;
/** The vertical position of each kind of mark in its lane. The positions keep marks from covering each other. */
const MARK_POSITIONS: Readonly<Record<Mark["kind"], { y: number; height: number }>> = {
  request: { y: 2, height: 5 },
  retry: { y: 2, height: 5 },
  frame: { y: 11, height: 5 },
  beat: { y: 15.5, height: 2.5 },
  recovery: { y: 0, height: HEIGHT },
  failed: { y: 2, height: 14 },
};

export class TimeAxis {
  readonly node = element("div", { class: "lanes", role: "group", "aria-label": "Connections over time" });
  #rangeMs: number;

  constructor(rangeMs: number) {
    this.#rangeMs = rangeMs;
  }

  setRange(rangeMs: number): void {
    this.#rangeMs = rangeMs;
  }

  draw(recorder: Recorder, now: number): void {
    const from = now - this.#rangeMs;
    const lanes = lanesOf(recorder, { from, to: now });
    if (lanes.length === 0) {
      this.node.replaceChildren();
      return;
    }
    this.node.replaceChildren(...lanes.map((lane) => this.#lane(lane, from)), this.#scale());
  }

  #lane({ label, contactId, state, spans, marks }: Lane, from: number): HTMLElement {
    const x = (at: number): number => ((at - from) / this.#rangeMs) * WIDTH;
    const picture = shape(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": `${label}: ${state}`,
      },
      ...spans.map((span) =>
        shape("rect", {
          class: "span",
          "data-state": span.state,
          x: x(span.from),
          y: 0,
          width: Math.max(MIN_WIDTH, x(span.to) - x(span.from)),
          height: HEIGHT,
        }),
      ),
      ...marks.map(({ at, kind }) =>
        shape("rect", {
          class: "mark",
          "data-kind": kind,
          x: x(at) - 1,
          width: 2.5,
          ...MARK_POSITIONS[kind],
        }),
      ),
    );
    return element(
      "div",
      { class: "lane", title: `Contact ${contactId}` },
      element("span", { class: "lane-name" }, label),
      picture,
      element("span", { class: "lane-state" }, state),
    );
  }

  #scale(): HTMLElement {
    const key = (kind: string, text: string): HTMLElement => element("span", { class: `${kind}-key` }, text);
    const legend = element(
      "span",
      { class: "legend" },
      key("request", "request"),
      key("retry", "retry"),
      key("frame", "frame"),
      key("recovery", "recovery"),
      key("failed", "failure"),
    );
    const seconds = this.#rangeMs / 1000;
    const oldest = seconds < 120 ? `${seconds} s ago` : `${seconds / 60} min ago`;
    return element(
      "div",
      { class: "scale" },
      element("span"),
      element("div", {}, element("span", {}, oldest), legend, element("span", {}, "now")),
    );
  }
}
