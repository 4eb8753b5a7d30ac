/** A socket manager like Streams'. It opens and reopens one socket for all chats on an agent's page. */
import type { RandomSource } from "./random";
import type { PageSocket } from "./network";
import type { SimulatedPage } from "./page";

type Callback = (payload: unknown) => unknown;

const CALLBACKS = [
  "onInitFailure",
  "onConnectionOpen",
  "onConnectionClose",
  "onConnectionGain",
  "onConnectionLost",
  "onSubscriptionUpdate",
  "onSubscriptionFailure",
  "onDeepHeartbeatSuccess",
  "onDeepHeartbeatFailure",
  "onTopicFailure",
  "onAllMessage",
] as const;

type CallbackName = (typeof CALLBACKS)[number];

export interface ManagerOptions {
  readonly nowMs: () => number;
  readonly issueUrl: () => string;
  /** The delay between the manager's start and its first socket. */
  readonly startInMs: number;
  /** The delay between a connection gain and the subscription to the topics. */
  readonly subscribeInMs: number;
}

const BEAT_MS = 10_000;

export class ExternalManager {
  /** When the manager reported connection gains and granted subscriptions. */
  readonly gainedAtMs: number[] = [];
  readonly subscribedAtMs: number[] = [];
  readonly page: SimulatedPage;
  readonly #random: RandomSource;
  readonly #options: ManagerOptions;
  readonly #callbacks = new Map<string, Set<Callback>>();
  readonly #topics = new Set<string>();
  #socket: PageSocket | null = null;
  #isHeartbeatAnswered = true;
  #isTerminated = false;
  #attempt = 0;

  constructor(page: SimulatedPage, random: RandomSource, options: ManagerOptions) {
    this.page = page;
    this.#random = random;
    this.#options = options;
    this.api = this.#newApi();
    page.taskIn(options.startInMs, () => this.#open());
  }

  /** The manager's API, as the library sees it. */
  readonly api: Readonly<Record<string, unknown>>;

  #newApi(): Record<string, unknown> {
    return {
      sendMessage: (frame: object) => this.#socket?.send(JSON.stringify(frame)),
      subscribeTopics: (topics: readonly string[]) => {
        topics.forEach((topic) => this.#topics.add(topic));
        if (this.#socket?.readyState === 1) this.#subscribe(this.#socket);
      },
      onMessage: (topic: string, callback: Callback) => this.#add(`topic ${topic}`, callback),
      ...Object.fromEntries(
        CALLBACKS.map((name) => [name, (callback: Callback) => this.#add(name, callback)]),
      ),
    };
  }

  /** Stops all events from this manager, as when Streams is restarted. */
  terminate(): void {
    this.#isTerminated = true;
    this.#socket?.close(1000);
  }

  /** The number of callbacks that are still registered. */
  get callbackCount(): number {
    return [...this.#callbacks.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #add(name: string, callback: Callback): () => void {
    const callbacks = this.#callbacks.get(name) ?? new Set();
    this.#callbacks.set(name, callbacks.add(callback));
    return () => callbacks.delete(callback);
  }

  /** Calls the callbacks. Streams doesn't catch their errors, so the errors become uncaught errors of the page. */
  #emit(name: CallbackName | `topic ${string}`, payload?: unknown): void {
    for (const callback of [...(this.#callbacks.get(name) ?? [])]) callback(payload);
  }

  #open(): void {
    if (this.#isTerminated) return;
    const Socket = this.page.global["WebSocket"] as new (url: string) => PageSocket;
    const socket = new Socket(this.#options.issueUrl());
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#isTerminated) return;
      this.#attempt = 0;
      this.#isHeartbeatAnswered = true;
      this.#emit("onConnectionOpen", {});
      this.gainedAtMs.push(this.#options.nowMs());
      this.#emit("onConnectionGain", {});
      this.page.taskIn(this.#options.subscribeInMs, () => this.#subscribe(socket));
      this.#beat(socket);
    };
    socket.onmessage = (event) => this.#receive((event as { data: string }).data);
    socket.onclose = () => {
      if (this.#isTerminated || socket !== this.#socket) return;
      this.#emit("onConnectionClose", {});
      this.#onLost();
    };
  }

  #onLost(): void {
    this.#socket = null;
    this.#emit("onConnectionLost", {});
    this.page.taskIn(this.#random.between(0, Math.min(20_000, 1_000 * 2 ** this.#attempt)), () =>
      this.#open(),
    );
    this.#attempt += 1;
  }

  #subscribe(socket: PageSocket): void {
    if (socket !== this.#socket || this.#topics.size === 0) return;
    socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: [...this.#topics] } }));
  }

  #beat(socket: PageSocket): void {
    if (socket !== this.#socket || this.#isTerminated) return;
    if (!this.#isHeartbeatAnswered) {
      socket.close();
      this.#onLost();
      return;
    }
    this.#isHeartbeatAnswered = false;
    socket.send(JSON.stringify({ topic: "aws/heartbeat" }));
    this.page.taskIn(BEAT_MS, () => this.#beat(socket));
  }

  #receive(text: string): void {
    let frame: { topic?: unknown; content?: { status?: unknown } };
    try {
      frame = JSON.parse(text) as typeof frame;
    } catch {
      return;
    }
    const { topic } = frame;
    if (topic === "aws/heartbeat") this.#isHeartbeatAnswered = true;
    if (topic === "aws/subscribe") {
      const isGranted = frame.content?.status === "success";
      if (isGranted) this.subscribedAtMs.push(this.#options.nowMs());
      this.#emit(isGranted ? "onSubscriptionUpdate" : "onSubscriptionFailure", frame);
      const socket = this.#socket;
      if (!isGranted && socket) this.page.taskIn(1_000, () => this.#subscribe(socket));
    }
    this.#emit("onAllMessage", frame);
    if (typeof topic === "string") this.#emit(`topic ${topic}`, frame);
  }
}
