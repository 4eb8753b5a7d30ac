/** Plays a schedule. Builds the schedule's world, runs it in virtual time, and returns the judge's input. */
import type { Script } from "node:vm";
import { Application, MARK } from "./application";
import { RandomSource } from "./random";
import { VirtualClock } from "./clock";
import { Conditions } from "./conditions";
import { pairOf } from "./coverage";
import type { Contact, Participant } from "./contact";
import { ExternalManager } from "./external-manager";
import type { Fault, FaultKind } from "./faults";
import { Network } from "./network";
import { SimulatedPage } from "./page";
import type { Schedule, Step } from "./schedule";
import { Service, type Seat } from "./service";
import { CONTENT_TYPE, DEEP, isoOf } from "./wire";

/** The service's start time. The seed shifts it by up to a day, so that runs also cross midnight and full hours. */
const EPOCH_MS = Date.UTC(2026, 0, 5);

const MINUTE = 60_000;
/**
 * How long a run continues after the faults. The longest backoff is 2.5 minutes, and a message may then wait for a
 * recovery.
 */
const CALM_MS = 14 * MINUTE;
/** When the last message is sent, counted from the end of the faults. This message must arrive. */
const CANARY_AT_MS = 8 * MINUTE;
/** How long sessions may take to free all resources after their release. */
const AFTERMATH_MS = 4 * MINUTE;

/** The record of a run, for the judge. */
export interface Run {
  readonly schedule: Schedule;
  readonly startMs: number;
  /** When the faults ended. */
  readonly calmFromMs: number;
  readonly endMs: number;
  readonly applications: readonly Application[];
  readonly pages: readonly SimulatedPage[];
  readonly contacts: readonly Contact[];
  readonly network: Network;
  readonly managers: readonly ExternalManager[];
  /** Resources that pages still hold after the run. */
  readonly leaks: readonly string[];
  readonly uncaught: readonly string[];
  /** How often each combination of fault, state and activity occurred. The keys come from `pairOf`. */
  readonly coverage: ReadonlyMap<string, number>;
  readonly tasks: number;
}

/** A browser tab with one page at a time and its applications. A reload replaces the page. */
interface Browser {
  page: SimulatedPage;
  manager: ExternalManager | null;
  readonly applications: Application[];
  readonly seats: readonly Seat[];
  readonly isExternal: boolean;
}

/** Everything in a run. */
export class World {
  readonly clock: VirtualClock;
  readonly startMs: number;
  readonly service: Service;
  readonly network: Network;
  readonly conditions: Conditions;
  readonly browsers: Browser[] = [];
  readonly pages: SimulatedPage[] = [];
  readonly managers: ExternalManager[] = [];
  readonly coverage = new Map<string, number>();
  readonly #schedule: Schedule;
  readonly #bundle: Script;
  readonly #random: RandomSource;

  constructor(schedule: Schedule, bundle: Script) {
    this.#schedule = schedule;
    this.#bundle = bundle;
    this.#random = new RandomSource(`${schedule.seed}/world`);
    this.startMs = EPOCH_MS + this.#random.fork("epoch").integer(0, 86_400_000);
    this.clock = new VirtualClock(this.startMs);
    const { habits, latencyMs } = schedule.configuration;
    this.conditions = new Conditions(this.clock, this.#random.fork("conditions"), schedule.faults);
    this.conditions.onHit = (kind) => this.#countHit(kind);
    this.service = new Service(this.clock, this.#random.fork("service"), this.conditions, habits);
    this.network = new Network(
      this.clock,
      this.#random.fork("network"),
      this.conditions,
      this.service,
      latencyMs,
    );
  }

  get applications(): Application[] {
    return this.browsers.flatMap(({ applications }) => applications);
  }

  /** Counts the current state and activity for the coverage of a fault. */
  #countHit(kind: FaultKind): void {
    for (const { connectionState, activity } of this.applications) {
      const pair = pairOf(kind, connectionState, activity);
      this.coverage.set(pair, (this.coverage.get(pair) ?? 0) + 1);
    }
  }

  // --- participants --------------------------------------------------------------------------------------------------

  build(): void {
    const { clients } = this.#schedule.configuration;
    if (clients === "external manager" || clients === "ten chats") {
      this.#addBrowser(this.#newSeats(clients === "ten chats" ? 10 : 1, "AGENT"), true);
      return;
    }
    const seats = this.#newSeats(1, "CUSTOMER");
    this.#addBrowser(seats, false);
    if (clients === "customer and agent") {
      this.#addBrowser(
        seats.map(({ contact }) => seatIn(contact, "AGENT")),
        false,
      );
    }
  }

