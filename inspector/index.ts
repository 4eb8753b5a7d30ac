/**
 * The inspector, a panel for development. Import `amazon-connect-chatjs/inspector` after the library, or use a script
 * tag. The panel shows connection states over time, requests, frames, receipts, recovery and the transcript. The
 * inspector observes the page through the sessions' public events, `fetch` and `WebSocket`.
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
  /** Whether to open the panel. Default true. The inspector also records while the panel is closed. */
  panel?: boolean;
  /**
   * The maximum number of entries. The oldest entries are dropped first. Default 2,000. Ignored if the inspector is
   * running.
   */
  maxEntries?: number;
  /** The element that contains the panel. Default: the panel covers the bottom of the window. */
  container?: GlobalElement;
}

const isBrowser = typeof document !== "undefined" && typeof customElements !== "undefined";

let running: { recorder: Recorder; watch: Watch } | null = null;
let panel: HTMLElement | null = null;

/**
 * Defines the custom element when the panel is first shown. On import, the definition would fail where HTMLElement is
 * missing.
 */
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

/** Looks for the library again when the page has loaded, in case the library loads after the inspector. */
function findLibraryLater(watch: Watch): void {
  if (document.readyState === "complete") return;
  const findLibrary = (): void => {
    if (running?.watch === watch) watch.findLibrary();
  };
  document.addEventListener("DOMContentLoaded", findLibrary, { once: true });
  globalThis.addEventListener("load", findLibrary, { once: true });
}

export const inspector = {
  get isOn(): boolean {
    return running !== null;
  },

  get isOpen(): boolean {
    return panel !== null;
  },

  /** Starts recording. Sockets that are already open aren't recorded. */
  start(options: InspectorOptions = {}): void {
    if (!isBrowser) return;
    if (!running) {
      const recorder = new Recorder(options.maxEntries ?? DEFAULT_MAX_ENTRIES);
      running = { recorder, watch: new Watch(recorder) };
      findLibraryLater(running.watch);
    }
    if (options.panel !== false) this.show(options.container);
  },

  /** Stops recording, restores `fetch`, `WebSocket` and `create`, discards the record and closes the panel. */
  stop(): void {
    this.hide();
    running?.watch.stop();
    running = null;
  },

  /** Opens the panel at the bottom of the window, or inside an element. */
  show(container?: GlobalElement): void {
    if (!isBrowser || panel) return;
    if (!running) this.start({ panel: false });
    definePanel();
    const newPanel = document.createElement(TAG);
    newPanel.toggleAttribute("inline", container !== undefined);
    panel = newPanel;
    const attach = (): void => {
      // The panel may have been closed before the page had a body.
      if (panel === newPanel) (container ?? document.body).append(newPanel);
    };
    // A script in the page's head runs before there is a body.
    if (container || document.readyState !== "loading") attach();
    else document.addEventListener("DOMContentLoaded", attach, { once: true });
  },

  /** Closes the panel. Recording continues. */
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

  /**
   * Returns the record as plain data for JSON, or null if the inspector is stopped. Masks names and message texts
   * unless `showsText` is true.
   */
  export({ showsText = false }: { showsText?: boolean } = {}): Export | null {
    return running && exportOf(running.recorder, { showsText, now: Date.now() });
  },
};

/** Watches a session that was created before the inspector started. Returns a function that stops watching it. */
export function inspect(session: InspectableSession, options: { label?: string } = {}): () => void {
  if (!running) inspector.start();
  return running ? running.watch.inspect(session, options.label) : () => undefined;
}

/** Whether the script tag has `data-panel="closed"`. The inspector then records, but the page opens the panel. */
const isClosed =
  isBrowser &&
  document.currentScript instanceof HTMLScriptElement &&
  document.currentScript.dataset["panel"] === "closed";

inspector.start({ panel: !isClosed });
