import type { CallOptions, ConnectionType, ServiceAnswer } from "../api/client";
import type { LibraryLogger } from "../api/logging";
import type { GetConnectionToken, SessionType } from "../api/create";
import { ChatError, isChatError, kindOf, toChatError } from "../errors";
import { isOutage, type CountAgentMetric } from "../observability/agent-counts";
import type { Platform } from "../platform";
import { objectOf, textOrNull } from "../util/json";
import { boundMethod, type Attempt } from "./client-methods";
import { readConnection } from "./connection-response";
import { asRetryable } from "./failures";
import { Renewal } from "./renewal";
import { RETRY, type RetryPolicy } from "./retry";
import type { CallSetup, RunOptions, ServiceCalls } from "./service-calls";
import { isBundled } from "./service-client";
import type { SessionConnection } from "./types";

export interface ParticipantIdentity extends CallSetup {
  readonly type: SessionType;
  readonly participantToken: string | null;
  /** Fetches an agent's connection token. Null for customers and for agents that have a participant token. */
  readonly getConnectionToken: GetConnectionToken | null;
  /** An external socket manager. If it is set, the session doesn't need a socket URL. */
  readonly manager?: unknown;
  /** Returns a host for which `ws://` is also allowed, or null. */
  readonly unencryptedHost?: () => string | null;
  /** Counts the outcomes of an agent's calls. Null for customers. */
  readonly countAgentMetric?: CountAgentMetric | null;
}

/** The connection types to request from CreateParticipantConnection. */
const TOKEN: readonly ConnectionType[] = ["CONNECTION_CREDENTIALS"];
const SOCKET_AND_TOKEN: typeof TOKEN = ["WEBSOCKET", ...TOKEN];

const NO_TOKEN = { connectionToken: null, connectionTokenExpiry: null };

const NO_DETAILS: SessionConnection = {
  url: null,
  expiry: null,
  // The service closes a socket after 59 minutes.
  transportLifeTimeInSeconds: 3540,
  connectionAcknowledged: false,
  ...NO_TOKEN,
};

/** The timeout for an agent's `getConnectionToken()`. */
const GET_TOKEN_TIMEOUT_MS = 30_000;

/** Fetches a participant's connection token and socket URL. Renews the token before it expires, and after a 403. */
export class ParticipantConnection {
  readonly #identity: ParticipantIdentity;
  readonly #calls: ServiceCalls;
  readonly #logger: LibraryLogger;
  #details: SessionConnection | null = null;
  readonly #renewal: Renewal;

  constructor(identity: ParticipantIdentity, calls: ServiceCalls, platform: Platform, logger: LibraryLogger) {
    this.#identity = identity;
    this.#calls = calls;
    this.#logger = logger;
    this.#renewal = new Renewal(platform, (policy) => this.#renewToken(policy));
  }

  get details(): SessionConnection | null {
    return this.#details;
  }

