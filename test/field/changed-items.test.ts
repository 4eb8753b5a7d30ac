import { describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../src/api/items";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

const isMessage = ({ Type }: WireItem): boolean => Type === "MESSAGE";
const versionOf = ({ Content, MessageMetadata }: WireItem): unknown[] => [
  Content,
  MessageMetadata?.MessageProcessingStatus,
];

/** The text and processing status of each message that `onMessage` delivered so far. */
const deliveredVersions = async (chat: FieldPage): Promise<unknown[][]> =>
  (await chat.events<WireItem>("onMessage")).filter(isMessage).map(versionOf);

/** The text and processing status of each message in the last emitted transcript. */
const transcriptVersions = async (chat: FieldPage): Promise<unknown[][]> =>
  (await chat.transcript()).filter(isMessage).map(versionOf);

const PROCESSING = "PROCESSING";

describe("message processing by the service", () => {
  test.each([
    ["rejects", { status: "REJECTED" }, ["hello", "REJECTED"]],
    ["fails to process", { status: "FAILED" }, ["hello", "FAILED"]],
    ["redacts", { text: "***" }, ["***", undefined]],
  ] as const)(
    "A5: when the service %s a message, onMessage delivers each version, and the transcript contains the last version",
    async (_what, result, last) => {
      const chat = await field.open();
      chat.contact.onProcessing(() => result);
      await chat.connect({ withTranscript: true });
      await chat.send("hello");
      await chat.until(async () => (await deliveredVersions(chat)).length === 2, 3_000);
      await chat.until(async () => (await transcriptVersions(chat)).at(-1)?.[1] !== PROCESSING, 3_000);
      expect(await deliveredVersions(chat)).toEqual([["hello", PROCESSING], last]);
      expect(await transcriptVersions(chat)).toEqual([last]);
    },
  );

  test("A5: a PROCESSING item that arrives after the result is dropped", async () => {
    const chat = await field.open();
    await chat.connect({ withTranscript: true });
    const send = (Content: string, MessageProcessingStatus: "REJECTED" | "PROCESSING"): void => {
      const MessageMetadata = { MessageId: "m", MessageProcessingStatus };
      chat.contact.sendItem({
        Id: "m",
        Type: "MESSAGE",
        ContentType: "text/plain",
        Content,
        MessageMetadata,
      });
    };
    send("***", "REJECTED");
    send("hello", PROCESSING);
    chat.contact.say("and more");
    await chat.untilTexts("and more");
    const versions = [
      ["***", "REJECTED"],
      ["and more", undefined],
    ];
    expect(await deliveredVersions(chat)).toEqual(versions);
    expect(await transcriptVersions(chat)).toEqual(versions);
  });

  test("A5: if a message's processing fails while the link is down, the recovery delivers the failed version", async () => {
    const chat = await field.open();
    await chat.connect({ withTranscript: true });
    const { Id } = chat.contact.sendItem({
      Id: "m",
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "hello",
      MessageMetadata: { MessageId: "m", MessageProcessingStatus: PROCESSING },
    });
    await chat.untilTexts("hello");
    chat.simulator.dropSockets();
    chat.contact.changeItem(Id, { MessageMetadata: { MessageId: "m", MessageProcessingStatus: "FAILED" } });
    await chat.untilEvent("onConnectionEstablished", 2);
    await chat.until(async () => (await transcriptVersions(chat)).at(-1)?.[1] === "FAILED", 3_000);
    expect(await deliveredVersions(chat)).toEqual([
      ["hello", PROCESSING],
      ["hello", "FAILED"],
    ]);
    expect(await transcriptVersions(chat)).toEqual([["hello", "FAILED"]]);
  });
});

describe("rejected messages", () => {
  /** Runs in the page before the library is loaded. */
  function slowClockByThreeMinutes(): void {
    const SLOW_MS = 180_000;
    window.Date = new Proxy(Date, {
      construct: (RealDate, args: [] | [number]) =>
        args.length === 0 ? new RealDate(RealDate.now() - SLOW_MS) : new RealDate(...args),
      get: (RealDate, key) =>
        key === "now" ? () => RealDate.now() - SLOW_MS : (Reflect.get(RealDate, key) as unknown),
    });
  }

  test("C5: a rejected message keeps its position in the transcript, even if the clock is three minutes slow", async () => {
    const chat = await field.open({ before: slowClockByThreeMinutes });
    await chat.connect({ withTranscript: true });
    const texts = Array.from({ length: 20 }, (_, index) => `message ${index}`);
    for (const text of texts) chat.contact.say(text);
    await chat.untilTexts(...texts);
    chat.simulator.faults.failNext("SendMessage", { status: 400 });
    await chat.send("refused");
    await chat.until(async () => (await transcriptVersions(chat)).length === 21);
    expect((await transcriptVersions(chat)).map(([text]) => text)).toEqual([...texts, "refused"]);
    chat.contact.say("later");
    await chat.untilTexts("later");
    expect((await transcriptVersions(chat)).map(([text]) => text)).toEqual([...texts, "refused", "later"]);
  });
});

describe("an echo that arrives before the response", () => {
  test("C9: the transcript always has one entry, with the service's redacted text", async () => {
    const chat = await field.open();
    chat.contact.onProcessing(() => ({ text: "my card is ****" }), { announce: false });
    await chat.connect({ withTranscript: true });
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 1_000, when: "after" });
    const sending = chat.send("my card is 4711");
    await chat.untilTexts("my card is ****");
    const beforeResponse = await transcriptVersions(chat);
    expect(await sending).toHaveProperty("resolved");
    expect(beforeResponse).toEqual([["my card is ****", undefined]]);
    // Another message makes the library emit the transcript again. The assertion must not see the earlier transcript.
    chat.contact.say("thank you");
    await chat.untilTexts("thank you");
    expect(await transcriptVersions(chat)).toEqual([
      ["my card is ****", undefined],
      ["thank you", undefined],
    ]);
  });
});

describe("missed items", () => {
  test("C10: a recovery page of a hundred items updates the transcript once, after the items' own events", async () => {
    const chat = await field.open();
    await chat.connect({ withTranscript: true });
    // The customer's participant.joined frame causes one update, and the first transcript causes the other.
    await chat.untilEvent("onTranscriptUpdated", 2);
    chat.simulator.dropSockets();
    // These messages and the customer's participant.joined item fill the page.
    for (let number = 1; number < 100; number += 1) chat.contact.say(`message ${number}`);
    await chat.untilEvent("onMessagesRecovered");
    const names = await chat.eventNames(
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
    expect(await transcriptVersions(chat)).toHaveLength(99);
  });
});
