import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { startSimulator, type AgentConnection, type Simulator } from "../../../simulator/index";
import type { AgentChatSession, ChatEventName } from "../../../src/index";
import type { ChatLibrary } from "../../../src/session/library";
import { launchChromium } from "./chromium";
import { ROOT } from "../../support/paths";

const PARTS = join(__dirname, "streams");
const PATIENCE_MS = 15_000;
export const REGION = "eu-central-1";

/** An entry of Streams' log. */
export interface StreamsLogEntry {
  readonly text: string;
  sendInternalLogToServer(): StreamsLogEntry;
}

/** What a session told: the event as it was handed over. */
export interface Told {
  readonly name: ChatEventName;
  readonly event: { readonly data: unknown };
}

interface MediaConnection {
  getMediaController(): Promise<AgentChatSession>;
  getMediaInfo(): Record<string, unknown>;
}

/** Streams' socket manager: what the tests touch of it. */
interface StreamsManager extends Record<string, unknown> {
  onMessage(topic: string, callback: (frame: unknown) => unknown): () => unknown;
}

/** What of Streams the tests use. */
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
    /** The library's part and Streams', as far as they are loaded. */
    connect: ChatLibrary & Streams & Record<string, unknown>;
    /** The sessions that a test has asked Streams for, by contact. */
    sessions: Record<string, { readonly session: AgentChatSession; readonly told: Told[] }>;
    /** What a test keeps between two steps. */
    kept: unknown[];
    ccp: {
      readonly subscriptions: number;
      update(agentData: object): void;
      openSocket(): Promise<unknown>;
      tell(event: string, data?: unknown): void;
    };
    csm?: object;
  }
}

export type Script = "streams" | "chatjs";

/** A metric, or whatever else Streams broadcasts through the panel. */
export interface Heard {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** An agent's page: a browser's page with the real Streams, the library as it is built, and a stand-in for the panel. */
export class AgentPage {
  readonly simulator: Simulator;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What was thrown in the page and caught by nobody. */
  readonly complaints: string[] = [];
  readonly heard: Heard[] = [];
  /** What the panel was asked for a connection's token, by participant. */
  readonly tokensAsked: string[] = [];
  readonly contacts: AgentConnection[] = [];
  tokensFail = false;
  #handedOut = 0;

  private constructor(simulator: Simulator, context: BrowserContext, page: Page) {
    this.simulator = simulator;
    this.context = context;
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(String(error)));
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
    context.setDefaultTimeout(PATIENCE_MS);
    const opened = new AgentPage(simulator, context, await context.newPage());
    await opened.#equip();
    return opened;
  }

