/** Items that come twice, late, broken or without what they need: the cases B8 to B10, B14, B15, B18 and B21 of the field. */
import { describe, expect, test } from "@jest/globals";
import { Scenario } from "../../simulation/scenario";
import { isoOf, type WireAttachment, type WireItem } from "../../simulation/wire";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

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

describe("twice, or in the wrong form", () => {
  test("B8: the newest item of a snapshot is a bot's streamed answer: after a loss in the resumed session nothing comes twice", async () => {
    const scenario = await Scenario.start();
    scenario.say("older");
    await scenario.run(5 * SECOND);
    // Live, the completion has its own time; the transcript shows the answer at the time of its first chunk.
    const first = scenario.say("Your order ", {
      ParticipantRole: "SYSTEM",
      MessageMetadata: { MessageCompleted: false, ChunkNumber: 1 },
    });
    await scenario.run(8 * SECOND);
    const whole = {
      ...first,
      Content: "Your order was shipped.",
      MessageMetadata: { MessageCompleted: true },
    };
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
      const late = { delayMs: 3 * SECOND, isInOrder: false };
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

  test.each(["FAILED", "REJECTED"] as const)(
    "B10: PROCESSING comes late after %s: it is ignored, in the transcript as well",
    async (status) => {
      const scenario = await Scenario.start({ keepsTranscript: true });
      scenario.nextFrame({}, { delayMs: 3 * SECOND, isInOrder: false });
      const message = scenario.say("hello", { MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
      await scenario.run(SECOND);
      scenario.push({ ...message, MessageMetadata: { MessageProcessingStatus: status } });
      await scenario.run(10 * SECOND);
      expect(statusesOf(scenario, message)).toEqual(["PROCESSING", status]);
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

  test("B21: 2,200 live items while GetTranscript is throttled: none is delivered twice, and no loss is called complete", async () => {
    const scenario = await Scenario.start();
    scenario.say("before");
    await scenario.run(2 * SECOND);
    scenario.throttle("GetTranscript", 2 * MINUTE);
    await scenario.gap(6 * SECOND, () => scenario.say("in the gap"));
    await scenario.untilConnected();
    const texts = await scenario.talk("live", 2_200, 20);
    await scenario.run(10 * MINUTE);
    const delivered = scenario.texts;
    const once = new Set(delivered);
    expect(delivered).toHaveLength(once.size);
    expect(texts.filter((text) => !once.has(text))).toEqual([]);
    expect(scenario.recoveries.at(-1)).toMatchObject({ complete: once.has("in the gap") });
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

  test("B18: a damaged copy follows every frame for 90 s: at most 6 GetTranscript a minute, and nothing is doubled", async () => {
    const scenario = await Scenario.start();
    await scenario.run(10 * SECOND);
    const texts: string[] = [];
    for (let second = 0; second < 90; second += 1) {
      for (let copies = 0; copies < 5; copies += 1) scenario.nextFrame({}, { isWhole: false });
      texts.push(...(await scenario.talk(`second ${second}`, 5, 200)));
    }
    const requests = scenario.worstMinute("GetTranscript");
    await scenario.run(5 * MINUTE);
    expect(requests).toBeLessThanOrEqual(6);
    expect(scenario.texts).toEqual(texts);
  });
});

test("B21: 2,300 items within the ten seconds that a recovery reaches back, and a reload: none is delivered again", async () => {
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

test("B21: more items than a session remembers come over two reloads within ten seconds: none is delivered twice", async () => {
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
