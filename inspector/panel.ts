/** The panel's view of the record, in the custom element's shadow root, with its own styles. */
import { element } from "./dom";
import { CATEGORIES, CATEGORY_NAMES, type Entry } from "./entries";
import type { Recorder, RecorderChange } from "./recorder";
import { STYLES } from "./styles";
import { TimeAxis } from "./time-axis";
import {
  DEFAULT_FILTER,
  detailOf,
  exportOf,
  passes,
  rowOf,
  transcriptRowOf,
  type Filter,
  type Row,
} from "./view-model";

export const TAG = "chat-inspector";
const TICK_MS = 1_000;
const ROWS_PER_PAGE = 300;
/** The time until the file's URL is revoked. The browser starts reading the file late, but within a minute. */
const FILE_LIFE_MS = 60_000;
const RANGES = [
  ["60000", "1 min"],
  ["300000", "5 min"],
  ["1800000", "30 min"],
] as const;

const pad = (value: number, length = 2): string => String(value).padStart(length, "0");
function clock(at: number): string {
  const date = new Date(at);
  const seconds = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return `${seconds}.${pad(date.getMilliseconds(), 3)}`;
}

function button(
  label: string,
  className: string,
  onClick: (target: HTMLButtonElement) => void,
): HTMLButtonElement {
  const created = element("button", { type: "button", class: className }, label);
  created.addEventListener("click", () => onClick(created));
  return created;
}

/** The content of the side pane, next to the list. */
type SideContent = { readonly kind: "entry"; readonly id: number } | { readonly kind: "conversation" } | null;

/** Renders the panel and keeps it up to date while the custom element is attached to the page. */
export class PanelView {
  readonly #recorder: Recorder;
  readonly #onClose: () => void;
  readonly #axis = new TimeAxis(Number(RANGES[0][0]));
  readonly #count = element("p", { class: "count", "aria-live": "off" });
  readonly #pause = button("Pause", "button", () => this.#recorder.setPaused(!this.#recorder.isPaused));
  readonly #rows = element("ol", {});
  readonly #empty = element("p", { class: "empty" }, "No entries yet. Start a chat to see its entries here.");
  readonly #older = button("Show older entries", "button older", () => this.#showMore());
  readonly #sessions = element("select", { "aria-label": "Session" });
  readonly #side = element("section", { class: "side", hidden: true });
  readonly #conversation = button("Transcript", "button", () => this.#toggleConversation());
  readonly #nodes = new Map<number, HTMLElement>();
  #filter: Filter = DEFAULT_FILTER;
  #showsText = false;
  #limit = ROWS_PER_PAGE;
  #sideContent: SideContent = null;
  #pending: Entry[] = [];
  #stale = true;
  #frame = 0;
  #cleanups: (() => void)[] = [];

  constructor(root: ShadowRoot, recorder: Recorder, onClose: () => void) {
    this.#recorder = recorder;
    this.#onClose = onClose;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(this.#layout());
  }

