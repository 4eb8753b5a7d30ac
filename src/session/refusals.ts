import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { WireItem } from "../api/items";
import type { Conversation } from "../conversation/conversation";
import { isChatError, isThrottled } from "../errors";
import { isTokenRefused } from "../participant/connection-details";
import { refusalOf, asRetryable } from "../participant/failures";
import type { Participant } from "../participant/participant";
import { RETRY } from "../participant/retry";
import { pageAttempt, NEWEST_PAGE } from "../participant/transcript-page";
import type { KnownConnection } from "../participant/types";
import type { Platform } from "../platform";
import type { ChatSetup } from "./chat-setup";

/** Refusals that name nothing end a chat once there were this many of them, over at least this long. */
export const NAMELESS_REFUSALS = { count: 3, overMs: 10_000 } as const;

/** The end of the chat: `item` is its `chat.ended`, null where the service says so without showing it. */
interface End {
  readonly item: WireItem | null;
}

/**
 * Makes the library's requests that the service may refuse, sockets' addresses and pages of missed items, and learns from
 * refusals whether the chat has ended. Only the service's word counts: a 403 may come from a proxy or a gateway, or pass, so
 * that it is confirmed by the other of the two operations.
 */
export class Refusals {
  readonly #setup: Pick<ChatSetup, "contactId" | "metrics" | "getConnectionToken">;
  readonly #participant: Participant;
  readonly #platform: Pick<Platform, "monotonicMs">;
  readonly #conversation: Pick<Conversation, "endOn" | "throttled">;
  readonly #ended: (item: WireItem | null) => void;
  /** How many refusals named nothing since the last success, and when the first of them came. */
  #nameless = 0;
  #firstAtMs = 0;

  /** `ended`: the service says that the chat has ended, even where the session has released it meanwhile. */
  constructor(
    setup: Pick<ChatSetup, "contactId" | "metrics" | "getConnectionToken">,
    participant: Participant,
    platform: Pick<Platform, "monotonicMs">,
    conversation: Pick<Conversation, "endOn" | "throttled">,
    ended: (item: WireItem | null) => void,
  ) {
    this.#setup = setup;
    this.#participant = participant;
    this.#platform = platform;
    this.#conversation = conversation;
    this.#ended = ended;
  }

  /** Whether a refusal may mean that the chat has ended: a token of `getConnectionToken` may be for one use only. */
  get #mayEnd(): boolean {
    return this.#setup.getConnectionToken === null;
  }

  /**
   * CreateParticipantConnection, one attempt. A refusal that ends the chat rejects as well, after `ended`. Where `isHeeded` is
   * false, a refusal is a failure like any other.
   */
  async fetchSocket(isHeeded: boolean): Promise<KnownConnection> {
    const startedAt = this.#platform.monotonicMs();
    const counted = (failed: boolean): void =>
      this.#setup.metrics?.called("InitWebsocket", this.#platform.monotonicMs() - startedAt, failed);
    try {
      const details = await this.#participant.connection.fetchSocket();
      counted(false);
      this.#nameless = 0;
      return details;
    } catch (error) {
      counted(true);
      if (isThrottled(error)) this.#conversation.throttled();
      const end = isHeeded && this.#mayEnd ? await this.#endBy(error) : null;
      if (end) this.#ended(end.item);
      throw error;
    }
  }

  /**
   * GetTranscript, one attempt. A chat that ended in a gap may be shown by a refusal alone, so that
   * CreateParticipantConnection is asked as well; a 403 that is not the service's own is worth another attempt.
   */
  async fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData> {
    try {
      return await this.#participant.getPage(query, { policy: RETRY.once, signal, isInternal: true });
    } catch (error) {
      const refusal = refusalOf(error);
      const mayEnd = refusal !== null && this.#mayEnd;
      if (mayEnd) await this.fetchSocket(true).catch(() => undefined);
      const isForeign = mayEnd ? refusal === "nameless" : refusal === null;
      throw isForeign && isTokenRefused(error) ? asRetryable(error) : error;
    }
  }

  /** A page that somebody fetched. One of another contact, whose items may not name it, has the end of that one. */
  shown(page: GetTranscriptData, { contactId }: GetTranscriptQuery): void {
    const isOurs = contactId === undefined || contactId === this.#setup.contactId;
    const end = isOurs ? this.#conversation.endOn(page) : undefined;
    if (end) this.#ended(end);
  }

  /** The end that a failure proves; null where the chat goes on. */
  async #endBy(error: unknown): Promise<End | null> {
    const refusal = refusalOf(error);
    if (refusal === null) return null;
    let confirmation: typeof refusal | null = null;
    try {
      const item = this.#conversation.endOn(await this.#fetchNewest());
      if (item) return { item };
    } catch (thrown) {
      confirmation = isUnableToConfirm(thrown) ? "nameless" : refusalOf(thrown);
    }
    const isRefused = refusal === "named" && confirmation === "named";
    return isRefused || this.#isLastNameless(refusal, confirmation) ? { item: null } : null;
  }

  /** Under the token that there is: a renewal would be refused as well, and take longer. */
  #fetchNewest(): Promise<GetTranscriptData> {
    return this.#participant.connection.attempt("GetTranscript", pageAttempt(NEWEST_PAGE), {
      policy: RETRY.once,
      isInternal: true,
    });
  }

  #isLastNameless(...refusals: readonly ReturnType<typeof refusalOf>[]): boolean {
    if (!refusals.includes("nameless")) return false;
    if (this.#nameless === 0) this.#firstAtMs = this.#platform.monotonicMs();
    this.#nameless += 1;
    const overMs = this.#platform.monotonicMs() - this.#firstAtMs;
    return this.#nameless >= NAMELESS_REFUSALS.count && overMs >= NAMELESS_REFUSALS.overMs;
  }
}

/** A custom client without a getTranscript() that gives pages leaves nothing to go by but its refusals themselves. */
const isUnableToConfirm = (error: unknown): boolean =>
  isChatError(error) &&
  error.statusCode === undefined &&
  (error.code === "IllegalState" || error.code === "InvalidResponse");
