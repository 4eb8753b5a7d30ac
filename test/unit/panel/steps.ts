import type { Call } from "../../../simulator/panel/api/operations";
import type { Fault, ParticipantSummary } from "../../../simulator/panel/api/types";
import type { Step } from "../../../simulator/panel/recording/recorder";
import { itemOf } from "./items";

export const person = (
  participantId: string,
  role: ParticipantSummary["role"],
  displayName: string,
): ParticipantSummary => ({
  participantId,
  role,
  displayName,
  joined: true,
  left: false,
  connected: false,
  isPlayed: role !== "CUSTOMER",
});

export const CONTACT = {
  contactId: "contact-1",
  displayName: "Maria",
  participants: [person("customer-1", "CUSTOMER", "Maria"), person("agent-1", "AGENT", "Sam")],
};
export const item = itemOf({ ParticipantRole: "AGENT" });

/** A call in the contact, with a response that the code doesn't use. */
export const call = (operation: Call["operation"], body: unknown, path: object = {}): Step => ({
  kind: "call",
  call: {
    operation,
    path: { contactId: "contact-1", ...path },
    body,
    answer: { item, id: "fault-1" },
  } as unknown as Call,
});
export const customer = (fields: Parameters<typeof itemOf>[0]): Step => ({
  kind: "customer",
  contactId: "contact-1",
  item: itemOf(fields),
});
export const fault = (body: Fault, id = "fault-0"): Step => ({
  kind: "call",
  call: { operation: "addFault", path: {}, body, answer: { id } },
});
