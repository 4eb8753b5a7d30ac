import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CsmMetric } from "../../../src/observability/csm";
import { createLibrary, type ChatLibrary } from "../../../src/session/library";
import { FakePlatform } from "../../support/fake-platform";
import { FakeService } from "../../support/fake-service";
import { NO_STREAMS } from "../../support/no-streams";

const TELEMETRY = "https://ieluqbvv.telemetry.connect.eu-west-2.amazonaws.com/prod/put-metrics";

let platform: FakePlatform;
let library: ChatLibrary;

beforeEach(() => {
  platform = new FakePlatform();
  new FakeService(platform);
  library = createLibrary(platform, NO_STREAMS);
  library.ChatSession.setGlobalConfig({ endpoint: "https://service.test", region: "eu-west-2" });
});

interface Sent {
  metricNamespace: string;
  metricList: CsmMetric[];
}

const posts = (): RequestInit[] =>
  platform.requests.filter(({ url }) => url === TELEMETRY).map(({ init }) => init);
const sent = (): Sent[] =>
  posts().map(({ body }) => JSON.parse(typeof body === "string" ? body : "") as Sent);
const metrics = (): CsmMetric[] => sent().flatMap(({ metricList }) => metricList);
const dimension = (metric: CsmMetric, name: string): string | undefined =>
  metric.dimensions.find((each) => each.name === name)?.value;
/** Each metric as text, such as "Name Latency" or "Name Count 1". */
const summaries = (): string[] =>
  metrics().map((metric) => {
    const kind = dimension(metric, "Metric") ?? "";
    return `${metric.metricName} ${kind}${kind === "Latency" ? "" : ` ${metric.value}`}`;
  });

const createSession = (
  disableCSM: boolean,
): ReturnType<ChatLibrary["ChatSession"]["create"]> & { dispose(): void } =>
  library.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: { contactId: "csm", participantId: "me", participantToken: "token" },
    disableCSM,
  });

describe("metrics", () => {
  test("are sent 30 s after the first metric, in a plain request without credentials", async () => {
    const { csmService } = library;
    csmService.initializeCSM();
    csmService.addCountMetric("Opened", "UI", [{ name: "Page", value: "help" }]);
    await platform.advance(29_999);
    expect(posts()).toEqual([]);
    await platform.advance(1);
    expect(posts()[0]).toMatchObject({ method: "POST", keepalive: true, credentials: "omit" });
    expect(sent()).toEqual([
      {
        metricNamespace: "chat-widget",
        metricList: [
          {
            metricName: "Opened",
            unit: "Count",
            value: 1,
            timestamp: "2026-01-01T00:00:00.000Z",
            namespace: "chat-widget",
            dimensions: [
              { name: "WidgetType", value: "CustomChatWidget" },
              { name: "Category", value: "UI" },
              { name: "Metric", value: "Count" },
              { name: "Page", value: "help" },
            ],
            optionalDimensions: [],
          },
        ],
      },
    ]);
    await platform.advance(120_000);
    expect(posts()).toHaveLength(1);
    expect(platform.pendingTimers).toBe(0);
  });

  test("are sent immediately once there are thirty, and when the page is hidden", async () => {
    const { csmService } = library;
    csmService.initializeCSM();
    for (let count = 0; count < 31; count += 1) csmService.addCountMetric("Opened", "UI");
    await platform.settle();
    expect(sent().map(({ metricList }) => metricList.length)).toEqual([30]);
    platform.signal("hidden");
    await platform.settle();
    expect(sent().map(({ metricList }) => metricList.length)).toEqual([30, 1]);
  });

  test("wait for initializeCSM(), and only 300 are stored until then", async () => {
    const { csmService } = library;
    for (let count = 0; count < 1_000; count += 1) csmService.addCountMetric(`Opened ${count}`, "UI");
    await platform.advance(60_000);
    expect(posts()).toEqual([]);
    csmService.initializeCSM();
    await platform.settle();
    expect(metrics()).toHaveLength(300);
    expect(metrics().at(-1)?.metricName).toBe("Opened 999");
  });

  test("are dropped without side effects if they can't be delivered", async () => {
    platform.onFetch = () => {
      throw new TypeError("Failed to fetch");
    };
    library.csmService.initializeCSM();
    library.csmService.addCountMetric("Opened", "UI");
    await platform.advance(30_000);
    expect(posts()).toHaveLength(1);
  });

  test("have the widget's type, at most ten dimensions, and the exact duration", async () => {
    library.ChatSession.setGlobalConfig({ csmConfig: { widgetType: "Mine" } });
    const { csmService } = library;
    csmService.initializeCSM();
    const many = Array.from({ length: 20 }, (_, index) => ({ name: `d${index}`, value: "v" }));
    csmService.addLatencyMetricWithStartTime("Load", platform.now() - 250, "UI", many);
    await platform.advance(30_000);
    const [metric] = metrics();
    expect(metric).toMatchObject({ metricName: "Load", unit: "Milliseconds", value: 250 });
    expect(metric?.dimensions).toHaveLength(10);
    expect(metric && dimension(metric, "WidgetType")).toBe("Mine");
  });
});

