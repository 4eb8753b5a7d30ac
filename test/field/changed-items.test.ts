import { describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../src/api/items";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

const isMessage = ({ Type }: WireItem): boolean => Type === "MESSAGE";
const formOf = ({ Content, MessageMetadata }: WireItem): unknown[] => [
  Content,
  MessageMetadata?.MessageProcessingStatus,
];

/** The forms of messages that `onMessage` delivered so far, each with its text and processing status. */
const delivered = async (its: FieldPage): Promise<unknown[][]> =>
  (await its.events<WireItem>("onMessage")).filter(isMessage).map(formOf);

/** The messages of the transcript as it was emitted last, in the same way. */
const shown = async (its: FieldPage): Promise<unknown[][]> =>
  (await its.transcript()).filter(isMessage).map(formOf);

const PROCESSING = "PROCESSING";

describe("a message that the service processes", () => {
  test.each([
    ["rejects", { status: "REJECTED" }, ["hello", "REJECTED"]],
    ["fails to process", { status: "FAILED" }, ["hello", "FAILED"]],
    ["redacts", { text: "***" }, ["***", undefined]],
  ] as const)(
    "A5: one that it %s is delivered in each form, and the transcript shows the last",
    async (_what, result, last) => {
      const its = await field.open();
      its.contact.onProcessing(() => result);
      await its.connect({ withTranscript: true });
      await its.send("hello");
      await its.until(async () => (await delivered(its)).length === 2, 3_000);
      await its.until(async () => (await shown(its)).at(-1)?.[1] !== PROCESSING, 3_000);
      expect(await delivered(its)).toEqual([["hello", PROCESSING], last]);
      expect(await shown(its)).toEqual([last]);
    },
  );

  test("A5: PROCESSING that comes after the result is dropped, though it was never delivered", async () => {
    const its = await field.open();
    await its.connect({ withTranscript: true });
    const form = (Content: string, MessageProcessingStatus: "REJECTED" | "PROCESSING"): void => {
      const MessageMetadata = { MessageId: "m", MessageProcessingStatus };
      its.contact.sendItem({ Id: "m", Type: "MESSAGE", ContentType: "text/plain", Content, MessageMetadata });
    };
    form("***", "REJECTED");
    form("hello", PROCESSING);
    its.contact.say("and more");
    await its.untilTexts("and more");
    const forms = [
      ["***", "REJECTED"],
      ["and more", undefined],
    ];
    expect(await delivered(its)).toEqual(forms);
    expect(await shown(its)).toEqual(forms);
  });

  test("A5: one whose processing fails while the link is down is recovered in its new form", async () => {
    const its = await field.open();
    await its.connect({ withTranscript: true });
    const { Id } = its.contact.sendItem({
      Id: "m",
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "hello",
      MessageMetadata: { MessageId: "m", MessageProcessingStatus: PROCESSING },
    });
    await its.untilTexts("hello");
    its.simulator.dropSockets();
    its.contact.changeItem(Id, { MessageMetadata: { MessageId: "m", MessageProcessingStatus: "FAILED" } });
    await its.untilEvent("onConnectionEstablished", 2);
    await its.until(async () => (await shown(its)).at(-1)?.[1] === "FAILED", 3_000);
    expect(await delivered(its)).toEqual([
      ["hello", PROCESSING],
      ["hello", "FAILED"],
    ]);
    expect(await shown(its)).toEqual([["hello", "FAILED"]]);
  });
});

describe("a message that the service refuses", () => {
  /** Runs in the page, before the library is loaded. */
  function threeMinutesSlow(): void {
    const SLOW_MS = 180_000;
    window.Date = new Proxy(Date, {
      construct: (RealDate, args: [] | [number]) =>
        args.length === 0 ? new RealDate(RealDate.now() - SLOW_MS) : new RealDate(...args),
      get: (RealDate, key) =>
        key === "now" ? () => RealDate.now() - SLOW_MS : (Reflect.get(RealDate, key) as unknown),
    });
  }

  test("C5: on a device whose clock is three minutes slow it is last of 21 in the transcript, and stays there", async () => {
    const its = await field.open({ before: threeMinutesSlow });
    await its.connect({ withTranscript: true });
    const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    for (const text of texts) its.contact.say(text);
    await its.untilTexts(...texts);
    its.simulator.faults.failNext("SendMessage", { status: 400 });
    await its.send("refused");
    await its.until(async () => (await shown(its)).length === 21);
    expect((await shown(its)).map(([text]) => text)).toEqual([...texts, "refused"]);
    its.contact.say("later");
    await its.untilTexts("later");
    expect((await shown(its)).map(([text]) => text)).toEqual([...texts, "refused", "later"]);
  });
});

describe("an echo before the answer", () => {
  test("C9: with redacted text, the message is one entry at all times, with the service's text", async () => {
    const its = await field.open();
    its.contact.onProcessing(() => ({ text: "my card is ****" }), { announce: false });
    await its.connect({ withTranscript: true });
    its.simulator.faults.delayNext("SendMessage", { delayMs: 1_000, when: "after" });
    const sending = its.send("my card is 4711");
    await its.untilTexts("my card is ****");
    const beforeAnswer = await shown(its);
    expect(await sending).toHaveProperty("resolved");
    expect(beforeAnswer).toEqual([["my card is ****", undefined]]);
    // Something that comes later, so that the transcript as it was before is not looked at.
    its.contact.say("thank you");
    await its.untilTexts("thank you");
    expect(await shown(its)).toEqual([
      ["my card is ****", undefined],
      ["thank you", undefined],
    ]);
  });
});

describe("missed items", () => {
  test("C10: a page of a hundred changes the transcript once, after the items' own events", async () => {
    const its = await field.open();
    await its.connect({ withTranscript: true });
    // One for the frame of the customer's joining, one for the first transcript.
    await its.untilEvent("onTranscriptUpdated", 2);
    its.simulator.dropSockets();
    // With the customer's joining, they fill the page.
    for (let number = 1; number < 100; number += 1) its.contact.say(`message ${number}`);
    await its.untilEvent("onMessagesRecovered");
    const names = await its.eventNames(
      "onConnectionLost",
      "onMessage",
      "onTranscriptUpdated",
      "onMessagesRecovered",
    );
    expect(names.slice(names.indexOf("onConnectionLost"), names.indexOf("onMessagesRecovered") + 1)).toEqual([
      "onConnectionLost",
      ...Array.from({ length: 99 }, () => "onMessage"),
      "onTranscriptUpdated",
      "onMessagesRecovered",
    ]);
    expect(await shown(its)).toHaveLength(99);
  });
});
