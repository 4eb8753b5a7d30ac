/** Missed items in virtual time. These are the field cases B1 to B6 and B13. */
import { describe, expect, test } from "@jest/globals";
import type { CallFate } from "../../simulation/conditions";
import { Scenario } from "../../simulation/scenario";
import { isoOf } from "../../simulation/wire";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const WORDS = ["Your order ", "was shipped ", "yesterday."] as const;
const ANSWER = WORDS.join("");

describe("a bot's streamed answer", () => {
  test.each<[string, CallFate]>([
    ["takes over 3 s", { kind: "responded", delayMs: 4 * SECOND }],
    ["fails after 3 s", { kind: "failed", acted: false, delayMs: 3_100 }],
    [
      "is throttled with Retry-After: 5",
      {
        kind: "intercepted",
        delayMs: 0,
        response: { status: 429, headers: { "retry-after": "5" }, body: "{}" },
      },
    ],
  ])(
    "B1: onMessage delivers an answer that was streamed while the link was down, even if the first GetTranscript %s",
    async (_what, fate) => {
      const scenario = await Scenario.start({ keepsTranscript: true });
      scenario.say("before");
      await scenario.run(12 * SECOND);
      scenario.next("GetTranscript", fate);
      await scenario.gap(6 * SECOND, () => scenario.stream(WORDS, 100));
      await scenario.run(MINUTE);
      expect(scenario.texts).toEqual(["before", ANSWER]);
    },
  );

  test.each(["getTranscript", "history"] as const)(
    "B2: onMessage delivers the completed answer, even if its frame is in flight when the application calls %s()",
    async (name) => {
      const scenario = await Scenario.start();
      scenario.say("before");
      await scenario.run(SECOND);
      // Three chunks arrive on time, and the completed answer arrives half a second late.
      for (const delayMs of [0, 0, 0, 500]) scenario.nextFrame({ delayMs });
      scenario.stream(WORDS, 100);
      await scenario.run(350);
      scenario.application[name](0);
      await scenario.run(5 * SECOND);
      expect(scenario.calls(name)).toMatchObject([{ outcome: "resolved" }]);
      expect(scenario.application.currentSession?.deliveries.at(-1)?.item).toMatchObject({
        Content: ANSWER,
        MessageMetadata: { MessageCompleted: true },
      });
    },
  );
});

describe("a transcript that lags", () => {
  test.each([
    ["onMessage", false],
    ["onMessage and onTranscriptUpdated", true],
  ])(
    "B3: no message is lost or repeated after reconnecting, with handlers for %s",
    async (_what, keepsTranscript) => {
      const scenario = await Scenario.start({ keepsTranscript });
      scenario.say("before");
      await scenario.run(20 * SECOND);
      scenario.fault("lag", 10 * MINUTE);
      scenario.fault("region-down", 4 * SECOND);
      await scenario.run(SECOND);
      const texts = await scenario.talk("message", 300, 100);
      await scenario.run(MINUTE);
      expect(scenario.texts.sort()).toEqual(["before", ...texts].sort());
    },
  );
});

describe("wrong clocks and item times", () => {
  const SKEWS = [2 * MINUTE, 10 * MINUTE, 26 * 60 * MINUTE];
  const CLIENTS = ["customer", "external manager"] as const;

  test.each(SKEWS.flatMap((skewMs) => CLIENTS.map((clients) => [skewMs / MINUTE, clients, skewMs] as const)))(
    "B4: if the clock is %i min fast and the link is lost before the first item, the missed message is delivered (%s)",
    async (_minutes, clients, skewMs) => {
      const scenario = await Scenario.start({ clients, skewMs });
      await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
      await scenario.run(MINUTE);
      expect(scenario.texts).toEqual(["in the gap"]);
    },
  );

  test.each(SKEWS.map((skewMs) => [skewMs / MINUTE, skewMs]))(
    "B4: if the clock is %i min fast and a session without items is resumed after a reload, missed messages are delivered",
    async (_minutes, skewMs) => {
      const scenario = await Scenario.start({ skewMs });
      await scenario.reload(6 * SECOND, () => scenario.say("meanwhile"));
      await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
      await scenario.run(MINUTE);
      expect(scenario.texts).toEqual(["meanwhile", "in the gap"]);
    },
  );

  const HOUR_MS = 60 * MINUTE;
  const YEARS_MS = 900 * 365 * 24 * HOUR_MS;
  const AHEAD: readonly (readonly [string, number])[] = [
    ["an hour", HOUR_MS],
    ["900 years", YEARS_MS],
  ];

  test.each(AHEAD)(
    "B13: if one live item is stamped %s ahead, messages in later gaps are delivered",
    async (_ahead, aheadMs) => {
      const scenario = await Scenario.start();
      scenario.say("before");
      await scenario.run(SECOND);
      scenario.say("from the future", { AbsoluteTime: isoOf(scenario.nowMs + aheadMs) });
      await scenario.run(SECOND);
      for (const text of ["first gap", "second gap"]) {
        await scenario.gap(6 * SECOND, () => scenario.say(text));
        await scenario.run(MINUTE);
      }
      expect(scenario.texts).toEqual(["before", "from the future", "first gap", "second gap"]);
    },
  );

  test.each(AHEAD)(
    "B13: if an item on a recovery page is stamped %s ahead, messages in later gaps and during a reload are delivered",
    async (_ahead, aheadMs) => {
      const scenario = await Scenario.start();
      scenario.say("before");
      await scenario.run(SECOND);
      await scenario.gap(6 * SECOND, () =>
        scenario.say("from the future", { AbsoluteTime: isoOf(scenario.nowMs + aheadMs) }),
      );
      await scenario.run(MINUTE);
      await scenario.gap(6 * SECOND, () => scenario.say("second gap"));
      await scenario.run(MINUTE);
      await scenario.reload(6 * SECOND, () => scenario.say("meanwhile"));
      await scenario.run(MINUTE);
      expect(scenario.texts).toEqual(["before", "from the future", "second gap", "meanwhile"]);
    },
  );
});

describe("an external manager", () => {
  test("B5: if the first connection gain comes 8 s after connect() resolves, all messages since connect() are delivered", async () => {
    const scenario = await Scenario.start({ clients: "external manager", lateGainMs: 10 * SECOND });
    const texts = await scenario.talk("before the gain", 54, 100);
    await scenario.run(MINUTE);
    expect(scenario.texts).toEqual(texts);
    expect(scenario.events("onConnectionEstablished")).toHaveLength(1);
  });

  test.each([1_500, 4_000])(
    "B6: if the subscription is confirmed %i ms after the connection gain, messages sent before the confirmation are delivered",
    async (lateSubscriptionMs) => {
      const scenario = await Scenario.start({ clients: "external manager", lateSubscriptionMs });
      await scenario.run(10 * SECOND);
      scenario.fault("region-down", 2 * SECOND);
      const texts = await scenario.talk("message", 150, 100);
      await scenario.run(MINUTE);
      expect(scenario.texts.sort()).toEqual(texts.sort());
    },
  );
});
