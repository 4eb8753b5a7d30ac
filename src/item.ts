import type {
  AttachmentItem,
  Item,
  MessageMetadata,
  MessageProcessingStatus,
} from "@aws-sdk/client-connectparticipant";
import { isObject, type JsonObject } from "./util/json";

/** A message's metadata as the wire carries it: the SDK's release does not know the fields of streamed answers. */
export interface ChatMessageMetadata extends MessageMetadata {
  MessageProcessingStatus?: MessageProcessingStatus | undefined;
  /** Present on the pieces of a bot's answer that streams; true on the last, which holds the whole. */
  MessageCompleted?: boolean | undefined;
  /** 1, 2, 3… within one streamed answer. */
  ChunkNumber?: number | undefined;
}

/** Who an item is from: the service's words, and those it may add. */
export type ParticipantRole = "AGENT" | "CUSTOMER" | "SYSTEM" | "SUPERVISOR" | "CUSTOM_BOT" | (string & {});

/** An item of a chat, live or from a transcript: the service's `Item` and what the wire carries beyond it. */
export interface ChatTranscriptItem extends Omit<
  Item,
  "Type" | "ParticipantRole" | "MessageMetadata" | "Attachments"
> {
  Type?:
    "MESSAGE" | "EVENT" | "ATTACHMENT" | "MESSAGEMETADATA" | "CONNECTION_ACK" | (string & {}) | undefined;
  ParticipantRole?: ParticipantRole | undefined;
  Attachments?: AttachmentItem[] | undefined;
  MessageMetadata?: ChatMessageMetadata | undefined;
  InitialContactId?: string | undefined;
}

type FieldCheck = (value: unknown) => boolean;

const isText: FieldCheck = (value) => typeof value === "string";
const isObjects: FieldCheck = (value) => Array.isArray(value) && value.every(isObject);

/** What each field of an item must be, where it is there at all; a field that is not named here may be anything. */
const FIELDS: readonly (readonly [keyof ChatTranscriptItem, FieldCheck])[] = [
  ["Id", isText],
  ["AbsoluteTime", isText],
  ["Type", isText],
  ["ContentType", isText],
  ["Content", isText],
  ["ParticipantId", isText],
  ["ParticipantRole", isText],
  ["DisplayName", isText],
  ["ContactId", isText],
  ["InitialContactId", isText],
  ["RelatedContactId", isText],
  ["Attachments", isObjects],
  [
    "MessageMetadata",
    (value) => isObject(value) && (isAbsent(value["Receipts"]) || isObjects(value["Receipts"])),
  ],
];

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** Whether plain data can be handed on as an item: an object whose known fields are of the right kind. */
export function isItem(value: unknown): value is JsonObject & ChatTranscriptItem {
  return (
    isObject(value) &&
    FIELDS.every(([key, isRight]) => isAbsent(value[key]) || isRight(value[key])) &&
    // An item that says neither what it is nor what kind its content has means nothing to anybody.
    (isText(value["Type"]) || isText(value["ContentType"]))
  );
}

/** A transcript's page without what is no item. */
export const onlyItems = <Page extends { readonly Transcript: ChatTranscriptItem[] }>(page: Page): Page => ({
  ...page,
  Transcript: page.Transcript.filter(isItem),
});
