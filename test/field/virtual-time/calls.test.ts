/** Stuck sessions, lost calls and excessive calls. These are the field cases from B7 to B20 that concern calls. */
import { describe, expect, test } from "@jest/globals";
import type { CallFate } from "../../simulation/conditions";
import { Scenario } from "../../simulation/scenario";
import { CONTENT_TYPE } from "../../simulation/wire";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const CONNECT = "CreateParticipantConnection";
const JSON_TYPE = { "content-type": "application/json" };

/** The number of typing events or receipts that reached the service. */
function eventsAt({ world, contact }: Scenario, kind: "typing" | "receipt"): number {
  return [...world.service.contacts.values()]
    .filter((each) => each === contact)
    .flatMap(({ commits }) => commits)
    .filter(({ item }) => item.ContentType === CONTENT_TYPE[kind]).length;
}

describe("reconnecting", () => {
  test.each([
    [429, "seconds"],
    [503, "seconds"],
    [429, "date format"],
    [503, "date format"],
  ] as const)(
    "B7: after one %i response with a Retry-After of a day in %s, the link is restored within minutes",
    async (status, format) => {
      const scenario = await Scenario.start();
      await scenario.run(2 * MINUTE);
      const retryAfter = format === "seconds" ? "86400" : new Date(scenario.nowMs + DAY).toUTCString();
      scenario.refuseNext(CONNECT, status, { ...JSON_TYPE, "retry-after": retryAfter });
      scenario.fault("cut");
      await scenario.run(SECOND);
      scenario.say("in the gap");
      await scenario.run(4 * MINUTE);
      expect(scenario.application.connectionState).toBe("connected");
      expect(scenario.texts).toEqual(["in the gap"]);
    },
  );

  test.each([
    [429, "86400"],
    [503, "86400"],
  ])(
    "B7: if the recovery's GetTranscript fails with %i and a Retry-After of a day, the missed message is delivered within minutes",
    async (status, retryAfter) => {
      const scenario = await Scenario.start();
      scenario.say("before");
      await scenario.run(SECOND);
      scenario.refuseNext("GetTranscript", status, { ...JSON_TYPE, "retry-after": retryAfter });
      await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
      await scenario.run(4 * MINUTE);
      expect(scenario.texts).toEqual(["before", "in the gap"]);
    },
  );

  test.each([
    ["empty", ""],
    ["not a URL", "not a URL"],
    ["not a WebSocket URL", "https://socket.example/prod"],
  ])(
    "B12: after one CreateParticipantConnection response with a Websocket.Url that is %s, the link is restored",
    async (_what, url) => {
      const scenario = await Scenario.start();
      await scenario.run(2 * MINUTE);
      const edit = (body: string): string => body.replace(/"Url":"[^"]*"/, `"Url":"${url}"`);
      scenario.next(CONNECT, { kind: "responded", delayMs: 0, edit });
      scenario.fault("cut");
      await scenario.run(SECOND);
      scenario.say("in the gap");
      await scenario.run(MINUTE);
      expect(scenario.application.connectionState).toBe("connected");
      expect(scenario.texts).toEqual(["in the gap"]);
    },
  );
});

describe("an agent with a participant token", () => {
  test.each([
    ["rejects requests for its transcript", false],
    ["still returns its transcript", true],
  ])(
    "B11: if the chat ends while the link is down and the service %s, the session emits the end once and sends no more requests",
    async (_what, isReadableAfterEnd) => {
      const scenario = await Scenario.start({
        clients: "customer and agent",
        habits: { isReadableAfterEnd },
      });
      const { agentApplication: agent } = scenario;
      await scenario.gap(6 * SECOND, () => scenario.world.service.end(scenario.contact));
      await scenario.run(3 * MINUTE);
      const { requests } = scenario.world.network;
      const before = requests.length;
      await scenario.run(10 * MINUTE);
      const ends = agent.sessions.flatMap(({ events }) => events.filter(({ name }) => name === "onEnded"));
      expect(ends).toHaveLength(1);
      expect(requests).toHaveLength(before);
    },
  );
});