  /** Adds customers, each in a separate chat. They share a page, because separate pages would need too much memory. */
  addCustomers(count: number): void {
    this.#addBrowser(this.#newSeats(count, "CUSTOMER"), false);
  }

  #newSeats(count: number, role: Participant["role"]): Seat[] {
    return Array.from({ length: count }, () => seatIn(this.service.startContact(), role));
  }

  #addBrowser(seats: readonly Seat[], isExternal: boolean): void {
    const applications = seats.map(
      ({ contact, participant }, index) =>
        new Application({
          clock: this.clock,
          random: this.#random.fork(`application ${this.browsers.length} ${index}`),
          configuration: this.#schedule.configuration,
          contact,
          participant,
          issueToken: () => this.service.issueToken({ contact, participant }),
        }),
    );
    const page = this.#newPage();
    const browser: Browser = { page, manager: null, applications, seats, isExternal };
    this.browsers.push(browser);
    this.#startManager(browser);
    for (const application of applications) application.start(page, browser.manager, null);
  }

  #newPage(): SimulatedPage {
    const { skewMs, countsSleep } = this.#schedule.configuration;
    const random = this.#random.fork(`page ${this.pages.length}`);
    const page = new SimulatedPage(this.clock, this.network, random, {
      bundle: this.#bundle,
      skewMs,
      countsSleep,
    });
    this.pages.push(page);
    return page;
  }

  #startManager(browser: Browser): void {
    if (!browser.isExternal) return;
    this.network.hasExternalManager = true;
    const { lateGainMs, lateSubscriptionMs } = this.#schedule.configuration;
    browser.manager = new ExternalManager(
      browser.page,
      this.#random.fork(`manager ${this.managers.length}`),
      {
        nowMs: () => this.clock.nowMs,
        issueUrl: () => this.service.issueUrl(browser.seats, true),
        startInMs: lateGainMs,
        subscribeInMs: lateSubscriptionMs,
      },
    );
    this.managers.push(browser.manager);
  }

  reload(browser: Browser, goneMs: number): void {
    // A reload is already in progress.
    if (browser.page.isGone) return;
    const snapshots = browser.applications.map((application) =>
      application.currentSession?.overAtMs === null ? application.leave() : null,
    );
    const reloading = browser.applications.filter(
      ({ currentSession }) => currentSession?.overBy === "reload",
    );
    browser.page.close();
    this.clock.after(goneMs, () => {
      browser.page = this.#newPage();
      this.#startManager(browser);
      browser.applications.forEach((application, index) => {
        if (reloading.includes(application))
          application.start(browser.page, browser.manager, snapshots[index] ?? null);
      });
    });
  }

  replaceManager(browser: Browser): void {
    const { manager, page } = browser;
    if (manager === null || page.isSuspended) return;
    manager.terminate();
    this.#startManager(browser);
    for (const application of browser.applications) {
      if (application.currentSession?.overAtMs !== null) continue;
      // Streams creates new sessions for its contacts. The application resumes from the old sessions' snapshots.
      const snapshot = application.leave();
      application.onManagerReplaced();
      application.start(page, browser.manager, snapshot);
    }
  }

  // --- steps and faults ----------------------------------------------------------------------------------------------

  scheduleAll(): void {
    for (const step of this.#schedule.steps) this.clock.at(this.startMs + step.atMs, () => this.#step(step));
    for (const fault of this.#schedule.faults) {
      this.clock.at(this.startMs + fault.fromMs, () => this.begin(fault));
      this.clock.at(this.startMs + fault.toMs, () => this.finish(fault));
    }
  }

  #step(step: Step): void {
    const { kind, amount } = step;
    const applications = this.applications;
    const application = applications[(step.chat + (amount < 0.5 ? 0 : 1)) % applications.length];
    if (application === undefined) return;
    const { contact } = application;
    const browser = this.browsers.find((each) => each.applications.includes(application));
    const isLive = contact.endedAtMs === null;
    const other = contact.participants.find(({ role }) => role === (amount < 0.7 ? "AGENT" : "SYSTEM"));
    const customer = contact.participants.find(({ role }) => role === "CUSTOMER");
    const speaker = application.participant.role === "AGENT" ? customer : other;
    const text = `said ${MARK}${this.clock.taskCount}`;
    switch (kind) {
      case "say":
        if (isLive && speaker) this.service.say(contact, speaker, text);
        return;
      case "burst":
      case "flood": {
        const count = kind === "flood" ? 2_300 : Math.round(5 + amount ** 3 * 300);
        // Some floods fit within one gap.
        const everyMs = kind === "flood" && amount < 0.5 ? 4 : 5 + amount * 100;
        for (let index = 0; index < count; index += 1) {
          this.clock.after(index * everyMs, () => {
            if (contact.endedAtMs === null && speaker) this.service.say(contact, speaker, `${text}.${index}`);
          });
        }
        return;
      }
      case "same-millisecond":
        for (let index = 0; isLive && speaker && index < 3 + amount * 5; index += 1) {
          this.service.say(contact, speaker, `${text}.${index}`, { AbsoluteTime: isoOf(this.clock.nowMs) });
        }
        return;
      case "future": {
        const aheadMs = amount < 0.7 ? 3_600_000 : 900 * 365 * 86_400_000;
        if (isLive && speaker) {
          this.service.say(contact, speaker, text, { AbsoluteTime: isoOf(this.clock.nowMs + aheadMs) });
        }
        return;
      }
      case "nested":
        if (isLive && speaker) this.service.say(contact, speaker, text, { Unknown: DEEP });
        return;
      case "without-id":
        if (isLive && speaker) this.service.say(contact, speaker, text, { Id: undefined });
        return;
      case "stream": {
        const bot = contact.participants.find(({ role }) => role === "SYSTEM");
        const words = Array.from(
          { length: 2 + Math.floor(amount * 12) },
          (_, index) => `word${index} ${text} `,
        );
        if (isLive && bot) this.service.stream(contact, bot, words, 40 + amount * 900);
        return;
      }
      case "attachment":
        if (isLive && speaker) {
          this.service.attach(
            contact,
            speaker,
            `attachment-${this.clock.taskCount}`,
            `${text}.pdf`,
            "application/pdf",
          );
        }
        return;
      case "receipt":
        this.#receiptFor(contact, speaker, amount);
        return;
      case "send":
        application.send();
        return;
      case "send-many":
        for (let index = 0; index < 3 + amount * 8; index += 1) application.send();
        return;
      case "send-attachment":
        if (this.#schedule.configuration.clients !== "custom client") application.sendAttachment();
        return;
      case "typing":
        application.typing();
        return;
      case "read":
        application.receipt(amount < 0.6 ? "read" : "delivered");
        return;
      case "get-transcript":
        application.getTranscript(amount);
        return;
      case "history":
        application.history();
        return;
      case "resend":
        application.resend();
        return;
      case "reload":
        if (browser) this.reload(browser, 100 + amount ** 2 * 8_000);
        return;
      case "reset":
        application.reset();
        return;
      case "dispose":
        application.dispose();
        return;
      case "disconnect":
        application.disconnect();
        return;
      case "end":
        this.service.end(contact);
        return;
      case "transfer":
        if (isLive && other) {
          this.service.say(contact, other, "", { Type: "EVENT", ContentType: CONTENT_TYPE.transferred });
        }
        return;
      case "replace-manager":
        if (browser) this.replaceManager(browser);
        return;
    }
  }

  #receiptFor(contact: Contact, by: Participant | undefined, amount: number): void {
    const received = contact.commits.filter(
      ({ item }) => item.Type === "MESSAGE" && item.ParticipantId !== by?.id,
    );
    const messageId = received.at(-1 - Math.floor(amount * Math.min(5, received.length)))?.item.Id;
    if (by && messageId !== undefined && contact.endedAtMs === null) {
      this.service.receipt(contact, by, amount < 0.6 ? "read" : "delivered", messageId);
    }
  }

  /** Starts a fault that acts on links and pages. All other faults are conditions, which take effect on each use. */
  begin({ kind, amount, toMs }: Omit<Fault, "fromMs">): void {
    const pages = this.browsers.map(({ page }) => page);
    const links = this.network.links;
    switch (kind) {
      case "cut":
        for (const link of links) link.cut();
        break;
      case "half-open":
      case "half-open-in":
        for (const link of links) link.makeHalfOpen(kind === "half-open-in");
        break;
      case "region-down":
        for (const link of links) link.cut();
        break;
      case "offline":
        for (const link of links)
          if (amount < 0.5) link.cut();
          else link.makeHalfOpen(false);
        for (const page of pages) page.setOnline(false);
        break;
      case "lying-online":
        for (const link of links) link.makeHalfOpen(false);
        break;
      case "lying-offline":
        for (const page of pages) page.setOnline(false);
        break;
      case "expired-tokens":
        this.service.expireTokens();
        break;
      case "clock-jump":
        for (const page of pages) page.jumpClock((amount - 0.5) * 4 * 3_600_000);
        break;
      case "sleep": {
        const lengthMs = toMs - (this.clock.nowMs - this.startMs);
        for (const page of pages) page.suspend("sleep");
        // Sockets and calls may survive a short sleep, but not a longer one.
        if (lengthMs <= 20_000 && amount >= 0.5) break;
        for (const page of pages) this.network.cutCalls(page);
        for (const link of links)
          if (amount < 0.3) link.makeHalfOpen(false);
          else link.cut();
        break;
      }
      case "freeze":
        for (const page of pages) page.suspend("freeze");
        break;
      case "bfcache":
        for (const page of pages) page.suspend("bfcache");
        break;
      case "hidden":
        for (const page of pages) page.setVisible(false);
        break;
      case "signals":
        this.#signals(toMs);
        break;
      default:
        return;
    }
    this.#countHit(kind);
  }

  #signals(untilMs: number): void {
    if (this.clock.nowMs - this.startMs >= untilMs) return;
    for (const { page } of this.browsers) page.signalVisible();
    this.clock.after(100, () => this.#signals(untilMs));
  }

  /** Ends a fault that `begin` started. */
  finish({ kind }: Pick<Fault, "kind">): void {
    for (const { page } of this.browsers) {
      if (kind === "offline" || kind === "lying-offline") page.setOnline(true);
      if (kind === "sleep" || kind === "freeze" || kind === "bfcache") page.resume();
      if (kind === "hidden") page.setVisible(true);
    }
  }

  calm(): void {
    for (const { page } of this.browsers) {
      page.resume();
      page.setOnline(true);
      page.setVisible(true);
    }
    for (const { contact, participant } of this.applications) {
      this.clock.after(CANARY_AT_MS, () => {
        const speaker = contact.participants.find(
          ({ id, role }) => id !== participant.id && role !== "SYSTEM",
        );
        if (contact.endedAtMs === null && speaker) this.service.say(contact, speaker, `canary ${MARK}`);
      });
    }
  }

  /** Ends half of the contacts and disposes of the other half's sessions. */
  release(): void {
    this.applications.forEach((application, index) => {
      if (application.currentSession?.overAtMs !== null) return;
      const isEnded = application.contact.endedAtMs !== null;
      if (isEnded || this.#random.fork(`release ${index}`).chance(0.5)) application.dispose();
      else this.service.end(application.contact);
    });
  }

  leaks(): string[] {
    const leaks: string[] = [];
    for (const { page, manager } of this.browsers) {
      const { timers, listeners, ports } = page.openResources;
      const callbacks = manager === null ? 0 : manager.callbackCount;
      if (timers > 0) leaks.push(`${timers} timers: ${page.timerStacks.join(" | ")}`);
      if (listeners > 0) leaks.push(`${listeners} page listeners`);
      if (ports > 0) leaks.push(`${ports} message ports`);
      if (callbacks > 0) leaks.push(`${callbacks} external manager callbacks`);
      const sockets = this.network.linksOf(page).length;
      // An external manager keeps its socket.
      if (sockets > 0 && manager === null) leaks.push(`${sockets} sockets`);
    }
    return leaks;
  }
}

