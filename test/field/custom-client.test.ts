import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

/** The results that replace the service's responses, by method. `once` replaces only the first call's result. */
type Replacements = Readonly<Record<string, "undefined" | "{}" | "undefined once" | "{} once">>;

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
    /** The connection tokens passed to the custom client's sendMessage(). */
    tokens: (string | null)[];
    /** The number of calls to the custom client's getTranscript(). */
    transcriptCalls: number;
    /** The library's log lines. */
    lines: string[];
  }
}

/** Runs in the page. New sessions then use a custom client that follows upstream's contract. */
function useCustomClient(replacements: Replacements): void {
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
  window.transcriptCalls = 0;
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
      window.transcriptCalls += 1;
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
  for (const [name, result] of Object.entries(replacements)) {
    const original: unknown = Reflect.get(methods, name);
    let left = result.endsWith("once") ? 1 : Infinity;
    const replacement = (...args: unknown[]): unknown => {
      left -= 1;
      if (left < 0 && typeof original === "function") return Reflect.apply(original, undefined, args);
      return Promise.resolve(result.startsWith("{}") ? {} : undefined);
    };
    Object.assign(methods, { [name]: replacement });
  }
  window.connect.ChatSession.setGlobalConfig({
    customChatClient: methods as unknown as connect.ChatClient,
  });
}

const replacementFor = (name: string, result: "undefined" | "{}"): Replacements => ({ [name]: result });

/** Makes the next CreateParticipantConnection response contain a socket URL but no connection token. */
function respondWithoutToken({ simulator, chatDetails }: FieldPage): void {
  const { url, expiry } = simulator.signSocket([chatDetails.participantId]);
  simulator.faults.garbleNext("CreateParticipantConnection", {
    status: 200,
    contentType: "application/json",
    body: JSON.stringify({ Websocket: { Url: url, ConnectionExpiry: expiry } }),
  });
}

/** Opens a page whose sessions use the custom client. */
async function withCustomClient(replacements: Replacements = {}): Promise<FieldPage> {
  const chat = await field.open();
  await chat.page.evaluate(useCustomClient, replacements);
  return chat;
}

describe("a custom client that reads args.startPosition.id and args.maxResults", () => {
  test("A6: all 20 messages that were missed in a gap are recovered", async () => {
    const chat = await withCustomClient();
    await chat.connect();
    await chat.untilEvent("onConnectionEstablished");
    chat.simulator.dropSockets();
    const texts = Array.from({ length: 20 }, (_, index) => `missed ${index + 1}`);
    for (const text of texts) chat.contact.say(text);
    await chat.untilTexts(...texts);
    expect(await chat.texts()).toEqual(texts);
    expect(await chat.events("onMessagesRecovered")).toEqual([{ count: 20, complete: true }]);
  });

  test("A6: the application's getTranscript() and the library's own transcript fetch return the messages", async () => {
    const chat = await withCustomClient();
    await chat.connect({ withTranscript: true });
    chat.contact.say("hello");
    await chat.untilTexts("hello");
    const { AbsoluteTime } = (await chat.events<{ AbsoluteTime: string }>("onMessage")).at(-1) ?? {};
    for (const args of [
      undefined,
      { startPosition: { absoluteTime: AbsoluteTime }, scanDirection: "FORWARD" },
    ]) {
      expect(await chat.call("getTranscript", args)).toHaveProperty(
        "resolved.data.Transcript",
        expect.arrayContaining([expect.objectContaining({ Content: "hello" })]),
      );
    }
    await chat.until(async () => (await chat.transcript()).length > 0);
    expect(await chat.transcript()).toContainEqual(expect.objectContaining({ Content: "hello" }));
    // The service accepts requests from any client, so this checks that all requests came from the custom client.
    await chat.until(() => chat.operations("GetTranscript").length >= 3);
    const calls = chat.operations("GetTranscript").length;
    expect(calls).toBeGreaterThanOrEqual(3);
    expect(await chat.page.evaluate(() => window.transcriptCalls)).toBeGreaterThanOrEqual(calls);
  });
});