describe("a customer's session", () => {
  test("measures each call, with its errors and its content type", async () => {
    const session = createSession(false);
    await session.connect();
    await session.sendMessage({ message: "hello", contentType: "text/plain" });
    platform.signal("hidden");
    await platform.settle();
    expect(summaries()).toEqual([
      "CreateParticipantConnection Latency",
      "CreateParticipantConnection Count 1",
      "CreateParticipantConnection Error 0",
      "SendMessage Latency",
      "SendMessage Count 1",
      "SendMessage Error 0",
    ]);
    const message = metrics().find(({ metricName }) => metricName === "SendMessage");
    expect(message && dimension(message, "ContentType")).toBe("text/plain");
    session.dispose();
  });

  test.each([
    ["its own type", new File(["a"], "a.txt", { type: "text/csv" }), "text/csv"],
    ["its extension's type if it has none", new File(["a"], "data.csv"), "text/csv"],
    [
      "application/octet-stream if the extension is unknown",
      new File(["a"], "mail.msg"),
      "application/octet-stream",
    ],
  ])("measures an upload with the file's content type: %s", async (_, attachment, contentType) => {
    const session = createSession(false);
    await session.connect();
    await session.sendAttachment({ attachment });
    platform.signal("hidden");
    await platform.settle();
    const upload = metrics().find(({ metricName }) => metricName === "SendAttachment");
    expect(upload && dimension(upload, "ContentType")).toBe(contentType);
    session.dispose();
  });

  test("counts its link's gains and losses, and its deep heartbeats", async () => {
    const session = createSession(false);
    await session.connect();
    await platform.settle();
    const open = async (): Promise<void> => {
      platform.socket.open();
      platform.socket.receive({
        topic: "aws/subscribe",
        content: { status: "success", topics: ["aws/chat"] },
      });
      await platform.settle();
    };
    await open();
    platform.socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
    platform.socket.receive({ topic: "aws/ping", statusCode: 500, statusContent: "no" });
    platform.socket.end();
    await platform.advance(1_000);
    await open();
    for (let rejections = 0; rejections < 5; rejections += 1) {
      platform.socket.receive({
        topic: "aws/subscribe",
        content: { status: "failure", topics: ["aws/chat"] },
      });
    }
    session.dispose();
    platform.signal("hidden");
    await platform.settle();
    expect(summaries().filter((kind) => kind.startsWith("Websocket"))).toEqual([
      "WebsocketConnectionGained Count 1",
      "WebsocketDeepHeartbeatSuccess Count 1",
      "WebsocketDeepHeartbeatFailure Count 1",
      "WebsocketConnectionLost Count 1",
      "WebsocketConnectionGained Count 1",
    ]);
  });

  test("counts a link that ended because of an invalid configuration", async () => {
    const session = createSession(false);
    platform.rejectNextSocket();
    await session.connect();
    await platform.settle();
    platform.signal("hidden");
    await platform.settle();
    expect(session.connectionState).toBe("broken");
    expect(summaries().filter((kind) => kind.startsWith("WebsocketEnded"))).toEqual([
      "WebsocketEnded Count 1",
    ]);
    session.dispose();
  });

  test("doesn't send metrics if they are disabled", async () => {
    const session = createSession(true);
    await session.connect();
    await platform.advance(60_000);
    expect(posts()).toEqual([]);
    session.dispose();
  });
});

