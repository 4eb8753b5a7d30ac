import type { CallOptions, ConnectionType, ServiceAnswer } from "../api/client";
import type { LibraryLogger } from "../api/logging";
import type { GetConnectionToken, SessionType } from "../api/create";
import { ChatError, isChatError, toChatError } from "../errors";
import { isOutage, type CountAgent } from "../observability/agent-counts";
import type { Platform } from "../platform";
import { objectOf, textOrNull } from "../util/json";
import { method, type Attempt } from "./client-methods";
import { readConnection } from "./connection-answer";
import { worthAnotherTry } from "./failures";
import { Renewal } from "./renewal";
import { RETRY, type RetryPolicy } from "./retry";
import type { CallSetup, RunOptions, ServiceCalls } from "./service-calls";
import { isBundled } from "./service-client";
import type { KnownConnection } from "./types";

export interface ParticipantIdentity extends CallSetup {
  readonly type: SessionType;
  readonly participantToken: string | null;
  /** Agents: gives the connection token. Null for customers, and for agents who go by a participant token. */
  readonly getConnectionToken: GetConnectionToken | null;
  /** An external manager has the socket: then the session needs none. */
  readonly manager?: unknown;
  /** Besides this machine, the host to which a socket may be opened without encryption. */
  readonly plainHost?: () => string | null;
  /** Agents only: how their calls fare. */
  readonly countAgent?: CountAgent | null;
}

/** What CreateParticipantConnection is asked for. */
const TOKEN: readonly ConnectionType[] = ["CONNECTION_CREDENTIALS"];
const SOCKET_AND_TOKEN: typeof TOKEN = ["WEBSOCKET", ...TOKEN];

const NO_TOKEN = { connectionToken: null, connectionTokenExpiry: null };

const NOTHING_YET: KnownConnection = {
  url: null,
  expiry: null,
  // How long the service keeps a socket open before it has to be replaced.
  transportLifeTimeInSeconds: 3540,
  connectionAcknowledged: false,
  ...NO_TOKEN,
};

/** How long an agent's own `getConnectionToken()` may take. */
const TOKEN_WITHIN_MS = 30_000;

/** A participant's connection: its token and its socket's URL, fetched, renewed ahead of time, and after a 403. */
export class ParticipantConnection {
  readonly #identity: ParticipantIdentity;
  readonly #calls: ServiceCalls;
  readonly #logger: LibraryLogger;
  #details: KnownConnection | null = null;
  readonly #renewal: Renewal;

  constructor(identity: ParticipantIdentity, calls: ServiceCalls, platform: Platform, logger: LibraryLogger) {
    this.#identity = identity;
    this.#calls = calls;
    this.#logger = logger;
    this.#renewal = new Renewal(platform, (policy) => this.#fetchToken(policy));
  }

  get details(): KnownConnection | null {
    return this.#details;
  }

  get #token(): string | null {
    return this.#details?.connectionToken ?? null;
  }

  /**
   * The first connection: agents' own `getConnectionToken`; where there is none, or it fails, CreateParticipantConnection,
   * which acknowledges an agent's contact as well.
   */
  async establish(options?: CallOptions): Promise<KnownConnection> {
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
  fetchSocket(): Promise<KnownConnection> {
    return this.#create(SOCKET_AND_TOKEN, { policy: RETRY.once, isOwn: true });
  }

  /** Tells the service that the agent's side is connected: CreateParticipantConnection without Type. */
  async acknowledge(): Promise<void> {
    const token = this.#identity.participantToken ?? this.#token;
    const { countAgent } = this.#identity;
    countAgent?.("CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1);
    try {
      await this.#ask(token, null, true, () => undefined, { isOwn: true });
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
          await this.#renewal.renew(RETRY.standard);
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
    this.#renewal.stop();
  }

  /** The details are forgotten, too. */
  dispose(): void {
    this.stop();
    this.#details = null;
  }

  async #create(type: typeof TOKEN, options?: RunOptions): Promise<KnownConnection> {
    const isRenewal = type === TOKEN;
    const acknowledge = this.#identity.type === "AGENT" && !isRenewal;
    const { client, participantToken, manager, plainHost } = this.#identity;
    const isCustom = !isBundled(client);
    const answer = await this.#ask(
      participantToken,
      type,
      acknowledge || null,
      (given) =>
        readConnection(given, {
          socket: !manager && !isRenewal,
          // A renewal that brings none has failed; an answer with a socket alone leaves the token as it is.
          token: !isCustom && (isRenewal || !this.#token),
          plainHost: plainHost?.() ?? null,
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
  ): Promise<Pick<KnownConnection, "connectionToken" | "connectionTokenExpiry">> {
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
    const { participantToken: token, expiry } = objectOf(objectOf(answer)["chatTokenTransport"]);
    if (typeof token !== "string") {
      throw new ChatError(
        "ClientError",
        "getConnectionToken resolved without chatTokenTransport.participantToken.",
      );
    }
    this.#logger.debug("getConnectionToken succeeded");
    return { connectionToken: token, connectionTokenExpiry: textOrNull(expiry) };
  }

  #store(details: KnownConnection): KnownConnection {
    this.#details = details;
    this.#renewal.issued(details);
    return details;
  }

  async #fetchToken(policy: RetryPolicy): Promise<void> {
    const { getConnectionToken } = this.#identity;
    if (getConnectionToken === null) {
      await this.#create(TOKEN, { policy, isOwn: true });
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
export function isTokenRefused(error: unknown): error is ChatError {
  return isChatError(error) && error.statusCode === 403 && error.code !== "StorageError";
}

/** Whether the service said no, rather than nothing at all. */
function isRefusal(error: unknown): boolean {
  const { statusCode = 0 } = isChatError(error) ? error : {};
  return statusCode >= 400 && statusCode < 500 && statusCode !== 429;
}