test("A7: a subclass of connect.ChatClient works as a custom client, and connect.ChatSession.ChatClient is the same class", async () => {
  const chat = await field.open();
  await chat.page.evaluate(useCustomClient, {});
  const outcome = await chat.page.evaluate(() =>
    window.field.settle(async () => {
      const calls: string[] = [];
      class CustomClient extends window.connect.ChatClient {
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
      window.connect.ChatSession.setGlobalConfig({ customChatClient: new CustomClient() });
      return Promise.resolve({
        calls,
        isSame: window.connect.ChatClient === window.connect.ChatSession.ChatClient,
      });
    }),
  );
  expect(outcome).toEqual({ resolved: { calls: [], isSame: true } });
  await chat.connect();
  expect(await chat.send("hello")).toHaveProperty("resolved.data.Id", "mine");
});

describe("a CreateParticipantConnection response without ConnectionCredentials", () => {
  test("A9: the first connect() rejects with an error that names the missing field", async () => {
    const chat = await field.open();
    const Websocket = { Url: "wss://a.test/socket", ConnectionExpiry: "2099-01-01T00:00:00.000Z" };
    chat.simulator.faults.garbleNext("CreateParticipantConnection", {
      status: 200,
      contentType: "application/json",
      body: JSON.stringify({ Websocket }),
    });
    await chat.create();
    expect(await chat.call("connect")).toMatchObject({
      rejected: {
        connectSuccess: false,
        code: "InvalidResponse",
        message: expect.stringContaining("ConnectionCredentials"),
      },
    });
    expect(await chat.call("getChatDetails")).toHaveProperty("resolved.connectionDetails", null);
    expect(chat.operations()).toEqual(["CreateParticipantConnection"]);
    expect(await chat.call("connect")).toHaveProperty("resolved.connectSuccess", true);
    expect(await chat.send("hello")).toHaveProperty("resolved");
  });

  test("A9: a session that was already connected keeps its earlier token", async () => {
    const chat = await field.open();
    await chat.connect();
    await chat.untilEvent("onConnectionEstablished");
    chat.simulator.expireSocketUrls();
    respondWithoutToken(chat);
    chat.simulator.dropSockets();
    await chat.untilEvent("onConnectionEstablished", 2);
    expect(await chat.send("hello")).toHaveProperty("resolved");
    expect(await chat.call("getChatDetails")).toHaveProperty(
      "resolved.connectionDetails.connectionToken",
      expect.any(String),
    );
  });

  test("A9: a session that was already connected loses its token if the response comes from a custom client", async () => {
    const chat = await withCustomClient();
    await chat.connect();
    await chat.untilEvent("onConnectionEstablished");
    const responses = (): number => chat.operations("CreateParticipantConnection").length - 1;
    const tokens: unknown[] = [];
    for (const expected of [1, 2]) {
      chat.simulator.expireSocketUrls();
      if (expected === 1) respondWithoutToken(chat);
      chat.simulator.dropSockets();
      // The link was up only briefly, so the pauses before the second reconnection's attempts add up to 12 s. On a slow
      // machine, another attempt may be necessary.
      await chat.until(() => responses() >= expected && chat.isSubscribed(), 20_000);
      await chat.send(`number ${expected}`);
      tokens.push(await chat.page.evaluate(() => window.tokens.at(-1)));
    }
    expect(tokens).toEqual([null, null]);
  });
});

describe("an invalid socket URL", () => {
  test.each([
    ["an empty string", ""],
    ["an unparsable URL", "wss://"],
    ["a number", 7],
  ])("B12: if one response while reconnecting contains %s, another URL is requested", async (_what, Url) => {
    const chat = await field.open();
    await chat.connect();
    await chat.untilEvent("onConnectionEstablished");
    chat.simulator.faults.garbleNext("CreateParticipantConnection", {
      status: 200,
      contentType: "application/json",
      body: JSON.stringify({ Websocket: { Url }, ConnectionCredentials: { ConnectionToken: "damaged" } }),
    });
    chat.simulator.expireSocketUrls();
    chat.simulator.dropSockets();
    chat.contact.say("missed");
    await chat.untilTexts("missed");
    expect(await chat.texts()).toEqual(["missed"]);
    expect(await chat.eventNames("onConnectionBroken")).toEqual([]);
    expect(await chat.send("hello")).toHaveProperty("resolved");
  });
});

describe("a custom client that resolves without a value", () => {
  test.each(["undefined", "{}"] as const)(
    "A11: if createParticipantConnection() resolves with %s, connect() rejects with an error that names the method",
    async (what) => {
      const chat = await withCustomClient({ createParticipantConnection: what });
      await chat.create();
      expect(await chat.call("connect")).toMatchObject({
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
    "A11: if %s() resolves with undefined, the call rejects with InvalidResponse, but {} is accepted as a response without data",
    async (name, args) => {
      const chat = await withCustomClient(replacementFor(name, "undefined"));
      await chat.connect();
      expect(await chat.call(name, args)).toMatchObject({
        rejected: { code: "InvalidResponse", message: expect.stringContaining(`${name}()`) },
      });
      await chat.page.evaluate(useCustomClient, replacementFor(name, "{}"));
      await chat.connect();
      expect(await chat.call(name, args)).toEqual({ resolved: { metadata: null } });
    },
  );

  test("A11: if disconnectParticipant() resolves with undefined, the call succeeds", async () => {
    const chat = await withCustomClient({ disconnectParticipant: "undefined" });
    await chat.connect();
    expect(await chat.call("disconnectParticipant")).toEqual({ resolved: { metadata: null } });
  });

  test.each(["undefined once", "{} once"] as const)(
    "A11: if getTranscript() resolves with %s, the recovery retries, and no raw TypeError is logged",
    async (what) => {
      const chat = await withCustomClient({ getTranscript: what });
      await chat.page.evaluate(() => {
        window.lines = [];
        const log = (...line: unknown[]): void => void window.lines.push(line.map(String).join(" "));
        window.connect.ChatSession.setGlobalConfig({
          loggerConfig: {
            level: "DEBUG",
            customizedLogger: { debug: log, info: log, warn: log, error: log },
          },
        });
      });
      await chat.connect();
      await chat.untilEvent("onConnectionEstablished");
      chat.simulator.dropSockets();
      chat.contact.say("missed");
      await chat.untilTexts("missed");
      expect(await chat.texts()).toEqual(["missed"]);
      const lines = await chat.page.evaluate(() => window.lines);
      const problems = lines.filter((line) => line.includes("requested again"));
      expect(problems).toEqual([expect.stringContaining("InvalidResponse")]);
    },
  );
});
