/** The arguments of a session's calls, checked before anything is sent: each failure names the field. */
import { illegalArgument, wrongArgument } from "../errors";
import { isContentType, type ReceiptKind, type SendableContentType } from "../conversation/content-types";
import type { CallOptions, TransferProgress } from "../participant/chat-client";
import { RETRY } from "../participant/retry";
import type { RunOptions } from "../participant/service-calls";
import type { GetTranscriptQuery } from "../participant/types";
import type { GlobalAbortSignal, GlobalBlob, GlobalFile } from "../util/global-types";
import { isObject, type JsonObject } from "../util/json";

/** What every call may be given beside its own arguments. */
export interface CallArgs {
  /** The caller's own value; handed back with the result. */
  metadata?: unknown;
  /** Aborts the call: it rejects with `Aborted`. What has reached the service stays done. */
  signal?: GlobalAbortSignal;
}

/** What `connect()` takes. */
export interface ConnectArgs extends CallArgs {}

/** What `sendMessage()` takes: SendMessage. */
export interface SendMessageArgs extends CallArgs {
  /** The text, or JSON where the content type says so. The service limits its length. */
  message: string;
  /**
   * A known content type, or any under `application/vnd.amazonaws.connect.`; "text/plain" and "text/markdown" are for
   * people.
   */
  contentType: SendableContentType;
  /** The idempotency token; by default a new UUID for each call. */
  clientToken?: string;
}

/** What `sendEvent()` takes: SendEvent. */
export interface SendEventArgs extends CallArgs {
  contentType: SendableContentType;
  /** An object is sent as JSON. */
  content?: string | object | null;
  /** The idempotency token; by default a new UUID for each call. */
  clientToken?: string;
}

/** What `getTranscript()` takes: GetTranscript. */
export interface GetTranscriptArgs extends CallArgs {
  /** 1 to 100; default 15. */
  maxResults?: number;
  /** Default ASCENDING: the oldest first. */
  sortOrder?: "ASCENDING" | "DESCENDING";
  /** Default BACKWARD. The service refuses FORWARD without a `startPosition`. */
  scanDirection?: "FORWARD" | "BACKWARD";
  /** Where to start: an item's id, a time (ISO 8601), or a number of newest items; one of them. Default: the newest item. */
  startPosition?: { readonly id?: string; readonly absoluteTime?: string; readonly mostRecent?: number };
  /** Of the page before. */
  nextToken?: string | null;
  /** Another contact of a persistent chat; default: the session's own. */
  contactId?: string;
}

/** What `history()` takes: its order follows from the direction, its pages from one another. */
export type HistoryArgs = Omit<GetTranscriptArgs, "sortOrder" | "nextToken" | "metadata">;

/** What `sendAttachment()` takes: StartAttachmentUpload, CompleteAttachmentUpload. */
export interface SendAttachmentArgs extends CallArgs {
  /** Any file that isn't empty. The instance's settings decide which sizes and extensions it accepts. */
  attachment: GlobalFile;
  /** Receives how much of the file has been sent. */
  onProgress?: (progress: TransferProgress) => void;
}

/** A file as the pickers of React Native return it. */
export interface PickedFile {
  /** Where it is on the device. */
  uri: string;
  /** Bytes. Some pickers call it `fileSize`. */
  size: number;
  /** Default `attachment` and the extension of `type`. */
  name?: string | null | undefined;
  /** The content type. Default: by the extension of `name`, else `application/octet-stream`. */
  type?: string | null | undefined;
}

/** As `SendAttachmentArgs`, with a Blob, which is sent as `attachment` and the extension of its type, or a picker's object. */
export interface SendBlobArgs extends Omit<SendAttachmentArgs, "attachment"> {
  attachment: GlobalBlob | PickedFile;
}

/** What `getAttachmentURL()` takes: GetAttachment. */
export interface GetAttachmentURLArgs extends CallArgs {
  /** `AttachmentId` of the item's attachment. */
  attachmentId: string;
  /** How many seconds the signed URL stays valid. The service's default and limit is 300. */
  urlExpiryInSeconds?: number;
}

/** What `downloadAttachment()` takes: GetAttachment. */
export interface DownloadAttachmentArgs extends GetAttachmentURLArgs {
  /** Receives how much of the file has arrived. */
  onProgress?: (progress: TransferProgress) => void;
}

