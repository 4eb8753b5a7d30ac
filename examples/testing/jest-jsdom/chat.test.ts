import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ChatSession } from "amazon-connect-chatjs";
import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
});
afterAll(() => simulator.close());

test("the agent's answer appears on the page", async () => {
  const chatDetails = simulator.startChat({ displayName: "Alex" });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
  const list = document.body.appendChild(document.createElement("ol"));
  const untilAnswered = new Promise<void>((resolve) => {
    session.onMessage(({ data }) => {
      if (data.Type !== "MESSAGE") return;
      const line = list.appendChild(document.createElement("li"));
      line.textContent = `${data.DisplayName}: ${data.Content}`;
      if (data.ParticipantRole === "AGENT") resolve();
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
  await untilAnswered;
  expect(Array.from(list.children, ({ textContent }) => textContent)).toEqual([
    "Alex: Hello",
    "Sam: You said: Hello",
  ]);

  const attachment = new File(["A plan"], "plan.txt", { type: "text/plain" });
  await session.sendAttachment({ attachment });
  expect(contact.transcript.map(({ Type }) => Type)).toContain("ATTACHMENT");
  session.dispose();
});
