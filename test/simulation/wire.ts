/** The service model's wire format, which shares no code with the library or with `simulator/`. */

export interface WireReceipt {
  readonly DeliveredTimestamp?: string;
  readonly ReadTimestamp?: string;
  readonly RecipientParticipantId?: string;
}

export interface WireMetadata {
  readonly MessageId?: string;
  readonly Receipts?: readonly WireReceipt[];
  readonly MessageProcessingStatus?: "PROCESSING" | "FAILED" | "REJECTED";
  readonly MessageCompleted?: boolean;
  readonly ChunkNumber?: number;
}

export interface WireAttachment {
  readonly AttachmentId: string;
  readonly AttachmentName: string;
  readonly ContentType: string;
  readonly Status: "IN_PROGRESS" | "APPROVED" | "REJECTED";
}

/** An item, live or from a transcript. */
export interface WireItem {
  readonly Id?: string | undefined;
  readonly AbsoluteTime: string;
  readonly Type: "MESSAGE" | "EVENT" | "ATTACHMENT" | "MESSAGEMETADATA";
  readonly ContentType: string;
  readonly Content?: string;
  readonly ParticipantId?: string;
  readonly ParticipantRole?: string;
  readonly DisplayName?: string;
  readonly Attachments?: readonly WireAttachment[];
  readonly MessageMetadata?: WireMetadata | undefined;
  readonly ContactId?: string;
  readonly InitialContactId?: string;
  readonly RelatedContactId?: string;
  /** A field that the real service doesn't have. See `DEEP`. */
  readonly Unknown?: string;
}

/** A value of `Unknown`. In JSON, it's replaced with arrays that are nested so deep that a recursive check fails. */
export const DEEP = "@deep@";
const DEPTH = 20_000;
const NESTED = "[".repeat(DEPTH) + "]".repeat(DEPTH);

/** Returns the JSON of an item, or of a response that contains items. */
export const jsonOf = (value: unknown): string => JSON.stringify(value).replaceAll(`"${DEEP}"`, NESTED);

const EVENT = "application/vnd.amazonaws.connect.event.";

export const CONTENT_TYPE = {
  text: "text/plain",
  typing: `${EVENT}typing`,
  joined: `${EVENT}participant.joined`,
  left: `${EVENT}participant.left`,
  ended: `${EVENT}chat.ended`,
  transferred: `${EVENT}transfer.succeeded`,
  delivered: `${EVENT}message.delivered`,
  read: `${EVENT}message.read`,
  receipt: `${EVENT}message.metadata`,
} as const;

/** Identifies an item by its Id. If it has no Id, it's identified by its text, which is unique. */
export const keyOf = ({ Id, Content }: WireItem): string => Id ?? `without an id: ${Content ?? ""}`;

/** Operations by method and path. */
const ROUTES: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ["POST", /^\/participant\/connection$/, "CreateParticipantConnection"],
  ["POST", /^\/participant\/message$/, "SendMessage"],
  ["POST", /^\/participant\/event$/, "SendEvent"],
  ["POST", /^\/participant\/transcript$/, "GetTranscript"],
  ["POST", /^\/participant\/disconnect$/, "DisconnectParticipant"],
  ["POST", /^\/participant\/start-attachment-upload$/, "StartAttachmentUpload"],
  ["POST", /^\/participant\/complete-attachment-upload$/, "CompleteAttachmentUpload"],
  ["POST", /^\/participant\/attachment$/, "GetAttachment"],
  ["GET", /^\/participant\/views\/[^/]+$/, "DescribeView"],
  ["PUT", /^\/storage\/[^/]+$/, "Upload"],
  ["GET", /^\/storage\/[^/]+$/, "Download"],
];

export const operationOf = (method: string, path: string): string =>
  ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path))?.[2] ?? "unknown";

export const isoOf = (timeMs: number): string => new Date(timeMs).toISOString();
