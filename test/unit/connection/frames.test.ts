import { describe, expect, test } from "@jest/globals";
import { parseChatItem, parseFrame, RESERVED_TOPICS, TOPIC } from "../../../src/connection/frames";

const parse = (frame: unknown): ReturnType<typeof parseFrame> => parseFrame(JSON.stringify(frame));

describe("parseFrame()", () => {
  test("recognizes a heartbeat response", () => {
    expect(parse({ topic: "aws/heartbeat" })).toEqual({ kind: "heartbeat", raw: { topic: "aws/heartbeat" } });
  });

  test.each([
    [{ statusCode: 200, statusContent: "OK" }, true],
    [{ statusCode: 500, statusContent: "OK" }, false],
    [{ statusCode: 200, statusContent: "Degraded" }, false],
    [{ statusCode: "200", statusContent: "OK" }, false],
    [{}, false],
  ])("parses the deep heartbeat response %j with healthy = %s", (fields, healthy) => {
    const raw = { topic: "aws/ping", ...fields };
    expect(parse(raw)).toEqual({ kind: "ping", raw, healthy });
  });

  test.each([
    ["success", true],
    ["failure", false],
  ])("recognizes a subscription response with status %s", (status, accepted) => {
    const raw = { topic: "aws/subscribe", content: { status, topics: ["aws/chat", "aws/other"] } };
    expect(parse(raw)).toEqual({ kind: "subscription", raw, accepted, topics: ["aws/chat", "aws/other"] });
  });

  test.each([undefined, null, "aws/chat", 7, {}, [7, null, {}, []]])(
    "ignores a subscription response's topics if they are %j",
    (topics) => {
      const frame = parse({ topic: "aws/subscribe", content: { status: "success", topics } });
      expect(frame).toMatchObject({ kind: "subscription", accepted: true, topics: [] });
    },
  );

  test.each([undefined, null, "success", ["success"], {}, { status: true }, { status: "SUCCESS" }])(
    "recognizes a subscription response as malformed if its content is %j",
    (content) => {
      expect(parse({ topic: "aws/subscribe", content })).toMatchObject({ kind: "malformed" });
    },
  );

  test("recognizes a message on any topic", () => {
    const raw = { topic: "aws/chat", contentType: "application/json", content: "{}" };
    expect(parse(raw)).toEqual({ kind: "message", raw, topic: "aws/chat" });
    expect(parse({ topic: "aws/task" })).toMatchObject({ kind: "message", topic: "aws/task" });
  });

  test("recognizes a message without a topic as a topic failure", () => {
    const raw = { message: "Forbidden", connectionId: "c", requestId: "r" };
    expect(parse(raw)).toEqual({ kind: "topicFailure", raw });
  });
});

describe("parseFrame() with unusual frames", () => {
  const deeplyNested = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

  test.each([
    ["an empty string", ""],
    ["HTML", "<html>502 Bad Gateway</html>"],
    ["truncated JSON", '{"topic":"aws/chat","content":"{'],
    ["a number", "42"],
    ["a JSON string", '"aws/chat"'],
    ["null", "null"],
    ["true", "true"],
    ["a list", '[{"topic":"aws/chat"}]'],
    ["an empty object", "{}"],
    ["a topic that isn't a string", '{"topic":7}'],
    ["a null topic", '{"topic":null,"content":"{}"}'],
    ["a message that isn't a string", '{"message":{"text":"Forbidden"}}'],
    ["a topic that is only inherited", '{"__proto__":{"topic":"aws/chat","message":"Forbidden"}}'],
    ["lists nested 200,000 levels deep", deeplyNested],
  ])("recognizes %s as malformed", (_, text) => {
    expect(parseFrame(text)).toEqual({ kind: "malformed", problem: expect.any(String) });
  });

  test.each([undefined, null, 7, {}, [], new ArrayBuffer(8), Symbol("frame")])(
    "recognizes %p, which isn't text, as malformed",
    (data) => {
      expect(parseFrame(data)).toMatchObject({ kind: "malformed" });
    },
  );

  test("doesn't change Object.prototype", () => {
    parseFrame(
      '{"topic":"aws/chat","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("parses a well-formed frame of ten million characters", () => {
    const content = "x".repeat(10_000_000);
    const frame = parse({ topic: "aws/chat", content });
    expect(frame.kind).toBe("message");
    expect(frame).toHaveProperty("raw.content.length", content.length);
  });
});

describe("parseChatItem()", () => {
  const read = (content: unknown): ReturnType<typeof parseChatItem> =>
    parseChatItem({ topic: "aws/chat", content });

  test("parses the item in the frame's content and keeps unknown fields", () => {
    const item = {
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "hello",
      Id: "1",
      Fresh: { field: 1 },
    };
    expect(read(JSON.stringify(item))).toEqual(item);
  });

  test.each([
    ["missing", undefined],
    ["an object instead of text", { Type: "MESSAGE" }],
    ["invalid JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["an item without a type", '{"Content":"hello"}'],
    ["an item whose Id isn't a string", '{"Type":"MESSAGE","Id":7}'],
    ["an item whose Content isn't a string", '{"Type":"MESSAGE","Content":{"text":"hello"}}'],
    ["an item whose MessageMetadata isn't an object", '{"Type":"MESSAGEMETADATA","MessageMetadata":"read"}'],
    ["an item whose Receipts aren't a list", '{"Type":"MESSAGEMETADATA","MessageMetadata":{"Receipts":{}}}'],
    ["an item whose Attachments aren't objects", '{"Type":"ATTACHMENT","Attachments":["a"]}'],
  ])("returns undefined if the content is %s", (_, content) => {
    expect(read(content)).toBeUndefined();
  });
});

test("the manager's own topics are reserved, but the chat topic isn't", () => {
  expect(RESERVED_TOPICS).toEqual(new Set(["aws/subscribe", "aws/heartbeat", "aws/ping"]));
  expect(TOPIC.chat).toBe("aws/chat");
});
