/** How long changes are collected before they're saved. */
const DELAY_MS = 250;

/** Saves after changes, at most once per delay, and when the page is hidden. */
export class Saver {
  readonly #save: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isListening = false;

  constructor(save: () => void) {
    this.#save = save;
  }

  /** Saves soon. */
  schedule(): void {
    this.#listen();
    this.#timer ??= setTimeout(this.flush, DELAY_MS);
  }

  /** Saves now. */
  readonly flush = (): void => {
    this.#cancel();
    this.#save();
  };

  /** Cancels a scheduled save, and releases the timer and the listener. */
  dispose(): void {
    this.#cancel();
    if (this.#isListening) removeEventListener("pagehide", this.flush);
    this.#isListening = false;
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** React Native has neither pages nor this event. */
  #listen(): void {
    if (this.#isListening || typeof document === "undefined") return;
    this.#isListening = true;
    addEventListener("pagehide", this.flush);
  }
}
