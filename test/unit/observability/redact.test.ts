import { describe, expect, test } from "@jest/globals";
import { ChatError } from "../../../src/errors";
import { Logging } from "../../../src/observability/logger";
import { describeThrown, redact, redactText } from "../../../src/observability/redact";
import { FakePlatform } from "../../support/fake-platform";

// cspell:ignore CRET
const SECRET = "S3CRET";
/** Returns the value as it appears in a log line. */
const format = (value: unknown): string => JSON.stringify(redact(value));

describe("redaction", () => {
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
  ])("hides the value of the key %s at any depth", (key) => {
    expect(format({ deep: [{ [key]: SECRET, other: "seen" }] })).toBe(
      `{"deep":[{"${key}":"[redacted]","other":"seen"}]}`,
    );
    expect(format({ [key]: { inner: SECRET } })).not.toContain(SECRET);
  });

  test("shows null for a missing secret", () => {
    expect(format({ connectionToken: null })).toBe('{"connectionToken":null}');
  });

  test("hides a URL's query and fragment, not its origin and path", () => {
    expect(redactText(`PUT https://storage.test/a/b?X-Amz-Signature=${SECRET}&x=1 failed`)).toBe(
      "PUT https://storage.test/a/b?[redacted] failed",
    );
    expect(redactText(`see https://login.test/#token=${SECRET}`)).not.toContain(SECRET);
  });

  test("hides a socket URL completely", () => {
    expect(redactText(`WebSocket connection to 'wss://service.test/${SECRET}?a=${SECRET}' failed`)).toBe(
      "WebSocket connection to '[socket URL]' failed",
    );
    expect(redactText(`ws://localhost:1/${SECRET}`)).not.toContain(SECRET);
  });

  test("hides a text without spaces that is too long to be a word", () => {
    expect(redactText(`token ${"aB3+/=_-.".repeat(10)} refused`)).toBe("token [redacted] refused");
    expect(redactText("00000000-0000-4000-8000-000000000001")).toBe("00000000-0000-4000-8000-000000000001");
  });
});

