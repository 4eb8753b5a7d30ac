/** Whether a contact's customer is reachable right now. */
import type { ContactSummary } from "../api/types";

export type Presence = "connected" | "away" | "ended";

export const PRESENCE_TEXTS: Readonly<Record<Presence, string>> = {
  connected: "Connected",
  away: "No open socket",
  ended: "Ended",
};

export function presenceOf({
  ended,
  participants,
}: Pick<ContactSummary, "ended" | "participants">): Presence {
  if (ended) return "ended";
  return participants.some(({ role, connected }) => role === "CUSTOMER" && connected) ? "connected" : "away";
}
