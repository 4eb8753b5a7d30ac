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

describe("an item that changes", () => {
  const status = (MessageProcessingStatus: "PROCESSING" | "FAILED" | "REJECTED"): WireItem =>
    item("m", 5, { MessageMetadata: { MessageId: "m", MessageProcessingStatus } });
  const file = (...statuses: ("IN_PROGRESS" | "APPROVED" | "REJECTED")[]): WireItem =>
    item("m", 5, {
      Type: "ATTACHMENT",
      Content: undefined,
      Attachments: statuses.map((Status, index) => ({ AttachmentId: `file-${index}`, Status })),
    });
  const shown = (): WireItem | undefined => {
    const { serializedContent, ...rest } = transcript.entries[0] ?? {};
    expect(serializedContent).toBe(JSON.stringify(rest));
    return rest;
  };

  const ways = [
    ["live", (given: WireItem) => void transcript.add(given)],
    ["on a page", (given: WireItem) => transcript.page(given)],
  ] as const;

  describe.each(ways)("and that comes %s", (_, first) => {
    describe.each(ways)("then %s", (__, then) => {
      test.each<[what: string, earlier: WireItem, later: WireItem]>([
        ["PROCESSING, REJECTED", status("PROCESSING"), status("REJECTED")],
        ["PROCESSING, FAILED", status("PROCESSING"), status("FAILED")],
        ["PROCESSING, no status and redacted text", status("PROCESSING"), item("m", 5, { Content: "***" })],
        ["IN_PROGRESS, APPROVED", file("IN_PROGRESS"), file("APPROVED")],
        ["IN_PROGRESS, REJECTED", file("IN_PROGRESS"), file("REJECTED")],
        ["one of two scanned, both", file("APPROVED", "IN_PROGRESS"), file("APPROVED", "REJECTED")],
      ])("%s: the last is shown, whichever comes first", (_what, earlier, later) => {
        first(earlier);
        then(later);
        expect(shown()).toEqual(later);
        transcript = new TranscriptUnderTest();
        first(later);
        then(earlier);
        expect(shown()).toEqual(later);
      });
    });
  });

  test.each(ways)(
    "is not taken back by an earlier piece of an answer that comes %s and was not seen before",
    (_, then) => {
      const piece = (Content: string, ChunkNumber?: number): WireItem =>
        item("m", 5, { Content, MessageMetadata: { MessageCompleted: false, ChunkNumber } });
      transcript.page(piece("abc", 3));
      then(piece("ab", 2));
      then(piece("ab"));
      expect(transcript.entries.map(({ Content }) => Content)).toEqual(["abc"]);
    },
  );

  test("leaves nothing of a form that had more: text, metadata, attachments, names", () => {
    transcript.add({ ...status("FAILED"), DisplayName: "Me", Attachments: [{ AttachmentId: "a" }] });
    const bare = item("m", 5, { Content: undefined });
    transcript.add(bare);
    expect(shown()).toEqual(bare);
  });

  test("keeps the contact that a page leaves out, since pages are requested by it", () => {
    const contact = { ContactId: "c", InitialContactId: "i" };
    transcript.add({ ...item("m", 5), ...contact });
    transcript.page(item("m", 5));
    expect(transcript.entries).toMatchObject([contact]);
  });

  test("keeps the furthest status: SENT, what receipts said, what a page's receipts said", () => {
    transcript.send("uuid", MESSAGE);
    transcript.sent("uuid", { Id: "m", AbsoluteTime: timeOf(5) }, LOCAL);
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

  test("is not undone by a page that lags behind, whose receipts still count", () => {
    const before = item("m", 5, {
      Content: "before",
      MessageMetadata: { Receipts: [{ ReadTimestamp: timeOf(6) }] },
    });
    transcript.add(item("m", 5, { Content: "before" }));
    transcript.add(item("m", 5, { Content: "after" }));
    transcript.page(before);
    expect(transcript.entries).toMatchObject([{ Content: "after", MessageMetadata: { Status: "READ" } }]);
  });

  test("shows the live form that comes after a page that was ahead", () => {
    transcript.page(item("m", 5, { Content: "after" }));
    transcript.add(item("m", 5, { Content: "before" }));
    transcript.add(item("m", 5, { Content: "after" }));
    expect(shown()?.Content).toBe("after");
  });

  test("whose metadata is null is as one without", () => {
    const bare: unknown = { ...item("m", 5), MessageMetadata: null, Attachments: null };
    transcript.add(bare as WireItem);
    transcript.page(bare as WireItem);
    expect(transcript.ids).toEqual(["m"]);
  });
});
