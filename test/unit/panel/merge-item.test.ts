import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Item } from "../../../simulator/panel/api/types";
import { mergeItem, mergeItems } from "../../../simulator/panel/state/merge-item";
import { itemOf } from "./items";

const EVENT = "application/vnd.amazonaws.connect.event.";

const chunk = (text: string, number: number, completed = false): ReturnType<typeof itemOf> =>
  itemOf({
    Id: "answer",
    Content: text,
    ParticipantRole: "SYSTEM",
    MessageMetadata: { MessageId: "answer", ChunkNumber: number, MessageCompleted: completed },
  });

const receipt = (fields: {
  ReadTimestamp?: string;
  DeliveredTimestamp?: string;
}): ReturnType<typeof itemOf> =>
  itemOf({
    Id: "receipt",
    Type: "MESSAGEMETADATA",
    MessageMetadata: {
      MessageId: "item-1",
      Receipts: [{ RecipientParticipantId: "agent-1", ...fields }],
    },
  });

describe("mergeItem()", () => {
  test("adds a new item at the end, and replaces an earlier item with the same ID", () => {
    const first = itemOf();
    const second = itemOf({ Id: "item-2" });
    const changed = itemOf({ Content: "{REDACTED}" });
    expect(mergeItems([first, second, changed])).toEqual([changed, second]);
  });

  test("joins a streamed answer's pieces, and replaces them with the complete text", () => {
    const streaming = mergeItems([chunk("Your ", 1), chunk("parcel", 2)]);
    expect(streaming).toMatchObject([
      { Content: "Your parcel", MessageMetadata: { MessageCompleted: false } },
    ]);
    expect(mergeItem(streaming, chunk("Your parcel is here.", 3, true))).toMatchObject([
      { Content: "Your parcel is here.", MessageMetadata: { MessageCompleted: true } },
    ]);
  });

  test("ignores repeated and early pieces", () => {
    const streaming = mergeItems([chunk("a", 1), chunk("b", 2), chunk("a", 1), chunk("d", 4), chunk("c", 3)]);
    expect(streaming).toMatchObject([{ Content: "abc" }]);
  });

  test("stores a receipt in its message, not as an item", () => {
    const items = mergeItems([
      itemOf(),
      receipt({ DeliveredTimestamp: "2026-12-01T10:00:01.000Z" }),
      receipt({ ReadTimestamp: "2026-12-01T10:00:02.000Z" }),
    ]);
    expect(items).toHaveLength(1);
    expect(items[0]?.MessageMetadata?.Receipts).toEqual([
      {
        RecipientParticipantId: "agent-1",
        DeliveredTimestamp: "2026-12-01T10:00:01.000Z",
        ReadTimestamp: "2026-12-01T10:00:02.000Z",
      },
    ]);
  });

  test("keeps a message's receipts when the message is sent again without them", () => {
    const read = mergeItems([itemOf(), receipt({ ReadTimestamp: "2026-12-01T10:00:02.000Z" })]);
    const [message] = mergeItem(read, itemOf({ Content: "{REDACTED}" }));
    expect(message).toMatchObject({ Content: "{REDACTED}", MessageMetadata: { Receipts: [{}] } });
  });

  test("ignores typing events, and receipts for unknown messages", () => {
    const items = [itemOf({ Id: "other" })];
    expect(mergeItem(items, itemOf({ Type: "EVENT", ContentType: `${EVENT}typing` }))).toBe(items);
    expect(mergeItem(items, receipt({ ReadTimestamp: "now" }))).toBe(items);
  });

  test("builds the same list from a transcript at once as from its items one by one", () => {
    const id = fc.constantFrom("a", "b", "answer", "c");
    const anyItem: fc.Arbitrary<Item> = fc.oneof(
      fc.record({ Id: id, Content: fc.string() }).map(itemOf),
      fc.tuple(fc.string(), fc.nat(4), fc.boolean()).map(([text, number, done]) => chunk(text, number, done)),
      id.map((MessageId) =>
        itemOf({
          Id: "receipt",
          Type: "MESSAGEMETADATA",
          MessageMetadata: { MessageId, Receipts: [{ RecipientParticipantId: MessageId }] },
        }),
      ),
      fc.constant(itemOf({ Id: "typing", Type: "EVENT", ContentType: `${EVENT}typing` })),
    );
    fc.assert(
      fc.property(fc.array(anyItem), (items) => {
        expect(mergeItems(items)).toEqual(items.reduce<readonly Item[]>(mergeItem, []));
      }),
    );
  });

  test("builds a list of 100,000 items without comparing each item with all others", () => {
    const items = Array.from({ length: 100_000 }, (_, index) => itemOf({ Id: String(index) }));
    expect(mergeItems(items)).toHaveLength(items.length);
  });
});
