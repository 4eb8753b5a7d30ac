/**
 * The page and the machine, behind one small interface. Only this module uses them directly. Everything else receives a
 * `Platform`, so that a test can step the clock, choose random numbers and cut the network.
 */
import type { Zone } from "./util/zone";

/** A running timer, which its owner cancels. */
export interface Timer {
  cancel(): void;
}

/**
 * A signal from the environment: the network came or went; the page was shown, hidden or resumed from a frozen state;
 * or it is being left (`leaving`), permanently or for the back-forward cache.
 */
export type PlatformSignal = "online" | "offline" | "visible" | "hidden" | "resumed" | "leaving";

/** A socket's close event: the browser's type if it is available, since Node's types alone have none. */
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

/** A request whose body, if any, is a file: XMLHttpRequest can't send a stream. */
export interface FileRequest extends RequestInit {
  body?: Blob;
}

export type ConsoleMethod = "debug" | "info" | "log" | "warn" | "error";

export interface Platform {
  /**
   * The page's date, in milliseconds since the epoch. It may be off by years, and jump, so it is used only for dates.
   */
  now(): number;
  /** Whole milliseconds on a monotonic clock, used for durations, ages and throttles. */
  monotonicMs(): number;
  /** A random number from 0, inclusive, to 1, exclusive. */
  random(): number;
  /** A random UUID, version 4. */
  uuid(): string;
  startTimer(callback: () => void, delayMs: number): Timer;
  /** Runs `callback` in a later task, not in a microtask, and without a timer if the environment allows it. */
  queueTask(callback: () => void): void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Like `fetch`, but also reports how many bytes of the body have been sent, if the environment can. */
  upload(url: string, init: FileRequest, onSent: (sentBytes: number) => void): Promise<Response>;
  openSocket(url: string): PlatformSocket;
  /** Whether the device reports a network; `true` if it reports nothing. A hint: never the only reason to give up. */
  isOnline(): boolean;
  isVisible(): boolean;
  /** Whether this is a phone or a tablet. These freeze hidden pages, so work that starts there wouldn't finish. */
  isMobile(): boolean;
  /** Calls `listener` with every signal. Returns a function that unsubscribes it. */
  onSignal(listener: (signal: PlatformSignal) => void): () => void;
  print(method: ConsoleMethod, line: string): void;
  /** The zone.js zone that this code runs in, possibly the root zone; null on a page without zone.js. */
  currentZone(): Zone | null;
  /** Adds to a count in the agent page's own metrics (`window.csm.API`). */
  addAgentCount(name: string, count: number): AgentCountResult;
}

/** Whether the page counted: "later" if it may still load its metrics, "never" if there is no page. */
export type AgentCountResult = "counted" | "later" | "never";

/**
 * The globals that are used here. React Native has some of these names without a browser's implementation behind them,
 * so each is checked before use.
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

/** `crypto.getRandomValues` may be missing in React Native. */
const randomByte = (): number =>
  globals.crypto?.getRandomValues?.(new Uint8Array(1))[0] ?? Math.floor(Math.random() * 256);

/** `crypto.randomUUID` exists in secure contexts only. */
const uuid = (): string =>
  globals.crypto?.randomUUID?.() ??
  // Each 1, 8 and 0 becomes a random digit, the 8 one of 8, 9, a and b, as the variant requires. The 4 is the version.
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (Number(digit) ^ (randomByte() & (15 >> (Number(digit) / 4)))).toString(16),
  );

/** Uses a message port, whose events are tasks that no browser throttles in a background tab. */
function queueTask(callback: () => void): void {
  try {
    const { port1, port2 } = new MessageChannel();
    // A listener, since zone.js doesn't patch a port's onmessage: the callback runs in the zone of this call.
    port1.addEventListener("message", () => {
      port1.close();
      callback();
    });
    port1.start();
    port2.postMessage(null);
  } catch {
    // MessageChannel is missing, or throws, as in some edge runtimes.
    setTimeout(callback, 0);
  }
}

/** Uses XMLHttpRequest if there is one, since `fetch` doesn't report an upload's progress. */
function upload(url: string, init: FileRequest, onSent: (sentBytes: number) => void): Promise<Response> {
  if (typeof globals.XMLHttpRequest !== "function") return fetch(url, init);
  const request = new globals.XMLHttpRequest();
  const { method = "GET", headers, body, signal } = init;
  const abort = (): void => request.abort();
  return new Promise<Response>((resolve, reject) => {
    const fail = (): void => reject(new TypeError("The upload failed."));
    request.onerror = request.onabort = request.ontimeout = fail;
    // A Response without a body, such as a 204, must not be created with one.
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status }));
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    // Without a type, Firefox parses the answer as XML and, if it isn't XML, quotes the URL in the console.
    request.responseType = "text";
    request.open(method, url);
    new Headers(headers).forEach((value, name) => request.setRequestHeader(name, value));
    if (signal?.aborted) fail();
    else request.send(body);
    signal?.addEventListener("abort", abort);
  }).finally(() => signal?.removeEventListener("abort", abort));
}

const isZone = (value: Partial<Zone> | undefined): value is Zone => typeof value?.run === "function";

/** Looked up at each use, since the page may load zone.js after the library. */
function currentZone(): Zone | null {
  const zone = globals.Zone?.current;
  return isZone(zone) ? zone : null;
}

const isVisible = (): boolean => globals.document?.visibilityState !== "hidden";

/** The signal for each event; null if the page's visibility decides it. */
type Signals = Readonly<Record<string, PlatformSignal | null>>;

const PAGE_SIGNALS: Signals = {
  online: "online",
  offline: "offline",
  // Shown again from the back-forward cache: the page's sockets were cut when it was put there.
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

/** 24 days. A longer timer would overflow and fire immediately. */
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
      // The page's own metrics failed. That must not affect a chat, and there is nowhere to report it.
    }
    return "counted";
  },
};