function seatIn(contact: Contact, role: Participant["role"]): Seat {
  const participant = contact.participants.find((each) => each.role === role);
  if (participant === undefined) throw new Error(`The contact has no ${role}.`);
  return { contact, participant };
}

/** Collects unhandled rejections during this run. Node reports them for the whole thread. */
function watchRejections(): { readonly caught: string[]; stop(): void } {
  const caught: string[] = [];
  const listener = (reason: unknown): void => {
    const {
      code,
      message = String(reason),
      stack = "",
    } = (reason ?? {}) as { code?: string; message?: string; stack?: string };
    caught.push(`unhandled rejection ${code ?? ""}: ${message} ${stack.split("\n").slice(1, 4).join(" ")}`);
  };
  process.on("unhandledRejection", listener);
  return { caught, stop: () => void process.off("unhandledRejection", listener) };
}

export async function play(schedule: Schedule, bundle: Script): Promise<Run> {
  const rejections = watchRejections();
  try {
    const world = new World(schedule, bundle);
    world.build();
    world.scheduleAll();
    const { clock, startMs } = world;
    const calmFromMs = startMs + schedule.activeMs;
    await clock.runUntil(calmFromMs);
    world.calm();
    const endMs = calmFromMs + CALM_MS;
    await clock.runUntil(endMs);
    world.release();
    await clock.runUntil(endMs + AFTERMATH_MS);
    const leaks = world.leaks();
    for (const application of world.applications) application.finish();
    return {
      schedule,
      startMs,
      calmFromMs,
      endMs,
      applications: world.applications,
      pages: world.pages,
      contacts: [...world.service.contacts.values()],
      network: world.network,
      managers: world.managers,
      leaks,
      uncaught: [...world.pages.flatMap(({ uncaught }) => uncaught), ...rejections.caught],
      coverage: world.coverage,
      tasks: clock.taskCount,
    };
  } finally {
    rejections.stop();
  }
}
