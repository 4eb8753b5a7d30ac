/** The disconnect flow, which runs after the customer's DisconnectParticipant until it ends the chat. */
import { describe, expect, test } from "@jest/globals";
import { EVENT, eventsOf, simulateChat, textsOf, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const script = ({ contactId }: { contactId: string }): ReturnType<typeof chat.simulator.contact> =>
  chat.simulator.contact(contactId);
const received = ({ socket }: ConnectedParty, text: string): Promise<void> =>
  until(() => socket.items.some(({ Content }) => Content === text));

/** A flow that asks one question and ends the chat when the customer answers. */
function survey(party: ConnectedParty): () => void {
  return script(party).onDisconnect((contact) => {
    contact.onMessage(() => contact.end());
    contact.say("How was it?", { role: "SYSTEM" });
  });
}

describe("with a disconnect flow", () => {
  test("the customer's DisconnectParticipant starts the flow, which ends the chat after the answer", async () => {
    const one = await chat.withSocket(chat.customer());
    survey(one);
    expect(await chat.leave(one)).toMatchObject({ status: 200, body: {} });
    await received(one, "How was it?");
    expect(script(one).ended).toBe(false);
    expect((await chat.send(one, "Good")).status).toBe(200);
    expect(await one.socket.closed.then(() => one.socket.closeCode)).toBe(1000);
    expect(eventsOf(one.socket.items)).toEqual(["participant.joined", "chat.ended"]);
    expect((await chat.send(one, "More")).status).toBe(403);
  });

  test("all of the customer's calls succeed during the flow, and the customer can open a new socket", async () => {
    const one = await chat.withSocket(chat.customer());
    chat.simulator.setView("view", { Id: "1" });
    survey(one);
    await chat.leave(one);
    await received(one, "How was it?");
    const questionId = one.socket.items.find(({ Content }) => Content === "How was it?")?.Id;
    expect((await chat.sendEvent(one, "typing")).status).toBe(200);
    expect((await chat.sendEvent(one, "message.read", { messageId: questionId })).status).toBe(200);
    expect(textsOf(await chat.call("/participant/transcript", one.token, {}))).toContain("How was it?");
    expect((await chat.call("/participant/views/view", one.token)).status).toBe(200);
    chat.simulator.dropSockets({ participantId: one.participantId });
    await one.socket.closed;
    const connection = { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] };
    expect((await chat.call("/participant/connection", one.participantToken, connection)).status).toBe(200);
    const again = await chat.subscribe(chat.socketUrl(one));
    script(one).say("Are you still there?");
    await until(() => again.items.some(({ Content }) => Content === "Are you still there?"));
  });

  test("the agent leaves immediately, and the chat continues without the agent", async () => {
    const { one, other } = await chat.pair();
    survey(one);
    await chat.leave(one);
    await other.socket.closed;
    for (const { socket } of [one, other]) {
      await until(() => eventsOf(socket.items).includes("participant.left"));
      const left = socket.items.filter(({ ContentType }) => ContentType === `${EVENT}participant.left`);
      expect(left.map(({ ParticipantId }) => ParticipantId)).toEqual([other.participantId]);
    }
    await received(one, "How was it?");
    expect(other.socket.items.some(({ Content }) => Content === "How was it?")).toBe(false);
    expect((await chat.send(other, "Goodbye")).status).toBe(403);
    expect((await chat.send(one, "Good")).status).toBe(200);
  });

  test("an agent's DisconnectParticipant also starts the flow, but only if it would otherwise end the chat", async () => {
    const { one, other } = await chat.pair();
    const supervisor = await chat.withSocket(chat.agent(one.contactId));
    survey(one);
    await chat.leave(supervisor);
    await supervisor.socket.closed;
    expect((await chat.send(other, "Still here")).status).toBe(200);
    await received(one, "Still here");
    await chat.leave(other);
    await received(one, "How was it?");
    expect(script(one).ended).toBe(false);
    expect(eventsOf(one.socket.items).slice(-2)).toEqual(["participant.left", "participant.left"]);
    await chat.send(one, "Good");
    await one.socket.closed;
  });

  test("the script is called once after the response, with the contact and the role that disconnected", async () => {
    const one = await chat.withSocket(chat.customer());
    const calls: unknown[] = [];
    script(one).onDisconnect(({ contactId }, by) => {
      calls.push([contactId, by, chat.simulator.requests.at(-1)?.status]);
    });
    await chat.leave(one, "same");
    await chat.leave(one, "same");
    expect(calls).toEqual([[one.contactId, "CUSTOMER", 200]]);
  });

  test("a second DisconnectParticipant with a different ClientToken ends the chat", async () => {
    const one = await chat.withSocket(chat.customer());
    survey(one);
    await chat.leave(one);
    await received(one, "How was it?");
    expect((await chat.leave(one)).status).toBe(200);
    await one.socket.closed;
    expect(eventsOf(one.socket.items).slice(-2)).toEqual(["participant.left", "chat.ended"]);
  });

  test("DisconnectParticipant ends the chat after the flow has been removed", async () => {
    const one = await chat.withSocket(chat.customer());
    survey(one)();
    await chat.leave(one);
    await one.socket.closed;
    expect(script(one).ended).toBe(true);
  });
});
