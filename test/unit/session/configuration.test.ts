import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatClient } from "../../../src/api/client";
import type { GlobalConfigUpdate } from "../../../src/api/config";
import type { CustomerChatSession } from "../../../src/api/session";
import { createLibrary, type ChatLibrary } from "../../../src/session/library";
import { FakePlatform } from "../../support/fake-platform";
import { FakeService } from "../../support/fake-service";
import { NO_STREAMS } from "../../support/no-streams";

let platform: FakePlatform;
let service: FakeService;
let library: ChatLibrary;

beforeEach(() => {
  platform = new FakePlatform();
  service = new FakeService(platform);
  library = createLibrary(platform, NO_STREAMS);
});

const configure = (config: GlobalConfigUpdate): void => library.ChatSession.setGlobalConfig(config);

let contacts = 0;

function customer(options: { region?: string } = {}): CustomerChatSession {
  contacts += 1;
  return library.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: { contactId: `configured-${contacts}`, participantId: "p", participantToken: "t" },
    options,
    disableCSM: true,
  });
}

/** Returns the origin to which a new session's connect() sends its request. */
async function originOfConnect(options?: { region?: string }): Promise<string> {
  const session = customer(options);
  await session.connect();
  session.dispose();
  return new URL(service.calls.at(-1)?.url ?? "").origin;
}

const endpointOf = (region: string): string => `https://participant.connect.${region}.amazonaws.com`;

describe("the region", () => {
  test("is us-west-2 unless it is set", async () => {
    expect(await originOfConnect()).toBe(endpointOf("us-west-2"));
  });

  test("is us-west-2 if the region and the endpoint are empty strings", async () => {
    configure({ region: "", endpoint: "" });
    library.ChatSession.setRegionOverride("");
    expect(await originOfConnect()).toBe(endpointOf("us-west-2"));
  });

  test("is kept if a later call omits it or passes null", async () => {
    configure({ region: "eu-central-1" });
    configure({ loggerConfig: {} });
    configure({ region: null });
    expect(await originOfConnect()).toBe(endpointOf("eu-central-1"));
  });

  test("becomes the global region if it is passed to create()", async () => {
    configure({ region: "eu-central-1" });
    expect(await originOfConnect({ region: "ap-southeast-2" })).toBe(endpointOf("ap-southeast-2"));
    expect(await originOfConnect()).toBe(endpointOf("ap-southeast-2"));
  });

  test("C15: create() throws for a region that leads to another host and doesn't make it the global region", async () => {
    configure({ region: "eu-central-1" });
    expect(() => customer({ region: "evil.example/#" })).toThrow(
      expect.objectContaining({ name: "IllegalArgument", field: "options.region" }),
    );
    expect(await originOfConnect()).toBe(endpointOf("eu-central-1"));
  });

  test("C15: create() ignores a region that leads to another host if an endpoint is set, and doesn't make it the global region", async () => {
    configure({ region: "eu-central-1", endpoint: "https://proxy.test" });
    expect(await originOfConnect({ region: "evil.example/#" })).toBe("https://proxy.test");
    configure({ endpoint: "" });
    expect(await originOfConnect()).toBe(endpointOf("eu-central-1"));
  });

  test.each<[how: string, set: () => void]>([
    ["setGlobalConfig()", () => configure({ region: "evil.example/#" })],
    ["setRegionOverride()", () => library.ChatSession.setRegionOverride("evil.example/#")],
  ])("C15: a region passed to %s that leads to another host makes create() throw", (_, set) => {
    set();
    expect(() => customer()).toThrow(expect.objectContaining({ name: "IllegalArgument", field: "region" }));
  });

  test("is overridden by setRegionOverride() until setRegionOverride(null) is called", async () => {
    library.ChatSession.setRegionOverride("us-east-1");
    expect(await originOfConnect({ region: "ap-southeast-2" })).toBe(endpointOf("us-east-1"));
    library.ChatSession.setRegionOverride(null);
    expect(await originOfConnect()).toBe(endpointOf("ap-southeast-2"));
  });
});

describe("the endpoint", () => {
  test("is the region's dual-stack endpoint if useDualStack is true", async () => {
    configure({ region: "eu-central-1", useDualStack: true });
    expect(await originOfConnect()).toBe("https://participant.connect.eu-central-1.api.aws");
    configure({ useDualStack: false });
    expect(await originOfConnect()).toBe(endpointOf("eu-central-1"));
  });

  test("isn't affected by a useDualStack that isn't a boolean, and a warning is logged", async () => {
    configure({ useDualStack: true, loggerConfig: { useDefaultLogger: true } });
    configure(JSON.parse('{"useDualStack":"no"}') as GlobalConfigUpdate);
    expect(await originOfConnect()).toBe("https://participant.connect.us-west-2.api.aws");
    const warnings = platform.printed.filter(({ method }) => method === "warn");
    expect(warnings.map(({ line }) => line)).toEqual([expect.stringContaining("useDualStack is ignored")]);
  });

  test("is the configured endpoint, which takes precedence over region and useDualStack", async () => {
    configure({ endpoint: "https://proxy.test/", region: "eu-central-1", useDualStack: true });
    expect(await originOfConnect()).toBe("https://proxy.test");
    expect(service.calls.at(-1)?.path).toBe("/participant/connection");
  });

  test("is fixed for a session when the session is created", async () => {
    const session = customer();
    configure({ endpoint: "https://later.test" });
    await session.connect();
    expect(service.calls.at(-1)?.url).toContain(endpointOf("us-west-2"));
  });
});

