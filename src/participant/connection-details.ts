import { ChatError, isChatError, toChatError } from "../errors";
import { isOutage, type CountAgent } from "../observability/agent-counts";
import type { ChatLogger } from "../observability/logger";
import type { Platform, Timer } from "../platform";
import { isObject } from "../util/json";
import { pauseAfterMs } from "../waiting";
import type { CallOptions, ServiceAnswer } from "./chat-client";
import { method, type Attempt } from "./client-methods";
import { readConnection, type ConnectionNeeds } from "./connection-answer";
import { worthAnotherTry } from "./failures";
import { RETRY, type RetryPolicy } from "./retry";
import type { RunOptions, ServiceCalls } from "./service-calls";
import { isBundled } from "./service-client";
import type { ConnectionDetails, ConnectionType, SessionType } from "./types";

/** What Streams' `getConnectionToken()` resolves: despite its name, the token is the one of the connection. */
export type GetConnectionToken = () => Promise<unknown>;

export interface ParticipantIdentity {
  readonly type: SessionType;
  readonly participantToken: string | null;
  /** Agents: gives the connection token. Null for customers, and for agents who go by a participant token. */
  readonly getConnectionToken: GetConnectionToken | null;
  /** An external manager has the socket: then the session needs none. */
  readonly manager?: unknown;
  /** Agents only: how their calls fare. */
  readonly countAgent?: CountAgent | null;
}

/** What CreateParticipantConnection is asked for, and whether its answer needs a socket's URL. */
interface Request {
  readonly type: readonly ConnectionType[];
  readonly socket: ConnectionNeeds["socket"];
}

const SOCKET_AND_TOKEN: Request = { type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], socket: true };
const NEW_TOKEN: Request = { type: ["CONNECTION_CREDENTIALS"], socket: false };

const NO_TOKEN = { connectionToken: null, connectionTokenExpiry: null };

const NOTHING_YET: ConnectionDetails = {
  url: null,
  expiry: null,
  // How long the service keeps a socket open before it has to be replaced.
  transportLifeTimeInSeconds: 3540,
  connectionAcknowledged: false,
  ...NO_TOKEN,
};

/** How long an agent's own `getConnectionToken()` may take. */
const TOKEN_WITHIN_MS = 30_000;

/** A connection token is renewed this long before it expires, */
const RENEWAL_AHEAD_MS = 60_000;
/** at the latest this long after it was issued, */
const LATEST_RENEWAL_MS = 12 * 3_600_000;
/** and no sooner: a clock that is far off must not make it a loop. */
const EARLIEST_RENEWAL_MS = 30_000;

const RENEWAL_RETRY_BASE_MS = 2_000;
const RENEWAL_RETRY_CAP_MS = 300_000;

/** One participant's connection to the service: its tokens and the socket's URL, fetched and renewed. */
export class ParticipantConnection {
  readonly #identity: ParticipantIdentity;
  readonly #calls: ServiceCalls;
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  #takeOffSignals: (() => void) | null = null;
  #details: ConnectionDetails | null = null;
  #renewing: Promise<void> | null = null;
  #renewalTimer: Timer | null = null;
  #renewalDueAt = Infinity;
  #failedRenewals = 0;
  #stopped = false;
  #disposed = false;

  constructor(identity: ParticipantIdentity, calls: ServiceCalls, platform: Platform, logger: ChatLogger) {
    this.#identity = identity;
    this.#calls = calls;
    this.#platform = platform;
    this.#logger = logger;
  }

  get details(): ConnectionDetails | null {
    return this.#details;
  }

