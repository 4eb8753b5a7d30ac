import { setImmediate } from "node:timers";
import type {
  AgentCountResult,
  ConsoleMethod,
  Platform,
  PlatformSignal,
  PlatformSocket,
  Timer,
} from "../../src/platform";
import type { Zone } from "../../src/util/zone";

interface PendingTimer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A WebSocket. The test plays its server. */
export class FakeSocket implements PlatformSocket {
  readonly url: string;
  readyState = 0;
  onopen: PlatformSocket["onopen"] = null;
  onmessage: PlatformSocket["onmessage"] = null;
  onerror: PlatformSocket["onerror"] = null;
  onclose: PlatformSocket["onclose"] = null;
  /** Frames sent by the client, parsed. */
  readonly sent: Record<string, unknown>[] = [];
  closedWith: { code: number | undefined; reason: string | undefined } | null = null;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }

  close(code?: number, reason?: string): void {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    this.closedWith = { code, reason };
  }

  /** The server accepts the connection. */
  open(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  /** The server sends a frame. Objects are sent as JSON, strings unchanged. */
  receive(frame: unknown): void {
    this.onmessage?.(
      new MessageEvent("message", { data: typeof frame === "string" ? frame : JSON.stringify(frame) }),
    );
  }

  /** Closes the connection: the server or the network ended it, or the server completed the client's close. */
  end(code = 1006, reason = "", wasClean = false): void {
    this.readyState = 3;
    this.onclose?.(Object.assign(new Event("close"), { code, reason, wasClean }));
  }

  /** Frames sent by the client on one topic. */
  sentOn(topic: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame["topic"] === topic);
  }
}

export type FetchHandler = (url: string, init: RequestInit) => Promise<Response> | Response;

/** A platform with a manual clock, a fixed random value, and a network played by the test. */
export class FakePlatform implements Platform {
  /** The true time, in epoch milliseconds. The service's dates and the timers follow it. */
  time = Date.parse("2026-01-01T00:00:00.000Z");
  /** How far the page's clock is ahead of the true time. */
  clockErrorMs = 0;
  readonly #startedAt = this.time;
  /** The value that `random()` returns. */
  randomValue = 0.5;
  online = true;
  visible = true;
  /** The zone that test code runs in. */
  zone: Zone | null = null;
  mobile = false;
  readonly sockets: FakeSocket[] = [];
  readonly requests: { url: string; init: RequestInit }[] = [];
  readonly printed: { method: ConsoleMethod; line: string }[] = [];
  /** Counts that the library added to the agent page's own metrics. */
  readonly agentCounts: { name: string; count: number }[] = [];
  /** Whether the page has its own metrics. */
  agentMetrics: AgentCountResult = "never";
  onFetch: FetchHandler = () => new Response("{}", { status: 200 });
  readonly #timers = new Set<PendingTimer>();
  #tasks: (() => void)[] = [];
  readonly #listeners = new Set<(signal: PlatformSignal) => void>();
  #order = 0;
  #uuids = 0;
  #rejectsSocket = false;

  now(): number {
    return this.time + this.clockErrorMs;
  }

  /** Counts from when the page was opened, as in a browser. */
  monotonicMs(): number {
    return this.time - this.#startedAt + 1_234;
  }

  random(): number {
    return this.randomValue;
  }

  uuid(): string {
    this.#uuids += 1;
    return `00000000-0000-4000-8000-${String(this.#uuids).padStart(12, "0")}`;
  }

  startTimer(callback: () => void, delayMs: number): Timer {
    this.#order += 1;
    const at = this.time + Math.min(Math.max(0, delayMs), 2 ** 31 - 1);
    const timer: PendingTimer = { at, order: this.#order, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  queueTask(callback: () => void): void {
    this.#tasks.push(callback);
  }

  fetch(url: string, init: RequestInit): Promise<Response> {
    this.requests.push({ url, init });
    return Promise.resolve().then(() => this.onFetch(url, init));
  }

  async upload(url: string, init: RequestInit, onSent: (sentBytes: number) => void): Promise<Response> {
    const size = init.body instanceof Blob ? init.body.size : 0;
    onSent(Math.floor(size / 2));
    return this.fetch(url, init);
  }

  /** Makes the next `openSocket()` throw, as a browser does for a URL that it rejects. */
  rejectNextSocket(): void {
    this.#rejectsSocket = true;
  }

  openSocket(url: string): FakeSocket {
    if (this.#rejectsSocket) {
      this.#rejectsSocket = false;
      throw new DOMException("The URL is rejected.", "SecurityError");
    }
    const socket = new FakeSocket(url);
    this.sockets.push(socket);
    return socket;
  }

  isOnline(): boolean {
    return this.online;
  }

  isVisible(): boolean {
    return this.visible;
  }

  isMobile(): boolean {
    return this.mobile;
  }

  onSignal(listener: (signal: PlatformSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  print(method: ConsoleMethod, line: string): void {
    this.printed.push({ method, line });
  }

  currentZone(): Zone | null {
    return this.zone;
  }

  addAgentCount(name: string, count: number): AgentCountResult {
    if (this.agentMetrics !== "counted") return this.agentMetrics;
    this.agentCounts.push({ name, count });
    return "counted";
  }

  // --- for tests ---------------------------------------------------------------------------------------------------

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("No socket was opened.");
    return socket;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  get signalListeners(): number {
    return this.#listeners.size;
  }

  signal(signal: PlatformSignal): void {
    for (const listener of [...this.#listeners]) listener(signal);
  }

  /** Runs everything that is ready: microtasks and queued tasks, but no timers. */
  async settle(): Promise<void> {
    // After two turns of the real event loop without a queued task, even nested promises have settled.
    for (let idle = 0; idle < 2;) {
      await new Promise((resolve) => setImmediate(resolve));
      const tasks = this.#tasks;
      this.#tasks = [];
      idle = tasks.length === 0 ? idle + 1 : 0;
      for (const task of tasks) task();
    }
  }

  /** Advances the clock. Each timer runs at its due time, and its effects settle before the next timer runs. */
  async advance(ms: number): Promise<void> {
    await this.settle();
    const until = this.time + ms;
    for (;;) {
      const next = [...this.#timers]
        .filter((timer) => timer.at <= until)
        .sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
      await this.settle();
    }
    this.time = until;
    await this.settle();
  }

  /** Simulates sleep. Time passes without running timers, and overdue timers run on wake-up. */
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await this.advance(0);
  }
}
