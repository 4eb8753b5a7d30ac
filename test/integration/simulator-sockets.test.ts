/** The socket protocol, including the upgrade and sockets for several participants. */
import { request } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { eventsOf, part, simulateChat, type Party } from "./support/simulated-chat";
import { TestSocket } from "./support/test-socket";
import { until } from "./support/wait";

const chat = simulateChat();

const SUBSCRIBED = { topic: "aws/subscribe", content: { status: "success", topics: ["aws/chat"] } };
const FORBIDDEN = {
  message: "Forbidden",
  connectionId: expect.any(String) as unknown,
  requestId: expect.any(String) as unknown,
};

describe("the upgrade", () => {
  test("succeeds with the URL from CreateParticipantConnection", async () => {
    const { ParticipantToken, ParticipantId } = chat.simulator.startChat();
    const request = { Type: ["WEBSOCKET"] };
    const { body } = await chat.call("/participant/connection", ParticipantToken, request);
    await chat.open(String(part(body, "Websocket")["Url"]));
    expect(chat.simulator.sockets).toEqual([
      { participantIds: [ParticipantId], subscribed: false, received: [] },
    ]);
  });

  test("is refused if the URL has expired or is invalid, or if the chat has ended", async () => {
    const customer = await chat.customer();
    const expired = chat.socketUrl(customer);
    chat.now += 99_999;
    await chat.open(expired);
    chat.now += 1;
    const valid = chat.socketUrl(customer);
    const elsewhere = valid.replace("/socket", "/elsewhere");
    for (const url of [
      expired,
      valid.replace(/token=.*/, "token=wrong"),
      valid.replace(/\?.*/, ""),
      elsewhere,
    ]) {
      await expect(chat.open(url)).rejects.toThrow("403");
    }
    await chat.open(valid);
    chat.simulator.contact(customer.contactId).end();
    await expect(chat.open(valid)).rejects.toThrow("403");
  });

  test.each(["*", "//", "/%", "/socket"])(
    "to %s is refused and closed, even if the client keeps its side open",
    async (path) => {
      // Such a request must not crash the simulator or leave a connection open.
      const closed = new Promise<number | undefined>((resolve, reject) => {
        const upgrade = request({
          port: chat.simulator.port,
          path,
          headers: { connection: "upgrade", upgrade: "websocket" },
        });
        upgrade.on("error", reject);
        upgrade.on("response", (response) => {
          response.resume();
          response.socket.on("close", () => resolve(response.statusCode));
        });
        upgrade.end();
      });
      expect(await closed).toBe(403);
    },
  );
});

describe("frames", () => {
  test("heartbeats and pings get a response before and after the subscription", async () => {
    const customer = await chat.customer();
    const socket = await chat.open(chat.socketUrl(customer));
    socket.send({ topic: "aws/ping" });
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    socket.send({ topic: "aws/heartbeat" });
    await until(() => socket.frames("aws/heartbeat").length > 0);
    expect(socket.received.filter(({ topic }) => topic !== "aws/chat")).toEqual([
      { topic: "aws/ping", statusCode: 200, statusContent: "OK" },
      SUBSCRIBED,
      { topic: "aws/heartbeat" },
    ]);
    const [seen] = chat.simulator.sockets;
    expect(seen?.subscribed).toBe(true);
    expect(seen?.received.map(({ topic }) => topic)).toEqual(["aws/ping", "aws/subscribe", "aws/heartbeat"]);
  });

  test("a subscription gets a response before the first item is sent", async () => {
    const { socket } = await chat.withSocket(chat.customer());
    await until(() => socket.texts.length === 2);
    expect(socket.received[0]).toEqual(SUBSCRIBED);
    expect(eventsOf(socket.items)).toEqual(["participant.joined"]);
  });

  test.each([[["aws/else"]], [["aws/chat", "aws/else"]], [[]], ["aws/chat"], [undefined]])(
    "a subscription to %j fails, and the socket receives no items",
    async (topics) => {
      const customer = await chat.customer();
      const socket = await chat.open(chat.socketUrl(customer));
      socket.send({ topic: "aws/subscribe", content: { topics } });
      await until(() => socket.texts.length > 0);
      await chat.send(customer, "not delivered");
      socket.send({ topic: "aws/heartbeat" });
      await until(() => socket.frames("aws/heartbeat").length > 0);
      expect(socket.received).toEqual([
        { topic: "aws/subscribe", content: { status: "failure", ...(topics !== undefined && { topics }) } },
        { topic: "aws/heartbeat" },
      ]);
      expect(eventsOf(chat.stored(customer))).toEqual([]);
    },
  );

  test.each(["nonsense", "", "7", "null", "[]", '{"topic":', "{}", '{"topic":"aws/else"}', '{"topic":7}'])(
    "the frame %j is answered with Forbidden, and the socket stays open",
    async (text) => {
      const socket = await chat.open(chat.socketUrl(await chat.customer()));
      socket.sendText(text);
      socket.send({ topic: "aws/heartbeat" });
      await until(() => socket.texts.length === 2);
      expect(socket.received).toEqual([FORBIDDEN, { topic: "aws/heartbeat" }]);
    },
  );
});

