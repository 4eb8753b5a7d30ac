// Injects a schedule's faults into a simulator.
import { createRequire } from "node:module";

const { ANY_OPERATION, delayedBy, FRAME_FAULTS } = createRequire(import.meta.url)("../dist/simulator.js");

const GARBLED = {
  html: "<html><body>It works!</body></html>",
  half: (body) => body.slice(0, Math.floor(body.length / 2)),
  empty: "",
  array: "[]",
};

/** Ways to take a link down, by name. Each returns the functions that restore the link. */
const WAYS_DOWN = {
  /** Drops the socket and refuses new sockets. */
  refuse: ({ faults, drop, target }) => [faults.refuseSockets(target), drop()],
  /** Blocks all traffic. When the network is back, the page gets an "online" event, as from a device. */
  network: ({ faults, drop, target, pages, link }) => [
    () => pages.goOnline(link.page),
    faults.refuseSockets(target),
    faults.cutNext(ANY_OPERATION, { when: "before", forMs: 60_000, ...target }),
    drop(),
  ],
  /** Takes the device itself offline, which the browser reports to the page. */
  offline: ({ faults, drop, target, pages, link }) => {
    pages.setOffline(link.page, true);
    return [() => pages.setOffline(link.page, false), faults.refuseSockets(target), drop()];
  },
  /** Fails all calls and sockets with a 5xx, as in a service outage. */
  errors: ({ faults, drop, target, event }) => [
    faults.failNext(ANY_OPERATION, { status: event.ms % 2 < 1 ? 503 : 500, forMs: 60_000, ...target }),
    faults.refuseSockets({ status: 503, ...target }),
    drop(),
  ],
  /** Makes the link half-open. Frames are lost, and the socket is dropped at the end. */
  stall: ({ faults, drop, target }) => [faults.stallSockets({ frames: "lose", ...target }), drop],
  /** Makes the link half-open for a while. Then all frames arrive together. */
  hold: ({ faults, target }) => [faults.stallSockets({ frames: "hold", ...target })],
};

export class FaultPlayer {
  #simulator;
  #links;
  #timers = new Set();
  /** Functions that end the active faults. */
  #withdrawals = new Set();
  #seenRequests = 0;
  #midRecovery = [];
  /** The number of faults that currently cut off each participant. */
  #unreachable = new Map();

  #pages;

  /** `links` has the links by ID, with their `participantIds`. `pages` has each page's actions, by page name. */
  constructor(simulator, links, pages, seed) {
    this.#simulator = simulator;
    this.#links = links;
    this.#pages = pages;
    simulator.faults.seed(seed);
  }

  /** Whether a call that bypasses the simulator's HTTP server would reach the service. */
  reaches(participantId) {
    return !this.#unreachable.get(participantId);
  }

  play(event) {
    const link = this.#links.get(event.link);
    const target = link && { participantId: link.participantIds };
    this[event.kind]?.(event, link, target);
  }

  /** Injects the faults that wait for a request. Must be called often. */
  watch() {
    const { requests } = this.#simulator;
    for (; this.#seenRequests < requests.length; this.#seenRequests += 1) {
      const { operation, participantId } = requests[this.#seenRequests];
      if (operation !== "GetTranscript") continue;
      const hit = this.#midRecovery.find(({ link }) => link.participantIds.includes(participantId));
      if (!hit) continue;
      this.#midRecovery = this.#midRecovery.filter((each) => each !== hit);
      const target = { participantId: hit.link.participantIds };
      this.#later(150, () => this.#simulator.dropSockets(target));
    }
  }

  /** Ends all faults. */
  clear() {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const withdraw of this.#withdrawals) withdraw();
    this.#timers.clear();
    this.#withdrawals.clear();
    this.#unreachable.clear();
    this.#midRecovery = [];
    this.#simulator.faults.clear();
  }

  down(event, link, target) {
    const { faults } = this.#simulator;
    const drop = () => {
      this.#simulator.dropSockets(target);
      return () => undefined;
    };
    const restores = WAYS_DOWN[event.how]({
      ...{ faults, drop, target, event, link },
      pages: this.#pages,
    });
    const cutsCalls = ["network", "offline", "errors"].includes(event.how);
    if (cutsCalls) this.#setUnreachable(link, 1);
    this.#until(event.ms, () => {
      if (cutsCalls) this.#setUnreachable(link, -1);
      // In reverse order, because a stall must drop its socket before it ends, so that the client notices the lost
      // frames, and a page may receive "online" only once its network is back.
      for (const restore of restores.reverse()) restore();
    });
  }

  midRecovery(event, link, target) {
    this.down({ ...event, how: "refuse" }, link, target);
    this.#later(event.ms - 50, () => {
      this.#simulator.faults.delayNext("GetTranscript", {
        delayMs: 600,
        times: link.participantIds.length,
        ...target,
      });
      this.#midRecovery.push({ link });
    });
  }

  frames({ fault, delayMs, scope }, _, target) {
    const transform = fault === "delay" ? delayedBy(delayMs) : FRAME_FAULTS[fault];
    this.#simulator.faults.transformFrames(transform, { ...scope, ...target });
  }

  dropFrames({ times, ms }, _, target) {
    const withdraw = this.#simulator.faults.transformFrames(FRAME_FAULTS.drop, { times, ...target });
    this.#until(ms, () => {
      withdraw();
      this.#simulator.dropSockets(target);
    });
  }

  call({ operation, fault, scope, status, retryAfter, when, delayMs, body }, _, target) {
    const { faults } = this.#simulator;
    const scopeAndTarget = { ...scope, ...target };
    if (fault === "fail") {
      const after = retryAfter === null ? {} : { retryAfterSeconds: retryAfter };
      faults.failNext(operation, { status, ...after, ...scopeAndTarget });
    }
    if (fault === "cut") faults.cutNext(operation, { when, ...scopeAndTarget });
    if (fault === "delay") faults.delayNext(operation, { delayMs, ...scopeAndTarget });
    if (fault === "garble") faults.garbleNext(operation, { body: GARBLED[body], ...scopeAndTarget });
  }

  goOnline(_, link) {
    this.#pages.goOnline(link.page);
  }

  expireTokens(_, link) {
    for (const id of link.participantIds) this.#simulator.expireConnectionTokens(id);
  }

  expireUrls(_, __, target) {
    this.#simulator.expireSocketUrls(target);
  }

  restart({ downMs }) {
    this.restarting = this.#simulator.restart({ downMs });
  }

  #setUnreachable(link, change) {
    for (const id of link.participantIds) {
      this.#unreachable.set(id, (this.#unreachable.get(id) ?? 0) + change);
    }
  }

  #until(ms, end) {
    const withdraw = () => {
      this.#withdrawals.delete(withdraw);
      end();
    };
    this.#withdrawals.add(withdraw);
    this.#later(ms, () => this.#withdrawals.has(withdraw) && withdraw());
  }

  #later(ms, job) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      job();
    }, ms);
    this.#timers.add(timer);
  }
}
