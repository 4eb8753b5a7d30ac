import type { ConnectionCause, ConnectionCode } from "../api/connection";
import { isChatError } from "../errors";

/**
 * Why a connection changes its state: a stable code for programs, and the sentence that people read. A code is a promise;
 * a sentence may be reworded, and where the cause has its own words, such as a provider's, they replace it.
 */
const REASONS = {
  "connect-called": "connect() was called",
  "connect-failed": "connect() failed",
  "link-up": "the socket is open and subscribed",
  /** An open socket was closed, by the service or by the network between. */
  "socket-closed": "the socket was closed",
  "heartbeat-timeout": "no answer to the heartbeat",
  /** A socket was closed before it opened: the upgrade was refused, or the address cannot be reached. */
  "upgrade-failed": "the socket could not be opened",
  "open-timeout": "the socket did not open in time",
  "subscription-failed": "the subscription failed",
  /** The service answered the request for a socket's address with a 4xx other than 408 and 429. */
  refused: "the service refused to give a socket's address",
  /** The request for a socket's address got no answer, or a 408, 429 or 5xx. */
  network: "the request for a socket's address failed",
  "manager-lost": "the external socket manager reported a loss",
  "manager-failed": "the external socket manager could not be started",
  "manager-replaced": "another socket manager took over",
  "manager-terminated": "the socket manager was terminated",
  "configuration-invalid": "the socket's configuration is invalid",
  "disconnect-succeeded": "reconnecting to receive the end of the chat",
  "chat-ended": "the chat ended",
  transferred: "the contact was transferred",
} as const satisfies Readonly<Record<ConnectionCode, string>>;

export const causeOf = (code: ConnectionCode, reason: string = REASONS[code]): ConnectionCause => ({
  code,
  reason,
});

/**
 * Why no socket could be opened: its address was invalid, or the service refused or could not give one, or (any other error)
 * the browser refused it. Where the service has given better addresses before (`isFirst` false), it may again.
 */
export function causeOfFailedAttempt(error: unknown, isFirst: boolean): ConnectionCause {
  if (!isChatError(error))
    return causeOf(
      isFirst ? "configuration-invalid" : "upgrade-failed",
      "the browser refused the socket's URL",
    );
  if (error.code === "IllegalArgument") return causeOf("configuration-invalid", error.message);
  return causeOf(!error.retryable && (error.statusCode ?? 0) >= 400 ? "refused" : "network");
}
