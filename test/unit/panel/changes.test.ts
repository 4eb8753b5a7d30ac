import { describe, expect, test } from "@jest/globals";
import type { ContactSummary, TrafficEntry } from "../../../simulator/panel/api/types";
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

const looking: PanelState = {
  ...INITIAL_STATE,
  contacts: [contact("a")],
  conversation: { contactId: "a", items: [], behaviors: null, typing: null },
};

describe("changes of the panel's state", () => {
  test("a new contact comes first, and a known one stays where it is", () => {
    const two = withContact(looking, contact("b"));
    expect(two.contacts?.map(({ contactId }) => contactId)).toEqual(["b", "a"]);
    const changed = withContact(two, { ...contact("a"), ended: true });
    expect(changed.contacts?.map(({ contactId, ended }) => [contactId, ended])).toEqual([
      ["b", false],
      ["a", true],
    ]);
  });

  test("a customer's message in a contact that isn't open counts as unread until the contact is opened", () => {
    const one = withNews(looking, "b", itemOf(), false);
    const two = withNews(one, "b", itemOf({ Id: "item-2" }), false);
    expect(two.unread).toEqual({ b: 2 });
    expect(two.announcement).toBe("Maria: Hello");
    expect(withoutUnread(two, "b").unread).toEqual({});
  });

  test("a message that is looked at doesn't count as unread", () => {
    expect(withNews(looking, "a", itemOf(), true)).toMatchObject({
      unread: {},
      announcement: "Maria: Hello",
    });
  });

  test("only a customer's messages and files count as new, and only once they have been processed", () => {
    const metadata = { MessageId: "item-1", MessageProcessingStatus: "PROCESSING" as const };
    expect(isFromCustomer(itemOf())).toBe(true);
    expect(isFromCustomer(itemOf({ Type: "ATTACHMENT" }))).toBe(true);
    expect(isFromCustomer(itemOf({ ParticipantRole: "AGENT" }))).toBe(false);
    expect(isFromCustomer(itemOf({ Type: "EVENT", ContentType: TYPING }))).toBe(false);
    expect(isFromCustomer(itemOf({ MessageMetadata: metadata }))).toBe(false);
  });

  test("a customer's typing shows until that customer's message arrives", () => {
    const typing = withItem(looking, "a", itemOf({ Type: "EVENT", ContentType: TYPING }), 1000);
    expect(typing.conversation?.typing).toEqual({ name: "Maria", role: "CUSTOMER", at: 1000 });
    const answered = withItem(typing, "a", itemOf({ ParticipantRole: "AGENT", Id: "x" }), 1000);
    expect(answered.conversation?.typing).not.toBeNull();
    expect(withItem(answered, "a", itemOf(), 1000).conversation?.typing).toBeNull();
  });

  test("the contact list shows the last message, but not receipts or typing", () => {
    const last = (item: ReturnType<typeof itemOf>): string | undefined =>
      withItem(looking, "a", item, 1000).contacts?.[0]?.lastItem?.text;
    expect(last(itemOf())).toBe("Hello");
    expect(last(itemOf({ Type: "EVENT", ContentType: TYPING }))).toBeUndefined();
    expect(last(itemOf({ Type: "MESSAGEMETADATA" }))).toBeUndefined();
  });

  test("items of contacts that aren't selected aren't kept", () => {
    expect(withItem(looking, "b", itemOf(), 1000).conversation).toBe(looking.conversation);
  });

  test("traffic entries are kept in order, without duplicates, and only the latest are kept", () => {
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
    expect(numbers(withTraffic(withTraffic(looking, [entry(2)]), [entry(1), entry(2)]))).toEqual([1, 2]);
    const many = Array.from({ length: KEPT_TRAFFIC + 5 }, (_, index) => entry(index));
    expect(numbers(withTraffic(looking, many))).toEqual(many.slice(5).map(({ number }) => number));
  });
});
