import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

/** What a method of the custom client resolves in place of the service's answer: always, or the first time only. */
type Resolving = Readonly<Record<string, "undefined" | "{}" | "undefined once" | "{} once">>;

interface TranscriptArgs {
  readonly maxResults: number;
  readonly sortOrder: string;
  readonly scanDirection: string;
  readonly startPosition: {
    readonly id?: string;
    readonly absoluteTime?: string;
    readonly mostRecent?: number;
  };
  readonly nextToken?: string;
}

declare global {
  interface Window {
    /** The connection tokens that the library passed to the custom client's sendMessage(). */
    tokens: (string | null)[];
    /** How often the library called the custom client's getTranscript(). */
    transcripts: number;
    /** What the library logged. */
    lines: string[];
  }
}

/** Runs in the page: a custom client for new sessions, as an application writes it by upstream's contract. */
function useCustomClient(own: Resolving): void {
  const post = async (path: string, token: string | null, body: object): Promise<{ data: unknown }> => {
    const response = await fetch(`/participant/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-amz-bearer": token ?? "" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw Object.assign(new Error(path), { statusCode: response.status });
    const text = await response.text();
    return { data: text === "" ? {} : JSON.parse(text) };
  };
  window.tokens = [];
  window.transcripts = 0;
  const methods = {
    createParticipantConnection: (token: string | null, Type: string[] | null) =>
      post("connection", token, { Type }),
    disconnectParticipant: (token: string | null) => post("disconnect", token, {}),
    sendMessage: (token: string | null, Content: string, ContentType: string, ClientToken?: string) => {
      window.tokens.push(token);
      return post("message", token, { Content, ContentType, ClientToken });
    },
    sendEvent: (token: string | null, ContentType: string, Content: unknown, ClientToken?: string) =>
      post("event", token, { Content, ContentType, ClientToken }),
    getTranscript: (token: string | null, args: TranscriptArgs) => {
      window.transcripts += 1;
      return post("transcript", token, {
        MaxResults: args.maxResults,
        SortOrder: args.sortOrder,
        ScanDirection: args.scanDirection,
        StartPosition: {
          Id: args.startPosition.id,
          AbsoluteTime: args.startPosition.absoluteTime,
          MostRecent: args.startPosition.mostRecent,
        },
        NextToken: args.nextToken,
      });
    },
  };
  for (const [name, what] of Object.entries(own)) {
    const ordinary: unknown = Reflect.get(methods, name);
    let left = what.endsWith("once") ? 1 : Infinity;
    const instead = (...args: unknown[]): unknown => {
      left -= 1;
      if (left < 0 && typeof ordinary === "function") return Reflect.apply(ordinary, undefined, args);
      return Promise.resolve(what.startsWith("{}") ? {} : undefined);
    };
    Object.assign(methods, { [name]: instead });
  }
  window.connect.ChatSession.setGlobalConfig({
    customChatClient: methods as unknown as connect.ChatClient,
  });
}

const resolving = (name: string, what: "undefined" | "{}"): Resolving => ({ [name]: what });

/** The service's next CreateParticipantConnection answers with a socket, and without a connection token. */
function answerWithoutToken({ simulator, chatDetails }: FieldPage): void {
  const { url, expiry } = simulator.signSocket([chatDetails.participantId]);
  simulator.faults.garbleNext("CreateParticipantConnection", {
    status: 200,
    contentType: "application/json",
    body: JSON.stringify({ Websocket: { Url: url, ConnectionExpiry: expiry } }),
  });
}

/** A page whose sessions make their calls through the custom client. */
async function withCustomClient(own: Resolving = {}): Promise<FieldPage> {
  const its = await field.open();
  await its.page.evaluate(useCustomClient, own);
  return its;
}

describe("a custom client that reads args.startPosition.id and args.maxResults", () => {
  test("A6: 20 of 20 messages missed in a gap are recovered", async () => {
    const its = await withCustomClient();
    await its.connect();
    await its.untilEvent("onConnectionEstablished");
    its.simulator.dropSockets();
    const texts = Array.from({ length: 20 }, (_, index) => `missed ${index + 1}`);
    for (const text of texts) its.contact.say(text);
    await its.untilTexts(...texts);
    expect(await its.texts()).toEqual(texts);
    expect(await its.events("onMessagesRecovered")).toEqual([{ count: 20, complete: true }]);
  });

  test("A6: the application's getTranscript() and the transcript's own fetch are answered", async () => {
    const its = await withCustomClient();
    await its.connect({ withTranscript: true });
    its.contact.say("hello");
    await its.untilTexts("hello");
    const { AbsoluteTime } = (await its.events<{ AbsoluteTime: string }>("onMessage")).at(-1) ?? {};
    for (const args of [
      undefined,
      { startPosition: { absoluteTime: AbsoluteTime }, scanDirection: "FORWARD" },
    ]) {
      expect(await its.call("getTranscript", args)).toHaveProperty(
        "resolved.data.Transcript",
        expect.arrayContaining([expect.objectContaining({ Content: "hello" })]),
      );
    }
    await its.until(async () => (await its.transcript()).length > 0);
    expect(await its.transcript()).toContainEqual(expect.objectContaining({ Content: "hello" }));
    // All of them went through the custom client: the library's own would have been answered as well.
    await its.until(() => its.operations("GetTranscript").length >= 3);
    const calls = its.operations("GetTranscript").length;
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(await its.page.evaluate(() => window.transcripts)).toBeGreaterThanOrEqual(calls);
  });
});

test("A7: class X extends connect.ChatClient is a custom client, and connect.ChatSession.ChatClient the same class", async () => {
  const its = await field.open();
  await its.page.evaluate(useCustomClient, {});
  const made = await its.page.evaluate(() =>
    window.field.settle(async () => {
      const calls: string[] = [];
      class X extends window.connect.ChatClient {
        async createParticipantConnection(token: string | null) {
          calls.push("createParticipantConnection");
          const response = await fetch("/participant/connection", {
            method: "POST",
            headers: { "content-type": "application/json", "x-amz-bearer": token ?? "" },
            body: JSON.stringify({ Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] }),
          });
          return { data: (await response.json()) as connect.CreateParticipantConnectionResult };
        }
        async disconnectParticipant() {
          return Promise.resolve({ data: {} });
        }
        async sendMessage(_token: string | null, content: string) {
          calls.push(`sendMessage ${content}`);
          return Promise.resolve({ data: { Id: "mine", AbsoluteTime: "2026-01-01T00:00:00.000Z" } });
        }
        async sendEvent() {
          return Promise.resolve({});
        }
        async getTranscript(_token: string | null, args: connect.GetTranscriptArgs) {
          const data = { InitialContactId: String(args.maxResults), NextToken: "", Transcript: [] };
          return Promise.resolve({ data });
        }
      }
      window.connect.ChatSession.setGlobalConfig({ customChatClient: new X() });
      return Promise.resolve({
        calls,
        isSame: window.connect.ChatClient === window.connect.ChatSession.ChatClient,
      });
    }),
  );
  expect(made).toEqual({ resolved: { calls: [], isSame: true } });
  await its.connect();
  expect(await its.send("hello")).toHaveProperty("resolved.data.Id", "mine");
});

describe("CreateParticipantConnection without ConnectionCredentials", () => {
  test("A9: in the first answer makes connect() reject with what is missing, and leaves no connection", async () => {
    const its = await field.open();
    const Websocket = { Url: "wss://a.test/socket", ConnectionExpiry: "2099-01-01T00:00:00.000Z" };
    its.simulator.faults.garbleNext("CreateParticipantConnection", {
      status: 200,
      contentType: "application/json",
      body: JSON.stringify({ Websocket }),
    });
    await its.create();
    expect(await its.call("connect")).toMatchObject({
      rejected: {
        connectSuccess: false,
        code: "InvalidResponse",
        message: expect.stringContaining("ConnectionCredentials"),
      },
    });
    expect(await its.call("getChatDetails")).toHaveProperty("resolved.connectionDetails", null);
    expect(its.operations()).toEqual(["CreateParticipantConnection"]);
    expect(await its.call("connect")).toHaveProperty("resolved.connectSuccess", true);
    expect(await its.send("hello")).toHaveProperty("resolved");
  });

  test("A9: in a later answer leaves the session its token", async () => {
    const its = await field.open();
    await its.connect();
    await its.untilEvent("onConnectionEstablished");
    its.simulator.expireSocketUrls();
    answerWithoutToken(its);
    its.simulator.dropSockets();
    await its.untilEvent("onConnectionEstablished", 2);
    expect(await its.send("hello")).toHaveProperty("resolved");
    expect(await its.call("getChatDetails")).toHaveProperty(
      "resolved.connectionDetails.connectionToken",
      expect.any(String),
    );
  });

  test("A9: in a later answer of a custom client makes the session tokenless for good", async () => {
    const its = await withCustomClient();
    await its.connect();
    await its.untilEvent("onConnectionEstablished");
    const answers = (): number => its.operations("CreateParticipantConnection").length - 1;
    const tokens: unknown[] = [];
    for (const expected of [1, 2]) {
      its.simulator.expireSocketUrls();
      if (expected === 1) answerWithoutToken(its);
      its.simulator.dropSockets();
      // The link was not up for long: the pauses before the second reconnection's attempts add up to 12 s.
      await its.until(() => answers() === expected && its.isSubscribed(), 20_000);
      await its.send(`number ${expected}`);
      tokens.push(await its.page.evaluate(() => window.tokens.at(-1)));
    }
    expect({ answers: answers(), tokens }).toEqual({ answers: 2, tokens: [null, null] });
  });
});

describe("a socket's URL that is none", () => {
  test.each([
    ["an empty text", ""],
    ["no URL", "wss://"],
    ["a number", 7],
  ])("B12: %s in one answer while reconnecting is asked for again", async (_what, Url) => {
    const its = await field.open();
    await its.connect();
    await its.untilEvent("onConnectionEstablished");
    its.simulator.faults.garbleNext("CreateParticipantConnection", {
      status: 200,
      contentType: "application/json",
      body: JSON.stringify({ Websocket: { Url }, ConnectionCredentials: { ConnectionToken: "damaged" } }),
    });
    its.simulator.expireSocketUrls();
    its.simulator.dropSockets();
    its.contact.say("missed");
    await its.untilTexts("missed");
    expect(await its.texts()).toEqual(["missed"]);
    expect(await its.eventNames("onConnectionBroken")).toEqual([]);
    expect(await its.send("hello")).toHaveProperty("resolved");
  });
});

describe("a custom client that resolves nothing", () => {
  test.each(["undefined", "{}"] as const)(
    "A11: createParticipantConnection() that resolves %s: connect() rejects, and names the method",
    async (what) => {
      const its = await withCustomClient({ createParticipantConnection: what });
      await its.create();
      expect(await its.call("connect")).toMatchObject({
        rejected: {
          code: "InvalidResponse",
          message: expect.stringContaining("createParticipantConnection()"),
        },
      });
    },
  );

  const TYPING = { contentType: "application/vnd.amazonaws.connect.event.typing" };
  const MESSAGE = { message: "hello", contentType: "text/plain" };

  test.each([
    ["sendMessage", MESSAGE],
    ["sendEvent", TYPING],
    ["getTranscript", {}],
  ] as const)(
    "A11: %s() that resolves undefined rejects with InvalidResponse, and {} is a success without data",
    async (name, args) => {
      const its = await withCustomClient(resolving(name, "undefined"));
      await its.connect();
      expect(await its.call(name, args)).toMatchObject({
        rejected: { code: "InvalidResponse", message: expect.stringContaining(`${name}()`) },
      });
      await its.page.evaluate(useCustomClient, resolving(name, "{}"));
      await its.connect();
      expect(await its.call(name, args)).toEqual({ resolved: { metadata: null } });
    },
  );

  test("A11: disconnectParticipant() that resolves undefined is a success", async () => {
    const its = await withCustomClient({ disconnectParticipant: "undefined" });
    await its.connect();
    expect(await its.call("disconnectParticipant")).toEqual({ resolved: { metadata: null } });
  });

  test.each(["undefined once", "{} once"] as const)(
    "A11: getTranscript() that resolves %s: the recovery asks again, and no raw TypeError is logged",
    async (what) => {
      const its = await withCustomClient({ getTranscript: what });
      await its.page.evaluate(() => {
        window.lines = [];
        const note = (...line: unknown[]): void => void window.lines.push(line.map(String).join(" "));
        window.connect.ChatSession.setGlobalConfig({
          loggerConfig: {
            level: "DEBUG",
            customizedLogger: { debug: note, info: note, warn: note, error: note },
          },
        });
      });
      await its.connect();
      await its.untilEvent("onConnectionEstablished");
      its.simulator.dropSockets();
      its.contact.say("missed");
      await its.untilTexts("missed");
      expect(await its.texts()).toEqual(["missed"]);
      const lines = await its.page.evaluate(() => window.lines);
      const problems = lines.filter((line) => line.includes("requested again"));
      expect(problems).toEqual([expect.stringContaining("InvalidResponse")]);
    },
  );
});
