/** Captive portals that respond in place of the service, and devices that misreport their connectivity. */
import { describe, expect, test } from "@jest/globals";
import type { CallRecord } from "../../simulation/application";
import { Scenario } from "../../simulation/scenario";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Makes a captive portal respond to an operation's next call with HTML and status 200. */
const interceptNext = (scenario: Scenario, operation: string): void =>
  scenario.refuseNext(
    operation,
    200,
    { "content-type": "text/html" },
    "<!doctype html><title>Free network</title><p>Please accept our terms.</p>",
  );

const outcomesOf = (calls: readonly CallRecord[]): string[] => calls.map(({ outcome }) => outcome);

describe("C3: if a captive portal intercepts one call", () => {
  test("connect() is retried and resolves", async () => {
    const scenario = await Scenario.start();
    interceptNext(scenario, "CreateParticipantConnection");
    scenario.application.reset();
    await scenario.run(10 * SECOND);
    expect(outcomesOf(scenario.calls("connect"))).toEqual(["resolved", "resolved"]);
  });

  test("sendMessage() is retried with the same idempotency token and resolves", async () => {
    const scenario = await Scenario.start();
    interceptNext(scenario, "SendMessage");
    scenario.application.send();
    await scenario.run(10 * SECOND);
    expect(outcomesOf(scenario.calls("sendMessage"))).toEqual(["resolved"]);
    const bodies = scenario.requests("SendMessage").map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    expect(new Set(bodies).size).toBe(1);
  });

  test("getTranscript() is retried and resolves", async () => {
    const scenario = await Scenario.start();
    interceptNext(scenario, "GetTranscript");
    scenario.application.getTranscript(0);
    await scenario.run(10 * SECOND);
    expect(outcomesOf(scenario.calls("getTranscript"))).toEqual(["resolved"]);
  });

  test("a recovery's GetTranscript is retried, and the missed message is delivered", async () => {
    const scenario = await Scenario.start();
    scenario.say("before");
    await scenario.run(SECOND);
    interceptNext(scenario, "GetTranscript");
    await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
    await scenario.run(MINUTE);
    expect(scenario.texts).toEqual(["before", "in the gap"]);
    expect(scenario.recoveries).toContainEqual({ count: 1, complete: true });
  });
});

describe("C4: if a device wrongly reports that it is offline", () => {
  test("a message whose first attempt fails is sent again", async () => {
    const scenario = await Scenario.start();
    scenario.fault("lying-offline", 10 * MINUTE);
    scenario.next("SendMessage", { kind: "failed", acted: false, delayMs: 0 });
    scenario.application.send();
    await scenario.run(MINUTE);
    expect(outcomesOf(scenario.calls("sendMessage"))).toEqual(["resolved"]);
  });

  test("a link that is cut is restored within the usual backoff", async () => {
    const scenario = await Scenario.start();
    scenario.fault("lying-offline", 10 * MINUTE);
    scenario.fault("cut");
    await scenario.run(100);
    expect(scenario.application.connectionState).toBe("reconnecting");
    await scenario.run(10 * SECOND);
    expect(scenario.application.connectionState).toBe("connected");
  });
});

test("C14: ten clients that get 429 with a Retry-After of a second wait at least that long and retry at different times", async () => {
  const pauses: number[] = [];
  for (let client = 0; client < 10; client += 1) {
    const scenario = await Scenario.start({ seed: `client ${client}` });
    scenario.refuseNext("SendMessage", 429, { "content-type": "application/json", "retry-after": "1" });
    scenario.application.send();
    await scenario.run(MINUTE);
    const [first, second] = scenario.requests("SendMessage").map(({ atMs }) => atMs);
    pauses.push(Math.round((second ?? NaN) - (first ?? NaN)));
    expect(outcomesOf(scenario.calls("sendMessage"))).toEqual(["resolved"]);
  }
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(200);
});
