import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { startSimulator, type AgentConnection, type Simulator } from "../../../simulator/index";
import type { AgentChatSession, ChatEventName } from "../../../src/index";
import type { ChatLibrary } from "../../../src/session/library";
import { launchChromium } from "./chromium";
import { ROOT } from "../../support/paths";

const PARTS = join(__dirname, "streams");
const TIMEOUT_MS = 15_000;
export const REGION = "eu-central-1";

/** An entry in Streams' log. */
export interface StreamsLogEntry {
  readonly text: string;
  sendInternalLogToServer(): StreamsLogEntry;
}

/** An event that a session emitted. */
export interface EmittedEvent {
  readonly name: ChatEventName;
  readonly event: { readonly data: unknown };
}

interface MediaConnection {
  getMediaController(): Promise<AgentChatSession>;
  getMediaInfo(): Record<string, unknown>;
}

/** The part of Streams' socket manager that the tests use. */
interface StreamsManager extends Record<string, unknown> {
  onMessage(topic: string, callback: (frame: unknown) => unknown): () => unknown;
}

/** The part of Streams that the tests use. */
interface Streams {
  readonly version: string;
  readonly core: {
    initCCP(container: Element | null, parameters: object): void;
    terminate(): void;
    onInitialized(callback: () => void): void;
    getWebSocketManager(): StreamsManager;
    getAgentDataProvider(): { getContactData(contactId: string): unknown };
    readonly mediaFactory: { destroy(connectionId: string): void };
  };
  readonly globalResiliency: { _initializeActiveRegion(conduits: object, region: string): void };
  readonly Agent: { readonly prototype: object };
  readonly Contact: new (contactId: string) => {
    getAgentConnection(): MediaConnection;
  };
  readonly getLog: () => {
    readonly _logs: StreamsLogEntry[];
    readonly _serverBoundInternalLogs: StreamsLogEntry[];
    info(...line: unknown[]): unknown;
  };
  publishMetric(metric: object): void;
}

declare global {
  interface Window {
    /** The globals of the library and Streams, if loaded. */
    connect: ChatLibrary & Streams & Record<string, unknown>;
    /** The sessions that Streams created for a test, by contact ID. */
    sessions: Record<string, { readonly session: AgentChatSession; readonly emitted: EmittedEvent[] }>;
    /** Values that a test saves between steps. */
    saved: unknown[];
    ccp: {
      readonly subscriptions: number;
      update(agentData: object): void;
      openSocket(): Promise<unknown>;
      emit(event: string, data?: unknown): void;
    };
    csm?: object;
  }
}

export type Script = "streams" | "chatjs";

/** A metric or another event that Streams broadcasts through the panel. */
export interface Broadcast {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** An agent's page with the real Streams, the built library, and a fake Contact Control Panel. */
export class AgentPage {
  readonly simulator: Simulator;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Uncaught errors in the page. */
  readonly errors: string[] = [];
  readonly broadcasts: Broadcast[] = [];
  /** The participant IDs for which Streams requested a connection token from the panel. */
  readonly tokenRequests: string[] = [];
  readonly contacts: AgentConnection[] = [];
  tokenRequestsFail = false;
  #usedContacts = 0;

  private constructor(simulator: Simulator, context: BrowserContext, page: Page) {
    this.simulator = simulator;
    this.context = context;
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(String(error)));
  }

  static async open(browser: Browser): Promise<AgentPage> {
    const simulator = await startSimulator({
      serveFiles: {
        "/": PARTS,
        "/chatjs.js": join(ROOT, "dist/amazon-connect-chat.js"),
        "/streams.js": require.resolve("amazon-connect-streams"),
      },
    });
    const context = await browser.newContext();
    context.setDefaultTimeout(TIMEOUT_MS);
    const page = new AgentPage(simulator, context, await context.newPage());
    await page.#setUp();
    return page;
  }

