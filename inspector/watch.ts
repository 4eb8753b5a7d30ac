/** Everything that is looked at, put together: the sessions, the page's requests and its sockets → the recorder. */
import type { Recorder } from "./recorder";
import { operationOf } from "./operations";
import { parsed, placeOf, withoutSecrets } from "./redact";
import { AnswerSizes } from "./answer-sizes";
import { Attempt } from "./attempt";
import { byteLength, watchPage, type SeenAnswer, type SeenRequest, type SocketListener } from "./watch-page";
import { fieldAt, textAt } from "./entries";
import { WatchedSession, type InspectableSession } from "./watched-session";

/** The library's global, as far as it is needed here. */
interface SessionMaker {
  create: (...given: unknown[]) => unknown;
}

const isMaker = (value: unknown): value is SessionMaker =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, "create") === "function";

const isSession = (value: unknown): value is InspectableSession =>
  typeof value === "object" &&
  value !== null &&
  typeof Reflect.get(value, "on") === "function" &&
  typeof Reflect.get(value, "getChatDetails") === "function";

export class Watch {
  readonly #recorder: Recorder;
  readonly #now = (): number => Date.now();
  readonly #tries = new Map<string, number>();
  readonly #sizes: AnswerSizes;
  #giveBack: (() => void)[] = [];
  #maker: SessionMaker | null = null;
  #sockets = 0;
  #made = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
    this.#sizes = new AnswerSizes((id, bytes) => recorder.size(id, bytes));
    this.#giveBack.push(
      () => this.#sizes.stop(),
      watchPage(globalThis, {
        request: (request) => this.#request(request),
        socket: (url) => this.#socket(url),
      }),
    );
    this.findLibrary();
  }

  /** Learns of new sessions, once the library is there; it may be loaded later than the inspector. */
  findLibrary(): void {
    if (this.#maker) return;
    const namespace: unknown = Reflect.get(globalThis, "connect");
    const maker = fieldAt(namespace, "ChatSession");
    if (!isMaker(maker)) return;
    this.#maker = maker;
    const original = maker.create;
    let isOn = true;
    const proxy = new Proxy(original, {
      apply: (target, self: unknown, given: unknown[]) => {
        const session: unknown = Reflect.apply(target, self, given);
        if (isOn && isSession(session)) this.inspect(session, textAt(given[0], "type") ?? "AGENT");
        return session;
      },
    });
    maker.create = proxy;
    this.#giveBack.push(() => {
      isOn = false;
      if (maker.create === proxy) maker.create = original;
    });
  }

  /** Listens to a session; once, however often it is asked for. Returns what stops that. */
  inspect(session: InspectableSession, label = "Session"): () => void {
    const known = this.#recorder.sessions.find((each) => each.session === session);
    if (known) return () => known.stop();
    this.#made += 1;
    const id = `s${this.#made}`;
    const watched = new WatchedSession(session, {
      id,
      label: `${label.charAt(0)}${label.slice(1).toLowerCase()} ${this.#made}`,
      note: (entry) => this.#recorder.note(entry),
      now: this.#now,
    });
    this.#recorder.addSession(watched);
    return () => watched.stop();
  }

  stop(): void {
    for (const each of this.#giveBack.splice(0)) each();
    for (const session of this.#recorder.sessions) session.stop();
  }

  #request(request: SeenRequest): (answer: SeenAnswer) => void {
    this.findLibrary();
    const { url, method, bearer, text, bytes } = request;
    const at = this.#now();
    // On the clock that the browser's own timing uses.
    const startedAt = performance.now();
    const operation = operationOf(method, url);
    const owner = bearer === null ? undefined : this.#recorder.sessions.find((each) => each.owns(bearer));
    if (operation === "CreateParticipantConnection" && owner?.session.connectionState === "connecting") {
      // It begins, perhaps after a reset, which took the handlers.
      owner.listen();
    }
    const body: unknown = operation !== null && text ? parsed(text) : undefined;
    const attempt = new Attempt(this.#tries, body, `${owner?.id ?? ""} ${operation ?? url}`);
    const entry = this.#recorder.note({
      kind: "request",
      at,
      session: owner?.id ?? null,
      operation,
      method,
      path: placeOf(url).path,
      attempt: attempt.number,
      bytes,
      body: withoutSecrets(body),
      outcome: null,
    });
    return (answer) => {
      attempt.answered(answer.status);
      if (!entry) return;
      this.#recorder.answer(entry.id, {
        ...answer,
        durationMs: Math.round(10 * (performance.now() - startedAt)) / 10,
      });
      if (answer.bytes === null) this.#sizes.ask(entry.id, url, startedAt);
    };
  }

  #socket(url: string): SocketListener {
    this.findLibrary();
    this.#sockets += 1;
    const socket = this.#sockets;
    const { host } = placeOf(url);
    let owner: string | null = null;
    // An agent's chats share a socket that is nobody's alone.
    const session = (): string | null =>
      (owner ??= this.#recorder.sessions.find((each) => each.ownsSocket(url))?.id ?? null);
    const change = (what: "opening" | "open" | "failed" | "closed", code: number | null): void => {
      this.#recorder.note({
        kind: "socket",
        at: this.#now(),
        session: session(),
        change: what,
        host,
        code,
        socket,
      });
    };
    change("opening", null);
    return {
      changed: change,
      frame: (direction, data) => {
        const text = typeof data === "string" ? data : null;
        const frame = text === null ? null : parsed(text);
        const content = fieldAt(frame, "content");
        this.#recorder.note({
          kind: "frame",
          at: this.#now(),
          session: session(),
          direction,
          topic: textAt(frame, "topic"),
          bytes: text === null ? 0 : byteLength(text),
          content: withoutSecrets(typeof content === "string" ? parsed(content) : (content ?? frame)),
          socket,
        });
      },
    };
  }
}
