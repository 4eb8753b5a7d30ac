/** Chooses the contacts to list. */
import type { ContactSummary } from "../api/types";
import { presenceOf } from "./presence";

export interface ContactFilter {
  /** A part of the customer's name, of the contact's ID, or of the last message. */
  readonly text: string;
  /** Whether contacts that have ended or have no open socket are hidden. */
  readonly hidesInactive: boolean;
  /** The selected contact is always listed. */
  readonly selectedId: string | null;
}

export function filterContacts(
  contacts: readonly ContactSummary[],
  { text, hidesInactive, selectedId }: ContactFilter,
): readonly ContactSummary[] {
  const part = text.trim().toLowerCase();
  if (part === "" && !hidesInactive) return contacts;
  return contacts.filter(
    (contact) =>
      contact.contactId === selectedId ||
      ((!hidesInactive || presenceOf(contact) === "connected") && hasText(contact, part)),
  );
}

const hasText = ({ displayName, contactId, lastItem }: ContactSummary, part: string): boolean =>
  part === "" || [displayName, contactId, lastItem?.text ?? ""].join("\n").toLowerCase().includes(part);

/** Returns the first contacts, and the selected contact even if it isn't one of them. */
export function firstContacts(
  contacts: readonly ContactSummary[],
  count: number,
  selectedId: string | null,
): readonly ContactSummary[] {
  if (contacts.length <= count) return contacts;
  const selected = contacts.slice(count).find(({ contactId }) => contactId === selectedId);
  return [...contacts.slice(0, count), ...(selected ? [selected] : [])];
}