describe("changes of the clock", () => {
  test("B16: if the clock is set back by an hour, typing is sent again after ten seconds", async () => {
    const scenario = await Scenario.start();
    scenario.application.typing();
    await scenario.run(SECOND);
    scenario.page.jumpClock(-HOUR);
    await scenario.run(11 * SECOND);
    scenario.application.typing();
    await scenario.run(SECOND);
    expect(eventsAt(scenario, "typing")).toBe(2);
  });

  test("B16: if the clock is set forward by an hour while typing is throttled, typing is still throttled", async () => {
    const scenario = await Scenario.start();
    scenario.application.typing();
    await scenario.run(SECOND);
    scenario.page.jumpClock(HOUR);
    scenario.application.typing();
    await scenario.run(SECOND);
    expect(eventsAt(scenario, "typing")).toBe(1);
  });

  test("B16: if the clock is set forward by an hour while a message is being sent, a failed attempt is retried", async () => {
    const scenario = await Scenario.start();
    scenario.next("SendMessage", { kind: "failed", acted: false, delayMs: 2 * SECOND });
    scenario.application.send();
    await scenario.run(SECOND);
    scenario.page.jumpClock(HOUR);
    await scenario.run(30 * SECOND);
    expect(scenario.calls("sendMessage")).toMatchObject([{ outcome: "resolved" }]);
  });
});

describe("wrong clocks", () => {
  test.each([
    ["26 hours", 26 * HOUR],
    ["a year", 365 * DAY],
  ])(
    "B16: if the clock is %s fast, no token is renewed for ten minutes, although every token looks expired",
    async (_fast, skewMs) => {
      const scenario = await Scenario.start({ skewMs });
      await scenario.run(10 * MINUTE);
      expect(scenario.requests(CONNECT)).toHaveLength(1);
    },
  );
});

describe("receipts without a network", () => {
  test.each(["read", "delivered"] as const)(
    "B17: a %s receipt that the application sends while the device is offline for 9 s arrives when the link is restored",
    async (kind) => {
      const scenario = await Scenario.start();
      scenario.say("hello");
      await scenario.run(SECOND);
      scenario.fault("offline", 9 * SECOND);
      scenario.application.receipt(kind);
      await scenario.run(MINUTE);
      expect(eventsAt(scenario, "receipt")).toBe(1);
    },
  );

  test("B17: a read receipt that follows a delivered receipt while the region is down for 30 s arrives when the link is restored", async () => {
    const scenario = await Scenario.start();
    scenario.say("hello");
    await scenario.run(SECOND);
    scenario.fault("region-down", 30 * SECOND);
    scenario.application.receipt("delivered");
    await scenario.run(8 * SECOND);
    scenario.application.receipt("read");
    await scenario.run(2 * MINUTE);
    const sent = scenario.contact.commits.flatMap(({ item }) => item.MessageMetadata?.Receipts ?? []);
    expect(sent.some(({ ReadTimestamp }) => ReadTimestamp !== undefined)).toBe(true);
  });
});

describe("page signals while the network is down", () => {
  test.each(["visibilitychange", "online", "pageshow", "resume"])(
    "B19: `%s` ten times a second for a minute causes at most 30 requests and 30 sockets",
    async (type) => {
      const scenario = await Scenario.start();
      await scenario.run(2 * MINUTE);
      scenario.fault("region-down", 65 * SECOND);
      await scenario.run(SECOND);
      const { requests, upgrades } = scenario.world.network;
      const [requestsBefore, upgradesBefore] = [requests.length, upgrades.length];
      for (let count = 0; count < 600; count += 1) {
        scenario.page.signal(type);
        await scenario.run(100);
      }
      expect(requests.length - requestsBefore).toBeLessThanOrEqual(30);
      expect(upgrades.length - upgradesBefore).toBeLessThanOrEqual(30);
      await scenario.run(MINUTE);
      expect(scenario.application.connectionState).toBe("connected");
    },
  );
});

describe("calls while the device sleeps", () => {
  const FAILED: CallFate = { kind: "failed", acted: false, delayMs: SECOND };
  const CALLS = [
    ["sendMessage", "SendMessage", ({ application }: Scenario) => application.send()],
    ["getTranscript", "GetTranscript", ({ application }: Scenario) => application.getTranscript(0)],
    ["sendAttachment", "StartAttachmentUpload", ({ application }: Scenario) => application.sendAttachment()],
  ] as const;

  test.each(
    CALLS.flatMap(([name, operation, call]) =>
      [true, false].map((countsSleep) => ({ name, operation, call, countsSleep })),
    ),
  )(
    "B20: a $name() call that is pending during 40 s of sleep is retried after waking (timers count sleep: $countsSleep)",
    async ({ name, operation, call, countsSleep }) => {
      const scenario = await Scenario.start({ countsSleep });
      scenario.next(operation, FAILED);
      call(scenario);
      await scenario.run(100);
      scenario.fault("sleep", 40 * SECOND);
      await scenario.run(2 * MINUTE);
      expect(scenario.requests(operation).length).toBeGreaterThan(1);
      expect(scenario.calls(name)).toMatchObject([{ outcome: "resolved" }]);
    },
  );
});
