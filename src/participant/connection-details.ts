import { ChatError, isChatError, pauseAfterMs, toChatError } from "../errors";
import type { AgentCounts } from "../observability/agent-counts";
import type { ChatLogger } from "../observability/logger";
import type { Platform, Timer } from "../platform";
import { isObject } from "../util/json";
import type { CallOptions, ChatClient } from "./chat-client";
import { method } from "./client-methods";
import { readConnection, type ConnectionNeeds } from "./connection-answer";
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
  readonly agentCounts?: AgentCounts | null;
}

/** What CreateParticipantConnection is asked for, and whether its answer needs a socket's URL. */
interface Request {
  readonly type: readonly ConnectionType[];
  readonly socket: ConnectionNeeds["socket"];
}

const FIRST: Request = { type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], socket: "unlessToken" };
const NEW_SOCKET: Request = { ...FIRST, socket: "always" };
const NEW_TOKEN: Request = { type: ["CONNECTION_CREDENTIALS"], socket: "never" };

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

/** A connection token is renewed this long before it expires, and never later than that after it was issued. */
const RENEWAL = {
  aheadMs: 60_000,
  latestMs: 12 * 3_600_000,
  retryBaseMs: 2_000,
  retryCapMs: 300_000,
} as const;

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
  #renewalDueAt = Number.POSITIVE_INFINITY;
  #failedRenewals = 0;
  /** A custom client answered without credentials: from then on the session's calls go without a token. */
  #isTokenless = false;
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

  /**
   * The first connection: agents' own `getConnectionToken`; where there is none, or it fails, CreateParticipantConnection,
   * which acknowledges an agent's contact as well.
   */
  async establish(options?: CallOptions): Promise<ConnectionDetails> {
    const { getConnectionToken } = this.#identity;
    if (getConnectionToken === null) return this.#create(FIRST, RETRY.standard, options);
    try {
      const { token, expiry } = await this.#askForToken(getConnectionToken, options);
      return this.#store({ ...NOTHING_YET, connectionToken: token, connectionTokenExpiry: expiry });
    } catch (error) {
      this.#logger.warn("getConnectionToken failed; CreateParticipantConnection is tried instead", error);
      return this.#create(FIRST, RETRY.standard, options);
    }
  }

  /** A fresh socket URL, once: who reconnects decides when to try again. Agents' contacts are acknowledged on the way. */
  fetchSocket(): Promise<ConnectionDetails> {
    return this.#create(NEW_SOCKET, RETRY.once);
  }

  /** Tells the service that the agent's side is connected: CreateParticipantConnection without Type. */
  async acknowledge(): Promise<void> {
    const token = this.#identity.participantToken ?? this.#details?.connectionToken ?? null;
    const counts = this.#identity.agentCounts;
    counts?.acknowledging();
    try {
      await this.#ask(RETRY.standard, (client, options) =>
        method(client, "createParticipantConnection")(token, null, true, options),
      );
    } catch (error) {
      counts?.acknowledgementFailed();
      throw error;
    }
    if (this.#details) this.#details = { ...this.#details, connectionAcknowledged: true };
  }

  /**
   * A call under the connection token. A 403 renews the token, one renewal at a time for all waiting calls, and the call
   * is made once more with the new one.
   */
  async authorized<T>(
    operation: string,
    policy: RetryPolicy,
    attempt: (client: ChatClient, token: string | null, options: CallOptions) => Promise<T>,
    options?: RunOptions,
  ): Promise<T> {
    const run = (token: string | null): Promise<T> =>
      this.#calls.run(operation, policy, (client, given) => attempt(client, token, given), options);
    const token = this.#details?.connectionToken ?? null;
    try {
      return await run(token);
    } catch (error) {
      if (token === null || !isTokenRefused(error)) throw error;
      if (this.#details?.connectionToken === token) {
        try {
          await this.#renew(RETRY.standard);
        } catch (renewal) {
          // The renewal's own failure is logged; what the caller asks about is the call's. It may succeed where the
          // renewal does.
          throw isRefusal(renewal) ? error : worthAnotherTry(error);
        }
      }
      return run(this.#details?.connectionToken ?? null);
    }
  }

  /** One attempt of a call under the token that there is: a 403 is reported, not answered with a renewal. */
  attempt<T>(
    operation: string,
    attempt: (client: ChatClient, token: string | null, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    const token = this.#details?.connectionToken ?? null;
    return this.#calls.run(operation, RETRY.once, (client, options) => attempt(client, token, options));
  }

  /** No renewal ahead of time any more; the details stay, and a call that is refused still renews. */
  stop(): void {
    this.#stopped = true;
    this.#takeOffSignals?.();
    this.#takeOffSignals = null;
    this.#cancelRenewal();
  }

  dispose(): void {
    this.#disposed = true;
    this.stop();
    this.#details = null;
  }

  async #create(request: Request, policy: RetryPolicy, options?: CallOptions): Promise<ConnectionDetails> {
    const acknowledge = this.#identity.type === "AGENT" && request !== NEW_TOKEN;
    const isCustom = !isBundled(this.#calls.client);
    const answer = await this.#ask(
      policy,
      async (client, given) => {
        const create = method(client, "createParticipantConnection");
        const { participantToken, manager } = this.#identity;
        const answer = await create(participantToken, [...request.type], acknowledge ? true : null, given);
        return readConnection(answer, {
          socket: manager ? "never" : request.socket,
          // A renewal that brings none has failed; an answer with a socket alone leaves the token as it is.
          token: !isCustom && (request === NEW_TOKEN || !this.#details?.connectionToken),
        });
      },
      options,
    );
    this.#isTokenless ||= isCustom && answer.connectionToken === undefined;
    return this.#store({
      ...NOTHING_YET,
      ...this.#details,
      ...answer,
      ...(this.#isTokenless && NO_TOKEN),
      ...(acknowledge && { connectionAcknowledged: true }),
    });
  }

  /** CreateParticipantConnection, counted for agents. */
  async #ask<T>(
    policy: RetryPolicy,
    attempt: (client: ChatClient, options: CallOptions) => Promise<T>,
    options?: CallOptions,
  ): Promise<T> {
    const counts = this.#identity.agentCounts;
    try {
      const answer = await this.#calls.run("CreateParticipantConnection", policy, attempt, options);
      counts?.connectionCreated();
      return answer;
    } catch (error) {
      counts?.connectionFailed(error);
      throw error;
    }
  }

  async #askForToken(
    getConnectionToken: GetConnectionToken,
    options?: CallOptions,
  ): Promise<{ token: string; expiry: string | null }> {
    let answer: unknown;
    try {
      answer = await this.#calls.ask(TOKEN_WITHIN_MS, async () => getConnectionToken(), options);
      this.#identity.agentCounts?.tokenAsked(false);
    } catch (error) {
      this.#identity.agentCounts?.tokenAsked(true);
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
    return { token, expiry: typeof expiry === "string" ? expiry : null };
  }

  #store(details: ConnectionDetails): ConnectionDetails {
    if (this.#disposed) throw new ChatError("Aborted", "The session was closed meanwhile.");
    this.#details = details;
    this.#failedRenewals = 0;
    if (!this.#stopped) this.#takeOffSignals ??= this.#renewOnWaking();
    if (details.connectionToken !== null) this.#scheduleRenewal(details.connectionTokenExpiry);
    else this.#cancelRenewal();
    return details;
  }

  #cancelRenewal(): void {
    this.#renewalTimer?.cancel();
    this.#renewalTimer = null;
    this.#renewalDueAt = Number.POSITIVE_INFINITY;
  }

  #scheduleRenewal(expiry: string | null): void {
    const now = this.#platform.now();
    const expiresAt = Date.parse(expiry ?? "");
    const inMs = Number.isNaN(expiresAt) ? RENEWAL.latestMs : expiresAt - RENEWAL.aheadMs - now;
    // A clock that is far off must not make it a loop: half a minute apart at the least.
    this.#startRenewalTimer(Math.min(RENEWAL.latestMs, Math.max(30_000, inMs)));
  }

  #startRenewalTimer(delayMs: number): void {
    if (this.#stopped) return;
    this.#renewalTimer?.cancel();
    this.#renewalDueAt = this.#platform.now() + delayMs;
    this.#renewalTimer = this.#platform.startTimer(() => this.#renewInTime(), delayMs);
  }

  /**
   * A page that slept past the renewal's time wakes with an expired token and a late timer; and a renewal that failed
   * before may succeed now.
   */
  #renewOnWaking(): () => void {
    return this.#platform.onSignal((signal) => {
      if (signal === "hidden" || signal === "offline" || this.#renewing) return;
      if (this.#failedRenewals > 0 || this.#platform.now() >= this.#renewalDueAt) this.#renewInTime();
    });
  }

  #renewInTime(): void {
    this.#renew().catch((error: unknown) => {
      const delayMs = pauseAfterMs(
        error,
        this.#platform,
        this.#failedRenewals,
        RENEWAL.retryBaseMs,
        RENEWAL.retryCapMs,
      );
      this.#failedRenewals += 1;
      this.#startRenewalTimer(delayMs);
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
      await this.#create(NEW_TOKEN, policy);
      return;
    }
    try {
      const { token, expiry } = await this.#askForToken(getConnectionToken);
      if (this.#details) {
        this.#store({ ...this.#details, connectionToken: token, connectionTokenExpiry: expiry });
      }
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

function worthAnotherTry({ code, message, type, statusCode }: ChatError): ChatError {
  return new ChatError(code, message, { type, statusCode, retryable: true });
}
