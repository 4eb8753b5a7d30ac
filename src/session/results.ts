import type { GetTranscriptQuery, SendEventResponse } from "../api/client";
import { RECEIPT_CONTENT_TYPE, RECEIPT_KINDS, type ReceiptKind } from "../conversation/content-types";
import { copyOf, isChatError, toChatError, type ChatError } from "../errors";
import type { CallSuccess } from "../participant/types";
import { objectOf } from "../util/json";

/** The result of `sendEvent()`: the service's response, or a message if a receipt didn't have to be sent. */
export type EventResult =
  CallSuccess<SendEventResponse> | { message: string; metadata: unknown; data?: undefined };

/** Returns a call's `metadata` argument; null if there is none. */
export function metadataOf(args: unknown): unknown {
  return objectOf(args)["metadata"] ?? null;
}

/** Builds the result of a successful call. */
export function successResult<Data>(data: Data | undefined, args: unknown): CallSuccess<Data> {
  const metadata = metadataOf(args);
  return data === undefined ? { metadata } : { data, metadata };
}

export const receiptKindOf = (contentType: string): ReceiptKind | undefined =>
  RECEIPT_KINDS.find((kind) => RECEIPT_CONTENT_TYPE[kind] === contentType);

/**
 * Builds the error of a rejected receipt. The error also has `errorMessage`, and the arguments as `data`, because
 * existing code reads these fields.
 */
export function receiptFailure(thrown: unknown, args: unknown): ChatError {
  const error = toChatError(thrown, "ClientError", "The receipt failed without a message.");
  return Object.assign(error, { errorMessage: error.message, data: objectOf(args) });
}

/**
 * Adds advice to the error for a FORWARD scan without a `startPosition`, which the service refuses without explanation.
 */
export function transcriptFailure(thrown: unknown, query: GetTranscriptQuery): unknown {
  const { scanDirection, startPosition, nextToken } = query;
  if (!isChatError(thrown) || (thrown.statusCode !== 400 && thrown.type !== "ValidationException"))
    return thrown;
  if (scanDirection !== "FORWARD" || nextToken || Object.keys(startPosition).length > 0) return thrown;
  const message = `${thrown.message} (scanDirection "FORWARD" needs a startPosition: pass an id, an absoluteTime or mostRecent.)`;
  return Object.assign(copyOf(thrown), { message });
}