describe("redaction of an error", () => {
  test("keeps its code, type, and field, and the library's own message", () => {
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
    "hides the message of an error with code %s, which may quote the request",
    (code) => {
      const error = new ChatError(code, `refused: ${SECRET}`, {
        statusCode: 400,
        stage: "UploadToStorage",
        storageCode: "AccessDenied",
        cause: new Error(SECRET),
      });
      expect(format(error)).not.toContain(SECRET);
      expect(redact(error)).toMatchObject({ code, statusCode: 400, stage: "UploadToStorage" });
    },
  );

  test("hides secrets in fields that an application's error may fill with any text", () => {
    const url = "wss://service.test/its-secret-token";
    const error = Object.assign(new Error("no"), {
      name: `Error of ${url}`,
      type: url,
      code: url,
      statusCode: 400,
    });
    expect(format(error)).not.toContain("its-secret-token");
    expect(redact(error)).toMatchObject({ type: "[socket URL]", statusCode: 400 });
  });

  test("hides the caller's metadata and the cause", () => {
    const error = new ChatError("NetworkError", "no answer", { cause: new Error(SECRET) });
    error.metadata = SECRET;
    expect(format(error)).not.toContain(SECRET);
  });
});

describe("describeThrown()", () => {
  const data = { Content: `${SECRET} "quoted"\nand\n    at ${SECRET} (${SECRET}:1:2)`, DisplayName: SECRET };
  const AT = /^(?:file:\/\/)?\/.*redact\.test\.ts:\d+:\d+$/;

  test.each([
    ["quotes the event", new TypeError(`cannot show ${data.Content}`), "TypeError"],
    ["quotes it as JSON", new Error(`cannot show ${JSON.stringify(data)}`), "Error"],
    ["is a service error", new ChatError("ServiceError", SECRET), "ServiceError"],
  ])("shows an error's class and position if it %s", (_, thrown, name) => {
    expect(redact(describeThrown(thrown))).toEqual({ name, at: expect.stringMatching(AT) });
  });

  test("doesn't mistake text in an earlier message, which only the stack contains, for the position", () => {
    const thrown = new Error(`first\n${SECRET}:10:30`);
    // Reading the stack makes it keep the current message.
    expect(thrown.stack).toContain(SECRET);
    thrown.message = "second";
    expect(redact(describeThrown(thrown))).toEqual({ name: "Error", at: expect.stringMatching(AT) });
  });

  test("shows only the class if a stack of a million characters has no frame", () => {
    const thrown = Object.assign(new Error("x"), { stack: `Error: ${"at a ".repeat(200_000)}` });
    expect(format(describeThrown(thrown))).toBe('{"name":"Error"}');
  });

  test("shows only the class if the engine provides no stack", () => {
    expect(format(describeThrown(Object.assign(new Error(SECRET), { stack: undefined })))).toBe(
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
  ])("shows the position from a stack of %s, without a query", (_, stack, at) => {
    expect(redact(describeThrown(Object.assign(new Error("x"), { stack })))).toEqual({ name: "Error", at });
  });

  test.each([
    [`no ${SECRET}`, "string"],
    [5, "number"],
    [{ why: SECRET }, "object"],
    [undefined, "undefined"],
  ])("shows the type of a value that isn't an Error", (thrown, name) => {
    expect(format(describeThrown(thrown))).toBe(JSON.stringify({ name }));
  });

  test("doesn't read the stack if the line isn't logged", () => {
    const lines: unknown[] = [];
    const manager = new Logging(new FakePlatform());
    manager.updateLoggerConfig({
      customizedLogger: { error: (line) => lines.push(line) },
      level: "ADVANCED_LOG",
    });
    let reads = 0;
    const thrown = Object.defineProperty(new Error(SECRET), "stack", {
      get() {
        reads += 1;
        return "";
      },
    });
    const logger = manager.getLogger();
    logger.error("A handler failed", describeThrown(thrown));
    expect({ reads, lines }).toEqual({ reads: 0, lines: [] });
    manager.updateLoggerConfig({ level: "ERROR" });
    logger.error("A handler failed", describeThrown(thrown));
    expect(reads).toBeGreaterThan(0);
    expect(lines).toEqual(['ERROR ["A handler failed",{"name":"Error"}] ']);
  });
});

describe("text that fails to parse as JSON", () => {
  test("isn't in the line, though the parser's message may quote it", () => {
    let thrown: unknown;
    try {
      JSON.parse(`${SECRET}${SECRET}`);
    } catch (error) {
      thrown = error;
    }
    expect(format(thrown)).toBe('{"name":"SyntaxError"}');
  });
});

describe("a logged value", () => {
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  const shared = { a: 1 };
  const selfReturning: Record<string, unknown> = {};
  selfReturning["toJSON"] = () => selfReturning;
  const broken = {
    get value(): never {
      throw new Error("no");
    },
  };

  test.each<[what: string, value: unknown, expected: unknown]>([
    ["a circular object", circle, { name: "circle" }],
    ["the same object twice", [shared, shared], [{ a: 1 }, { a: 1 }]],
    ["a getter that throws", broken, { value: "[unreadable]" }],
    ["a function, omitted as in JSON", { f: Math.max }, {}],
    ["a bigint", 5n, "5"],
    ["a symbol, omitted as in JSON", { s: Symbol("s") }, {}],
    [
      "an object with a toJSON()",
      { toJSON: () => ({ connectionToken: "t", a: 1 }) },
      { connectionToken: "[redacted]", a: 1 },
    ],
    ["an object whose toJSON() throws", { toJSON: () => broken.value }, "[unreadable]"],
    ["an object whose toJSON() returns itself", selfReturning, undefined],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", new Date(Number.NaN), null],
    ["null", null, null],
    ["numbers and booleans", [1, true], [1, true]],
  ])("can be %s", (_, value, expected) => {
    const redacted: unknown = JSON.parse(JSON.stringify([redact(value)]));
    expect(redacted).toEqual([expected ?? null]);
    const platform = new FakePlatform();
    const manager = new Logging(platform);
    manager.updateLoggerConfig({ useDefaultLogger: true });
    manager.getLogger().info("it is", value);
    expect(platform.printed).toHaveLength(1);
  });

  test("isn't modified by its redaction", () => {
    const value = { connectionToken: SECRET, list: [{ url: SECRET }] };
    redact(value);
    expect(value).toEqual({ connectionToken: SECRET, list: [{ url: SECRET }] });
  });
});