  async #setUp(): Promise<void> {
    const { page } = this;
    await page.exposeFunction("ccpReceives", (event: string, data: Record<string, unknown>) =>
      this.broadcasts.push({ event, data }),
    );
    await page.exposeFunction("ccpSignsSocket", () => {
      const { url, expiry } = this.simulator.signSocket(
        this.contacts.map(({ participantId }) => participantId),
      );
      return { url: url.replace(/^ws:/, "wss:"), expiry, transportLifeTimeInSeconds: 3540 };
    });
    await page.exposeFunction("ccpCreatesTransport", ({ participantId }: { participantId: string }) => {
      this.tokenRequests.push(participantId);
      return this.tokenRequestsFail ? null : this.simulator.connectionTokenOf(participantId);
    });
    await page.addInitScript(() => Object.assign(window, { sessions: {}, saved: [] }));
    await page.goto(`${this.simulator.url}/page.html`);
  }

  /** Reloads the page without scripts and contacts, which is equivalent to a new browser context but far cheaper. */
  async reset(): Promise<void> {
    await this.page.unrouteAll();
    await this.page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    // Closes the page's sockets and frames, so that they can't report anything afterward.
    await this.page.goto("about:blank");
    for (const list of [this.errors, this.broadcasts, this.tokenRequests, this.contacts]) list.length = 0;
    this.#usedContacts = 0;
    this.tokenRequestsFail = false;
    this.simulator.clearRequests();
    await this.page.goto(`${this.simulator.url}/page.html`);
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.simulator.close();
  }

  /** Loads scripts one by one and points the library at the simulator. */
  async load(...scripts: Script[]): Promise<void> {
    for (const script of scripts) await this.page.addScriptTag({ url: `/${script}.js` });
    await this.page.evaluate((endpoint) => {
      if ("ChatSession" in window.connect) window.connect.ChatSession.setGlobalConfig({ endpoint });
    }, this.simulator.url);
  }

  /** Starts Streams in the page as an application does, and assigns contacts to the agent. */
  async start(contacts = 1, contactRegion: string | null = REGION): Promise<void> {
    while (this.contacts.length < contacts) {
      this.contacts.push(this.simulator.joinAgent(this.simulator.startChat().ContactId));
    }
    await this.page.evaluate(
      (region) =>
        new Promise<void>((started) => {
          const { core } = window.connect;
          core.initCCP(document.getElementById("ccp"), {
            ccpUrl: `${location.origin}/ccp.html`,
            // The panel's response to Streams' requests about a contact.
            provider: { id: "test", getProxy: () => ({ request: () => Promise.resolve({ region }) }) },
          });
          core.onInitialized(started);
        }),
      contactRegion,
    );
    await this.panel.evaluate(() => window.ccp.openSocket());
    await this.update();
  }

  /** Makes the panel send the agent's contacts to Streams. */
  async update(): Promise<void> {
    await this.panel.evaluate((data) => window.ccp.update(data), this.#agentData());
    await this.page.waitForFunction(
      (ids) => {
        try {
          // Requesting the connection would make Streams create the session.
          return ids.every((id) => window.connect.core.getAgentDataProvider().getContactData(id));
        } catch {
          return false;
        }
      },
      this.contacts.map(({ contactId }) => contactId),
    );
  }

  /** Returns an unused contact. */
  nextContact(): AgentConnection {
    const contact = this.contacts[this.#usedContacts];
    this.#usedContacts += 1;
    if (!contact) throw new Error("Start with more contacts.");
    return contact;
  }

  /** Gets the contact's session from Streams, as an application does, and records its events. */
  async join({ contactId }: AgentConnection): Promise<void> {
    await this.page.evaluate(async (id) => {
      const session = await new window.connect.Contact(id).getAgentConnection().getMediaController();
      const emitted: EmittedEvent[] = [];
      window.sessions[id] = { session, emitted };
      const names = [
        "connectionEstablished",
        "connectionLost",
        "connectionBroken",
        "connectionStateChanged",
        "message",
        "readReceipt",
        "ended",
      ] as const;
      for (const name of names) session.on(name, (event) => emitted.push({ name, event }));
    }, contactId);
    // Messages sent before the subscription aren't delivered.
    await this.untilSubscribed();
  }

  /** Waits until the panel's manager has subscribed to the chats at least `times` times. */
  async untilSubscribed(times = 1): Promise<void> {
    await this.panel.waitForFunction((minimum) => window.ccp.subscriptions >= minimum, times);
  }

  /** The data of all events with this name that a contact's session emitted. */
  emitted({ contactId }: AgentConnection, name: ChatEventName): Promise<unknown[]> {
    return this.page.evaluate(
      ([id, eventName]) =>
        (window.sessions[id]?.emitted ?? [])
          .filter((each) => each.name === eventName)
          .map(({ event }) => event.data),
      [contactId, name] as const,
    );
  }

  /** Waits until a contact's session has emitted an event at least `times` times. */
  async untilEmitted({ contactId }: AgentConnection, name: ChatEventName, times = 1): Promise<void> {
    await this.page.waitForFunction(
      ([id, eventName, minimum]) =>
        (window.sessions[id]?.emitted ?? []).filter((each) => each.name === eventName).length >= minimum,
      [contactId, name, times] as const,
    );
  }

  /** Waits until a contact's session has delivered the text `last`, and returns all delivered texts. */
  async texts({ contactId }: AgentConnection, last: string): Promise<unknown[]> {
    const texts = await this.page.waitForFunction(
      ([id, text]) => {
        const items = (window.sessions[id]?.emitted ?? []).flatMap(({ name, event }) =>
          name === "message" && typeof event.data === "object" && event.data !== null ? [event.data] : [],
        );
        const delivered = items
          .filter((item) => Reflect.get(item, "Type") === "MESSAGE")
          .map((item): unknown => Reflect.get(item, "Content"));
        return delivered.includes(text) ? delivered : null;
      },
      [contactId, last] as const,
    );
    return (await texts.jsonValue()) ?? [];
  }

  /** The metrics with this name that Streams received and broadcast. */
  metrics(name: string): Record<string, unknown>[] {
    return this.broadcasts
      .filter(({ event, data }) => event === "client_metric" && data["name"] === name)
      .map(({ data }) => data);
  }

  get panel(): Frame {
    const panel = this.page.frames().find((frame) => frame.url().endsWith("/ccp.html"));
    if (!panel) throw new Error("Streams hasn't been started.");
    return panel;
  }

  #agentData(): object {
    const timestamp = new Date(0).toISOString();
    const state = { type: "connected", timestamp };
    return {
      configuration: {
        agentARN: `arn:aws:connect:${REGION}:1:instance/1/agent/1`,
        routingProfile: {
          queues: [],
          routingProfileId: `arn:aws:connect:${REGION}:1:instance/1/routing-profile/1`,
        },
      },
      snapshot: {
        state: { name: "Available", type: "routable" },
        contacts: this.contacts.map(({ contactId, initialContactId, participantId, participantToken }) => ({
          contactId,
          initialContactId,
          type: "chat",
          state,
          connections: [
            { connectionId: "customer", type: "inbound", initial: true, state },
            {
              connectionId: participantId,
              type: "agent",
              state,
              chatMediaInfo: {
                connectionData: JSON.stringify({ ConnectionAuthenticationToken: participantToken }),
              },
            },
          ],
        })),
      },
    };
  }
}

/**
 * Uses one page for all tests in a block, and resets the page before each test. A test fails if the page has an
 * uncaught error.
 */
export function useSharedPage(onOpen: (agent: AgentPage) => void): void {
  let browser: Browser;
  let agent: AgentPage;
  beforeAll(async () => {
    browser = await launchChromium();
    agent = await AgentPage.open(browser);
    onOpen(agent);
  });
  afterAll(async () => {
    await agent.close();
    await browser.close();
  });
  beforeEach(() => agent.reset());
  // Checked before the next page is opened, which may cut off calls.
  afterEach(() => expect(agent.errors).toEqual([]));
}
