/** What a script makes others do: answers that stream, transfers, authentication, idleness, names, rehydration. */
import { describe, expect, test } from "@jest/globals";
import type { Item } from "../../simulator/index";
import { EVENT, eventsOf, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const customer = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());
const script = ({ contactId }: { contactId: string }): ReturnType<typeof chat.simulator.contact> =>
  chat.simulator.contact(contactId);

/** The events that a participant has heard, by the ends of their content types, once there is the last. */
async function heardUpTo({ socket }: ConnectedParty, last: string): Promise<string[]> {
  await until(() => eventsOf(socket.items).includes(last));
  return eventsOf(socket.items);
}
const pieceOf = ({ Content, MessageMetadata }: Item): unknown[] => [
  Content,
  MessageMetadata?.ChunkNumber,
  MessageMetadata?.MessageCompleted,
];

describe("a bot that replies", () => {
  const toldTo = ({ socket }: ConnectedParty): (string | undefined)[] =>
    socket.items.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);

  test("hears what the client sends, not what scripts say, and its reply comes after it", async () => {
    const one = await customer();
    const contact = script(one);
    const heard: Item[] = [];
    const statuses: (number | undefined)[] = [];
    contact.onMessage((item) => {
      heard.push(item);
      // 0 would be a call without its answer.
      const calls = chat.simulator.requests.filter(({ operation }) => operation === "SendMessage");
      statuses.push(calls.at(-1)?.status);
      contact.say(`You said ${item.Content ?? ""}`, { role: "SYSTEM" });
    });
    contact.say("Welcome");
    contact.event("typing", { role: "AGENT" });
    await chat.send(one, "one");
    await chat.send(one, "two");
    await until(() => toldTo(one).length === 5);
    expect(toldTo(one)).toEqual(["Welcome", "one", "You said one", "two", "You said two"]);
    expect(heard.map(({ Content, ParticipantRole }) => [Content, ParticipantRole])).toEqual([
      ["one", "CUSTOMER"],
      ["two", "CUSTOMER"],
    ]);
    expect(statuses).toEqual([200, 200]);
  });

  test("is asked once for a message that comes again under its token, and no more once it is taken off", async () => {
    const one = await customer();
    const contact = script(one);
    const reply = ({ Content }: Readonly<Item>): Item => contact.say(`Re: ${Content ?? ""}`);
    const [off] = [contact.onMessage(reply), contact.onMessage(reply)];
    const body = { Content: "once", ContentType: "text/plain", ClientToken: "same" };
    for (let times = 0; times < 2; times += 1) await chat.call("/participant/message", one.token, body);
    off();
    await chat.send(one, "later");
    await until(() => toldTo(one).includes("Re: later"));
    expect(toldTo(one)).toEqual(["once", "Re: once", "Re: once", "later", "Re: later"]);
  });

  test("is there for chats that a page starts, their initial message included", async () => {
    const off = chat.simulator.onChat((contact) => {
      contact.onMessage(({ Content }) => contact.say(`Re: ${Content ?? ""}`));
    });
    const answer = await fetch(`${chat.simulator.url}/start-chat`, { method: "POST", body: "{}" });
    const { ContactId } = (await answer.json()) as { ContactId: string };
    const started = chat.simulator.startChat({ initialMessage: "Hello" });
    off();
    const without = chat.simulator.startChat({ initialMessage: "Hello" });
    const saidIn = (contactId: string): (string | undefined)[] =>
      chat.simulator.contact(contactId).transcript.map(({ Content }) => Content);
    await until(() => saidIn(started.ContactId).length === 2);
    expect(saidIn(started.ContactId)).toEqual(["Hello", "Re: Hello"]);
    expect(saidIn(without.ContactId)).toEqual(["Hello"]);
    expect(saidIn(ContactId)).toEqual([]);
  });
});

