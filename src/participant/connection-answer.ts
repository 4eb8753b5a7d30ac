import type { ServiceAnswer } from "../api/client";
import { ChatError, kindOf } from "../errors";
import { isObject, nonEmptyText, objectOf, textOrNull } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import { unusableAnswer } from "./client-methods";
import type { KnownConnection } from "./types";

/** The parts that an answer must have. */
export interface ConnectionNeeds {
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
  answer: ServiceAnswer<unknown>,
  needs: ConnectionNeeds,
): Partial<KnownConnection> {
  const { data } = answer;
  if (!isObject(data)) throw unusableAnswer("createParticipantConnection", data);
  const { Url: url, ConnectionExpiry: expiry } = objectOf(data["Websocket"]);
  const { ConnectionToken: given, Expiry: tokenExpiry } = objectOf(data["ConnectionCredentials"]);
  const connectionToken = nonEmptyText(given);
  // A custom client may answer without a token. A token of another type is damaged, so another attempt may succeed.
  if (!connectionToken && (needs.token || given)) {
    throw unusable("a ConnectionCredentials.ConnectionToken that is a string", given, Boolean(given));
  }
  const hasUrl = isSocketUrl(url, needs.unencryptedHost);
  if (needs.socket && !hasUrl)
    throw unusable(
      "a Websocket.Url with wss:// (ws:// is allowed for this machine and the endpoint's host)",
      url,
      true,
    );
  return {
    ...(hasUrl && { url, expiry: textOrNull(expiry) }),
    ...(connectionToken && { connectionToken, connectionTokenExpiry: textOrNull(tokenExpiry) }),
  };
}

const unusable = (required: string, got: unknown, retryable: boolean): ChatError =>
  new ChatError(
    "InvalidResponse",
    `CreateParticipantConnection's answer must have ${required}; got ${kindOf(got)}. Check the endpoint or the customChatClient.`,
    { retryable },
  );
