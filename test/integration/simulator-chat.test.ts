/** Messages, events and receipts reach the right participants. Participants join and leave, and the chat ends. */
import { describe, expect, test } from "@jest/globals";
import type { Item } from "../../simulator/index";
import { EVENT, eventsOf, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ receiptContactIds: "alternate" });

const receivedItems = async ({ socket }: ConnectedParty, content: string): Promise<Item[]> => {
  await until(() => socket.items.some(({ Content }) => Content === content));
  return socket.items.filter(({ Content }) => Content === content);
};

describe("a message", () => {
  test("reaches everyone in the chat, including the sender, and is stored once", async () => {
    const { customer, agent } = await chat.pair();
    const { body } = await chat.send(customer, "hello");
    const item = {
      Id: body["Id"],
      AbsoluteTime: body["AbsoluteTime"],
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "hello",
      ParticipantId: customer.participantId,
      ParticipantRole: "CUSTOMER",
      DisplayName: "Customer",
      ContactId: customer.contactId,
      InitialContactId: customer.contactId,
    };
    for (const party of [customer, agent]) expect(await receivedItems(party, "hello")).toEqual([item]);
    expect(chat.stored(customer).filter(({ Content }) => Content === "hello")).toEqual([item]);
  });

  test("reaches all of a participant's subscribed sockets, but not unsubscribed ones", async () => {
    const customer = await chat.withSocket(chat.customer());
    const second = await chat.subscribe(chat.socketUrl(customer));
    const unsubscribed = await chat.open(chat.socketUrl(customer));
    await chat.send(customer, "to all");
    await receivedItems(customer, "to all");
    await receivedItems({ ...customer, socket: second }, "to all");
    // If nothing precedes the heartbeat response on this socket, the message wasn't sent to the socket.
    unsubscribed.send({ topic: "aws/heartbeat" });
    await until(() => unsubscribed.texts.length > 0);
    expect(unsubscribed.received).toEqual([{ topic: "aws/heartbeat" }]);
  });

  test("doesn't reach other chats", async () => {
    const customer = await chat.withSocket(chat.customer());
    const stranger = await chat.withSocket(chat.customer());
    await chat.send(customer, "private");
    await chat.send(stranger, "later");
    await receivedItems(stranger, "later");
    expect(stranger.socket.items.filter(({ ContactId }) => ContactId === customer.contactId)).toEqual([]);
  });

  test("gets a later time than the previous message, even if the clock doesn't advance", async () => {
    const customer = await chat.customer();
    for (const content of ["a", "b", "c"]) await chat.send(customer, content);
    const times = chat.stored(customer).map(({ AbsoluteTime }) => AbsoluteTime);
    expect(times).toHaveLength(3);
    expect(times).toEqual([...new Set(times)].sort());
    for (const time of times) expect(new Date(time).toISOString()).toBe(time);
  });
});

describe("typing", () => {
  test("is sent to everyone and not stored", async () => {
    const { customer, agent } = await chat.pair();
    const { status, body } = await chat.sendEvent(customer, "typing");
    expect(status).toBe(200);
    for (const { socket } of [customer, agent]) {
      await until(() => eventsOf(socket.items).includes("typing"));
      expect(socket.items.at(-1)).toMatchObject({ Id: body["Id"], ParticipantId: customer.participantId });
    }
    expect(eventsOf(chat.stored(customer))).toEqual(["participant.joined", "participant.joined"]);
  });
});

describe("receipts", () => {
  test("are sent as a message's metadata, alternately with and without the contact's IDs", async () => {
    const { customer, agent } = await chat.pair();
    const { body } = await chat.send(customer, "read me");
    const messageId = body["Id"];
    const first = await chat.sendEvent(agent, "message.delivered", { messageId });
    const second = await chat.sendEvent(agent, "message.read", { messageId });
    const DeliveredTimestamp = first.body["AbsoluteTime"];
    const receipt = { RecipientParticipantId: agent.participantId, DeliveredTimestamp };
    const read = { ...receipt, ReadTimestamp: second.body["AbsoluteTime"] };
    const common = { Type: "MESSAGEMETADATA", ContentType: `${EVENT}message.metadata` };
    for (const { socket } of [customer, agent]) {
      const receipts = (): Item[] => socket.items.filter(({ Type }) => Type === "MESSAGEMETADATA");
      await until(() => receipts().length === 2);
      expect(receipts()).toEqual([
        {
          ...common,
          Id: first.body["Id"],
          AbsoluteTime: DeliveredTimestamp,
          ContactId: customer.contactId,
          InitialContactId: customer.contactId,
          MessageMetadata: { MessageId: messageId, Receipts: [receipt] },
        },
        {
          ...common,
          Id: second.body["Id"],
          AbsoluteTime: second.body["AbsoluteTime"],
          MessageMetadata: { MessageId: messageId, Receipts: [read] },
        },
      ]);
    }
    // The stored message contains the read receipt.
    const message = chat.stored(customer).find(({ Id }) => Id === messageId);
    expect(message?.MessageMetadata).toEqual({ MessageId: messageId, Receipts: [read] });
  });

  test("are rejected with ConflictException until only two participants are left in the chat", async () => {
    const customer = await chat.withSocket(chat.customer());
    await chat.agent(customer.contactId);
    const third = await chat.agent(customer.contactId);
    const { body } = await chat.send(customer, "read me");
    const content = { messageId: body["Id"] };
    for (const kind of ["message.read", "message.delivered"]) {
      expect(await chat.sendEvent(third, kind, content)).toMatchObject({
        status: 409,
        type: "ConflictException",
        body: { message: expect.any(String) as unknown },
      });
    }
    await chat.leave(third);
    expect(await chat.sendEvent(customer, "message.read", content)).toMatchObject({ status: 200 });
  });

  test.each([[undefined], ["nonsense"], [{}], [{ messageId: 7 }]])(
    "are rejected without a message ID (%j)",
    async (content) => {
      const customer = await chat.customer();
      expect(await chat.sendEvent(customer, "message.read", content)).toMatchObject({
        status: 400,
        type: "ValidationException",
      });
    },
  );
});

