/** The network between the pages and the service. It adds latency and applies faults to calls, sockets and frames. */
import type { RandomSource } from "./random";
import type { VirtualClock } from "./clock";
import type { CallFate, Conditions, FrameCopy } from "./conditions";
import type { Commit } from "./contact";
import type { SimulatedPage, SimulatedSignal } from "./page";
import type { Service, ServiceResponse, ServiceSocket } from "./service";
import { operationOf } from "./wire";

/** A call that a page sent. */
export interface RequestRecord {
  readonly atMs: number;
  readonly page: SimulatedPage;
  readonly operation: string;
  readonly bearer: string | null;
  readonly body: string;
  /** When the service processed the call, or null if it hasn't. */
  actedAtMs: number | null;
  /** When the page received a complete response. */
  respondedAtMs: number | null;
  /** The complete response's status. */
  status: number | null;
  /** The status of a response that was complete or cut off. */
  statusSeen: number | null;
  /** When the call got a response, failed or was aborted. */
  settledAtMs: number | null;
}

/** A chat frame that reached a page undamaged. */
export interface Arrival {
  readonly atMs: number;
  readonly page: SimulatedPage;
  readonly socketId: number;
  readonly commit: Commit;
}

interface PendingCall {
  readonly page: SimulatedPage;
  readonly cut: () => void;
}

export class Network {
  readonly requests: RequestRecord[] = [];
  readonly arrivals: Arrival[] = [];
  /** Every attempt to open a socket. */
  readonly upgrades: { readonly atMs: number; readonly page: SimulatedPage }[] = [];
  frames = 0;
  /** Whether an external manager reads the frames. */
  hasExternalManager = false;
  readonly #clock: VirtualClock;
  readonly #random: RandomSource;
  readonly #conditions: Conditions;
  readonly #service: Service;
  readonly #latencyMs: number;
  readonly #links = new Set<Link>();
  readonly #pendingCalls = new Set<PendingCall>();

  constructor(
    clock: VirtualClock,
    random: RandomSource,
    conditions: Conditions,
    service: Service,
    latencyMs: number,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#conditions = conditions;
    this.#service = service;
    this.#latencyMs = latencyMs;
  }

  latency(): number {
    return this.#latencyMs * this.#random.between(0.6, 1.6);
  }

  // --- API calls -----------------------------------------------------------------------------------------------------