/** What `describeView()` takes: DescribeView. */
export interface DescribeViewArgs extends CallArgs {
  /** From the content of an interactive message; without one the call rejects. */
  viewToken: string | undefined;
  /** @deprecated Declared by upstream and not used. */
  InstanceId?: string | undefined;
}

/** What `getAuthenticationUrl()` takes: GetAuthenticationUrl. */
export interface GetAuthenticationUrlArgs extends CallArgs {
  /** Where the customer comes back to. */
  redirectUri: string;
  /** From the content of the event that asks to sign in. */
  sessionId: string;
}

/** What `cancelParticipantAuthentication()` takes: CancelParticipantAuthentication. */
export interface CancelParticipantAuthenticationArgs extends CallArgs {
  /** From the content of the event that asks to sign in. */
  sessionId: string;
}

/** What `sendMessageReceipt()` takes: SendEvent. One of `messageId` and `message.Id` is needed. */
export interface SendMessageReceiptArgs extends CallArgs {
  event: "delivered" | "read";
  messageId?: string;
  /** The message itself, in the place of its id. */
  message?: { Id?: string | undefined };
  /** The idempotency token; by default a new UUID for each call. */
  clientToken?: string;
}

/** Settings of these names are texts, or nothing; `path` is what stands before the name in the error's field. */
export function checkSettings(settings: JsonObject, path: string, ...names: readonly string[]): void {
  for (const name of names) {
    const value = settings[name] ?? "";
    if (typeof value !== "string") throw wrongArgument(path + name, "a string", value);
  }
}

function argumentsOf(call: string, args: unknown): JsonObject {
  if (isObject(args)) return args;
  throw wrongArgument("arguments", `an object: ${call}({ … })`, args);
}

/** Empty strings are sent: the service judges them. */
function text(value: unknown, field: string): string {
  if (typeof value === "string") return value;
  throw wrongArgument(field, "a string", value);
}

function textWithContent(value: unknown, field: string): string {
  if (value) return text(value, field);
  throw wrongArgument(field, "a string that is not empty", value);
}

/** Null, false and "" are absent, too: applications pass on what they have. */
function optionalText(value: unknown, field: string): string | undefined {
  return value ? text(value, field) : undefined;
}

function optionalNumber(value: unknown, field: string): number | undefined {
  const number = value ?? undefined;
  // JSON has no other numbers: they would be sent as null.
  if (number === undefined || (typeof number === "number" && Number.isFinite(number))) return number;
  throw wrongArgument(field, "a finite number", value);
}

/** One of a few words. The service may know more of them than the SDK's types do, so any string is sent. */
const word = <Word extends string>(value: unknown, field: string, fallback: Word): Word =>
  (optionalText(value, field) as Word | undefined) ?? fallback;

function contentTypeOf(value: unknown): SendableContentType {
  if (isContentType(value)) return value;
  throw wrongArgument(
    "contentType",
    'one that the service knows, such as "text/plain", or begin with "application/vnd.amazonaws.connect."',
    value,
  );
}

/** By what it can do: one of another frame, or of a polyfill, is none of this page's class. */
const isAbortSignal = (value: unknown): value is AbortSignal =>
  isObject(value) && typeof value["aborted"] === "boolean" && typeof value["addEventListener"] === "function";

/** The signal and progress callback that a call was given. */
export function callOptions(args: unknown): CallOptions {
  const { signal, onProgress } = isObject(args) ? args : {};
  if (signal !== undefined && signal !== null && !isAbortSignal(signal)) {
    throw wrongArgument("signal", "an AbortSignal", signal);
  }
  if (onProgress !== undefined && onProgress !== null && !isProgressHandler(onProgress)) {
    throw wrongArgument("onProgress", "a function", onProgress);
  }
  return { ...(signal && { signal }), ...(onProgress && { onProgress }) };
}

const isProgressHandler = (value: unknown): value is NonNullable<CallOptions["onProgress"]> =>
  typeof value === "function";

/** The options of the calls that ask for an attachment's URL. */
export function attachmentOptions(args: { readonly urlExpiryInSeconds?: unknown }): RunOptions {
  const urlExpiryInSeconds = optionalNumber(args.urlExpiryInSeconds, "urlExpiryInSeconds");
  return {
    ...callOptions(args),
    policy: RETRY.asIs,
    ...(urlExpiryInSeconds !== undefined && { urlExpiryInSeconds }),
  };
}

