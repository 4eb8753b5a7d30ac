import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseChatItem, parseFrame } from "../../../src/connection/frames";
import { ManagerUnderTest, chatFrame } from "../../support/manager-under-test";

const TOPICS = ["aws/chat", "aws/subscribe", "aws/heartbeat", "aws/ping", "__proto__", "constructor", "else"];

/** Whatever could come in a field. */
const anything = fc.anything({ maxDepth: 3, withBigInt: false });

/** A frame that looks like one, with fields of any kind. */
const likeAFrame = fc
  .record(
    {
      topic: fc.oneof(fc.constantFrom(...TOPICS), anything),
      content: fc.oneof(
        anything,
        fc.json(),
        fc.record({ status: fc.constantFrom("success", "failure", 1), topics: anything }),
      ),
      message: anything,
      statusCode: anything,
      statusContent: anything,
      __proto__: anything,
    },
    { requiredKeys: [] },
  )
  .map((frame) => {
    try {
      return JSON.stringify(frame);
    } catch {
      return "{";
    }
  });

const damaged = fc
  .tuple(likeAFrame, fc.nat(), fc.string({ maxLength: 3 }))
  .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put);

const anyData = fc.oneof(likeAFrame, damaged, fc.string(), fc.json(), anything);

describe("REL-12: random frames, well-formed and damaged", () => {
  test("is read without a throw, as one of the kinds that there are", () => {
    const kinds = ["heartbeat", "ping", "subscription", "message", "topicFailure", "malformed"];
    fc.assert(
      fc.property(anyData, (data) => {
        const frame = parseFrame(data);
        expect(kinds).toContain(frame.kind);
        // What is not malformed was a JSON object.
        if (frame.kind !== "malformed") expect(frame.raw).toEqual(JSON.parse(String(data)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("holds an item or none, without a throw", () => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.json(), likeAFrame), (content) => {
        const item = parseChatItem({ topic: "aws/chat", content });
        if (item !== undefined) expect([typeof item.Type, typeof item.ContentType]).toContain("string");
        for (const text of [item?.Content, item?.Id, item?.AbsoluteTime]) {
          expect([undefined, null].includes(text as never) || typeof text === "string").toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("leaves the link unharmed: what comes next is delivered", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyData, { maxLength: 10 }), async (frames) => {
        const under = new ManagerUnderTest().record();
        const socket = await under.up();
        for (const data of frames) socket.onmessage?.(new MessageEvent("message", { data }));
        socket.receive(chatFrame("next"));
        await under.platform.settle();
        expect(under.isUp).toBe(true);
        expect(under.payloads("chat").at(-1)).toEqual(chatFrame("next"));
        under.manager.closeWebSocket();
      }),
      { numRuns: 150 },
    );
  });
});
