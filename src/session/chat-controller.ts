import type { SendEventResponse, SendMessageResponse } from "@aws-sdk/client-connectparticipant";
import type { ConnectionState, ConnectionStatus } from "../connection/states";
import { EVENT_CONTENT_TYPES } from "../conversation/content-types";
import {
  CHAT_EVENT_NAMES,
  CHAT_EVENTS,
  type ChatEventHandler,
  type ChatEventName,
} from "../conversation/events";
import { Outbox } from "../conversation/outbox";
import { illegalArgument, illegalState, toChatError } from "../errors";
import type { ChatClient } from "../participant/chat-client";
import { RETRY } from "../participant/retry";
import type { CallResult, ChatDetails, GetTranscriptData } from "../participant/types";
import type { SubscribeOptions, Unsubscribe } from "../util/event-bus";
import { isObject } from "../util/json";
import {
  callOptions,
  checkAttachmentId,
  checkGetTranscript,
  checkSendAttachment,
  checkSendEvent,
  checkSendMessage,
  type ConnectArgs,
  type DownloadAttachmentArgs,
  type GetAttachmentURLArgs,
  type GetTranscriptArgs,
  type SendAttachmentArgs,
  type SendEventArgs,
  type SendMessageArgs,
} from "./arguments";
import type { Chat, ConnectResult } from "./chat";

/** Typing goes out this often at the most, for each session. */
export const TYPING_THROTTLE_MS = 10_000;

/**
 * A session's calls. Applications reach for it as `session.controller`, and some use it in the session's place, so it
 * has every call. Each rejects with a ChatError, bad arguments and wrong state included; none throws.
 */
export class ChatController {
  readonly #chat: Chat;
  readonly #outbox = new Outbox();
  #typing: { readonly sentAt: number; readonly result: Promise<CallResult<SendEventResponse>> } | null = null;

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  get contactId(): string {
    return this.#chat.setup.contactId;
  }

  get connectionState(): ConnectionState {
    return this.#chat.state;
  }

  /** CreateParticipantConnection, then the socket. Resolves when the service has accepted; the socket opens right after. */
  connect(args?: ConnectArgs): Promise<ConnectResult> {
    return this.#chat.connect(metadataOf(args));
  }

  getChatDetails(): ChatDetails {
    return this.#chat.details;
  }

  getConnectionStatus(): ConnectionStatus {
    return this.#chat.status;
  }

