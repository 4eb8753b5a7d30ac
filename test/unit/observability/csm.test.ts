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
/** "Name Latency", "Name Count 1", …: what was measured, and counts with their value. */
const kinds = (): string[] =>
  metrics().map((metric) => {
    const kind = dimension(metric, "Metric") ?? "";
    return `${metric.metricName} ${kind}${kind === "Latency" ? "" : ` ${metric.value}`}`;
  });

const customer = (
  disableCSM: boolean,
): ReturnType<ChatLibrary["ChatSession"]["create"]> & { dispose(): void } =>
  library.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: { contactId: "csm", participantId: "me", participantToken: "token" },
    disableCSM,
  });

describe("metrics", () => {
  test("go 30 s after the first, by a plain request without credentials", async () => {
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

  test("go at once when there are thirty, and when the page is hidden", async () => {
    const { csmService } = library;
    csmService.initializeCSM();
    for (let count = 0; count < 31; count += 1) csmService.addCountMetric("Opened", "UI");
    await platform.settle();
    expect(sent().map(({ metricList }) => metricList.length)).toEqual([30]);
    platform.signal("hidden");
    await platform.settle();
    expect(sent().map(({ metricList }) => metricList.length)).toEqual([30, 1]);
  });

  test("wait until somebody starts the service, and never fill the memory", async () => {
    const { csmService } = library;
    for (let count = 0; count < 1_000; count += 1) csmService.addCountMetric(`Opened ${count}`, "UI");
    await platform.advance(60_000);
    expect(posts()).toEqual([]);
    csmService.initializeCSM();
    await platform.settle();
    expect(metrics()).toHaveLength(300);
    expect(metrics().at(-1)?.metricName).toBe("Opened 999");
  });

  test("that cannot be delivered harm nothing", async () => {
    platform.onFetch = () => {
      throw new TypeError("Failed to fetch");
    };
    library.csmService.initializeCSM();
    library.csmService.addCountMetric("Opened", "UI");
    await platform.advance(30_000);
    expect(posts()).toHaveLength(1);
  });

  test("carry the widget's type, ten dimensions at the most, and durations as they are", async () => {
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
  test("measures each call, with its failure and its content type", async () => {
    const session = customer(false);
    await session.connect();
    await session.sendMessage({ message: "hello", contentType: "text/plain" });
    platform.signal("hidden");
    await platform.settle();
    expect(kinds()).toEqual([
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
    ["its own", new File(["a"], "a.txt", { type: "text/csv" }), "text/csv"],
    ["that of its extension, if it has none", new File(["a"], "data.csv"), "text/csv"],
    [
      "the general one, if the extension is not known",
      new File(["a"], "mail.msg"),
      "application/octet-stream",
    ],
  ])("measures an upload with the file's content type: %s", async (_which, attachment, contentType) => {
    const session = customer(false);
    await session.connect();
    await session.sendAttachment({ attachment });
    platform.signal("hidden");
    await platform.settle();
    const upload = metrics().find(({ metricName }) => metricName === "SendAttachment");
    expect(upload && dimension(upload, "ContentType")).toBe(contentType);
    session.dispose();
  });

  test("counts what happens to its link: up, lost, up again, given up", async () => {
    const session = customer(false);
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
    for (let refusals = 0; refusals < 5; refusals += 1) {
      platform.socket.receive({
        topic: "aws/subscribe",
        content: { status: "failure", topics: ["aws/chat"] },
      });
    }
    session.dispose();
    platform.signal("hidden");
    await platform.settle();
    expect(kinds().filter((kind) => kind.startsWith("Websocket"))).toEqual([
      "WebsocketConnectionGained Count 1",
      "WebsocketDeepHeartbeatSuccess Count 1",
      "WebsocketDeepHeartbeatFailure Count 1",
      "WebsocketConnectionLost Count 1",
      "WebsocketConnectionGained Count 1",
    ]);
  });

  test("counts the end of a link that is given up, and no ordinary end of a chat", async () => {
    const session = customer(false);
    platform.refuseNextSocket();
    await session.connect();
    await platform.settle();
    platform.signal("hidden");
    await platform.settle();
    expect(session.connectionState).toBe("broken");
    expect(kinds().filter((kind) => kind.startsWith("WebsocketEnded"))).toEqual(["WebsocketEnded Count 1"]);
    session.dispose();
  });

  test("sends none where they are switched off", async () => {
    const session = customer(true);
    await session.connect();
    await platform.advance(60_000);
    expect(posts()).toEqual([]);
    session.dispose();
  });
});

describe("an agent page's own metrics", () => {
  const waiting = (): unknown => library.csmService.agentMetricToBePublished;
  const A = { metricName: "A", count: 1 };
  const B = { metricName: "B", count: 2 };

  beforeEach(() => {
    platform.agentMetrics = "later";
  });

  test("get each count at once where they are there", () => {
    platform.agentMetrics = "counted";
    library.csmService.addAgentCountMetric("A", 1);
    expect(platform.agentCounts).toEqual([{ name: "A", count: 1 }]);
    expect([waiting(), platform.pendingTimers]).toEqual([[], 0]);
  });

  test("that appear later get the waiting counts in order, once, and no timer is left", async () => {
    library.csmService.addAgentCountMetric("A", 1);
    library.csmService.addAgentCountMetric("B", 2);
    await platform.advance(2_500);
    expect([platform.agentCounts, waiting()]).toEqual([[], [A, B]]);
    platform.agentMetrics = "counted";
    await platform.advance(2_500);
    expect(platform.agentCounts).toEqual([
      { name: "A", count: 1 },
      { name: "B", count: 2 },
    ]);
    expect([waiting(), platform.pendingTimers]).toEqual([[], 0]);
  });

  test("that appear before the next count get the waiting ones before it", () => {
    library.csmService.addAgentCountMetric("A", 1);
    platform.agentMetrics = "counted";
    library.csmService.addAgentCountMetric("B", 2);
    expect(platform.agentCounts.map(({ name }) => name)).toEqual(["A", "B"]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("that appear late are looked for 5 times in 31 s, then every 32 s, and with each count", async () => {
    const looked: number[] = [];
    const start = platform.time;
    platform.addAgentCount = () => {
      looked.push((platform.time - start) / 1000);
      return "later";
    };
    library.csmService.addAgentCountMetric("A", 1);
    await platform.advance(100_000);
    expect(looked).toEqual([0, 1, 3, 7, 15, 31, 63, 95]);
    library.csmService.addAgentCountMetric("B", 2);
    await platform.advance(1_000);
    expect(looked.slice(8)).toEqual([100, 101]);
    expect(waiting()).toEqual([A, B]);
    const counted: string[] = [];
    platform.addAgentCount = (name) => {
      counted.push(name);
      return "counted";
    };
    await platform.advance(60_000);
    expect([counted, waiting(), platform.pendingTimers]).toEqual([["A", "B"], [], 0]);
  });

  test("that no page can have are not waited for: the counts stay, and no timer runs", () => {
    platform.agentMetrics = "never";
    library.csmService.addAgentCountMetric("A", 1);
    expect([waiting(), platform.pendingTimers]).toEqual([[A], 0]);
  });

  test("that are missing for 1,000 counts get the newest 300", () => {
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

test("C15: metrics are not sent where the region would lead them to another host", async () => {
  library.ChatSession.setGlobalConfig({ region: "evil.example/#" });
  library.csmService.initializeCSM();
  library.csmService.addCountMetric("Opened", "UI");
  await platform.advance(60_000);
  expect(platform.requests).toEqual([]);
});