export function checkSendMessage(args: unknown): {
  message: string;
  contentType: SendableContentType;
  clientToken: string | undefined;
} {
  const { message, contentType, clientToken } = argumentsOf("sendMessage", args);
  return {
    message: text(message, "message"),
    contentType: contentTypeOf(contentType),
    clientToken: optionalText(clientToken, "clientToken"),
  };
}

export interface CheckedEvent {
  /** As the caller gave it; null if nothing. */
  readonly content: string | object | null;
  readonly contentType: SendableContentType;
  readonly clientToken: string | undefined;
}

export function checkSendEvent(args: unknown): CheckedEvent {
  const { content, contentType, clientToken } = argumentsOf("sendEvent", args);
  if (
    content !== undefined &&
    content !== null &&
    typeof content !== "string" &&
    typeof content !== "object"
  ) {
    throw wrongArgument("content", "a string or an object, which is sent as JSON", content);
  }
  return {
    content: content || null,
    contentType: contentTypeOf(contentType),
    clientToken: optionalText(clientToken, "clientToken"),
  };
}

const DEFAULT_MAX_RESULTS = 15;

export function checkGetTranscript(args: unknown): GetTranscriptQuery {
  const { maxResults, sortOrder, scanDirection, startPosition, nextToken, contactId } =
    args === undefined ? {} : argumentsOf("getTranscript", args);
  const token = optionalText(nextToken, "nextToken");
  const contact = optionalText(contactId, "contactId");
  return {
    maxResults: optionalNumber(maxResults || undefined, "maxResults") ?? DEFAULT_MAX_RESULTS,
    sortOrder: word(sortOrder, "sortOrder", "ASCENDING"),
    scanDirection: word(scanDirection, "scanDirection", "BACKWARD"),
    startPosition: startPositionOf(startPosition),
    ...(token !== undefined && { nextToken: token }),
    ...(contact !== undefined && { contactId: contact }),
  };
}

function startPositionOf(value: unknown): GetTranscriptQuery["startPosition"] {
  if (value === undefined || value === null) return {};
  if (!isObject(value))
    throw wrongArgument("startPosition", "an object with id, absoluteTime or mostRecent", value);
  const { id, absoluteTime, mostRecent } = value;
  const given = {
    id: optionalText(id, "startPosition.id"),
    absoluteTime: optionalText(absoluteTime, "startPosition.absoluteTime"),
    mostRecent: optionalNumber(mostRecent, "startPosition.mostRecent"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, each]) => each !== undefined));
}

/** A File by its size alone, as clients declare what they send: name and type are filled in where they are missing. */
const isFile = (value: unknown): value is File => isObject(value) && Number.isFinite(value["size"]);

export function checkSendAttachment(args: unknown): File {
  const { attachment } = argumentsOf("sendAttachment", args);
  if (!isFile(attachment)) {
    const got = isObject(attachment)
      ? "an object without one. Pass the picker's `fileSize` as `size`."
      : `${attachment === null ? "null" : typeof attachment}.`;
    throw illegalArgument("attachment", `must be a File or Blob with a numeric \`size\`; got ${got}`);
  }
  if (attachment.size === 0) throw illegalArgument("attachment", "is empty; choose a file with content.");
  optionalText(attachment.name, "attachment.name");
  optionalText(attachment.type, "attachment.type");
  return attachment;
}

/** Fields of a call that are all strings, and all needed. */
export function checkTexts<const Field extends string>(
  call: string,
  args: unknown,
  ...fields: readonly Field[]
): Record<Field, string> {
  const given = argumentsOf(call, args);
  const checked = fields.map((field) => [field, text(given[field], field)]);
  // Object.fromEntries forgets which keys it was given.
  return Object.fromEntries(checked) as Record<Field, string>;
}

/** The view token is part of the path: an empty one cannot be sent. */
export const checkDescribeView = (args: unknown): string =>
  textWithContent(argumentsOf("describeView", args)["viewToken"], "viewToken");

export interface CheckedReceipt {
  readonly kind: ReceiptKind;
  readonly messageId: string;
  readonly clientToken: string | undefined;
}

export function checkSendMessageReceipt(args: unknown): CheckedReceipt {
  const { event, messageId, message, clientToken } = argumentsOf("sendMessageReceipt", args);
  if (event !== "delivered" && event !== "read") {
    throw wrongArgument("event", '"delivered" or "read"', event);
  }
  const id = messageId || (isObject(message) ? message["Id"] : undefined);
  return {
    kind: event,
    messageId: textWithContent(id, "messageId"),
    clientToken: optionalText(clientToken, "clientToken"),
  };
}
