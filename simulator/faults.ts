/** What goes wrong on purpose: each fault is asked for by a test and used up by what it hits. */

export interface FailWith {
  status: number;
  /** `x-amzn-errortype`; by default the service's name for the status. */
  errorType?: string;
  message?: string;
  /** Sent as Retry-After. */
  retryAfterSeconds?: number;
  /** In the place of the JSON that the service sends: an HTML page of a proxy, say. */
  body?: string;
}

/** What happens to one call. `cut` breaks the connection before or after the service acted. */
export type CallFault =
  | ({ kind: "fail" } & FailWith)
  | { kind: "cut"; when: "before" | "after" }
  | { kind: "delay"; delayMs: number };

export type StorageAction = "put" | "get";

/** What becomes of a frame on its way to a socket: none, one or more frames, each as text. */
export type FrameTransform = (text: string) => readonly string[];

/** Frame faults to choose from. */
export const FRAME_FAULTS = {
  drop: () => [],
  duplicate: (text) => [text, text],
  truncate: (text) => [text.slice(0, Math.floor(text.length / 2))],
  corrupt: (text) => [text.replaceAll('"', "'")],
} as const satisfies Record<string, FrameTransform>;

/** The simulator's faults. */
export class Faults {
  readonly #calls = new Map<string, CallFault[]>();
  readonly #storage = new Map<StorageAction, { status: number; code: string }[]>();
  #frames: FrameTransform[] = [];
  #refusals = 0;
  #stalled = false;

  /** The next calls of an operation are refused; `times` of them, one by default. */
  failNext(operation: string, { times = 1, ...fault }: FailWith & { times?: number }): void {
    this.#plan(operation, { kind: "fail", ...fault }, times);
  }

  /** The connection of the next calls is cut, before the service acts or after it. */
  cutNext(operation: string, { when, times = 1 }: { when: "before" | "after"; times?: number }): void {
    this.#plan(operation, { kind: "cut", when }, times);
  }

  /** The next calls are answered late. */
  delayNext(operation: string, { delayMs, times = 1 }: { delayMs: number; times?: number }): void {
    this.#plan(operation, { kind: "delay", delayMs }, times);
  }

  /** The storage refuses the next uploads or downloads with an XML error. */
  failNextStorage(action: StorageAction, fault: { status: number; code?: string; times?: number }): void {
    const { status, code = "AccessDenied", times = 1 } = fault;
    const planned = this.#storage.get(action) ?? [];
    this.#storage.set(action, planned.concat(Array.from({ length: times }, () => ({ status, code }))));
  }

  /** The next sockets are refused at their upgrade. */
  refuseSockets(times: number = Number.POSITIVE_INFINITY): void {
    this.#refusals = times;
  }

  /** Half-open: sockets stay open, but nothing comes in or goes out, until `resumeSockets()`. */
  stallSockets(): void {
    this.#stalled = true;
  }

  resumeSockets(): void {
    this.#stalled = false;
  }

  /** The next chat frames to any socket pass through `transform`. */
  transformFrames(transform: FrameTransform, times = 1): void {
    this.#frames = this.#frames.concat(Array.from({ length: times }, () => transform));
  }

  /** No fault is left. */
  clear(): void {
    this.#calls.clear();
    this.#storage.clear();
    this.#frames = [];
    this.#refusals = 0;
    this.#stalled = false;
  }

  // --- for the simulator -------------------------------------------------------------------------------------------

  get stalled(): boolean {
    return this.#stalled;
  }

  takeCall(operation: string): CallFault | undefined {
    return this.#calls.get(operation)?.shift();
  }

  takeStorage(action: StorageAction): { status: number; code: string } | undefined {
    return this.#storage.get(action)?.shift();
  }

  takeRefusal(): boolean {
    if (this.#refusals <= 0) return false;
    this.#refusals -= 1;
    return true;
  }

  passFrame(text: string): readonly string[] {
    const transform = this.#frames.shift();
    return transform ? transform(text) : [text];
  }

  #plan(operation: string, fault: CallFault, times: number): void {
    const planned = this.#calls.get(operation) ?? [];
    this.#calls.set(operation, planned.concat(Array.from({ length: times }, () => fault)));
  }
}
