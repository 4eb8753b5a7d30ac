import type { GetTranscriptData } from "../api/client";
import type { WireItem } from "../api/items";
import type { Conversation } from "../conversation/conversation";
import { isChatError, isThrottled } from "../errors";
import type { ParticipantConnection } from "../participant/connection-details";
import { refusalOf } from "../participant/failures";
import { RETRY } from "../participant/retry";
import { askPage } from "../participant/transcript-page";
import { NEWEST_PAGE, type KnownConnection } from "../participant/types";
import type { Platform } from "../platform";
import type { ChatMetrics } from "./chat-metrics";

/** Refusals that name nothing end a chat once there were this many of them, over at least this long. */
export const NAMELESS_REFUSALS = { count: 3, overMs: 10_000 } as const;

/** The end of the chat: `item` is its `chat.ended`, null where the service says so without showing it. */
interface End {
  readonly item: WireItem | null;
}

/**
 * Fetches sockets' addresses, and learns from refusals whether the chat has ended. Only the service's word counts: a 403
 * may come from a proxy or a gateway, or pass, so GetTranscript is asked as well.
 */
export class SocketAddresses {
  readonly #platform: Pick<Platform, "monotonicMs">;
  readonly #connection: ParticipantConnection;
  readonly #metrics: ChatMetrics | null;
  readonly #conversation: Pick<Conversation, "endOn" | "throttled">;
  readonly #ended: (item: WireItem | null) => void;
  /** How many refusals named nothing since the last success, and when the first of them came. */
  #nameless = 0;
  #firstAtMs = 0;

  /** `ended`: the service says that the chat has ended, even where the session has released it meanwhile. */
  constructor(
    platform: Pick<Platform, "monotonicMs">,
    connection: ParticipantConnection,
    metrics: ChatMetrics | null,
    conversation: Pick<Conversation, "endOn" | "throttled">,
    ended: (item: WireItem | null) => void,
  ) {
    this.#platform = platform;
    this.#connection = connection;
    this.#metrics = metrics;
    this.#conversation = conversation;
    this.#ended = ended;
  }

  /**
   * CreateParticipantConnection, one attempt. A refusal that ends the chat rejects as well, after `ended`. `mayEnd`: a
   * refusal may mean that; otherwise it is a failure like any other.
   */
  async fetch(mayEnd: boolean): Promise<KnownConnection> {
    const startedAt = this.#platform.monotonicMs();
    const counted = (failed: boolean): void =>
      this.#metrics?.called("InitWebsocket", this.#platform.monotonicMs() - startedAt, failed);
    try {
      const details = await this.#connection.fetchSocket();
      counted(false);
      this.#nameless = 0;
      return details;
    } catch (error) {
      counted(true);
      if (isThrottled(error)) this.#conversation.throttled();
      const end = mayEnd ? await this.#endBy(error) : null;
      if (end) this.#ended(end.item);
      throw error;
    }
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
    return this.#connection.attempt("GetTranscript", askPage(NEWEST_PAGE), {
      policy: RETRY.once,
      isOwn: true,
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
