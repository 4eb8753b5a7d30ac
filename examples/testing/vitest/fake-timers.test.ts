import { ChatSession } from "amazon-connect-chatjs";
import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
  ChatSession.setGlobalConfig({ endpoint: simulator.url });
});
afterAll(() => simulator.close());

beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => void vi.useRealTimers());

test("typing is sent at most every ten seconds", async () => {
  const { session } = await simulator.connectCustomer((chatDetails) =>
    ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true }),
  );

  const sendTyping = () =>
    session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" });
  await sendTyping();
  await sendTyping();
  await vi.advanceTimersByTimeAsync(10_000);
  await sendTyping();
  const sent = simulator.requests.filter(({ operation }) => operation === "SendEvent");
  expect(sent).toHaveLength(2);
  session.dispose();
});
