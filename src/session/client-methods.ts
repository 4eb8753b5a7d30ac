import { illegalState } from "../errors";
import type { ChatClient } from "../participant/chat-client";

/** The methods that an application's own client may lack. */
export type OptionalMethod = {
  [Name in keyof ChatClient]-?: undefined extends ChatClient[Name] ? Name : never;
}[keyof ChatClient];

/** Such a method, bound to its client; throws where the client lacks it. */
export function method<Name extends OptionalMethod>(
  client: ChatClient,
  name: Name,
): NonNullable<ChatClient[Name]> {
  const found = client[name];
  if (typeof found !== "function") {
    throw illegalState(`The customChatClient has no method ${name}().`);
  }
  // bind() keeps the signature, which the compiler does not see through the type parameter.
  return found.bind(client) as NonNullable<ChatClient[Name]>;
}

/** Every method of a chat client. */
export const CLIENT_METHODS = [
  "createParticipantConnection",
  "disconnectParticipant",
  "sendMessage",
  "sendEvent",
  "getTranscript",
  "sendAttachment",
  "downloadAttachment",
  "getAttachmentURL",
  "describeView",
  "getAuthenticationUrl",
  "cancelParticipantAuthentication",
] as const satisfies readonly (keyof ChatClient)[];
