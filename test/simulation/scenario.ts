/** A scripted scenario in virtual time, with the shipped bundle and the simulation's service model. */
import type { Script } from "node:vm";
import type { Application, CallRecord, EventRecord } from "./application";
import { promiseJobs } from "./clock";
import type { CallFate, FrameCopy } from "./conditions";
import type { Contact, Participant } from "./contact";
import { FAULTS, type FaultKind } from "./faults";
import type { RequestRecord } from "./network";
import type { SimulatedPage } from "./page";
import { World } from "./play";
import { PLAIN, type Configuration, type Schedule } from "./schedule";
import type { ServiceHabits } from "./service";
import type { WireItem } from "./wire";
import { loadBundle } from "./worker";
import { SHIPPED_BUNDLE } from "../support/paths";

/** The library under test: the shipped bundle, or the file passed to `npm run field -- --bundle FILE`. */
export const BUNDLE_FILE = process.env["FIELD_BUNDLE"] ?? SHIPPED_BUNDLE;

export interface ScenarioOptions extends Partial<Omit<Configuration, "habits">> {
  readonly habits?: Partial<ServiceHabits>;
  readonly seed?: string;
}

let bundle: Script | undefined;

export class Scenario {
  readonly world: World;

  private constructor(world: World) {
    this.world = world;
  }

  /** Starts the contact and connects its sessions. */
  static async start({
    seed = "scenario",
    habits,
    ...configuration
  }: ScenarioOptions = {}): Promise<Scenario> {
    bundle ??= loadBundle(BUNDLE_FILE);
    const schedule: Schedule = {
      seed,
      configuration: { ...PLAIN, ...configuration, habits: { ...PLAIN.habits, ...habits } },
      activeMs: 0,
      faults: [],
      steps: [],
    };
    const scenario = new Scenario(new World(schedule, bundle));
    scenario.world.build();
    await scenario.run(2_000);
    return scenario;
  }

  // --- participants and time -----------------------------------------------------------------------------------------

  get application(): Application {
    const [application] = this.world.applications;
    if (application === undefined) throw new Error("The world has no application.");
    return application;
  }

  get contact(): Contact {
    return this.application.contact;
  }

  /** The agent's application. */
  get agentApplication(): Application {
    const found = this.world.applications.find(({ participant }) => participant.role === "AGENT");
    if (found === undefined) throw new Error("The world has no agent application.");
    return found;
  }

  get page(): SimulatedPage {
    const { page } = this.application;
    if (page === null) throw new Error("The application has no page.");
    return page;
  }

  /** The contact's participant with this role. */
  participant(role: Participant["role"]): Participant {
    const found = this.contact.participants.find((each) => each.role === role);
    if (found === undefined) throw new Error(`The contact has no ${role}.`);
    return found;
  }

  /** Runs pending promise jobs, then advances virtual time. */
  async run(forMs: number): Promise<void> {
    await promiseJobs();
    await this.world.clock.runUntil(this.world.clock.nowMs + forMs);
  }

  /** Advances virtual time until the session is connected, but by at most two minutes. */
  async untilConnected(): Promise<void> {
    for (let steps = 0; steps < 1_200 && this.application.connectionState !== "connected"; steps += 1) {
      await this.run(100);
    }
  }

  get nowMs(): number {
    return this.world.clock.nowMs;
  }

  // --- actions and faults --------------------------------------------------------------------------------------------

  /** Sends a message from the other participant. */
  say(text: string, more: Partial<WireItem> = {}): WireItem {
    const { role } = this.application.participant;
    return this.world.service.say(
      this.contact,
      this.participant(role === "AGENT" ? "CUSTOMER" : "AGENT"),
      text,
      more,
    );
  }

  /** Sends `count` messages from the other participant, one every `everyMs`. Returns their texts. */
  async talk(name: string, count: number, everyMs: number, more: Partial<WireItem> = {}): Promise<string[]> {
    const texts = Array.from({ length: count }, (_, index) => `${name} ${index}`);
    for (const text of texts) {
      this.say(text, more);
      await this.run(everyMs);
    }
    return texts;
  }

  /** Pushes a version of an item to the sockets and stores it. `transcriptItem` is the version in transcripts. */
  push(item: WireItem, transcriptItem = item): void {
    this.world.service.push(this.contact, item, null, transcriptItem);
  }

