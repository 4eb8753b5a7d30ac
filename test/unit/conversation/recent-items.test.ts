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

const recentWith = (...items: WireItem[]): RecentItems => {
  const recent = new RecentItems();
  for (const item of items) recent.add(item);
  return recent;
};

describe("has() is false for an item that differs in", () => {
  test.each<[what: string, before: WireItem, after: WireItem]>([
    ["its text", message(), message({ Content: "***" })],
    ["its missing text", message(), message({ Content: undefined })],
    ["its type", message(), message({ Type: "ATTACHMENT" })],
    ["its content type", message(), message({ ContentType: "text/markdown" })],
    ["its missing processing status", status("PROCESSING"), message()],
    ["its processing status", status("FAILED"), status("REJECTED")],
    ["its new processing status", message(), status("REJECTED")],
    ["an attachment's status", attachments("IN_PROGRESS"), attachments("APPROVED")],
    ["the number of attachments", attachments("APPROVED"), attachments("APPROVED", "APPROVED")],
    [
      "its chunk number",
      message({ MessageMetadata: { ChunkNumber: 1, MessageCompleted: false } }),
      message({ MessageMetadata: { ChunkNumber: 2, MessageCompleted: false } }),
    ],
    [
      "its completion",
      message({ MessageMetadata: { MessageCompleted: false } }),
      message({ MessageMetadata: { MessageCompleted: true } }),
    ],
  ])("%s", (_what, before, after) => {
    const recent = recentWith(before);
    expect(recent.has(before)).toBe(true);
    expect(recent.has(after)).toBe(false);
  });

  test("anything but its time, display name, and receipts", () => {
    const recent = recentWith(message());
    const again = message({
      AbsoluteTime: "2026-01-01T00:00:09.000Z",
      DisplayName: "another",
      MessageMetadata: { MessageId: "m", Receipts: [{ ReadTimestamp: "2026-01-01T00:00:02.000Z" }] },
    });
    expect(recent.has(again)).toBe(true);
  });
});

test("has() is true for a completed answer without its streaming metadata", () => {
  const recent = recentWith(message({ MessageMetadata: { ChunkNumber: 3, MessageCompleted: true } }));
  expect(recent.has(message())).toBe(true);
  expect(recent.has(message({ MessageMetadata: { ChunkNumber: 3 } }))).toBe(true);
});

test("has() is true for every version of an item, not only the latest", () => {
  const versions = Array.from({ length: 20 }, (_, index) => message({ Content: `text ${index}` }));
  const recent = recentWith(...versions);
  expect(versions.map((version) => recent.has(version))).toEqual(versions.map(() => true));
});

describe("isStale()", () => {
  const chunk = (ChunkNumber: number, MessageCompleted: boolean): WireItem =>
    message({ ParticipantRole: "SYSTEM", MessageMetadata: { ChunkNumber, MessageCompleted } });

  test.each<[what: string, known: WireItem, later: WireItem, isStale: boolean]>([
    ["is true for PROCESSING after REJECTED", status("REJECTED"), status("PROCESSING"), true],
    ["is true for PROCESSING after FAILED", status("FAILED"), status("PROCESSING"), true],
    ["is true for PROCESSING after no status", message({ Content: "***" }), status("PROCESSING"), true],
    ["is true for IN_PROGRESS after APPROVED", attachments("APPROVED"), attachments("IN_PROGRESS"), true],
    ["is true for IN_PROGRESS after REJECTED", attachments("REJECTED"), attachments("IN_PROGRESS"), true],
    [
      "is true for two files IN_PROGRESS after one was approved",
      attachments("APPROVED", "IN_PROGRESS"),
      attachments("IN_PROGRESS", "IN_PROGRESS"),
      true,
    ],
    ["is true for a chunk after the completed answer", chunk(3, true), chunk(2, false), true],
    ["is false for REJECTED after PROCESSING", status("PROCESSING"), status("REJECTED"), false],
    ["is false for APPROVED after IN_PROGRESS", attachments("IN_PROGRESS"), attachments("APPROVED"), false],
    ["is false for FAILED after REJECTED", status("REJECTED"), status("FAILED"), false],
    ["is false for a version with different text", message(), message({ Content: "***" }), false],
  ])("%s", (_what, known, later, isStale) => {
    expect(recentWith(known).isStale(later)).toBe(isStale);
  });

  test("is true even if several versions followed", () => {
    const recent = recentWith(status("PROCESSING"), status("REJECTED"), message({ Content: "***" }));
    expect(recent.isStale(status("PROCESSING"))).toBe(true);
  });

  test("is false for an unknown item", () => {
    expect(recentWith().isStale(status("PROCESSING"))).toBe(false);
    expect(recentWith(status("REJECTED")).isStale({ ...status("PROCESSING"), Id: undefined })).toBe(false);
  });
});

