/**
 * The environment, behind one small interface. No other module accesses the environment directly. Other modules receive
 * a `Platform`, so that tests can control the clock, random numbers, and the network.
 */
import type { Zone } from "./util/zone";

/** A running timer. */
export interface Timer {
  cancel(): void;
}

/**
 * A signal from the environment:
 * - `online`, `offline`: The device gained or lost its network.
 * - `visible`, `hidden`: The page was shown or hidden.
 * - `resumed`: The page is running again, usually after it was frozen.
 * - `leaving`: The user is leaving the page, which may be restored from the back-forward cache.
 */
export type PlatformSignal = "online" | "offline" | "visible" | "hidden" | "resumed" | "leaving";

/** A socket's close event. The fallback is needed because Node's types lack the browser's `CloseEvent`. */
type SocketClosed = typeof globalThis extends { CloseEvent: { prototype: infer Closed } }
  ? Closed
  : { readonly code: number; readonly reason: string; readonly wasClean: boolean };

/** The part of the browser's WebSocket that the library uses. */
export interface PlatformSocket {
  readonly readyState: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  onclose: ((event: SocketClosed) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** A request with a file as its body, or without a body. XMLHttpRequest can't send a stream. */
export interface FileRequest extends RequestInit {
  body?: Blob;
}

export type ConsoleMethod = "debug" | "info" | "log" | "warn" | "error";

export interface Platform {
  /** The device's time, in epoch milliseconds. It may be years off, and may jump, so it's used only for dates. */
  now(): number;
  /** The time on a monotonic clock, in whole milliseconds. It's used for durations, ages, and throttles. */
  monotonicMs(): number;
  /** A random number from 0, inclusive, to 1, exclusive. */
  random(): number;
  /** A random UUID, version 4. */
  uuid(): string;
  startTimer(callback: () => void, delayMs: number): Timer;
  /** Calls `callback` in a later task, not a microtask. Doesn't use a timer if the environment has an alternative. */
  queueTask(callback: () => void): void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Like `fetch`, but also reports how many bytes of the body have been sent, if the environment supports it. */
  upload(url: string, init: FileRequest, onSent: (sentBytes: number) => void): Promise<Response>;
  openSocket(url: string): PlatformSocket;
  /** Whether the device has a network; true if that's unknown. This is only a hint, never a reason to give up. */
  isOnline(): boolean;
  isVisible(): boolean;
  /** Whether the device is a phone or a tablet, where a hidden page may be frozen before its work is finished. */
  isMobile(): boolean;
  /** Calls `listener` with each signal. Returns a function that unsubscribes it. */
  onSignal(listener: (signal: PlatformSignal) => void): () => void;
  print(method: ConsoleMethod, line: string): void;
  /** The current zone.js zone, which may be the root zone; null on a page without zone.js. */
  currentZone(): Zone | null;
  /** Adds to a count in the metrics of the agent's page (`window.csm.API`). */
  addAgentCount(name: string, count: number): AgentCountResult;
}

/** Whether a count was added. `later` means that the page hasn't loaded its metrics; `never`, that there's no page. */
export type AgentCountResult = "counted" | "later" | "never";

/**
 * The globals that this file uses. Each global is checked before use, because React Native defines some of them without
 * all of a browser's members.
 */
interface Globals {
  Zone?: { current?: Partial<Zone> };
  csm?: { API?: { addCount?: (name: string, count: number) => unknown } };
  document?: Partial<Document>;
  navigator?: { onLine?: unknown; userAgent?: string };
  performance?: Partial<Performance>;
  crypto?: Partial<Crypto>;
  XMLHttpRequest?: typeof XMLHttpRequest;
  addEventListener?: typeof globalThis.addEventListener;
  removeEventListener?: typeof globalThis.removeEventListener;
}

const globals: Globals = globalThis;

/** Returns a random byte. `crypto.getRandomValues` may be missing in React Native. */
const randomByte = (): number =>
  globals.crypto?.getRandomValues?.(new Uint8Array(1))[0] ?? Math.floor(Math.random() * 256);

/** Returns a random UUID. `crypto.randomUUID` exists only in secure contexts. */
const uuid = (): string =>
  globals.crypto?.randomUUID?.() ??
  // Each 0 and 1 becomes a random digit. The 8 becomes 8, 9, a, or b, as the variant requires. The 4 is the version.
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (Number(digit) ^ (randomByte() & (15 >> (Number(digit) / 4)))).toString(16),
  );

/** Queues a task with a message port, because browsers don't throttle a port's events in background tabs. */
function queueTask(callback: () => void): void {
  try {
    const { port1, port2 } = new MessageChannel();
    // A listener runs in the current zone. An `onmessage` handler wouldn't, because zone.js doesn't patch `onmessage`.
    port1.addEventListener("message", () => {
      port1.close();
      callback();
    });
    port1.start();
    port2.postMessage(null);
  } catch {
    // MessageChannel is missing, or throws in some edge runtimes.
    setTimeout(callback, 0);
  }
}

/** Uploads a file, with XMLHttpRequest if available, because `fetch` doesn't report an upload's progress. */
function upload(url: string, init: FileRequest, onSent: (sentBytes: number) => void): Promise<Response> {
  if (typeof globals.XMLHttpRequest !== "function") return fetch(url, init);
  const request = new globals.XMLHttpRequest();
  const { method = "GET", headers, body, signal } = init;
  const abort = (): void => request.abort();
  return new Promise<Response>((resolve, reject) => {
    const fail = (): void => reject(new TypeError("The upload failed."));
    request.onerror = request.onabort = request.ontimeout = fail;
    // An empty text becomes null, because the Response constructor doesn't accept a body for a 204.
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status }));
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    // By default, Firefox parses the response as XML and, if that fails, logs an error that contains the URL.
    request.responseType = "text";
    request.open(method, url);
    new Headers(headers).forEach((value, name) => request.setRequestHeader(name, value));
    if (signal?.aborted) fail();
    else request.send(body);
    signal?.addEventListener("abort", abort);
  }).finally(() => signal?.removeEventListener("abort", abort));
}

