/** A page in its own realm, which runs the unmodified shipped bundle. Everything around the bundle is virtual. */
import { createContext, runInContext, Script } from "node:vm";
import type { RandomSource } from "./random";
import type { Scheduled, VirtualClock } from "./clock";
import type { Network } from "./network";

type Listener = (event: object) => void;

/** An event target's listeners, counted to detect leaks. */
export class Listeners {
  readonly #byType = new Map<string, Set<Listener>>();
  readonly #report: (error: unknown) => void;

  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  add(type: string, listener: unknown): void {
    if (typeof listener !== "function") return;
    const listeners = this.#byType.get(type) ?? new Set();
    this.#byType.set(type, listeners.add(listener as Listener));
  }

  remove(type: string, listener: unknown): void {
    this.#byType.get(type)?.delete(listener as Listener);
  }

  get count(): number {
    return [...this.#byType.values()].reduce((sum, { size }) => sum + size, 0);
  }

  dispatch(type: string, event: object = { type }): void {
    for (const listener of [...(this.#byType.get(type) ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

/** The page realm's classes. Errors and promises that reach the page must be instances of these. */
interface Realm {
  readonly Promise: PromiseConstructor;
  readonly TypeError: TypeErrorConstructor;
  readonly DOMException: new (message: string, name: string) => Error;
  readonly Uint8Array: Uint8ArrayConstructor;
}

const BOOTSTRAP = new Script(
  `(host) => {
    const RealDate = Date;
    globalThis.Date = class Date extends RealDate {
      constructor(...args) {
        if (args.length === 0) super(host.now());
        else super(...args);
      }
      static now() {
        return host.now();
      }
    };
    Math.random = host.random;
    class DOMException extends Error {
      constructor(message, name = "Error") {
        super(message);
        Object.defineProperty(this, "name", { value: name });
      }
    }
    globalThis.DOMException = DOMException;
    return { Promise, TypeError, DOMException, Uint8Array };
  }`,
  { filename: "simulated-page.js" },
);

export interface PageOptions {
  readonly bundle: Script;
  readonly skewMs: number;
  readonly countsSleep: boolean;
}

type Suspension = "sleep" | "freeze" | "bfcache";

interface PageTimer {
  scheduled: Scheduled;
  dueMonotonicMs: number;
  readonly run: () => void;
  /** An error whose stack shows, for the leak report, where the timer was started. */
  readonly startedAt: Error;
}

export class SimulatedPage {
  readonly realm: Realm;
  readonly global: Record<string, unknown>;
  readonly window: Listeners;
  readonly document: Listeners;
  /** Uncaught errors, in order. */
  readonly uncaught: string[] = [];
  readonly #clock: VirtualClock;
  readonly #network: Network;
  readonly #options: PageOptions;
  readonly #startMs: number;
  readonly #timers = new Map<number, PageTimer>();
  #lastTimerId = 0;
  #sleptMs = 0;
  #jumpedMs = 0;
  #suspension: Suspension | null = null;
  #suspendedAtMs = 0;
  #isGone = false;
  #isVisible = true;
  #hiddenSinceMs = 0;
  #isOnline = true;
  #openPorts = 0;
  /** Tasks that became due while the page was suspended, in order. */
  #deferred: (() => void)[] = [];

  constructor(clock: VirtualClock, network: Network, random: RandomSource, options: PageOptions) {
    this.#clock = clock;
    this.#network = network;
    this.#options = options;
    this.#startMs = clock.nowMs;
    const report = (error: unknown): void => this.reportUncaught(error);
    this.window = new Listeners(report);
    this.document = new Listeners(report);
    const context = createContext({});
    this.global = context;
    const prepare = BOOTSTRAP.runInContext(context) as (host: object) => Realm;
    this.realm = prepare({ now: () => this.nowMs, random: () => random.next() });
    this.#install(random);
    options.bundle.runInContext(context);
  }

  // --- for the run's driver ------------------------------------------------------------------------------------------

  /** Runs application code in the page's realm. */
  evaluate(code: string): unknown {
    return runInContext(code, this.global);
  }

  /**
   * Runs application or page code as one task. The task runs later if the page is suspended, and never if it's gone.
   */
  task(run: () => void): void {
    if (this.#isGone) return;
    if (this.#suspension !== null) {
      this.#deferred.push(() => this.task(run));
      return;
    }
    try {
      run();
    } catch (error) {
      this.reportUncaught(error);
    }
  }

  /** Runs a page task after `delayMs`, for example to deliver a network response. */
  taskIn(delayMs: number, run: () => void): Scheduled {
    return this.#clock.after(delayMs, () => this.task(run));
  }

  reportUncaught(error: unknown): void {
    if (this.#isGone) return;
    const { name = "", message = String(error), stack = "" } = (error ?? {}) as Partial<Error>;
    this.uncaught.push(`${name}: ${message} ${stack.split("\n").slice(1, 4).join(" ")}`);
  }

  suspend(suspension: Suspension): void {
    if (this.#isGone || this.#suspension !== null) return;
    if (suspension === "freeze") {
      this.setVisible(false);
      this.document.dispatch("freeze");
    }
    if (suspension === "bfcache") {
      this.window.dispatch("pagehide", { type: "pagehide", persisted: true });
      this.setVisible(false);
      this.#network.onPageLeft(this);
    }
    this.#suspension = suspension;
    this.#suspendedAtMs = this.#clock.nowMs;
  }

  resume(): void {
    const suspension = this.#suspension;
    if (suspension === null || this.#isGone) return;
    const forMs = this.#clock.nowMs - this.#suspendedAtMs;
    this.#suspension = null;
    if (suspension === "sleep" && !this.#options.countsSleep) {
      this.#sleptMs += forMs;
      this.#reschedule();
    }
    const deferred = this.#deferred;
    this.#deferred = [];
    // Each deferred task runs separately, in the order in which the tasks became due.
    for (const run of deferred) this.#clock.after(0, run);
    if (suspension === "freeze") {
      this.document.dispatch("resume");
      this.setVisible(true);
    }
    if (suspension === "bfcache") {
      this.setVisible(true);
      this.window.dispatch("pageshow", { type: "pageshow", persisted: true });
    }
  }

  /** Whether the page has been closed or replaced. */
  get isGone(): boolean {
    return this.#isGone;
  }

  get isSuspended(): boolean {
    return this.#suspension !== null;
  }

  /** Closes the page permanently. */
  close(): void {
    if (this.#isGone) return;
    if (this.#suspension === null) {
      this.window.dispatch("pagehide", { type: "pagehide", persisted: false });
      this.setVisible(false);
    }
    this.#isGone = true;
    for (const { scheduled } of this.#timers.values()) scheduled.cancel();
    this.#network.onPageLeft(this);
  }

  setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible) return;
    this.#isVisible = isVisible;
    this.#hiddenSinceMs = this.#clock.nowMs;
    // Overdue timers fire when the page is visible again.
    if (isVisible) this.#reschedule();
    this.task(() => this.document.dispatch("visibilitychange"));
  }

  /** Fires `visibilitychange`, even if the page was already visible. */
  signalVisible(): void {
    this.signal("visibilitychange");
  }

  /** Fires a page event although nothing has changed, as some browsers do. */
  signal(type: string): void {
    this.task(() => {
      this.document.dispatch(type);
      this.window.dispatch(type);
    });
  }

  setOnline(isOnline: boolean): void {
    if (this.#isOnline === isOnline) return;
    this.#isOnline = isOnline;
    this.task(() => this.window.dispatch(isOnline ? "online" : "offline"));
  }

  jumpClock(byMs: number): void {
    this.#jumpedMs += byMs;
  }

  /** The numbers of resources in use. All numbers are zero after every session has been released. */
  get openResources(): { timers: number; listeners: number; ports: number } {
    return {
      timers: this.#timers.size,
      listeners: this.window.count + this.document.count,
      ports: this.#openPorts,
    };
  }

  /** The stack traces of the calls that started the pending timers. */
  get timerStacks(): string[] {
    return [...this.#timers.values()].map(({ startedAt: { stack = "" } }) =>
      stack
        .split("\n")
        .slice(2, 7)
        .map((line) => line.trim())
        .join(" < "),
    );
  }

  get monotonicMs(): number {
    return this.#clock.nowMs - this.#startMs - this.#sleptMs;
  }

  get nowMs(): number {
    return Math.round(this.#clock.nowMs + this.#options.skewMs + this.#jumpedMs);
  }

  // --- page globals --------------------------------------------------------------------------------------------------

  #install(random: RandomSource): void {
    const page = this as SimulatedPage;
    const { realm } = this;
    const target = (listeners: Listeners): object => ({
      addEventListener: (type: string, listener: unknown) => listeners.add(type, listener),
      removeEventListener: (type: string, listener: unknown) => listeners.remove(type, listener),
    });
    Object.assign(this.global, {
      ...target(this.window),
      document: {
        ...target(this.document),
        get visibilityState() {
          return page.#isVisible ? "visible" : "hidden";
        },
      },
      navigator: {
        get onLine() {
          return page.#isOnline;
        },
        userAgent: "Simulated",
      },
      performance: { now: () => page.monotonicMs },
      crypto: {
        randomUUID: () => random.uuid(),
        getRandomValues: (bytes: Uint8Array) => bytes.map(() => random.integer(0, 255)),
      },
      console: silentConsole(),
      // Agent pages define `csm` for their own metrics.
      csm: { API: { addCount: () => undefined } },
      setTimeout: (run: () => void, delayMs = 0) => page.#setTimeout(run, delayMs),
      clearTimeout: (id: number) => page.#clearTimeout(id),
      queueMicrotask: (run: () => void) => void realm.Promise.resolve().then(run),
      fetch: (url: string, init?: RequestInit) => page.#network.fetch(page, url, init ?? {}),
      Headers,
      URL,
      URLSearchParams,
      TextEncoder,
      Blob: SimulatedBlob,
      File: SimulatedFile,
      AbortController: this.#abortController(),
      MessageChannel: this.#messageChannel(),
      WebSocket: page.#network.socketClass(page),
    });
    this.global["self"] = this.global["window"] = runInContext("globalThis", this.global);
  }

  #setTimeout(run: () => void, delayMs: number): number {
    const id = (this.#lastTimerId += 1);
    const fire = (): void => {
      this.task(() => {
        if (this.#timers.delete(id)) run();
      });
    };
    const dueMonotonicMs = this.monotonicMs + (Number.isFinite(delayMs) ? Math.max(0, delayMs) : 0);
    const scheduled = this.#schedule(dueMonotonicMs, fire);
    this.#timers.set(id, { scheduled, dueMonotonicMs, run: fire, startedAt: new Error() });
    return id;
  }

  #clearTimeout(id: number): void {
    this.#timers.get(id)?.scheduled.cancel();
    this.#timers.delete(id);
  }

  #schedule(dueMonotonicMs: number, run: () => void): Scheduled {
    const delayMs = Math.max(0, dueMonotonicMs - this.monotonicMs);
    return this.#clock.at(this.#throttledDueMs(this.#clock.nowMs + delayMs), run);
  }

  #reschedule(): void {
    const inOrder = [...this.#timers.values()].sort((a, b) => a.dueMonotonicMs - b.dueMonotonicMs);
    for (const timer of inOrder) {
      timer.scheduled.cancel();
      timer.scheduled = this.#schedule(timer.dueMonotonicMs, timer.run);
    }
  }

  /** A hidden page's timers fire at whole seconds, and after five minutes at whole minutes. */
  #throttledDueMs(dueMs: number): number {
    if (this.#isVisible) return dueMs;
    const stepMs = this.#clock.nowMs - this.#hiddenSinceMs > 300_000 ? 60_000 : 1_000;
    return Math.ceil(dueMs / stepMs) * stepMs;
  }

  #messageChannel(): new () => object {
    const page = this as SimulatedPage;
    return class MessageChannel {
      readonly port1: object;
      readonly port2: object;
      constructor() {
        const listeners = new Listeners((error) => page.reportUncaught(error));
        let isOpen = true;
        page.#openPorts += 1;
        const close = (): void => {
          if (isOpen) page.#openPorts -= 1;
          isOpen = false;
        };
        const port1 = {
          onmessage: null as Listener | null,
          addEventListener: (type: string, listener: unknown) => listeners.add(type, listener),
          removeEventListener: (type: string, listener: unknown) => listeners.remove(type, listener),
          start: () => undefined,
          close,
        };
        this.port1 = port1;
        this.port2 = {
          postMessage: () =>
            void page.taskIn(0, () => {
              if (!isOpen) return;
              const event = { type: "message", data: null };
              port1.onmessage?.(event);
              listeners.dispatch("message", event);
            }),
          close,
        };
      }
    };
  }

  #abortController(): new () => object {
    const page = this as SimulatedPage;
    return class AbortController {
      readonly signal = new SimulatedSignal((error) => page.reportUncaught(error));
      abort(reason: Error = new page.realm.DOMException("The operation was aborted.", "AbortError")): void {
        this.signal.abort(reason);
      }
    };
  }
}

/** An AbortSignal whose listeners are counted. */
export class SimulatedSignal {
  aborted = false;
  /** The library always aborts with an Error. */
  reason: Error | undefined;
  readonly listeners: Listeners;

  constructor(report: (error: unknown) => void) {
    this.listeners = new Listeners(report);
  }

  addEventListener(type: string, listener: unknown): void {
    this.listeners.add(type, listener);
  }

  removeEventListener(type: string, listener: unknown): void {
    this.listeners.remove(type, listener);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason ?? new Error("aborted");
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.listeners.dispatch("abort");
  }
}

class SimulatedBlob {
  readonly size: number;
  readonly type: string;

  constructor(
    parts: readonly { size?: number; length?: number }[] = [],
    { type = "" }: { type?: string } = {},
  ) {
    this.size = parts.reduce((sum, part) => sum + (part.size ?? part.length ?? 0), 0);
    this.type = type;
  }

  slice(from = 0, to = this.size, type = ""): SimulatedBlob {
    return new SimulatedBlob([{ size: Math.max(0, to - from) }], { type });
  }
}

class SimulatedFile extends SimulatedBlob {
  readonly name: string;

  constructor(
    parts: readonly { size?: number; length?: number }[],
    name: string,
    options?: { type?: string },
  ) {
    super(parts, options);
    this.name = name;
  }
}

/** The page's console, which doesn't print anything. */
function silentConsole(): object {
  const none = (): void => undefined;
  return { debug: none, log: none, info: none, warn: none, error: none };
}
