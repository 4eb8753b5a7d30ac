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

/** The reason why calls are rejected after the service has ended the chat. */
export const ENDED_REASON = "the chat has ended. Create a session for a new chat.";

/** Calls that are sent even after the chat has ended, as in upstream. */
const ALLOWED_AFTER_END = /View|Authentication/;

/** The retry policies of methods that retry their own steps. Other methods use RETRY.standard. */
const POLICIES: Readonly<Partial<Record<MethodName, RetryPolicy>>> = {
  sendAttachment: RETRY.selfRetrying,
  downloadAttachment: RETRY.selfRetrying,
  getAttachmentURL: RETRY.selfRetrying,
};

/**
 * Makes one participant's calls to the service. Each call uses the current connection token, is retried according to
 * its policy, and rejects with a ChatError. If the participant's state doesn't allow a call, it rejects with
 * IllegalState.
 */
export class Participant {
  readonly connection: ParticipantConnection;
  readonly #calls: ServiceCalls;
  readonly #typing: TypingThrottle<SendEventResponse | undefined>;
  readonly #uuid: () => string;
  readonly #onResponse: (answer: unknown) => void;
  #rejectionReason: string | null = null;

  /** `answered` is called with each answer, since it may show the service's time. */
  constructor(
    identity: ParticipantIdentity,
    platform: Platform,
    logger: LibraryLogger,
    onResponse: (answer: unknown) => void,
  ) {
    this.#calls = new ServiceCalls(identity, platform, logger);
    this.connection = new ParticipantConnection(identity, this.#calls, platform, logger);
    this.#typing = new TypingThrottle(platform, logger);
    this.#uuid = () => platform.uuid();
    this.#onResponse = onResponse;
  }

  /** The budget of the library's own requests. */
  get budget(): RequestBudget {
    return this.#calls.budget;
  }

  /** The reason why calls are rejected, which completes a sentence; null while calls are allowed. */
  get rejectionReason(): string | null {
    return this.#rejectionReason;
  }

  /** Whether the session has released this participant. */
  isDisposed(): boolean {
    return this.#rejectionReason !== null && this.#rejectionReason !== ENDED_REASON;
  }

  /** Throws IllegalState if the call isn't allowed now. */
  assertAllowed(operation: string): void {
    if (this.#rejectionReason !== null && !(this.#rejectionReason === ENDED_REASON && ALLOWED_AFTER_END.test(operation)))
      throw illegalState(`${operation}: ${this.#rejectionReason}`);
    if (this.connection.details === null)
      throw illegalState(
        `${operation}: the session isn't connected. Call connect() first, and wait until it resolves.`,
      );
  }

  /** Calls one of the client's methods. `args` are its arguments between the token and the options. */
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

  /** Sends a typing event in one attempt. Events are throttled, except for a custom client. */
  sendTyping(event: OutgoingEvent, options?: RunOptions): Promise<SendEventResponse | undefined> {
    this.assertAllowed("SendEvent");
    const send = (): Promise<SendEventResponse | undefined> =>
      this.sendEvent(event, { ...options, policy: RETRY.once });
    return isBundled(this.#calls.client) ? this.#typing.send(send) : send();
  }

  /** Fetches a page for the application. Resolves with a custom client's answer even if it isn't a page. */
  getTranscript(query: GetTranscriptQuery, options?: RunOptions): Promise<GetTranscriptData | undefined> {
    return this.#run("GetTranscript", transcriptAttempt(query), options);
  }

  /** Fetches a page for the library itself. An attempt whose answer isn't a page has failed. */
  getPage(query: GetTranscriptQuery, options?: RunOptions): Promise<GetTranscriptData> {
    return this.#run("GetTranscript", pageAttempt(query), options);
  }

  /** Prevents further attempts, since the chat is ending. An attempt in flight may still succeed. */
  stopRetrying(): void {
    this.#calls.stopRetrying();
  }

  /** Rejects later calls, since the service has ended the chat. */
  end(): void {
    this.#rejectionReason ??= ENDED_REASON;
    this.connection.stop();
  }

  /** Rejects pending and later calls. `because` completes a sentence, such as "The call was aborted: …". */
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
