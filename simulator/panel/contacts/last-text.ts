/** A contact's last item, as text for the list. */
import type { ContactSummary } from "../api/types";
import { EVENT_TEXTS } from "../state/item-text";

const ROLE_NAMES: Readonly<Record<string, string>> = {
  AGENT: "Agent",
  CUSTOMER: "Customer",
  SUPERVISOR: "Supervisor",
  SYSTEM: "System",
};

export function lastText({ lastItem }: Pick<ContactSummary, "lastItem">): string {
  if (lastItem === null) return "No messages yet";
  const { text, role } = lastItem;
  // The API names an event by the end of its content type.
  return EVENT_TEXTS[text]?.(ROLE_NAMES[role ?? ""] ?? "Somebody") ?? text;
}