describe("a bot's answer that streams", () => {
  test("comes in pieces with one id and numbers from 1 on, then whole", async () => {
    const one = await customer();
    const answer = script(one).stream(["Hel", "lo"]);
    answer.finish();
    await until(() => one.socket.items.filter(({ Id }) => Id === answer.id).length === 3);
    const heard = one.socket.items.filter(({ Id }) => Id === answer.id);
    expect(heard.map(pieceOf)).toEqual([
      ["Hel", 1, false],
      ["lo", 2, false],
      ["Hello", 2, true],
    ]);
    expect(new Set(heard.map(({ ParticipantRole }) => ParticipantRole))).toEqual(new Set(["SYSTEM"]));
  });

  test("stands in transcripts as one item, as far as it goes without a gap", async () => {
    const one = await chat.customer();
    const answer = script(one).stream(["a", "b", "c"]);
    const stored = (): unknown[] =>
      chat
        .stored(one)
        .filter(({ Id }) => Id === answer.id)
        .map((item) => pieceOf(item)[0]);
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

  test("is told piece by piece, and has no others", async () => {
    const answer = script(await chat.customer()).stream(["a"]);
    expect([answer.next(), answer.next()]).toEqual([true, false]);
    expect(() => answer.send(2)).toThrow(RangeError);
  });
});

describe("a transfer", () => {
  test("puts the agent out and another in, and the chat goes on", async () => {
    const { one, other } = await chat.pair();
    const next = script(one).transfer({ displayName: "Robin" });
    expect(await heardUpTo(other, "participant.left")).toContain("transfer.succeeded");
    await other.socket.closed;
    expect((await chat.send(other, "still me")).status).toBe(403);
    expect(script(one).ended).toBe(false);
    const connection = { Type: ["CONNECTION_CREDENTIALS"], ConnectParticipant: true };
    expect((await chat.call("/participant/connection", next.participantToken, connection)).status).toBe(200);
    await until(() => one.socket.items.some(({ DisplayName }) => DisplayName === "Robin"));
  });

  test("that nobody took changes nothing", async () => {
    const { one, other } = await chat.pair();
    script(one).failTransfer();
    await heardUpTo(one, "transfer.failed");
    expect((await chat.send(other, "still here")).status).toBe(200);
  });
});

describe("an authentication", () => {
  const url = (party: ConnectedParty, SessionId: string): ReturnType<typeof chat.call> =>
    chat.call("/participant/authentication-url", party.token, { SessionId, RedirectUri: "https://back" });

  test("is told with its session, which is the one that has a URL", async () => {
    const one = await customer();
    const { sessionId } = script(one).authentication.initiate();
    await heardUpTo(one, "authentication.initiated");
    const told = one.socket.items.find(
      ({ ContentType }) => ContentType === `${EVENT}authentication.initiated`,
    );
    expect(JSON.parse(told?.Content ?? "")).toEqual({ SessionId: sessionId });
    expect((await url(one, sessionId)).body["AuthenticationUrl"]).toContain(sessionId);
    expect((await url(one, "another")).status).toBe(400);
  });

  test("is given up by the customer", async () => {
    const one = await customer();
    const { authentication } = script(one);
    const { sessionId } = authentication.initiate("mine");
    const cancel = (SessionId: string): ReturnType<typeof chat.call> =>
      chat.call("/participant/cancel-authentication", one.token, { SessionId });
    expect((await cancel("another")).status).toBe(400);
    expect(authentication.sessionId).toBe("mine");
    expect((await cancel(sessionId)).status).toBe(200);
    expect(await heardUpTo(one, "authentication.cancelled")).toContain("authentication.initiated");
    expect(authentication.sessionId).toBeNull();
  });

  test.each([
    ["succeed", "succeeded"],
    ["fail", "failed"],
    ["timeOut", "timeout"],
    ["expire", "expired"],
  ] as const)("%s(): authentication.%s", async (how, told) => {
    const one = await customer();
    const { authentication } = script(one);
    authentication.initiate();
    authentication[how]();
    await heardUpTo(one, `authentication.${told}`);
    expect(authentication.sessionId).toBeNull();
  });
});

describe("a participant who says nothing", () => {
  test("is idle, returns, and is put out: the customer's leaving is the end", async () => {
    const { one, other } = await chat.pair();
    const contact = script(one);
    for (const item of [contact.idle(), contact.returned(), contact.idle(), contact.autoDisconnect()]) {
      expect(item.ParticipantId).toBe(one.participantId);
    }
    expect((await heardUpTo(other, "chat.ended")).slice(-6)).toEqual([
      "participant.idle",
      "participant.returned",
      "participant.idle",
      "participant.autodisconnection",
      "participant.left",
      "chat.ended",
    ]);
    expect(contact.ended).toBe(true);
  });

  test("may be the agent", async () => {
    const { one, other } = await chat.pair();
    expect(script(one).idle({ role: "AGENT" }).ParticipantId).toBe(other.participantId);
    await heardUpTo(one, "participant.idle");
  });

  test("must be there", async () => {
    const one = await chat.customer();
    expect(() => script(one).idle({ role: "AGENT" })).toThrow("Nobody with role AGENT");
  });
});

test("a new name is told, and stands on what is said from then on", async () => {
  const { one, other } = await chat.pair();
  script(one).rename("Robin");
  await heardUpTo(one, "participant.displayname.updated");
  await chat.send(other, "it is me");
  await until(() => one.socket.items.some(({ Content }) => Content === "it is me"));
  expect(one.socket.items.find(({ Content }) => Content === "it is me")?.DisplayName).toBe("Robin");
});

test("a chat that goes on from an earlier one has that one's items first, of their own contact", async () => {
  const before = await chat.customer();
  await chat.send(before, "long ago");
  const one = await customer();
  script(one).rehydrate(script(before));
  await heardUpTo(one, "chat.rehydrated");
  const [first] = chat.stored(one);
  expect(first).toMatchObject({ Content: "long ago", ContactId: before.contactId });
});
