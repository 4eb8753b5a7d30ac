/** The disconnect flow starts after the customer's DisconnectParticipant. It runs until it ends the chat. */
import { describe, expect, test } from "@jest/globals";
import { EVENT, eventsOf, simulateChat, textsOf, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const script = ({ contactId }: { contactId: string }): ReturnType<typeof chat.simulator.contact> =>
  chat.simulator.contact(contactId);
const untilReceived = ({ socket }: ConnectedParty, text: string): Promise<void> =>
  until(() => socket.items.some(({ Content }) => Content === text));

/** Returns a flow that asks one question and ends the chat when the customer answers. */
function survey(party: ConnectedParty): () => void {
  return script(party).onDisconnect((contact) => {
    contact.onMessage(() => contact.end());
    contact.say("How was it?", { role: "SYSTEM" });
  });
}

describe("with a disconnect flow", () => {
  test("the customer's DisconnectParticipant starts the flow, which ends the chat after the answer", async () => {
    const customer = await chat.withSocket(chat.customer());
    survey(customer);
    expect(await chat.leave(customer)).toMatchObject({ status: 200, body: {} });
    await untilReceived(customer, "How was it?");
    expect(script(customer).ended).toBe(false);
    expect((await chat.send(customer, "Good")).status).toBe(200);
    expect(await customer.socket.closed.then(() => customer.socket.closeCode)).toBe(1000);
    expect(eventsOf(customer.socket.items)).toEqual(["participant.joined", "chat.ended"]);
    expect((await chat.send(customer, "More")).status).toBe(403);
  });

  test("all of the customer's calls succeed during the flow, and the customer can open a new socket", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.simulator.setView("view", { Id: "1" });
    survey(customer);
    await chat.leave(customer);
    await untilReceived(customer, "How was it?");
    const questionId = customer.socket.items.find(({ Content }) => Content === "How was it?")?.Id;
    expect((await chat.sendEvent(customer, "typing")).status).toBe(200);
    expect((await chat.sendEvent(customer, "message.read", { messageId: questionId })).status).toBe(200);
    expect(textsOf(await chat.call("/participant/transcript", customer.token, {}))).toContain("How was it?");
    expect((await chat.call("/participant/views/view", customer.token)).status).toBe(200);
    chat.simulator.dropSockets({ participantId: customer.participantId });
    await customer.socket.closed;
    const connection = { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] };
    expect((await chat.call("/participant/connection", customer.participantToken, connection)).status).toBe(
      200,
    );
    const newSocket = await chat.subscribe(chat.socketUrl(customer));
    script(customer).say("Are you still there?");
    await until(() => newSocket.items.some(({ Content }) => Content === "Are you still there?"));
  });

  test("the agent leaves immediately, and the chat continues without the agent", async () => {
    const { customer, agent } = await chat.pair();
    survey(customer);
    await chat.leave(customer);
    await agent.socket.closed;
    for (const { socket } of [customer, agent]) {
      await until(() => eventsOf(socket.items).includes("participant.left"));
      const left = socket.items.filter(({ ContentType }) => ContentType === `${EVENT}participant.left`);
      expect(left.map(({ ParticipantId }) => ParticipantId)).toEqual([agent.participantId]);
    }
    await untilReceived(customer, "How was it?");
    expect(agent.socket.items.some(({ Content }) => Content === "How was it?")).toBe(false);
    expect((await chat.send(agent, "Goodbye")).status).toBe(403);
    expect((await chat.send(customer, "Good")).status).toBe(200);
  });

  test("an agent's DisconnectParticipant starts the flow only if the call would otherwise end the chat", async () => {
    const { customer, agent } = await chat.pair();
    const supervisor = await chat.withSocket(chat.agent(customer.contactId));
    survey(customer);
    await chat.leave(supervisor);
    await supervisor.socket.closed;
    expect((await chat.send(agent, "Still here")).status).toBe(200);
    await untilReceived(customer, "Still here");
    await chat.leave(agent);
    await untilReceived(customer, "How was it?");
    expect(script(customer).ended).toBe(false);
    expect(eventsOf(customer.socket.items).slice(-2)).toEqual(["participant.left", "participant.left"]);
    await chat.send(customer, "Good");
    await customer.socket.closed;
  });

  test("the script is called once after the response, with the contact and the role that disconnected", async () => {
    const customer = await chat.withSocket(chat.customer());
    const calls: unknown[] = [];
    script(customer).onDisconnect(({ contactId }, by) => {
      calls.push([contactId, by, chat.simulator.requests.at(-1)?.status]);
    });
    await chat.leave(customer, "same");
    await chat.leave(customer, "same");
    expect(calls).toEqual([[customer.contactId, "CUSTOMER", 200]]);
  });

  test("a second DisconnectParticipant with a different ClientToken ends the chat", async () => {
    const customer = await chat.withSocket(chat.customer());
    survey(customer);
    await chat.leave(customer);
    await untilReceived(customer, "How was it?");
    expect((await chat.leave(customer)).status).toBe(200);
    await customer.socket.closed;
    expect(eventsOf(customer.socket.items).slice(-2)).toEqual(["participant.left", "chat.ended"]);
  });

  test("DisconnectParticipant ends the chat after the flow has been removed", async () => {
    const customer = await chat.withSocket(chat.customer());
    survey(customer)();
    await chat.leave(customer);
    await customer.socket.closed;
    expect(script(customer).ended).toBe(true);
  });
});
