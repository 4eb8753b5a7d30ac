import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ChatEventName } from "../../../src/api/events";
import type { CustomerChatSession } from "../../../src/api/session";
import { CHAT_EVENT_NAMES, methodOf, publicNameOf } from "../../../src/conversation/events";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
});

afterEach(() => {
  session.dispose();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

/** All events but the transcript's, which follows every item for those who keep one. */
const EVENT_NAMES = CHAT_EVENT_NAMES.filter((name) => name !== "transcriptUpdated");

const RECEIPT = `${EVENT}message.metadata`;
const receipt = (receipts: unknown[], more: object = {}): Record<string, unknown> =>
  chat.item({
    Id: undefined,
    Type: "MESSAGEMETADATA",
    ContentType: RECEIPT,
    Content: undefined,
    MessageMetadata: { MessageId: "item-1", Receipts: receipts },
    ...more,
  });

describe("an item", () => {
  test("reaches its handler as received, with the session's details", async () => {
    const events: unknown[] = [];
    session.onMessage((event) => events.push(event));
    const item = chat.item({ SomethingNew: { deep: [1] } });
    await chat.receive(item);
    expect(events).toEqual([{ chatDetails: session.getChatDetails(), data: item }]);
  });

  test("REL-43: an item is delivered in its frame's own task, without a timer", () => {
    const told = record(session, "message");
    const before = chat.platform.pendingTimers;
    chat.send(chat.item());
    expect(told).toEqual(["message"]);
    expect(chat.platform.pendingTimers).toBe(before);
  });

  test.each<[contentType: string, name: ChatEventName]>([
    ["typing", "typing"],
    ["participant.idle", "participantIdle"],
    ["participant.returned", "participantReturned"],
    ["participant.invited", "participantInvited"],
    ["participant.autodisconnection", "autoDisconnection"],
    ["authentication.initiated", "authenticationInitiated"],
    ["authentication.succeeded", "authenticationSuccessful"],
    ["authentication.failed", "authenticationFailed"],
    ["authentication.timeout", "authenticationTimeout"],
    ["authentication.expired", "authenticationExpired"],
    ["authentication.cancelled", "authenticationCanceled"],
    ["participant.displayname.updated", "participantDisplayNameUpdated"],
    ["chat.rehydrated", "chatRehydrated"],
  ])("of %s is %s, and no message", async (contentType, name) => {
    const told = record(session, ...EVENT_NAMES);
    await chat.receive(chat.event(contentType));
    expect(told).toEqual([name]);
  });

  test.each<[contentType: string, name: ChatEventName]>([
    ["participant.joined", "participantJoined"],
    ["participant.left", "participantLeft"],
    ["transfer.succeeded", "transferSucceeded"],
    ["transfer.failed", "transferFailed"],
  ])("of %s is a message, and %s beside it", async (contentType, name) => {
    const told = record(session, ...EVENT_NAMES);
    await chat.receive(chat.event(contentType));
    expect(told).toEqual(["message", name]);
  });

  test.each([
    "participant.active",
    "participant.inactive",
    "connection.acknowledged",
    "workflow.cancelled",
    "something.new",
  ])("of %s is a message", async (contentType) => {
    const told = record(session, ...EVENT_NAMES);
    await chat.receive(chat.event(contentType));
    expect(told).toEqual(["message"]);
  });

  test.each([
    ["an attachment", { Type: "ATTACHMENT", ContentType: "image/png" }],
    ["an interactive message", { ContentType: "application/vnd.amazonaws.connect.message.interactive" }],
    ["an unknown type", { Type: "SOMETHING_NEW", ContentType: undefined }],
  ])("that is %s is a message", async (_, fields) => {
    const told = record(session, ...EVENT_NAMES);
    await chat.receive(chat.item(fields));
    expect(told).toEqual(["message"]);
  });

  test("of another contact is nobody's", async () => {
    const told = record(session, ...EVENT_NAMES);
    await chat.receive(chat.item({ ContactId: "other", InitialContactId: "other" }));
    expect(told).toEqual([]);
  });

  test("that is damaged is dropped, and the next one comes through", async () => {
    const told = record(session, "message");
    chat.platform.socket.receive({ topic: "aws/chat", content: '{"Id": "1", "Ty' });
    chat.platform.socket.receive({ topic: "aws/chat", content: "null" });
    chat.platform.socket.receive({ topic: "aws/chat" });
    chat.platform.socket.receive("no JSON");
    await chat.receive(chat.item());
    // It waits for what the damaged ones may have been.
    await chat.platform.advance(1_000);
    expect(told).toEqual(["message"]);
  });
});

describe("an item that comes again", () => {
  test("REL-36: an unchanged item that arrives again isn't delivered again", async () => {
    const told = record(session, "message", "participantIdle");
    await chat.receive(
      chat.item(),
      chat.item(),
      chat.event("participant.idle"),
      chat.event("participant.idle"),
    );
    expect(told).toEqual(["message", "participantIdle"]);
  });

  test("changed is told again", async () => {
    const contents: unknown[] = [];
    session.onMessage(({ data }) => contents.push(data.Attachments?.[0]?.Status ?? data.Content));
    const attachment = (Status: string): unknown =>
      chat.item({ Type: "ATTACHMENT", Content: undefined, Attachments: [{ AttachmentId: "a", Status }] });
    await chat.receive(
      attachment("IN_PROGRESS"),
      attachment("APPROVED"),
      attachment("APPROVED"),
      chat.item({ Id: "2" }),
      chat.item({ Id: "2", Content: "edited" }),
    );
    expect(contents).toEqual(["IN_PROGRESS", "APPROVED", "hello", "edited"]);
  });

  test("without an Id is told each time", async () => {
    const told = record(session, "message");
    await chat.receive(chat.item({ Id: undefined }), chat.item({ Id: undefined }));
    expect(told).toHaveLength(2);
  });
});

describe("a receipt", () => {
  const READ = { ReadTimestamp: "2026-01-01T00:00:02.000Z", RecipientParticipantId: "them" };
  const DELIVERED = { DeliveredTimestamp: "2026-01-01T00:00:01.000Z", RecipientParticipantId: "them" };

  test.each<[what: string, receipts: object[], told: ChatEventName[]]>([
    ["with a read time is a read receipt", [READ], ["readReceipt"]],
    ["with a delivered time is a delivered receipt", [DELIVERED], ["deliveredReceipt"]],
    ["with both times is a read receipt alone", [{ ...DELIVERED, ...READ }], ["readReceipt"]],
    ["of this participant itself is dropped", [{ ...READ, RecipientParticipantId: "me" }], []],
    ["without times is dropped", [{ RecipientParticipantId: "them" }], []],
    ["without receipts is dropped", [], []],
  ])("%s", async (_, receipts, expected) => {
    const told = record(session, ...EVENT_NAMES);
    await chat.receive(receipt(receipts));
    expect(told).toEqual(expected);
  });

  test("that names no contact belongs to the one chat on the socket", async () => {
    const told = record(session, "readReceipt");
    await chat.receive(receipt([READ], { ContactId: undefined, InitialContactId: undefined }));
    expect(told).toEqual(["readReceipt"]);
  });

  test("hands its item over as received", async () => {
    const items: unknown[] = [];
    session.onReadReceipt(({ data }) => items.push(data));
    const item = receipt([READ]);
    await chat.receive(item);
    expect(items).toEqual([JSON.parse(JSON.stringify(item))]);
  });
});

describe("handlers", () => {
  test("run in the order they were added", async () => {
    const order: number[] = [];
    session.onMessage(() => order.push(1));
    session.controller.subscribe("INCOMING_MESSAGE", () => order.push(2));
    session.on("message", () => order.push(3));
    await chat.receive(chat.item());
    expect(order).toEqual([1, 2, 3]);
  });

  test.each(CHAT_EVENT_NAMES)("of %s have their own method on the session", (name) => {
    const method: unknown = Reflect.get(session, methodOf(name));
    expect(method).toBeInstanceOf(Function);
  });

  test("are given upstream's name of the event as their second argument", async () => {
    const names: string[] = [];
    session.onMessage((_, name) => names.push(name));
    session.controller.subscribe("INCOMING_TYPING", (_, name) => names.push(name));
    await chat.receive(chat.item(), chat.event("typing"));
    expect(names).toEqual(["INCOMING_MESSAGE", "INCOMING_TYPING"]);
  });

  test("REL-22: the function returned by onMessage() removes that handler and no other", async () => {
    const told: string[] = [];
    const unsubscribe = session.onMessage(() => told.push("first"));
    session.onMessage(() => told.push("second"));
    unsubscribe();
    unsubscribe();
    await chat.receive(chat.item());
    expect(told).toEqual(["second"]);
  });

  test("are taken off by their signal", async () => {
    const controller = new AbortController();
    const told: string[] = [];
    session.onMessage(() => told.push("signal"), { signal: controller.signal });
    session.onMessage(() => told.push("never"), { signal: AbortSignal.abort() });
    await chat.receive(chat.item({ Id: "1" }));
    controller.abort();
    await chat.receive(chat.item({ Id: "2" }));
    expect(told).toEqual(["signal"]);
  });

  test("REL-45: handlers that throw or reject don't affect others, and are logged with the event's name, their class and place", async () => {
    const lines: string[] = [];
    const note = (line: unknown): void => void lines.push(String(line));
    chat.library.ChatSession.setGlobalConfig({
      loggerConfig: { customizedLogger: { error: note }, level: "ERROR" },
    });
    const told: string[] = [];
    session.onMessage(() => {
      throw new RangeError("thrown by the page");
    });
    session.onMessage(() => Promise.reject(new RangeError("rejected by the page")));
    session.onMessage(() => told.push("told"));
    await chat.receive(chat.item());
    expect(told).toEqual(["told"]);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatch(/"event":"message".*"name":"RangeError","at":"[^"]*events\.test\.ts:\d+:\d+"/);
  });

  test("added or taken off while an event is told change that event for nobody but the one taken off", async () => {
    const told: string[] = [];
    let takeOff = (): void => undefined;
    session.onMessage(() => {
      takeOff();
      session.onMessage(() => told.push("added"));
    });
    takeOff = session.onMessage(() => told.push("taken off"));
    session.onMessage(() => told.push("last"));
    await chat.receive(chat.item());
    expect(told).toEqual(["last"]);
  });

  test("that send from within an event do not disturb the order of events", async () => {
    const order: string[] = [];
    session.onMessage(({ data }) => {
      order.push(`begin ${data.Id}`);
      if (data.Id === "1") chat.send(chat.item({ Id: "2" }));
      order.push(`end ${data.Id}`);
    });
    await chat.receive(chat.item({ Id: "1" }));
    expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  });

  test("that are no functions are refused", () => {
    expect((): unknown => Reflect.apply(session.onMessage, undefined, ["handler"])).toThrow(
      expect.objectContaining({ code: "IllegalArgument", field: "handler" }),
    );
  });

  test.each(["NO_SUCH_EVENT", "", undefined, null])(
    "of an event that nobody knows are taken by subscribe(), as upstream does, and never told: %p",
    async (name) => {
      const told: unknown[] = [];
      const subscribe: unknown = Reflect.get(session.controller, "subscribe");
      if (!(subscribe instanceof Function)) throw new Error("There is no subscribe().");
      const off: unknown = Reflect.apply(subscribe, undefined, [name, () => told.push("told")]);
      await chat.receive(chat.item(), chat.event("participant.joined"));
      expect(told).toEqual([]);
      expect(off).toBeInstanceOf(Function);
    },
  );

  test("are subscribed by upstream's names, and by our own where upstream has none", () => {
    expect(CHAT_EVENT_NAMES.map(publicNameOf)).toEqual([
      "INCOMING_MESSAGE",
      "INCOMING_TYPING",
      "INCOMING_READ_RECEIPT",
      "INCOMING_DELIVERED_RECEIPT",
      "PARTICIPANT_IDLE",
      "PARTICIPANT_RETURNED",
      "PARTICIPANT_INVITED",
      "AUTODISCONNECTION",
      "AUTHENTICATION_INITIATED",
      "AUTHENTICATION_SUCCESSFUL",
      "AUTHENTICATION_FAILED",
      "AUTHENTICATION_TIMEOUT",
      "AUTHENTICATION_EXPIRED",
      "AUTHENTICATION_CANCELED",
      "PARTICIPANT_DISPLAY_NAME_UPDATED",
      "CHAT_REHYDRATED",
      "CHAT_ENDED",
      "CONNECTION_ESTABLISHED",
      "CONNECTION_LOST",
      "CONNECTION_BROKEN",
      "DEEP_HEARTBEAT_SUCCESS",
      "DEEP_HEARTBEAT_FAILURE",
      "TRANSCRIPT_UPDATED",
      "connectionStateChanged",
      "messagesRecovered",
      "participantJoined",
      "participantLeft",
      "transferSucceeded",
      "transferFailed",
    ]);
  });

  test("of an agent are all removed by cleanUpOnParticipantDisconnect", async () => {
    const other = new ChatUnderTest();
    const agent = await other.connected(other.agent());
    const told = record(agent, "message", "ended");
    agent.cleanUpOnParticipantDisconnect();
    await other.receive(other.item());
    expect(told).toEqual([]);
    agent.dispose();
    expect(other.leftovers).toEqual(NOTHING_LEFT);
  });
});
