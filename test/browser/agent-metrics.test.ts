import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { startSimulator, type AgentConnection } from "../../simulator/index";
import { describeInBrowser, launchChromium } from "./support/chromium";
import { ROOT } from "../support/paths";

const OURS = join(ROOT, "dist/amazon-connect-chat.js");
const UPSTREAM = join(ROOT, "node_modules/upstream-chatjs/dist/amazon-connect-chat.js");

jest.setTimeout(60_000);

/** One step's metrics: counts in the page's own `csm`, and metrics passed to Streams' `publishMetric`. */
interface StepMetrics {
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
  /** The calls to the fakes below. */
  counts: unknown[];
  published: unknown[];
}

const CSM = `
  window.counts = [];
  window.csm = { API: { addCount: (...count) => counts.push(count) } };
`;

/** Fakes of the parts of an agent's page that receive metrics, installed before the library. */
const AGENT_PAGE = `
  ${CSM}
  window.published = [];
  window.connect = { version: "2.28.2", publishMetric: (metric) => published.push(metric) };
`;

/**
 * Self-contained, because the function is sent to the page as text. `contacts` has a contact with a token, a contact
 * without a token, and a contact that is rejected.
 */
async function runAgentSessions([endpoint, contacts]: readonly [string, readonly AgentConnection[]]): Promise<
  Record<string, StepMetrics>
> {
  const page = globalThis as unknown as Page;
  const { ChatSession, ChatJS } = page.connect;
  ChatSession.setGlobalConfig({ endpoint, region: "us-west-2" });
  // A manager like Streams' with an open socket.
  const connectionMethods = ["Open", "Close", "Gain", "Lost"].map((name) => `onConnection${name}`);
  const otherMethods = [
    "onInitFailure",
    "onMessage",
    "onSubscriptionUpdate",
    "onSubscriptionFailure",
    "onAllMessage",
  ];
  const heartbeatMethods = ["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure", "onTopicFailure"];
  const none = (): void => undefined;
  const websocketManager = Object.fromEntries([
    ...[...connectionMethods, ...otherMethods, ...heartbeatMethods].map((name) => [name, () => none]),
    ["sendMessage", none],
    ["subscribeTopics", none],
  ]) as object;
  const seen: Record<string, StepMetrics> = {};
  const record = async (what: string, minCounts: number, step: () => unknown): Promise<void> => {
    page.counts.length = page.published.length = 0;
    let outcome = "succeeded";
    try {
      await step();
    } catch {
      outcome = "failed";
    }
    // The acknowledgement is counted after connect() resolves. An excess count would appear in the next step.
    while (page.counts.length < minCounts) await new Promise((next) => void setTimeout(next));
    const text = JSON.stringify(page.published).replaceAll(ChatJS.version, "<version>");
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
  await record("a session with a token", 3, () => session(first, true).connect());
  await record("a session without a token", 2, () => session(second, false).connect());
  await record("a session that is rejected", 1, () => session(third, false).connect());
  await record("a session with invalid arguments", 0, () =>
    ChatSession.create({ type: "AGENT", chatDetails: {} }),
  );
  return seen;
}

describeInBrowser("an agent's page", () => {
  let browser: Browser;
  beforeAll(async () => (browser = await launchChromium()));
  afterAll(() => browser.close());

  async function observe(library: string): Promise<Record<string, StepMetrics>> {
    const page = join(__dirname, "support/streams/page.html");
    const simulator = await startSimulator({ serveFiles: { "/page.html": page, "/library.js": library } });
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${simulator.url}/page.html`);
      await page.addScriptTag({ content: AGENT_PAGE });
      await page.addScriptTag({ url: "/library.js" });
      const contacts = Array.from({ length: 3 }, () => simulator.joinAgent(simulator.startChat().ContactId));
      simulator.faults.failNext("CreateParticipantConnection", {
        status: 400,
        errorType: "ValidationException",
        contactId: contacts[2]?.contactId ?? "",
      });
      return await page.evaluate(runAgentSessions, [simulator.url, contacts] as const);
    } finally {
      await context.close();
      await simulator.close();
    }
  }

  test("receives the metrics that upstream sends, with the same names and dimensions", async () => {
    const upstream = await observe(UPSTREAM);
    const ours = await observe(OURS);
    const outcomes = (from: Record<string, StepMetrics>): string[] =>
      Object.values(from).map(({ outcome }) => outcome);
    // For invalid arguments, upstream returns an unusable session, but our library throws.
    expect(outcomes(upstream)).toEqual(["succeeded", "succeeded", "failed", "succeeded"]);
    expect(outcomes(ours)).toEqual(["succeeded", "succeeded", "failed", "failed"]);

    const counted = (from: Record<string, StepMetrics>): unknown =>
      Object.values(from).map(({ counts, published }) => ({ counts, published }));
    expect(counted(ours)).toEqual(counted(upstream));
    // Each of the two metrics has one dimension that the other metric lacks.
    const dimensions = Object.values(ours).flatMap(({ published }) =>
      published.map((metric) => Object.keys((metric as { dimensions: object }).dimensions).join()),
    );
    expect([...new Set(dimensions)].sort()).toEqual([
      "category,streamsJSVersion,chatJSVersion",
      "category,streamsJSVersion,errorType",
    ]);
  });

  test("receives earlier counts in order after it loads csm, even if no other count follows", async () => {
    const page = join(__dirname, "support/streams/page.html");
    const simulator = await startSimulator({ serveFiles: { "/page.html": page, "/library.js": OURS } });
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${simulator.url}/page.html`);
      await page.addScriptTag({ url: "/library.js" });
      const { connectionToken, ...contact } = simulator.joinAgent(simulator.startChat().ContactId);
      const waiting = await page.evaluate(
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
      await page.evaluate(CSM);
      await page.waitForFunction(() => window.connect.csmService.agentMetricToBePublished.length === 0);
      const counted = await page.evaluate(() => (window as unknown as Page).counts);
      expect(counted.slice(0, waiting.length)).toEqual(waiting.map((name) => [name, expect.any(Number)]));
    } finally {
      await context.close();
      await simulator.close();
    }
  });
});
