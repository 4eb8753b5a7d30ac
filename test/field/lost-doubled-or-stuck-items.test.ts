/** Items that were lost or delivered twice: the cases B1 to B21 of the field that are about what a session receives. */
import { describe, expect, test } from "@jest/globals";
import type { CallFate } from "../simulation/conditions";
import { Scenario } from "../simulation/scenario";
import { isoOf, type WireAttachment, type WireItem } from "../simulation/wire";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const WORDS = ["Your order ", "was shipped ", "yesterday."] as const;
const ANSWER = WORDS.join("");

/** What `onMessage` delivered of an item: the status of its file or of its processing, form by form. */
function statusesOf({ application }: Scenario, { Id }: WireItem): unknown[] {
  return application.lives
    .flatMap(({ deliveries }) => deliveries)
    .filter(({ item }) => item.Id === Id)
    .map(({ item }) => statusOf(item));
}

const statusOf = ({ Attachments, MessageMetadata }: WireItem): unknown =>
  Attachments?.[0]?.Status ?? MessageMetadata?.MessageProcessingStatus;

/** A file from the other side, in one of its forms. */
function fileOf(scenario: Scenario, Status: WireAttachment["Status"], before?: WireItem): WireItem {
  const ContentType = "application/pdf";
  const file = { AttachmentId: "file", AttachmentName: "invoice.pdf", ContentType, Status };
  return {
    Id: "item of the file",
    AbsoluteTime: before?.AbsoluteTime ?? isoOf(scenario.nowMs),
    Type: "ATTACHMENT",
    ContentType,
    ParticipantId: scenario.participant("AGENT").id,
    ParticipantRole: "AGENT",
    DisplayName: "Agent",
    ContactId: scenario.contact.id,
    InitialContactId: scenario.contact.initialId,
    Attachments: [file],
  };
}