describe("one socket for several participants", () => {
  const agentOf = async (name: string): Promise<{ customer: Party; agent: Party }> => {
    const { ContactId, ParticipantId } = chat.simulator.startChat({ displayName: name });
    const { participantToken: token } = chat.simulator.connectionTokenOf(ParticipantId).chatTokenTransport;
    const customer = { contactId: ContactId, participantId: ParticipantId, participantToken: "", token };
    return { customer, agent: await chat.agent(ContactId) };
  };

  test("receives the items of all their chats, and closes when the last chat ends", async () => {
    const first = await agentOf("first");
    const second = await agentOf("second");
    const shared = await chat.subscribe(chat.socketUrl(first.agent, second.agent));
    expect(chat.simulator.sockets[0]?.participantIds).toEqual([
      first.agent.participantId,
      second.agent.participantId,
    ]);
    await chat.send(first.customer, "one");
    await chat.send(second.customer, "two");
    await until(() => shared.items.some(({ Content }) => Content === "two"));
    expect(shared.items.map(({ Content, ContactId }) => [Content, ContactId])).toEqual([
      ["one", first.customer.contactId],
      ["two", second.customer.contactId],
    ]);

    await chat.leave(first.customer);
    await chat.send(second.customer, "three");
    await until(() => shared.items.some(({ Content }) => Content === "three"));
    expect(eventsOf(shared.items)).toEqual(["participant.left", "chat.ended"]);
    await chat.leave(second.agent);
    await shared.closed;
    expect(shared.items.at(-1)?.ContactId).toBe(second.customer.contactId);
  });

  test("opens if at least one participant is in a chat", async () => {
    const first = await agentOf("first");
    const second = await agentOf("second");
    await chat.leave(first.customer);
    const url = chat.socketUrl(first.agent, second.agent);
    await chat.open(url);
    await chat.leave(second.customer);
    await expect(chat.open(url)).rejects.toThrow("403");
    await expect(chat.open(chat.socketUrl())).rejects.toThrow("403");
  });
});

describe("dropSockets()", () => {
  test("drops a participant's sockets, a contact's sockets or all sockets, and returns the number of sockets", async () => {
    const { customer, agent } = await chat.pair();
    const stranger = await chat.withSocket(chat.customer());
    expect(chat.simulator.dropSockets({ participantId: customer.participantId })).toBe(1);
    await customer.socket.closed;
    expect(chat.simulator.dropSockets({ contactId: customer.contactId, participantId: "none" })).toBe(0);
    expect(chat.simulator.dropSockets({ contactId: customer.contactId })).toBe(1);
    await agent.socket.closed;
    await until(() => chat.simulator.sockets.length === 1);
    expect(chat.simulator.dropSockets()).toBe(1);
    await stranger.socket.closed;
  });

  test("closes sockets without a close frame or with a given close code", async () => {
    const customer = await chat.customer();
    const abrupt = new TestSocket(chat.socketUrl(customer));
    await abrupt.opened;
    chat.simulator.dropSockets();
    await abrupt.closed;
    expect(abrupt.closeCode).toBe(1006);
    const { socket } = await chat.withSocket(customer);
    chat.simulator.dropSockets({ code: 4001 });
    await socket.closed;
    expect(socket.closeCode).toBe(4001);
  });
});
