import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { FRAME_FAULTS, startSimulator, type Item, type Simulator } from "../../simulator";
import { callService, type Answer } from "./support/call-service";
import { TestSocket } from "./support/test-socket";
import { until } from "./support/wait";

const EVENT = "application/vnd.amazonaws.connect.event.";

let simulator: Simulator;
let now = 0;
const sockets: TestSocket[] = [];

beforeEach(async () => {
  now = Date.parse("2026-01-01T00:00:00.000Z");
  simulator = await startSimulator({ now: () => now, receiptContactIds: "alternate" });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await simulator.close();
});

const call = (path: string, bearer: string, body?: unknown): Promise<Answer> =>
  callService(simulator.url + path, bearer, body);

interface Party {
  contactId: string;
  participantId: string;
  token: string;
  socket: TestSocket;
}

async function open(url: string): Promise<TestSocket> {
  const socket = new TestSocket(url);
  sockets.push(socket);
  await socket.opened;
  socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
  await until(() => socket.frames("aws/subscribe").length > 0);
  return socket;
}

async function connect(participantToken: string, contactId: string, participantId: string): Promise<Party> {
  const { body } = await call("/participant/connection", participantToken, {
    Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
    ConnectParticipant: true,
  });
  const { Url } = body["Websocket"] as { Url: string };
  const { ConnectionToken: token } = body["ConnectionCredentials"] as { ConnectionToken: string };
  return { contactId, participantId, token, socket: await open(Url) };
}

async function customer(): Promise<Party> {
  const { ContactId, ParticipantId, ParticipantToken } = simulator.startChat();
  return connect(ParticipantToken, ContactId, ParticipantId);
}

function agent(contactId: string): Promise<Party> {
  const { participantToken, participantId } = simulator.joinAgent(contactId);
  return connect(participantToken, contactId, participantId);
}

const send = (party: Party, content: string, clientToken: string = randomUUID()): Promise<Answer> =>
  call("/participant/message", party.token, {
    Content: content,
    ContentType: "text/plain",
    ClientToken: clientToken,
  });

const sendEvent = (party: Party, name: string, content?: unknown): Promise<Answer> =>
  call("/participant/event", party.token, {
    ContentType: `${EVENT}${name}`,
    ...(content !== undefined && { Content: JSON.stringify(content) }),
  });

const texts = (answer: Answer): (string | undefined)[] =>
  (answer.body["Transcript"] as Item[]).map((item) => item.Content);

describe("messages and events", () => {
  test("reach everybody in the chat, the sender too, and are stored once", async () => {
    const one = await customer();
    const other = await agent(one.contactId);
    const { body } = await send(one, "hello");
    for (const { socket } of [one, other]) {
      await until(() => socket.items.some(({ Content }) => Content === "hello"));
      expect(socket.items.find(({ Content }) => Content === "hello")).toEqual({
        Id: body["Id"],
        AbsoluteTime: body["AbsoluteTime"],
        Type: "MESSAGE",
        ContentType: "text/plain",
        Content: "hello",
        ParticipantId: one.participantId,
        ParticipantRole: "CUSTOMER",
        DisplayName: "Customer",
        ContactId: one.contactId,
        InitialContactId: one.contactId,
      });
    }
    expect(
      simulator.contact(one.contactId).transcript.filter(({ Content }) => Content === "hello"),
    ).toHaveLength(1);
  });

  test("sent again under the same token give the first answer, and no second item", async () => {
    const one = await customer();
    const first = await send(one, "once", "the-token");
    expect((await send(one, "once", "the-token")).body).toEqual(first.body);
    expect((await send(one, "once", "another")).body).not.toEqual(first.body);
    expect(
      simulator.contact(one.contactId).transcript.filter(({ Content }) => Content === "once"),
    ).toHaveLength(2);
  });

  test("have times that grow, however fast they come", async () => {
    const one = await customer();
    for (const content of ["a", "b", "c"]) await send(one, content);
    const times = simulator.contact(one.contactId).transcript.map(({ AbsoluteTime }) => AbsoluteTime);
    expect(times).toEqual([...new Set(times)].sort());
  });

  test("of typing are told and not stored", async () => {
    const one = await customer();
    await sendEvent(one, "typing");
    await until(() => one.socket.items.some(({ ContentType }) => ContentType === `${EVENT}typing`));
    const stored = simulator.contact(one.contactId).transcript.map(({ ContentType }) => ContentType);
    expect(stored).not.toContain(`${EVENT}typing`);
  });

  test("tell each joining once: the customer's with its socket, the agent's with its acknowledgement", async () => {
    const one = await customer();
    await agent(one.contactId);
    await open(simulator.signSocket([one.participantId]).url);
    const joined = simulator
      .contact(one.contactId)
      .transcript.filter(({ ContentType }) => ContentType === `${EVENT}participant.joined`);
    expect(joined.map(({ ParticipantRole }) => ParticipantRole)).toEqual(["CUSTOMER", "AGENT"]);
  });

  test("of the end reach who left as well; then the sockets close and tokens are refused", async () => {
    const one = await customer();
    const other = await agent(one.contactId);
    await call("/participant/disconnect", one.token, { ClientToken: "x" });
    await Promise.all([one.socket.closed, other.socket.closed]);
    for (const { socket } of [one, other]) {
      expect(socket.items.slice(-2).map(({ ContentType }) => ContentType)).toEqual([
        `${EVENT}participant.left`,
        `${EVENT}chat.ended`,
      ]);
    }
    expect(await send(one, "too late")).toMatchObject({ status: 403, type: "AccessDeniedException" });
    // The same logical call, tried again because its answer was lost.
    expect((await call("/participant/disconnect", one.token, { ClientToken: "x" })).status).toBe(200);
  });
});

