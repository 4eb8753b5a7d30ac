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
  ask,
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
import { askPage, askTranscript } from "./transcript-page";
import type { OutgoingEvent, OutgoingMessage } from "./types";
import { TypingThrottle } from "./typing";

/** Why calls are rejected once the service has ended the chat. */
export const ENDED = "the chat has ended. Create a session for a new one.";

/** Calls that go to the service even when the chat has ended, as upstream's do. */
const EVEN_AFTER_END = /View|Authentication/;

/** How often a method is tried; RETRY.standard where it isn't named. These retry their own steps. */
const POLICY: Readonly<Partial<Record<MethodName, RetryPolicy>>> = {
  sendAttachment: RETRY.asIs,
  downloadAttachment: RETRY.asIs,
  getAttachmentURL: RETRY.asIs,
};

/**
 * One participant's door to the service: each call is tried as its policy says, under the connection token that holds by
 * then, and rejects with a ChatError, with IllegalState where no call can be made.
 */
export class Participant {
  readonly connection: ParticipantConnection;
  readonly #calls: ServiceCalls;
  readonly #typing: TypingThrottle<SendEventResponse | undefined>;
  readonly #uuid: () => string;
  readonly #answered: (answer: unknown) => void;
  #closed: string | null = null;

  /** `answered` is called with each answer: it may show the service's time. */
  constructor(
    identity: ParticipantIdentity,
    platform: Platform,
    logger: LibraryLogger,
    answered: (answer: unknown) => void,
  ) {
    this.#calls = new ServiceCalls(identity, platform, logger);
    this.connection = new ParticipantConnection(identity, this.#calls, platform, logger);
    this.#typing = new TypingThrottle(platform, logger);
    this.#uuid = () => platform.uuid();
    this.#answered = answered;
  }

  /** What the library's own requests have to keep to. */
  get budget(): RequestBudget {
    return this.#calls.budget;
  }

  /** Why calls are rejected, as the end of a sentence; null while the chat goes on. */
  get closed(): string | null {
    return this.#closed;
  }

  /** Whether the session has released it. */
  isReleased(): boolean {
    return this.#closed !== null && this.#closed !== ENDED;
  }

  /** Throws where no call can be made now. */
  check(operation: string): void {
    if (this.#closed !== null && !(this.#closed === ENDED && EVEN_AFTER_END.test(operation)))
      throw illegalState(`${operation}: ${this.#closed}`);
    if (this.connection.details === null)
      throw illegalState(
        `${operation}: the session is not connected. Call connect() first, and wait until it resolves.`,
      );
  }

  /** One of the client's methods, by its arguments between the token and the options. */
  async call<Name extends MethodName>(
    name: Name,
    args: ArgumentsOf<Name>,
    options?: RunOptions,
  ): Promise<ResultOf<Name>> {
    const policy = POLICY[name];
    const answer = await this.#run(operationOf(name), ask(name, args), {
      ...(policy && { policy }),
      ...options,
    });
    this.#answered(answer);
    return answer;
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

  /** Sends a typing event: one attempt, throttled. A custom client is given each one. */
  sendTyping(event: OutgoingEvent, options?: RunOptions): Promise<SendEventResponse | undefined> {
    this.check("SendEvent");
    const send = (): Promise<SendEventResponse | undefined> =>
      this.sendEvent(event, { ...options, policy: RETRY.once });
    return isBundled(this.#calls.client) ? this.#typing.send(send) : send();
  }

  /** A page for the application: what a custom client answers, a page or not. */
  getTranscript(query: GetTranscriptQuery, options?: RunOptions): Promise<GetTranscriptData | undefined> {
    return this.#run("GetTranscript", askTranscript(query), options);
  }

  /** A page for the library itself: an answer that is none is a failed attempt. */
  getPage(query: GetTranscriptQuery, options?: RunOptions): Promise<GetTranscriptData> {
    return this.#run("GetTranscript", askPage(query), options);
  }

  /** The chat is ending: an attempt that has begun may still succeed; none follows it. */
  stopRetrying(): void {
    this.#calls.stopRetrying();
  }

  /** The service has ended the chat. */
  end(): void {
    this.#closed ??= ENDED;
    this.connection.stop();
  }

  /** Rejects pending calls and all later ones. `because` is the end of a sentence. */
  dispose(because: string): void {
    this.#closed = because;
    this.#calls.dispose(because);
    this.connection.dispose();
  }

  async #run<T>(operation: string, attempt: Attempt<T>, options?: RunOptions): Promise<T> {
    this.check(operation);
    return this.connection.authorized(operation, attempt, options);
  }
}
