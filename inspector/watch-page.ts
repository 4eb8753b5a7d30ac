/**
 * Watches the page's `fetch` and `WebSocket` through proxies that pass all calls and results through unchanged.
 * Restores the original functions when the inspector stops.
 */

/** A request that the page makes. */
export interface PageRequest {
  readonly url: string;
  readonly method: string;
  readonly bearer: string | null;
  readonly bytes: number | null;
  /** The body if it is text; null otherwise, because files aren't read. */
  readonly text: string | null;
}

export interface PageResponse {
  readonly status: number | null;
  readonly failure: string | null;
  readonly bytes: number | null;
}

export interface SocketListener {
  onChange(change: "open" | "failed" | "closed", code: number | null): void;
  onFrame(direction: "in" | "out", data: unknown): void;
}

export interface PageListener {
  /** Returns a function that must be called with the request's outcome. */
  onRequest(request: PageRequest): (response: PageResponse) => void;
  onSocket(url: string): SocketListener;
}

interface Page {
  fetch: typeof fetch;
  WebSocket: typeof WebSocket;
}

/** Keeps the inspector's own errors from breaking the page. */
function safely<Result>(run: () => Result, fallback: Result): Result {
  try {
    return run();
  } catch (error) {
    console.warn("The chat inspector failed to make a record:", error);
    return fallback;
  }
}

const utf8 = new TextEncoder();
export const byteLength = (text: string): number => utf8.encode(text).length;

/** Installs the proxies. Returns a function that removes them. */
export function watchPage(page: Page, listener: PageListener): () => void {
  const cleanups = [watchFetch(page, listener), watchSockets(page, listener)];
  return () => cleanups.splice(0).forEach((cleanUp) => cleanUp());
}

function watchFetch(page: Page, listener: PageListener): () => void {
  const original = page.fetch;
  if (typeof original !== "function") return () => undefined;
  let isOn = true;
  const proxy = new Proxy(original, {
    apply(target, self: unknown, args: Parameters<typeof fetch>) {
      const onResponse = isOn ? safely(() => listener.onRequest(requestOf(...args)), undefined) : undefined;
      const promise = Reflect.apply<typeof self, typeof args, Promise<Response>>(target, self, args);
      if (!onResponse) return promise;
      // Return this promise, so that the browser still reports a rejection that the page doesn't handle.
      return promise.then(
        (response) => {
          safely(() => onResponse(responseOf(response)), undefined);
          return response;
        },
        (error: unknown) => {
          safely(() => onResponse({ status: null, failure: failureOf(error), bytes: null }), undefined);
          throw error;
        },
      );
    },
  });
  page.fetch = proxy;
  return () => {
    isOn = false;
    // Other code may have wrapped `fetch` since. Leave its wrapper in place; this proxy then only passes calls through.
    if (page.fetch === proxy) page.fetch = original;
  };
}

function requestOf(input: RequestInfo | URL, init: RequestInit = {}): PageRequest {
  const request = input instanceof Request ? input : null;
  const url = input instanceof Request ? input.url : input instanceof URL ? input.href : input;
  const headers = new Headers(init.headers ?? request?.headers);
  const { body } = init;
  return {
    url,
    method: (init.method ?? request?.method ?? "GET").toUpperCase(),
    bearer: headers.get("x-amz-bearer"),
    text: typeof body === "string" ? body : null,
    bytes: bytesOf(body),
  };
}

function bytesOf(body: unknown): number | null {
  if (body === undefined || body === null) return 0;
  if (typeof body === "string") return byteLength(body);
  if (body instanceof Blob) return body.size;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength;
  return null;
}

/** Doesn't read the body, because only the application may read it. The size comes from a header, if there is one. */
function responseOf({ status, headers }: Response): PageResponse {
  const length = headers.get("content-length");
  return { status, failure: null, bytes: length === null ? null : Number(length) };
}

const failureOf = (error: unknown): string =>
  error instanceof Error && error.name === "AbortError" ? "aborted" : "no response";

function watchSockets(page: Page, listener: PageListener): () => void {
  const original = page.WebSocket;
  if (typeof original !== "function") return () => undefined;
  let isOn = true;
  const open = new Set<() => void>();
  const proxy = new Proxy(original, {
    construct(target, args: unknown[], newTarget) {
      const socket = Reflect.construct(target, args, newTarget === proxy ? target : newTarget) as WebSocket;
      if (isOn) {
        const unwatch = safely(
          () => watchSocket(socket, listener.onSocket(socket.url)),
          () => undefined,
        );
        open.add(unwatch);
        socket.addEventListener("close", () => open.delete(unwatch), { once: true });
      }
      return socket;
    },
  });
  page.WebSocket = proxy;
  return () => {
    isOn = false;
    for (const unwatch of open) unwatch();
    open.clear();
    if (page.WebSocket === proxy) page.WebSocket = original;
  };
}

function watchSocket(socket: WebSocket, listener: SocketListener): () => void {
  const handlers = {
    open: () => listener.onChange("open", null),
    error: () => listener.onChange("failed", null),
    close: ({ code }: CloseEvent) => listener.onChange("closed", code),
    message: ({ data }: MessageEvent) => listener.onFrame("in", data),
  };
  const safe = {
    open: () => safely(handlers.open, undefined),
    error: () => safely(handlers.error, undefined),
    close: (event: CloseEvent) => safely(() => handlers.close(event), undefined),
    message: (event: MessageEvent) => safely(() => handlers.message(event), undefined),
  };
  socket.addEventListener("open", safe.open);
  socket.addEventListener("error", safe.error);
  socket.addEventListener("close", safe.close);
  socket.addEventListener("message", safe.message);
  const originalSend = socket.send.bind(socket);
  const send: WebSocket["send"] = (data) => {
    safely(() => listener.onFrame("out", data), undefined);
    originalSend(data);
  };
  Object.defineProperty(socket, "send", { value: send, configurable: true, writable: true });
  return () => {
    socket.removeEventListener("open", safe.open);
    socket.removeEventListener("error", safe.error);
    socket.removeEventListener("close", safe.close);
    socket.removeEventListener("message", safe.message);
    // Deleting the property exposes the prototype's `send`. If other code has replaced our `send`, leave it alone.
    if (socket.send === send) Reflect.deleteProperty(socket, "send");
  };
}
