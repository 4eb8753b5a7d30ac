/**
 * Items that change but keep their Id, such as processed messages, scanned attachments, and items that scripts change.
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

/** Returns a promise for a script's decision, and the function with which the test resolves the promise. */
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
    const { customer, agent } = await chat.pair();
    const { promise, resolve } = decision<ProcessedMessage>();
    const processed: unknown[] = [];
    script(customer).onProcessing((text, { Id }) => {
      processed.push([text, Id, chat.simulator.requests.filter(isSend).at(-1)?.status]);
      return promise;
    });
    const messages: (string | undefined)[] = [];
    script(customer).onMessage(({ Content }) => messages.push(Content));
    const { status, body } = await chat.send(customer, "My card is 4111");
    expect(status).toBe(200);
    expect(body).toEqual({
      Id: expect.any(String) as unknown,
      AbsoluteTime: expect.any(String) as unknown,
      MessageMetadata: { MessageProcessingStatus: "PROCESSING" },
    });
    await until(() => states(customer).length === 1);
    expect((await transcript(customer)).map(stateOf)).toContainEqual(["My card is 4111", "PROCESSING"]);
    expect((await transcript(agent)).map(({ Content }) => Content)).not.toContain("My card is 4111");
    // The processor runs after the response.
    expect(processed).toEqual([["My card is 4111", body["Id"], 200]]);
    expect(messages).toEqual([]);

    resolve({ text: "My card is ****" });
    await until(() => states(customer).length === 2 && states(agent).length === 1);
    expect(states(customer)).toEqual([
      ["My card is 4111", "PROCESSING"],
      ["My card is ****", undefined],
    ]);
    expect(states(agent)).toEqual([["My card is ****", undefined]]);
    const received = customer.socket.items.filter(({ Type }) => Type === "MESSAGE");
    for (const message of [
      ...received,
      ...(await transcript(agent)).filter(({ Type }) => Type === "MESSAGE"),
    ]) {
      expect([message.Id, message.AbsoluteTime]).toEqual([body["Id"], body["AbsoluteTime"]]);
    }
    expect(received[1]).not.toHaveProperty("MessageMetadata");
    await until(() => messages.length === 1);
    expect(messages).toEqual(["My card is ****"]);
  });

  test.each(["FAILED", "REJECTED"] as const)(
    "is %s for its sender and isn't sent to anyone else if its processing fails",
    async (status) => {
      const { customer, agent } = await chat.pair();
      script(customer).onProcessing(() => ({ status }));
      const messages: unknown[] = [];
      script(customer).onMessage((item) => messages.push(item));
      await chat.send(customer, "bad word");
      await until(() => states(customer).length === 2);
      expect(states(customer)).toEqual([
        ["bad word", "PROCESSING"],
        ["bad word", status],
      ]);
      expect((await transcript(customer)).map(stateOf)).toContainEqual(["bad word", status]);
      expect(
        textsOf({ status: 200, type: null, body: { Transcript: await transcript(agent) } }),
      ).not.toContain("bad word");
      await agent.socket.pong();
      expect(states(agent)).toEqual([]);
      expect(messages).toEqual([]);
    },
  );

  test("isn't delivered to anyone until it's processed if announce is false, and the response says PROCESSING", async () => {
    const customer = await chat.withSocket(chat.customer());
    const { promise, resolve } = decision<ProcessedMessage>();
    script(customer).onProcessing(() => promise, { announce: false });
    const { body } = await chat.send(customer, "secret");
    expect(body["MessageMetadata"]).toEqual({ MessageProcessingStatus: "PROCESSING" });
    expect((await transcript(customer)).map(({ Content }) => Content)).not.toContain("secret");
    resolve({ text: "***" });
    await until(() => states(customer).length === 1);
    expect(states(customer)).toEqual([["***", undefined]]);
    expect((await transcript(customer)).map(stateOf)).toContainEqual(["***", undefined]);
  });

  test("is delivered before its response if the response is delayed", async () => {
    const customer = await chat.withSocket(chat.customer());
    script(customer).onProcessing(() => ({ text: "***" }), { announce: false });
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 500, when: "after" });
    let hasResponse = false;
    const response = chat.send(customer, "secret").then((result) => {
      hasResponse = true;
      return result;
    });
    await until(() => states(customer).length === 1);
    expect([states(customer), hasResponse]).toEqual([[["***", undefined]], false]);
    const { status, body } = await response;
    expect([status, body["Id"]]).toEqual([200, customer.socket.items.at(-1)?.Id]);
  });

  test("can't be an event, an interactive response or a script's message", async () => {
    const customer = await chat.withSocket(chat.customer());
    const off = script(customer).onProcessing(() => ({ text: "***" }));
    const interactive = {
      Content: "{}",
      ContentType: "application/vnd.amazonaws.connect.message.interactive.response",
    };
    expect((await chat.call("/participant/message", customer.token, interactive)).body).not.toHaveProperty(
      "MessageMetadata",
    );
    script(customer).say("Hello");
    off();
    await chat.send(customer, "unprocessed");
    await until(() => states(customer).length === 3);
    expect(states(customer)).toEqual([
      ["{}", undefined],
      ["Hello", undefined],
      ["unprocessed", undefined],
    ]);
  });

  test("stays PROCESSING if the chat ends first", async () => {
    const customer = await chat.withSocket(chat.customer());
    const { promise, resolve } = decision<ProcessedMessage>();
    script(customer).onProcessing(() => promise);
    await chat.send(customer, "secret");
    script(customer).end();
    resolve({ text: "***" });
    await customer.socket.closed;
    expect(states(customer)).toEqual([["secret", "PROCESSING"]]);
    expect(chat.stored(customer).map(stateOf)).toContainEqual(["secret", "PROCESSING"]);
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
    const customer = await chat.withSocket(chat.customer());
    const { promise, resolve } = decision<ScanResult>();
    script(customer).onScan(() => promise);
    const messages: unknown[] = [];
    script(customer).onMessage((item) => messages.push(item));
    const AttachmentId = await attach(customer);
    const locate = async (): Promise<number> =>
      (await chat.call("/participant/attachment", customer.token, { AttachmentId })).status;
    expect(await locate()).toBe(400);
    await until(() => statuses(customer).length === 1);
    resolve(result);
    await until(() => statuses(customer).length === 2);
    expect(statuses(customer)).toEqual(["IN_PROGRESS", result]);
    expect(
      new Set(customer.socket.items.filter(({ Attachments }) => Attachments).map(({ Id }) => Id)).size,
    ).toBe(1);
    expect(await locate()).toBe(status);
    expect(messages).toHaveLength(count);
  });

  test("is approved immediately if no scanner is set", async () => {
    const customer = await chat.withSocket(chat.customer());
    script(customer).onScan(() => "REJECTED")();
    await attach(customer);
    await until(() => statuses(customer).length === 1);
    expect(statuses(customer)).toEqual(["APPROVED"]);
  });
});

