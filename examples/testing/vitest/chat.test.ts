import { ChatSession } from "amazon-connect-chatjs";
import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";
import { afterAll, beforeAll, expect, test } from "vitest";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
});
afterAll(() => simulator.close());

test("the customer receives the agent's answer", async () => {
  const chatDetails = simulator.startChat({ displayName: "Alex" });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
  const answer = new Promise<string | undefined>((resolve) => {
    session.onMessage(({ data }) => {
      if (data.ParticipantRole === "AGENT") resolve(data.Content);
    });
  });
  const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
  await session.connect();
  await established;

  const contact = simulator.contact(chatDetails.ContactId);
  contact.onMessage(({ Content }) =>
    contact.say(`You said: ${Content}`, { role: "AGENT", displayName: "Sam" }),
  );
  await session.sendMessage({ message: "Hello", contentType: "text/plain" });
  expect(await answer).toBe("You said: Hello");
  expect(simulator.requests.map(({ operation }) => operation)).toContain("SendMessage");
  session.dispose();
});
