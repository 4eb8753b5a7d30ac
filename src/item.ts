import type { WireAttachment, WireItem, WireMetadata, WireReceipt } from "./api/items";
import { isObject, isText, type JsonObject } from "./util/json";

type Check = (value: unknown) => boolean;

type Fields<Of> = Partial<Record<keyof Of, Check>>;

const isAbsent: Check = (value) => value === undefined || value === null;
const isNumber: Check = (value) => typeof value === "number";
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Checks the named fields that are present. Fields that aren't named may be anything. */
const withFields =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(fields).every(([key, check]) => isAbsent(value[key]) || check(value[key]));

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

/** Whether JSON can represent a value. One that is nested too deep would fail when it is copied. */
function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== "";
  } catch {
    return false;
  }
}

/** Whether plain data is an item: an object whose fields are of the right kind, as far as the library reads them. */
export const isItem = (value: unknown): value is JsonObject & WireItem =>
  isObject(value) &&
  isWellFormed(value) &&
  isJson(value) &&
  // An item with neither a type nor a content type means nothing.
  (isText(value["Type"]) || isText(value["ContentType"]));

interface Page {
  readonly Transcript: WireItem[];
}

/** Whether GetTranscript's answer is a page. A custom client may answer anything. */
export const isPage = <Answer>(answer: Answer): answer is Answer & Page =>
  isObject(answer) && Array.isArray(answer["Transcript"]);

/** Removes everything but items from a transcript page. An answer that isn't a page is returned unchanged. */
export const onlyItems = <Answer>(answer: Answer): Answer =>
  isPage(answer) ? { ...answer, Transcript: answer.Transcript.filter(isItem) } : answer;
