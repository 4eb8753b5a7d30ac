/** Watches the sessions, requests and sockets of the page, and records them. */
import type { Recorder } from "./recorder";
import { operationOf } from "./operations";
import { parseJson, locationOf, withoutSecrets } from "./redact";
import { ResponseSizes } from "./response-sizes";
import { Attempt } from "./attempt";
import {
  byteLength,
  watchPage,
  type PageResponse,
  type PageRequest,
  type SocketListener,
} from "./watch-page";
import { fieldAt, textAt } from "./entries";
import { WatchedSession, type InspectableSession } from "./watched-session";

/** The part of the library's global that the inspector uses. */
interface SessionFactory {
  create: (...args: unknown[]) => unknown;
}

const isFactory = (value: unknown): value is SessionFactory =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "create") === "function";

const isSession = (value: unknown): value is InspectableSession =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "on") === "function" &&
  typeof Reflect.get(value, "getChatDetails") === "function";

export class Watch {
  readonly #recorder: Recorder;
  readonly #now = (): number => Date.now();
  readonly #attempts = new Map<string, number>();
  readonly #sizes: ResponseSizes;
  #cleanups: (() => void)[] = [];
  #factory: SessionFactory | null = null;
  #socketCount = 0;
  #sessionCount = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#sizes = new ResponseSizes((id, bytes) => recorder.recordSize(id, bytes));
    this.#cleanups.push(
      () => this.#sizes.stop(),
      watchPage(globalThis, {
        onRequest: (request) => this.#onRequest(request),
        onSocket: (url) => this.#onSocket(url),
      }),
    );
    this.findLibrary();
  }

  /** Starts watching for new sessions if the library is loaded. The library may load after the inspector. */
  findLibrary(): void {
    if (this.#factory) return;
    const namespace: unknown = Reflect.get(globalThis, "connect");
    const factory = fieldAt(namespace, "ChatSession");
    if (!isFactory(factory)) return;
    this.#factory = factory;
    const original = factory.create;
    let isOn = true;
    const proxy = new Proxy(original, {
      apply: (target, self: unknown, args: unknown[]) => {
        const session: unknown = Reflect.apply(target, self, args);
        if (isOn && isSession(session)) this.inspect(session, textAt(args[0], "type") ?? "AGENT");
        return session;
      },
    });
    factory.create = proxy;
    this.#cleanups.push(() => {
      isOn = false;
      if (factory.create === proxy) factory.create = original;
    });
  }

  /** Watches a session, unless the session is already watched. Returns a function that stops watching. */
  inspect(session: InspectableSession, label = "Session"): () => void {
    const existing = this.#recorder.sessions.find((each) => each.session === session);
    if (existing) return () => existing.stop();
    this.#sessionCount += 1;
    const id = `s${this.#sessionCount}`;
    const watched = new WatchedSession(session, {
      id,
      label: `${label.charAt(0)}${label.slice(1).toLowerCase()} ${this.#sessionCount}`,
      note: (entry) => this.#recorder.note(entry),
      now: this.#now,
    });
    this.#recorder.addSession(watched);
    return () => watched.stop();
  }

  stop(): void {
    for (const cleanUp of this.#cleanups.splice(0)) cleanUp();
    for (const session of this.#recorder.sessions) session.stop();
  }

  #onRequest(request: PageRequest): (response: PageResponse) => void {
    this.findLibrary();
    const { url, method, bearer, text, bytes } = request;
    const at = this.#now();
    // The browser's resource timing uses the same clock.
    const startedAt = performance.now();
    const operation = operationOf(method, url);
    const owner = bearer === null ? undefined : this.#recorder.sessions.find((each) => each.owns(bearer));
    if (operation === "CreateParticipantConnection" && owner?.session.connectionState === "connecting") {
      // The application has called connect(), possibly after a reset() that removed our handlers.
      owner.listen();
    }
    const body: unknown = operation !== null && text ? parseJson(text) : undefined;
    const attempt = new Attempt(this.#attempts, body, `${owner?.id ?? ""} ${operation ?? url}`);
    const entry = this.#recorder.note({
      kind: "request",
      at,
      session: owner?.id ?? null,
      operation,
      method,
      path: locationOf(url).path,
      attempt: attempt.number,
      bytes,
      body: withoutSecrets(body),
      outcome: null,
    });
    return (response) => {
      attempt.onOutcome(response.status);
      if (!entry) return;
      this.#recorder.recordOutcome(entry.id, {
        ...response,
        durationMs: Math.round(10 * (performance.now() - startedAt)) / 10,
      });
      if (response.bytes === null) this.#sizes.request(entry.id, url, startedAt);
    };
  }

  #onSocket(url: string): SocketListener {
    this.findLibrary();
    this.#socketCount += 1;
    const socket = this.#socketCount;
    const { host } = locationOf(url);
    let owner: string | null = null;
    // Returns null for the socket that an agent's chats share.
    const session = (): string | null =>
      (owner ??= this.#recorder.sessions.find((each) => each.ownsSocket(url))?.id ?? null);
    const noteChange = (change: "opening" | "open" | "failed" | "closed", code: number | null): void => {
      this.#recorder.note({
        kind: "socket",
        at: this.#now(),
        session: session(),
        change,
        host,
        code,
        socket,
      });
    };
    noteChange("opening", null);
    return {
      onChange: noteChange,
      onFrame: (direction, data) => {
        const text = typeof data === "string" ? data : null;
        const frame = text === null ? null : parseJson(text);
        const content = fieldAt(frame, "content");
        this.#recorder.note({
          kind: "frame",
          at: this.#now(),
          session: session(),
          direction,
          topic: textAt(frame, "topic"),
          bytes: text === null ? 0 : byteLength(text),
          content: withoutSecrets(typeof content === "string" ? parseJson(content) : (content ?? frame)),
          socket,
        });
      },
    };
  }
}
