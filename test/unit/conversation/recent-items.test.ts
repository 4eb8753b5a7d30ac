import { describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import { isoOf, RecentItems } from "../../../src/conversation/recent-items";

const message = (more: Partial<WireItem> = {}): WireItem => ({
  Id: "m",
  Type: "MESSAGE",
  ContentType: "text/plain",
  Content: "hello",
  AbsoluteTime: "2026-01-01T00:00:01.000Z",
  ...more,
});

const status = (MessageProcessingStatus: "PROCESSING" | "FAILED" | "REJECTED"): WireItem =>
  message({ MessageMetadata: { MessageProcessingStatus } });

const attachments = (...statuses: ("IN_PROGRESS" | "APPROVED" | "REJECTED")[]): WireItem =>
  message({
    Type: "ATTACHMENT",
    Content: undefined,
    Attachments: statuses.map((Status, index) => ({ AttachmentId: `file-${index}`, Status })),
  });

const remembering = (...items: WireItem[]): RecentItems => {
  const recent = new RecentItems();
  for (const item of items) recent.add(item);
  return recent;
};

describe("an item in another form is not the same item", () => {
  test.each<[what: string, before: WireItem, after: WireItem]>([
    ["another text", message(), message({ Content: "***" })],
    ["no text", message(), message({ Content: undefined })],
    ["another type", message(), message({ Type: "ATTACHMENT" })],
    ["another content type", message(), message({ ContentType: "text/markdown" })],
    ["a processing status that is gone", status("PROCESSING"), message()],
    ["another processing status", status("FAILED"), status("REJECTED")],
    ["a processing status", message(), status("REJECTED")],
    ["another status of an attachment", attachments("IN_PROGRESS"), attachments("APPROVED")],
    ["another number of attachments", attachments("APPROVED"), attachments("APPROVED", "APPROVED")],
    [
      "another chunk",
      message({ MessageMetadata: { ChunkNumber: 1, MessageCompleted: false } }),
      message({ MessageMetadata: { ChunkNumber: 2, MessageCompleted: false } }),
    ],
    [
      "its completion",
      message({ MessageMetadata: { MessageCompleted: false } }),
      message({ MessageMetadata: { MessageCompleted: true } }),
    ],
  ])("%s", (_what, before, after) => {
    const recent = remembering(before);
    expect(recent.has(before)).toBe(true);
    expect(recent.has(after)).toBe(false);
  });

  test("its time, its name and its receipts make no other form", () => {
    const recent = remembering(message());
    const again = message({
      AbsoluteTime: "2026-01-01T00:00:09.000Z",
      DisplayName: "another",
      MessageMetadata: { MessageId: "m", Receipts: [{ ReadTimestamp: "2026-01-01T00:00:02.000Z" }] },
    });
    expect(recent.has(again)).toBe(true);
  });
});

test("a completed answer has the same form whether or not a transcript says that it streamed", () => {
  const recent = remembering(message({ MessageMetadata: { ChunkNumber: 3, MessageCompleted: true } }));
  expect(recent.has(message())).toBe(true);
  expect(recent.has(message({ MessageMetadata: { ChunkNumber: 3 } }))).toBe(true);
});

test("every form is remembered, not only the latest", () => {
  const forms = Array.from({ length: 20 }, (_, index) => message({ Content: `text ${index}` }));
  const recent = remembering(...forms);
  expect(forms.map((form) => recent.has(form))).toEqual(forms.map(() => true));
});

describe("a form comes after another", () => {
  const piece = (ChunkNumber: number, MessageCompleted: boolean): WireItem =>
    message({ ParticipantRole: "SYSTEM", MessageMetadata: { ChunkNumber, MessageCompleted } });

  test.each<[what: string, known: WireItem, given: WireItem, isPast: boolean]>([
    ["PROCESSING after REJECTED is past", status("REJECTED"), status("PROCESSING"), true],
    ["PROCESSING after FAILED is past", status("FAILED"), status("PROCESSING"), true],
    ["PROCESSING after no status is past", message({ Content: "***" }), status("PROCESSING"), true],
    ["IN_PROGRESS after APPROVED is past", attachments("APPROVED"), attachments("IN_PROGRESS"), true],
    ["IN_PROGRESS after REJECTED is past", attachments("REJECTED"), attachments("IN_PROGRESS"), true],
    [
      "two files IN_PROGRESS after one was approved are past",
      attachments("APPROVED", "IN_PROGRESS"),
      attachments("IN_PROGRESS", "IN_PROGRESS"),
      true,
    ],
    ["a piece after the completed answer is past", piece(3, true), piece(2, false), true],
    ["REJECTED after PROCESSING is not", status("PROCESSING"), status("REJECTED"), false],
    ["APPROVED after IN_PROGRESS is not", attachments("IN_PROGRESS"), attachments("APPROVED"), false],
    ["FAILED after REJECTED is not", status("REJECTED"), status("FAILED"), false],
    ["another text is not", message(), message({ Content: "***" }), false],
  ])("%s", (_what, known, given, isPast) => {
    expect(remembering(known).isPast(given)).toBe(isPast);
  });

  test("also after it was forgotten itself, since more followed", () => {
    const recent = remembering(status("PROCESSING"), status("REJECTED"), message({ Content: "***" }));
    expect(recent.isPast(status("PROCESSING"))).toBe(true);
  });

  test("nothing is past of an item that is not known", () => {
    expect(remembering().isPast(status("PROCESSING"))).toBe(false);
    expect(remembering(status("REJECTED")).isPast({ ...status("PROCESSING"), Id: undefined })).toBe(false);
  });
});

describe("what a snapshot keeps", () => {
  const restored = (signatures: Record<string, string>): RecentItems => {
    const recent = new RecentItems();
    recent.restore(signatures);
    return recent;
  };

  test("recognizes each form, and what comes before it, but holds no text", () => {
    const before = remembering(
      message({ Content: "secret" }),
      message({ Content: "***" }),
      status("REJECTED"),
    );
    const signatures = before.signaturesFrom(0);
    expect(JSON.stringify(signatures)).not.toMatch(/secret|REJECTED/);
    const after = restored(signatures);
    for (const form of [message({ Content: "secret" }), message({ Content: "***" }), status("REJECTED")])
      expect(after.has(form)).toBe(true);
    expect(after.has(message({ Content: "another" }))).toBe(false);
    expect(after.isPast(status("PROCESSING"))).toBe(true);
  });

  test("of an item in progress says so", () => {
    const after = restored(remembering(status("PROCESSING")).signaturesFrom(0));
    expect(after.has(status("PROCESSING"))).toBe(true);
    expect(after.isPast(status("PROCESSING"))).toBe(false);
    expect(after.isPast(attachments("IN_PROGRESS", "IN_PROGRESS"))).toBe(true);
  });

  test("by a version that knew one form an item is understood", () => {
    // Made by that version, of these items.
    const after = restored({
      plain: "oc1luc-m3vz0c",
      file: "n63le4-c8mwr4",
    });
    const file = (Status: "IN_PROGRESS" | "APPROVED"): WireItem =>
      message({
        Id: "file",
        Type: "ATTACHMENT",
        ContentType: "image/png",
        Content: undefined,
        Attachments: [{ AttachmentId: "a", Status }],
      });
    expect(after.has(message({ Id: "plain" }))).toBe(true);
    expect(after.has(message({ Id: "plain", Content: "changed" }))).toBe(false);
    expect(after.has(file("APPROVED")) || after.isPast(file("APPROVED"))).toBe(false);
    expect(after.has(file("IN_PROGRESS")) || after.isPast(file("IN_PROGRESS"))).toBe(true);
  });

  test("is kept by the next snapshot as well, together with the forms that followed", () => {
    const between = restored(remembering(message()).signaturesFrom(0));
    between.add(message({ Content: "***" }));
    const after = restored(between.signaturesFrom(0));
    expect(after.has(message())).toBe(true);
    expect(after.has(message({ Content: "***" }))).toBe(true);
  });
});

describe("the memory is bounded", () => {
  const numbered = (index: number): WireItem =>
    message({ Id: `m${index}`, AbsoluteTime: new Date(1_000 * index).toISOString() });

  test("by items: the oldest are evicted, and the time up to which nothing is known follows", () => {
    const recent = remembering(...Array.from({ length: 2_100 }, (_, index) => numbered(index)));
    expect(recent.has(numbered(99))).toBe(false);
    expect(recent.has(numbered(100))).toBe(true);
    expect(recent.forgottenUpToMs).toBe(99_000);
  });

  test("by forms of one item: an answer of a thousand pieces leaves no more than fifty in a snapshot", () => {
    const recent = remembering(
      ...Array.from({ length: 1_000 }, (_, index) => message({ Content: `text ${index}` })),
    );
    expect(recent.signaturesFrom(0)["m"]?.split(" ")).toHaveLength(50);
    expect(recent.has(message({ Content: "text 999" }))).toBe(true);
  });
});

test("a time before the first that a date can hold is that first time, so that a recovery can still ask from there", () => {
  const first = "-271821-04-20T00:00:00.000Z";
  expect(isoOf(Date.parse(first) - 10_000)).toBe(first);
});