describe("a snapshot's signatures", () => {
  const restored = (signatures: Record<string, string>): RecentItems => {
    const recent = new RecentItems();
    recent.restore(signatures);
    return recent;
  };

  test("identify every version of an item, not only the latest, but contain no text", () => {
    const before = recentWith(
      message({ Content: "secret" }),
      message({ Content: "***" }),
      status("REJECTED"),
    );
    const signatures = before.signaturesFrom(0);
    expect(JSON.stringify(signatures)).not.toMatch(/secret|REJECTED/);
    const after = restored(signatures);
    for (const version of [message({ Content: "secret" }), message({ Content: "***" }), status("REJECTED")])
      expect(after.has(version)).toBe(true);
    expect(after.has(message({ Content: "another" }))).toBe(false);
    expect(after.isStale(status("PROCESSING"))).toBe(true);
  });

  test("recognize an item in progress", () => {
    const after = restored(recentWith(status("PROCESSING")).signaturesFrom(0));
    expect(after.has(status("PROCESSING"))).toBe(true);
    expect(after.isStale(status("PROCESSING"))).toBe(false);
    expect(after.isStale(attachments("IN_PROGRESS", "IN_PROGRESS"))).toBe(true);
  });

  test("are understood if they come from a release that stored one version per item", () => {
    // Created by that release from these items.
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
    expect(after.has(file("APPROVED")) || after.isStale(file("APPROVED"))).toBe(false);
    expect(after.has(file("IN_PROGRESS")) || after.isStale(file("IN_PROGRESS"))).toBe(true);
  });

  test("are kept in the next snapshot, together with later versions", () => {
    const between = restored(recentWith(message()).signaturesFrom(0));
    between.add(message({ Content: "***" }));
    const after = restored(between.signaturesFrom(0));
    expect(after.has(message())).toBe(true);
    expect(after.has(message({ Content: "***" }))).toBe(true);
  });
});

describe("the limit on stored versions", () => {
  const numbered = (index: number): WireItem =>
    message({ Id: `m${index}`, AbsoluteTime: new Date(1_000 * index).toISOString() });

  test("evicts the oldest items, and `evictedUpToMs` advances", () => {
    const recent = recentWith(...Array.from({ length: 2_100 }, (_, index) => numbered(index)));
    expect(recent.has(numbered(99))).toBe(false);
    expect(recent.has(numbered(100))).toBe(true);
    expect(recent.evictedUpToMs).toBe(99_000);
  });

  test("reduces a snapshot of an answer with a thousand chunks to fifty versions", () => {
    const recent = recentWith(
      ...Array.from({ length: 1_000 }, (_, index) => message({ Content: `text ${index}` })),
    );
    expect(recent.signaturesFrom(0)["m"]?.split(" ")).toHaveLength(50);
    expect(recent.has(message({ Content: "text 999" }))).toBe(true);
  });
});

test("isoOf() returns the earliest possible date for any earlier time, so that a recovery can start there", () => {
  const first = "-271821-04-20T00:00:00.000Z";
  expect(isoOf(Date.parse(first) - 10_000)).toBe(first);
});
