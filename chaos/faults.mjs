// Plays a schedule's events against a simulator.
import { createRequire } from "node:module";

const { ANY_OPERATION, delayedBy, FRAME_FAULTS } = createRequire(import.meta.url)("../dist/simulator.js");

const GARBLED = {
  html: "<html><body>It works!</body></html>",
  half: (body) => body.slice(0, Math.floor(body.length / 2)),
  empty: "",
  array: "[]",
};

/** The names of the faults that a link can be down by. */
const WAYS_DOWN = {
  /** The socket is cut, and none is let in. */
  refuse: ({ faults, drop, whom }) => [faults.refuseSockets(whom), drop()],
  /** Nothing gets through; when it does again, the page is told, as a device tells it. */
  network: ({ faults, drop, whom, pages, link }) => [
    () => pages.tellOnline(link.page),
    faults.refuseSockets(whom),
    faults.cutNext(ANY_OPERATION, { when: "before", forMs: 60_000, ...whom }),
    drop(),
  ],
  /** The device itself is offline, and knows it. */
  offline: ({ faults, drop, whom, pages, link }) => {
    pages.setOffline(link.page, true);
    return [() => pages.setOffline(link.page, false), faults.refuseSockets(whom), drop()];
  },
  /** The service fails, as in an outage of its own: no new socket can be had. */
  errors: ({ faults, drop, whom, event }) => [
    faults.failNext(ANY_OPERATION, { status: event.ms % 2 < 1 ? 503 : 500, forMs: 60_000, ...whom }),
    faults.refuseSockets({ status: 503, ...whom }),
    drop(),
  ],
  /** Half-open: what was sent meanwhile is lost, and the socket with it. */
  stall: ({ faults, drop, whom }) => [faults.stallSockets({ frames: "lose", ...whom }), drop],
  /** Half-open for a while, then all comes at once. */
  hold: ({ faults, whom }) => [faults.stallSockets({ frames: "hold", ...whom })],
};

export class FaultPlayer {
  #simulator;
  #links;
  #timers = new Set();
  /** Takes back what is still on. */
  #withdrawals = new Set();
  #seenRequests = 0;
  #midRecovery = [];
  /** Links that cannot reach anything at the moment, by participant. */
  #unreachable = new Map();

  #pages;

  /** `links`: by id, with the `participantIds` of each. `pages`: what can be done to a page, by its name. */
  constructor(simulator, links, pages, seed) {
    this.#simulator = simulator;
    this.#links = links;
    this.#pages = pages;
    simulator.faults.seed(seed);
  }

  /** Whether a call that does not go through the simulator's own address would get through. */
  reaches(participantId) {
    return !this.#unreachable.get(participantId);
  }

  play(event) {
    const link = this.#links.get(event.link);
    const whom = link && { participantId: link.participantIds };
    this[event.kind]?.(event, link, whom);
  }

  /** Called often: faults that wait for something to happen. */
  watch() {
    const { requests } = this.#simulator;
    for (; this.#seenRequests < requests.length; this.#seenRequests += 1) {
      const { operation, participantId } = requests[this.#seenRequests];
      if (operation !== "GetTranscript") continue;
      const hit = this.#midRecovery.find(({ link }) => link.participantIds.includes(participantId));
      if (!hit) continue;
      this.#midRecovery = this.#midRecovery.filter((each) => each !== hit);
      const whom = { participantId: hit.link.participantIds };
      this.#later(150, () => this.#simulator.dropSockets(whom));
    }
  }

  /** No fault is left. */
  clear() {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const withdraw of this.#withdrawals) withdraw();
    this.#timers.clear();
    this.#withdrawals.clear();
    this.#unreachable.clear();
    this.#midRecovery = [];
    this.#simulator.faults.clear();
  }

  down(event, link, whom) {
    const { faults } = this.#simulator;
    const drop = () => {
      this.#simulator.dropSockets(whom);
      return () => undefined;
    };
    const lifted = WAYS_DOWN[event.how]({
      ...{ faults, drop, whom, event, link },
      pages: this.#pages,
    });
    const cutsCalls = ["network", "offline", "errors"].includes(event.how);
    if (cutsCalls) this.#setUnreachable(link, 1);
    this.#until(event.ms, () => {
      if (cutsCalls) this.#setUnreachable(link, -1);
      // The last first: a stall drops its socket before it ends, so that what was lost is followed by a loss; and a
      // page hears of its network when it is there.
      for (const lift of lifted.reverse()) lift();
    });
  }

  midRecovery(event, link, whom) {
    this.down({ ...event, how: "refuse" }, link, whom);
    this.#later(event.ms - 50, () => {
      this.#simulator.faults.delayNext("GetTranscript", {
        delayMs: 600,
        times: link.participantIds.length,
        ...whom,
      });
      this.#midRecovery.push({ link });
    });
  }

  frames({ fault, delayMs, scope }, _, whom) {
    const transform = fault === "delay" ? delayedBy(delayMs) : FRAME_FAULTS[fault];
    this.#simulator.faults.transformFrames(transform, { ...scope, ...whom });
  }

  dropFrames({ times, ms }, _, whom) {
    const withdraw = this.#simulator.faults.transformFrames(FRAME_FAULTS.drop, { times, ...whom });
    this.#until(ms, () => {
      withdraw();
      this.#simulator.dropSockets(whom);
    });
  }

  call({ operation, fault, scope, status, retryAfter, when, delayMs, body }, _, whom) {
    const { faults } = this.#simulator;
    const given = { ...scope, ...whom };
    if (fault === "fail") {
      const after = retryAfter === null ? {} : { retryAfterSeconds: retryAfter };
      faults.failNext(operation, { status, ...after, ...given });
    }
    if (fault === "cut") faults.cutNext(operation, { when, ...given });
    if (fault === "delay") faults.delayNext(operation, { delayMs, ...given });
    if (fault === "garble") faults.garbleNext(operation, { body: GARBLED[body], ...given });
  }

  tellOnline(_, link) {
    this.#pages.tellOnline(link.page);
  }

  expireTokens(_, link) {
    for (const id of link.participantIds) this.#simulator.expireConnectionTokens(id);
  }

  expireUrls(_, __, whom) {
    this.#simulator.expireSocketUrls(whom);
  }

  restart({ downMs }) {
    this.restarting = this.#simulator.restart({ downMs });
  }

  #setUnreachable(link, change) {
    for (const id of link.participantIds) {
      this.#unreachable.set(id, (this.#unreachable.get(id) ?? 0) + change);
    }
  }

  #until(ms, lift) {
    const withdraw = () => {
      this.#withdrawals.delete(withdraw);
      lift();
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