  /** Sends a bot's answer in chunks, one every `everyMs`, and then the completed answer. Returns the answer's text. */
  stream(words: readonly string[], everyMs: number): string {
    this.world.service.stream(this.contact, this.participant("SYSTEM"), words, everyMs);
    return words.join("");
  }

  /** Reloads the page, which resumes the session from its snapshot. `meanwhile` runs halfway. */
  async reload(goneMs: number, meanwhile: () => void = () => undefined): Promise<void> {
    const [browser] = this.world.browsers;
    if (browser) this.world.reload(browser, goneMs);
    await this.run(goneMs / 2);
    meanwhile();
    await this.run(goneMs / 2 + 2_000);
  }

  /** Starts a fault. `Fault` explains the `amount`. By default, the fault hits nearly every call and frame. */
  fault(kind: FaultKind, forMs = 0, amount = 0.999999): void {
    const { clock, startMs, conditions } = this.world;
    const toMs = clock.nowMs - startMs + forMs;
    if (FAULTS[kind].shape === "window") conditions.begin(kind, amount, forMs);
    this.world.begin({ kind, amount, toMs });
    clock.after(forMs, () => this.world.finish({ kind }));
  }

  /** Takes the network down. Links then break, and new links don't open. `during` runs halfway. */
  async gap(forMs: number, during: () => void = () => undefined): Promise<void> {
    this.fault("region-down", forMs);
    await this.run(forMs / 2);
    during();
    await this.run(forMs / 2);
  }

  /** Sets the outcome of an operation's next call. */
  next(operation: string, fate: CallFate): void {
    this.world.conditions.script(operation, fate);
  }

  /** Sets the copies of the next chat frame that reach the page. */
  nextFrame(...copies: Partial<FrameCopy>[]): void {
    const copy = { delayMs: 0, isInOrder: true, isIntact: true };
    this.world.conditions.scriptFrame(copies.map((each) => ({ ...copy, ...each })));
  }

  /** Responds to an operation's next call without involving the service. */
  refuseNext(
    operation: string,
    status: number,
    headers: Readonly<Record<string, string>> = {},
    body = "{}",
  ): void {
    this.next(operation, { kind: "intercepted", delayMs: 0, response: { status, headers, body } });
  }

  /** Throttles all calls of an operation with 429 for `forMs`. */
  throttle(operation: string, forMs: number): void {
    const response = { status: 429, headers: {}, body: '{"message":"ThrottlingException"}' };
    this.world.conditions.script(operation, { kind: "intercepted", delayMs: 0, response }, forMs);
  }

  /** Changes all further responses of an operation before they reach the page. */
  editAll(operation: string, edit: (body: string) => string): void {
    this.world.conditions.script(operation, { kind: "responded", delayMs: 0, edit }, Infinity);
  }

  // --- results -------------------------------------------------------------------------------------------------------

  /** The texts that `onMessage` delivered, across all of the application's sessions. */
  get texts(): string[] {
    return this.application.sessions
      .flatMap(({ deliveries }) => deliveries)
      .filter(({ item }) => item.Type === "MESSAGE")
      .map(({ item }) => item.Content ?? "");
  }

  /** The application's calls to a session method. */
  calls(name: string): CallRecord[] {
    return this.application.sessions.flatMap(({ calls }) => calls.filter((call) => call.name === name));
  }

  events(name: string): EventRecord[] {
    return this.application.sessions.flatMap(({ events }) => events.filter((event) => event.name === name));
  }

  /** The data of all `onMessagesRecovered` events. */
  get recoveries(): unknown[] {
    return this.events("onMessagesRecovered").map(({ data }) => data);
  }

  /** The requests for an operation so far. */
  requests(operation: string): RequestRecord[] {
    return this.world.network.requests.filter((each) => each.operation === operation);
  }

  /** The maximum number of requests for these operations within any minute. */
  worstMinute(...operations: string[]): number {
    const times = this.world.network.requests
      .filter(({ operation }) => operations.includes(operation))
      .map(({ atMs }) => atMs);
    return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
  }

  get uncaught(): string[] {
    return this.world.pages.flatMap(({ uncaught }) => uncaught);
  }
}
