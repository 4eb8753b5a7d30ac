import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator/index";
import { loadBundle } from "./support/bundle";

const { ChatSession } = loadBundle();

let simulator: Simulator;
let sessions: { dispose(): void }[] = [];

beforeEach(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
});

afterEach(async () => {
  for (const session of sessions) session.dispose();
  sessions = [];
  await simulator.close();
});

const connectCustomer = async () => {
  const customer = await simulator.connectCustomer(
    (chatDetails) => ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true }),
    { displayName: "Alex" },
  );
  sessions.push(customer.session);
  return customer;
};

const connectAgent = async (contactId: string) => {
  const agent = await simulator.connectAgent(
    contactId,
    (chatDetails) => ChatSession.create({ type: "AGENT", chatDetails }),
    { displayName: "Sam" },
  );
  sessions.push(agent.session);
  return agent;
};

test("a connected customer and a connected agent receive each other's messages", async () => {
  const customer = await connectCustomer();
  const agent = await connectAgent(customer.chatDetails.ContactId);
  await customer.session.sendMessage({ message: "Hello", contentType: "text/plain" });
  expect(await agent.waitForMessage("Hello")).toMatchObject({ DisplayName: "Alex", Content: "Hello" });
  await agent.session.sendMessage({ message: "Hello Alex", contentType: "text/plain" });
  expect(await customer.waitForMessage(/^hello a/i)).toMatchObject({ DisplayName: "Sam" });
  expect(agent.contact.transcript).toBe(customer.contact.transcript);
});

test("waitForMessage() resolves with a message that was delivered earlier, and skips the session's own messages", async () => {
  const { session, contact, waitForMessage } = await connectCustomer();
  await session.sendMessage({ message: "Is anybody there?", contentType: "text/plain" });
  contact.say("First", { role: "AGENT" });
  contact.say("Second", { role: "SYSTEM" });
  expect(await waitForMessage("Second")).toMatchObject({ ParticipantRole: "SYSTEM" });
  expect(await waitForMessage()).toMatchObject({ Content: "First" });
  expect(await waitForMessage(undefined, { role: "CUSTOMER" })).toMatchObject({
    Content: "Is anybody there?",
  });
  expect(await waitForMessage(({ Content }) => Content?.startsWith("S") ?? false)).toMatchObject({
    Content: "Second",
  });
});

test("waitForMessage() rejects at the timeout and lists the delivered messages", async () => {
  const { contact, waitForMessage } = await connectCustomer();
  contact.say("Something else", { role: "AGENT" });
  await waitForMessage("Something else");
  await expect(waitForMessage("Parcel", { timeoutMs: 10 })).rejects.toMatchObject({
    name: "WaitError",
    failure: "timeout",
    message:
      'The session delivered no such message within 10 ms. It delivered: message from AGENT "Something else".',
  });
});

test("waitForMessage() rejects when the simulator is closed", async () => {
  const { waitForMessage } = await connectCustomer();
  const waiting = expect(waitForMessage("Never")).rejects.toMatchObject({ failure: "closed" });
  await simulator.close();
  await waiting;
});

test("connectCustomer() rejects with the error of connect()", async () => {
  simulator.faults.failNext("CreateParticipantConnection", { status: 403 });
  await expect(connectCustomer()).rejects.toMatchObject({ type: "AccessDeniedException" });
});
