import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AgentChatSession, ChatError, CustomerChatSession, GetTranscriptResult } from "../../src/index";
import { startSimulator, type Simulator } from "../../simulator/index";
import { loadBundle } from "./support/bundle";
import { nextEvent, nextMessage, until } from "./support/wait";

const { ChatSession } = loadBundle();
const EVENT = "application/vnd.amazonaws.connect.event.";

let simulator: Simulator;
let sessions: { dispose(): void }[] = [];

beforeEach(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({
    endpoint: simulator.url,
    region: "us-west-2",
    features: { messageReceipts: { throttleTime: 0 } },
  });
});

afterEach(async () => {
  for (const session of sessions) session.dispose();
  sessions = [];
  await simulator.close();
});

function createCustomer(): { session: CustomerChatSession; contactId: string; participantId: string } {
  const { ContactId, ParticipantId, ParticipantToken } = simulator.startChat();
  // The chat details are an unmodified StartChatContact response, in PascalCase.
  const session = ChatSession.create({
    type: "CUSTOMER",
    chatDetails: { ContactId, ParticipantId, ParticipantToken },
    disableCSM: true,
  });
  sessions.push(session);
  return { session, contactId: ContactId, participantId: ParticipantId };
}

function createAgent(contactId: string): AgentChatSession {
  const { participantId, participantToken, initialContactId } = simulator.joinAgent(contactId);
  const session = ChatSession.create({
    type: "AGENT",
    chatDetails: {
      contactId,
      initialContactId,
      participantId,
      participantToken,
      getConnectionToken: () => Promise.resolve(simulator.connectionTokenOf(participantId)),
    },
  });
  sessions.push(session);
  return session;
}

async function connected<Session extends CustomerChatSession | AgentChatSession>(
  session: Session,
): Promise<Session> {
  const established = nextEvent(session, "connectionEstablished");
  await session.connect();
  await established;
  return session;
}

async function rejection(promise: Promise<unknown>): Promise<ChatError> {
  try {
    await promise;
  } catch (error) {
    return error as ChatError;
  }
  throw new Error("Expected a rejection.");
}

async function pair(): Promise<{
  customer: CustomerChatSession;
  agent: AgentChatSession;
  contactId: string;
}> {
  const { session, contactId } = createCustomer();
  const customer = await connected(session);
  const agent = await connected(createAgent(contactId));
  return { customer, agent, contactId };
}

describe("a customer and an agent", () => {
  test("receive each other's messages", async () => {
    const { customer, agent } = await pair();
    const receivedByAgent = nextMessage(agent, "Hello");
    const sent = await customer.sendMessage({
      message: "Hello",
      contentType: "text/plain",
      metadata: "mine",
    });
    const received = await receivedByAgent;
    expect(sent.metadata).toBe("mine");
    expect(received).toMatchObject({ Id: sent.data.Id, ParticipantRole: "CUSTOMER", Type: "MESSAGE" });

    const receivedByCustomer = nextMessage(customer, "Good day");
    await agent.sendMessage({ message: "Good day", contentType: "text/plain" });
    expect(await receivedByCustomer).toMatchObject({ ParticipantRole: "AGENT" });
  });

  test("receive each other's typing and joining events, and receipts for their messages", async () => {
    const { session, contactId } = createCustomer();
    const customer = await connected(session);
    const joined = nextEvent(
      customer,
      "message",
      ({ data }) => data.ContentType === `${EVENT}participant.joined` && data.ParticipantRole === "AGENT",
    );
    const agent = await connected(createAgent(contactId));
    await joined;

    const typing = nextEvent(agent, "typing");
    await customer.sendEvent({ contentType: `${EVENT}typing` });
    expect((await typing).data.ParticipantRole).toBe("CUSTOMER");

    const { data } = await customer.sendMessage({ message: "Did you get this?", contentType: "text/plain" });
    const content = { messageId: data.Id };
    const delivered = nextEvent(customer, "deliveredReceipt");
    await agent.sendEvent({ contentType: `${EVENT}message.delivered`, content });
    expect((await delivered).data.MessageMetadata?.MessageId).toBe(data.Id);
    const read = nextEvent(customer, "readReceipt");
    await agent.sendEvent({ contentType: `${EVENT}message.read`, content });
    expect((await read).data.MessageMetadata?.MessageId).toBe(data.Id);
  });

  test("exchange a file", async () => {
    const { customer, agent } = await pair();
    const bytes = randomBytes(100_000);
    const received = nextEvent(agent, "message", ({ data }) => data.Type === "ATTACHMENT");
    await customer.sendAttachment({ attachment: new File([bytes], "photo.png", { type: "image/png" }) });
    const attachment = (await received).data.Attachments?.[0];
    expect(attachment).toMatchObject({ AttachmentName: "photo.png", ContentType: "image/png" });
    const attachmentId = attachment?.AttachmentId ?? "";
    const blob = await agent.downloadAttachment({ attachmentId, metadata: 7 });
    expect(Buffer.from(await blob.arrayBuffer()).equals(bytes)).toBe(true);
    expect(blob.metadata).toBe(7);
    const url = await agent.getAttachmentURL({ attachmentId });
    expect((await fetch(url)).status).toBe(200);
  });

  test("read the transcript page by page", async () => {
    const { customer } = await pair();
    for (const message of ["1", "2", "3", "4"])
      await customer.sendMessage({ message, contentType: "text/plain" });
    const texts = ({ data }: { data: GetTranscriptResult }): (string | undefined)[] =>
      data.Transcript.map((item) => item.Content).filter((content) => content !== undefined);
    const newest = await customer.getTranscript({ maxResults: 2 });
    expect(texts(newest)).toEqual(["3", "4"]);
    const older = await customer.getTranscript({ maxResults: 2, nextToken: newest.data.NextToken });
    expect(texts(older)).toEqual(["1", "2"]);
    const descending = await customer.getTranscript({ maxResults: 4, sortOrder: "DESCENDING" });
    expect(texts(descending)).toEqual(["4", "3", "2", "1"]);
  });

  test("receive `ended` when the customer disconnects, and the session rejects later calls", async () => {
    const { customer, agent } = await pair();
    const emitted: string[] = [];
    customer.onMessage(({ data }) => emitted.push(data.ContentType));
    customer.onEnded(({ data }) => emitted.push(`ended ${String(data)}`));
    const broken: unknown[] = [];
    customer.onConnectionBroken((event) => broken.push(event));
    const ends = Promise.all([nextEvent(customer, "ended"), nextEvent(agent, "ended")]);
    await customer.disconnectParticipant();
    await ends;
    expect(emitted).toEqual([`${EVENT}participant.left`, `${EVENT}chat.ended`, "ended null"]);
    expect(broken).toEqual([]);
    expect(customer.connectionState).toBe("ended");
    const error = await rejection(customer.sendMessage({ message: "too late", contentType: "text/plain" }));
    expect(error.code).toBe("IllegalState");
    await until(() => simulator.sockets.length === 0);
  });
});

