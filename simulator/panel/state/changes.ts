/** The changes to the panel's state when the simulator reports an event. */
import type { ContactSummary, ControlEvents, Item, TrafficEntry } from "../api/types";
import { eventName, textOfItem } from "./item-text";
import { isTyping, mergeItem } from "./merge-item";
import { contactOf, type PanelState } from "./model";

/** The maximum number of traffic entries in the panel. The oldest are dropped first. The simulator keeps more. */
export const KEPT_TRAFFIC = 1000;

/** Adds a new contact at the top of the list, or replaces a known contact without moving it. */
export function withContact(state: PanelState, contact: ContactSummary): PanelState {
  const contacts = state.contacts ?? [];
  const index = contacts.findIndex(({ contactId }) => contactId === contact.contactId);
  return { ...state, contacts: index < 0 ? [contact, ...contacts] : contacts.with(index, contact) };
}

/**
 * Announces a customer's message, and counts it as unread unless `isLookedAt`, i.e. the user is viewing its contact.
 */
export function withNews(state: PanelState, contactId: string, item: Item, isLookedAt: boolean): PanelState {
  const announcement = `${item.DisplayName ?? "Customer"}: ${textOfItem(item)}`;
  if (isLookedAt) return { ...state, announcement };
  const count = (state.unread[contactId] ?? 0) + 1;
  return { ...state, announcement, unread: { ...state.unread, [contactId]: count } };
}

/** Applies an item that was sent. Applying the same item again changes nothing. `now` is in epoch milliseconds. */
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
  // The sender of a message has stopped typing. Receipts and events don't mean that.
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

/** Whether the item is a customer's message or attachment and its processing is done. */
export const isFromCustomer = (item: Item): boolean =>
  item.ParticipantRole === "CUSTOMER" &&
  (item.Type === "MESSAGE" || item.Type === "ATTACHMENT") &&
  item.MessageMetadata?.MessageProcessingStatus === undefined;

export function withoutUnread(state: PanelState, contactId: string): PanelState {
  if (!state.unread[contactId]) return state;
  const others = Object.entries(state.unread).filter(([id]) => id !== contactId);
  return { ...state, unread: Object.fromEntries(others) };
}

/** The maximum number of marks for faults. The oldest are dropped first. */
const KEPT_MARKS = 200;

/** Adds a mark for a fault that was added or removed at `now` (epoch milliseconds). */
export function withFaultMark(
  state: PanelState,
  { what, id, fault }: ControlEvents["fault"],
  now: number,
): PanelState {
  const added = state.marks.find((mark) => mark.id === id)?.fault;
  const listed = state.faults.find((each) => each.id === id)?.fault;
  const mark = {
    ...{ what, id, fault: fault?.fault ?? added ?? listed ?? null },
    at: new Date(now).toISOString(),
    after: state.traffic.at(-1)?.number ?? 0,
  };
  return { ...state, marks: [...state.marks, mark].slice(-KEPT_MARKS) };
}

/** Adds traffic entries in the order of their numbers, without duplicates. */
export function withTraffic(state: PanelState, entries: readonly TrafficEntry[]): PanelState {
  const traffic = [...state.traffic, ...entries];
  // Almost always, the new entries come after the known ones.
  const isInOrder = entries.every(
    ({ number }, index) => number > (traffic[state.traffic.length + index - 1]?.number ?? 0),
  );
  return { ...state, traffic: (isInOrder ? traffic : sorted(traffic)).slice(-KEPT_TRAFFIC) };
}

/** Sorts entries by their numbers. The later of two entries with the same number is kept. */
function sorted(entries: readonly TrafficEntry[]): readonly TrafficEntry[] {
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}
