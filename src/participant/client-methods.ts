/**
 * Calls a chat client's methods. A custom client may lack some of them, and its promises may resolve with any value.
 */
import { type CallOptions, ChatClient, type ServiceAnswer } from "../api/client";
import { ChatError, illegalState, kindOf } from "../errors";
import { capitalize } from "../util/capitalize";
import { isObject } from "../util/json";

export type MethodName = keyof ChatClient;
export type Method<Name extends MethodName> = NonNullable<ChatClient[Name]>;

/** Makes one attempt of a call. `options.signal` aborts only this attempt. */
export type Attempt<Result> = (
  client: ChatClient,
  connectionToken: string | null,
  options: CallOptions,
) => Promise<Result>;

/**
 * Returns the name used for a method in logs, metrics, and errors. If the method maps to a single service operation,
 * this is the operation's name.
 */
export const operationOf = (name: MethodName): string => capitalize(name);

/** The methods that every chat needs. If a custom client lacks one of them, the library logs an error. */
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

/** What each method must resolve with, for error messages. Methods that aren't listed resolve with `{ data }`. */
const RESULT_SHAPES: Readonly<Partial<Record<MethodName, string>>> = {
  getTranscript: "{ data: { Transcript } }",
  downloadAttachment: "a Blob",
  getAttachmentURL: "a string",
};

/**
 * Returns the prototype of the `ChatClient` class that a client extends, or an empty object if it extends none.
 * The class may come from another copy of ChatJS, so it's also recognized by its name.
 */
function baseOf(client: ChatClient): object {
  const isBase = (prototype: object): boolean =>
    prototype === ChatClient.prototype ||
    // An application may name its own subclass ChatClient, so the class must not have a superclass.
    (prototype.constructor.name === "ChatClient" && Reflect.getPrototypeOf(prototype) === Object.prototype);
  let base = Reflect.getPrototypeOf(Reflect.getPrototypeOf(client) ?? {});
  while (base && !isBase(base)) base = Reflect.getPrototypeOf(base);
  return base ?? {};
}

/**
 * Returns the names of the methods that a client doesn't implement, grouped by the log level at which to report them.
 * An inherited method of the base class is only a stub, so it counts as missing.
 */
export function missingMethods(client: ChatClient): Readonly<Record<"error" | "warn", MethodName[]>> {
  const base = baseOf(client);
  const isMissing = (name: MethodName): boolean =>
    typeof client[name] !== "function" || client[name] === Reflect.get(base, name);
  return { error: REQUIRED.filter(isMissing), warn: OPTIONAL.filter(isMissing) };
}

/**
 * Returns a client's method, bound to the client. Throws IllegalState if the client doesn't have the method. The
 * returned method rejects with InvalidResponse if its result has the wrong shape.
 */
export function boundMethod<Name extends MethodName>(client: ChatClient, name: Name): Method<Name> {
  const implementation: unknown = client[name];
  if (typeof implementation !== "function")
    throw illegalState(`The customChatClient has no ${name}() method. Implement it to make this call.`);
  const call = async (...args: unknown[]): Promise<unknown> => {
    const result: unknown = await Reflect.apply(implementation, client, args);
    if (name === "getAttachmentURL" ? typeof result === "string" : isObject(result)) return result;
    // As in upstream, this call succeeds even if the client resolves with another kind of value.
    if (name === "disconnectParticipant") return {};
    throw invalidResult(name, result);
  };
  // The cast is safe because the arguments are passed through unchanged and the result is checked.
  return call as unknown as Method<Name>;
}

type RawResult<Name extends MethodName> = Awaited<ReturnType<Method<Name>>>;

/** The methods that resolve with the plain result instead of `{ data }`. */
type PlainResultMethod = "downloadAttachment" | "getAttachmentURL";
const hasPlainResult = (name: MethodName): boolean =>
  name === "downloadAttachment" || name === "getAttachmentURL";

/** A method's result without the `{ data }` wrapper. Undefined if a custom client resolves without `data`. */
export type ResultOf<Name extends MethodName> = Name extends PlainResultMethod
  ? RawResult<Name>
  : Extract<RawResult<Name>, object> extends ServiceAnswer<infer Data>
    ? Data | undefined
    : never;

/** A method's arguments without the connection token and the options. */
export type ArgumentsOf<Name extends MethodName> =
  Required<Parameters<Method<Name>>> extends [unknown, ...infer Args, CallOptions] ? Args : never;

/**
 * Returns an attempt that calls a client's method and unwraps its result. As in upstream, a result without `data`
 * counts as success.
 */
export const callAttempt =
  <Name extends MethodName>(name: Name, methodArgs: ArgumentsOf<Name>): Attempt<ResultOf<Name>> =>
  async (client, token, options) => {
    // As in upstream, the view token comes before the connection token.
    const args = name === "describeView" ? [...methodArgs, token, options] : [token, ...methodArgs, options];
    const result: unknown = await Reflect.apply(boundMethod(client, name), client, args);
    // The application receives a custom client's result unchanged, so its type isn't checked here. Code in the library
    // that uses a result checks it first.
    return (isObject(result) && !hasPlainResult(name) ? result["data"] : result) as ResultOf<Name>;
  };

/**
 * Builds the error for a method that resolved with the wrong shape. `got` is the invalid value: the result or its
 * `data`.
 */
export const invalidResult = (name: MethodName, got: unknown): ChatError =>
  new ChatError(
    "InvalidResponse",
    `The customChatClient's ${name}() must resolve with ${RESULT_SHAPES[name] ?? "{ data }"}; got ${kindOf(got)}.`,
  );
