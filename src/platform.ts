/**
 * The page and the machine, behind one small interface: the only module that touches them.
 * Everything else is handed a `Platform`, so that a test can step the clock, choose the chance and cut the network.
 */
import type { Zone } from "./util/zone";

/** A timer that was started; its owner cancels it. */
export interface Timer {
  cancel(): void;
}

/**
 * What the surroundings report: the network came or went; the page was shown, hidden or resumed from a frozen state; or it
 * is being left (`leaving`), for good or for the back-forward cache.
 */
export type PlatformSignal = "online" | "offline" | "visible" | "hidden" | "resumed" | "leaving";

/** A socket's close: the browser's event where its types are there; those of Node alone have none. */
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

/** A request whose body, if it has one, is a file: XMLHttpRequest sends no stream. */
export interface FileRequest extends RequestInit {
  body?: Blob;
}

export type ConsoleMethod = "debug" | "info" | "log" | "warn" | "error";

export interface Platform {
  /** The page's date, in milliseconds since the epoch. It may be off by years, and jump: only dates come from it. */
  now(): number;
  /** Whole milliseconds on a monotonic clock. Durations, ages and throttles use it. */
  monotonicMs(): number;
  /** A number from 0 up to, and without, 1. */
  random(): number;
  /** A random UUID, version 4. */
  uuid(): string;
  startTimer(callback: () => void, delayMs: number): Timer;
  /** Runs `callback` in a later task, not in a microtask and, where the surroundings allow it, without a timer. */
  queueTask(callback: () => void): void;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** As `fetch`, and tells how many bytes of the body have gone out, where the surroundings can tell. */
  upload(url: string, init: FileRequest, onSent: (sentBytes: number) => void): Promise<Response>;
  openSocket(url: string): PlatformSocket;
  /** What the device says of its network; `true` where it says nothing. A hint: never the only reason to give up. */
  isOnline(): boolean;
  isVisible(): boolean;
  /** Phones and tablets freeze hidden pages: what is started there would not be finished. */
  isMobile(): boolean;
  /** Tells `listener` every signal; returns the function that takes it off again. */
  onSignal(listener: (signal: PlatformSignal) => void): () => void;
  print(method: ConsoleMethod, line: string): void;
  /** The zone of zone.js that this code runs in, the root zone included; null on a page without zone.js. */
  currentZone(): Zone | null;
  /** Counts in the agent page's own metrics (`window.csm.API`). */
  addAgentCount(name: string, count: number): AgentCounting;
}

/** Whether a page counted: "later" on a page that may still load its metrics, "never" where there is no page. */
export type AgentCounting = "counted" | "later" | "never";

/** React Native has some of these names without what a browser keeps behind them, so each is looked at before use. */
interface Surroundings {
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

const here: Surroundings = globalThis;

/** `crypto.getRandomValues` may be missing in React Native. */
const randomByte = (): number =>
  here.crypto?.getRandomValues?.(new Uint8Array(1))[0] ?? Math.floor(Math.random() * 256);

/** `crypto.randomUUID` exists in secure contexts only. */
const uuid = (): string =>
  here.crypto?.randomUUID?.() ??
  // Each 1, 8 and 0 is a random digit; the 8 stays 8, 9, a or b, as the variant demands, and the 4 is the version.
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (Number(digit) ^ (randomByte() & (15 >> (Number(digit) / 4)))).toString(16),
  );

/** A message port's events are tasks that no browser throttles in a background tab. */
function queueTask(callback: () => void): void {
  try {
    const { port1, port2 } = new MessageChannel();
    // A listener, since zone.js knows of no onmessage of a port; the callback runs in the zone of this call then.
    port1.addEventListener("message", () => {
      port1.close();
      callback();
    });
    port1.start();
    port2.postMessage(null);
  } catch {
    // There is none, or it throws, as in some edge runtimes.
    setTimeout(callback, 0);
  }
}

/** `fetch` does not tell how far an upload has come; XMLHttpRequest does, where there is one. */
function upload(url: string, init: FileRequest, onSent: (sentBytes: number) => void): Promise<Response> {
  if (typeof here.XMLHttpRequest !== "function") return fetch(url, init);
  const request = new here.XMLHttpRequest();
  const { method = "GET", headers, body, signal } = init;
  const abort = (): void => request.abort();
  return new Promise<Response>((resolve, reject) => {
    const failed = (): void => reject(new TypeError("The upload failed."));
    request.onerror = request.onabort = request.ontimeout = failed;
    // An answer without a body, such as a 204, must not be given one.
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status }));
    request.upload.onprogress = ({ loaded }) => onSent(loaded);
    // Without a type, Firefox parses the answer as XML, and quotes the URL in the console where it is none.
    request.responseType = "text";
    request.open(method, url);
    new Headers(headers).forEach((value, name) => request.setRequestHeader(name, value));
    if (signal?.aborted) failed();
    else request.send(body);
    signal?.addEventListener("abort", abort);
  }).finally(() => signal?.removeEventListener("abort", abort));
}

const isZone = (value: Partial<Zone> | undefined): value is Zone => typeof value?.run === "function";

/** Looked up at each use: the page may load zone.js after the library. */
function currentZone(): Zone | null {
  const zone = here.Zone?.current;
  return isZone(zone) ? zone : null;
}

const isVisible = (): boolean => here.document?.visibilityState !== "hidden";

/** What each event says; null for what the page's visibility says by then. */
type Signals = Readonly<Record<string, PlatformSignal | null>>;

const PAGE_SIGNALS: Signals = {
  online: "online",
  offline: "offline",
  // Shown again from the back-forward cache: the sockets of the page were cut when it was put there.
  pageshow: "resumed",
  pagehide: "leaving",
};

const DOCUMENT_SIGNALS: Signals = { resume: "resumed", visibilitychange: null };

function onSignal(listener: (signal: PlatformSignal) => void): () => void {
  const unsubscribers = [...subscribe(here, PAGE_SIGNALS), ...subscribe(here.document, DOCUMENT_SIGNALS)];
  return () => unsubscribers.forEach((unsubscribe) => unsubscribe());

  function subscribe(
    source: Pick<Surroundings, "addEventListener" | "removeEventListener"> | undefined,
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

/** 24 days: a timer for longer would overflow, and be over at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const browserPlatform: Platform = {
  now: () => Date.now(),
  monotonicMs: () => Math.round(here.performance?.now?.() ?? Date.now()),
  random: () => Math.random(),
  uuid,
  startTimer(callback, delayMs) {
    const handle = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS));
    return { cancel: () => clearTimeout(handle) };
  },
  queueTask,
  fetch: (url, init) => fetch(url, init),
  upload,
  openSocket: (url) => new WebSocket(url),
  isOnline: () => here.navigator?.onLine !== false,
  isVisible,
  isMobile: () => /Android|iPhone|iPad|iPod|Mobile/i.test(here.navigator?.userAgent ?? ""),
  onSignal,
  print(method, line) {
    console[method](line);
  },
  currentZone,
  addAgentCount(name, count) {
    const api = here.csm?.API;
    if (typeof api?.addCount !== "function") return here.document ? "later" : "never";
    try {
      api.addCount(name, count);
    } catch {
      // The page's own metrics failed; that is no reason to harm a chat, and nobody else could be told.
    }
    return "counted";
  },
};
