/** Puts an item that was just sent into the list of items that a conversation shows. */
import type { Item, Receipt } from "../api/types";

/**
 * Adds an item, or replaces the item with the same ID. The pieces of a streamed answer are joined until the complete
 * text arrives. A receipt is stored in its message. Typing events aren't kept.
 */
export function mergeItem(items: readonly Item[], item: Item): readonly Item[] {
  const id = changedId(item);
  // Most changes concern a recent item.
  const index = items.findLastIndex(({ Id }) => Id === id);
  const changed = change(items[index], item);
  if (!changed) return items;
  return index < 0 ? [...items, changed] : items.with(index, changed);
}

/** Builds the list from a transcript, whose receipts are also separate items. */
export function mergeItems(items: readonly Item[]): readonly Item[] {
  // A map keeps an item's place when its value is replaced.
  const merged = new Map<string, Item>();
  for (const item of items) {
    const id = changedId(item);
    const changed = change(merged.get(id), item);
    if (changed) merged.set(id, changed);
  }
  return [...merged.values()];
}

export const isTyping = (item: Item): boolean =>
  item.Type === "EVENT" && item.ContentType.endsWith("event.typing");

/** The ID of the item in the list that an item adds or changes. */
const changedId = ({ Id, Type, MessageMetadata }: Item): string =>
  Type === "MESSAGEMETADATA" ? (MessageMetadata?.MessageId ?? "") : Id;

/** Returns the new state of the item in the list; undefined if nothing changes. */
function change(previous: Item | undefined, item: Item): Item | undefined {
  if (isTyping(item)) return undefined;
  if (item.Type === "MESSAGEMETADATA") return previous && withReceipts(previous, item);
  if (!previous) return item;
  if (!isPiece(item)) return keepReceipts(previous, item);
  // A repeated or early piece changes nothing, because the complete text arrives in the end.
  return isNextPiece(previous, item) ? join(previous, item) : undefined;
}

const isPiece = ({ MessageMetadata }: Item): boolean => MessageMetadata?.MessageCompleted === false;

const isNextPiece = (previous: Item, item: Item): boolean =>
  item.MessageMetadata?.ChunkNumber === (previous.MessageMetadata?.ChunkNumber ?? 0) + 1;

const join = (previous: Item, item: Item): Item => ({
  ...item,
  AbsoluteTime: previous.AbsoluteTime,
  Content: `${previous.Content ?? ""}${item.Content ?? ""}`,
});

function keepReceipts(previous: Item, item: Item): Item {
  const receipts = previous.MessageMetadata?.Receipts;
  if (!receipts || item.MessageMetadata?.Receipts) return item;
  return { ...item, MessageMetadata: { MessageId: item.Id, ...item.MessageMetadata, Receipts: receipts } };
}

function withReceipts(message: Item, { MessageMetadata }: Item): Item {
  const before = message.MessageMetadata?.Receipts ?? [];
  const Receipts = (MessageMetadata?.Receipts ?? []).reduce(addReceipt, before);
  return { ...message, MessageMetadata: { MessageId: message.Id, ...message.MessageMetadata, Receipts } };
}

function addReceipt(receipts: Receipt[], receipt: Receipt): Receipt[] {
  const isSame = (each: Receipt): boolean => each.RecipientParticipantId === receipt.RecipientParticipantId;
  const previous = receipts.find(isSame);
  return [...receipts.filter((each) => !isSame(each)), { ...previous, ...receipt }];
}
