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

/** All events except transcriptUpdated, which would follow every item. */
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

describe("items", () => {
  test("an item reaches its handler unchanged, together with the session's chat details", async () => {
    const events: unknown[] = [];
    session.onMessage((event) => events.push(event));
    const item = chat.item({ SomethingNew: { deep: [1] } });
    await chat.receive(item);
    expect(events).toEqual([{ chatDetails: session.getChatDetails(), data: item }]);
  });

  test("REL-43: an item is delivered in its frame's task, without a timer", () => {
    const emitted = record(session, "message");
    const before = chat.platform.pendingTimers;
    chat.send(chat.item());
    expect(emitted).toEqual(["message"]);
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
    ["authentication.cancelled", "authenticationCanceled"], // cspell:disable-line
    ["participant.displayname.updated", "participantDisplayNameUpdated"],
    ["chat.rehydrated", "chatRehydrated"],
  ])("an item of type %s emits %s and not message", async (contentType, name) => {
    const emitted = record(session, ...EVENT_NAMES);
    await chat.receive(chat.event(contentType));
    expect(emitted).toEqual([name]);
  });

  test.each<[contentType: string, name: ChatEventName]>([
    ["participant.joined", "participantJoined"],
    ["participant.left", "participantLeft"],
    ["transfer.succeeded", "transferSucceeded"],
    ["transfer.failed", "transferFailed"],
  ])("an item of type %s emits message and %s", async (contentType, name) => {
    const emitted = record(session, ...EVENT_NAMES);
    await chat.receive(chat.event(contentType));
    expect(emitted).toEqual(["message", name]);
  });

  test.each([
    "participant.active",
    "participant.inactive",
    "connection.acknowledged",
    "workflow.cancelled", // cspell:disable-line
    "something.new",
  ])("an item of type %s emits message", async (contentType) => {
    const emitted = record(session, ...EVENT_NAMES);
    await chat.receive(chat.event(contentType));
    expect(emitted).toEqual(["message"]);
  });

  test.each([
    ["an attachment", { Type: "ATTACHMENT", ContentType: "image/png" }],
    ["an interactive message", { ContentType: "application/vnd.amazonaws.connect.message.interactive" }],
    ["of an unknown type", { Type: "SOMETHING_NEW", ContentType: undefined }],
  ])("an item that is %s emits message", async (_, fields) => {
    const emitted = record(session, ...EVENT_NAMES);
    await chat.receive(chat.item(fields));
    expect(emitted).toEqual(["message"]);
  });

  test("another contact's item emits nothing", async () => {
    const emitted = record(session, ...EVENT_NAMES);
    await chat.receive(chat.item({ ContactId: "other", InitialContactId: "other" }));
    expect(emitted).toEqual([]);
  });

  test("a damaged item is dropped, and the next item is delivered", async () => {
    const emitted = record(session, "message");
    chat.platform.socket.receive({ topic: "aws/chat", content: '{"Id": "1", "Ty' });
    chat.platform.socket.receive({ topic: "aws/chat", content: "null" });
    chat.platform.socket.receive({ topic: "aws/chat" });
    chat.platform.socket.receive("no JSON");
    await chat.receive(chat.item());
    // The item waits for the recovery that the damaged frames started.
    await chat.platform.advance(1_000);
    expect(emitted).toEqual(["message"]);
  });
});

