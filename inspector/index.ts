/**
 * The inspector, for development: `import "amazon-connect-chatjs/inspector"` after the library, or a script tag. It shows
 * the links' states over time, each request and frame, receipts, recovery and the conversation, by looking at the page
 * from outside: public events of the sessions, `fetch` and `WebSocket`.
 */
import type { GlobalElement } from "../src/util/global-types";
import { Recorder, DEFAULT_MAX_ENTRIES } from "./recorder";
import { exportOf, type Export } from "./view-model";
import { PanelView, TAG } from "./panel";
import { Watch } from "./watch";
import type { InspectableSession } from "./watched-session";

export type { InspectableSession } from "./watched-session";
export type { Entry } from "./entries";
export type { Export } from "./view-model";

export interface InspectorOptions {
  /** Whether the panel is open; default true. Closed, it records all the same. */
  panel?: boolean;
  /** How many entries are kept, the oldest going first; default 2,000. Counts for a start from stopped. */
  maxEntries?: number;
  /** Where in the page the panel stands; default: over the lower edge of the window. */
  container?: GlobalElement;
}

const isBrowser = typeof document !== "undefined" && typeof customElements !== "undefined";

let running: { recorder: Recorder; watch: Watch } | null = null;
let panel: HTMLElement | null = null;

/** Defined once the panel is shown: where there is no page there is no HTMLElement to extend. */
function definePanel(): void {
  if (customElements.get(TAG)) return;
  customElements.define(
    TAG,
    class extends HTMLElement {
      #view: PanelView | null = null;

      connectedCallback(): void {
        if (!running) return;
        this.#view = new PanelView(
          this.shadowRoot ?? this.attachShadow({ mode: "open" }),
          running.recorder,
          () => inspector.hide(),
        );
        this.#view.start();
      }

      disconnectedCallback(): void {
        this.#view?.stop();
        this.#view = null;
      }
    },
  );
}

/** Looks for the library once more when the page is complete: it may be loaded after the inspector. */
function findLibraryLater(watch: Watch): void {
  if (document.readyState === "complete") return;
  const look = (): void => {
    if (running?.watch === watch) watch.findLibrary();
  };
  document.addEventListener("DOMContentLoaded", look, { once: true });
  globalThis.addEventListener("load", look, { once: true });
}

export const inspector = {
  get isOn(): boolean {
    return running !== null;
  },

  get isOpen(): boolean {
    return panel !== null;
  },

  /** Switches it on: it records from now on. Sockets that are open already are not seen. */
  start(options: InspectorOptions = {}): void {
    if (!isBrowser) return;
    if (!running) {
      const recorder = new Recorder(options.maxEntries ?? DEFAULT_MAX_ENTRIES);
      running = { recorder, watch: new Watch(recorder) };
      findLibraryLater(running.watch);
    }
    if (options.panel !== false) this.show(options.container);
  },

  /** Switches it off: `fetch`, `WebSocket` and `create` are given back, the record and the panel go. */
  stop(): void {
    this.hide();
    running?.watch.stop();
    running = null;
  },

  /** Opens the panel, over the lower edge of the window or in an element of the page. */
  show(container?: GlobalElement): void {
    if (!isBrowser || panel) return;
    if (!running) this.start({ panel: false });
    definePanel();
    const made = document.createElement(TAG);
    made.toggleAttribute("inline", container !== undefined);
    panel = made;
    const place = (): void => {
      // It was closed again before the page had a body.
      if (panel === made) (container ?? document.body).append(made);
    };
    // A script in the page's head runs before there is a body.
    if (container || document.readyState !== "loading") place();
    else document.addEventListener("DOMContentLoaded", place, { once: true });
  },

  /** Closes the panel; it goes on recording. */
  hide(): void {
    panel?.remove();
    panel = null;
  },

  pause(): void {
    running?.recorder.setPaused(true);
  },

  resume(): void {
    running?.recorder.setPaused(false);
  },

  clear(): void {
    running?.recorder.clear();
  },

  /** The record as plain data, ready for JSON; what people wrote is masked unless `showsText` is true. Null while off. */
  export({ showsText = false }: { showsText?: boolean } = {}): Export | null {
    return running && exportOf(running.recorder, { showsText, now: Date.now() });
  },
};

/** Listens to a session that was created before the inspector was on. Returns what stops that. */
export function inspect(session: InspectableSession, options: { label?: string } = {}): () => void {
  if (!running) inspector.start();
  return running ? running.watch.inspect(session, options.label) : () => undefined;
}

/** `<script src="inspector.js" data-panel="closed">`: it records, and the page opens the panel. */
const isClosed =
  isBrowser &&
  document.currentScript instanceof HTMLScriptElement &&
  document.currentScript.dataset["panel"] === "closed";

inspector.start({ panel: !isClosed });
