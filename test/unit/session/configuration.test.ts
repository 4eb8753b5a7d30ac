import { beforeEach, describe, expect, test } from "@jest/globals";
import { ChatClient } from "../../../src/api/client";
import type { GivenConfig } from "../../../src/api/config";
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

const configure = (config: GivenConfig): void => library.ChatSession.setGlobalConfig(config);

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

/** The address that the next connect() of a new session asks. */
async function asked(options?: { region?: string }): Promise<string> {
  const session = customer(options);
  await session.connect();
  session.dispose();
  return new URL(service.calls.at(-1)?.url ?? "").origin;
}

const address = (region: string): string => `https://participant.connect.${region}.amazonaws.com`;

describe("the region", () => {
  test("is us-west-2 unless set", async () => {
    expect(await asked()).toBe(address("us-west-2"));
  });

  test("is the default where the application hands on an empty string, as its endpoint is", async () => {
    configure({ region: "", endpoint: "" });
    library.ChatSession.setRegionOverride("");
    expect(await asked()).toBe(address("us-west-2"));
  });

  test("stays what it was when a later call leaves it out, or gives null", async () => {
    configure({ region: "eu-central-1" });
    configure({ loggerConfig: {} });
    configure({ region: null });
    expect(await asked()).toBe(address("eu-central-1"));
  });

  test("of create() becomes the global one", async () => {
    configure({ region: "eu-central-1" });
    expect(await asked({ region: "ap-southeast-2" })).toBe(address("ap-southeast-2"));
    expect(await asked()).toBe(address("ap-southeast-2"));
  });

  test("C15: of create() that leads to another host is refused, and doesn't become the global one", async () => {
    configure({ region: "eu-central-1" });
    expect(() => customer({ region: "evil.example/#" })).toThrow(
      expect.objectContaining({ name: "IllegalArgument", field: "options.region" }),
    );
    expect(await asked()).toBe(address("eu-central-1"));
  });

  test("C15: of create() that leads to another host is taken where an endpoint is set, and doesn't stay", async () => {
    configure({ region: "eu-central-1", endpoint: "https://proxy.test" });
    expect(await asked({ region: "evil.example/#" })).toBe("https://proxy.test");
    configure({ endpoint: "" });
    expect(await asked()).toBe(address("eu-central-1"));
  });

  test.each<[how: string, set: () => void]>([
    ["setGlobalConfig()", () => configure({ region: "evil.example/#" })],
    ["setRegionOverride()", () => library.ChatSession.setRegionOverride("evil.example/#")],
  ])("C15: of %s that leads to another host is refused by create()", (_, set) => {
    set();
    expect(() => customer()).toThrow(expect.objectContaining({ name: "IllegalArgument", field: "region" }));
  });

  test("is overridden, over all others, until the override is taken back", async () => {
    library.ChatSession.setRegionOverride("us-east-1");
    expect(await asked({ region: "ap-southeast-2" })).toBe(address("us-east-1"));
    library.ChatSession.setRegionOverride(null);
    expect(await asked()).toBe(address("ap-southeast-2"));
  });
});

describe("the address", () => {
  test("is the dual-stack one where that is asked for, of the same region", async () => {
    configure({ region: "eu-central-1", useDualStack: true });
    expect(await asked()).toBe("https://participant.connect.eu-central-1.api.aws");
    configure({ useDualStack: false });
    expect(await asked()).toBe(address("eu-central-1"));
  });

  test("of dual stack is ignored, with a warning, where it is no boolean", async () => {
    configure({ useDualStack: true, loggerConfig: { useDefaultLogger: true } });
    configure(JSON.parse('{"useDualStack":"no"}') as GivenConfig);
    expect(await asked()).toBe("https://participant.connect.us-west-2.api.aws");
    const warnings = platform.printed.filter(({ method }) => method === "warn");
    expect(warnings.map(({ line }) => line)).toEqual([expect.stringContaining("useDualStack is ignored")]);
  });

  test("is the endpoint where there is one, over region and dual stack", async () => {
    configure({ endpoint: "https://proxy.test/", region: "eu-central-1", useDualStack: true });
    expect(await asked()).toBe("https://proxy.test");
    expect(service.calls.at(-1)?.path).toBe("/participant/connection");
  });

  test("of a session stays the one it was made with", async () => {
    const session = customer();
    configure({ endpoint: "https://later.test" });
    await session.connect();
    expect(service.calls.at(-1)?.url).toContain(address("us-west-2"));
  });
});