  /** SendMessage. Messages leave one at a time, in the order they were sent. */
  sendMessage(args: SendMessageArgs): Promise<CallResult<SendMessageResponse>> {
    return this.#call(args, () => {
      const { message, contentType, clientToken = this.#chat.platform.uuid() } = checkSendMessage(args);
      const options = callOptions(args);
      return this.#outbox.push(() =>
        this.#chat.call(
          "SendMessage",
          RETRY.standard,
          async (client, token, given) =>
            (await client.sendMessage(token, message, contentType, clientToken, given)).data,
          options,
        ),
      );
    });
  }

  /** SendEvent. Typing is throttled: a call within ten seconds of another resolves with that one's result. */
  sendEvent(args: SendEventArgs): Promise<CallResult<SendEventResponse>> {
    const send = (): Promise<CallResult<SendEventResponse>> =>
      this.#call(args, () => {
        const { content, contentType, clientToken = this.#chat.platform.uuid() } = checkSendEvent(args);
        return this.#chat.call(
          "SendEvent",
          contentType === EVENT_CONTENT_TYPES.TYPING ? RETRY.once : RETRY.standard,
          async (client, token, given) =>
            (await client.sendEvent(token, contentType, content, clientToken, given)).data,
          callOptions(args),
        );
      });
    const isTyping = isObject(args) && args["contentType"] === EVENT_CONTENT_TYPES.TYPING;
    return isTyping ? this.#throttleTyping(args, send) : send();
  }

  /** GetTranscript. */
  getTranscript(args?: GetTranscriptArgs): Promise<CallResult<GetTranscriptData>> {
    return this.#call(args, () => {
      const query = checkGetTranscript(args);
      return this.#chat.call(
        "GetTranscript",
        RETRY.standard,
        async (client, token, given) => (await client.getTranscript(token, query, given)).data,
        callOptions(args),
      );
    });
  }

  /** StartAttachmentUpload, the file to the storage, CompleteAttachmentUpload; a step that fails ends it. */
  sendAttachment(args: SendAttachmentArgs): Promise<CallResult<unknown>> {
    return this.#call(args, () => {
      const attachment = checkSendAttachment(args);
      return this.#chat.call(
        "SendAttachment",
        RETRY.asIs,
        async (client, token, given) =>
          (await method(client, "sendAttachment")(token, attachment, metadataOf(args), given)).data,
        callOptions(args),
      );
    });
  }

  /** GetAttachment, then the file: resolves the Blob itself, with `metadata` set on it. */
  async downloadAttachment(args: DownloadAttachmentArgs): Promise<Blob & { metadata: unknown }> {
    const { data, metadata } = await this.#call(args, () => {
      const attachmentId = checkAttachmentId("downloadAttachment", args);
      return this.#chat.call(
        "DownloadAttachment",
        RETRY.asIs,
        (client, token, given) => method(client, "downloadAttachment")(token, attachmentId, given),
        callOptions(args),
      );
    });
    return Object.assign(data, { metadata });
  }

  /** GetAttachment: resolves the signed URL of the file, as a string. */
  async getAttachmentURL(args: GetAttachmentURLArgs): Promise<string> {
    const { data } = await this.#call(args, () => {
      const attachmentId = checkAttachmentId("getAttachmentURL", args);
      return this.#chat.call(
        "GetAttachmentURL",
        RETRY.asIs,
        (client, token, given) => method(client, "getAttachmentURL")(token, attachmentId, given),
        callOptions(args),
      );
    });
    return data;
  }

  /** DisconnectParticipant, after the messages before it. The session ends when the service sends chat.ended. */
  disconnectParticipant(): Promise<CallResult<unknown>> {
    return this.#call(undefined, () =>
      this.#outbox.push(async () => {
        const data = await this.#chat.call(
          "DisconnectParticipant",
          RETRY.standard,
          async (client, token, given) => (await client.disconnectParticipant(token, given)).data,
        );
        this.#chat.participantLeft();
        return data;
      }),
    );
  }

  /** Removes every handler. */
  cleanUpOnParticipantDisconnect(): void {
    this.#chat.events.clear();
  }

  /** Lets go of the connection, the timers and the handlers, for good; the contact itself goes on. */
  dispose(): void {
    this.#chat.dispose();
  }

  on<Name extends ChatEventName>(
    name: Name,
    handler: ChatEventHandler<Name>,
    options?: SubscribeOptions,
  ): Unsubscribe {
    if (typeof handler !== "function") throw illegalArgument("handler", "must be a function.");
    const told = CHAT_EVENTS[name].upstream ?? name;
    return this.#chat.events.on(name, (event) => handler(event, told), options);
  }

  /** As `on…`, by upstream's name of the event: `subscribe("INCOMING_MESSAGE", handler)`. */
  subscribe(upstreamName: string, handler: (event: unknown, name: string) => unknown): Unsubscribe {
    const name = CHAT_EVENT_NAMES.find((each) => CHAT_EVENTS[each].upstream === upstreamName);
    if (name === undefined) throw illegalArgument("event", `"${upstreamName}" is not known.`);
    return this.on(name, handler);
  }

  /** Success as `{data, metadata}`; whatever fails, thrown at once or later, as a rejection that carries `metadata`. */
  async #call<Data>(args: unknown, run: () => Promise<Data>): Promise<CallResult<Data>> {
    const metadata = metadataOf(args);
    try {
      return { data: await run(), metadata };
    } catch (thrown) {
      const error = toChatError(thrown, "ClientError", "The call failed.");
      error.metadata = metadata;
      throw error;
    }
  }

  #throttleTyping(
    args: SendEventArgs,
    send: () => Promise<CallResult<SendEventResponse>>,
  ): Promise<CallResult<SendEventResponse>> {
    const now = this.#chat.platform.now();
    if (this.#typing && now - this.#typing.sentAt < TYPING_THROTTLE_MS) {
      // What would be rejected without the throttle is rejected with it.
      return isGoodEvent(args) && this.#chat.state !== "ended" ? this.#typing.result : send();
    }
    const typing = { sentAt: now, result: send() };
    this.#typing = typing;
    // One that failed tells nobody that somebody types: the next call may try.
    typing.result.catch(() => {
      if (this.#typing === typing) this.#typing = null;
    });
    return typing.result;
  }
}

function isGoodEvent(args: unknown): boolean {
  try {
    checkSendEvent(args);
    callOptions(args);
    return true;
  } catch {
    return false;
  }
}

function metadataOf(args: unknown): unknown {
  return isObject(args) ? (args["metadata"] ?? null) : null;
}

type OptionalMethod = {
  [Name in keyof ChatClient]-?: undefined extends ChatClient[Name] ? Name : never;
}[keyof ChatClient];

/** A method that an application's own client may lack, bound to it. */
function method<Name extends OptionalMethod>(client: ChatClient, name: Name): NonNullable<ChatClient[Name]> {
  const found = client[name];
  if (typeof found !== "function") {
    throw illegalState(`The customChatClient has no method ${name}(): add it, or do not make this call.`);
  }
  // bind() keeps the signature, which the compiler does not see through the type parameter.
  return found.bind(client) as NonNullable<ChatClient[Name]>;
}
