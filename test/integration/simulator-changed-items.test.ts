/**
 * Items that change but keep their Id: processed and redacted messages, scanned attachments, and changes by scripts.
 */
import { describe, expect, test } from "@jest/globals";
import type { Item, ProcessedMessage, RecordedRequest, ScanResult } from "../../simulator/index";
import {
  itemsOf,
  part,
  simulateChat,
  textsOf,
  type ConnectedParty,
  type Party,
} from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const script = ({ contactId }: { contactId: string }): ReturnType<typeof chat.simulator.contact> =>
  chat.simulator.contact(contactId);

const transcript = async (party: Party): Promise<Item[]> =>
  itemsOf(await chat.call("/participant/transcript", party.token, { MaxResults: 100 }));

const isSend = ({ operation }: RecordedRequest): boolean => operation === "SendMessage";

const stateOf = ({ Content, MessageMetadata }: Item): unknown[] => [
  Content,
  MessageMetadata?.MessageProcessingStatus,
];

/** The states of the messages that a socket received, in order. */
const states = ({ socket }: ConnectedParty): unknown[] =>
  socket.items.filter(({ Type }) => Type === "MESSAGE").map(stateOf);

/** A promise for a script's decision that the test resolves later. */
function decision<Result>(): {
  readonly promise: Promise<Result>;
  readonly resolve: (result: Result) => void;
} {
  let resolve: (result: Result) => void = () => undefined;
  const promise = new Promise<Result>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { promise, resolve: (result) => resolve(result) };
}

