import type { GlobalElement } from "../src/util/global-types";

/** A tall message may never be half visible in a small window. This many pixels of it are enough. */
const ENOUGH_PX = 96;
const THRESHOLDS = Array.from({ length: 21 }, (_, index) => index / 20);

type Ref = (element: GlobalElement | null) => void;

/**
 * Reports messages that the customer can see: the page is visible, and so is half of the message's element. Without
 * IntersectionObserver, no message counts as visible.
 */
export class VisibleMessages {
  readonly #onVisible: (id: string) => void;
  readonly #isReady: () => boolean;
  readonly #refs = new Map<string, Ref>();
  readonly #ids = new Map<Element, string>();
  readonly #inView = new Set<string>();
  readonly #reported = new Set<string>();
  #observer: IntersectionObserver | null = null;

  /** While `isReady` returns false, visible messages wait for `flush()`. */
  constructor(onVisible: (id: string) => void, isReady: () => boolean) {
    this.#onVisible = onVisible;
    this.#isReady = isReady;
  }

  /** Returns a message's ref. It's always the same function, so that React doesn't detach it on each render. */
  refFor(id: string): Ref {
    const known = this.#refs.get(id);
    if (known) return known;
    let current: GlobalElement | null = null;
    const ref: Ref = (element) => {
      if (current) this.#unobserve(current);
      current = element;
      if (element) this.#observe(element, id);
    };
    this.#refs.set(id, ref);
    return ref;
  }

  /** Reports the messages that are visible now. */
  readonly flush = (): void => {
    if (typeof document === "undefined" || document.visibilityState !== "visible" || !this.#isReady()) return;
    for (const id of this.#inView) {
      if (this.#reported.has(id)) continue;
      this.#reported.add(id);
      this.#onVisible(id);
    }
  };

  /** Releases the observer and the listener. They're created again if a message's element is attached later. */
  release(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    if (typeof document !== "undefined") document.removeEventListener("visibilitychange", this.flush);
    this.#refs.clear();
    this.#ids.clear();
    this.#inView.clear();
  }

  #observe(element: GlobalElement, id: string): void {
    if (typeof IntersectionObserver === "undefined" || !(element instanceof Element)) return;
    if (!this.#observer) {
      this.#observer = new IntersectionObserver((entries) => this.#onEntries(entries), {
        threshold: THRESHOLDS,
      });
      document.addEventListener("visibilitychange", this.flush);
    }
    this.#ids.set(element, id);
    this.#observer.observe(element);
  }

  #unobserve(element: GlobalElement): void {
    if (!(element instanceof Element)) return;
    this.#inView.delete(this.#ids.get(element) ?? "");
    this.#ids.delete(element);
    this.#observer?.unobserve(element);
  }

  #onEntries(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, intersectionRect, boundingClientRect } of entries) {
      const id = this.#ids.get(target);
      if (id === undefined) continue;
      const enough = Math.min(boundingClientRect.height / 2, ENOUGH_PX);
      if (isIntersecting && intersectionRect.height >= enough) this.#inView.add(id);
      else this.#inView.delete(id);
    }
    this.flush();
  }
}
