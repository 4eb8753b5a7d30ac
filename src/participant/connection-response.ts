import type { ServiceAnswer } from "../api/client";
import { ChatError, kindOf } from "../errors";
import { isObject, nonEmptyText, objectOf, textOrNull } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import { invalidResult } from "./client-methods";
import type { SessionConnection } from "./types";

/** The parts that an answer must have. */
export interface ConnectionRequirements {
  readonly socket: boolean;
  readonly token: boolean;
  /** A host, in addition to the local machine, to which a socket may be opened without encryption. */
  readonly unencryptedHost: string | null;
}

/**
 * Reads the socket, the token, or both from CreateParticipantConnection's answer. Throws InvalidResponse for an answer
 * that can't be the service's.
 */
export function readConnection(
  response: ServiceAnswer<unknown>,
  required: ConnectionRequirements,
): Partial<SessionConnection> {
  const { data } = response;
  if (!isObject(data)) throw invalidResult("createParticipantConnection", data);
  const { Url: url, ConnectionExpiry: expiry } = objectOf(data["Websocket"]);
  const { ConnectionToken: token, Expiry: tokenExpiry } = objectOf(data["ConnectionCredentials"]);
  const connectionToken = nonEmptyText(token);
  // A custom client may answer without a token. A token of another type is damaged, so another attempt may succeed.
  if (!connectionToken && (required.token || token)) {
    throw invalidConnection("a ConnectionCredentials.ConnectionToken that is a string", token, Boolean(token));
  }
  const hasUrl = isSocketUrl(url, required.unencryptedHost);
  if (required.socket && !hasUrl)
    throw invalidConnection(
      "a Websocket.Url with wss:// (ws:// is allowed for this machine and the endpoint's host)",
      url,
      true,
    );
  return {
    ...(hasUrl && { url, expiry: textOrNull(expiry) }),
    ...(connectionToken && { connectionToken, connectionTokenExpiry: textOrNull(tokenExpiry) }),
  };
}

const invalidConnection = (required: string, got: unknown, retryable: boolean): ChatError =>
  new ChatError(
    "InvalidResponse",
    `CreateParticipantConnection's answer must have ${required}; got ${kindOf(got)}. Check the endpoint or the customChatClient.`,
    { retryable },
  );