describe("a processed message", () => {
  test("is first PROCESSING for its sender only, and then reaches everyone with the same Id and the processed text", async () => {
    const { one, other } = await chat.pair();
    const { promise, resolve } = decision<ProcessedMessage>();
    const processed: unknown[] = [];
    script(one).onProcessing((text, { Id }) => {
      processed.push([text, Id, chat.simulator.requests.filter(isSend).at(-1)?.status]);
      return promise;
    });
    const messages: (string | undefined)[] = [];
    script(one).onMessage(({ Content }) => messages.push(Content));
    const { status, body } = await chat.send(one, "My card is 4111");
    expect(status).toBe(200);
    expect(body).toEqual({
      Id: expect.any(String) as unknown,
      AbsoluteTime: expect.any(String) as unknown,
      MessageMetadata: { MessageProcessingStatus: "PROCESSING" },
    });
    await until(() => states(one).length === 1);
    expect((await transcript(one)).map(stateOf)).toContainEqual(["My card is 4111", "PROCESSING"]);
    expect((await transcript(other)).map(({ Content }) => Content)).not.toContain("My card is 4111");
    // The processor runs after the response.
    expect(processed).toEqual([["My card is 4111", body["Id"], 200]]);
    expect(messages).toEqual([]);

    resolve({ text: "My card is ****" });
    await until(() => states(one).length === 2 && states(other).length === 1);
    expect(states(one)).toEqual([
      ["My card is 4111", "PROCESSING"],
      ["My card is ****", undefined],
    ]);
    expect(states(other)).toEqual([["My card is ****", undefined]]);
    const received = one.socket.items.filter(({ Type }) => Type === "MESSAGE");
    for (const message of [
      ...received,
      ...(await transcript(other)).filter(({ Type }) => Type === "MESSAGE"),
    ]) {
      expect([message.Id, message.AbsoluteTime]).toEqual([body["Id"], body["AbsoluteTime"]]);
    }
    expect(received[1]).not.toHaveProperty("MessageMetadata");
    await until(() => messages.length === 1);
    expect(messages).toEqual(["My card is ****"]);
  });

  test.each(["FAILED", "REJECTED"] as const)(
    "that fails processing is %s for its sender and isn't sent to anyone else",
    async (status) => {
      const { one, other } = await chat.pair();
      script(one).onProcessing(() => ({ status }));
      const messages: unknown[] = [];
      script(one).onMessage((item) => messages.push(item));
      await chat.send(one, "bad word");
      await until(() => states(one).length === 2);
      expect(states(one)).toEqual([
        ["bad word", "PROCESSING"],
        ["bad word", status],
      ]);
      expect((await transcript(one)).map(stateOf)).toContainEqual(["bad word", status]);
      expect(
        textsOf({ status: 200, type: null, body: { Transcript: await transcript(other) } }),
      ).not.toContain("bad word");
      await other.socket.pong();
      expect(states(other)).toEqual([]);
      expect(messages).toEqual([]);
    },
  );

  test("isn't delivered to anyone until it's processed if announce is false, and the response says PROCESSING", async () => {
    const one = await chat.withSocket(chat.customer());
    const { promise, resolve } = decision<ProcessedMessage>();
    script(one).onProcessing(() => promise, { announce: false });
    const { body } = await chat.send(one, "secret");
    expect(body["MessageMetadata"]).toEqual({ MessageProcessingStatus: "PROCESSING" });
    expect((await transcript(one)).map(({ Content }) => Content)).not.toContain("secret");
    resolve({ text: "***" });
    await until(() => states(one).length === 1);
    expect(states(one)).toEqual([["***", undefined]]);
    expect((await transcript(one)).map(stateOf)).toContainEqual(["***", undefined]);
  });

  test("is delivered before its response if the response is delayed", async () => {
    const one = await chat.withSocket(chat.customer());
    script(one).onProcessing(() => ({ text: "***" }), { announce: false });
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 500, when: "after" });
    let hasResponse = false;
    const response = chat.send(one, "secret").then((result) => {
      hasResponse = true;
      return result;
    });
    await until(() => states(one).length === 1);
    expect([states(one), hasResponse]).toEqual([[["***", undefined]], false]);
    const { status, body } = await response;
    expect([status, body["Id"]]).toEqual([200, one.socket.items.at(-1)?.Id]);
  });

  test("can't be an event, an interactive response or a script's message, because those aren't processed", async () => {
    const one = await chat.withSocket(chat.customer());
    const off = script(one).onProcessing(() => ({ text: "***" }));
    const interactive = {
      Content: "{}",
      ContentType: "application/vnd.amazonaws.connect.message.interactive.response",
    };
    expect((await chat.call("/participant/message", one.token, interactive)).body).not.toHaveProperty(
      "MessageMetadata",
    );
    script(one).say("Hello");
    off();
    await chat.send(one, "unprocessed");
    await until(() => states(one).length === 3);
    expect(states(one)).toEqual([
      ["{}", undefined],
      ["Hello", undefined],
      ["unprocessed", undefined],
    ]);
  });

  test("stays PROCESSING if the chat ends first", async () => {
    const one = await chat.withSocket(chat.customer());
    const { promise, resolve } = decision<ProcessedMessage>();
    script(one).onProcessing(() => promise);
    await chat.send(one, "secret");
    script(one).end();
    resolve({ text: "***" });
    await one.socket.closed;
    expect(states(one)).toEqual([["secret", "PROCESSING"]]);
    expect(chat.stored(one).map(stateOf)).toContainEqual(["secret", "PROCESSING"]);
  });
});

