import type { FakePlatform } from "./fake-platform";

/** A request as the service receives it. */
export interface ServiceCall {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  /** The token from the `X-Amz-Bearer` header. */
  readonly bearer: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly init: RequestInit;
}

export type Responder = (call: ServiceCall) => Response | Promise<Response>;

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

export const errorResponse = (status: number, type: string, headers: Record<string, string> = {}): Response =>
  json({ message: "refused" }, status, { "x-amzn-errortype": type, ...headers });

/** Fails like a browser's fetch without a network. */
export const cutNetwork: Responder = () => Promise.reject(new TypeError("Failed to fetch"));

/** Never responds. Rejects when the call's signal is aborted, like a browser's fetch. */
export const silence: Responder = ({ init }) =>
  new Promise((_, reject) => {
    init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  });

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  return { promise, resolve: (value) => resolve(value), reject: (reason) => reject(reason) };
}

/** Resolves with the value that the promise rejects with. Throws if the promise resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Expected a rejection; the promise resolved with ${JSON.stringify(value)}`);
}

export const iso = (time: number): string => new Date(time).toISOString();

export const HOUR = 3_600_000;

/** The Participant Service behind a fake platform's fetch. Responds by path and records every call. */
export class FakeService {
  readonly calls: ServiceCall[] = [];
  /** How long connection tokens are valid. */
  tokenLifetimeMs = 24 * HOUR;
  readonly #platform: FakePlatform;
  readonly #responders = new Map<string, Responder>();
  #tokens = 0;
  #ids = 0;

  constructor(platform: FakePlatform) {
    this.#platform = platform;
    platform.onFetch = (url, init) => this.#respond(url, init);
  }

  /** Sets the response for a path. */
  on(path: string, responder: Responder): void {
    this.#responders.set(path, responder);
  }

  /** Sets the responses to the next calls to a path, one per call. Later calls get the previous response again. */
  next(path: string, ...responders: Responder[]): void {
    const before = this.#responders.get(path);
    this.on(path, (call) => {
      const responder = responders.shift();
      return responder ? responder(call) : before ? before(call) : this.defaultResponse(call);
    });
  }

  /** Ends the chat. Calls that would show whether the chat continues now fail with AccessDeniedException. */
  endChat(): void {
    for (const path of ["/participant/connection", "/participant/transcript"]) {
      this.on(path, () => errorResponse(403, "AccessDeniedException"));
    }
  }

  /** Calls to one path. */
  to(path: string): ServiceCall[] {
    return this.calls.filter((call) => call.path === path);
  }

  #respond(url: string, init: RequestInit): Response | Promise<Response> {
    const { pathname } = new URL(url);
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : {};
    const call: ServiceCall = {
      method: init.method ?? "GET",
      path: pathname,
      url,
      bearer: new Headers(init.headers).get("x-amz-bearer"),
      body: typeof body === "object" && body !== null ? { ...body } : {},
      init,
    };
    this.calls.push(call);
    return (this.#responders.get(pathname) ?? ((request) => this.defaultResponse(request)))(call);
  }

  /** The default response: success. */
  defaultResponse({ path }: ServiceCall): Response {
    const now = this.#platform.time;
    switch (path) {
      case "/participant/connection":
        this.#tokens += 1;
        return json({
          Websocket: {
            Url: `wss://service.test/socket?number=${this.#tokens}`,
            ConnectionExpiry: iso(now + 100_000),
          },
          ConnectionCredentials: {
            ConnectionToken: `connection-token-${this.#tokens}`,
            Expiry: iso(now + this.tokenLifetimeMs),
          },
        });
      case "/participant/message":
      case "/participant/event":
        this.#ids += 1;
        return json({ Id: `sent-${this.#ids}`, AbsoluteTime: iso(now) });
      case "/participant/transcript":
        return json({ InitialContactId: "first-contact", Transcript: [] });
      case "/participant/start-attachment-upload":
        return json({
          AttachmentId: "attachment-1",
          UploadMetadata: {
            Url: "https://storage.test/upload?signature=1",
            UrlExpiry: iso(now + 900_000),
            HeadersToInclude: { "content-type": "image/png", "x-amz-acl": "private" },
          },
        });
      case "/participant/attachment":
        return json({
          Url: "https://storage.test/file?signature=1",
          UrlExpiry: iso(now + 900_000),
          AttachmentSizeInBytes: 3,
        });
      case "/participant/complete-attachment-upload":
      case "/participant/disconnect":
        return new Response("", { status: 200 });
      case "/upload":
        return new Response("", { status: 200 });
      case "/file":
        return new Response("the file", { status: 200 });
      default:
        return errorResponse(404, "ResourceNotFoundException");
    }
  }
}