describe("receipts", () => {
  const READ = "application/vnd.amazonaws.connect.event.message.read";

  /** Whether a receipt of a new session is sent at once. */
  async function areOn(): Promise<boolean> {
    const session = customer();
    await session.connect();
    const content = { messageId: "m", disableThrottle: true };
    const sent = await session.sendEvent({ contentType: READ, content }).then(
      () => true,
      () => false,
    );
    session.dispose();
    return sent;
  }

  test("REL-26: receipts are on unless switched off, and stay off when later calls omit them", async () => {
    expect(await areOn()).toBe(true);
    configure({ features: { messageReceipts: { shouldSendMessageReceipts: false } } });
    configure({ loggerConfig: {}, region: "us-west-2" });
    configure({ features: { messageReceipts: { throttleTime: 100 } } });
    configure(
      JSON.parse('{"features":{"messageReceipts":{"shouldSendMessageReceipts":null}}}') as GivenConfig,
    );
    expect(await areOn()).toBe(false);
    configure({ features: { messageReceipts: { shouldSendMessageReceipts: true } } });
    expect(await areOn()).toBe(true);
  });

  test.each(["null", '""', "0"])(
    "stay on where the switch is %s: only false switches them off",
    async (given) => {
      configure(
        JSON.parse(`{"features":{"messageReceipts":{"shouldSendMessageReceipts":${given}}}}`) as GivenConfig,
      );
      expect(await areOn()).toBe(true);
    },
  );

  test("are off where an array of flags leaves theirs out, until the flag is set", async () => {
    configure({ features: ["SOMETHING"] });
    expect(await areOn()).toBe(false);
    library.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED");
    expect(await areOn()).toBe(true);
  });

  test("are gathered for as long as throttleTime says, and that too is kept", async () => {
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

test("the user agent's suffix goes out with each call", async () => {
  configure({ customUserAgentSuffix: "App/2.0" });
  await asked();
  const agent = new Headers(service.calls.at(-1)?.init.headers).get("x-amz-user-agent");
  expect(agent).toMatch(/^AmazonConnect-ChatJS\/\S+-App\/2\.0$/);
});

test.each(["region", "stage", "cell", "endpoint", "customUserAgentSuffix"])(
  "%s of the wrong kind is refused, by its name",
  (key) => {
    expect(() => configure({ [key]: 7 })).toThrow(
      expect.objectContaining({ name: "IllegalArgument", field: key }),
    );
  },
);

test("a configuration that is no object is refused", () => {
  expect(() => configure(JSON.parse('"region"') as GivenConfig)).toThrow(
    expect.objectContaining({ field: "config" }),
  );
});

describe("an endpoint that is http://", () => {
  const URL_THERE = "ws://10.0.2.2:3000/socket";
  const unused = (): Promise<never> => Promise.reject(new Error("unused"));

  class Wrapping extends ChatClient {
    override createParticipantConnection = (): Promise<{ data: object }> =>
      Promise.resolve({ data: { Websocket: { Url: URL_THERE } } });
    override disconnectParticipant = unused;
    override sendMessage = unused;
    override sendEvent = unused;
    override getTranscript = unused;
  }

  const openSockets = (): string[] => platform.sockets.map(({ url }) => url);

  test("may have its socket on the same host without encryption, with a custom client as well", async () => {
    configure({ endpoint: "http://10.0.2.2:3000" });
    const session = library.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: "wrapped", participantId: "p" },
      options: { customChatClient: new Wrapping() },
      disableCSM: true,
    });
    await session.connect();
    await platform.settle();
    expect(openSockets()).toEqual([URL_THERE]);
    session.dispose();
  });

  test("that is set after a manager was made holds for it, too", async () => {
    const manager = library.WebSocketManager.create();
    configure({ endpoint: "http://10.0.2.2:3000" });
    void manager.init(() =>
      Promise.resolve({ webSocketTransport: { url: URL_THERE, transportLifeTimeInSeconds: 3_540 } }),
    );
    await platform.settle();
    expect(openSockets()).toEqual([URL_THERE]);
    manager.closeWebSocket();
  });
});

test("C19: two libraries, each on its own platform: the same participant has a socket on each", async () => {
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