describe("a scanned attachment", () => {
  async function attach(party: Party): Promise<string> {
    const { body } = await chat.call("/participant/start-attachment-upload", party.token, {
      AttachmentName: "a.txt",
      AttachmentSizeInBytes: 1,
      ContentType: "text/plain",
    });
    const { Url, HeadersToInclude } = part(body, "UploadMetadata");
    const headers = HeadersToInclude as Record<string, string>;
    await fetch(String(Url), { method: "PUT", headers, body: "x" });
    const id = String(body["AttachmentId"]);
    const ids = { AttachmentIds: [id] };
    expect((await chat.call("/participant/complete-attachment-upload", party.token, ids)).status).toBe(200);
    return id;
  }
  const statuses = ({ socket }: ConnectedParty): unknown[] =>
    socket.items.flatMap(({ Attachments = [] }) => Attachments.map(({ Status }) => Status));

  test.each([
    ["APPROVED", 200, 1],
    ["REJECTED", 400, 0],
  ] as const)("is first IN_PROGRESS, and then %s with the same Id", async (result, status, count) => {
    const one = await chat.withSocket(chat.customer());
    const { promise, resolve } = decision<ScanResult>();
    script(one).onScan(() => promise);
    const messages: unknown[] = [];
    script(one).onMessage((item) => messages.push(item));
    const AttachmentId = await attach(one);
    const locate = async (): Promise<number> =>
      (await chat.call("/participant/attachment", one.token, { AttachmentId })).status;
    expect(await locate()).toBe(400);
    await until(() => statuses(one).length === 1);
    resolve(result);
    await until(() => statuses(one).length === 2);
    expect(statuses(one)).toEqual(["IN_PROGRESS", result]);
    expect(new Set(one.socket.items.filter(({ Attachments }) => Attachments).map(({ Id }) => Id)).size).toBe(
      1,
    );
    expect(await locate()).toBe(status);
    expect(messages).toHaveLength(count);
  });

  test("is approved immediately if no scanner is set", async () => {
    const one = await chat.withSocket(chat.customer());
    script(one).onScan(() => "REJECTED")();
    await attach(one);
    await until(() => statuses(one).length === 1);
    expect(statuses(one)).toEqual(["APPROVED"]);
  });
});

describe("changeItem", () => {
  test("changes an item in the transcript and sends it to everyone with the same Id", async () => {
    const { one, other } = await chat.pair();
    const contact = script(one);
    const { Id, AbsoluteTime } = contact.sendItem({
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "4111",
      MessageMetadata: { MessageId: "m", MessageProcessingStatus: "PROCESSING" },
    });
    const later = contact.say("later");
    contact.changeItem(Id, { MessageMetadata: { MessageId: "m", MessageProcessingStatus: "FAILED" } });
    const changed = contact.changeItem(Id, { Content: "****", MessageMetadata: null });
    expect(changed).toMatchObject({ Id, AbsoluteTime, Content: "****" });
    for (const party of [one, other]) {
      await until(() => states(party).length === 4);
      expect(states(party)).toEqual([
        ["4111", "PROCESSING"],
        ["later", undefined],
        ["4111", "FAILED"],
        ["****", undefined],
      ]);
      expect(party.socket.items.at(-1)).not.toHaveProperty("MessageMetadata");
    }
    const messages = (await transcript(other)).filter(({ Type }) => Type === "MESSAGE");
    expect(messages.map((item) => [item.Id, ...stateOf(item)])).toEqual([
      [Id, "****", undefined],
      [later.Id, "later", undefined],
    ]);
  });

  test("accepts an undefined field, which JavaScript code may pass", async () => {
    const one = await chat.customer();
    const contact = script(one);
    const { Id } = contact.sendItem({ Type: "MESSAGE", ContentType: "text/plain", Content: "4111" });
    const changes: object = { Content: "****", DisplayName: undefined };
    expect(contact.changeItem(Id, changes)).toMatchObject({ Content: "****" });
  });

  test("throws for an item that isn't in the transcript", async () => {
    const one = await chat.customer();
    expect(() => script(one).changeItem("none", { Content: "x" })).toThrow("none");
  });
});

test("a receipt doesn't change the rest of a message's metadata", async () => {
  const one = await chat.withSocket(chat.customer());
  const reply = script(one).stream(["Hello"]);
  reply.finish();
  await chat.sendEvent(one, "message.read", { messageId: reply.id });
  expect(chat.stored(one).find(({ Id }) => Id === reply.id)?.MessageMetadata).toEqual({
    MessageId: reply.id,
    MessageCompleted: true,
    ChunkNumber: 1,
    Receipts: [expect.objectContaining({ RecipientParticipantId: one.participantId })],
  });
});
