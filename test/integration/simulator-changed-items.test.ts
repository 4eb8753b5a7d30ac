/** Items that change under their Id: processed and redacted messages, scanned attachments, and later forms by a script. */
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

const formOf = ({ Content, MessageMetadata }: Item): unknown[] => [
  Content,
  MessageMetadata?.MessageProcessingStatus,
];

/** The forms of messages that a socket got, in their order. */
const forms = ({ socket }: ConnectedParty): unknown[] =>
  socket.items.filter(({ Type }) => Type === "MESSAGE").map(formOf);

/** What a script decides later. */
function decision<Result>(): { readonly made: Promise<Result>; readonly make: (result: Result) => void } {
  let make: (result: Result) => void = () => undefined;
  const made = new Promise<Result>((resolve) => {
    make = resolve;
  });
  return { made, make: (result) => make(result) };
}

describe("a message that is processed", () => {
  test("is PROCESSING for its sender alone, then comes to everybody under the same Id with the text of the processor", async () => {
    const { one, other } = await chat.pair();
    const { made, make } = decision<ProcessedMessage>();
    const asked: unknown[] = [];
    script(one).onProcessing((text, { Id }) => {
      asked.push([text, Id, chat.simulator.requests.filter(isSend).at(-1)?.status]);
      return made;
    });
    const said: (string | undefined)[] = [];
    script(one).onMessage(({ Content }) => said.push(Content));
    const { status, body } = await chat.send(one, "My card is 4111");
    expect(status).toBe(200);
    expect(body).toEqual({
      Id: expect.any(String) as unknown,
      AbsoluteTime: expect.any(String) as unknown,
      MessageMetadata: { MessageProcessingStatus: "PROCESSING" },
    });
    await until(() => forms(one).length === 1);
    expect((await transcript(one)).map(formOf)).toContainEqual(["My card is 4111", "PROCESSING"]);
    expect((await transcript(other)).map(({ Content }) => Content)).not.toContain("My card is 4111");
    // It is asked after the answer.
    expect(asked).toEqual([["My card is 4111", body["Id"], 200]]);
    expect(said).toEqual([]);

    make({ text: "My card is ****" });
    await until(() => forms(one).length === 2 && forms(other).length === 1);
    expect(forms(one)).toEqual([
      ["My card is 4111", "PROCESSING"],
      ["My card is ****", undefined],
    ]);
    expect(forms(other)).toEqual([["My card is ****", undefined]]);
    const messages = one.socket.items.filter(({ Type }) => Type === "MESSAGE");
    for (const message of [
      ...messages,
      ...(await transcript(other)).filter(({ Type }) => Type === "MESSAGE"),
    ]) {
      expect([message.Id, message.AbsoluteTime]).toEqual([body["Id"], body["AbsoluteTime"]]);
    }
    expect(messages[1]).not.toHaveProperty("MessageMetadata");
    await until(() => said.length === 1);
    expect(said).toEqual(["My card is ****"]);
  });

  test.each(["FAILED", "REJECTED"] as const)(
    "is %s for its sender, and nobody else receives it",
    async (status) => {
      const { one, other } = await chat.pair();
      script(one).onProcessing(() => ({ status }));
      const said: unknown[] = [];
      script(one).onMessage((item) => said.push(item));
      await chat.send(one, "bad word");
      await until(() => forms(one).length === 2);
      expect(forms(one)).toEqual([
        ["bad word", "PROCESSING"],
        ["bad word", status],
      ]);
      expect((await transcript(one)).map(formOf)).toContainEqual(["bad word", status]);
      expect(
        textsOf({ status: 200, type: null, body: { Transcript: await transcript(other) } }),
      ).not.toContain("bad word");
      await other.socket.pong();
      expect(forms(other)).toEqual([]);
      expect(said).toEqual([]);
    },
  );

  test("with announce: false, nobody sees it until it is processed, and its answer says PROCESSING", async () => {
    const one = await chat.withSocket(chat.customer());
    const { made, make } = decision<ProcessedMessage>();
    script(one).onProcessing(() => made, { announce: false });
    const { body } = await chat.send(one, "secret");
    expect(body["MessageMetadata"]).toEqual({ MessageProcessingStatus: "PROCESSING" });
    expect((await transcript(one)).map(({ Content }) => Content)).not.toContain("secret");
    make({ text: "***" });
    await until(() => forms(one).length === 1);
    expect(forms(one)).toEqual([["***", undefined]]);
    expect((await transcript(one)).map(formOf)).toContainEqual(["***", undefined]);
  });

  test("comes before the answer if that is delayed", async () => {
    const one = await chat.withSocket(chat.customer());
    script(one).onProcessing(() => ({ text: "***" }), { announce: false });
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 500, when: "after" });
    let answered = false;
    const answer = chat.send(one, "secret").then((result) => {
      answered = true;
      return result;
    });
    await until(() => forms(one).length === 1);
    expect([forms(one), answered]).toEqual([[["***", undefined]], false]);
    const { status, body } = await answer;
    expect([status, body["Id"]]).toEqual([200, one.socket.items.at(-1)?.Id]);
  });

  test("is never an event, an interactive response, or what a script says", async () => {
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
    await until(() => forms(one).length === 3);
    expect(forms(one)).toEqual([
      ["{}", undefined],
      ["Hello", undefined],
      ["unprocessed", undefined],
    ]);
  });

  test("stays as it was if the chat ends first", async () => {
    const one = await chat.withSocket(chat.customer());
    const { made, make } = decision<ProcessedMessage>();
    script(one).onProcessing(() => made);
    await chat.send(one, "secret");
    script(one).end();
    make({ text: "***" });
    await one.socket.closed;
    expect(forms(one)).toEqual([["secret", "PROCESSING"]]);
    expect(chat.stored(one).map(formOf)).toContainEqual(["secret", "PROCESSING"]);
  });
});

