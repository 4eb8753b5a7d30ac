/** Streamed replies, transfers, authentication, idle participants, renames and rehydration, simulated by scripts. */
import { describe, expect, test } from "@jest/globals";
import type { Item } from "../../simulator/index";
import { EVENT, eventsOf, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const customerWithSocket = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());
const script = ({ contactId }: { contactId: string }): ReturnType<typeof chat.simulator.contact> =>
  chat.simulator.contact(contactId);

/** Waits for an event and returns the events received so far, by the last part of their content types. */
async function eventsUpTo({ socket }: ConnectedParty, last: string): Promise<string[]> {
  await until(() => eventsOf(socket.items).includes(last));
  return eventsOf(socket.items);
}
const chunkOf = ({ Content, MessageMetadata }: Item): unknown[] => [
  Content,
  MessageMetadata?.ChunkNumber,
  MessageMetadata?.MessageCompleted,
];

describe("a bot that replies", () => {
  const textsTo = ({ socket }: ConnectedParty): (string | undefined)[] =>
    socket.items.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);

  test("receives clients' messages but not scripts' messages, and its reply is delivered after the client's message", async () => {
    const customer = await customerWithSocket();
    const contact = script(customer);
    const received: Item[] = [];
    const statuses: (number | undefined)[] = [];
    contact.onMessage((item) => {
      received.push(item);
      // The status is 0 until the call has a response.
      const calls = chat.simulator.requests.filter(({ operation }) => operation === "SendMessage");
      statuses.push(calls.at(-1)?.status);
      contact.say(`You said ${item.Content ?? ""}`, { role: "SYSTEM" });
    });
    contact.say("Welcome");
    contact.event("typing", { role: "AGENT" });
    await chat.send(customer, "one");
    await chat.send(customer, "two");
    await until(() => textsTo(customer).length === 5);
    expect(textsTo(customer)).toEqual(["Welcome", "one", "You said one", "two", "You said two"]);
    expect(received.map(({ Content, ParticipantRole }) => [Content, ParticipantRole])).toEqual([
      ["one", "CUSTOMER"],
      ["two", "CUSTOMER"],
    ]);
    expect(statuses).toEqual([200, 200]);
  });

  test("is called once for a message that is resent with the same ClientToken, and isn't called after it is removed", async () => {
    const customer = await customerWithSocket();
    const contact = script(customer);
    const reply = ({ Content }: Readonly<Item>): Item => contact.say(`Re: ${Content ?? ""}`);
    const [off] = [contact.onMessage(reply), contact.onMessage(reply)];
    const body = { Content: "once", ContentType: "text/plain", ClientToken: "same" };
    for (let times = 0; times < 2; times += 1) await chat.call("/participant/message", customer.token, body);
    off();
    await chat.send(customer, "later");
    await until(() => textsTo(customer).includes("Re: later"));
    expect(textsTo(customer)).toEqual(["once", "Re: once", "Re: once", "later", "Re: later"]);
  });

  test("if added in onChat(), handles every new chat and its initial message, including chats that a page starts", async () => {
    const off = chat.simulator.onChat((contact) => {
      contact.onMessage(({ Content }) => contact.say(`Re: ${Content ?? ""}`));
    });
    const response = await fetch(`${chat.simulator.url}/start-chat`, { method: "POST", body: "{}" });
    const { ContactId } = (await response.json()) as { ContactId: string };
    const started = chat.simulator.startChat({ initialMessage: "Hello" });
    off();
    const without = chat.simulator.startChat({ initialMessage: "Hello" });
    const textsIn = (contactId: string): (string | undefined)[] =>
      chat.simulator.contact(contactId).transcript.map(({ Content }) => Content);
    await until(() => textsIn(started.ContactId).length === 2);
    expect(textsIn(started.ContactId)).toEqual(["Hello", "Re: Hello"]);
    expect(textsIn(without.ContactId)).toEqual(["Hello"]);
    expect(textsIn(ContactId)).toEqual([]);
  });
});

describe("a bot's streamed reply", () => {
  test("arrives in chunks with one Id, numbered from 1, and then as a completed message", async () => {
    const customer = await customerWithSocket();
    const answer = script(customer).stream(["Hel", "lo"]);
    answer.finish();
    await until(() => customer.socket.items.filter(({ Id }) => Id === answer.id).length === 3);
    const received = customer.socket.items.filter(({ Id }) => Id === answer.id);
    expect(received.map(chunkOf)).toEqual([
      ["Hel", 1, false],
      ["lo", 2, false],
      ["Hello", 2, true],
    ]);
    expect(new Set(received.map(({ ParticipantRole }) => ParticipantRole))).toEqual(new Set(["SYSTEM"]));
  });

  test("is one item in the transcript, with its text up to the first missing chunk", async () => {
    const customer = await chat.customer();
    const answer = script(customer).stream(["a", "b", "c"]);
    const stored = (): unknown[] =>
      chat
        .stored(customer)
        .filter(({ Id }) => Id === answer.id)
        .map((item) => chunkOf(item)[0]);
    answer.send(2);
    expect(stored()).toEqual([]);
    answer.send(1);
    expect(stored()).toEqual(["a"]);
    answer.send(3);
    expect(stored()).toEqual(["a"]);
    answer.send(2);
    expect(stored()).toEqual(["ab"]);
    answer.complete();
    expect(stored()).toEqual(["abc"]);
  });

  test("is sent one chunk at a time by next() until no chunk is left, and send() throws for an unknown chunk", async () => {
    const answer = script(await chat.customer()).stream(["a"]);
    expect([answer.next(), answer.next()]).toEqual([true, false]);
    expect(() => answer.send(2)).toThrow(RangeError);
  });
});