describe("receipts", () => {
  test("come as metadata of their message, with the contact's ids and without", async () => {
    const one = await customer();
    const other = await agent(one.contactId);
    const { body } = await send(one, "read me");
    await sendEvent(other, "message.delivered", { messageId: body["Id"] });
    await sendEvent(other, "message.read", { messageId: body["Id"] });
    const receipts = (): Item[] => one.socket.items.filter(({ Type }) => Type === "MESSAGEMETADATA");
    await until(() => receipts().length === 2);
    const [delivered, read] = receipts();
    expect(delivered).toMatchObject({
      ContentType: `${EVENT}message.metadata`,
      ContactId: one.contactId,
      MessageMetadata: {
        MessageId: body["Id"],
        Receipts: [
          { RecipientParticipantId: other.participantId, DeliveredTimestamp: expect.any(String) as unknown },
        ],
      },
    });
    expect(read?.ContactId).toBeUndefined();
    expect(read?.InitialContactId).toBeUndefined();
    expect(read?.MessageMetadata?.Receipts?.[0]).toMatchObject({
      DeliveredTimestamp: delivered?.MessageMetadata?.Receipts?.[0]?.DeliveredTimestamp,
      ReadTimestamp: expect.any(String) as unknown,
    });
  });

  test("are a conflict with more than two in the chat", async () => {
    const one = await customer();
    await agent(one.contactId);
    const third = await agent(one.contactId);
    const { body } = await send(one, "read me");
    expect(await sendEvent(third, "message.read", { messageId: body["Id"] })).toMatchObject({
      status: 409,
      type: "ConflictException",
    });
  });
});

describe("the transcript", () => {
  const QUERY = { ScanDirection: "BACKWARD", SortOrder: "ASCENDING", StartPosition: {} };
  const transcript = (party: Party, query: object): Promise<Answer> =>
    call("/participant/transcript", party.token, query);

  async function fiveSaid(): Promise<{ one: Party; ids: string[] }> {
    const one = await customer();
    const ids: string[] = [];
    for (const content of ["1", "2", "3", "4", "5"]) {
      ids.push(String((await send(one, content)).body["Id"]));
    }
    return { one, ids };
  }

  test("is paged backwards from the newest", async () => {
    const { one } = await fiveSaid();
    const newest = await transcript(one, { ...QUERY, MaxResults: 2 });
    expect(texts(newest)).toEqual(["4", "5"]);
    const older = await transcript(one, { ...QUERY, MaxResults: 3, NextToken: newest.body["NextToken"] });
    expect(texts(older)).toEqual(["1", "2", "3"]);
    // What is left is the customer's joining.
    const oldest = await transcript(one, { ...QUERY, MaxResults: 3, NextToken: older.body["NextToken"] });
    expect(oldest.body["Transcript"]).toHaveLength(1);
    expect(oldest.body["NextToken"]).toBeUndefined();
  });

  test("is paged forwards from an item, a time, or so many from the end", async () => {
    const { one, ids } = await fiveSaid();
    const forward = { ...QUERY, ScanDirection: "FORWARD", MaxResults: 2 };
    const from = await transcript(one, { ...forward, StartPosition: { Id: ids[1] } });
    expect(texts(from)).toEqual(["2", "3"]);
    expect(texts(await transcript(one, { ...forward, NextToken: from.body["NextToken"] }))).toEqual([
      "4",
      "5",
    ]);
    const third = simulator.contact(one.contactId).transcript.find(({ Content }) => Content === "3");
    const position = { AbsoluteTime: third?.AbsoluteTime };
    expect(texts(await transcript(one, { ...forward, StartPosition: position }))).toEqual(["3", "4"]);
    expect(texts(await transcript(one, { ...forward, StartPosition: { MostRecent: 2 } }))).toEqual([
      "4",
      "5",
    ]);
  });

  test("is sorted as asked, and refuses what is not valid", async () => {
    const { one } = await fiveSaid();
    expect(texts(await transcript(one, { ...QUERY, MaxResults: 2, SortOrder: "DESCENDING" }))).toEqual([
      "5",
      "4",
    ]);
    for (const wrong of [{ MaxResults: 101 }, { SortOrder: "UP" }, { NextToken: "nonsense" }]) {
      expect(await transcript(one, { ...QUERY, ...wrong })).toMatchObject({
        status: 400,
        type: "ValidationException",
      });
    }
  });
});

