import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseChatItem, parseFrame } from "../../../src/connection/frames";
import { ManagerUnderTest, chatFrame } from "../../support/manager-under-test";

const TOPICS = ["aws/chat", "aws/subscribe", "aws/heartbeat", "aws/ping", "__proto__", "constructor", "else"];

/** Any value that a field could have. */
const anything = fc.anything({ maxDepth: 3, withBigInt: false });

/** A frame's fields with plausible and arbitrary values. */
const frameLike = fc
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

const damagedFrame = fc
  .tuple(frameLike, fc.nat(), fc.string({ maxLength: 3 }))
  .map(([text, at, suffix]) => text.slice(0, at % (text.length + 1)) + suffix);

const anyData = fc.oneof(frameLike, damagedFrame, fc.string(), fc.json(), anything);

describe("REL-12: with random frames, well-formed or damaged,", () => {
  test("parseFrame() doesn't throw and returns a known kind", () => {
    const kinds = ["heartbeat", "ping", "subscription", "message", "topicFailure", "malformed"];
    fc.assert(
      fc.property(anyData, (data) => {
        const frame = parseFrame(data);
        expect(kinds).toContain(frame.kind);
        // Every other kind was parsed from a JSON object.
        if (frame.kind !== "malformed") expect(frame.raw).toEqual(JSON.parse(String(data)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("parseChatItem() doesn't throw and returns a valid item or undefined", () => {
    fc.assert(
      fc.property(fc.oneof(anything, fc.json(), frameLike), (content) => {
        const item = parseChatItem({ topic: "aws/chat", content });
        if (item !== undefined) expect([typeof item.Type, typeof item.ContentType]).toContain("string");
        for (const text of [item?.Content, item?.Id, item?.AbsoluteTime]) {
          expect([undefined, null].includes(text as never) || typeof text === "string").toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("the link stays up and delivers the next message", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyData, { maxLength: 10 }), async (frames) => {
        const harness = new ManagerUnderTest().record();
        const socket = await harness.up();
        for (const data of frames) socket.onmessage?.(new MessageEvent("message", { data }));
        socket.receive(chatFrame("next"));
        await harness.platform.settle();
        expect(harness.isUp).toBe(true);
        expect(harness.payloads("chat").at(-1)).toEqual(chatFrame("next"));
        harness.manager.closeWebSocket();
      }),
      { numRuns: 150 },
    );
  });
});
