/** A chat client's methods, as the library calls them: a custom client may lack some, and may resolve anything. */
import { type CallOptions, ChatClient, type ServiceAnswer } from "../api/client";
import { ChatError, illegalState, kindOf } from "../errors";
import { capitalized } from "../util/capitalized";
import { isObject } from "../util/json";

export type MethodName = keyof ChatClient;
export type Method<Name extends MethodName> = NonNullable<ChatClient[Name]>;

/** One attempt of a call under a connection token; `options` hold the attempt's own signal. */
export type Attempt<Answer> = (
  client: ChatClient,
  connectionToken: string | null,
  options: CallOptions,
) => Promise<Answer>;

/** What a method does, by the name that logs, metrics and errors give it: the service's, where it is one operation. */
export const operationOf = (name: MethodName): string => capitalized(name);

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
    // An application's own class may have that name, too, further down.
    (prototype.constructor.name === "ChatClient" && Reflect.getPrototypeOf(prototype) === Object.prototype);
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
  if (typeof found !== "function")
    throw illegalState(`The customChatClient has no method ${name}(): add it to make this call.`);
  const call = async (...args: unknown[]): Promise<unknown> => {
    const answer: unknown = await Reflect.apply(found, client, args);
    if (name === "getAttachmentURL" ? typeof answer === "string" : isObject(answer)) return answer;
    // As upstream: this call has succeeded, with any value.
    if (name === "disconnectParticipant") return {};
    throw unusableAnswer(name, answer);
  };
  // The answer is checked, and the arguments are passed on as they are: this has the method's own signature.
  return call as unknown as Method<Name>;
}

type Answer<Name extends MethodName> = Awaited<ReturnType<Method<Name>>>;

/** Methods whose answer is what they are called for, rather than `{ data }`. */
type Plain = "downloadAttachment" | "getAttachmentURL";
const isPlain = (name: MethodName): boolean => name === "downloadAttachment" || name === "getAttachmentURL";

/** What a call of a method is made for; undefined where a custom client answers without `data`. */
export type ResultOf<Name extends MethodName> = Name extends Plain
  ? Answer<Name>
  : Extract<Answer<Name>, object> extends ServiceAnswer<infer Data>
    ? Data | undefined
    : never;

/** A method's arguments between the token and the options. */
export type ArgumentsOf<Name extends MethodName> =
  Required<Parameters<Method<Name>>> extends [unknown, ...infer Own, CallOptions] ? Own : never;

/**
 * An attempt that calls a client's method and resolves what it is made for. An answer without `data` is a success as well,
 * as upstream has it.
 */
export const ask =
  <Name extends MethodName>(name: Name, own: ArgumentsOf<Name>): Attempt<ResultOf<Name>> =>
  async (client, token, options) => {
    // Upstream's order: the view's token goes first.
    const args = name === "describeView" ? [...own, token, options] : [token, ...own, options];
    const answer: unknown = await Reflect.apply(method(client, name), client, args);
    // What a custom client resolves is returned to the application as it is; the library itself looks before it uses it.
    return (isObject(answer) && !isPlain(name) ? answer["data"] : answer) as ResultOf<Name>;
  };

/** `got` is what the method resolved, or its `data` where that is the part that cannot be used. */
export const unusableAnswer = (name: MethodName, got: unknown): ChatError =>
  new ChatError(
    "InvalidResponse",
    `The customChatClient's ${name}() must resolve ${RESOLVES[name] ?? "{ data }"}; got ${kindOf(got)}.`,
  );
