import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { startSimulator, type AgentConnection } from "../../simulator/index";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { ROOT } from "../support/paths";

const OURS = join(ROOT, "dist/amazon-connect-chat.js");
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

jest.setTimeout(60_000);

/** What one step of an agent's page counted: by the page's own `csm`, and by Streams' `publishMetric`. */
interface Counted {
  readonly outcome: string;
  readonly counts: unknown[];
  readonly published: unknown[];
}

interface Page {
  connect: {
    ChatJS: { version: string };
    ChatSession: {
      setGlobalConfig(config: object): void;
      create(args: object): { connect(): Promise<unknown> };
    };
  };
  /** What the stand-ins below were given. */
  counts: unknown[];
  published: unknown[];
}

const CSM = `
  window.counts = [];
  window.csm = { API: { addCount: (...count) => counts.push(count) } };
`;

/** The parts of an agent's page that take counts, from before the library is there. */
const SURROUNDINGS = `
  ${CSM}
  window.published = [];
  window.connect = { version: "2.28.2", publishMetric: (metric) => published.push(metric) };
`;

/** Self-contained: it is handed to the page as text. `contacts`: one whose token is had, one with none, one refused. */
async function agentsDay([endpoint, contacts]: readonly [string, readonly AgentConnection[]]): Promise<
  Record<string, Counted>
> {
  const page = globalThis as unknown as Page;
  const { ChatSession, ChatJS } = page.connect;
  ChatSession.setGlobalConfig({ endpoint, region: "us-west-2" });
  // A manager like Streams', whose socket is open.
  const names = ["Open", "Close", "Gain", "Lost"].map((name) => `onConnection${name}`);
  const others = [
    "onInitFailure",
    "onMessage",
    "onSubscriptionUpdate",
    "onSubscriptionFailure",
    "onAllMessage",
  ];
  const more = ["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure", "onTopicFailure"];
  const none = (): void => undefined;
  const websocketManager = Object.fromEntries([
    ...[...names, ...others, ...more].map((name) => [name, () => none]),
    ["sendMessage", none],
    ["subscribeTopics", none],
  ]) as object;
  const seen: Record<string, Counted> = {};
  const note = async (what: string, least: number, step: () => unknown): Promise<void> => {
    page.counts.length = page.published.length = 0;
    let outcome = "fine";
    try {
      await step();
    } catch {
      outcome = "failed";
    }
    // Those of the acknowledgement come after connect(); one too many would be counted in the next step.
    while (page.counts.length < least) await new Promise((next) => void setTimeout(next));
    const text = JSON.stringify(page.published).replaceAll(ChatJS.version, "its own version");
    seen[what] = { outcome, counts: [...page.counts], published: JSON.parse(text) as unknown[] };
  };
  const session = (
    contact: AgentConnection | undefined,
    hasToken: boolean,
  ): { connect(): Promise<unknown> } =>
    ChatSession.create({
      type: "AGENT",
      websocketManager,
      chatDetails: {
        ...contact,
        getConnectionToken: () =>
          hasToken
            ? Promise.resolve({
                chatTokenTransport: {
                  participantToken: contact?.connectionToken,
                  expiry: new Date(Date.now() + 3_600_000).toISOString(),
                },
              })
            : Promise.reject(new Error("none")),
      },
    });
  const [first, second, third] = contacts;
  await note("a session whose token is had", 3, () => session(first, true).connect());
  await note("a session without a token", 2, () => session(second, false).connect());
  await note("a session that is refused", 1, () => session(third, false).connect());
  await note("a session that cannot be made", 0, () =>
    ChatSession.create({ type: "AGENT", chatDetails: {} }),
  );
  return seen;
}

describeInBrowser("an agent's page", () => {
  let browser: Browser;
  beforeAll(async () => (browser = await launchChromium()));
  afterAll(() => browser.close());

  async function observe(library: string): Promise<Record<string, Counted>> {
    const page = join(__dirname, "support/streams/page.html");
    const simulator = await startSimulator({ serveFiles: { "/page.html": page, "/library.js": library } });
    const context = await browser.newContext();
    try {
      const opened = await context.newPage();
      await opened.goto(`${simulator.url}/page.html`);
      await opened.addScriptTag({ content: SURROUNDINGS });
      await opened.addScriptTag({ url: "/library.js" });
      const contacts = Array.from({ length: 3 }, () => simulator.joinAgent(simulator.startChat().ContactId));
      simulator.faults.failNext("CreateParticipantConnection", {
        status: 400,
        errorType: "ValidationException",
        contactId: contacts[2]?.contactId ?? "",
      });
      return await opened.evaluate(agentsDay, [simulator.url, contacts] as const);
    } finally {
      await context.close();
      await simulator.close();
    }
  }

  test("is told the same counts as by upstream, name by name and dimension by dimension", async () => {
    const theirs = await observe(UPSTREAM);
    const ours = await observe(OURS);
    const outcomes = (from: Record<string, Counted>): string[] =>
      Object.values(from).map(({ outcome }) => outcome);
    // Upstream hands back a dead session where arguments are bad; ours throws.
    expect(outcomes(theirs)).toEqual(["fine", "fine", "failed", "fine"]);
    expect(outcomes(ours)).toEqual(["fine", "fine", "failed", "failed"]);

    const counted = (from: Record<string, Counted>): unknown =>
      Object.values(from).map(({ counts, published }) => ({ counts, published }));
    expect(counted(ours)).toEqual(counted(theirs));
    // The two metrics have a dimension each that the other has not.
    const dimensions = Object.values(ours).flatMap(({ published }) =>
      published.map((metric) => Object.keys((metric as { dimensions: object }).dimensions).join()),
    );
    expect([...new Set(dimensions)].sort()).toEqual([
      "category,streamsJSVersion,chatJSVersion",
      "category,streamsJSVersion,errorType",
    ]);
  });

  test("whose csm is loaded after the first counts gets them in order, without a further count", async () => {
    const page = join(__dirname, "support/streams/page.html");
    const simulator = await startSimulator({ serveFiles: { "/page.html": page, "/library.js": OURS } });
    const context = await browser.newContext();
    try {
      const opened = await context.newPage();
      await opened.goto(`${simulator.url}/page.html`);
      await opened.addScriptTag({ url: "/library.js" });
      const { connectionToken, ...contact } = simulator.joinAgent(simulator.startChat().ContactId);
      const waiting = await opened.evaluate(
        async ([endpoint, chatDetails, participantToken]) => {
          const { ChatSession, csmService } = window.connect;
          ChatSession.setGlobalConfig({ endpoint });
          const chatTokenTransport = { participantToken, expiry: "2099-01-01T00:00:00.000Z" };
          const getConnectionToken = () => Promise.resolve({ chatTokenTransport });
          await ChatSession.create({ chatDetails: { ...chatDetails, getConnectionToken } }).connect();
          return csmService.agentMetricToBePublished.map(({ metricName }) => metricName);
        },
        [simulator.url, contact, connectionToken] as const,
      );
      expect(waiting).toContain("AGENT_GET_CONNECTION_TOKEN_ERROR_RATE");
      await opened.evaluate(CSM);
      await opened.waitForFunction(() => window.connect.csmService.agentMetricToBePublished.length === 0);
      const counted = await opened.evaluate(() => (window as unknown as Page).counts);
      expect(counted.slice(0, waiting.length)).toEqual(waiting.map((name) => [name, expect.any(Number)]));
    } finally {
      await context.close();
      await simulator.close();
    }
  });
});
