/** How the panel's state changes when the emulator reports something. */
import type { ContactSummary, Item, TrafficEntry } from "../api/types";
import { eventName, textOfItem } from "./item-text";
import { isTyping, mergeItem } from "./merge-item";
import { contactOf, type PanelState } from "./model";

/** More entries than this are forgotten, oldest first. The emulator keeps more. */
export const KEPT_TRAFFIC = 1000;

/** Adds a contact at the top of the list, or replaces it in its place. */
export function withContact(state: PanelState, contact: ContactSummary): PanelState {
  const contacts = state.contacts ?? [];
  const index = contacts.findIndex(({ contactId }) => contactId === contact.contactId);
  return { ...state, contacts: index < 0 ? [contact, ...contacts] : contacts.with(index, contact) };
}

/** A customer's message arrived. `isLookedAt`: the user sees its contact right now. */
export function withNews(state: PanelState, contactId: string, item: Item, isLookedAt: boolean): PanelState {
  const announcement = `${item.DisplayName ?? "Customer"}: ${textOfItem(item)}`;
  if (isLookedAt) return { ...state, announcement };
  const count = (state.unread[contactId] ?? 0) + 1;
  return { ...state, announcement, unread: { ...state.unread, [contactId]: count } };
}

/** An item was sent. The same one can be applied again. `now` is in epoch milliseconds. */
export function withItem(state: PanelState, contactId: string, item: Item, now: number): PanelState {
  return withConversationItem(withLastItem(state, contactId, item), contactId, item, now);
}

function withLastItem(state: PanelState, contactId: string, item: Item): PanelState {
  const contact = contactOf(state, contactId);
  if (!contact || isTyping(item) || item.Type === "MESSAGEMETADATA") return state;
  const text = item.Type === "EVENT" ? eventName(item) : textOfItem(item);
  const lastItem = { at: item.AbsoluteTime, role: item.ParticipantRole ?? null, text };
  return withContact(state, { ...contact, lastItem });
}

function withConversationItem(state: PanelState, contactId: string, item: Item, now: number): PanelState {
  const { conversation } = state;
  if (conversation?.contactId !== contactId || conversation.items === null) return state;
  const { DisplayName = "Somebody", ParticipantRole: role } = item;
  if (isTyping(item)) {
    if (role !== "CUSTOMER") return state;
    return { ...state, conversation: { ...conversation, typing: { name: DisplayName, role, at: now } } };
  }
  // The sender of a message has stopped typing. Receipts and events aren't written by hand.
  const stopsTyping = item.Type === "MESSAGE" && conversation.typing?.role === role;
  return {
    ...state,
    conversation: {
      ...conversation,
      items: mergeItem(conversation.items, item),
      typing: stopsTyping ? null : conversation.typing,
    },
  };
}

/** Whether it's a customer's message or attachment, and done with processing. */
export const isFromCustomer = (item: Item): boolean =>
  item.ParticipantRole === "CUSTOMER" &&
  (item.Type === "MESSAGE" || item.Type === "ATTACHMENT") &&
  item.MessageMetadata?.MessageProcessingStatus === undefined;

export function withoutUnread(state: PanelState, contactId: string): PanelState {
  if (!state.unread[contactId]) return state;
  const others = Object.entries(state.unread).filter(([id]) => id !== contactId);
  return { ...state, unread: Object.fromEntries(others) };
}

/** Adds traffic, once by number, in order. */
export function withTraffic(state: PanelState, entries: readonly TrafficEntry[]): PanelState {
  const byNumber = new Map(state.traffic.map((entry) => [entry.number, entry]));
  for (const entry of entries) byNumber.set(entry.number, entry);
  const traffic = [...byNumber.values()].sort((a, b) => a.number - b.number).slice(-KEPT_TRAFFIC);
  return { ...state, traffic };
}
