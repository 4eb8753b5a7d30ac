import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, jest } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import {
  startSimulator,
  type ContactScript,
  type Simulator,
  type SimulatorOptions,
} from "../../../simulator/index";
import type { ConnectionStateChange, CustomerChatSession } from "../../../src/index";
import { pause } from "../../browser/support/engines/engine";
import { launchEngine, type EngineBrowser, type EnginePage } from "../../browser/support/engines";
import { FIELD_BUNDLE } from "../../support/paths";

/** The library under test: the shipped bundle, or the file passed to `npm run field -- --bundle FILE`. */
const BUNDLE = FIELD_BUNDLE;

/** The time limit for a condition. A timeout doesn't fail the test. The test's next assertion does. */
const CONDITION_TIMEOUT_MS = 8_000;
const POLL_MS = 20;

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Field test</title><link rel="icon" href="data:,">`;

/** A call's outcome as plain data, so that a failed assertion shows an unexpected rejection. */
export type Outcome =
  | { readonly resolved: unknown }
  | { readonly rejected: { readonly name: string; readonly message: string } & Record<string, unknown> }
  | { readonly pending: true };

/** An event that the session emitted. */
export interface FieldEvent {
  /** The `on…` method whose handler was called. */
  readonly on: string;
  readonly data: unknown;
}

/** The test's globals in the page, installed before the library is loaded. */
interface FieldGlobals {
  session: CustomerChatSession;
  readonly events: FieldEvent[];
  /** Resolves with the outcome of `run`, or with `pending` after 20 seconds. */
  settle(run: () => unknown): Promise<Outcome>;
  /** Creates a customer session, records all its events, and stores it as `session`. */
  create(args: object, withTranscript: boolean): CustomerChatSession;
}

declare global {
  interface Window {
    field: FieldGlobals;
  }
}

export interface FieldOptions {
  readonly simulator?: SimulatorOptions;
  /** Runs in the page before the library is loaded, for example to break an API. */
  readonly before?: () => void;
  /** Paths of scripts to load before the library. */
  readonly scripts?: readonly string[];
}

/** `create()` arguments in addition to the chat details, and whether to record `onTranscriptUpdated`. */
export interface SessionOptions extends Record<string, unknown> {
  readonly withTranscript?: boolean;
}

/** A page with the library under test and a contact in its simulator. */
export class FieldPage {
  readonly simulator: Simulator;
  readonly page: EnginePage;
  readonly contact: ContactScript;
  readonly chatDetails: { contactId: string; participantId: string; participantToken: string };
  readonly #folder: string;

  private constructor(simulator: Simulator, page: EnginePage, folder: string) {
    this.simulator = simulator;
    this.page = page;
    this.#folder = folder;
    const { ContactId, ParticipantId, ParticipantToken } = simulator.startChat();
    this.contact = simulator.contact(ContactId);
    this.chatDetails = {
      contactId: ContactId,
      participantId: ParticipantId,
      participantToken: ParticipantToken,
    };
  }

  static async open(browser: EngineBrowser, options: FieldOptions = {}): Promise<FieldPage> {
    const { scripts = [], before } = options;
    const folder = mkdtempSync(join(tmpdir(), "field-"));
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const files = [
      write("field.js", `(${installField.toString()})();`),
      ...(before ? [write("before.js", `(${before.toString()})();`)] : []),
      ...scripts,
      BUNDLE,
    ];
    const served = files.map((file, index) => [`/${index}.js`, file] as const);
    const tags = served.map(([url]) => `<script src="${url}"></script>`).join("");
    const simulator = await startSimulator({
      ...options.simulator,
      serveFiles: { "/page.html": write("page.html", PAGE + tags), ...Object.fromEntries(served) },
    });
    const page = await browser.newPage();
    await page.goto(`${simulator.url}/page.html`);
    await page.evaluate(
      (endpoint) => window.connect.ChatSession.setGlobalConfig({ endpoint }),
      simulator.url,
    );
    return new FieldPage(simulator, page, folder);
  }

  async close(): Promise<void> {
    await this.page.discard();
    await this.simulator.close();
    rmSync(this.#folder, { recursive: true });
  }

  /**
   * Creates the customer's session and records its events. `onTranscriptUpdated` is recorded only on request, because
   * its handler makes the library fetch transcripts.
   */
  async create({ withTranscript = false, ...args }: SessionOptions = {}): Promise<void> {
    await this.page.evaluate(([createArgs, transcript]) => void window.field.create(createArgs, transcript), [
      { chatDetails: this.chatDetails, ...args },
      withTranscript,
    ] as const);
  }

  /** Creates and connects the customer's session and waits until its socket is subscribed. */
  async connect(options?: SessionOptions): Promise<Outcome> {
    await this.create(options);
    const outcome = await this.call("connect");
    await this.until(() => this.isSubscribed());
    return outcome;
  }

  /** Calls a session method. */
  call(method: keyof CustomerChatSession, ...args: readonly [args?: unknown]): Promise<Outcome> {
    return this.page.evaluate(
      ([name, callArgs]) =>
        window.field.settle(() => {
          const call: unknown = Reflect.get(window.field.session, name);
          if (typeof call !== "function") throw new TypeError(`session.${name} is not a function`);
          return Reflect.apply(call, window.field.session, callArgs) as unknown;
        }),
      // JSON can't represent `undefined`.
      [method, args.filter((each) => each !== undefined)] as const,
    );
  }

  /** Sends a plain-text message. */
  send(message: string): Promise<Outcome> {
    return this.call("sendMessage", { message, contentType: "text/plain" });
  }

  /** The data of all events so far from this `on…` method. */
  async events<Data = unknown>(on: string): Promise<Data[]> {
    const events = await this.page.evaluate(() => window.field.events);
    return events.filter((event) => event.on === on).map(({ data }) => data as Data);
  }

  /** The names of all events so far, in order. If names are passed, only events with these names. */
  async eventNames(...among: string[]): Promise<string[]> {
    const names = await this.page.evaluate(() => window.field.events.map(({ on }) => on));
    return among.length === 0 ? names : names.filter((name) => among.includes(name));
  }

  /** The texts of the messages that `onMessage` delivered so far. */
  async texts(): Promise<unknown[]> {
    const items = await this.events<WireItem>("onMessage");
    return items.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);
  }

  /** All connection state changes so far. Empty if the library under test doesn't emit state changes. */
  stateChanges(): Promise<ConnectionStateChange[]> {
    return this.events<ConnectionStateChange>("onConnectionStateChanged");
  }

  /** The last transcript that `onTranscriptUpdated` delivered. */
  async transcript(): Promise<WireItem[]> {
    const updates = await this.events<{ transcript: WireItem[] }>("onTranscriptUpdated");
    return updates.at(-1)?.transcript ?? [];
  }

  /** The operations of all requests that reached the service so far. If names are passed, only these operations. */
  operations(...among: string[]): string[] {
    const all = this.simulator.requests.map(({ operation }) => operation);
    return among.length === 0 ? all : all.filter((operation) => among.includes(operation));
  }

  isSubscribed(): boolean {
    return this.simulator.sockets.some(({ subscribed }) => subscribed);
  }

  /** Waits until `condition` is true. Resolves with false after a timeout. */
  async until(
    condition: () => boolean | Promise<boolean>,
    timeoutMs = CONDITION_TIMEOUT_MS,
  ): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (await condition()) return true;
      await pause(POLL_MS);
    }
    return false;
  }

  untilTexts(...texts: string[]): Promise<boolean> {
    return this.until(async () => {
      const seen = await this.texts();
      return texts.every((text) => seen.includes(text));
    });
  }

  untilEvent(on: string, times = 1, timeoutMs?: number): Promise<boolean> {
    return this.until(async () => (await this.events(on)).length >= times, timeoutMs);
  }
}

/** Runs in the page before all other scripts. */
function installField(): void {
  const events: FieldEvent[] = [];
  const TIMEOUT_MS = 20_000;

  const plain = (value: unknown): unknown => JSON.parse(value === undefined ? "null" : JSON.stringify(value));

  /** All property names, including inherited ones, because upstream's sessions inherit their methods. */
  function namesOf(value: object): Set<string> {
    const inherited: unknown = Object.getPrototypeOf(value);
    const names = typeof inherited === "object" && inherited !== null ? namesOf(inherited) : [];
    return new Set([...names, ...Object.getOwnPropertyNames(value)]);
  }

  const rejectionOf = (error: unknown): Outcome => {
    const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
    const fields = typeof error === "object" && error !== null ? (plain(error) as object) : {};
    return { rejected: { ...fields, name, message } };
  };

  window.field = {
    events,
    get session(): CustomerChatSession {
      throw new Error("There is no session yet: call create() first.");
    },
    settle(run) {
      const timeout = new Promise<Outcome>((done) => setTimeout(() => done({ pending: true }), TIMEOUT_MS));
      const outcome = new Promise((done) => done(run())).then(
        (resolved): Outcome => ({ resolved: plain(resolved) }),
        rejectionOf,
      );
      return Promise.race([outcome, timeout]);
    },
    create(args, withTranscript) {
      const session = window.connect.ChatSession.create({
        type: "CUSTOMER",
        disableCSM: true,
        ...args,
      } as Parameters<typeof window.connect.ChatSession.create>[0]);
      Object.defineProperty(window.field, "session", { value: session, configurable: true });
      for (const on of namesOf(session)) {
        const subscribe: unknown = Reflect.get(session, on);
        if (!/^on[A-Z]/.test(on) || typeof subscribe !== "function") continue;
        if (on === "onTranscriptUpdated" && !withTranscript) continue;
        Reflect.apply(subscribe, session, [
          ({ data }: { data: unknown }) => events.push({ on, data: plain(data) }),
        ]);
      }
      return session;
    },
  };
}

export interface Field {
  /** Opens a page and closes it after the test. */
  open(options?: FieldOptions): Promise<FieldPage>;
}

/** Sets up a field test file. The file's tests share a browser, and each test has its own page and simulator. */
export function inTheField(): Field {
  jest.setTimeout(90_000);
  let browser: EngineBrowser;
  const pages: FieldPage[] = [];
  beforeAll(async () => {
    browser = await launchEngine();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });
  afterAll(() => browser.close());
  return {
    async open(options) {
      const page = await FieldPage.open(browser, options);
      pages.push(page);
      return page;
    },
  };
}