  get #token(): string | null {
    return this.#details?.connectionToken ?? null;
  }

  /**
   * The first connection: agents' own `getConnectionToken`; where there is none, or it fails, CreateParticipantConnection,
   * which acknowledges an agent's contact as well.
   */
  async establish(options?: CallOptions): Promise<ConnectionDetails> {
    const { getConnectionToken } = this.#identity;
    if (getConnectionToken === null) return this.#create(SOCKET_AND_TOKEN, options);
    try {
      return this.#store({ ...NOTHING_YET, ...(await this.#askForToken(getConnectionToken, options)) });
    } catch (error) {
      this.#logger.warn("getConnectionToken failed; CreateParticipantConnection is tried instead", error);
      return this.#create(SOCKET_AND_TOKEN, options);
    }
  }

  /** A fresh socket URL, once: who reconnects decides when to try again. Agents' contacts are acknowledged on the way. */
  fetchSocket(): Promise<ConnectionDetails> {
    return this.#create(SOCKET_AND_TOKEN, { policy: RETRY.once });
  }

  /** Tells the service that the agent's side is connected: CreateParticipantConnection without Type. */
  async acknowledge(): Promise<void> {
    const token = this.#identity.participantToken ?? this.#token;
    const { countAgent } = this.#identity;
    countAgent?.("CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1);
    try {
      await this.#ask(token, null, true, () => undefined);
    } catch (error) {
      countAgent?.("CREATE_PARTICIPANT_CONACK_FAILURE", 1);
      throw error;
    }
    if (this.#details) this.#details = { ...this.#details, connectionAcknowledged: true };
  }

  /**
   * A call under the connection token. A 403 renews the token, one renewal at a time for all waiting calls, and the call
   * is made once more with the new one.
   */
  async authorized<T>(operation: string, attempt: Attempt<T>, options?: RunOptions): Promise<T> {
    const token = this.#token;
    try {
      return await this.attempt(operation, attempt, options);
    } catch (error) {
      if (token === null || !isTokenRefused(error)) throw error;
      if (this.#token === token) {
        try {
          await this.#renew(RETRY.standard);
        } catch (renewal) {
          // The renewal's own failure is logged; what the caller asks about is the call's. It may succeed where the
          // renewal does.
          throw isRefusal(renewal) ? error : worthAnotherTry(error);
        }
      }
      return this.attempt(operation, attempt, options);
    }
  }

  /** A call under the present token: a 403 is reported, not answered with a renewal. */
  attempt<T>(operation: string, attempt: Attempt<T>, options?: RunOptions): Promise<T> {
    const token = this.#token;
    return this.#calls.run(operation, (client, given) => attempt(client, token, given), options);
  }

  /** No renewal ahead of time any more; the details stay, and a call that is refused still renews. */
  stop(): void {
    this.#stopped = true;
    this.#takeOffSignals?.();
    this.#renewIn(Infinity);
  }

  dispose(): void {
    this.#disposed = true;
    this.stop();
    this.#details = null;
  }

  async #create(request: Request, options?: RunOptions): Promise<ConnectionDetails> {
    const acknowledge = this.#identity.type === "AGENT" && request !== NEW_TOKEN;
    const isCustom = !isBundled(this.#calls.client);
    const { participantToken, manager } = this.#identity;
    const answer = await this.#ask(
      participantToken,
      request.type,
      acknowledge || null,
      (given) =>
        readConnection(given, {
          socket: !manager && request.socket,
          // A renewal that brings none has failed; an answer with a socket alone leaves the token as it is.
          token: !isCustom && (request === NEW_TOKEN || !this.#token),
        }),
      options,
    );
    // A custom client that once answered without credentials has made the session's calls go without a token for good.
    const isTokenless =
      this.#details?.connectionToken === null || (isCustom && answer.connectionToken === undefined);
    return this.#store({
      ...NOTHING_YET,
      ...this.#details,
      ...answer,
      ...(isTokenless && NO_TOKEN),
      ...(acknowledge && { connectionAcknowledged: true }),
    });
  }

  /** CreateParticipantConnection, counted for agents. An answer that `read` throws for is a failed attempt. */
  async #ask<T>(
    token: string | null,
    type: readonly ConnectionType[] | null,
    acknowledge: true | null,
    read: (answer: ServiceAnswer<unknown>) => T,
    options?: RunOptions,
  ): Promise<T> {
    const { countAgent } = this.#identity;
    try {
      const answer = await this.#calls.run(
        "CreateParticipantConnection",
        async (client, given) => {
          const create = method(client, "createParticipantConnection");
          // A copy for each attempt: a custom client may change it.
          return read(await create(token, type && [...type], acknowledge, given));
        },
        options,
      );
      countAgent?.("AGENT_CREATE_PARTICIPANT_ERROR_RATE", 0);
      return answer;
    } catch (error) {
      if (isOutage(error)) countAgent?.("AGENT_CREATE_PARTICIPANT_ERROR_RATE", 1);
      throw error;
    }
  }

  async #askForToken(
    getConnectionToken: GetConnectionToken,
    options?: CallOptions,
  ): Promise<Pick<ConnectionDetails, "connectionToken" | "connectionTokenExpiry">> {
    let answer: unknown;
    try {
      answer = await this.#calls.ask(
        TOKEN_WITHIN_MS,
        "getConnectionToken did not settle",
        async () => getConnectionToken(),
        options,
      );
      this.#identity.countAgent?.("AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 0);
    } catch (error) {
      this.#identity.countAgent?.("AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 1);
      throw toChatError(error, "ClientError", "getConnectionToken failed.");
    }
    const transport = isObject(answer) ? answer["chatTokenTransport"] : undefined;
    const { participantToken: token, expiry } = isObject(transport) ? transport : {};
    if (typeof token !== "string") {
      throw new ChatError(
        "ClientError",
        "getConnectionToken resolved without chatTokenTransport.participantToken.",
      );
    }
    this.#logger.debug("getConnectionToken succeeded");
    return { connectionToken: token, connectionTokenExpiry: typeof expiry === "string" ? expiry : null };
  }

  #store(details: ConnectionDetails): ConnectionDetails {
    if (this.#disposed) throw new ChatError("Aborted", "The session was closed meanwhile.");
    this.#details = details;
    this.#failedRenewals = 0;
    if (!this.#stopped) this.#takeOffSignals ??= this.#renewOnWaking();
    this.#renewIn(details.connectionToken === null ? Infinity : this.#renewalDelayMs(details));
    return details;
  }

  #renewalDelayMs({ connectionTokenExpiry }: ConnectionDetails): number {
    const expiresAt = Date.parse(connectionTokenExpiry ?? "");
    if (Number.isNaN(expiresAt)) return LATEST_RENEWAL_MS;
    const delayMs = expiresAt - RENEWAL_AHEAD_MS - this.#platform.now();
    return Math.min(LATEST_RENEWAL_MS, Math.max(EARLIEST_RENEWAL_MS, delayMs));
  }

  /** Infinity for never; nor is any renewed ahead of time after stop(). */
  #renewIn(delayMs: number): void {
    this.#renewalTimer?.cancel();
    this.#renewalDueAt = this.#platform.now() + delayMs;
    if (delayMs === Infinity || this.#stopped) return;
    this.#renewalTimer = this.#platform.startTimer(() => this.#renewInTime(), delayMs);
  }

  /**
   * A page that slept past the renewal's time wakes with an expired token and a late timer; and a renewal that failed
   * before may succeed now.
   */
  #renewOnWaking(): () => void {
    return this.#platform.onSignal((signal) => {
      if (["hidden", "leaving", "offline"].includes(signal) || this.#renewing) return;
      if (this.#failedRenewals > 0 || this.#platform.now() >= this.#renewalDueAt) this.#renewInTime();
    });
  }

  #renewInTime(): void {
    this.#renew().catch((error: unknown) => {
      const delayMs = pauseAfterMs(
        error,
        this.#platform,
        this.#failedRenewals,
        RENEWAL_RETRY_BASE_MS,
        RENEWAL_RETRY_CAP_MS,
      );
      this.#failedRenewals += 1;
      this.#renewIn(delayMs);
    });
  }

  #renew(policy: RetryPolicy = RETRY.once): Promise<void> {
    this.#renewing ??= this.#fetchToken(policy).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #fetchToken(policy: RetryPolicy): Promise<void> {
    const { getConnectionToken } = this.#identity;
    if (getConnectionToken === null) {
      await this.#create(NEW_TOKEN, { policy });
      return;
    }
    try {
      const renewed = await this.#askForToken(getConnectionToken);
      if (this.#details) this.#store({ ...this.#details, ...renewed });
    } catch (error) {
      this.#logger.error("The connection token could not be renewed", error);
      throw error;
    }
  }
}

/** The service's 403: from a storage it would say nothing about our token. */
function isTokenRefused(error: unknown): error is ChatError {
  return isChatError(error) && error.statusCode === 403 && error.code !== "StorageError";
}

/** Whether the service said no, rather than nothing at all. */
function isRefusal(error: unknown): boolean {
  const { statusCode = 0 } = isChatError(error) ? error : {};
  return statusCode >= 400 && statusCode < 500 && statusCode !== 429;
}