describe("joining", () => {
  test("emits one event per participant, when a customer subscribes or an agent acknowledges the contact", async () => {
    const customer = await chat.customer();
    await chat.open(chat.socketUrl(customer));
    expect(eventsOf(chat.stored(customer))).toEqual([]);
    await chat.withSocket(customer);
    expect(eventsOf(chat.stored(customer))).toEqual(["participant.joined"]);
    await chat.withSocket(customer);

    const agent = await chat.withSocket(chat.agent(customer.contactId, false));
    expect(eventsOf(chat.stored(customer))).toEqual(["participant.joined"]);
    // An acknowledgement doesn't need a Type, and either token is accepted.
    const acknowledgement = { ConnectParticipant: true };
    for (const token of [agent.token, agent.participantToken]) {
      expect(await chat.call("/participant/connection", token, acknowledgement)).toMatchObject({
        status: 200,
        body: {},
      });
    }
    const joined = chat.stored(customer).filter(({ Type }) => Type === "EVENT");
    expect(joined.map(({ ParticipantId }) => ParticipantId)).toEqual([
      customer.participantId,
      agent.participantId,
    ]);
  });
});

describe("the end of a chat", () => {
  const CLOSING = ["participant.left", "chat.ended"];

  test.each(["customer", "agent"])(
    "is emitted when the %s leaves a chat with two participants",
    async (role) => {
      const { customer, agent } = await chat.pair();
      const leaver = role === "customer" ? customer : agent;
      expect(await chat.leave(leaver, "x")).toMatchObject({ status: 200, body: {} });
      await Promise.all([customer.socket.closed, agent.socket.closed]);
      // All participants receive the events, even the participant who left. Then the sockets close.
      for (const { socket } of [customer, agent]) {
        expect(eventsOf(socket.items).slice(-2)).toEqual(CLOSING);
        expect(socket.items.at(-2)?.ParticipantId).toBe(leaver.participantId);
      }
      await until(() => chat.simulator.sockets.length === 0);
      for (const party of [customer, agent]) {
        expect(await chat.send(party, "too late")).toMatchObject({
          status: 403,
          type: "AccessDeniedException",
        });
        const socket = { Type: ["WEBSOCKET"] };
        expect(await chat.call("/participant/connection", party.participantToken, socket)).toMatchObject({
          status: 403,
          type: "AccessDeniedException",
        });
      }
      // A client retries the same call if the response is lost.
      expect((await chat.leave(leaver, "x")).status).toBe(200);
      expect(eventsOf(chat.stored(customer)).slice(-2)).toEqual(CLOSING);
    },
  );

  test("is emitted when the customer leaves a chat with three participants, but not when an agent does", async () => {
    const { customer, agent } = await chat.pair();
    const third = await chat.withSocket(chat.agent(customer.contactId));
    await chat.leave(third);
    await third.socket.closed;
    expect(eventsOf(third.socket.items).at(-1)).toBe("participant.left");
    await chat.send(customer, "are you still there?");
    await receivedItems(agent, "are you still there?");
    expect(third.socket.items.some(({ Type }) => Type === "MESSAGE")).toBe(false);
    expect((await chat.send(third, "gone")).status).toBe(403);
    await expect(chat.open(chat.socketUrl(third))).rejects.toThrow("403");

    await chat.leave(customer);
    await Promise.all([customer.socket.closed, agent.socket.closed]);
    expect(eventsOf(agent.socket.items).slice(-2)).toEqual(CLOSING);
  });

  test("can be caused by a script, after which everyone receives chat.ended and the sockets close", async () => {
    const { customer, agent } = await chat.pair();
    const script = chat.simulator.contact(customer.contactId);
    script.end();
    await Promise.all([customer.socket.closed, agent.socket.closed]);
    expect(eventsOf(customer.socket.items).at(-1)).toBe("chat.ended");
    expect(eventsOf(agent.socket.items).at(-1)).toBe("chat.ended");
    script.end();
    expect(script.ended).toBe(true);
    expect(eventsOf(script.transcript).filter((name) => name === "chat.ended")).toHaveLength(1);
    expect(() => chat.simulator.joinAgent(customer.contactId)).toThrow("ended");
  });
});