  start(): void {
    const tick = setInterval(() => this.#draw(), TICK_MS);
    this.#cleanups = [
      () => clearInterval(tick),
      () => cancelAnimationFrame(this.#frame),
      this.#recorder.onChange((change) => this.#onChange(change)),
    ];
    this.#stale = true;
    this.#render();
  }

  stop(): void {
    for (const cleanUp of this.#cleanups.splice(0)) cleanUp();
    this.#frame = 0;
  }

  get #options(): { showsText: boolean } {
    return { showsText: this.#showsText };
  }

  #layout(): HTMLElement {
    const text = element("input", { type: "checkbox" });
    text.addEventListener("change", () => {
      this.#showsText = text.checked;
      this.#refresh();
    });
    const search = element("input", {
      type: "search",
      placeholder: "Filter",
      "aria-label": "Filter by text",
    });
    search.addEventListener("input", () => this.#refilter({ text: search.value }));
    const range = element("select", { "aria-label": "Time range" });
    for (const [value, label] of RANGES) range.append(element("option", { value }, label));
    range.addEventListener("change", () => {
      this.#axis.setRange(Number(range.value));
      this.#draw();
    });
    this.#sessions.addEventListener("change", () =>
      this.#refilter({ session: this.#sessions.value === "" ? null : this.#sessions.value }),
    );
    const close = button("×", "button close", this.#onClose);
    close.setAttribute("aria-label", "Close the inspector");
    this.#pause.setAttribute("aria-pressed", "false");
    this.#conversation.setAttribute("aria-pressed", "false");

    const head = element(
      "div",
      { class: "bar head" },
      element("h2", {}, "Chat inspector"),
      this.#count,
      element("label", { class: "switch" }, text, "Show text"),
      this.#conversation,
      this.#pause,
      button("Clear", "button", () => this.#clear()),
      button("Export", "button", () => this.#export()),
      close,
    );
    const filters = element(
      "div",
      { class: "bar chips", role: "group", "aria-label": "Filter the list" },
      ...CATEGORY_NAMES.map((name) => this.#chip(name)),
      search,
      this.#sessions,
      range,
    );
    const list = element(
      "div",
      { class: "list", role: "region", "aria-label": "Entries, newest first", tabindex: 0 },
      this.#empty,
      this.#rows,
      this.#older,
    );
    this.#rows.addEventListener("click", ({ target }) => {
      const row = target instanceof Element ? target.closest<HTMLElement>("[data-id]") : null;
      if (row) this.#select(Number(row.dataset["id"]));
    });
    return element(
      "section",
      { class: "frame", "aria-label": "Chat inspector" },
      head,
      this.#axis.node,
      filters,
      element("div", { class: "body" }, list, this.#side),
    );
  }

  #chip(name: (typeof CATEGORY_NAMES)[number]): HTMLElement {
    const chip = button(CATEGORIES[name].label, "chip", () => {
      const categories = new Set(this.#filter.categories);
      if (!categories.delete(name)) categories.add(name);
      chip.setAttribute("aria-pressed", String(categories.has(name)));
      this.#refilter({ categories });
    });
    chip.setAttribute("aria-pressed", String(this.#filter.categories.has(name)));
    return chip;
  }

  #refilter(change: Partial<Filter>): void {
    this.#filter = { ...this.#filter, ...change };
    this.#limit = ROWS_PER_PAGE;
    this.#refresh();
  }

  #showMore(): void {
    this.#limit += ROWS_PER_PAGE;
    this.#refresh();
  }

  #refresh(): void {
    this.#stale = true;
    this.#render();
  }

  /** Renders all changes between two animation frames together, so that a busy chat doesn't slow down the page. */
  #onChange(change: RecorderChange): void {
    if ("entry" in change) this.#pending.push(change.entry);
    else this.#stale = true;
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#render();
      });
    }
  }

  #render(): void {
    const pending = this.#pending.splice(0);
    if (this.#stale) this.#renderAll();
    else for (const entry of pending) this.#renderOne(entry);
    this.#stale = false;
    this.#draw();
  }

  #renderAll(): void {
    const rows = this.#recorder.entries
      .map((entry) => rowOf(entry, this.#options))
      .filter((row) => passes(row, this.#filter));
    this.#nodes.clear();
    this.#rows.replaceChildren(
      ...rows
        .slice(-this.#limit)
        .reverse()
        .map((row) => this.#node(row)),
    );
    this.#older.hidden = rows.length <= this.#limit;
    this.#renderSessions();
    this.#renderSide();
  }

  #renderOne(entry: Entry): void {
    const row = rowOf(entry, this.#options);
    const existing = this.#nodes.get(row.id);
    if (existing) existing.replaceWith(this.#node(row));
    else if (passes(row, this.#filter)) {
      this.#rows.prepend(this.#node(row));
      while (this.#rows.childElementCount > this.#limit) this.#removeRow(this.#rows.lastElementChild);
    }
    const isShown = this.#sideContent?.kind === "entry" && this.#sideContent.id === entry.id;
    if (isShown || (this.#sideContent?.kind === "conversation" && entry.kind === "event")) this.#renderSide();
  }

  #removeRow(row: Element | null): void {
    this.#older.hidden = false;
    if (row instanceof HTMLElement)
      this.#nodes.delete(Number(row.querySelector<HTMLElement>("[data-id]")?.dataset["id"]));
    row?.remove();
  }

  #node(row: Row): HTMLElement {
    const isShown = this.#sideContent?.kind === "entry" && this.#sideContent.id === row.id;
    const created = element(
      "li",
      {},
      element(
        "button",
        {
          type: "button",
          class: "row",
          "data-id": row.id,
          "data-tone": row.tone,
          "data-category": row.category,
          "aria-expanded": String(isShown),
        },
        element("time", { datetime: new Date(row.at).toISOString() }, clock(row.at)),
        element("span", { class: "owner" }, this.#labelOf(row.session)),
        element(
          "span",
          { class: "what" },
          element("span", { class: "title" }, row.title),
          element("span", { class: "more" }, row.detail),
        ),
        element("span", { class: "size" }, row.size),
        element("span", { class: "result" }, row.result),
      ),
    );
    this.#nodes.set(row.id, created);
    return created;
  }

  #labelOf(session: string | null): string {
    return this.#recorder.sessions.find(({ id }) => id === session)?.label ?? "page";
  }

  #renderSessions(): void {
    const { value } = this.#sessions;
    this.#sessions.replaceChildren(
      element("option", { value: "" }, "All sessions"),
      ...this.#recorder.sessions.map(({ id, label }) => element("option", { value: id }, label)),
    );
    this.#sessions.value = value;
  }

  /** Updates the parts that change over time: the axis and the counts. */
  #draw(): void {
    if (document.hidden) return;
    const { entries, dropped, isPaused, missed } = this.#recorder;
    this.#axis.draw(this.#recorder, Date.now());
    const older = dropped > 0 ? `, ${dropped} older dropped` : "";
    this.#count.textContent = isPaused
      ? `paused, ${missed} not recorded`
      : `${entries.length} ${entries.length === 1 ? "entry" : "entries"}${older}`;
    this.#pause.setAttribute("aria-pressed", String(isPaused));
    this.#empty.hidden = this.#rows.childElementCount > 0;
    this.#empty.textContent =
      entries.length === 0
        ? "No entries yet. Start a chat to see its entries here."
        : "No entries match the filter.";
  }

  #select(id: number): void {
    const isSame = this.#sideContent?.kind === "entry" && this.#sideContent.id === id;
    this.#show(isSame ? null : { kind: "entry", id });
  }

  #toggleConversation(): void {
    this.#show(this.#sideContent?.kind === "conversation" ? null : { kind: "conversation" });
  }

  #show(content: SideContent): void {
    for (const [id, node] of this.#nodes) {
      const isShown = content?.kind === "entry" && content.id === id;
      node.firstElementChild?.setAttribute("aria-expanded", String(isShown));
    }
    this.#sideContent = content;
    this.#renderSide();
  }

  #renderSide(): void {
    const sideContent = this.#sideContent;
    this.#conversation.setAttribute("aria-pressed", String(sideContent?.kind === "conversation"));
    const content =
      sideContent?.kind === "conversation"
        ? this.#transcript()
        : sideContent
          ? this.#detail(sideContent.id)
          : null;
    this.#side.hidden = content === null;
    if (content === null) return;
    const title = sideContent?.kind === "conversation" ? "Transcript as received" : "Entry";
    const close = button("×", "button close", () => this.#show(null));
    close.setAttribute("aria-label", `Close: ${title}`);
    this.#side.replaceChildren(
      element("div", { class: "side-head" }, element("span", {}, title), close),
      content,
    );
    this.#side.setAttribute("aria-label", title);
  }

  #detail(id: number): HTMLElement | null {
    const entry = this.#recorder.entries.find((each) => each.id === id);
    if (!entry) return null;
    return element("pre", { class: "detail", tabindex: 0 }, detailOf(entry, this.#options));
  }

  #transcript(): HTMLElement {
    const { session } = this.#filter;
    const watched = this.#recorder.sessions.filter(({ id }) => session === null || id === session).at(-1);
    const rows = (watched?.transcript ?? []).map((line) => transcriptRowOf(line, this.#options));
    const list = element("ol", { class: "transcript", tabindex: 0 });
    if (rows.length === 0) list.append(element("li", { class: "empty" }, "No messages yet."));
    for (const { own, who, time, note, text } of rows) {
      const meta = element(
        "div",
        { class: "meta" },
        element("b", {}, who || "event"),
        element("time", {}, time ? clock(Date.parse(time)) : ""),
        element("span", { class: "note" }, note),
      );
      list.append(element("li", { class: own ? "own" : "" }, meta, element("div", { dir: "auto" }, text)));
    }
    return list;
  }

  #clear(): void {
    this.#sideContent = null;
    this.#recorder.clear();
  }

  #export(): void {
    const now = Date.now();
    const text = JSON.stringify(exportOf(this.#recorder, { ...this.#options, now }), null, 1);
    const link = element("a", {
      href: URL.createObjectURL(new Blob([text], { type: "application/json" })),
      download: `chat-inspector-${new Date(now).toISOString().replace(/[:.]/g, "-")}.json`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), FILE_LIFE_MS);
  }
}
