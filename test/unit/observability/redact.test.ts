import { describe, expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { Logging } from "../../../src/observability/logger";
import { describeThrown, redact, redactText } from "../../../src/observability/redact";
import { FakePlatform } from "../../support/fake-platform";

const SECRET = "S3CRET";
/** As a line would show it. */
const shown = (value: unknown): string => JSON.stringify(redact(value));

describe("what is secret", () => {
  test.each([
    "participantToken",
    "ParticipantToken",
    "connectionToken",
    "ConnectionToken",
    "ClientToken",
    "viewToken",
    "NextToken",
    "X-Amz-Bearer",
    "authorization",
    "Content",
    "content",
    "serializedContent",
    "message",
    "Url",
    "url",
    "AuthenticationUrl",
    "HeadersToInclude",
    "DisplayName",
    "AttachmentName",
    "ConnectionAuthenticationToken",
    "connectionData",
    "PreSignedConnectionUrl",
    "errorMessage",
  ])("goes by the key %s, however deep", (key) => {
    expect(shown({ deep: [{ [key]: SECRET, other: "seen" }] })).toBe(
      `{"deep":[{"${key}":"[redacted]","other":"seen"}]}`,
    );
    expect(shown({ [key]: { inner: SECRET } })).not.toContain(SECRET);
  });

  test("that is not there is shown as such", () => {
    expect(shown({ connectionToken: null })).toBe('{"connectionToken":null}');
  });

  test("is the query of a URL, not its origin and path", () => {
    expect(redactText(`PUT https://storage.test/a/b?X-Amz-Signature=${SECRET}&x=1 failed`)).toBe(
      "PUT https://storage.test/a/b?[redacted] failed",
    );
    expect(redactText(`see https://login.test/#token=${SECRET}`)).not.toContain(SECRET);
  });

  test("is the whole of a socket's URL", () => {
    expect(redactText(`WebSocket connection to 'wss://service.test/${SECRET}?a=${SECRET}' failed`)).toBe(
      "WebSocket connection to '[socket URL]' failed",
    );
    expect(redactText(`ws://localhost:1/${SECRET}`)).not.toContain(SECRET);
  });

  test("is whatever is too long to be a word", () => {
    expect(redactText(`token ${"aB3+/=_-.".repeat(10)} refused`)).toBe("token [redacted] refused");
    expect(redactText("00000000-0000-4000-8000-000000000001")).toBe("00000000-0000-4000-8000-000000000001");
  });
});

describe("an error", () => {
  test("shows its code, status and stage, and the words that are ours", () => {
    const error = new ChatError("IllegalArgument", "contentType must be known", { field: "contentType" });
    expect(redact(error)).toEqual(
      expect.objectContaining({
        message: "contentType must be known",
        code: "IllegalArgument",
        type: "IllegalArgument",
        field: "contentType",
      }),
    );
  });

  test.each(["ServiceError", "StorageError", "ClientError"] as const)(
    "of code %s does not show its words, which may quote what was sent",
    (code) => {
      const error = new ChatError(code, `refused: ${SECRET}`, {
        statusCode: 400,
        stage: "UploadToStorage",
        storageCode: "AccessDenied",
        cause: new Error(SECRET),
      });
      expect(shown(error)).not.toContain(SECRET);
      expect(redact(error)).toMatchObject({ code, statusCode: 400, stage: "UploadToStorage" });
    },
  );

  test("shows no secret in the fields that an application's error may fill with anything", () => {
    const url = "wss://service.test/its-secret-token";
    const error = Object.assign(new Error("no"), {
      name: `Error of ${url}`,
      type: url,
      code: url,
      statusCode: 400,
    });
    expect(shown(error)).not.toContain("its-secret-token");
    expect(redact(error)).toMatchObject({ type: "[socket URL]", statusCode: 400 });
  });

  test("shows neither the caller's metadata nor its cause", () => {
    const error = new ChatError("NetworkError", "no answer", { cause: new Error(SECRET) });
    error.metadata = SECRET;
    expect(shown(error)).not.toContain(SECRET);
  });
});

describe("what a handler threw", () => {
  const data = { Content: `${SECRET} "quoted"\nand\n    at ${SECRET} (${SECRET}:1:2)`, DisplayName: SECRET };
  const AT = /^(?:file:\/\/)?\/.*redact\.test\.ts:\d+:\d+$/;

  test.each([
    ["quotes the event", new TypeError(`cannot show ${data.Content}`), "TypeError"],
    ["quotes it as JSON", new Error(`cannot show ${JSON.stringify(data)}`), "Error"],
    ["is of the service", new ChatError("ServiceError", SECRET), "ServiceError"],
  ])("is shown by its class and its place, where it %s", (_, thrown, name) => {
    expect(redact(describeThrown(thrown))).toEqual({ name, at: expect.stringMatching(AT) });
  });

  test("is not shown by words of its message that look like a place, where the stack holds an earlier message", () => {
    const thrown = new Error(`first\n${SECRET}:10:30`);
    // Made now, with the message that it has now.
    expect(thrown.stack).toContain(SECRET);
    thrown.message = "second";
    expect(redact(describeThrown(thrown))).toEqual({ name: "Error", at: expect.stringMatching(AT) });
  });

  test("is shown by its class alone, where a stack of a million characters has no frame", () => {
    const thrown = Object.assign(new Error("x"), { stack: `Error: ${"at a ".repeat(200_000)}` });
    expect(shown(describeThrown(thrown))).toBe('{"name":"Error"}');
  });

  test("is shown by its class alone, where the engine says no place", () => {
    expect(shown(describeThrown(Object.assign(new Error(SECRET), { stack: undefined })))).toBe(
      '{"name":"Error"}',
    );
  });

  test.each([
    [
      "Firefox and Safari",
      "show@https://app.test:8080/a/app.js?token=1:10:20",
      "https://app.test:8080/a/app.js:10:20",
    ],
    ["Chrome", "Error: x\n    at show (https://app.test/app.js#a:10:20)", "https://app.test/app.js:10:20"],
    ["Hermes", "Error: x\n    at show (address at index.android.bundle:1:20)", "index.android.bundle:1:20"],
  ])("is shown by its place as %s gives it, without a query", (_, stack, at) => {
    expect(redact(describeThrown(Object.assign(new Error("x"), { stack })))).toEqual({ name: "Error", at });
  });

  test.each([
    [`no ${SECRET}`, "string"],
    [5, "number"],
    [{ why: SECRET }, "object"],
    [undefined, "undefined"],
  ])("is shown by its type if it isn't an Error", (thrown, name) => {
    expect(shown(describeThrown(thrown))).toBe(JSON.stringify({ name }));
  });

  test("costs nothing where no line is made of it: its stack is not looked at", () => {
    const lines: unknown[] = [];
    const manager = new Logging(new FakePlatform());
    manager.updateLoggerConfig({
      customizedLogger: { error: (line) => lines.push(line) },
      level: "ADVANCED_LOG",
    });
    let looks = 0;
    const thrown = Object.defineProperty(new Error(SECRET), "stack", {
      get() {
        looks += 1;
        return "";
      },
    });
    const logger = manager.getLogger();
    logger.error("A handler failed", describeThrown(thrown));
    expect({ looks, lines }).toEqual({ looks: 0, lines: [] });
    manager.updateLoggerConfig({ level: "ERROR" });
    logger.error("A handler failed", describeThrown(thrown));
    expect(looks).toBeGreaterThan(0);
    expect(lines).toEqual(['ERROR ["A handler failed",{"name":"Error"}] ']);
  });
});

describe("text that could not be parsed as JSON", () => {
  test("is not in the line: the parser's message may quote it", () => {
    let thrown: unknown;
    try {
      JSON.parse(`${SECRET}${SECRET}`);
    } catch (error) {
      thrown = error;
    }
    expect(shown(thrown)).toBe('{"name":"SyntaxError"}');
  });
});

describe("whatever is logged", () => {
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  const shared = { a: 1 };
  const own: Record<string, unknown> = {};
  own["toJSON"] = () => own;
  const broken = {
    get value(): never {
      throw new Error("no");
    },
  };

  test.each<[what: string, value: unknown, as: unknown]>([
    ["a circle", circle, { name: "circle" }],
    ["one object twice", [shared, shared], [{ a: 1 }, { a: 1 }]],
    ["a getter that throws", broken, { value: "[unreadable]" }],
    ["a function, as JSON does", { f: Math.max }, {}],
    ["a bigint", 5n, "5"],
    ["a symbol, as JSON does", { s: Symbol("s") }, {}],
    [
      "what has its own JSON",
      { toJSON: () => ({ connectionToken: "t", a: 1 }) },
      { connectionToken: "[redacted]", a: 1 },
    ],
    ["what fails to make its JSON", { toJSON: () => broken.value }, "[unreadable]"],
    ["what is its own JSON", own, undefined],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", new Date(Number.NaN), null],
    ["null", null, null],
    ["numbers and booleans", [1, true], [1, true]],
  ])("%s makes a line", (_, value, as) => {
    const shown: unknown = JSON.parse(JSON.stringify([redact(value)]));
    expect(shown).toEqual([as ?? null]);
    const platform = new FakePlatform();
    const manager = new Logging(platform);
    manager.updateLoggerConfig({ useDefaultLogger: true });
    manager.getLogger().info("it is", value);
    expect(platform.printed).toHaveLength(1);
  });

  test("is not changed by it", () => {
    const value = { connectionToken: SECRET, list: [{ url: SECRET }] };
    redact(value);
    expect(value).toEqual({ connectionToken: SECRET, list: [{ url: SECRET }] });
  });
});
