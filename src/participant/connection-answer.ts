import { ChatError } from "../errors";
import { isObject, type JsonObject } from "../util/json";
import { isSocketUrl } from "../util/socket-url";
import type { ServiceAnswer } from "./chat-client";
import { unusableAnswer } from "./client-methods";

/** What CreateParticipantConnection gave; null where it did not give it. */
export interface ConnectionAnswer {
  readonly url: string | null;
  readonly urlExpiry: string | null;
  readonly token: string | null;
  readonly tokenExpiry: string | null;
}

/**
 * Reads CreateParticipantConnection's answer. Throws InvalidResponse for one that the service cannot have sent, so that
 * it changes nothing: retryable where a field is damaged, not where the answer is of another kind altogether.
 */
export function readConnection(
  answer: ServiceAnswer<unknown>,
  needs: { readonly socket: boolean; readonly token: boolean },
): ConnectionAnswer {
  const { data } = answer;
  if (!isObject(data)) throw unusableAnswer("createParticipantConnection", answer);
  const socket = part(data, "Websocket");
  const credentials = part(data, "ConnectionCredentials");
  const token = credentials["ConnectionToken"] || null;
  if (needs.token && token === null) throw unusable("without ConnectionCredentials.ConnectionToken", false);
  if (token !== null && typeof token !== "string") {
    throw unusable("with a ConnectionCredentials.ConnectionToken that isn't a string", true);
  }
  const url = isSocketUrl(socket["Url"]) ? socket["Url"] : null;
  if (needs.socket && url === null) {
    throw unusable("without a Websocket.Url that begins with wss://, or ws:// for this machine", true);
  }
  return {
    url,
    urlExpiry: text(socket["ConnectionExpiry"]),
    token,
    tokenExpiry: text(credentials["Expiry"]),
  };
}

function part(data: JsonObject, name: string): JsonObject {
  const value = data[name];
  return isObject(value) ? value : {};
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

const unusable = (problem: string, retryable: boolean): ChatError =>
  new ChatError(
    "InvalidResponse",
    `CreateParticipantConnection was answered ${problem}. Check the customChatClient or the endpoint.`,
    { retryable },
  );
