import type { ServiceAnswer } from "../api/client";
import { ChatError, kindOf } from "../errors";
import { isObject, nonEmptyText, objectOf, textOrNull } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import { invalidResult } from "./client-methods";
import type { SessionConnection } from "./types";

/** What a CreateParticipantConnection response must contain. */
export interface ConnectionRequirements {
  readonly socket: boolean;
  readonly token: boolean;
  /** A host for which `ws://` is also allowed, or null. Loopback hosts are always allowed. */
  readonly unencryptedHost: string | null;
}

/**
 * Reads the socket URL, the connection token, or both from a CreateParticipantConnection response. Throws
 * InvalidResponse if the response can't have come from the service.
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
  // A custom client may return no token. A token of the wrong type means that the response is corrupt, so a retry may
  // succeed.
  if (!connectionToken && (required.token || token)) {
    throw invalidConnection(
      "a ConnectionCredentials.ConnectionToken that is a string",
      token,
      Boolean(token),
    );
  }
  const hasUrl = isSocketUrl(url, required.unencryptedHost);
  if (required.socket && !hasUrl)
    throw invalidConnection(
      "a Websocket.Url that begins with wss:// (ws:// is allowed only for localhost and for the host of an http:// endpoint)",
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
    `The CreateParticipantConnection response must have ${required}; got ${kindOf(got)}. Check the endpoint or the customChatClient.`,
    { retryable },
  );
