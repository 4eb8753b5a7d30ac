import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { WireItem } from "../api/items";
import type { Conversation } from "../conversation/conversation";
import { isChatError, isThrottled } from "../errors";
import { isForbidden } from "../participant/connection-details";
import { refusalOf, asRetryable } from "../participant/failures";
import type { Participant } from "../participant/participant";
import { RETRY } from "../participant/retry";
import { pageAttempt, NEWEST_PAGE } from "../participant/transcript-page";
import type { SessionConnection } from "../participant/types";
import type { Platform } from "../platform";
import type { ChatSetup } from "./chat-setup";

/** How many nameless refusals end a chat, and the minimum time between the first and the last. See `refusalOf()`. */
export const NAMELESS_REFUSALS = { count: 3, minSpanMs: 10_000 } as const;

/** The end of a chat. `item` is the `chat.ended` item; null if only refusals prove that the chat has ended. */
interface End {
  readonly item: WireItem | null;
}

/**
 * Requests socket URLs and pages of missed items, and decides from refusals whether the chat has ended. A 403 may be
 * temporary, or may come from a proxy or gateway. Therefore, a 403 on one kind of request counts only if the other kind
 * confirms it.
 */
export class Refusals {
  readonly #setup: Pick<ChatSetup, "contactId" | "metrics" | "getConnectionToken">;
  readonly #participant: Participant;
  readonly #platform: Pick<Platform, "monotonicMs">;
  readonly #conversation: Pick<Conversation, "findEnd" | "onThrottled">;
  readonly #onEnded: (item: WireItem | null) => void;
  /** The number of nameless refusals since the last success. */
  #namelessCount = 0;
  /** When the first of these nameless refusals arrived, on the monotonic clock. */
  #firstNamelessAtMs = 0;

  /**
   * `onEnded` is called if a refusal proves that the chat has ended, even if the session has been disposed of in the
   * meantime.
   */
  constructor(
    setup: Pick<ChatSetup, "contactId" | "metrics" | "getConnectionToken">,
    participant: Participant,
    platform: Pick<Platform, "monotonicMs">,
    conversation: Pick<Conversation, "findEnd" | "onThrottled">,
    onEnded: (item: WireItem | null) => void,
  ) {
    this.#setup = setup;
    this.#participant = participant;
    this.#platform = platform;
    this.#conversation = conversation;
    this.#onEnded = onEnded;
  }

  /**
   * Whether a refusal can mean that the chat has ended. If the application provides
   * `getConnectionToken`, a refusal proves nothing, because the tokens that it returns may be single-use.
   */
  get #canRefusalMeanEnd(): boolean {
    return this.#setup.getConnectionToken === null;
  }

  /**
   * Makes a single CreateParticipantConnection call. If the service refuses the call because the chat has ended, calls
   * `onEnded` before rejecting. If `mayEndChat` is false, a refusal never ends the chat.
   */
  async fetchSocket(mayEndChat: boolean): Promise<SessionConnection> {
    const startedAt = this.#platform.monotonicMs();
    const recordOutcome = (failed: boolean): void =>
      this.#setup.metrics?.recordCall("InitWebsocket", this.#platform.monotonicMs() - startedAt, failed);
    try {
      const details = await this.#participant.connection.fetchSocket();
      recordOutcome(false);
      this.#namelessCount = 0;
      return details;
    } catch (error) {
      recordOutcome(true);
      if (isThrottled(error)) this.#conversation.onThrottled();
      const end = mayEndChat && this.#canRefusalMeanEnd ? await this.#confirmEnd(error) : null;
      if (end) this.#onEnded(end.item);
      throw error;
    }
  }

  /**
   * Makes a single GetTranscript call. A refusal may be the only sign that the chat ended while the link was down, so
   * a CreateParticipantConnection call follows to confirm the end. Marks a 403 that may come from a proxy as retryable.
   */
  async fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData> {
    try {
      return await this.#participant.getPage(query, { policy: RETRY.once, signal, isInternal: true });
    } catch (error) {
      const refusal = refusalOf(error);
      const mayEnd = refusal !== null && this.#canRefusalMeanEnd;
      if (mayEnd) await this.fetchSocket(true).catch(() => undefined);
      const mayBeFromProxy = mayEnd ? refusal === "nameless" : refusal === null;
      throw mayBeFromProxy && isForbidden(error) ? asRetryable(error) : error;
    }
  }

  /**
   * Ends the chat if a page contains its `chat.ended` item. Pages of other contacts are ignored, because their items
   * may lack a contact ID.
   */
  checkPage(page: GetTranscriptData, { contactId }: GetTranscriptQuery): void {
    const isOurs = contactId === undefined || contactId === this.#setup.contactId;
    const end = isOurs ? this.#conversation.findEnd(page) : undefined;
    if (end) this.#onEnded(end);
  }

  /** Returns the end of the chat if an error proves it; null if the chat may continue. */
  async #confirmEnd(error: unknown): Promise<End | null> {
    const refusal = refusalOf(error);
    if (refusal === null) return null;
    let confirmation: typeof refusal | null = null;
    try {
      const item = this.#conversation.findEnd(await this.#fetchNewest());
      if (item) return { item };
    } catch (thrown) {
      confirmation = cannotConfirm(thrown) ? "nameless" : refusalOf(thrown);
    }
    const isRefused = refusal === "named" && confirmation === "named";
    return isRefused || this.#recordNameless(refusal, confirmation) ? { item: null } : null;
  }

  /** Fetches the newest page with the current token. Renewing the token would take longer and would be refused. */
  #fetchNewest(): Promise<GetTranscriptData> {
    return this.#participant.connection.call("GetTranscript", pageAttempt(NEWEST_PAGE), {
      policy: RETRY.once,
      isInternal: true,
    });
  }

  /** Counts a nameless refusal, if there is one. Returns whether enough of them have been counted to end the chat. */
  #recordNameless(...refusals: readonly ReturnType<typeof refusalOf>[]): boolean {
    if (!refusals.includes("nameless")) return false;
    if (this.#namelessCount === 0) this.#firstNamelessAtMs = this.#platform.monotonicMs();
    this.#namelessCount += 1;
    const spanMs = this.#platform.monotonicMs() - this.#firstNamelessAtMs;
    return this.#namelessCount >= NAMELESS_REFUSALS.count && spanMs >= NAMELESS_REFUSALS.minSpanMs;
  }
}

/**
 * Returns whether a custom client's `getTranscript()` is missing or doesn't resolve with pages. In that case, refusals
 * are the only evidence.
 */
const cannotConfirm = (error: unknown): boolean =>
  isChatError(error) &&
  error.statusCode === undefined &&
  (error.code === "IllegalState" || error.code === "InvalidResponse");
