/**
 * The page's `fetch` and `WebSocket`, seen from outside: proxies stand before them while the inspector is on, hand every
 * call and answer on as they are, and give the originals back.
 */

/** A request, as the page made it. */
export interface SeenRequest {
  readonly url: string;
  readonly method: string;
  readonly bearer: string | null;
  readonly bytes: number | null;
  /** The body where it is text; files are not looked into. */
  readonly text: string | null;
}

export interface SeenAnswer {
  readonly status: number | null;
  readonly failure: string | null;
  readonly bytes: number | null;
}

export interface SocketListener {
  changed(change: "open" | "failed" | "closed", code: number | null): void;
  frame(direction: "in" | "out", data: unknown): void;
}

export interface PageListener {
  /** Returns what is to be told the request's outcome. */
  request(request: SeenRequest): (answer: SeenAnswer) => void;
  socket(url: string): SocketListener;
}

interface Page {
  fetch: typeof fetch;
  WebSocket: typeof WebSocket;
}

/** A listener of the inspector's must never be the reason why a page fails. */
function quietly<Result>(look: () => Result, otherwise: Result): Result {
  try {
    return look();
  } catch (error) {
    console.warn("The chat inspector could not note something:", error);
    return otherwise;
  }
}

const utf8 = new TextEncoder();
export const byteLength = (text: string): number => utf8.encode(text).length;

/** Puts the proxies in place; returns the function that takes them away. */
export function watchPage(page: Page, listener: PageListener): () => void {
  const giveBack = [watchFetch(page, listener), watchSockets(page, listener)];
  return () => giveBack.splice(0).forEach((each) => each());
}

function watchFetch(page: Page, listener: PageListener): () => void {
  const original = page.fetch;
  if (typeof original !== "function") return () => undefined;
  let isOn = true;
  const proxy = new Proxy(original, {
    apply(target, self: unknown, given: Parameters<typeof fetch>) {
      const answered = isOn ? quietly(() => listener.request(describe(...given)), undefined) : undefined;
      const promise = Reflect.apply<typeof self, typeof given, Promise<Response>>(target, self, given);
      if (!answered) return promise;
      // The caller is given this promise, so that a failure that nobody handles is still told as one.
      return promise.then(
        (response) => {
          quietly(() => answered(answerOf(response)), undefined);
          return response;
        },
        (error: unknown) => {
          quietly(() => answered({ status: null, failure: failureOf(error), bytes: null }), undefined);
          throw error;
        },
      );
    },
  });
  page.fetch = proxy;
  return () => {
    isOn = false;
    // Whoever came later keeps his place; the proxy in between has nothing more to do.
    if (page.fetch === proxy) page.fetch = original;
  };
}

function describe(input: RequestInfo | URL, init: RequestInit = {}): SeenRequest {
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

/** The body is the application's to read: its size is told by a header, if at all. */
function answerOf({ status, headers }: Response): SeenAnswer {
  const length = headers.get("content-length");
  return { status, failure: null, bytes: length === null ? null : Number(length) };
}

const failureOf = (error: unknown): string =>
  error instanceof Error && error.name === "AbortError" ? "aborted" : "no answer";

function watchSockets(page: Page, listener: PageListener): () => void {
  const original = page.WebSocket;
  if (typeof original !== "function") return () => undefined;
  let isOn = true;
  const open = new Set<() => void>();
  const proxy = new Proxy(original, {
    construct(target, given: unknown[], made) {
      const socket = Reflect.construct(target, given, made === proxy ? target : made) as WebSocket;
      if (isOn) {
        const letGo = quietly(
          () => watchSocket(socket, listener.socket(socket.url)),
          () => undefined,
        );
        open.add(letGo);
        socket.addEventListener("close", () => open.delete(letGo), { once: true });
      }
      return socket;
    },
  });
  page.WebSocket = proxy;
  return () => {
    isOn = false;
    for (const letGo of open) letGo();
    open.clear();
    if (page.WebSocket === proxy) page.WebSocket = original;
  };
}

function watchSocket(socket: WebSocket, told: SocketListener): () => void {
  const handlers = {
    open: () => told.changed("open", null),
    error: () => told.changed("failed", null),
    close: ({ code }: CloseEvent) => told.changed("closed", code),
    message: ({ data }: MessageEvent) => told.frame("in", data),
  };
  const quiet = {
    open: () => quietly(handlers.open, undefined),
    error: () => quietly(handlers.error, undefined),
    close: (event: CloseEvent) => quietly(() => handlers.close(event), undefined),
    message: (event: MessageEvent) => quietly(() => handlers.message(event), undefined),
  };
  socket.addEventListener("open", quiet.open);
  socket.addEventListener("error", quiet.error);
  socket.addEventListener("close", quiet.close);
  socket.addEventListener("message", quiet.message);
  const plain = socket.send.bind(socket);
  const send: WebSocket["send"] = (data) => {
    quietly(() => told.frame("out", data), undefined);
    plain(data);
  };
  Object.defineProperty(socket, "send", { value: send, configurable: true, writable: true });
  return () => {
    socket.removeEventListener("open", quiet.open);
    socket.removeEventListener("error", quiet.error);
    socket.removeEventListener("close", quiet.close);
    socket.removeEventListener("message", quiet.message);
    // The prototype's own shows again, unless somebody else has put theirs there.
    if (socket.send === send) Reflect.deleteProperty(socket, "send");
  };
}
