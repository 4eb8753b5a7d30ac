import { ChatError, isChatError, isRetryableStatus } from "../errors";
import type { Platform } from "../platform";
import { nonEmptyText, parseObject } from "../util/json";
import { abortReason } from "../waiting";

/** The service's names by status, for where cross-origin rules hide the header that tells them. */
const TYPE_BY_STATUS: Readonly<Record<number, string>> = {
  400: "ValidationException",
  402: "ServiceQuotaExceededException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  409: "ConflictException",
  429: "ThrottlingException",
  500: "InternalServerException",
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
  const json = parseObject(await response.text().catch(() => ""));
  const body = json ?? {};
  const named = nonEmptyText(headers.get("x-amzn-errortype") ?? body["__type"] ?? body["code"]);
  const message =
    nonEmptyText(body["message"] ?? body["Message"]) ?? `${operation} was refused with status ${status}.`;
  return new ChatError("ServiceError", message, {
    // "AccessDeniedException:http://…" and "com.amazonaws…#AccessDeniedException" are both seen.
    type:
      named?.replace(/:.*$/, "").replace(/^.*#/, "") ??
      TYPE_BY_STATUS[status] ??
      (status >= 500 ? "InternalServerException" : "UnknownError"),
    statusCode: status,
    answeredBy: named ? "service" : json ? "unknown" : "proxy",
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

export function invalidAnswer(operation: string, status: number): ChatError {
  return new ChatError(
    "InvalidResponse",
    `${operation} got an answer that is not the service's: look for a proxy, and at the endpoint.`,
    { statusCode: status },
  );
}

/**
 * What a 403 is worth as a sign that the service turns a participant away: "named" for its own AccessDeniedException, and
 * for anything a custom client reports with that status; "nameless" for JSON that another gateway may have sent. Null for
 * everything else: an HTML page or an empty answer says nothing of a chat.
 */
export function refusalOf(error: unknown): "named" | "nameless" | null {
  if (!isChatError(error) || error.statusCode !== 403) return null;
  if (error.code === "ClientError") return "named";
  if (error.code !== "ServiceError" || error.answeredBy === "proxy") return null;
  // A gateway may name its own error, such as ForbiddenException.
  return error.answeredBy !== "unknown" && error.type === "AccessDeniedException" ? "named" : "nameless";
}
