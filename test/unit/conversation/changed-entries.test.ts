import { beforeEach, describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import {
  item,
  LOCAL,
  MESSAGE,
  receipt,
  timeOf,
  TranscriptUnderTest,
} from "../../support/transcript-under-test";

let transcript: TranscriptUnderTest;

beforeEach(() => {
  transcript = new TranscriptUnderTest();
});

describe("a changing item", () => {
  const status = (MessageProcessingStatus: "PROCESSING" | "FAILED" | "REJECTED"): WireItem =>
    item("m", 5, { MessageMetadata: { MessageId: "m", MessageProcessingStatus } });
  const file = (...statuses: ("IN_PROGRESS" | "APPROVED" | "REJECTED")[]): WireItem =>
    item("m", 5, {
      Type: "ATTACHMENT",
      Content: undefined,
      Attachments: statuses.map((Status, index) => ({ AttachmentId: `file-${index}`, Status })),
    });
  /** The entry without `serializedContent`, which must match it. */
  const firstEntry = (): WireItem | undefined => {
    const { serializedContent, ...rest } = transcript.entries[0] ?? {};
    expect(serializedContent).toBe(JSON.stringify(rest));
    return rest;
  };

  const channels = [
    ["live", (change: WireItem) => void transcript.add(change)],
    ["on a page", (change: WireItem) => transcript.page(change)],
  ] as const;

  describe.each(channels)("that arrives %s first", (_, first) => {
    describe.each(channels)("and then %s", (__, then) => {
      test.each<[what: string, earlier: WireItem, later: WireItem]>([
        ["PROCESSING, then REJECTED", status("PROCESSING"), status("REJECTED")],
        ["PROCESSING, then FAILED", status("PROCESSING"), status("FAILED")],
        [
          "PROCESSING, then no status and a redacted text",
          status("PROCESSING"),
          item("m", 5, { Content: "***" }),
        ],
        ["IN_PROGRESS, then APPROVED", file("IN_PROGRESS"), file("APPROVED")],
        ["IN_PROGRESS, then REJECTED", file("IN_PROGRESS"), file("REJECTED")],
        [
          "one of two files scanned, then both",
          file("APPROVED", "IN_PROGRESS"),
          file("APPROVED", "REJECTED"),
        ],
      ])("has the later version, in either order, after the change %s", (_what, earlier, later) => {
        first(earlier);
        then(later);
        expect(firstEntry()).toEqual(later);
        transcript = new TranscriptUnderTest();
        first(later);
        then(earlier);
        expect(firstEntry()).toEqual(later);
      });
    });
  });

  test.each(channels)(
    "isn't reverted by an earlier chunk of its streamed answer that first arrives %s",
    (_, then) => {
      const chunk = (Content: string, ChunkNumber?: number): WireItem =>
        item("m", 5, { Content, MessageMetadata: { MessageCompleted: false, ChunkNumber } });
      transcript.page(chunk("abc", 3));
      then(chunk("ab", 2));
      then(chunk("ab"));
      expect(transcript.entries.map(({ Content }) => Content)).toEqual(["abc"]);
    },
  );

  test("loses the text, metadata, attachments, and names that its new version lacks", () => {
    transcript.add({ ...status("FAILED"), DisplayName: "Me", Attachments: [{ AttachmentId: "a" }] });
    const bare = item("m", 5, { Content: undefined });
    transcript.add(bare);
    expect(firstEntry()).toEqual(bare);
  });

  test("keeps its contact IDs when a page omits them", () => {
    const contact = { ContactId: "c", InitialContactId: "i" };
    transcript.add({ ...item("m", 5), ...contact });
    transcript.page(item("m", 5));
    expect(transcript.entries).toMatchObject([contact]);
  });

  test("keeps the most advanced status among SENT, its receipts, and a page's receipts", () => {
    transcript.addOutgoing("uuid", MESSAGE);
    transcript.markSent("uuid", { Id: "m", AbsoluteTime: timeOf(5) }, LOCAL);
    transcript.add(status("PROCESSING"));
    expect(transcript.statusOf("m")).toBe("SENT");
    const Receipts = [{ DeliveredTimestamp: timeOf(6) }];
    transcript.page(
      item("m", 5, { MessageMetadata: { MessageId: "m", MessageProcessingStatus: "PROCESSING", Receipts } }),
    );
    transcript.add(status("REJECTED"));
    expect(transcript.entries[0]?.MessageMetadata).toEqual({
      MessageId: "m",
      MessageProcessingStatus: "REJECTED",
      Status: "DELIVERED",
    });
    transcript.add(receipt("Read", "m"));
    transcript.add(item("m", 5, { Content: "***" }));
    expect(transcript.entries[0]?.MessageMetadata).toEqual({ MessageId: "m", Status: "READ" });
  });

  test("gets the receipts of an outdated page, but isn't reverted by it", () => {
    const before = item("m", 5, {
      Content: "before",
      MessageMetadata: { Receipts: [{ ReadTimestamp: timeOf(6) }] },
    });
    transcript.add(item("m", 5, { Content: "before" }));
    transcript.add(item("m", 5, { Content: "after" }));
    transcript.page(before);
    expect(transcript.entries).toMatchObject([{ Content: "after", MessageMetadata: { Status: "READ" } }]);
  });

  test("shows the latest live version, even if a page already contained that version", () => {
    transcript.page(item("m", 5, { Content: "after" }));
    transcript.add(item("m", 5, { Content: "before" }));
    transcript.add(item("m", 5, { Content: "after" }));
    expect(firstEntry()?.Content).toBe("after");
  });

  test("is treated the same with null metadata as without metadata", () => {
    const bare: unknown = { ...item("m", 5), MessageMetadata: null, Attachments: null };
    transcript.add(bare as WireItem);
    transcript.page(bare as WireItem);
    expect(transcript.ids).toEqual(["m"]);
  });
});
