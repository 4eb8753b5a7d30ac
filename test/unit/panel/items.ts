import type { Item } from "../../../simulator/panel/api/types";

/** An item for tests: a customer's message unless `fields` say otherwise. */
export const itemOf = (fields: Partial<Item> = {}): Item => ({
  Id: "item-1",
  AbsoluteTime: "2026-12-01T10:00:00.000Z",
  Type: "MESSAGE",
  ContentType: "text/plain",
  Content: "Hello",
  ParticipantId: "customer-1",
  ParticipantRole: "CUSTOMER",
  DisplayName: "Maria",
  ...fields,
});
