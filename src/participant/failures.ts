import { ChatError, isChatError, isRetryableStatus } from "../errors";
import type { Platform } from "../platform";
import { nonEmptyText, parseObject, type JsonObject } from "../util/json";
import { abortReason } from "../waiting";

/** The advice for an answer that a proxy may have sent. */
export const CHECK_FOR_PROXY = "Check the endpoint, and any proxy in between.";

/** For answers without an error name or message: by status, the service's name for the error, and advice. */
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

/** The `Retry-After` header, which holds seconds or a date, in milliseconds. CORS may hide the header. */
function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return waitMs > 0 ? waitMs : undefined;
}

/** The error for an answer with a status outside 2xx. An unreadable body doesn't change the rest of the error. */
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
    // The service sends "AccessDeniedException:http://…" as well as "com.amazonaws…#AccessDeniedException".
    type: (errorType ?? nonEmptyText(code))?.replace(/:.*$/, "").replace(/^.*#/, "") ?? type,
    statusCode: status,
    // The service's answers are JSON. The header alone proves nothing, since a gateway's HTML page may have it, too.
    answeredBy: !body ? "proxy" : errorType ? "service" : "unknown",
    retryable: isRetryableStatus(status),
    retryAfterMs: retryAfterMs(headers, platform.now()),
  });
}

/** The error for a rejected fetch: the library or the caller aborted it, or the network failed. */
export function fetchFailure(operation: string, thrown: unknown, signal: AbortSignal | undefined): ChatError {
  if (isChatError(thrown)) return thrown;
  if (signal?.aborted) return abortReason(signal);
  return new ChatError(
    "NetworkError",
    `${operation} got no answer: the network failed, or CORS blocked it. Check the network and the endpoint.`,
    { retryable: true, cause: thrown },
  );
}

/** A copy of an error that is marked as retryable. */
export const asRetryable = ({ code, message, type, statusCode }: ChatError): ChatError =>
  new ChatError(code, message, { type, statusCode, retryable: true });

/** The error for a successful answer that can't be the service's. If it is JSON, a retry is unlikely to help. */
export const invalidResponse = (operation: string, statusCode: number, isJson: boolean): ChatError =>
  new ChatError(
    "InvalidResponse",
    `${operation} got an answer that isn't the service's. ${CHECK_FOR_PROXY}`,
    {
      statusCode,
      // A captive portal's page, or the offline page of the site's service worker, is a network failure.
      retryable: !isJson,
    },
  );

/**
 * How strongly a 403 suggests that the service refuses the participant. "named" is the service's own
 * AccessDeniedException, or any 403 from a custom client. "nameless" is JSON that another gateway may have sent. Null
 * is everything else: an HTML page or an empty answer doesn't say anything about the chat.
 */
export function refusalOf(error: unknown): "named" | "nameless" | null {
  if (!isChatError(error) || error.statusCode !== 403 || error.answeredBy === "proxy") return null;
  // Only the bundled client sets `answeredBy`.
  if (error.answeredBy === undefined) return "named";
  // A gateway may name its own error, such as ForbiddenException.
  return error.answeredBy === "service" && error.type === "AccessDeniedException" ? "named" : "nameless";
}
