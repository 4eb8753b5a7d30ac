import type { ConnectionCause, ConnectionCode } from "../api/connection";
import { isChatError } from "../errors";

/**
 * The default reason for each code, in words. Codes are stable, but these texts may change. A more specific text, such
 * as an error message, may replace a default text.
 */
const REASONS = {
  "connect-called": "connect() was called",
  "connect-failed": "connect() failed",
  "link-up": "the socket is open and subscribed",
  /** An open socket was closed by the service or the network. */
  "socket-closed": "the socket was closed",
  "heartbeat-timeout": "the heartbeat received no response",
  /** The socket never opened, because the upgrade was refused or the host couldn't be reached. */
  "upgrade-failed": "the socket could not be opened",
  "open-timeout": "the socket did not open in time",
  "subscription-failed": "the subscription failed",
  /** The service responded to the request for a socket URL with a 4xx other than 408 or 429. */
  refused: "the service refused to provide a socket URL",
  /** The request for a socket URL received no response, or a 408, 429 or 5xx. */
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
 * Returns the cause of a failed attempt to open a socket. A `ChatError` means that the URL was invalid, or that the
 * service refused or failed to provide a URL. Any other error means that the browser refused the URL. A refused URL
 * makes the configuration invalid only in the first attempt (`isFirst`). After later attempts, a new URL may be valid.
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