  get #token(): string | null {
    return this.#details?.connectionToken ?? null;
  }

  /**
   * Gets the first connection token from an agent's `getConnectionToken()`. If that function is missing or fails, calls
   * CreateParticipantConnection, which also acknowledges an agent's contact.
   */
  async establish(options?: CallOptions): Promise<SessionConnection> {
    const { getConnectionToken } = this.#identity;
    if (getConnectionToken === null) return this.#createConnection(SOCKET_AND_TOKEN, options);
    try {
      return this.#store({ ...NO_DETAILS, ...(await this.#requestToken(getConnectionToken, options)) });
    } catch (error) {
      this.#logger.warn("getConnectionToken failed; calling CreateParticipantConnection instead", error);
      return this.#createConnection(SOCKET_AND_TOKEN, options);
    }
  }

  /**
   * Fetches a new socket URL and acknowledges an agent's contact. Makes a single attempt, because the caller decides
   * when to retry.
   */
  fetchSocket(): Promise<SessionConnection> {
    return this.#createConnection(SOCKET_AND_TOKEN, { policy: RETRY.once, isInternal: true });
  }

  /** Acknowledges an agent's contact by calling CreateParticipantConnection without a Type. */
  async acknowledge(): Promise<void> {
    const token = this.#identity.participantToken ?? this.#token;
    const { countAgentMetric } = this.#identity;
    countAgentMetric?.("CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1);
    try {
      await this.#requestConnection(token, null, true, () => undefined, { isInternal: true });
    } catch (error) {
      countAgentMetric?.("CREATE_PARTICIPANT_CONACK_FAILURE", 1);
      throw error;
    }
    if (this.#details) this.#details = { ...this.#details, connectionAcknowledged: true };
  }

  /**
   * Makes a call with the connection token. After a 403, renews the token and repeats the call with the new token.
   * Concurrent calls share a single renewal.
   */
  async callWithRenewal<T>(operation: string, attempt: Attempt<T>, options?: RunOptions): Promise<T> {
    const token = this.#token;
    try {
      return await this.call(operation, attempt, options);
    } catch (error) {
      if (token === null || !isForbidden(error)) throw error;
      if (this.#token === token) {
        try {
          await this.#renewal.renew(RETRY.standard);
        } catch (renewalError) {
          // The failed renewal has already been logged, so the caller gets the call's own error. That error is
          // retryable, unless the service also refused the renewal.
          throw isRefusal(renewalError) ? error : asRetryable(error);
        }
      }
      return this.call(operation, attempt, options);
    }
  }

  /** Makes a call with the current token. Doesn't renew the token after a 403. */
  call<T>(operation: string, attempt: Attempt<T>, options?: RunOptions): Promise<T> {
    const token = this.#token;
    return this.#calls.run(operation, (client, callOptions) => attempt(client, token, callOptions), options);
  }

  /** Stops the scheduled renewal. The details are kept, and a 403 still renews the token. */
  stop(): void {
    this.#renewal.stop();
  }

  /** Stops the scheduled renewal and discards the details. */
  dispose(): void {
    this.stop();
    this.#details = null;
  }

  async #createConnection(type: typeof TOKEN, options?: RunOptions): Promise<SessionConnection> {
    const isRenewal = type === TOKEN;
    const acknowledge = this.#identity.type === "AGENT" && !isRenewal;
    const { client, participantToken, manager, unencryptedHost } = this.#identity;
    const isCustom = !isBundled(client);
    const connection = await this.#requestConnection(
      participantToken,
      type,
      acknowledge || null,
      (response) =>
        readConnection(response, {
          socket: !manager && !isRenewal,
          // A renewal must return a token. On any other call, the current token is kept if the response has no token.
          token: !isCustom && (isRenewal || !this.#token),
          unencryptedHost: unencryptedHost?.() ?? null,
        }),
      options,
    );
    // After a custom client has returned no credentials, the session makes all its calls without a token.
    const isTokenless =
      this.#details?.connectionToken === null || (isCustom && connection.connectionToken === undefined);
    return this.#store({
      ...NO_DETAILS,
      ...this.#details,
      ...connection,
      ...(isTokenless && NO_TOKEN),
      ...(acknowledge && { connectionAcknowledged: true }),
    });
  }

  /** Calls CreateParticipantConnection, and counts the outcome for an agent. An attempt also fails if `read` throws. */
  async #requestConnection<T>(
    token: string | null,
    type: readonly ConnectionType[] | null,
    acknowledge: true | null,
    read: (response: ServiceAnswer<unknown>) => T,
    options?: RunOptions,
  ): Promise<T> {
    const { countAgentMetric } = this.#identity;
    try {
      const result = await this.#calls.run(
        "CreateParticipantConnection",
        async (client, callOptions) => {
          const create = boundMethod(client, "createParticipantConnection");
          // Each attempt gets its own copy, because a custom client may modify the array.
          return read(await create(token, type && [...type], acknowledge, callOptions));
        },
        options,
      );
      countAgentMetric?.("AGENT_CREATE_PARTICIPANT_ERROR_RATE", 0);
      return result;
    } catch (error) {
      if (isOutage(error)) countAgentMetric?.("AGENT_CREATE_PARTICIPANT_ERROR_RATE", 1);
      throw error;
    }
  }

  async #requestToken(
    getConnectionToken: GetConnectionToken,
    options?: CallOptions,
  ): Promise<Pick<SessionConnection, "connectionToken" | "connectionTokenExpiry">> {
    let result: unknown;
    try {
      result = await this.#calls.waitFor(
        GET_TOKEN_TIMEOUT_MS,
        "getConnectionToken did not settle",
        async () => getConnectionToken(),
        options,
      );
      this.#identity.countAgentMetric?.("AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 0);
    } catch (error) {
      this.#identity.countAgentMetric?.("AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 1);
      throw toChatError(error, "ClientError", "getConnectionToken failed without a message.");
    }
    const { participantToken: token, expiry } = objectOf(objectOf(result)["chatTokenTransport"]);
    if (typeof token !== "string") {
      throw new ChatError(
        "ClientError",
        `getConnectionToken must resolve with a string in chatTokenTransport.participantToken; got ${kindOf(token)}.`,
      );
    }
    this.#logger.debug("getConnectionToken succeeded");
    return { connectionToken: token, connectionTokenExpiry: textOrNull(expiry) };
  }

  #store(details: SessionConnection): SessionConnection {
    this.#details = details;
    this.#renewal.onTokenIssued(details);
    return details;
  }

  async #renewToken(policy: RetryPolicy): Promise<void> {
    const { getConnectionToken } = this.#identity;
    if (getConnectionToken === null) {
      await this.#createConnection(TOKEN, { policy, isInternal: true });
      return;
    }
    try {
      const renewed = await this.#requestToken(getConnectionToken);
      if (this.#details) this.#store({ ...this.#details, ...renewed });
    } catch (error) {
      this.#logger.error("The connection token could not be renewed", error);
      throw error;
    }
  }
}

/**
 * Returns whether a call was refused with 403. A 403 from attachment storage doesn't count, because it isn't about the
 * token.
 */
export function isForbidden(error: unknown): error is ChatError {
  return isChatError(error) && error.statusCode === 403 && error.code !== "StorageError";
}

/** Returns whether the service refused the call, as opposed to failing, throttling it, or not responding. */
function isRefusal(error: unknown): boolean {
  const { statusCode = 0 } = isChatError(error) ? error : {};
  return statusCode >= 400 && statusCode < 500 && statusCode !== 429;
}
