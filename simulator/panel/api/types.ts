/** The types that the control API sends and accepts. */
import type { FaultScopeInput, Item } from "../../control/types";

export type {
  ActiveFault,
  AttachmentInfo,
  Behaviors,
  ContactDetails,
  ContactSummary,
  ControlEventName,
  ControlEvents,
  Fault,
  FaultKind,
  Item,
  ParticipantRole,
  ParticipantSummary,
  Status,
  TrafficEntry,
} from "../../control/types";

export type FaultScope = FaultScopeInput;

export type Receipt = NonNullable<NonNullable<Item["MessageMetadata"]>["Receipts"]>[number];
