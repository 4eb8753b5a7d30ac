import type {
  AttachmentItem,
  Item,
  MessageMetadata,
  MessageProcessingStatus,
  Receipt,
} from "@aws-sdk/client-connectparticipant";
import { isObject, isText, type JsonObject } from "./util/json";

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

type Check = (value: unknown) => boolean;

type Fields<Of> = Partial<Record<keyof Of, Check>>;

const isAbsent: Check = (value) => value === undefined || value === null;
const isNumber: Check = (value) => typeof value === "number";
const listOf =
  (isRight: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(isRight);

/** What the named fields must be, where they are there at all; one that is not named may be anything. */
const withFields =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(fields).every(([key, isRight]) => isAbsent(value[key]) || isRight(value[key]));

const isWellFormed = withFields({
  Id: isText,
  AbsoluteTime: isText,
  Type: isText,
  ContentType: isText,
  Content: isText,
  ParticipantId: isText,
  ParticipantRole: isText,
  DisplayName: isText,
  ContactId: isText,
  InitialContactId: isText,
  RelatedContactId: isText,
  Attachments: listOf(withFields({ AttachmentId: isText, Status: isText } satisfies Fields<AttachmentItem>)),
  MessageMetadata: withFields({
    MessageId: isText,
    ChunkNumber: isNumber,
    Receipts: listOf(
      withFields({
        DeliveredTimestamp: isText,
        ReadTimestamp: isText,
        RecipientParticipantId: isText,
      } satisfies Fields<Receipt>),
    ),
  } satisfies Fields<ChatMessageMetadata>),
} satisfies Fields<ChatTranscriptItem>);

/** One that is nested too deep for JSON would fail where it is copied. */
function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== "";
  } catch {
    return false;
  }
}

/** Whether plain data can be handed on as an item: an object whose fields are of the right kind, where we look at them. */
export const isItem = (value: unknown): value is JsonObject & ChatTranscriptItem =>
  isObject(value) &&
  isWellFormed(value) &&
  isJson(value) &&
  // An item that says neither what it is nor what kind its content has means nothing to anybody.
  (isText(value["Type"]) || isText(value["ContentType"]));

interface Page {
  readonly Transcript: ChatTranscriptItem[];
}

/** Whether an answer of GetTranscript is a page: a custom client may answer anything. */
export const isPage = <Answer>(answer: Answer): answer is Answer & Page =>
  isObject(answer) && Array.isArray(answer["Transcript"]);

/** A transcript's page without what is no item; an answer that is no page, as it is. */
export const onlyItems = <Answer>(answer: Answer): Answer =>
  isPage(answer) ? { ...answer, Transcript: answer.Transcript.filter(isItem) } : answer;
