/** What the emulator does by itself in a contact: echo, survey, processing, scanning. */
import { describe, expect, test } from "@jest/globals";
import type { BodyOf } from "../../simulator/control/operations";
import { startSimulator, type Behaviors } from "../../simulator/index";
import { ControlClient } from "./support/control";
import { eventsOf, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);

const customer = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());

async function set(one: ConnectedParty, body: BodyOf<"setBehaviors">): Promise<Behaviors> {
  return (await control.call("setBehaviors", { parameters: one, body })).behaviors;
}

const texts = ({ socket }: ConnectedParty): (string | undefined)[] =>
  socket.items.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);
const has = (one: ConnectedParty, text: string): Promise<void> => until(() => texts(one).includes(text));

test("bot: echo answers the customer until it is removed", async () => {
  const one = await customer();
  expect(await set(one, { bot: "echo" })).toMatchObject({ bot: "echo" });
  await chat.send(one, "Hello");
  await has(one, "You said: Hello");
  expect(await set(one, { bot: null })).toMatchObject({ bot: null });
  await chat.send(one, "Anybody?");
  chat.simulator.contact(one.contactId).say("Marker");
  await has(one, "Marker");
  expect(texts(one)).toEqual(["Hello", "You said: Hello", "Anybody?", "Marker"]);
});

test("bot: echo as the simulator's option is each new chat's behavior, which a chat can switch off", async () => {
  const simulator = await startSimulator({ control: true, bot: "echo" });
  try {
    const client = new ControlClient(() => simulator.url);
    const { ContactId: contactId } = simulator.startChat({ initialMessage: "Hello" });
    expect(await client.call("getStatus")).toMatchObject({ bot: "echo" });
    const contact = simulator.contact(contactId);
    await contact.waitForMessage("You said: Hello", { role: "SYSTEM" });
    const { behaviors } = await client.call("setBehaviors", {
      parameters: { contactId },
      body: { bot: null },
    });
    expect(behaviors.bot).toBeNull();
  } finally {
    await simulator.close();
  }
});

test("disconnectFlow: survey asks instead of ending, thanks for the answer, and ends the chat", async () => {
  const one = await customer();
  await set(one, { disconnectFlow: "survey", bot: "echo" });
  await chat.leave(one);
  await until(() => one.socket.items.some(({ ContentType }) => ContentType.endsWith("message.interactive")));
  const survey = one.socket.items.at(-1);
  expect(JSON.parse(survey?.Content ?? "")).toMatchObject({
    templateType: "QuickReply",
    data: {
      content: {
        title: "How was this chat?",
        elements: [1, 2, 3, 4, 5].map((title) => ({ title: String(title) })),
      },
    },
  });
  expect(chat.simulator.contact(one.contactId).ended).toBe(false);
  await chat.send(one, "5");
  await one.socket.closed;
  expect(texts(one).slice(1)).toEqual(["5", "Thank you for your feedback."]);
  expect(eventsOf(one.socket.items).at(-1)).toBe("chat.ended");
});

describe("processing", () => {
  test("redact replaces long numbers before others see them", async () => {
    const { customer: one, agent: other } = await chat.pair();
    await set(one, { processing: "redact", processingDelayMs: 0 });
    await chat.send(one, "Card 4111 1111-1111.1111, room 12, code 987654");
    await has(other, "Card *******************, room 12, code ******");
    expect(texts(other)).toHaveLength(1);
  });

  test.each([
    ["fail", "FAILED"],
    ["reject", "REJECTED"],
  ] as const)("%s leaves the message to its sender, as %s", async (processing, status) => {
    const { customer: one, agent: other } = await chat.pair();
    await set(one, { processing, processingDelayMs: 0 });
    await chat.send(one, "Hello");
    await until(() =>
      one.socket.items.some(({ MessageMetadata }) => MessageMetadata?.MessageProcessingStatus === status),
    );
    await set(one, { processing: "none" });
    await chat.send(one, "Next");
    await has(other, "Next");
    expect(texts(other)).toEqual(["Next"]);
  });

  test("processingDelayMs can change while a message waits; close() leaves no timer", async () => {
    const one = await customer();
    expect(await set(one, { processing: "redact", processingDelayMs: 3_600_000 })).toMatchObject({
      processingDelayMs: 3_600_000,
    });
    const { body } = await chat.send(one, "1234");
    expect(body).toMatchObject({ MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
  });
});

test.each([
  ["approve", "APPROVED"],
  ["reject", "REJECTED"],
] as const)("scanning: %s makes a client's file %s after its delay", async (scanning, status) => {
  const one = await customer();
  await set(one, { scanning, scanningDelayMs: 0 });
  const upload = {
    AttachmentName: "a.txt",
    AttachmentSizeInBytes: 3,
    ContentType: "text/plain",
    ClientToken: "c",
  };
  const { body } = await chat.call("/participant/start-attachment-upload", one.token, upload);
  const { Url, HeadersToInclude } = body["UploadMetadata"] as {
    Url: string;
    HeadersToInclude: Record<string, string>;
  };
  await fetch(Url, { method: "PUT", headers: HeadersToInclude, body: "abc" });
  await chat.call("/participant/complete-attachment-upload", one.token, {
    AttachmentIds: [body["AttachmentId"]],
    ClientToken: "d",
  });
  const statuses = (): (string | undefined)[] =>
    one.socket.items.flatMap(({ Attachments }) => Attachments?.map(({ Status }) => Status) ?? []);
  await until(() => statuses().length === 2);
  expect(statuses()).toEqual(["IN_PROGRESS", status]);
});
