import type { WireAttachment, WireItem, WireMetadata, WireReceipt } from "./api/items";
import { isObject, isText, type JsonObject } from "./util/json";

type Validator = (value: unknown) => boolean;

type FieldValidators<Of> = Partial<Record<keyof Of, Validator>>;

const isAbsent: Validator = (value) => value === undefined || value === null;
const isNumber: Validator = (value) => typeof value === "number";
const listOf =
  (check: Validator): Validator =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Validates the listed fields if they are present. Other fields may have any value. */
const withFields =
  (fields: Readonly<Record<string, Validator>>): Validator =>
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
  Attachments: listOf(
    withFields({ AttachmentId: isText, Status: isText } satisfies FieldValidators<WireAttachment>),
  ),
  MessageMetadata: withFields({
    MessageId: isText,
    ChunkNumber: isNumber,
    Receipts: listOf(
      withFields({
        DeliveredTimestamp: isText,
        ReadTimestamp: isText,
        RecipientParticipantId: isText,
      } satisfies FieldValidators<WireReceipt>),
    ),
  } satisfies FieldValidators<WireMetadata>),
} satisfies FieldValidators<WireItem>);

/** Whether a value can be converted to JSON. A value that is nested too deeply would cause an error later. */
function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== "";
  } catch {
    return false;
  }
}

/** Whether a value is an item: an object in which the fields that the library reads have the right types. */
export const isItem = (value: unknown): value is JsonObject & WireItem =>
  isObject(value) &&
  isWellFormed(value) &&
  isJson(value) &&
  // Without a type or a content type, an item is useless.
  (isText(value["Type"]) || isText(value["ContentType"]));

interface Page {
  readonly Transcript: WireItem[];
}

/** Whether a GetTranscript response is a page. A custom client may return anything. */
export const isPage = <Value>(value: Value): value is Value & Page =>
  isObject(value) && Array.isArray(value["Transcript"]);

/** Removes invalid items from a page. A value that isn't a page is returned unchanged. */
export const onlyItems = <Value>(value: Value): Value =>
  isPage(value) ? { ...value, Transcript: value.Transcript.filter(isItem) } : value;