describe("changeItem", () => {
  test("changes an item in the transcript and sends it to everyone with the same Id", async () => {
    const { customer, agent } = await chat.pair();
    const contact = script(customer);
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
    for (const party of [customer, agent]) {
      await until(() => states(party).length === 4);
      expect(states(party)).toEqual([
        ["4111", "PROCESSING"],
        ["later", undefined],
        ["4111", "FAILED"],
        ["****", undefined],
      ]);
      expect(party.socket.items.at(-1)).not.toHaveProperty("MessageMetadata");
    }
    const messages = (await transcript(agent)).filter(({ Type }) => Type === "MESSAGE");
    expect(messages.map((item) => [item.Id, ...stateOf(item)])).toEqual([
      [Id, "****", undefined],
      [later.Id, "later", undefined],
    ]);
  });

  test("accepts an undefined field, which JavaScript code may pass", async () => {
    const customer = await chat.customer();
    const contact = script(customer);
    const { Id } = contact.sendItem({ Type: "MESSAGE", ContentType: "text/plain", Content: "4111" });
    const changes: object = { Content: "****", DisplayName: undefined };
    expect(contact.changeItem(Id, changes)).toMatchObject({ Content: "****" });
  });

  test("throws for an item that isn't in the transcript", async () => {
    const customer = await chat.customer();
    expect(() => script(customer).changeItem("none", { Content: "x" })).toThrow("none");
  });
});

test("a receipt doesn't change the rest of a message's metadata", async () => {
  const customer = await chat.withSocket(chat.customer());
  const reply = script(customer).stream(["Hello"]);
  reply.finish();
  await chat.sendEvent(customer, "message.read", { messageId: reply.id });
  expect(chat.stored(customer).find(({ Id }) => Id === reply.id)?.MessageMetadata).toEqual({
    MessageId: reply.id,
    MessageCompleted: true,
    ChunkNumber: 1,
    Receipts: [expect.objectContaining({ RecipientParticipantId: customer.participantId })],
  });
});
