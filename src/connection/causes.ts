import type { ConnectionCause, ConnectionCode } from "../api/connection";
import { isChatError } from "../errors";

/**
 * Maps each code to the text that people read. Codes are stable; texts may be reworded. A cause with its own text, such
 * as an error message, replaces the default one.
 */
const REASONS = {
  "connect-called": "connect() was called",
  "connect-failed": "connect() failed",
  "link-up": "the socket is open and subscribed",
  /** An open socket was closed by the service or the network. */
  "socket-closed": "the socket was closed",
  "heartbeat-timeout": "the heartbeat got no answer",
  /** The socket closed before it opened: the upgrade was refused, or the address can't be reached. */
  "upgrade-failed": "the socket could not be opened",
  "open-timeout": "the socket did not open in time",
  "subscription-failed": "the subscription failed",
  /** The service answered the request for a socket URL with a 4xx other than 408 and 429. */
  refused: "the service refused to provide a socket URL",
  /** The request for a socket URL got no answer, or a 408, 429 or 5xx. */
  network: "the request for a socket URL failed",
  "manager-lost": "the external socket manager lost its connection",
  "manager-failed": "the external socket manager could not be started",
  "manager-replaced": "another socket manager took over",
  "manager-terminated": "the socket manager was terminated",
  "configuration-invalid": "the socket configuration is invalid",
  "disconnect-succeeded": "the link reconnects to receive the chat's end",
  "chat-ended": "the chat ended",
  transferred: "the contact was transferred",
} as const satisfies Readonly<Record<ConnectionCode, string>>;

export const causeOf = (code: ConnectionCode, reason: string = REASONS[code]): ConnectionCause => ({
  code,
  reason,
});

/**
 * Returns why a socket couldn't be opened. A `ChatError` means that its URL was invalid, or that the service refused or
 * failed to provide one; any other error means that the browser refused the URL. After the first attempt (`isFirst`
 * false), a refused URL doesn't make the configuration invalid: the service may still provide a better one.
 */
export function causeOfFailedAttempt(error: unknown, isFirst: boolean): ConnectionCause {
  if (!isChatError(error))
    return causeOf(
      isFirst ? "configuration-invalid" : "upgrade-failed",
      "the browser refused the socket URL",
    );
  if (error.code === "IllegalArgument") return causeOf("configuration-invalid", error.message);
  return causeOf(!error.retryable && (error.statusCode ?? 0) >= 400 ? "refused" : "network");
}
