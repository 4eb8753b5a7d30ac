import type {
  GetTranscriptData,
  GetTranscriptQuery,
  SendEventResponse,
  SendMessageResponse,
} from "../api/client";
import type { LibraryLogger } from "../api/logging";
import { illegalState } from "../errors";
import type { Platform } from "../platform";
import type { RequestBudget } from "../waiting";
import {
  callAttempt,
  operationOf,
  type ArgumentsOf,
  type Attempt,
  type MethodName,
  type ResultOf,
} from "./client-methods";
import { ParticipantConnection, type ParticipantIdentity } from "./connection-details";
import { RETRY, type RetryPolicy } from "./retry";
import { ServiceCalls, type RunOptions } from "./service-calls";
import { isBundled } from "./service-client";
import { pageAttempt, transcriptAttempt } from "./transcript-page";
import type { OutgoingEvent, OutgoingMessage } from "./types";
import { TypingThrottle } from "./typing";

/** Why calls are rejected after the chat has ended. Appended to the operation's name in error messages. */
export const ENDED_REASON = "the chat has ended. Create a session for a new chat.";

/** Operations that are still allowed after the chat has ended, as in upstream. */
const ALLOWED_AFTER_END = /View|Authentication/;

/** Retry policies that differ from RETRY.standard, for methods that retry their own steps. */
const POLICIES: Readonly<Partial<Record<MethodName, RetryPolicy>>> = {
  sendAttachment: RETRY.selfRetrying,
  downloadAttachment: RETRY.selfRetrying,
  getAttachmentURL: RETRY.selfRetrying,
};

/**
 * Makes one participant's calls to the service. Each call uses the current connection token and is retried according to
 * its policy. A failed call rejects with a ChatError. A call that the participant's state doesn't allow rejects with
 * IllegalState.
 */
export class Participant {
  readonly connection: ParticipantConnection;
  readonly #calls: ServiceCalls;
  readonly #typing: TypingThrottle<SendEventResponse | undefined>;
  readonly #uuid: () => string;
  readonly #onResponse: (response: unknown) => void;
  #rejectionReason: string | null = null;

  /** `onResponse` is called with each response, because a response may reveal the service's time. */
  constructor(
    identity: ParticipantIdentity,
    platform: Platform,
    logger: LibraryLogger,
    onResponse: (response: unknown) => void,
  ) {
    this.#calls = new ServiceCalls(identity, platform, logger);
    this.connection = new ParticipantConnection(identity, this.#calls, platform, logger);
    this.#typing = new TypingThrottle(platform, logger);
    this.#uuid = () => platform.uuid();
    this.#onResponse = onResponse;
  }

  /** The budget for requests that the library makes for its own purposes. */
  get budget(): RequestBudget {
    return this.#calls.budget;
  }

  /** Why calls are rejected, as the end of an error message. Null while calls are allowed. */
  get rejectionReason(): string | null {
    return this.#rejectionReason;
  }

  /** Returns whether the session has disposed of this participant. */
  isDisposed(): boolean {
    return this.#rejectionReason !== null && this.#rejectionReason !== ENDED_REASON;
  }

  /** Throws IllegalState if the participant's state doesn't allow the operation. */
  assertAllowed(operation: string): void {
    if (
      this.#rejectionReason !== null &&
      !(this.#rejectionReason === ENDED_REASON && ALLOWED_AFTER_END.test(operation))
    )
      throw illegalState(`${operation}: ${this.#rejectionReason}`);
    if (this.connection.details === null)
      throw illegalState(
        `${operation}: the session isn't connected. Call connect() first, and wait until it resolves.`,
      );
  }

  /** Calls one of the client's methods. `args` excludes the token and the options. */
  async call<Name extends MethodName>(
    name: Name,
    args: ArgumentsOf<Name>,
    options?: RunOptions,
  ): Promise<ResultOf<Name>> {
    const policy = POLICIES[name];
    const response = await this.#run(operationOf(name), callAttempt(name, args), {
      ...(policy && { policy }),
      ...options,
    });
    this.#onResponse(response);
    return response;
  }

  sendMessage(
    { content, contentType, clientToken }: OutgoingMessage,
    options?: RunOptions,
  ): Promise<SendMessageResponse | undefined> {
    return this.call("sendMessage", [content, contentType, clientToken], { ...options, contentType });
  }

  sendEvent(
    { contentType, content, clientToken = this.#uuid() }: OutgoingEvent,
    options?: RunOptions,
  ): Promise<SendEventResponse | undefined> {
    return this.call("sendEvent", [contentType, content, clientToken], { ...options, contentType });
  }

  /** Sends a typing event without retrying it. The bundled client's typing events are throttled. */
  sendTyping(event: OutgoingEvent, options?: RunOptions): Promise<SendEventResponse | undefined> {
    this.assertAllowed("SendEvent");
    const send = (): Promise<SendEventResponse | undefined> =>
      this.sendEvent(event, { ...options, policy: RETRY.once });
    return isBundled(this.#calls.client) ? this.#typing.send(send) : send();
  }

  /** Fetches a transcript page for the application. A custom client's result is returned even if it isn't a page. */
  getTranscript(query: GetTranscriptQuery, options?: RunOptions): Promise<GetTranscriptData | undefined> {
    return this.#run("GetTranscript", transcriptAttempt(query), options);
  }

  /** Fetches a transcript page for the library. An attempt fails if its result isn't a page. */
  getPage(query: GetTranscriptQuery, options?: RunOptions): Promise<GetTranscriptData> {
    return this.#run("GetTranscript", pageAttempt(query), options);
  }

  /** Stops retrying calls, because the chat is ending. An attempt in flight may still succeed. */
  stopRetrying(): void {
    this.#calls.stopRetrying();
  }

  /** Rejects later calls, because the service has ended the chat. */
  end(): void {
    this.#rejectionReason ??= ENDED_REASON;
    this.connection.stop();
  }

  /** Rejects pending and later calls. `reason` is the end of their error messages: "The call was aborted: …". */
  dispose(reason: string): void {
    this.#rejectionReason = reason;
    this.#calls.dispose(reason);
    this.connection.dispose();
  }

  async #run<T>(operation: string, attempt: Attempt<T>, options?: RunOptions): Promise<T> {
    this.assertAllowed(operation);
    return this.connection.callWithRenewal(operation, attempt, options);
  }
}