describe("the agent page's csm", () => {
  const pending = (): unknown => library.csmService.agentMetricToBePublished;
  const A = { metricName: "A", count: 1 };
  const B = { metricName: "B", count: 2 };

  beforeEach(() => {
    platform.agentMetrics = "later";
  });

  test("receives each count immediately if it is available", () => {
    platform.agentMetrics = "counted";
    library.csmService.addAgentCountMetric("A", 1);
    expect(platform.agentCounts).toEqual([{ name: "A", count: 1 }]);
    expect([pending(), platform.pendingTimers]).toEqual([[], 0]);
  });

  test("receives pending counts once and in order when it becomes available, and no timer remains", async () => {
    library.csmService.addAgentCountMetric("A", 1);
    library.csmService.addAgentCountMetric("B", 2);
    await platform.advance(2_500);
    expect([platform.agentCounts, pending()]).toEqual([[], [A, B]]);
    platform.agentMetrics = "counted";
    await platform.advance(2_500);
    expect(platform.agentCounts).toEqual([
      { name: "A", count: 1 },
      { name: "B", count: 2 },
    ]);
    expect([pending(), platform.pendingTimers]).toEqual([[], 0]);
  });

  test("receives pending counts before the next count if it becomes available between the two", () => {
    library.csmService.addAgentCountMetric("A", 1);
    platform.agentMetrics = "counted";
    library.csmService.addAgentCountMetric("B", 2);
    expect(platform.agentCounts.map(({ name }) => name)).toEqual(["A", "B"]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("is looked up 6 times in 31 s, then every 32 s, and with each count, while it is missing", async () => {
    const lookups: number[] = [];
    const start = platform.time;
    platform.addAgentCount = () => {
      lookups.push((platform.time - start) / 1000);
      return "later";
    };
    library.csmService.addAgentCountMetric("A", 1);
    await platform.advance(100_000);
    expect(lookups).toEqual([0, 1, 3, 7, 15, 31, 63, 95]);
    library.csmService.addAgentCountMetric("B", 2);
    await platform.advance(1_000);
    expect(lookups.slice(8)).toEqual([100, 101]);
    expect(pending()).toEqual([A, B]);
    const counted: string[] = [];
    platform.addAgentCount = (name) => {
      counted.push(name);
      return "counted";
    };
    await platform.advance(60_000);
    expect([counted, pending(), platform.pendingTimers]).toEqual([["A", "B"], [], 0]);
  });

  test("isn't polled for on a page that can never have it, and the counts are kept", () => {
    platform.agentMetrics = "never";
    library.csmService.addAgentCountMetric("A", 1);
    expect([pending(), platform.pendingTimers]).toEqual([[A], 0]);
  });

  test("receives the newest 300 of 1,000 counts when it becomes available", () => {
    platform.agentMetrics = "never";
    for (let count = 1; count <= 1_000; count += 1) library.csmService.addAgentCountMetric("A", count);
    platform.agentMetrics = "counted";
    library.csmService.addAgentCountMetric("B", 2);
    expect(platform.agentCounts.map(({ count }) => count)).toEqual([
      ...Array.from({ length: 299 }, (_, index) => 702 + index),
      2,
    ]);
  });
});

test("C15: metrics aren't sent if the region would direct them to another host", async () => {
  library.ChatSession.setGlobalConfig({ region: "evil.example/#" });
  library.csmService.initializeCSM();
  library.csmService.addCountMetric("Opened", "UI");
  await platform.advance(60_000);
  expect(platform.requests).toEqual([]);
});
