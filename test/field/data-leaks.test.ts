/** Tokens, texts and calls must not reach another host, another contact or a log. */
import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

/** Sets the library's log level and records its lines as `log` events. */
const logTo = (chat: FieldPage, level: "DEBUG" | "WARN"): Promise<void> =>
  chat.page.evaluate((name) => {
    const record =
      (lineLevel: string) =>
      (line: unknown): void =>
        void window.field.events.push({ on: "log", data: `${lineLevel} ${String(line)}` });
    window.connect.ChatSession.setGlobalConfig({
      loggerConfig: {
        level: window.connect.ChatSession.LogLevel[name],
        customizedLogger: {
          debug: record("DEBUG"),
          info: record("INFO"),
          warn: record("WARN"),
          error: record("ERROR"),
        },
      },
    });
  }, level);

describe("C11: the WARN about a contactId that doesn't belong to the token", () => {
  const chatDetailsOf = ({ chatDetails }: FieldPage): object => ({
    ...chatDetails,
    contactId: "00000000-0000-4000-8000-000000000000",
  });

  test("is logged once, even if several items have another contact's ID", async () => {
    const chat = await field.open();
    await logTo(chat, "WARN");
    await chat.connect({ chatDetails: chatDetailsOf(chat) });
    for (const text of ["one", "two", "three"]) chat.contact.say(text);
    await chat.untilEvent("log");
    const warnings = (await chat.events<string>("log")).filter((line) => line.startsWith("WARN"));
    expect(warnings).toEqual([expect.stringContaining("another contact")]);
  });

  test("isn't logged if the contactId does belong to the token", async () => {
    const chat = await field.open();
    await logTo(chat, "WARN");
    await chat.connect();
    chat.contact.say("one");
    await chat.untilTexts("one");
    expect(await chat.events("log")).toEqual([]);
  });
});

describe("C15: options.region, which becomes part of the host that receives the token", () => {
  const create = (chat: FieldPage, endpoint: string, region: string): Promise<unknown> =>
    chat.page.evaluate(
      ([chatDetails, at, options]) => {
        window.connect.ChatSession.setGlobalConfig({ endpoint: at });
        return window.field.settle(() => {
          window.field.create({ chatDetails, options }, false);
          return "created";
        });
      },
      [chat.chatDetails, endpoint, { region }] as const,
    );

  test.each([
    "evil.example/#",
    "evil.example/",
    "us-east-1.evil.example#",
    "us east 1",
    "a@b",
    "us-east-1\\",
    "é",
  ])("can't be %j, for which create() throws an IllegalArgument that names the field", async (region) => {
    const chat = await field.open();
    expect(await create(chat, "", region)).toMatchObject({
      rejected: { name: "IllegalArgument", field: "options.region" },
    });
  });

  test.each(["us-east-1", "US-EAST-1", "us-gov-west-1"])("can be %s", async (region) => {
    const chat = await field.open();
    expect(await create(chat, "", region)).toEqual({ resolved: "created" });
  });

  test("can be any text if an endpoint is set, because the region isn't used then", async () => {
    const chat = await field.open();
    expect(await create(chat, chat.simulator.url, "my region")).toEqual({ resolved: "created" });
  });
});

describe("C15: a proxy that changes the socket URL in the service's response", () => {
  test.each([
    "ws://localhost:1@evil.example/",
    "ws://127.0.0.1@evil.example/",
    "ws://localhost.evil.example/",
    "ws://evil.example/?ws://localhost:1/",
    "http://evil.example/",
  ])("can't make the library open a socket to %s", async (url) => {
    const chat = await field.open({
      before: () => {
        const urls: string[] = [];
        const Socket = window.WebSocket;
        window.WebSocket = class extends Socket {
          constructor(to: string | URL) {
            urls.push(String(to));
            super("ws://127.0.0.1:1/");
          }
        };
        const fetch = window.fetch.bind(window);
        window.fetch = async (input, init) => {
          const response = await fetch(input, init);
          const changed = sessionStorage.getItem("url");
          if (changed === null || typeof input !== "string" || !input.endsWith("/participant/connection"))
            return response;
          const content = (await response.json()) as { Websocket?: object };
          const { status, headers } = response;
          const body = JSON.stringify({ ...content, Websocket: { ...content.Websocket, Url: changed } });
          return new Response(body, { status, headers });
        };
        Object.assign(window, { urls });
      },
    });
    await chat.page.evaluate((changed) => sessionStorage.setItem("url", changed), url);
    await chat.create();
    await chat.call("connect");
    const urls = await chat.page.evaluate(() => Reflect.get(window, "urls") as string[]);
    expect(urls).toEqual([]);
  });
});

describe("C16: an error from a handler that quotes the message", () => {
  /** A text with characters that JSON and URLs escape. A log line must not contain any of `WORDS`. */
  const TEXT = 'Grandmother\'s "address":\n12 Cherry\tLane, C:\\Users\\me & <b>Zürich</b>';
  const WORDS = ["grandmother", "cherry", "lane", "users", "rich"];

  test.each(["JSON", "JSON twice", "slice", "upper case", "URL-encoded"] as const)(
    "is logged without the message's words if it contains them as %s",
    async (encoding) => {
      const chat = await field.open();
      await logTo(chat, "DEBUG");
      await chat.create();
      await chat.page.evaluate((name) => {
        const quotes = {
          JSON: (item: object) => JSON.stringify(item),
          "JSON twice": (item: object) => JSON.stringify(JSON.stringify(item)),
          slice: (_: object, text: string) => `… ${text.slice(3)}`,
          "upper case": (_: object, text: string) => text.toUpperCase(),
          "URL-encoded": (_: object, text: string) => encodeURIComponent(text),
        };
        window.field.session.onMessage(({ data }) => {
          throw new TypeError(quotes[name](data, data.Content ?? ""));
        });
      }, encoding);
      await chat.call("connect");
      await chat.until(() => chat.isSubscribed());
      chat.contact.say(TEXT);
      await chat.untilTexts(TEXT);
      await chat.until(async () =>
        (await chat.events<string>("log")).some((line) => line.includes("TypeError")),
      );
      const log = (await chat.events<string>("log")).join("\n");
      expect(log).toContain("TypeError");
      expect(WORDS.filter((word) => log.toLowerCase().includes(word))).toEqual([]);
    },
  );
});
