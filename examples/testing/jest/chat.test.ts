import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ChatSession } from "amazon-connect-chatjs";
import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
});
afterAll(() => simulator.close());

test("the customer and the agent receive each other's messages", async () => {
  const { session, contact, waitForMessage } = await simulator.connectCustomer(
    (chatDetails) => ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true }),
    { displayName: "Alex" },
  );
  await session.sendMessage({ message: "Hello", contentType: "text/plain" });
  await contact.waitForMessage("Hello");
  contact.say("How can I help?", { role: "AGENT", displayName: "Sam" });
  expect(await waitForMessage()).toMatchObject({ DisplayName: "Sam", Content: "How can I help?" });
  expect(simulator.requests.map(({ operation }) => operation)).toContain("SendMessage");
  session.dispose();
});
