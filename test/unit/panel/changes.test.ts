import { describe, expect, test } from "@jest/globals";
import type { ContactSummary, TrafficEntry } from "../../../simulator/panel/api/types";
import {
  KEPT_TRAFFIC,
  withContact,
  withItem,
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
const seen = { isLookedAt: true, now: 1000 };
const unseen = { isLookedAt: false, now: 1000 };

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

  test("a customer's message that isn't looked at counts as unread until it is", () => {
    const one = withItem(looking, "b", itemOf(), unseen);
    const two = withItem(one, "b", itemOf({ Id: "item-2" }), unseen);
    expect(two.unread).toEqual({ b: 2 });
    expect(two.announcement).toBe("Maria: Hello");
    expect(withoutUnread(two, "b").unread).toEqual({});
  });

  test("a message that is looked at, and one from the agent, don't count as unread", () => {
    expect(withItem(looking, "a", itemOf(), seen).unread).toEqual({});
    expect(withItem(looking, "b", itemOf({ ParticipantRole: "AGENT" }), unseen).unread).toEqual({});
  });

  test("a customer's typing shows until that customer's message arrives", () => {
    const typing = withItem(looking, "a", itemOf({ Type: "EVENT", ContentType: TYPING }), seen);
    expect(typing.conversation?.typing).toEqual({ name: "Maria", role: "CUSTOMER", at: 1000 });
    const answered = withItem(typing, "a", itemOf({ ParticipantRole: "AGENT", Id: "x" }), seen);
    expect(answered.conversation?.typing).not.toBeNull();
    expect(withItem(answered, "a", itemOf(), seen).conversation?.typing).toBeNull();
  });

  test("items of contacts that aren't selected aren't kept", () => {
    expect(withItem(looking, "b", itemOf(), unseen).conversation).toBe(looking.conversation);
  });

  test("traffic is kept in order, once, and only the latest entries", () => {
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
    expect(numbers(withTraffic(looking, many))).toEqual(
      many.slice(5).map(({ number }) => number),
    );
  });
});