describe("tokens and sockets", () => {
  test("a wrong or expired token is refused", async () => {
    const one = await customer();
    expect(await call("/participant/connection", "wrong", { Type: ["WEBSOCKET"] })).toMatchObject({
      status: 403,
      type: "AccessDeniedException",
    });
    simulator.expireConnectionTokens(one.participantId);
    expect(await send(one, "hello")).toMatchObject({ status: 403 });
  });

  test("a socket's URL opens while it is young, and not once it is old, wrong, or the chat has ended", async () => {
    const one = await customer();
    const sign = (): string => simulator.signSocket([one.participantId]).url;
    const late = sign();
    now += 100_001;
    const wrong = sign().replace(/token=.*/, "token=wrong");
    const ended = sign();
    await open(sign());
    simulator.contact(one.contactId).end();
    for (const url of [late, wrong, ended]) {
      await expect(new TestSocket(url).opened).rejects.toThrow("403");
    }
  });

  test("answers beats and pings, and refuses topics and frames that it does not know", async () => {
    const { socket } = await customer();
    socket.send({ topic: "aws/heartbeat" });
    socket.send({ topic: "aws/ping" });
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/else"] } });
    socket.sendText("nonsense");
    await until(() => socket.received.some((frame) => "message" in frame));
    expect(socket.frames("aws/heartbeat")).toEqual([{ topic: "aws/heartbeat" }]);
    expect(socket.frames("aws/ping")).toEqual([{ topic: "aws/ping", statusCode: 200, statusContent: "OK" }]);
    expect(socket.frames("aws/subscribe").at(-1)?.["content"]).toMatchObject({ status: "failure" });
    expect(socket.received.at(-1)).toMatchObject({ message: "Forbidden" });
  });

  test("two simulators run side by side, and a closed one frees its port", async () => {
    const second = await startSimulator();
    expect(second.port).not.toBe(simulator.port);
    await expect(startSimulator({ port: second.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    const { port } = second;
    await second.close();
    await (await startSimulator({ port })).close();
  });
});

describe("faults", () => {
  test("of calls: refused, cut before and after the service acted", async () => {
    const one = await customer();
    simulator.faults.failNext("SendMessage", { status: 429, retryAfterSeconds: 3 });
    expect(await send(one, "refused")).toMatchObject({ status: 429, type: "ThrottlingException" });
    simulator.faults.cutNext("SendMessage", { when: "before" });
    await expect(send(one, "before")).rejects.toThrow();
    simulator.faults.cutNext("SendMessage", { when: "after" });
    await expect(send(one, "after")).rejects.toThrow();
    const stored = simulator.contact(one.contactId).transcript.map(({ Content }) => Content);
    expect(stored).toContain("after");
    expect(stored).not.toContain("before");
    expect(stored).not.toContain("refused");
  });

  test("of frames: dropped, duplicated, truncated, corrupted", async () => {
    const one = await customer();
    const contact = simulator.contact(one.contactId);
    const count = one.socket.texts.length;
    for (const fault of ["drop", "duplicate", "truncate", "corrupt"] as const) {
      simulator.faults.transformFrames(FRAME_FAULTS[fault]);
      contact.say(fault);
    }
    contact.say("whole");
    await until(() => one.socket.items.some(({ Content }) => Content === "whole"));
    expect(one.socket.texts.length - count).toBe(5);
    expect(one.socket.items.filter(({ Content }) => Content === "duplicate")).toHaveLength(2);
    expect(one.socket.items.some(({ Content }) => Content === "drop" || Content === "truncate")).toBe(false);
  });

  test("of sockets: half-open, dropped, refused", async () => {
    const one = await customer();
    simulator.faults.stallSockets();
    one.socket.send({ topic: "aws/heartbeat" });
    simulator.contact(one.contactId).say("nobody hears this");
    simulator.faults.resumeSockets();
    simulator.contact(one.contactId).say("this they do");
    await until(() => one.socket.items.some(({ Content }) => Content === "this they do"));
    expect(one.socket.items.some(({ Content }) => Content === "nobody hears this")).toBe(false);
    expect(simulator.dropSockets({ participantId: one.participantId })).toBe(1);
    await one.socket.closed;
    simulator.faults.refuseSockets(1);
    const { url } = simulator.signSocket([one.participantId]);
    await expect(new TestSocket(url).opened).rejects.toThrow("403");
    await open(url);
  });
});