describe("the link", () => {
  test("is restored after the socket drops, and later messages arrive", async () => {
    const { customer, agent } = await pair();
    const lost = nextEvent(customer, "connectionLost");
    const established = nextEvent(customer, "connectionEstablished");
    simulator.dropSockets({ participantId: customer.getChatDetails().participantId });
    await lost;
    expect(customer.getConnectionStatus()).toBe("Broken");
    await established;
    expect(customer.getConnectionStatus()).toBe("Established");
    const received = nextMessage(customer, "Are you there?");
    await agent.sendMessage({ message: "Are you there?", contentType: "text/plain" });
    await received;
  });

  test("is restored despite refused sockets and 500 responses", async () => {
    const { customer } = await pair();
    simulator.faults.refuseSockets(1);
    simulator.faults.failNext("CreateParticipantConnection", { status: 500 });
    const broken: unknown[] = [];
    customer.onConnectionBroken((event) => broken.push(event));
    const established = nextEvent(customer, "connectionEstablished");
    simulator.dropSockets({ participantId: customer.getChatDetails().participantId });
    await established;
    expect(broken).toEqual([]);
  }, 20_000);

  test("lets the session emit `ended` if the chat ends while the link is down", async () => {
    const { session, contactId } = createCustomer();
    const customer = await connected(session);
    const items: unknown[] = [];
    customer.onMessage(({ data }) => items.push(data));
    const ended = nextEvent(customer, "ended");
    simulator.faults.refuseSockets(1);
    simulator.dropSockets({ contactId });
    simulator.contact(contactId).end();
    await ended;
    expect(items.at(-1)).toEqual({
      AbsoluteTime: "",
      ContentType: `${EVENT}chat.ended`,
      Id: "",
      Type: "EVENT",
      InitialContactId: "",
    });
  }, 20_000);

  test("isn't necessary for sendMessage(), which works before the socket opens", async () => {
    const { session, contactId } = createCustomer();
    await session.connect();
    await session.sendMessage({ message: "first", contentType: "text/plain" });
    expect(simulator.contact(contactId).transcript.map((item) => item.Content)).toContain("first");
  });
});