describe("a transfer", () => {
  test("replaces the agent with another agent, and the chat continues", async () => {
    const { customer, agent } = await chat.pair();
    const next = script(customer).transfer({ displayName: "Robin" });
    expect(await eventsUpTo(agent, "participant.left")).toContain("transfer.succeeded");
    await agent.socket.closed;
    expect((await chat.send(agent, "still me")).status).toBe(403);
    expect(script(customer).ended).toBe(false);
    const connection = { Type: ["CONNECTION_CREDENTIALS"], ConnectParticipant: true };
    expect((await chat.call("/participant/connection", next.participantToken, connection)).status).toBe(200);
    await until(() => customer.socket.items.some(({ DisplayName }) => DisplayName === "Robin"));
  });

  test("emits transfer.failed and keeps the agent in the chat if it fails", async () => {
    const { customer, agent } = await chat.pair();
    script(customer).failTransfer();
    await eventsUpTo(customer, "transfer.failed");
    expect((await chat.send(agent, "still here")).status).toBe(200);
  });
});

describe("an authentication", () => {
  const url = (party: ConnectedParty, SessionId: string): ReturnType<typeof chat.call> =>
    chat.call("/participant/authentication-url", party.token, { SessionId, RedirectUri: "https://back" });

  test("is announced with its session ID, and only that session has a URL", async () => {
    const customer = await customerWithSocket();
    const { sessionId } = script(customer).authentication.initiate();
    await eventsUpTo(customer, "authentication.initiated");
    const initiated = customer.socket.items.find(
      ({ ContentType }) => ContentType === `${EVENT}authentication.initiated`,
    );
    expect(JSON.parse(initiated?.Content ?? "")).toEqual({ SessionId: sessionId });
    expect((await url(customer, sessionId)).body["AuthenticationUrl"]).toContain(sessionId);
    expect((await url(customer, "another")).status).toBe(400);
  });

  test("can be canceled by the customer", async () => {
    const customer = await customerWithSocket();
    const { authentication } = script(customer);
    const { sessionId } = authentication.initiate("mine");
    const cancel = (SessionId: string): ReturnType<typeof chat.call> =>
      chat.call("/participant/cancel-authentication", customer.token, { SessionId });
    expect((await cancel("another")).status).toBe(400);
    expect(authentication.sessionId).toBe("mine");
    expect((await cancel(sessionId)).status).toBe(200);
    expect(await eventsUpTo(customer, "authentication.cancelled")).toContain("authentication.initiated");
    expect(authentication.sessionId).toBeNull();
  });

  test.each([
    ["succeed", "succeeded"],
    ["fail", "failed"],
    ["timeOut", "timeout"],
    ["expire", "expired"],
  ] as const)("can be ended by %s(), which emits authentication.%s", async (method, event) => {
    const customer = await customerWithSocket();
    const { authentication } = script(customer);
    authentication.initiate();
    authentication[method]();
    await eventsUpTo(customer, `authentication.${event}`);
    expect(authentication.sessionId).toBeNull();
  });
});

describe("a silent participant", () => {
  test("can become idle, return, and be disconnected, which ends the chat if it's the customer", async () => {
    const { customer, agent } = await chat.pair();
    const contact = script(customer);
    for (const item of [contact.idle(), contact.returned(), contact.idle(), contact.autoDisconnect()]) {
      expect(item.ParticipantId).toBe(customer.participantId);
    }
    expect((await eventsUpTo(agent, "chat.ended")).slice(-6)).toEqual([
      "participant.idle",
      "participant.returned",
      "participant.idle",
      "participant.autodisconnection",
      "participant.left",
      "chat.ended",
    ]);
    expect(contact.ended).toBe(true);
  });

  test("can be the agent", async () => {
    const { customer, agent } = await chat.pair();
    expect(script(customer).idle({ role: "AGENT" }).ParticipantId).toBe(agent.participantId);
    await eventsUpTo(customer, "participant.idle");
  });

  test("must be in the chat, or idle() throws", async () => {
    const customer = await chat.customer();
    expect(() => script(customer).idle({ role: "AGENT" })).toThrow("Nobody with role AGENT");
  });
});

test("rename() emits an event, and later messages have the new name", async () => {
  const { customer, agent } = await chat.pair();
  script(customer).rename("Robin");
  await eventsUpTo(customer, "participant.displayname.updated");
  await chat.send(agent, "it is me");
  await until(() => customer.socket.items.some(({ Content }) => Content === "it is me"));
  expect(customer.socket.items.find(({ Content }) => Content === "it is me")?.DisplayName).toBe("Robin");
});

test("a rehydrated chat starts with the earlier chat's items, which keep their contact ID", async () => {
  const before = await chat.customer();
  await chat.send(before, "long ago");
  const customer = await customerWithSocket();
  script(customer).rehydrate(script(before));
  await eventsUpTo(customer, "chat.rehydrated");
  const [first] = chat.stored(customer);
  expect(first).toMatchObject({ Content: "long ago", ContactId: before.contactId });
});