describe("an attachment that is scanned", () => {
  async function attached(party: Party): Promise<string> {
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
  ] as const)("is IN_PROGRESS, then %s under the same Id", async (result, status, said) => {
    const one = await chat.withSocket(chat.customer());
    const { made, make } = decision<ScanResult>();
    script(one).onScan(() => made);
    const heard: unknown[] = [];
    script(one).onMessage((item) => heard.push(item));
    const AttachmentId = await attached(one);
    const locate = async (): Promise<number> =>
      (await chat.call("/participant/attachment", one.token, { AttachmentId })).status;
    expect(await locate()).toBe(400);
    await until(() => statuses(one).length === 1);
    make(result);
    await until(() => statuses(one).length === 2);
    expect(statuses(one)).toEqual(["IN_PROGRESS", result]);
    expect(new Set(one.socket.items.filter(({ Attachments }) => Attachments).map(({ Id }) => Id)).size).toBe(
      1,
    );
    expect(await locate()).toBe(status);
    expect(heard).toHaveLength(said);
  });

  test("is approved at once without a scanner", async () => {
    const one = await chat.withSocket(chat.customer());
    script(one).onScan(() => "REJECTED")();
    await attached(one);
    await until(() => statuses(one).length === 1);
    expect(statuses(one)).toEqual(["APPROVED"]);
  });
});

describe("changeItem", () => {
  test("changes an item of the transcript, and sends it to everybody under its Id", async () => {
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
      await until(() => forms(party).length === 4);
      expect(forms(party)).toEqual([
        ["4111", "PROCESSING"],
        ["later", undefined],
        ["4111", "FAILED"],
        ["****", undefined],
      ]);
      expect(party.socket.items.at(-1)).not.toHaveProperty("MessageMetadata");
    }
    const messages = (await transcript(other)).filter(({ Type }) => Type === "MESSAGE");
    expect(messages.map((item) => [item.Id, ...formOf(item)])).toEqual([
      [Id, "****", undefined],
      [later.Id, "later", undefined],
    ]);
  });

  test("takes a field that is undefined, as JavaScript passes it", async () => {
    const one = await chat.customer();
    const contact = script(one);
    const { Id } = contact.sendItem({ Type: "MESSAGE", ContentType: "text/plain", Content: "4111" });
    const changes: object = { Content: "****", DisplayName: undefined };
    expect(contact.changeItem(Id, changes)).toMatchObject({ Content: "****" });
  });

  test("throws for an item that the transcript does not hold", async () => {
    const one = await chat.customer();
    expect(() => script(one).changeItem("none", { Content: "x" })).toThrow("none");
  });
});

test("a receipt leaves the rest of a message's metadata as it is", async () => {
  const one = await chat.withSocket(chat.customer());
  const answer = script(one).stream(["Hello"]);
  answer.finish();
  await chat.sendEvent(one, "message.read", { messageId: answer.id });
  expect(chat.stored(one).find(({ Id }) => Id === answer.id)?.MessageMetadata).toEqual({
    MessageId: answer.id,
    MessageCompleted: true,
    ChunkNumber: 1,
    Receipts: [expect.objectContaining({ RecipientParticipantId: one.participantId })],
  });
});
