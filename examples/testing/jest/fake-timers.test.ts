import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import { ChatSession } from "amazon-connect-chatjs";
import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
});
afterAll(() => simulator.close());

beforeEach(() => {
  jest.useFakeTimers({ advanceTimers: true, doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] });
});
afterEach(() => void jest.useRealTimers());

test("typing is sent at most every ten seconds", async () => {
  const { session } = await simulator.connectCustomer((chatDetails) =>
    ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true }),
  );

  const sendTyping = () =>
    session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" });
  await sendTyping();
  await sendTyping();
  await jest.advanceTimersByTimeAsync(10_000);
  await sendTyping();
  const sent = simulator.requests.filter(({ operation }) => operation === "SendEvent");
  expect(sent).toHaveLength(2);
  session.dispose();
});
