import { describe, expect, test } from "@jest/globals";
import { parseChatItem, parseFrame, RESERVED_TOPICS, TOPIC } from "../../../src/connection/frames";

const parse = (frame: unknown): ReturnType<typeof parseFrame> => parseFrame(JSON.stringify(frame));

describe("a frame, by what it means", () => {
  test("an answer to the heartbeat", () => {
    expect(parse({ topic: "aws/heartbeat" })).toEqual({ kind: "heartbeat", raw: { topic: "aws/heartbeat" } });
  });

  test.each([
    [{ statusCode: 200, statusContent: "OK" }, true],
    [{ statusCode: 500, statusContent: "OK" }, false],
    [{ statusCode: 200, statusContent: "Degraded" }, false],
    [{ statusCode: "200", statusContent: "OK" }, false],
    [{}, false],
  ])("an answer to the deep heartbeat: %j is healthy: %s", (fields, healthy) => {
    const raw = { topic: "aws/ping", ...fields };
    expect(parse(raw)).toEqual({ kind: "ping", raw, healthy });
  });

  test.each([
    ["success", true],
    ["failure", false],
  ])("a subscription: %s", (status, accepted) => {
    const raw = { topic: "aws/subscribe", content: { status, topics: ["aws/chat", "aws/other"] } };
    expect(parse(raw)).toEqual({ kind: "subscription", raw, accepted, topics: ["aws/chat", "aws/other"] });
  });

  test.each([undefined, null, "aws/chat", 7, {}, [7, null, {}, []]])(
    "a subscription whose topics are %j names none",
    (topics) => {
      const frame = parse({ topic: "aws/subscribe", content: { status: "success", topics } });
      expect(frame).toMatchObject({ kind: "subscription", accepted: true, topics: [] });
    },
  );

  test.each([undefined, null, "success", ["success"], {}, { status: true }, { status: "SUCCESS" }])(
    "a subscription whose content is %j is malformed",
    (content) => {
      expect(parse({ topic: "aws/subscribe", content })).toMatchObject({ kind: "malformed" });
    },
  );

  test("a message, on whatever topic", () => {
    const raw = { topic: "aws/chat", contentType: "application/json", content: "{}" };
    expect(parse(raw)).toEqual({ kind: "message", raw, topic: "aws/chat" });
    expect(parse({ topic: "aws/task" })).toMatchObject({ kind: "message", topic: "aws/task" });
  });

  test("a failure of a topic: a message and no topic", () => {
    const raw = { message: "Forbidden", connectionId: "c", requestId: "r" };
    expect(parse(raw)).toEqual({ kind: "topicFailure", raw });
  });
});

describe("a malformed frame", () => {
  const endless = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

  test.each([
    ["nothing", ""],
    ["no JSON", "<html>502 Bad Gateway</html>"],
    ["JSON cut short", '{"topic":"aws/chat","content":"{'],
    ["a number", "42"],
    ["a text", '"aws/chat"'],
    ["null", "null"],
    ["true", "true"],
    ["a list", '[{"topic":"aws/chat"}]'],
    ["an empty object", "{}"],
    ["a topic of another kind", '{"topic":7}'],
    ["a topic of null", '{"topic":null,"content":"{}"}'],
    ["a message of another kind", '{"message":{"text":"Forbidden"}}'],
    ["a topic that is only inherited", '{"__proto__":{"topic":"aws/chat","message":"Forbidden"}}'],
    ["an endless nesting", endless],
  ])("is recognised: %s", (_, text) => {
    expect(parseFrame(text)).toEqual({ kind: "malformed", problem: expect.any(String) });
  });

  test.each([undefined, null, 7, {}, [], new ArrayBuffer(8), Symbol("frame")])(
    "is recognised: %p in the place of text",
    (data) => {
      expect(parseFrame(data)).toMatchObject({ kind: "malformed" });
    },
  );

  test("does not reach the prototype of all objects", () => {
    parseFrame(
      '{"topic":"aws/chat","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("of ten million characters is read like any other", () => {
    const content = "x".repeat(10_000_000);
    const frame = parse({ topic: "aws/chat", content });
    expect(frame.kind).toBe("message");
    expect(frame).toHaveProperty("raw.content.length", content.length);
  });
});

describe("an item in a frame of the chat", () => {
  const read = (content: unknown): ReturnType<typeof parseChatItem> =>
    parseChatItem({ topic: "aws/chat", content });

  test("is read from the frame's text, with the fields that this library does not know", () => {
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
    ["no text", { Type: "MESSAGE" }],
    ["no JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["an item without a type", '{"Content":"hello"}'],
    ["an Id of another kind", '{"Type":"MESSAGE","Id":7}'],
    ["a Content of another kind", '{"Type":"MESSAGE","Content":{"text":"hello"}}'],
    ["a metadata that is no object", '{"Type":"MESSAGEMETADATA","MessageMetadata":"read"}'],
    ["receipts that are no list", '{"Type":"MESSAGEMETADATA","MessageMetadata":{"Receipts":{}}}'],
    ["attachments that are no objects", '{"Type":"ATTACHMENT","Attachments":["a"]}'],
  ])("that is damaged is none: %s", (_, content) => {
    expect(read(content)).toBeUndefined();
  });
});

test("the manager's own topics are reserved, the chat's is not", () => {
  expect(RESERVED_TOPICS).toEqual(new Set(["aws/subscribe", "aws/heartbeat", "aws/ping"]));
  expect(TOPIC.chat).toBe("aws/chat");
});