describe("a bot's answer", () => {
  test.each<[string, CallFate]>([
    ["takes over 3 s", { kind: "answered", delayMs: 4 * SECOND }],
    ["fails after 2.9 s", { kind: "failed", acted: false, delayMs: 2_900 }],
    [
      "is throttled with Retry-After: 5",
      {
        kind: "intercepted",
        delayMs: 0,
        answer: { status: 429, headers: { "retry-after": "5" }, body: "{}" },
      },
    ],
  ])(
    "B1: a bot streams its whole answer while the link is down, and the first GetTranscript %s: onMessage delivers the answer",
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

  test("B2: the application fetches the transcript as a bot finishes, and the completion's frame is in flight: onMessage delivers the completion", async () => {
    const scenario = await Scenario.start();
    scenario.say("before");
    await scenario.run(SECOND);
    for (const _word of WORDS) scenario.nextFrame({});
    scenario.nextFrame({ delayMs: 500 });
    scenario.stream(WORDS, 100);
    await scenario.run(350);
    scenario.application.getTranscript(0);
    await scenario.run(5 * SECOND);
    expect(scenario.calls("getTranscript")).toMatchObject([{ outcome: "resolved" }]);
    expect(scenario.application.life?.deliveries.at(-1)?.item).toMatchObject({
      Content: ANSWER,
      MessageMetadata: { MessageCompleted: true },
    });
  });
});

describe("a transcript that lags", () => {
  test("B3: the transcript is up to 3 s behind the sockets at a reconnection: onMessage delivers every message once", async () => {
    const scenario = await Scenario.start();
    scenario.say("before");
    await scenario.run(20 * SECOND);
    scenario.fault("lag", 10 * MINUTE);
    scenario.fault("region-down", 4 * SECOND);
    await scenario.run(SECOND);
    const texts = await scenario.talk("in the gap", 30, 100);
    await scenario.run(MINUTE);
    expect(scenario.texts.sort()).toEqual(["before", ...texts].sort());
  });
});

describe("a page whose clock is wrong", () => {
  const SKEWS = [2 * MINUTE, 10 * MINUTE, 26 * 60 * MINUTE];
  const CLIENTS = ["customer", "external manager"] as const;

  test.each(SKEWS.flatMap((skewMs) => CLIENTS.map((clients) => [skewMs / MINUTE, clients, skewMs] as const)))(
    "B4: the clock is %i min fast (%s), and the link is lost before the first item: what was said is delivered",
    async (_minutes, clients, skewMs) => {
      const scenario = await Scenario.start({ clients, skewMs });
      await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
      await scenario.run(MINUTE);
      expect(scenario.texts).toEqual(["in the gap"]);
    },
  );

  test.each(SKEWS.map((skewMs) => [skewMs / MINUTE, skewMs]))(
    "B4: the clock is %i min fast, and a session without items is resumed after a reload: what was said meanwhile is delivered",
    async (_minutes, skewMs) => {
      const scenario = await Scenario.start({ skewMs });
      await scenario.reload(6 * SECOND, () => scenario.say("meanwhile"));
      await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
      await scenario.run(MINUTE);
      expect(scenario.texts).toEqual(["meanwhile", "in the gap"]);
    },
  );

  test.each([
    ["an hour", 60 * MINUTE],
    ["900 years", 900 * 365 * 24 * 60 * MINUTE],
  ])(
    "B13: one item is stamped %s ahead: what is said in later gaps is delivered",
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
});

describe("an external manager, such as Streams'", () => {
  test("B5: its first gain comes 8 s after connect() resolved: what was said since is recovered, without a second onConnectionEstablished", async () => {
    const scenario = await Scenario.start({ clients: "external manager", lateGainMs: 10 * SECOND });
    const texts = await scenario.talk("before the gain", 54, 100);
    await scenario.run(MINUTE);
    expect(scenario.texts).toEqual(texts);
    expect(scenario.events("onConnectionEstablished")).toHaveLength(1);
  });

  test.each([1_500, 4_000])(
    "B6: its subscription is confirmed %i ms after the gain: what was said in between is delivered",
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

describe("twice, or in the wrong form", () => {
  test("B8: the newest item of a snapshot is a bot's streamed answer: after a loss in the resumed session nothing comes twice", async () => {
    const scenario = await Scenario.start();
    scenario.say("older");
    await scenario.run(5 * SECOND);
    // Live, the completion has its own time; the transcript shows the answer at the time of its first chunk.
    const first = scenario.say(WORDS[0], {
      ParticipantRole: "SYSTEM",
      MessageMetadata: { MessageCompleted: false, ChunkNumber: 1 },
    });
    await scenario.run(8 * SECOND);
    const whole = { ...first, Content: ANSWER, MessageMetadata: { MessageCompleted: true } };
    scenario.push({ ...whole, AbsoluteTime: isoOf(scenario.nowMs) }, whole);
    await scenario.run(SECOND);
    const before = scenario.texts;
    await scenario.reload(SECOND);
    await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
    await scenario.run(MINUTE);
    expect(scenario.texts).toEqual([...before, "in the gap"]);
  });

  test.each(["APPROVED", "REJECTED"] as const)(
    "B9: a file becomes %s while the link is down, 20 s old and with newer items after it: the new form is delivered",
    async (status) => {
      const scenario = await Scenario.start();
      const file = fileOf(scenario, "IN_PROGRESS");
      scenario.push(file);
      await scenario.run(SECOND);
      scenario.say("newer");
      await scenario.run(20 * SECOND);
      scenario.say("newest");
      await scenario.run(SECOND);
      await scenario.gap(6 * SECOND, () => scenario.push(fileOf(scenario, status, file)));
      await scenario.run(MINUTE);
      expect(statusesOf(scenario, file)).toEqual(["IN_PROGRESS", status]);
    },
  );

  test.each(["FAILED", "REJECTED"] as const)(
    "B9: a message becomes %s while the link is down, 20 s old and with newer items after it: the new form is delivered",
    async (status) => {
      const scenario = await Scenario.start();
      const message = scenario.say("hello", { MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
      await scenario.run(20 * SECOND);
      scenario.say("newer");
      await scenario.run(SECOND);
      await scenario.gap(6 * SECOND, () =>
        scenario.push({ ...message, MessageMetadata: { MessageProcessingStatus: status } }),
      );
      await scenario.run(MINUTE);
      expect(statusesOf(scenario, message)).toEqual(["PROCESSING", status]);
    },
  );

  test.each([
    ["APPROVED", true],
    ["REJECTED", true],
    ["APPROVED", false],
  ] as const)(
    "B10: IN_PROGRESS comes late after %s (delivered before: %s): it is ignored, in the transcript as well",
    async (status, isDuplicate) => {
      const scenario = await Scenario.start({ keepsTranscript: true });
      const file = fileOf(scenario, "IN_PROGRESS");
      const late = { delayMs: 3 * SECOND, isInTurn: false };
      if (isDuplicate) scenario.nextFrame({}, late);
      else scenario.nextFrame(late);
      scenario.push(file);
      await scenario.run(SECOND);
      scenario.push(fileOf(scenario, status, file));
      await scenario.run(10 * SECOND);
      expect(statusesOf(scenario, file)).toEqual(isDuplicate ? ["IN_PROGRESS", status] : [status]);
      expect(scenario.application.life?.transcript?.map(statusOf)).toEqual([status]);
    },
  );

  test("B15: ten items without an Id a second, before, in and after a gap: each is delivered once", async () => {
    const scenario = await Scenario.start();
    const texts = await scenario.talk("before", 30, 100, { Id: undefined });
    scenario.fault("region-down", 4 * SECOND);
    texts.push(...(await scenario.talk("from the gap on", 120, 100, { Id: undefined })));
    await scenario.run(MINUTE);
    expect(scenario.texts.sort()).toEqual(texts.sort());
  });

  test("B21: 2,200 live items while GetTranscript is throttled: none is delivered twice", async () => {
    const scenario = await Scenario.start();
    scenario.say("before");
    await scenario.run(2 * SECOND);
    scenario.throttle("GetTranscript", 90 * SECOND);
    await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
    await scenario.run(2 * SECOND);
    const texts = await scenario.talk("live", 2_200, 20);
    await scenario.run(10 * MINUTE);
    const { texts: delivered } = scenario;
    expect(delivered).toHaveLength(new Set(delivered).size);
    expect(delivered).toEqual(expect.arrayContaining(texts));
  });
});

describe("pages and frames that are broken", () => {
  /** A field that no item has, in the place of a name that marks the item. */
  const nest = (text: string): string =>
    text.replace(
      /(\\?)"DisplayName\1":\1"nested\1"/,
      `$1"Extra$1":${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    );
  const MARKED = { DisplayName: "nested" };

  test("B14: an item on a recovery page is nested 20,000 levels deep: it is dropped, the others are delivered, and the recovery ends", async () => {
    const scenario = await Scenario.start({ keepsTranscript: true });
    scenario.say("before");
    await scenario.run(12 * SECOND);
    scenario.editAll("GetTranscript", nest);
    await scenario.gap(6 * SECOND, () => {
      scenario.say("first");
      scenario.say("deep", MARKED);
      scenario.say("second");
    });
    await scenario.run(MINUTE);
    scenario.say("after");
    await scenario.run(SECOND);
    expect(scenario.texts).toEqual(["before", "first", "second", "after"]);
    expect(scenario.recoveries).not.toEqual([]);
  });

  test("B14: the item of a live frame is nested 20,000 levels deep: it is dropped, and nothing is uncaught", async () => {
    const scenario = await Scenario.start({ keepsTranscript: true });
    scenario.nextFrame({ edit: nest });
    scenario.say("deep", MARKED);
    scenario.editAll("GetTranscript", nest);
    scenario.say("after");
    await scenario.run(MINUTE);
    expect(scenario.uncaught).toEqual([]);
    expect(scenario.texts).toEqual(["after"]);
  });

  test("B18: every frame is damaged for 90 s, at 20 messages a second: at most 6 GetTranscript a minute, and nothing is lost or doubled", async () => {
    const scenario = await Scenario.start();
    await scenario.run(10 * SECOND);
    scenario.fault("damaged-frames", 90 * SECOND);
    const texts = await scenario.talk("message", 1_800, 50);
    const requests = scenario.worstMinute("GetTranscript");
    await scenario.run(15 * MINUTE);
    expect(requests).toBeLessThanOrEqual(6);
    expect(scenario.texts.sort()).toEqual(texts.sort());
  });
});
