/** A chat client's methods, as the library calls them: a custom client may lack some, and may resolve anything. */
import { ChatError, illegalState } from "../errors";
import { isObject } from "../util/json";
import { ChatClient, type ServiceAnswer } from "./chat-client";

type MethodName = keyof ChatClient;
type Method<Name extends MethodName> = NonNullable<ChatClient[Name]>;

/** No chat works without these. */
const REQUIRED = [
  "createParticipantConnection",
  "disconnectParticipant",
  "sendMessage",
  "sendEvent",
  "getTranscript",
] as const satisfies readonly MethodName[];

const OPTIONAL = [
  "sendAttachment",
  "downloadAttachment",
  "getAttachmentURL",
  "describeView",
  "getAuthenticationUrl",
  "cancelParticipantAuthentication",
] as const satisfies readonly MethodName[];

/** What a method resolves where that isn't just `{ data }`. */
const RESOLVES: Readonly<Partial<Record<MethodName, string>>> = {
  getTranscript: "{ data: { Transcript } }",
  downloadAttachment: "a Blob",
  getAttachmentURL: "a string",
};

/** The base class that a client extends: ours, or by its name that of another copy of ChatJS, whose methods are stubs. */
function baseOf(client: ChatClient): object {
  const isBase = (prototype: object): boolean =>
    prototype === ChatClient.prototype ||
    (Object.hasOwn(prototype, "constructor") && prototype.constructor.name === "ChatClient");
  let base = Reflect.getPrototypeOf(Reflect.getPrototypeOf(client) ?? {});
  while (base && !isBase(base)) base = Reflect.getPrototypeOf(base);
  return base ?? {};
}

/**
 * The names of the methods that a client does not implement, by how bad that is; a method that it only inherits from its
 * base class is a stub.
 */
export function missingMethods(client: ChatClient): Readonly<Record<"error" | "warn", MethodName[]>> {
  const base = baseOf(client);
  const isMissing = (name: MethodName): boolean =>
    typeof client[name] !== "function" || client[name] === Reflect.get(base, name);
  return { error: REQUIRED.filter(isMissing), warn: OPTIONAL.filter(isMissing) };
}

/** A client's method, bound to it. Throws IllegalState if there is none; rejects with InvalidResponse without an answer. */
export function method<Name extends MethodName>(client: ChatClient, name: Name): Method<Name> {
  const found: unknown = client[name];
  if (typeof found !== "function") throw illegalState(`The customChatClient has no method ${name}().`);
  const call = async (...args: unknown[]): Promise<unknown> => {
    const answer: unknown = await Reflect.apply(found, client, args);
    if (name === "getAttachmentURL" ? typeof answer === "string" : isObject(answer)) return answer;
    // As upstream: this call has succeeded, with any value.
    if (name === "disconnectParticipant") return {};
    throw unusableAnswer(name);
  };
  // The answer is checked, and the arguments are passed on as they are: this has the method's own signature.
  return call as unknown as Method<Name>;
}

/** The type of `data` in a method's answer. */
type DataOf<Name extends MethodName> =
  Extract<Awaited<ReturnType<Method<Name>>>, object> extends ServiceAnswer<infer Data> ? Data : never;

/**
 * Calls a client's method, one attempt, and resolves the answer's `data`: undefined where a custom client answers without,
 * which is a success as well, as upstream has it.
 */
export async function ask<Name extends MethodName>(
  client: ChatClient,
  name: Name,
  ...args: Parameters<Method<Name>>
): Promise<DataOf<Name> | undefined> {
  const answer: unknown = await Reflect.apply(method(client, name), client, args);
  // What a custom client resolves is returned to the application as it is; the library itself looks before it uses it.
  return (isObject(answer) ? answer["data"] : undefined) as DataOf<Name> | undefined;
}

export const unusableAnswer = (name: MethodName): ChatError =>
  new ChatError(
    "InvalidResponse",
    `The customChatClient's ${name}() must resolve ${RESOLVES[name] ?? "{ data }"}.`,
  );
