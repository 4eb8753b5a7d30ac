import type { SendEventResponse } from "@aws-sdk/client-connectparticipant";
import { RECEIPT_CONTENT_TYPE, type ChatContentType, type ReceiptKind } from "../conversation/content-types";
import { toChatError, type ChatError } from "../errors";
import type { CallResult } from "../participant/types";
import { isObject } from "../util/json";

/** A receipt that was sent before, or is not needed any more. */
export const ALREADY_FIRED = { message: "Event already fired" } as const;

/** What sendEvent resolves: the service's answer, or that a receipt needed no request. */
export type EventResult =
  CallResult<SendEventResponse> | { message: string; metadata: unknown; data?: undefined };

/** The caller's own value, handed back; null if there is none. */
export function metadataOf(args: unknown): unknown {
  return isObject(args) ? (args["metadata"] ?? null) : null;
}

/** A call's success. */
export function success<Data>(data: Data | undefined, args: unknown): CallResult<Data> {
  const metadata = metadataOf(args);
  return data === undefined ? { metadata } : { data, metadata };
}

const KIND_BY_CONTENT_TYPE: ReadonlyMap<string, ReceiptKind> = new Map([
  [RECEIPT_CONTENT_TYPE.read, "read"],
  [RECEIPT_CONTENT_TYPE.delivered, "delivered"],
]);

export const receiptKindOf = (contentType: ChatContentType): ReceiptKind | undefined =>
  KIND_BY_CONTENT_TYPE.get(contentType);

/** A receipt's rejection also has `errorMessage` and `data`, the arguments: existing code reads them. */
export function receiptFailure(thrown: unknown, args: unknown): ChatError {
  const error = toChatError(thrown, "ClientError", "The receipt could not be sent.");
  return Object.assign(error, { errorMessage: error.message, data: isObject(args) ? args : {} });
}
