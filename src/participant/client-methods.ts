/** Calls a chat client's methods. A custom client may lack some of them, and may resolve with any value. */
import { type CallOptions, ChatClient, type ServiceAnswer } from "../api/client";
import { ChatError, illegalState, kindOf } from "../errors";
import { capitalized } from "../util/capitalized";
import { isObject } from "../util/json";

export type MethodName = keyof ChatClient;
export type Method<Name extends MethodName> = NonNullable<ChatClient[Name]>;

/** One attempt of a call with a connection token. `options` has the attempt's own signal. */
export type Attempt<Result> = (
  client: ChatClient,
  connectionToken: string | null,
  options: CallOptions,
) => Promise<Result>;

/**
 * The name of a method in logs, metrics, and errors. It is the name of the service's operation if there is just one.
 */
export const operationOf = (name: MethodName): string => capitalized(name);

/** The methods that every chat needs. */
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

/** The required results of methods that don't just resolve with `{ data }`, for error messages. */
const RESULT_SHAPES: Readonly<Partial<Record<MethodName, string>>> = {
  getTranscript: "{ data: { Transcript } }",
  downloadAttachment: "a Blob",
  getAttachmentURL: "a string",
};

/**
 * The prototype of the ChatClient that a client extends, or an empty object. The class may be from another copy of
 * ChatJS, whose methods are stubs; such a class is recognized by its name.
 */
function baseOf(client: ChatClient): object {
  const isBase = (prototype: object): boolean =>
    prototype === ChatClient.prototype ||
    // An application's subclass may also be named ChatClient, so the class must not extend another one.
    (prototype.constructor.name === "ChatClient" && Reflect.getPrototypeOf(prototype) === Object.prototype);
  let base = Reflect.getPrototypeOf(Reflect.getPrototypeOf(client) ?? {});
  while (base && !isBase(base)) base = Reflect.getPrototypeOf(base);
  return base ?? {};
}

/**
 * The names of the methods that a client doesn't implement, by the log level to report them at. A method that is
 * inherited from the base class is a stub, so it counts as missing.
 */
export function missingMethods(client: ChatClient): Readonly<Record<"error" | "warn", MethodName[]>> {
  const base = baseOf(client);
  const isMissing = (name: MethodName): boolean =>
    typeof client[name] !== "function" || client[name] === Reflect.get(base, name);
  return { error: REQUIRED.filter(isMissing), warn: OPTIONAL.filter(isMissing) };
}

/**
 * Returns a client's method, bound to the client. Throws IllegalState if the client doesn't have it. The method rejects
 * with InvalidResponse if its result can't be used.
 */
export function boundMethod<Name extends MethodName>(client: ChatClient, name: Name): Method<Name> {
  const implementation: unknown = client[name];
  if (typeof implementation !== "function")
    throw illegalState(`The customChatClient has no ${name}() method. Implement it to make this call.`);
  const call = async (...args: unknown[]): Promise<unknown> => {
    const result: unknown = await Reflect.apply(implementation, client, args);
    if (name === "getAttachmentURL" ? typeof result === "string" : isObject(result)) return result;
    // As in upstream, this call succeeds with any value.
    if (name === "disconnectParticipant") return {};
    throw invalidResult(name, result);
  };
  // The arguments are passed on unchanged and the answer is checked, so `call` has the method's own signature.
  return call as unknown as Method<Name>;
}

type RawResult<Name extends MethodName> = Awaited<ReturnType<Method<Name>>>;

/** Methods that resolve with their result itself, rather than with `{ data }`. */
type PlainResultMethod = "downloadAttachment" | "getAttachmentURL";
const hasPlainResult = (name: MethodName): boolean => name === "downloadAttachment" || name === "getAttachmentURL";

/** A method's result without the `{ data }` wrapper; undefined if a custom client resolves without `data`. */
export type ResultOf<Name extends MethodName> = Name extends PlainResultMethod
  ? RawResult<Name>
  : Extract<RawResult<Name>, object> extends ServiceAnswer<infer Data>
    ? Data | undefined
    : never;

/** A method's arguments between the token and the options. */
export type ArgumentsOf<Name extends MethodName> =
  Required<Parameters<Method<Name>>> extends [unknown, ...infer Args, CallOptions] ? Args : never;

/**
 * An attempt that calls a client's method and unwraps its result. As in upstream, an answer without `data` is a
 * success.
 */
export const callAttempt =
  <Name extends MethodName>(name: Name, methodArgs: ArgumentsOf<Name>): Attempt<ResultOf<Name>> =>
  async (client, token, options) => {
    // In upstream's signature, the view token comes before the connection token.
    const args = name === "describeView" ? [...methodArgs, token, options] : [token, ...methodArgs, options];
    const result: unknown = await Reflect.apply(boundMethod(client, name), client, args);
    // The application receives a custom client's result unchanged. The library checks a result before it uses it.
    return (isObject(result) && !hasPlainResult(name) ? result["data"] : result) as ResultOf<Name>;
  };

/**
 * The error for a method's result that can't be used. `got` is the result, or its `data` if that is the invalid part.
 */
export const invalidResult = (name: MethodName, got: unknown): ChatError =>
  new ChatError(
    "InvalidResponse",
    `The customChatClient's ${name}() must resolve with ${RESULT_SHAPES[name] ?? "{ data }"}; got ${kindOf(got)}.`,
  );
