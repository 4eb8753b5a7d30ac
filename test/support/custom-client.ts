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

/** A call to a custom client, with its arguments. */
export interface ClientCall {
  readonly name: ClientMethod;
  readonly args: readonly unknown[];
}

/** Overrides of the bundled client's methods. Like an application's methods, they may resolve with any value. */
export type MethodOverrides = Partial<Record<ClientMethod, (...args: readonly never[]) => unknown>>;

/**
 * A custom chat client on the fake service. It records each call and passes it to the bundled client, except for the
 * methods in `overrides`.
 */
export class CustomClient {
  readonly calls: ClientCall[] = [];
  readonly client: ChatClient;

  constructor(platform: Platform, overrides: MethodOverrides = {}) {
    const bundled = new ServiceClient(platform, { endpoint: "https://service.test", userAgent: "custom" });
    const methods = METHODS.map((name) => {
      const run = (...args: readonly unknown[]): unknown => {
        this.calls.push({ name, args });
        const method: unknown = overrides[name] ?? Reflect.get(bundled, name);
        if (typeof method !== "function") throw new TypeError(`There is no ${name}().`);
        return Reflect.apply(method, bundled, args);
      };
      return [name, run] as const;
    });
    const base = Object.create(ChatClient.prototype) as ChatClient;
    this.client = Object.assign(base, Object.fromEntries(methods));
  }

  /** The arguments of a method's calls, without the options that the library appends. */
  argsOf(name: ClientMethod): unknown[][] {
    return this.calls.filter((call) => call.name === name).map(({ args }) => args.slice(0, -1));
  }
}
