/** Puts an item that was just sent into the list of items that a conversation shows. */
import type { Item, Receipt } from "../api/types";

/**
 * Adds an item, or replaces the item with the same ID. The pieces of a streamed answer are joined until the complete
 * text arrives. A receipt is stored in its message. Typing events aren't kept.
 */
export function mergeItem(items: readonly Item[], item: Item): readonly Item[] {
  if (isTyping(item)) return items;
  if (item.Type === "MESSAGEMETADATA") return addReceipts(items, item);
  const index = items.findIndex(({ Id }) => Id === item.Id);
  const previous = items[index];
  if (!previous) return [...items, item];
  if (!isPiece(item)) return items.with(index, keepReceipts(previous, item));
  // A repeated or early piece changes nothing, because the complete text arrives in the end.
  return isNextPiece(previous, item) ? items.with(index, join(previous, item)) : items;
}

/** Builds the list from a transcript, whose receipts are also separate items. */
export const mergeItems = (items: readonly Item[]): readonly Item[] =>
  items.reduce<readonly Item[]>(mergeItem, []);

export const isTyping = (item: Item): boolean =>
  item.Type === "EVENT" && item.ContentType.endsWith("event.typing");

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

function addReceipts(items: readonly Item[], receipt: Item): readonly Item[] {
  const { MessageId, Receipts = [] } = receipt.MessageMetadata ?? {};
  const index = items.findIndex(({ Id }) => Id === MessageId);
  const message = items[index];
  if (!message) return items;
  const before = message.MessageMetadata?.Receipts ?? [];
  const merged = Receipts.reduce(addReceipt, before);
  const MessageMetadata = { MessageId: message.Id, ...message.MessageMetadata, Receipts: merged };
  return items.with(index, { ...message, MessageMetadata });
}

function addReceipt(receipts: Receipt[], receipt: Receipt): Receipt[] {
  const isSame = (each: Receipt): boolean => each.RecipientParticipantId === receipt.RecipientParticipantId;
  const previous = receipts.find(isSame);
  return [...receipts.filter((each) => !isSame(each)), { ...previous, ...receipt }];
}
