import { ChatError, isChatError, isRetryableStatus } from "../errors";
import type { Platform } from "../platform";
import { nonEmptyText, parseObject, type JsonObject } from "../util/json";
import { abortReason } from "../waiting";

/** Advice for responses that a proxy may have sent. */
export const CHECK_FOR_PROXY = "Check the endpoint, and any proxy in between.";

/** The error name and the advice to use for each status if a response has no error name or message. */
const DEFAULT_ERRORS: Readonly<Record<number, readonly [type: string, advice: string]>> = {
  400: ["ValidationException", "Check the call's arguments."],
  402: ["ServiceQuotaExceededException", "The account has used up a quota. See Service Quotas in AWS."],
  403: [
    "AccessDeniedException",
    "The chat may have ended, or the token may belong to another chat. Otherwise, check for a proxy.",
  ],
  404: ["ResourceNotFoundException", "Check the IDs, and whether the contact is in this region."],
  409: ["ConflictException", "The chat's current state doesn't allow this call."],
  429: ["ThrottlingException", "The account is making too many calls. Try again later."],
  500: ["InternalServerException", "The service failed. Try again later."],
};

/**
 * Converts the `Retry-After` header, which contains either seconds or a date, to milliseconds. Undefined if the header
 * is missing, for example because CORS hides it.
 */
function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return waitMs > 0 ? waitMs : undefined;
}

/**
 * Builds the error for a response whose status isn't 2xx. If the body can't be read, the error is built from the status
 * and the headers.
 */
export async function serviceFailure(
  operation: string,
  response: Response,
  platform: Pick<Platform, "now">,
): Promise<ChatError> {
  const { status, headers } = response;
  const body = parseObject(await response.text().catch(() => ""));
  const { message, Message, __type, code }: JsonObject = body ?? {};
  const errorType = nonEmptyText(headers.get("x-amzn-errortype") ?? __type);
  const [type, advice] = DEFAULT_ERRORS[status >= 500 ? 500 : status] ?? ["UnknownError", CHECK_FOR_PROXY];
  const text =
    nonEmptyText(message ?? Message) ?? `${operation} was refused with status ${status}. ${advice}`;
  return new ChatError("ServiceError", text, {
    // The service sends both "AccessDeniedException:http://…" and "com.amazonaws…#AccessDeniedException".
    type: (errorType ?? nonEmptyText(code))?.replace(/:.*$/, "").replace(/^.*#/, "") ?? type,
    statusCode: status,
    // The service's responses are always JSON. The error-type header alone isn't proof, because a gateway's HTML page
    // may also have it.
    answeredBy: !body ? "proxy" : errorType ? "service" : "unknown",
    retryable: isRetryableStatus(status),
    retryAfterMs: retryAfterMs(headers, platform.now()),
  });
}

/** Builds the error for a rejected fetch: either the library or the caller aborted it, or the network failed. */
export function fetchFailure(operation: string, thrown: unknown, signal: AbortSignal | undefined): ChatError {
  if (isChatError(thrown)) return thrown;
  if (signal?.aborted) return abortReason(signal);
  return new ChatError(
    "NetworkError",
    `${operation} received no response: the network failed, or CORS blocked it. Check the network and the endpoint.`,
    { retryable: true, cause: thrown },
  );
}

/** Returns a copy of an error, marked as retryable. */
export const asRetryable = ({ code, message, type, statusCode }: ChatError): ChatError =>
  new ChatError(code, message, { type, statusCode, retryable: true });

/**
 * Builds the error for a 2xx response that can't have come from the service. A JSON response is unlikely to change on a
 * retry.
 */
export const invalidResponse = (operation: string, statusCode: number, isJson: boolean): ChatError =>
  new ChatError(
    "InvalidResponse",
    `${operation} received a response that didn't come from the service. ${CHECK_FOR_PROXY}`,
    {
      statusCode,
      // HTML usually comes from a captive portal or the site's service worker (an offline page), so it's treated as a
      // network failure.
      retryable: !isJson,
    },
  );

/**
 * Classifies how strongly an error suggests that the service refuses the participant:
 * - "named": the service's own AccessDeniedException, or any 403 from a custom client.
 * - "nameless": a 403 with a JSON body, which may also come from an API gateway.
 * - null: anything else. An HTML page or an empty response says nothing about the chat.
 */
export function refusalOf(error: unknown): "named" | "nameless" | null {
  if (!isChatError(error) || error.statusCode !== 403 || error.answeredBy === "proxy") return null;
  // Only the bundled client sets `answeredBy`.
  if (error.answeredBy === undefined) return "named";
  // A gateway may send its own error name, such as ForbiddenException.
  return error.answeredBy === "service" && error.type === "AccessDeniedException" ? "named" : "nameless";
}
