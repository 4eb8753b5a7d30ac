import { ChatError, isChatError, isRetryableStatus } from "../errors";
import type { Platform } from "../platform";
import { nonEmptyText, parseObject, type JsonObject } from "../util/json";
import { abortReason } from "../waiting";

/** What to do about an answer that some proxy may have sent. */
export const LOOK_FOR_PROXY = "Look for a proxy in between, and at the endpoint.";

/** By status: the service's name of the error, and what to do, for where the answer itself says neither. */
const REFUSALS: Readonly<Record<number, readonly [type: string, advice: string]>> = {
  400: ["ValidationException", "Check the call's arguments."],
  402: ["ServiceQuotaExceededException", "A quota of the account is used up: see Service Quotas in AWS."],
  403: [
    "AccessDeniedException",
    "The chat may have ended, or the token may be of another chat; else look for a proxy.",
  ],
  404: ["ResourceNotFoundException", "Check the ids, and that the region is the contact's."],
  409: ["ConflictException", "This chat does not take such a call now."],
  429: ["ThrottlingException", "The account makes too many calls. Try again later."],
  500: ["InternalServerException", "The service failed. Try again later."],
};

/** `Retry-After` in milliseconds: seconds or a date. Readable only where cross-origin rules allow it. */
function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - now;
  return waitMs > 0 ? waitMs : undefined;
}

/** The failure that a status outside 2xx is, judged by status and headers before the body is looked at. */
export async function serviceFailure(
  operation: string,
  response: Response,
  platform: Pick<Platform, "now">,
): Promise<ChatError> {
  const { status, headers } = response;
  // A body that cannot be read takes nothing from what the status said.
  const body = parseObject(await response.text().catch(() => ""));
  const { message, Message, __type, code }: JsonObject = body ?? {};
  const named = nonEmptyText(headers.get("x-amzn-errortype") ?? __type);
  const [type, advice] = REFUSALS[status >= 500 ? 500 : status] ?? ["UnknownError", LOOK_FOR_PROXY];
  const words =
    nonEmptyText(message ?? Message) ?? `${operation} was refused with status ${status}. ${advice}`;
  return new ChatError("ServiceError", words, {
    // "AccessDeniedException:http://…" and "com.amazonaws…#AccessDeniedException" are both seen.
    type: (named ?? nonEmptyText(code))?.replace(/:.*$/, "").replace(/^.*#/, "") ?? type,
    statusCode: status,
    // The service answers in JSON: a gateway's page may have the header, too.
    answeredBy: !body ? "proxy" : named ? "service" : "unknown",
    retryable: isRetryableStatus(status),
    retryAfterMs: retryAfterMs(headers, platform.now()),
  });
}

/** The failure that a rejected fetch is: aborted by us or the caller, or no network. */
export function fetchFailure(operation: string, thrown: unknown, signal: AbortSignal | undefined): ChatError {
  if (isChatError(thrown)) return thrown;
  if (signal?.aborted) return abortReason(signal);
  return new ChatError(
    "NetworkError",
    `${operation} got no answer: the network failed, or cross-origin rules refused it.`,
    { retryable: true, cause: thrown },
  );
}

/** The same failure, as one that another attempt may get past. */
export const worthAnotherTry = ({ code, message, type, statusCode }: ChatError): ChatError =>
  new ChatError(code, message, { type, statusCode, retryable: true });

/** An answer with a status of success that the service cannot have sent; `isJson`: or it answers otherwise today. */
export const invalidAnswer = (operation: string, statusCode: number, isJson: boolean): ChatError =>
  new ChatError(
    "InvalidResponse",
    `${operation} got an answer that is not the service's. ${LOOK_FOR_PROXY}`,
    {
      statusCode,
      // A captive portal's page, or an offline page of the site's service worker, is a failure of the network.
      retryable: !isJson,
    },
  );

/**
 * What a 403 is worth as a sign that the service turns a participant away: "named" for its own AccessDeniedException, and
 * for anything a custom client reports with that status; "nameless" for JSON that another gateway may have sent. Null for
 * everything else: an HTML page or an empty answer says nothing of a chat.
 */
export function refusalOf(error: unknown): "named" | "nameless" | null {
  if (!isChatError(error) || error.statusCode !== 403 || error.answeredBy === "proxy") return null;
  // Only the bundled client says who answered.
  if (error.answeredBy === undefined) return "named";
  // A gateway may name its own error, such as ForbiddenException.
  return error.answeredBy === "service" && error.type === "AccessDeniedException" ? "named" : "nameless";
}