describe("an item that arrives again", () => {
  test("REL-36: an unchanged item that arrives again isn't delivered again", async () => {
    const emitted = record(session, "message", "participantIdle");
    await chat.receive(
      chat.item(),
      chat.item(),
      chat.event("participant.idle"),
      chat.event("participant.idle"),
    );
    expect(emitted).toEqual(["message", "participantIdle"]);
  });

  test("is delivered again if it changed", async () => {
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

  test("is delivered each time if it has no Id", async () => {
    const emitted = record(session, "message");
    await chat.receive(chat.item({ Id: undefined }), chat.item({ Id: undefined }));
    expect(emitted).toHaveLength(2);
  });
});

describe("a receipt", () => {
  const READ = { ReadTimestamp: "2026-01-01T00:00:02.000Z", RecipientParticipantId: "them" };
  const DELIVERED = { DeliveredTimestamp: "2026-01-01T00:00:01.000Z", RecipientParticipantId: "them" };

  test.each<[what: string, receipts: object[], emitted: ChatEventName[]]>([
    ["with a read time emits readReceipt", [READ], ["readReceipt"]],
    ["with a delivered time emits deliveredReceipt", [DELIVERED], ["deliveredReceipt"]],
    ["with both times emits only readReceipt", [{ ...DELIVERED, ...READ }], ["readReceipt"]],
    ["from this participant is dropped", [{ ...READ, RecipientParticipantId: "me" }], []],
    ["without times is dropped", [{ RecipientParticipantId: "them" }], []],
    ["without receipts is dropped", [], []],
  ])("%s", async (_, receipts, expected) => {
    const emitted = record(session, ...EVENT_NAMES);
    await chat.receive(receipt(receipts));
    expect(emitted).toEqual(expected);
  });

  test("is delivered to the only chat on the socket if it has no contact ID", async () => {
    const emitted = record(session, "readReceipt");
    await chat.receive(receipt([READ], { ContactId: undefined, InitialContactId: undefined }));
    expect(emitted).toEqual(["readReceipt"]);
  });

  test("is passed to the handler unchanged", async () => {
    const items: unknown[] = [];
    session.onReadReceipt(({ data }) => items.push(data));
    const item = receipt([READ]);
    await chat.receive(item);
    expect(items).toEqual([JSON.parse(JSON.stringify(item))]);
  });
});

describe("handlers", () => {
  test("are called in the order in which they were added", async () => {
    const order: number[] = [];
    session.onMessage(() => order.push(1));
    session.controller.subscribe("INCOMING_MESSAGE", () => order.push(2));
    session.on("message", () => order.push(3));
    await chat.receive(chat.item());
    expect(order).toEqual([1, 2, 3]);
  });

  test.each(CHAT_EVENT_NAMES)("can be added for %s with the event's own on… method", (name) => {
    const method: unknown = Reflect.get(session, methodOf(name));
    expect(method).toBeInstanceOf(Function);
  });

  test("receive upstream's name of the event as their second argument", async () => {
    const names: string[] = [];
    session.onMessage((_, name) => names.push(name));
    session.controller.subscribe("INCOMING_TYPING", (_, name) => names.push(name));
    await chat.receive(chat.item(), chat.event("typing"));
    expect(names).toEqual(["INCOMING_MESSAGE", "INCOMING_TYPING"]);
  });

  test("REL-22: the function that onMessage() returns removes that handler and no other handler", async () => {
    const emitted: string[] = [];
    const unsubscribe = session.onMessage(() => emitted.push("first"));
    session.onMessage(() => emitted.push("second"));
    unsubscribe();
    unsubscribe();
    await chat.receive(chat.item());
    expect(emitted).toEqual(["second"]);
  });

  test("are removed by their signal", async () => {
    const controller = new AbortController();
    const emitted: string[] = [];
    session.onMessage(() => emitted.push("signal"), { signal: controller.signal });
    session.onMessage(() => emitted.push("never"), { signal: AbortSignal.abort() });
    await chat.receive(chat.item({ Id: "1" }));
    controller.abort();
    await chat.receive(chat.item({ Id: "2" }));
    expect(emitted).toEqual(["signal"]);
  });

  test("REL-45: handlers that throw or reject don't affect other handlers, and are logged with the event's name and the error's class and location", async () => {
    const lines: string[] = [];
    const recordLine = (line: unknown): void => void lines.push(String(line));
    chat.library.ChatSession.setGlobalConfig({
      loggerConfig: { customizedLogger: { error: recordLine }, level: "ERROR" },
    });
    const emitted: string[] = [];
    session.onMessage(() => {
      throw new RangeError("thrown by the page");
    });
    session.onMessage(() => Promise.reject(new RangeError("rejected by the page")));
    session.onMessage(() => emitted.push("called"));
    await chat.receive(chat.item());
    expect(emitted).toEqual(["called"]);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatch(/"event":"message".*"name":"RangeError","at":"[^"]*events\.test\.ts:\d+:\d+"/);
  });

  test("don't receive an event if they are added during the event or removed before their turn", async () => {
    const emitted: string[] = [];
    let unsubscribe = (): void => undefined;
    session.onMessage(() => {
      unsubscribe();
      session.onMessage(() => emitted.push("added"));
    });
    unsubscribe = session.onMessage(() => emitted.push("removed"));
    session.onMessage(() => emitted.push("last"));
    await chat.receive(chat.item());
    expect(emitted).toEqual(["last"]);
  });

  test("don't disturb the order of events if they cause another event", async () => {
    const order: string[] = [];
    session.onMessage(({ data }) => {
      order.push(`begin ${data.Id}`);
      if (data.Id === "1") chat.send(chat.item({ Id: "2" }));
      order.push(`end ${data.Id}`);
    });
    await chat.receive(chat.item({ Id: "1" }));
    expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
  });

  test("cause an IllegalArgument if they aren't functions", () => {
    expect((): unknown => Reflect.apply(session.onMessage, undefined, ["handler"])).toThrow(
      expect.objectContaining({ code: "IllegalArgument", field: "handler" }),
    );
  });

  test.each(["NO_SUCH_EVENT", "", undefined, null])(
    "can be added with subscribe() for the unknown event %p, as in upstream, and are never called",
    async (name) => {
      const emitted: unknown[] = [];
      const subscribe: unknown = Reflect.get(session.controller, "subscribe");
      if (!(subscribe instanceof Function)) throw new Error("There is no subscribe().");
      const unsubscribe: unknown = Reflect.apply(subscribe, undefined, [name, () => emitted.push("called")]);
      await chat.receive(chat.item(), chat.event("participant.joined"));
      expect(emitted).toEqual([]);
      expect(unsubscribe).toBeInstanceOf(Function);
    },
  );

  test("can be added under upstream's event names, or under the library's names for events that upstream lacks", () => {
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

  test("are all removed by cleanUpOnParticipantDisconnect() in an agent's session", async () => {
    const other = new ChatUnderTest();
    const agent = await other.connected(other.agent());
    const emitted = record(agent, "message", "ended");
    agent.cleanUpOnParticipantDisconnect();
    await other.receive(other.item());
    expect(emitted).toEqual([]);
    agent.dispose();
    expect(other.leftovers).toEqual(NOTHING_LEFT);
  });
});
