import type { ServiceAnswer } from "../api/client";
import { ChatError, kindOf } from "../errors";
import { isObject, nonEmptyText, objectOf, textOrNull } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import { unusableAnswer } from "./client-methods";
import type { KnownConnection } from "./types";

/** What an answer must hold. */
export interface ConnectionNeeds {
  readonly socket: boolean;
  readonly token: boolean;
  /** Besides this machine, the host to which a socket may be opened without encryption. */
  readonly plainHost: string | null;
}

/**
 * What CreateParticipantConnection's answer says: of the socket, of the token, or of both. Throws InvalidResponse for one
 * that the service cannot have sent, so that it changes nothing.
 */
export function readConnection(
  answer: ServiceAnswer<unknown>,
  needs: ConnectionNeeds,
): Partial<KnownConnection> {
  const { data } = answer;
  if (!isObject(data)) throw unusableAnswer("createParticipantConnection", data);
  const { Url: url, ConnectionExpiry: expiry } = objectOf(data["Websocket"]);
  const { ConnectionToken: given, Expiry: tokenExpiry } = objectOf(data["ConnectionCredentials"]);
  const connectionToken = nonEmptyText(given);
  // A custom client may answer without one; one of another type is damaged, and the next attempt may bring it whole.
  if (!connectionToken && (needs.token || given)) {
    throw unusable("a ConnectionCredentials.ConnectionToken", given, Boolean(given));
  }
  const hasUrl = isSocketUrl(url, needs.plainHost);
  if (needs.socket && !hasUrl)
    throw unusable(
      "a Websocket.Url for a socket: wss://, or ws:// to this machine or the endpoint's host",
      url,
      true,
    );
  return {
    ...(hasUrl && { url, expiry: textOrNull(expiry) }),
    ...(connectionToken && { connectionToken, connectionTokenExpiry: textOrNull(tokenExpiry) }),
  };
}

const unusable = (missing: string, got: unknown, retryable: boolean): ChatError =>
  new ChatError(
    "InvalidResponse",
    `CreateParticipantConnection was answered without ${missing}; got ${kindOf(got)}. Look at the endpoint or the customChatClient.`,
    { retryable },
  );
