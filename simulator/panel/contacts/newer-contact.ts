import type { ContactSummary } from "../api/types";

/**
 * Returns the latest chat that a customer with the same name started after this one, for example because the page was
 * loaded again; undefined if there is none. `contacts` has the newest contact first.
 */
export function newerContact(
  contacts: readonly ContactSummary[],
  { contactId, displayName }: ContactSummary,
): ContactSummary | undefined {
  const index = contacts.findIndex((each) => each.contactId === contactId);
  return contacts
    .slice(0, Math.max(index, 0))
    .find((each) => each.displayName === displayName && !each.ended);
}