  async #equip(): Promise<void> {
    const { page } = this;
    await page.exposeFunction("ccpHears", (event: string, data: Record<string, unknown>) =>
      this.heard.push({ event, data }),
    );
    await page.exposeFunction("ccpSignsSocket", () => {
      const { url, expiry } = this.simulator.signSocket(
        this.contacts.map(({ participantId }) => participantId),
      );
      return { url: url.replace(/^ws:/, "wss:"), expiry, transportLifeTimeInSeconds: 3540 };
    });
    await page.exposeFunction("ccpCreatesTransport", ({ participantId }: { participantId: string }) => {
      this.tokensAsked.push(participantId);
      return this.tokensFail ? null : this.simulator.connectionTokenOf(participantId);
    });
    await page.addInitScript(() => Object.assign(window, { sessions: {}, kept: [] }));
    await page.goto(`${this.simulator.url}/page.html`);
  }

  /** The page anew, without scripts and contacts: as good as another browser context, and far cheaper. */
  async renew(): Promise<void> {
    await this.page.unrouteAll();
    await this.page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    // What the page had open is closed, and tells nothing more.
    await this.page.goto("about:blank");
    for (const kept of [this.complaints, this.heard, this.tokensAsked, this.contacts]) kept.length = 0;
    this.#handedOut = 0;
    this.tokensFail = false;
    this.simulator.clearRequests();
    await this.page.goto(`${this.simulator.url}/page.html`);
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.simulator.close();
  }

  /** Adds scripts to the page, one after the other, and points the library at the simulator. */
  async load(...scripts: Script[]): Promise<void> {
    for (const script of scripts) await this.page.addScriptTag({ url: `/${script}.js` });
    await this.page.evaluate((endpoint) => {
      if ("ChatSession" in window.connect) window.connect.ChatSession.setGlobalConfig({ endpoint });
    }, this.simulator.url);
  }

  /** Starts Streams in the page as an application does, with so many customers' contacts given to the agent. */
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
            // The panel's answer to what Streams asks about a contact.
            provider: { id: "test", getProxy: () => ({ request: () => Promise.resolve({ region }) }) },
          });
          core.onInitialized(started);
        }),
      contactRegion,
    );
    await this.panel.evaluate(() => window.ccp.openSocket());
    await this.update();
  }

  /** The panel tells Streams the agent's contacts. */
  async update(): Promise<void> {
    await this.panel.evaluate((data) => window.ccp.update(data), this.#agentData());
    await this.page.waitForFunction(
      (ids) => {
        try {
          // Not by a connection: Streams makes the session as soon as somebody asks for that.
          return ids.every((id) => window.connect.core.getAgentDataProvider().getContactData(id));
        } catch {
          return false;
        }
      },
      this.contacts.map(({ contactId }) => contactId),
    );
  }

  /** One of the contacts that no test has had yet. */
  nextContact(): AgentConnection {
    const contact = this.contacts[this.#handedOut];
    this.#handedOut += 1;
    if (!contact) throw new Error("Start with more contacts.");
    return contact;
  }

  /** Asks Streams for the contact's session, as an application does, and hears it from then on. */
  async join({ contactId }: AgentConnection): Promise<void> {
    await this.page.evaluate(async (id) => {
      const session = await new window.connect.Contact(id).getAgentConnection().getMediaController();
      const told: Told[] = [];
      window.sessions[id] = { session, told };
      const names = [
        "connectionEstablished",
        "connectionLost",
        "connectionBroken",
        "connectionStateChanged",
        "message",
        "readReceipt",
        "ended",
      ] as const;
      for (const name of names) session.on(name, (event) => told.push({ name, event }));
    }, contactId);
    // What is said before that, nobody is told.
    await this.untilSubscribed();
  }

  /** Waits until the panel's manager has subscribed to the chats so many times. */
  async untilSubscribed(times = 1): Promise<void> {
    await this.panel.waitForFunction((least) => window.ccp.subscriptions >= least, times);
  }

  /** What a contact's session has told under a name. */
  told({ contactId }: AgentConnection, name: ChatEventName): Promise<unknown[]> {
    return this.page.evaluate(
      ([id, wanted]) =>
        (window.sessions[id]?.told ?? [])
          .filter((told) => told.name === wanted)
          .map(({ event }) => event.data),
      [contactId, name] as const,
    );
  }

  /** Waits until a contact's session has told an event so many times. */
  async untilTold({ contactId }: AgentConnection, name: ChatEventName, times = 1): Promise<void> {
    await this.page.waitForFunction(
      ([id, wanted, least]) =>
        (window.sessions[id]?.told ?? []).filter((told) => told.name === wanted).length >= least,
      [contactId, name, times] as const,
    );
  }

  /** The texts that a contact's session has told, once one of them is `last`. */
  async texts({ contactId }: AgentConnection, last: string): Promise<unknown[]> {
    const texts = await this.page.waitForFunction(
      ([id, text]) => {
        const items = (window.sessions[id]?.told ?? []).flatMap(({ name, event }) =>
          name === "message" && typeof event.data === "object" && event.data !== null ? [event.data] : [],
        );
        const said = items
          .filter((item) => Reflect.get(item, "Type") === "MESSAGE")
          .map((item): unknown => Reflect.get(item, "Content"));
        return said.includes(text) ? said : null;
      },
      [contactId, last] as const,
    );
    return (await texts.jsonValue()) ?? [];
  }

  /** The metrics that Streams was given and passed on, by name. */
  metrics(name: string): Record<string, unknown>[] {
    return this.heard
      .filter(({ event, data }) => event === "client_metric" && data["name"] === name)
      .map(({ data }) => data);
  }

  get panel(): Frame {
    const panel = this.page.frames().find((frame) => frame.url().endsWith("/ccp.html"));
    if (!panel) throw new Error("Streams has not been started.");
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

/** One page for all tests of a block, left and entered anew before each; none of them may leave a complaint. */
export function onePageRenewed(isOpen: (agent: AgentPage) => void): void {
  let browser: Browser;
  let agent: AgentPage;
  beforeAll(async () => {
    browser = await launchChromium();
    agent = await AgentPage.open(browser);
    isOpen(agent);
  });
  afterAll(async () => {
    await agent.close();
    await browser.close();
  });
  beforeEach(() => agent.renew());
  // Looked at before the page is left: a call that is cut off by that is no complaint.
  afterEach(() => expect(agent.complaints).toEqual([]));
}