describe("calls that fail", () => {
  test("if the storage rejects an upload, sendAttachment() rejects and doesn't complete the upload", async () => {
    const { customer, contactId } = await pair();
    simulator.faults.failNextStorage("put", { status: 403, code: "AccessDenied" });
    const error = await rejection(
      customer.sendAttachment({ attachment: new File(["x"], "a.txt"), metadata: "m" }),
    );
    expect(error).toMatchObject({
      code: "StorageError",
      statusCode: 403,
      stage: "UploadToStorage",
      storageCode: "AccessDenied",
      metadata: "m",
    });
    expect(simulator.requests.map(({ operation }) => operation)).not.toContain("CompleteAttachmentUpload");
    expect(simulator.contact(contactId).transcript.some(({ Type }) => Type === "ATTACHMENT")).toBe(false);
  });

  test("if the storage rejects a download, downloadAttachment() rejects instead of resolving with the error's XML", async () => {
    const { customer, agent } = await pair();
    const received = nextEvent(agent, "message", ({ data }) => data.Type === "ATTACHMENT");
    await customer.sendAttachment({ attachment: new File(["x"], "a.txt") });
    const attachmentId = (await received).data.Attachments?.[0]?.AttachmentId ?? "";
    simulator.faults.failNextStorage("get", { status: 403 });
    const error = await rejection(agent.downloadAttachment({ attachmentId }));
    expect(error).toMatchObject({ code: "StorageError", statusCode: 403, stage: "DownloadFromStorage" });
  });

  test("connect() with a wrong participant token rejects and can be called again", async () => {
    const { ContactId, ParticipantId } = simulator.startChat();
    const session = ChatSession.create({
      type: "CUSTOMER",
      chatDetails: { contactId: ContactId, participantId: ParticipantId, participantToken: "wrong" },
      disableCSM: true,
    });
    sessions.push(session);
    const error = await rejection(session.connect({ metadata: "m" }));
    expect(error).toMatchObject({
      type: "AccessDeniedException",
      statusCode: 403,
      connectSuccess: false,
      connectCalled: true,
      metadata: "m",
    });
    await rejection(session.connect());
    expect(simulator.requests.filter(({ status }) => status === 403)).toHaveLength(2);
  });

  test("if the connection token has expired, it's renewed once for all waiting calls, which are then retried", async () => {
    const { customer, contactId } = await pair();
    simulator.expireConnectionTokens(customer.getChatDetails().participantId);
    simulator.clearRequests();
    await Promise.all([
      customer.sendMessage({ message: "a", contentType: "text/plain" }),
      customer.getTranscript({}),
      customer.getTranscript({}),
    ]);
    const renewals = simulator.requests.filter(
      ({ operation }) => operation === "CreateParticipantConnection",
    );
    expect(renewals.map(({ body }) => body)).toEqual([{ Type: ["CONNECTION_CREDENTIALS"] }]);
    expect(simulator.contact(contactId).transcript.filter(({ Content }) => Content === "a")).toHaveLength(1);
  });

  test("if the response to a message is cut off, the message is resent with the same idempotency token and stored once", async () => {
    const { customer, contactId } = await pair();
    simulator.faults.cutNext("SendMessage", { when: "after" });
    await customer.sendMessage({ message: "once", contentType: "text/plain" });
    const sends = simulator.requests.filter(({ operation }) => operation === "SendMessage");
    expect(sends).toHaveLength(2);
    expect(new Set(sends.map(({ clientToken }) => clientToken)).size).toBe(1);
    expect(simulator.contact(contactId).transcript.filter(({ Content }) => Content === "once")).toHaveLength(
      1,
    );
  });

  test("ten messages sent in quick succession are stored in call order, even if some attempts fail", async () => {
    const { customer, contactId } = await pair();
    simulator.faults.failNext("SendMessage", { status: 500, times: 2 });
    const texts = Array.from({ length: 10 }, (_, index) => `message ${index}`);
    await Promise.all(texts.map((message) => customer.sendMessage({ message, contentType: "text/plain" })));
    const stored = simulator.contact(contactId).transcript.map(({ Content }) => Content ?? "");
    expect(stored.filter((content) => content.startsWith("message"))).toEqual(texts);
  });

  /** Calls a function with arguments of any type, which JavaScript code can do. */
  const unchecked = (call: (args: never) => Promise<unknown>, args: unknown): Promise<unknown> =>
    Reflect.apply(call, undefined, [args]) as Promise<unknown>;

  test.each<[field: string, call: (session: CustomerChatSession) => Promise<unknown>]>([
    ["message", ({ sendMessage }) => unchecked(sendMessage, {})],
    [
      "contentType",
      ({ sendMessage }) => unchecked(sendMessage, { message: "x", contentType: "text/nonsense" }),
    ],
    ["attachmentId", ({ downloadAttachment }) => unchecked(downloadAttachment, {})],
    ["attachment", ({ sendAttachment }) => unchecked(sendAttachment, {})],
  ])(
    "a call with an invalid %s rejects with an error that names the argument, and no request is sent",
    async (field, call) => {
      const { customer } = await pair();
      simulator.clearRequests();
      expect(await rejection(call(customer))).toMatchObject({ code: "IllegalArgument", field });
      expect(simulator.requests).toEqual([]);
    },
  );
});
