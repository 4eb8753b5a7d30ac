/** Tokens, texts and calls that would go to the wrong place: another host, another contact, a log. */
import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

/** Has the library log at this level; the lines so far are the `log` events. */
const logTo = (its: FieldPage, level: "DEBUG" | "WARN"): Promise<void> =>
  its.page.evaluate((name) => {
    const keep =
      (of: string) =>
      (line: unknown): void =>
        void window.field.events.push({ on: "log", data: `${of} ${String(line)}` });
    window.connect.ChatSession.setGlobalConfig({
      loggerConfig: {
        level: window.connect.ChatSession.LogLevel[name],
        customizedLogger: {
          debug: keep("DEBUG"),
          info: keep("INFO"),
          warn: keep("WARN"),
          error: keep("ERROR"),
        },
      },
    });
  }, level);

describe("C11: a contactId that isn't the token's", () => {
  const chatDetailsOf = ({ chatDetails }: FieldPage): object => ({
    ...chatDetails,
    contactId: "00000000-0000-4000-8000-000000000000",
  });

  test("one WARN says so, however many items of the other contact arrive", async () => {
    const its = await field.open();
    await logTo(its, "WARN");
    await its.connect({ chatDetails: chatDetailsOf(its) });
    for (const text of ["one", "two", "three"]) its.contact.say(text);
    await its.untilEvent("log");
    const warnings = (await its.events<string>("log")).filter((line) => line.startsWith("WARN"));
    expect(warnings).toEqual([expect.stringContaining("another contact")]);
  });

  test("the right one causes no WARN", async () => {
    const its = await field.open();
    await logTo(its, "WARN");
    await its.connect();
    its.contact.say("one");
    await its.untilTexts("one");
    expect(await its.events("log")).toEqual([]);
  });
});

describe("C15: a region becomes a part of the host that gets the token", () => {
  const create = (its: FieldPage, endpoint: string, region: string): Promise<unknown> =>
    its.page.evaluate(
      ([chatDetails, at, options]) => {
        window.connect.ChatSession.setGlobalConfig({ endpoint: at });
        return window.field.settle(() => {
          window.field.create({ chatDetails, options }, false);
          return "created";
        });
      },
      [its.chatDetails, endpoint, { region }] as const,
    );

  test.each([
    "evil.example/#",
    "evil.example/",
    "us-east-1.evil.example#",
    "us east 1",
    "a@b",
    "us-east-1\\",
    "é",
  ])("%j is refused with IllegalArgument that names it", async (region) => {
    const its = await field.open();
    expect(await create(its, "", region)).toMatchObject({
      rejected: { name: "IllegalArgument", field: "options.region" },
    });
  });

  test.each(["us-east-1", "US-EAST-1", "us-gov-west-1"])("%s is taken", async (region) => {
    const its = await field.open();
    expect(await create(its, "", region)).toEqual({ resolved: "created" });
  });

  test("with an endpoint it is irrelevant, and taken as it is", async () => {
    const its = await field.open();
    expect(await create(its, its.simulator.url, "my region")).toEqual({ resolved: "created" });
  });
});

describe("C15: a proxy changes the service's answer to send the socket elsewhere", () => {
  test.each([
    "ws://localhost:1@evil.example/",
    "ws://127.0.0.1@evil.example/",
    "ws://localhost.evil.example/",
    "ws://evil.example/?ws://localhost:1/",
    "http://evil.example/",
  ])("no socket is opened to %s", async (url) => {
    const its = await field.open({
      before: () => {
        const opened: string[] = [];
        const Socket = window.WebSocket;
        window.WebSocket = class extends Socket {
          constructor(to: string | URL) {
            opened.push(String(to));
            super("ws://127.0.0.1:1/");
          }
        };
        const fetch = window.fetch.bind(window);
        window.fetch = async (input, init) => {
          const response = await fetch(input, init);
          const changed = sessionStorage.getItem("url");
          if (changed === null || typeof input !== "string" || !input.endsWith("/participant/connection"))
            return response;
          const answer = (await response.json()) as { Websocket?: object };
          const { status, headers } = response;
          const body = JSON.stringify({ ...answer, Websocket: { ...answer.Websocket, Url: changed } });
          return new Response(body, { status, headers });
        };
        Object.assign(window, { opened });
      },
    });
    await its.page.evaluate((changed) => sessionStorage.setItem("url", changed), url);
    await its.create();
    await its.call("connect");
    const opened = await its.page.evaluate(() => Reflect.get(window, "opened") as string[]);
    expect(opened).toEqual([]);
  });
});

describe("C16: a handler throws an error that quotes the message", () => {
  /** With what JSON and URLs escape; each of its words stands for the text. */
  const TEXT = 'Grandmother\'s "address":\n12 Cherry\tLane, C:\\Users\\me & <b>Zürich</b>';
  const WORDS = ["grandmother", "cherry", "lane", "users", "rich"];

  test.each(["JSON", "JSON twice", "slice", "upper case", "URL-encoded"] as const)(
    "in this form: %s: none of its words reaches the log",
    async (form) => {
      const its = await field.open();
      await logTo(its, "DEBUG");
      await its.create();
      await its.page.evaluate((name) => {
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
      }, form);
      await its.call("connect");
      await its.until(() => its.isSubscribed());
      its.contact.say(TEXT);
      await its.untilTexts(TEXT);
      await its.until(async () =>
        (await its.events<string>("log")).some((line) => line.includes("TypeError")),
      );
      const log = (await its.events<string>("log")).join("\n");
      expect(log).toContain("TypeError");
      expect(WORDS.filter((word) => log.toLowerCase().includes(word))).toEqual([]);
    },
  );
});
