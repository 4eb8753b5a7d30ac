import { ChatClient } from "../../src/api/client";
import { ServiceClient } from "../../src/participant/service-client";
import type { Platform } from "../../src/platform";

const METHODS = [
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

export type ClientMethod = (typeof METHODS)[number];

/** A custom client's call, as it was made. */
export interface ClientCall {
  readonly name: ClientMethod;
  readonly args: readonly unknown[];
}

/** What a method does in place of the call to the service: an application may resolve anything. */
export type OwnMethods = Partial<Record<ClientMethod, (...args: readonly never[]) => unknown>>;

/**
 * A custom chat client over the fake service: it records its calls and makes those that the bundled client would make,
 * except for the methods in `own`.
 */
export class CustomClient {
  readonly calls: ClientCall[] = [];
  readonly client: ChatClient;

  constructor(platform: Platform, own: OwnMethods = {}) {
    const bundled = new ServiceClient(platform, { endpoint: "https://service.test", userAgent: "custom" });
    const methods = METHODS.map((name) => {
      const run = (...args: readonly unknown[]): unknown => {
        this.calls.push({ name, args });
        const method: unknown = own[name] ?? Reflect.get(bundled, name);
        if (typeof method !== "function") throw new TypeError(`There is no ${name}().`);
        return Reflect.apply(method, bundled, args);
      };
      return [name, run] as const;
    });
    const base = Object.create(ChatClient.prototype) as ChatClient;
    this.client = Object.assign(base, Object.fromEntries(methods));
  }

  /** The arguments of a method's calls, without the options that the library adds as the last one. */
  argsOf(name: ClientMethod): unknown[][] {
    return this.calls.filter((call) => call.name === name).map(({ args }) => args.slice(0, -1));
  }
}