describe("receipts", () => {
  const READ = "application/vnd.amazonaws.connect.event.message.read";

  /** Resolves with whether a new session sends receipts. */
  async function receiptsAreOn(): Promise<boolean> {
    const session = customer();
    await session.connect();
    const content = { messageId: "m", disableThrottle: true };
    const isSent = await session.sendEvent({ contentType: READ, content }).then(
      () => true,
      () => false,
    );
    session.dispose();
    return isSent;
  }

  test("REL-26: receipts are on unless they are switched off, and stay off when later calls omit them", async () => {
    expect(await receiptsAreOn()).toBe(true);
    configure({ features: { messageReceipts: { shouldSendMessageReceipts: false } } });
    configure({ loggerConfig: {}, region: "us-west-2" });
    configure({ features: { messageReceipts: { throttleTime: 100 } } });
    configure(
      JSON.parse('{"features":{"messageReceipts":{"shouldSendMessageReceipts":null}}}') as GlobalConfigUpdate,
    );
    expect(await receiptsAreOn()).toBe(false);
    configure({ features: { messageReceipts: { shouldSendMessageReceipts: true } } });
    expect(await receiptsAreOn()).toBe(true);
  });

  test.each(["null", '""', "0"])(
    "stay on if shouldSendMessageReceipts is %s, because only false switches them off",
    async (value) => {
      configure(
        JSON.parse(
          `{"features":{"messageReceipts":{"shouldSendMessageReceipts":${value}}}}`,
        ) as GlobalConfigUpdate,
      );
      expect(await receiptsAreOn()).toBe(true);
    },
  );

  test("are off if an array of feature flags omits their flag, until the flag is set", async () => {
    configure({ features: ["SOMETHING"] });
    expect(await receiptsAreOn()).toBe(false);
    library.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED");
    expect(await receiptsAreOn()).toBe(true);
  });

  test("are batched for throttleTime milliseconds, even if later calls omit throttleTime", async () => {
    configure({ features: { messageReceipts: { throttleTime: 200 } } });
    configure({ features: { messageReceipts: { shouldSendMessageReceipts: true } } });
    const session = customer();
    await session.connect();
    void session.sendEvent({ contentType: READ, content: { messageId: "m" } });
    await platform.advance(199);
    expect(service.to("/participant/event")).toHaveLength(0);
    await platform.advance(1);
    expect(service.to("/participant/event")).toHaveLength(1);
    session.dispose();
  });
});

test("customUserAgentSuffix is sent with each call", async () => {
  configure({ customUserAgentSuffix: "App/2.0" });
  await originOfConnect();
  const agent = new Headers(service.calls.at(-1)?.init.headers).get("x-amz-user-agent");
  expect(agent).toMatch(/^AmazonConnect-ChatJS\/\S+-App\/2\.0$/);
});

test.each(["region", "stage", "cell", "endpoint", "customUserAgentSuffix"])(
  "setGlobalConfig() throws an error that names the field for a %s of the wrong type",
  (key) => {
    expect(() => configure({ [key]: 7 })).toThrow(
      expect.objectContaining({ name: "IllegalArgument", field: key }),
    );
  },
);

test("setGlobalConfig() throws for a configuration that isn't an object", () => {
  expect(() => configure(JSON.parse('"region"') as GlobalConfigUpdate)).toThrow(
    expect.objectContaining({ field: "config" }),
  );
});

describe("an http:// endpoint", () => {
  const SOCKET_URL = "ws://10.0.2.2:3000/socket";
  const rejectUnusedCall = (): Promise<never> => Promise.reject(new Error("unused"));

  class WrappingClient extends ChatClient {
    override createParticipantConnection = (): Promise<{ data: object }> =>
      Promise.resolve({ data: { Websocket: { Url: SOCKET_URL } } });
    override disconnectParticipant = rejectUnusedCall;
    override sendMessage = rejectUnusedCall;
    override sendEvent = rejectUnusedCall;
    override getTranscript = rejectUnusedCall;
  }

  const openSockets = (): string[] => platform.sockets.map(({ url }) => url);

  test("allows an unencrypted socket on the same host, even with a custom client", async () => {
    configure({ endpoint: "http://10.0.2.2:3000" });
    const session = library.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: "wrapped", participantId: "p" },
      options: { customChatClient: new WrappingClient() },
      disableCSM: true,
    });
    await session.connect();
    await platform.settle();
    expect(openSockets()).toEqual([SOCKET_URL]);
    session.dispose();
  });

  test("allows an unencrypted socket for a manager that was created before the endpoint was set", async () => {
    const manager = library.WebSocketManager.create();
    configure({ endpoint: "http://10.0.2.2:3000" });
    void manager.init(() =>
      Promise.resolve({ webSocketTransport: { url: SOCKET_URL, transportLifeTimeInSeconds: 3_540 } }),
    );
    await platform.settle();
    expect(openSockets()).toEqual([SOCKET_URL]);
    manager.closeWebSocket();
  });
});

test("C19: the same participant has one socket in each of two library instances on separate platforms", async () => {
  const platforms = [new FakePlatform(), new FakePlatform()];
  const sessions = platforms.map((each) => {
    new FakeService(each);
    return createLibrary(each, NO_STREAMS).ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: "both", participantId: "p", participantToken: "t" },
      disableCSM: true,
    });
  });
  for (const session of sessions) await session.connect();
  for (const each of platforms) await each.settle();
  expect(platforms.map(({ sockets }) => sockets.length)).toEqual([1, 1]);
  for (const session of sessions) session.dispose();
});
