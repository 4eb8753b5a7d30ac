import { describe, expect, test } from "@jest/globals";
import type { ContactSummary, TrafficEntry } from "../../../simulator/panel/api/types";
import fc from "fast-check";
import {
  isFromCustomer,
  KEPT_TRAFFIC,
  withContact,
  withItem,
  withNews,
  withoutUnread,
  withTraffic,
} from "../../../simulator/panel/state/changes";
import { INITIAL_STATE, type PanelState } from "../../../simulator/panel/state/model";
import { itemOf } from "./items";

const TYPING = "application/vnd.amazonaws.connect.event.typing";

const contact = (contactId: string): ContactSummary => ({
  contactId,
  initialContactId: contactId,
  startedAt: "2026-12-01T10:00:00.000Z",
  ended: false,
  displayName: "Maria",
  participants: [],
  items: 0,
  lastItem: null,
});

const SELECTED: PanelState = {
  ...INITIAL_STATE,
  contacts: [contact("a")],
  conversation: { contactId: "a", items: [], behaviors: null, typing: null },
};

describe("the panel's state", () => {
  test("lists a new contact first, and doesn't move a contact that changes", () => {
    const two = withContact(SELECTED, contact("b"));
    expect(two.contacts?.map(({ contactId }) => contactId)).toEqual(["b", "a"]);
    const changed = withContact(two, { ...contact("a"), ended: true });
    expect(changed.contacts?.map(({ contactId, ended }) => [contactId, ended])).toEqual([
      ["b", false],
      ["a", true],
    ]);
  });

  test("counts a customer's message as unread until its contact is opened", () => {
    const one = withNews(SELECTED, "b", itemOf(), false);
    const two = withNews(one, "b", itemOf({ Id: "item-2" }), false);
    expect(two.unread).toEqual({ b: 2 });
    expect(two.announcement).toBe("Maria: Hello");
    expect(withoutUnread(two, "b").unread).toEqual({});
  });

  test("doesn't count a message as unread if the user is viewing its contact", () => {
    expect(withNews(SELECTED, "a", itemOf(), true)).toMatchObject({
      unread: {},
      announcement: "Maria: Hello",
    });
  });

  test("counts only a customer's messages and files as new, and only after processing", () => {
    const metadata = { MessageId: "item-1", MessageProcessingStatus: "PROCESSING" as const };
    expect(isFromCustomer(itemOf())).toBe(true);
    expect(isFromCustomer(itemOf({ Type: "ATTACHMENT" }))).toBe(true);
    expect(isFromCustomer(itemOf({ ParticipantRole: "AGENT" }))).toBe(false);
    expect(isFromCustomer(itemOf({ Type: "EVENT", ContentType: TYPING }))).toBe(false);
    expect(isFromCustomer(itemOf({ MessageMetadata: metadata }))).toBe(false);
  });

  test("shows that a customer is typing until the customer's message arrives", () => {
    const typing = withItem(SELECTED, "a", itemOf({ Type: "EVENT", ContentType: TYPING }), 1000);
    expect(typing.conversation?.typing).toEqual({ name: "Maria", role: "CUSTOMER", at: 1000 });
    const answered = withItem(typing, "a", itemOf({ ParticipantRole: "AGENT", Id: "x" }), 1000);
    expect(answered.conversation?.typing).not.toBeNull();
    expect(withItem(answered, "a", itemOf(), 1000).conversation?.typing).toBeNull();
  });

  test("has the last message in a contact's row, but no receipts or typing events", () => {
    const last = (item: ReturnType<typeof itemOf>): string | undefined =>
      withItem(SELECTED, "a", item, 1000).contacts?.[0]?.lastItem?.text;
    expect(last(itemOf())).toBe("Hello");
    expect(last(itemOf({ Type: "EVENT", ContentType: TYPING }))).toBeUndefined();
    expect(last(itemOf({ Type: "MESSAGEMETADATA" }))).toBeUndefined();
  });

  test("drops the items of contacts that aren't selected", () => {
    expect(withItem(SELECTED, "b", itemOf(), 1000).conversation).toBe(SELECTED.conversation);
  });

  const entry = (number: number): TrafficEntry => ({
    number,
    at: "",
    contactId: null,
    participantId: null,
    role: null,
    kind: "call",
    direction: "in",
    name: "SendMessage",
  });
  const numbers = (state: PanelState): number[] => state.traffic.map(({ number }) => number);

  test("keeps only the latest traffic entries", () => {
    const many = Array.from({ length: KEPT_TRAFFIC + 5 }, (_, index) => entry(index + 1));
    expect(numbers(withTraffic(SELECTED, many))).toEqual(many.slice(5).map(({ number }) => number));
  });

  test("orders traffic entries by number without duplicates, however they arrive", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 30 }))), (batches) => {
        const state = batches.reduce((next, batch) => withTraffic(next, batch.map(entry)), SELECTED);
        expect(numbers(state)).toEqual([...new Set(batches.flat())].sort((a, b) => a - b));
      }),
    );
  });
});