  fetch(page: SimulatedPage, url: string, init: RequestInit): Promise<unknown> {
    const { method = "GET", headers, body } = init;
    const { pathname } = new URL(url);
    const operation = operationOf(method, pathname);
    const bearer = new Headers(headers).get("x-amz-bearer");
    const record: RequestRecord = {
      atMs: this.#clock.nowMs,
      page,
      operation,
      bearer,
      body: typeof body === "string" ? body : "",
      actedAtMs: null,
      respondedAtMs: null,
      status: null,
      statusSeen: null,
      settledAtMs: null,
    };
    this.requests.push(record);
    const signal = init.signal as unknown as SimulatedSignal | null | undefined;
    return new page.realm.Promise((resolve, reject) => {
      const call: PendingCall = { page, cut: () => settle(0, fail) };
      const isPending = (): boolean => this.#pendingCalls.has(call);
      const over = (): void => {
        this.#pendingCalls.delete(call);
        record.settledAtMs = this.#clock.nowMs;
        signal?.removeEventListener("abort", abort);
      };
      const settle = (delayMs: number, how: () => void): void => {
        page.taskIn(delayMs, () => {
          if (!isPending()) return;
          over();
          how();
        });
      };
      const abort = (): void => {
        over();
        reject(signal?.reason ?? new Error("aborted"));
      };
      const fail = (): void => reject(new page.realm.TypeError("Failed to fetch"));
      this.#pendingCalls.add(call);
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener("abort", abort);
      const act = (): ServiceResponse => {
        record.actedAtMs = this.#clock.nowMs;
        return this.#service.handle({ method, path: pathname, bearer, body: record.body });
      };
      const respond = (response: ServiceResponse, isComplete: boolean): void => {
        record.statusSeen = response.status;
        if (isComplete) {
          record.respondedAtMs = this.#clock.nowMs;
          record.status = response.status;
        }
        resolve(responseOf(page, response, isComplete));
      };
      this.#clock.after(this.latency(), () => {
        this.#travel(this.#conditions.callFate(operation), act, settle, fail, respond);
      });
    });
  }

  /** Makes a page's pending calls fail when the page is awake again. */
  cutCalls(page: SimulatedPage): void {
    for (const call of [...this.#pendingCalls]) if (call.page === page) call.cut();
  }

  #travel(
    fate: CallFate,
    act: () => ServiceResponse,
    settle: (delayMs: number, how: () => void) => void,
    fail: () => void,
    respond: (response: ServiceResponse, isComplete: boolean) => void,
  ): void {
    switch (fate.kind) {
      case "responded":
      case "truncated": {
        // The service processes the call immediately. Only its response is slow.
        const original = act();
        const edit = fate.kind === "responded" ? fate.edit : undefined;
        const response = edit ? { ...original, body: edit(original.body) } : original;
        settle(fate.delayMs + this.latency(), () => respond(response, fate.kind === "responded"));
        return;
      }
      case "intercepted":
        settle(fate.delayMs + this.latency(), () => respond(fate.response, true));
        return;
      case "failed":
        if (fate.acted) act();
        settle(fate.delayMs, fail);
        return;
      case "unanswered":
        if (fate.acted) act();
        // Browsers give up after several minutes.
        settle(300_000, fail);
    }
  }

  // --- sockets -------------------------------------------------------------------------------------------------------

  socketClass(page: SimulatedPage): new (url: string) => object {
    const open = (socket: PageSocket, url: string): void => this.#open(page, socket, url);
    return class WebSocket extends PageSocket {
      constructor(url: string) {
        super();
        open(this, url);
      }
    };
  }

  #open(page: SimulatedPage, socket: PageSocket, url: string): void {
    this.upgrades.push({ atMs: this.#clock.nowMs, page });
    const link = new Link(
      page,
      socket,
      this.#clock,
      this.#service,
      this.#conditions,
      this.#random.fork(`link ${this.upgrades.length}`),
      {
        hasExternalManager: this.hasExternalManager,
        latency: () => this.latency(),
        arrived: (arrival) => {
          this.arrivals.push(arrival);
        },
        sent: () => {
          this.frames += 1;
        },
        over: () => this.#links.delete(link),
      },
    );
    this.#links.add(link);
    link.open(url);
  }

  linksOf(page: SimulatedPage): Link[] {
    return [...this.#links].filter((link) => link.page === page);
  }

  get links(): readonly Link[] {
    return [...this.#links];
  }

  /** Cuts the sockets of a page that is closed or put into the back-forward cache. */
  onPageLeft(page: SimulatedPage): void {
    for (const link of this.linksOf(page)) link.cut(true);
  }
}

interface LinkOwner {
  /** Whether an external manager reads the frames. It silently drops frames that aren't JSON. */
  readonly hasExternalManager: boolean;
  latency(): number;
  arrived(arrival: Arrival): void;
  sent(): void;
  over(): void;
}

type SocketHandler = ((event: object) => void) | null;

/** The page's end of a socket, which replaces the browser's WebSocket. */
export class PageSocket {
  readyState = 0;
  onopen: SocketHandler = null;
  onmessage: SocketHandler = null;
  onerror: SocketHandler = null;
  onclose: SocketHandler = null;
  /** The link sets this callback. */
  onSend: (text: string) => void = () => undefined;
  onCloseCall: (code: number) => void = () => undefined;

  send(text: string): void {
    if (this.readyState === 1) this.onSend(text);
  }

  close(code = 1005): void {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    this.onCloseCall(code);
  }
}

/** One socket and the network between its two ends. */
export class Link {
  readonly page: SimulatedPage;
  readonly #socket: PageSocket;
  readonly #clock: VirtualClock;
  readonly #service: Service;
  readonly #conditions: Conditions;
  readonly #random: RandomSource;
  readonly #owner: LinkOwner;
  #serviceSocket: ServiceSocket | null = null;
  /** Whether frames from the service are lost. */
  #losesServiceFrames = false;
  /** Whether frames from the page are lost. */
  #losesPageFrames = false;
  #lastArrivalMs = 0;
  #isOver = false;

  constructor(
    page: SimulatedPage,
    socket: PageSocket,
    clock: VirtualClock,
    service: Service,
    conditions: Conditions,
    random: RandomSource,
    owner: LinkOwner,
  ) {
    this.page = page;
    this.#socket = socket;
    this.#clock = clock;
    this.#service = service;
    this.#conditions = conditions;
    this.#random = random;
    this.#owner = owner;
    socket.onSend = (text) => this.#toService(text);
    socket.onCloseCall = (code) => this.#closeFromPage(code);
  }

  get isSubscribed(): boolean {
    return this.#serviceSocket?.isSubscribed ?? false;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === 1;
  }

  open(url: string): void {
    this.#clock.after(this.#owner.latency(), () => {
      if (this.#isOver) return;
      const fate = this.#conditions.upgrade();
      if (fate === "unanswered") {
        this.#scheduleClose(this.#random.logUniform(5_000, 120_000), 1006);
        return;
      }
      const serviceSocket = fate === "accepted" ? this.#service.accept(url) : null;
      if (serviceSocket === null) {
        this.#scheduleClose(this.#owner.latency(), 1006);
        return;
      }
      this.#serviceSocket = serviceSocket;
      serviceSocket.transmit = (text, commit) => this.#toPage(text, commit);
      serviceSocket.drop = (code) => this.#scheduleClose(this.#owner.latency(), code);
      this.page.taskIn(this.#owner.latency(), () => {
        if (this.#socket.readyState !== 0 || this.#isOver) return;
        this.#socket.readyState = 1;
        this.#call(this.#socket.onopen, { type: "open" });
      });
    });
  }

  /** Breaks the connection. The page notices soon, or immediately with `isPageGone`. */
  cut(isPageGone = false): void {
    const serviceSocket = this.#serviceSocket;
    // On a half-open link, the service notices the loss only because no more frames arrive.
    if (serviceSocket)
      this.#clock.after(this.#losesPageFrames ? this.#random.logUniform(10_000, 90_000) : 0, () =>
        this.#service.forget(serviceSocket),
      );
    this.#losesServiceFrames = this.#losesPageFrames = true;
    if (isPageGone && this.page.isGone) this.#end();
    else this.#scheduleClose(isPageGone ? 0 : this.#random.logUniform(1, 300), 1006);
  }

  /**
   * Makes the link half-open. Frames are then lost, but neither side gets a close event. The service notices the loss
   * after a while.
   */
  makeHalfOpen(inboundOnly: boolean): void {
    this.#losesServiceFrames = true;
    if (inboundOnly) return;
    this.#losesPageFrames = true;
    const serviceSocket = this.#serviceSocket;
    if (serviceSocket)
      this.#clock.after(this.#random.logUniform(10_000, 90_000), () => this.#service.forget(serviceSocket));
  }

  #toService(text: string): void {
    this.#owner.sent();
    if (this.#losesPageFrames) return;
    this.#clock.after(this.#owner.latency(), () => {
      if (this.#serviceSocket && !this.#losesPageFrames) this.#service.receive(this.#serviceSocket, text);
    });
  }

  #toPage(text: string, commit: Commit | null): void {
    const copies: readonly FrameCopy[] =
      commit === null ? [{ delayMs: 0, isInOrder: true, isIntact: true }] : this.#conditions.frame();
    for (const { delayMs, isInOrder, isIntact, edit } of copies) {
      const dueMs = this.#clock.nowMs + this.#owner.latency() + delayMs;
      const atMs = isInOrder ? Math.max(dueMs, this.#lastArrivalMs) : dueMs;
      if (isInOrder) this.#lastArrivalMs = atMs;
      this.#clock.at(atMs, () => {
        if (this.#losesServiceFrames || this.#isOver) return;
        this.page.task(() =>
          this.#arrive(
            isIntact ? (edit?.(text) ?? text) : damage(text, this.#random, this.#owner.hasExternalManager),
            isIntact ? commit : null,
          ),
        );
      });
    }
  }

  #arrive(text: string, commit: Commit | null): void {
    if (this.#socket.readyState !== 1 || this.#losesServiceFrames) return;
    this.#owner.sent();
    if (commit && this.#serviceSocket) {
      this.#owner.arrived({
        atMs: this.#clock.nowMs,
        page: this.page,
        socketId: this.#serviceSocket.id,
        commit,
      });
    }
    this.#call(this.#socket.onmessage, { type: "message", data: text });
  }

  #closeFromPage(code: number): void {
    const serviceSocket = this.#serviceSocket;
    if (serviceSocket && !this.#losesPageFrames) {
      this.#clock.after(this.#owner.latency(), () => this.#service.forget(serviceSocket));
      this.#scheduleClose(2 * this.#owner.latency(), code);
    } else this.#scheduleClose(serviceSocket ? this.#random.logUniform(500, 30_000) : 1, 1006);
  }

  #scheduleClose(delayMs: number, code: number): void {
    this.page.taskIn(delayMs, () => {
      if (this.#socket.readyState === 3) return;
      this.#socket.readyState = 3;
      this.#end();
      const wasClean = code !== 1006;
      if (!wasClean) this.#call(this.#socket.onerror, { type: "error" });
      this.#call(this.#socket.onclose, { type: "close", code, reason: "", wasClean });
    });
  }

  #end(): void {
    this.#isOver = true;
    this.#owner.over();
  }

  #call(handler: SocketHandler, event: object): void {
    try {
      handler?.(event);
    } catch (error) {
      this.page.reportUncaught(error);
    }
  }
}

/** Damages a frame in one of several ways. */
function damage(text: string, random: RandomSource, isJson: boolean): string {
  const frame = JSON.parse(text) as { content: string };
  switch (random.integer(0, isJson ? 2 : 4)) {
    case 0:
      return JSON.stringify({ ...frame, content: frame.content.slice(0, -random.integer(1, 20)) });
    case 1:
      return JSON.stringify({ ...frame, content: null });
    case 2:
      return JSON.stringify({ ...frame, content: "[1,2,3]" });
    case 3:
      return text.slice(0, random.integer(1, text.length - 1));
    default:
      return text.replace(/[{}]/g, "?");
  }
}

function responseOf(
  page: SimulatedPage,
  { status, headers, body }: ServiceResponse,
  isComplete: boolean,
): object {
  const text = (): Promise<string> =>
    isComplete
      ? page.realm.Promise.resolve(body)
      : page.realm.Promise.reject(new page.realm.TypeError("network error"));
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: new Headers(headers),
    text,
    blob: () => page.realm.Promise.resolve({ size: body.length, type: headers["content-type"] ?? "" }),
    body: undefined,
  };
}
