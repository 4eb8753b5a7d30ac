/** A contact's behaviors: the echo bot, the survey, message processing and file scanning. */
import { describe, expect, test } from "@jest/globals";
import type { BodyOf } from "../../simulator/control/operations";
import { startSimulator, type Behaviors } from "../../simulator/index";
import { ControlClient } from "./support/control";
import { eventsOf, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);

const connectCustomer = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());

async function setBehaviors(customer: ConnectedParty, body: BodyOf<"setBehaviors">): Promise<Behaviors> {
  return (await control.call("setBehaviors", { parameters: customer, body })).behaviors;
}

const texts = ({ socket }: ConnectedParty): (string | undefined)[] =>
  socket.items.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);
const untilReceived = (customer: ConnectedParty, text: string): Promise<void> =>
  until(() => texts(customer).includes(text));

test("the echo bot replies to the customer until the bot is removed", async () => {
  const customer = await connectCustomer();
  expect(await setBehaviors(customer, { bot: "echo" })).toMatchObject({ bot: "echo" });
  await chat.send(customer, "Hello");
  await untilReceived(customer, "You said: Hello");
  expect(await setBehaviors(customer, { bot: null })).toMatchObject({ bot: null });
  await chat.send(customer, "Anybody?");
  chat.simulator.contact(customer.contactId).say("Marker");
  await untilReceived(customer, "Marker");
  expect(texts(customer)).toEqual(["Hello", "You said: Hello", "Anybody?", "Marker"]);
});

test("the simulator's bot option applies to each new chat until the chat turns it off", async () => {
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

test("the survey asks for a rating, thanks the customer for it, and then ends the chat", async () => {
  const customer = await connectCustomer();
  await setBehaviors(customer, { disconnectFlow: "survey", bot: "echo" });
  await chat.leave(customer);
  await until(() =>
    customer.socket.items.some(({ ContentType }) => ContentType.endsWith("message.interactive")),
  );
  const survey = customer.socket.items.at(-1);
  expect(JSON.parse(survey?.Content ?? "")).toMatchObject({
    templateType: "QuickReply",
    data: {
      content: {
        title: "How was this chat?",
        elements: [1, 2, 3, 4, 5].map((title) => ({ title: String(title) })),
      },
    },
  });
  expect(chat.simulator.contact(customer.contactId).ended).toBe(false);
  await chat.send(customer, "5");
  await customer.socket.closed;
  expect(texts(customer).slice(1)).toEqual(["5", "Thank you for your feedback."]);
  expect(eventsOf(customer.socket.items).at(-1)).toBe("chat.ended");
});

describe("message processing", () => {
  test("set to redact replaces long numbers before the agent receives the message", async () => {
    const { customer, agent } = await chat.pair();
    await setBehaviors(customer, { processing: "redact", processingDelayMs: 0 });
    await chat.send(customer, "Card 4111 1111-1111.1111, room 12, code 987654");
    await untilReceived(agent, "Card *******************, room 12, code ******");
    expect(texts(agent)).toHaveLength(1);
  });

  test.each([
    ["fail", "FAILED"],
    ["reject", "REJECTED"],
  ] as const)("set to %s keeps the message from the agent and marks it as %s", async (processing, status) => {
    const { customer, agent } = await chat.pair();
    await setBehaviors(customer, { processing, processingDelayMs: 0 });
    await chat.send(customer, "Hello");
    await until(() =>
      customer.socket.items.some(
        ({ MessageMetadata }) => MessageMetadata?.MessageProcessingStatus === status,
      ),
    );
    await setBehaviors(customer, { processing: "none" });
    await chat.send(customer, "Next");
    await untilReceived(agent, "Next");
    expect(texts(agent)).toEqual(["Next"]);
  });

  test("keeps a message PROCESSING during processingDelayMs, which doesn't delay close()", async () => {
    const customer = await connectCustomer();
    expect(
      await setBehaviors(customer, { processing: "redact", processingDelayMs: 3_600_000 }),
    ).toMatchObject({
      processingDelayMs: 3_600_000,
    });
    const { body } = await chat.send(customer, "1234");
    expect(body).toMatchObject({ MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
  });
});

test.each([
  ["approve", "APPROVED"],
  ["reject", "REJECTED"],
] as const)("scanning set to %s marks a client's file as %s after the delay", async (scanning, status) => {
  const customer = await connectCustomer();
  await setBehaviors(customer, { scanning, scanningDelayMs: 0 });
  const upload = {
    AttachmentName: "a.txt",
    AttachmentSizeInBytes: 3,
    ContentType: "text/plain",
    ClientToken: "c",
  };
  const { body } = await chat.call("/participant/start-attachment-upload", customer.token, upload);
  const { Url, HeadersToInclude } = body["UploadMetadata"] as {
    Url: string;
    HeadersToInclude: Record<string, string>;
  };
  await fetch(Url, { method: "PUT", headers: HeadersToInclude, body: "abc" });
  await chat.call("/participant/complete-attachment-upload", customer.token, {
    AttachmentIds: [body["AttachmentId"]],
    ClientToken: "d",
  });
  const statuses = (): (string | undefined)[] =>
    customer.socket.items.flatMap(({ Attachments }) => Attachments?.map(({ Status }) => Status) ?? []);
  await until(() => statuses().length === 2);
  expect(statuses()).toEqual(["IN_PROGRESS", status]);
});
