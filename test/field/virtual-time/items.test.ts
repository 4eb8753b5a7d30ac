/**
 * Duplicated, late and malformed items, and items without an Id. These are the field cases B8 to B10, B14, B15, B18 and
 * B21.
 */
import { describe, expect, test } from "@jest/globals";
import { Scenario } from "../../simulation/scenario";
import { isoOf, type WireAttachment, type WireItem } from "../../simulation/wire";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The statuses of an item's versions that `onMessage` delivered, in order. */
function statusesOf({ application }: Scenario, { Id }: WireItem): unknown[] {
  return application.sessions
    .flatMap(({ deliveries }) => deliveries)
    .filter(({ item }) => item.Id === Id)
    .map(({ item }) => statusOf(item));
}

const statusOf = ({ Attachments, MessageMetadata }: WireItem): unknown =>
  Attachments?.[0]?.Status ?? MessageMetadata?.MessageProcessingStatus;

/** The agent's file item with this status. */
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

describe("repeated items and new versions", () => {
  test("B8: if the snapshot's newest item is a bot's streamed answer, no item is delivered twice after the resumed session loses its link", async () => {
    const scenario = await Scenario.start();
    scenario.say("older");
    await scenario.run(5 * SECOND);
    // The live, completed answer has its own time. In the transcript, the answer has its first chunk's time.
    const first = scenario.say("Your order ", {
      ParticipantRole: "SYSTEM",
      MessageMetadata: { MessageCompleted: false, ChunkNumber: 1 },
    });
    await scenario.run(8 * SECOND);
    const completedAnswer = {
      ...first,
      Content: "Your order was shipped.",
      MessageMetadata: { MessageCompleted: true },
    };
    scenario.push({ ...completedAnswer, AbsoluteTime: isoOf(scenario.nowMs) }, completedAnswer);
    await scenario.run(SECOND);
    const before = scenario.texts;
    await scenario.reload(SECOND);
    await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
    await scenario.run(MINUTE);
    expect(scenario.texts).toEqual([...before, "in the gap"]);
  });

  test.each(["APPROVED", "REJECTED"] as const)(
    "B9: a 20-second-old file that becomes %s while the link is down is delivered with its new status, even behind newer items",
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
    "B9: a 20-second-old message that becomes %s while the link is down is delivered with its new status, even behind newer items",
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
    "B10: the events and the transcript ignore an IN_PROGRESS version that arrives after %s (delivered before: %s)",
    async (status, isDuplicate) => {
      const scenario = await Scenario.start({ keepsTranscript: true });
      const file = fileOf(scenario, "IN_PROGRESS");
      const late = { delayMs: 3 * SECOND, isInOrder: false };
      if (isDuplicate) scenario.nextFrame({}, late);
      else scenario.nextFrame(late);
      scenario.push(file);
      await scenario.run(SECOND);
      scenario.push(fileOf(scenario, status, file));
      await scenario.run(10 * SECOND);
      expect(statusesOf(scenario, file)).toEqual(isDuplicate ? ["IN_PROGRESS", status] : [status]);
      expect(scenario.application.currentSession?.transcript?.map(statusOf)).toEqual([status]);
    },
  );

  test.each(["FAILED", "REJECTED"] as const)(
    "B10: the events and the transcript ignore a PROCESSING version that arrives after %s",
    async (status) => {
      const scenario = await Scenario.start({ keepsTranscript: true });
      scenario.nextFrame({}, { delayMs: 3 * SECOND, isInOrder: false });
      const message = scenario.say("hello", { MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
      await scenario.run(SECOND);
      scenario.push({ ...message, MessageMetadata: { MessageProcessingStatus: status } });
      await scenario.run(10 * SECOND);
      expect(statusesOf(scenario, message)).toEqual(["PROCESSING", status]);
      expect(scenario.application.currentSession?.transcript?.map(statusOf)).toEqual([status]);
    },
  );

  test("B15: at ten items a second without an Id, each item is delivered once before, during and after a gap", async () => {
    const scenario = await Scenario.start();
    const texts = await scenario.talk("before", 30, 100, { Id: undefined });
    scenario.fault("region-down", 4 * SECOND);
    texts.push(...(await scenario.talk("from the gap on", 120, 100, { Id: undefined })));
    await scenario.run(MINUTE);
    expect(scenario.texts.sort()).toEqual(texts.sort());
  });

  test("B21: none of 2,200 items that arrive while GetTranscript is throttled is delivered twice, and `complete` is true only if no item was lost", async () => {
    const scenario = await Scenario.start();
    scenario.say("before");
    await scenario.run(2 * SECOND);
    scenario.throttle("GetTranscript", 2 * MINUTE);
    await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
    await scenario.untilConnected();
    const texts = await scenario.talk("live", 2_200, 20);
    await scenario.run(10 * MINUTE);
    const delivered = scenario.texts;
    const unique = new Set(delivered);
    expect(delivered).toHaveLength(unique.size);
    expect(texts.filter((text) => !unique.has(text))).toEqual([]);
    expect(scenario.recoveries.at(-1)).toMatchObject({ complete: unique.has("in the gap") });
  });
});

describe("malformed pages and frames", () => {
  /** Replaces a marked item's DisplayName with an unknown, deeply nested field. */
  const nest = (text: string): string =>
    text.replace(
      /(\\?)"DisplayName\1":\1"nested\1"/,
      `$1"Extra$1":${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    );
  const MARKED = { DisplayName: "nested" };

  test("B14: a recovery drops an item nested 20,000 levels deep, delivers the others, and ends", async () => {
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

  test("B14: an item in a live frame nested 20,000 levels deep is dropped without an uncaught error", async () => {
    const scenario = await Scenario.start({ keepsTranscript: true });
    scenario.nextFrame({ edit: nest });
    scenario.say("deep", MARKED);
    scenario.editAll("GetTranscript", nest);
    scenario.say("after");
    await scenario.run(MINUTE);
    expect(scenario.uncaught).toEqual([]);
    expect(scenario.texts).toEqual(["after"]);
  });

  test("B18: if 20 messages a second arrive and every frame is damaged for 90 s, there are at most 6 GetTranscript calls a minute, and every message is delivered once", async () => {
    const scenario = await Scenario.start();
    await scenario.run(10 * SECOND);
    scenario.fault("damaged-frames", 90 * SECOND);
    const texts = await scenario.talk("message", 1_800, 50);
    const requests = scenario.worstMinute("GetTranscript");
    await scenario.run(15 * MINUTE);
    expect(requests).toBeLessThanOrEqual(6);
    expect(scenario.texts.sort()).toEqual(texts.sort());
  });

  test("B18: if every frame is followed by a damaged copy for 90 s, there are at most 6 GetTranscript calls a minute, and every message is delivered once", async () => {
    const scenario = await Scenario.start();
    await scenario.run(10 * SECOND);
    const texts: string[] = [];
    for (let second = 0; second < 90; second += 1) {
      for (let copies = 0; copies < 5; copies += 1) scenario.nextFrame({}, { isIntact: false });
      texts.push(...(await scenario.talk(`second ${second}`, 5, 200)));
    }
    const requests = scenario.worstMinute("GetTranscript");
    await scenario.run(5 * MINUTE);
    expect(requests).toBeLessThanOrEqual(6);
    expect(scenario.texts).toEqual(texts);
  });
});

test("B21: none of 2,300 items within a recovery's ten-second overlap is delivered again after a reload", async () => {
  const scenario = await Scenario.start();
  for (let index = 0; index < 2_300; index += 1) {
    scenario.say(`item ${index}`);
    await scenario.run(4);
  }
  await scenario.run(1_000);
  await scenario.reload(500);
  await scenario.run(30_000);
  const { texts } = scenario;
  expect(texts).toHaveLength(2_300);
  expect(new Set(texts).size).toBe(2_300);
});

test("B21: no item is delivered twice, even if more items than a session remembers arrive within ten seconds and two reloads", async () => {
  const scenario = await Scenario.start();
  const say = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      scenario.say(`item ${scenario.contact.commits.length}`);
      await scenario.run(2);
    }
  };
  await say(1_900);
  await scenario.reload(100);
  await say(900);
  await scenario.reload(100);
  await scenario.run(60_000);
  const { texts } = scenario;
  expect(new Set(texts).size).toBe(2_800);
  expect(texts).toHaveLength(2_800);
});
