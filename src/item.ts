import type { WireAttachment, WireItem, WireMetadata, WireReceipt } from "./api/items";
import { isObject, isText, type JsonObject } from "./util/json";

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
  Attachments: listOf(withFields({ AttachmentId: isText, Status: isText } satisfies Fields<WireAttachment>)),
  MessageMetadata: withFields({
    MessageId: isText,
    ChunkNumber: isNumber,
    Receipts: listOf(
      withFields({
        DeliveredTimestamp: isText,
        ReadTimestamp: isText,
        RecipientParticipantId: isText,
      } satisfies Fields<WireReceipt>),
    ),
  } satisfies Fields<WireMetadata>),
} satisfies Fields<WireItem>);

/** One that is nested too deep for JSON would fail where it is copied. */
function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== "";
  } catch {
    return false;
  }
}

/** Whether plain data can be handed on as an item: an object whose fields are of the right kind, where we look at them. */
export const isItem = (value: unknown): value is JsonObject & WireItem =>
  isObject(value) &&
  isWellFormed(value) &&
  isJson(value) &&
  // An item that says neither what it is nor what kind its content has means nothing to anybody.
  (isText(value["Type"]) || isText(value["ContentType"]));

interface Page {
  readonly Transcript: WireItem[];
}

/** Whether an answer of GetTranscript is a page: a custom client may answer anything. */
export const isPage = <Answer>(answer: Answer): answer is Answer & Page =>
  isObject(answer) && Array.isArray(answer["Transcript"]);

/** A transcript's page without what is no item; an answer that is no page, as it is. */
export const onlyItems = <Answer>(answer: Answer): Answer =>
  isPage(answer) ? { ...answer, Transcript: answer.Transcript.filter(isItem) } : answer;
