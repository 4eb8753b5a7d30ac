import { describe, expect, test } from "@jest/globals";
import type { ContactSummary } from "../../../simulator/panel/api/types";
import { filterContacts, firstContacts } from "../../../simulator/panel/contacts/contact-filter";
import { newerContact } from "../../../simulator/panel/contacts/newer-contact";

const contact = (
  contactId: string,
  displayName: string,
  state: "connected" | "away" | "ended" = "connected",
): ContactSummary => ({
  contactId,
  initialContactId: contactId,
  startedAt: "2026-12-01T10:00:00.000Z",
  ended: state === "ended",
  displayName,
  participants: [
    {
      participantId: `customer-${contactId}`,
      role: "CUSTOMER",
      displayName,
      joined: true,
      left: false,
      connected: state === "connected",
      isPlayed: false,
    },
  ],
  items: 1,
  lastItem: { at: "2026-12-01T10:00:00.000Z", role: "CUSTOMER", text: `Hello from ${contactId}` },
});

const CONTACTS = [
  contact("d", "Maria"),
  contact("c", "Ada", "away"),
  contact("b", "Maria", "ended"),
  contact("a", "Grace"),
];
const ids = (contacts: readonly ContactSummary[]): string[] => contacts.map(({ contactId }) => contactId);

describe("the list of contacts", () => {
  test("shows all contacts unless the user filters them", () => {
    const filter = { text: " ", hidesInactive: false, selectedId: null };
    expect(filterContacts(CONTACTS, filter)).toBe(CONTACTS);
  });

  test("finds contacts by name, ID or last message, regardless of case", () => {
    const found = (text: string): string[] =>
      ids(filterContacts(CONTACTS, { text, hidesInactive: false, selectedId: null }));
    expect(found("maria")).toEqual(["d", "b"]);
    expect(found(" FROM C ")).toEqual(["c"]);
    expect(found("nobody")).toEqual([]);
  });

  test("can hide contacts that have ended or have no open socket, except for the selected contact", () => {
    const shown = (selectedId: string | null): string[] =>
      ids(filterContacts(CONTACTS, { text: "", hidesInactive: true, selectedId }));
    expect(shown(null)).toEqual(["d", "a"]);
    expect(shown("b")).toEqual(["d", "b", "a"]);
  });

  test("has only the first contacts as rows, and the selected contact at their end", () => {
    expect(firstContacts(CONTACTS, 4, "a")).toBe(CONTACTS);
    expect(ids(firstContacts(CONTACTS, 2, null))).toEqual(["d", "c"]);
    expect(ids(firstContacts(CONTACTS, 2, "d"))).toEqual(["d", "c"]);
    expect(ids(firstContacts(CONTACTS, 2, "a"))).toEqual(["d", "c", "a"]);
  });
});

describe("the newer chat of a customer with the same name", () => {
  const newest = contact("e", "Maria");

  test("is the newest one that hasn't ended", () => {
    const before = contact("b", "Maria");
    expect(newerContact([newest, ...CONTACTS], before)).toBe(newest);
    expect(newerContact([contact("e", "Maria", "ended"), ...CONTACTS], before)).toBe(CONTACTS[0]);
  });

  test("isn't an older chat, or a chat with another name", () => {
    expect(newerContact(CONTACTS, contact("d", "Maria"))).toBeUndefined();
    expect(newerContact(CONTACTS, contact("c", "Ada"))).toBeUndefined();
    expect(newerContact(CONTACTS, contact("unknown", "Maria"))).toBeUndefined();
  });
});