const isZone = (value: Partial<Zone> | undefined): value is Zone => typeof value?.run === "function";

/** Returns the current zone. Looks up zone.js each time, because the page may load zone.js after the library. */
function currentZone(): Zone | null {
  const zone = globals.Zone?.current;
  return isZone(zone) ? zone : null;
}

const isVisible = (): boolean => globals.document?.visibilityState !== "hidden";

/** The signal for each event; null if the signal depends on the page's visibility. */
type Signals = Readonly<Record<string, PlatformSignal | null>>;

const PAGE_SIGNALS: Signals = {
  online: "online",
  offline: "offline",
  // When a page returns from the back-forward cache, its sockets are closed.
  pageshow: "resumed",
  pagehide: "leaving",
};

const DOCUMENT_SIGNALS: Signals = { resume: "resumed", visibilitychange: null };

function onSignal(listener: (signal: PlatformSignal) => void): () => void {
  const unsubscribers = [
    ...subscribe(globals, PAGE_SIGNALS),
    ...subscribe(globals.document, DOCUMENT_SIGNALS),
  ];
  return () => unsubscribers.forEach((unsubscribe) => unsubscribe());

  function subscribe(
    source: Pick<Globals, "addEventListener" | "removeEventListener"> | undefined,
    signals: Signals,
  ): (() => void)[] {
    if (typeof source?.addEventListener !== "function") return [];
    return Object.entries(signals).map(([event, signal]) => {
      const handler = (): void => listener(signal ?? (isVisible() ? "visible" : "hidden"));
      source.addEventListener?.(event, handler);
      return () => source.removeEventListener?.(event, handler);
    });
  }
}

/** Almost 25 days. A longer delay would overflow, and the timer would fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const browserPlatform: Platform = {
  now: () => Date.now(),
  monotonicMs: () => Math.round(globals.performance?.now?.() ?? Date.now()),
  random: () => Math.random(),
  uuid,
  startTimer(callback, delayMs) {
    const handle = setTimeout(callback, Math.min(delayMs, MAX_TIMER_MS));
    return { cancel: () => clearTimeout(handle) };
  },
  queueTask,
  fetch: (url, init) => fetch(url, init),
  upload,
  openSocket: (url) => new WebSocket(url),
  isOnline: () => globals.navigator?.onLine !== false,
  isVisible,
  isMobile: () => /Android|iPhone|iPad|iPod|Mobile/i.test(globals.navigator?.userAgent ?? ""),
  onSignal,
  print(method, line) {
    console[method](line);
  },
  currentZone,
  addAgentCount(name, count) {
    const api = globals.csm?.API;
    if (typeof api?.addCount !== "function") return globals.document ? "later" : "never";
    try {
      api.addCount(name, count);
    } catch {
      // A failure of the page's metrics must not affect a chat, and can't be reported anywhere.
    }
    return "counted";
  },
};
