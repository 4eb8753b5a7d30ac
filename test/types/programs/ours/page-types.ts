import {
  ChatError,
  type CallOptions,
  type ChatClient,
  type CustomerChatSession,
  type SubscribeOptions,
} from "amazon-connect-chatjs";
import type { InspectorOptions } from "amazon-connect-chatjs/inspector";

/** In a page, the declarations use the DOM's own types instead of merely compatible ones. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Call<Name extends keyof CustomerChatSession> = CustomerChatSession[Name] extends (
  args: infer Args,
) => unknown
  ? NonNullable<Args>
  : never;
type Sent = NonNullable<ChatClient["sendAttachment"]>;
type Downloaded = Awaited<ReturnType<NonNullable<ChatClient["downloadAttachment"]>>>;

export const same: [
  Same<Call<"connect">["signal"], AbortSignal | undefined>,
  Same<CallOptions["signal"], AbortSignal | undefined>,
  Same<SubscribeOptions["signal"], AbortSignal | undefined>,
  Same<Parameters<Sent>[1], File>,
  Same<connect.SendAttachmentArgs["attachment"], File>,
  Same<Downloaded, Blob>,
  Same<InspectorOptions["container"], Element | undefined>,
  Same<ChatError["cause"], Error["cause"]>,
] = [true, true, true, true, true, true, true, true];
