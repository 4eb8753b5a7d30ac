import { beforeEach, describe, expect, test } from "@jest/globals";
import type { StreamsMetric } from "../../../src/observability/streams-metrics";
import { createLibrary, type ChatLibrary } from "../../../src/session/library";
import { VERSION } from "../../../src/version";
import { FakePlatform } from "../../support/fake-platform";
import { errorResponse, FakeService } from "../../support/fake-service";

const CUSTOMER = { contactId: "c", participantId: "p", participantToken: "t" };

let platform: FakePlatform;
let service: FakeService;
let published: StreamsMetric[];
let version: string | null;
/** The error that publishMetric() throws, if any. */
let publishError: Error | null;
let library: ChatLibrary;

beforeEach(() => {
  platform = new FakePlatform();
  service = new FakeService(platform);
  published = [];
  version = "2.28.1";
  publishError = null;
  library = createLibrary(platform, {
    get version() {
      return version;
    },
    publishMetric(metric) {
      if (publishError) throw publishError;
      published.push(metric);
    },
  });
  library.ChatSession.setGlobalConfig({ endpoint: "https://service.test" });
});

const create = (): ReturnType<typeof library.ChatSession.create> =>
  library.ChatSession.create({ type: "CUSTOMER", chatDetails: CUSTOMER, disableCSM: true });

const failed = (outcome: string): StreamsMetric => ({
  name: "ChatJSSuccessMetric",
  data: { count: 0 },
  dimensions: {
    category: `StreamsJS-2.28.1-${outcome}`,
    errorType: "InternalServerError",
    streamsJSVersion: "2.28.1",
  },
  customCCPName: "ChatJS",
});

const created: StreamsMetric = {
  name: "ChatJSEventMetric",
  data: { count: 1 },
  dimensions: {
    category: "StreamsJS-2.28.1-ChatJSConnectSessionSuccess",
    streamsJSVersion: "2.28.1",
    chatJSVersion: VERSION,
  },
  customCCPName: "ChatJS",
};

describe("metrics published through Streams", () => {
  test("count a session when it is created, not when it connects", async () => {
    const session = create();
    expect(published).toEqual([created]);
    await session.connect();
    expect(published).toEqual([created]);
    session.dispose();
  });

  test("count a session that couldn't be created", () => {
    expect(() => void Reflect.apply(library.ChatSession.create, undefined, [{}])).toThrow("chatDetails");
    expect(published).toEqual([failed("ChatJSCreateSessionError")]);
  });

  test("count each failed connect()", async () => {
    const session = create();
    service.on("/participant/connection", () => errorResponse(400, "ValidationException"));
    await expect(session.connect()).rejects.toThrow();
    await expect(session.connect()).rejects.toThrow();
    expect(published).toEqual([
      created,
      failed("ChatJSConnectSessionError"),
      failed("ChatJSConnectSessionError"),
    ]);
    session.dispose();
  });

  test("have Streams' version at the time of publishing, because Streams may load after the library", () => {
    version = null;
    create().dispose();
    version = "3.0.0";
    create().dispose();
    expect(published.map(({ dimensions }) => dimensions["streamsJSVersion"])).toEqual(["unknown", "3.0.0"]);
  });
});

test("an error thrown by publishMetric() is logged and has no other effect", async () => {
  publishError = new Error("There is no upstream conduit!");
  const lines: unknown[] = [];
  const note = (line: unknown): void => void lines.push(line);
  library.ChatSession.setGlobalConfig({
    loggerConfig: { level: "DEBUG", customizedLogger: { debug: note, info: note, warn: note, error: note } },
  });
  const session = create();
  expect((await session.connect()).connectSuccess).toBe(true);
  expect(lines.filter((line) => String(line).includes("There is no upstream conduit!"))).toHaveLength(1);
  session.dispose();
});
