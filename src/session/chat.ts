import type { SendEventResponse } from "@aws-sdk/client-connectparticipant";
import type { ChatWebSocketManager, WebSocketTransport } from "../connection/manager-events";
import { LinkHub } from "../connection/link-hub";
import type { IsNetworkOnline } from "../connection/network";
import { shareManager, type OwnManager } from "../connection/own-managers";
import {
  CONNECTION_STATES,
  eventOf,
  nextState,
  type ConnectionSignal,
  type ConnectionState,
  type ConnectionStatus,
} from "../connection/states";
import { RECEIPT_CONTENT_TYPE } from "../conversation/content-types";
import type { ChatEventData, ChatEventMap, ChatEventName } from "../conversation/events";
import { Conversation, ENDED_IN_A_GAP } from "../conversation/conversation";
import type { ReceiptRequest, ReceiptSettings } from "../conversation/receipts";
import { illegalState, isChatError, toChatError, type ChatError } from "../errors";
import type { ChatTranscriptItem } from "../item";
import type { ChatLogger } from "../observability/logger";
import { redactQuotes } from "../observability/redact";
import type { CallOptions, ChatClient } from "../participant/chat-client";
import { ParticipantConnection, type GetConnectionToken } from "../participant/connection-details";
import { RETRY, type RetryPolicy } from "../participant/retry";
import { ServiceCalls, type RunOptions } from "../participant/service-calls";
import { NEWEST_PAGE, type ChatDetails, type ConnectionDetails } from "../participant/types";
import type { Platform } from "../platform";
import { EventBus, type Unsubscribe } from "../util/event-bus";
import { EventQueue } from "../util/event-queue";
import type { ChatMetrics } from "./chat-metrics";
import { connectFailure, type ConnectResult } from "./connect-result";

export type SessionType = "AGENT" | "CUSTOMER";

/** One chat's parts, as create() has checked them. */
export interface ChatSetup {
  readonly type: SessionType;
  readonly contactId: string;
  readonly initialContactId: string;
  readonly participantId: string;
  readonly participantToken: string | null;
  readonly getConnectionToken: GetConnectionToken | null;
  readonly client: ChatClient;
  /** Somebody else's manager; null to make one. */
  readonly manager: ChatWebSocketManager | null;
  readonly isNetworkOnline: () => IsNetworkOnline | null;
  readonly receiptSettings: () => ReceiptSettings;
  /** Null where the session is not counted. */
  readonly metrics: ChatMetrics | null;
}

/** One chat of one participant: wires its parts together and holds its state. */
export class Chat {
  readonly setup: ChatSetup;
  readonly logger: ChatLogger;
  readonly platform: Platform;
  readonly events: EventBus<ChatEventMap>;
  readonly #queue: EventQueue;
  #conversation: Conversation<SendEventResponse>;
  #calls: ServiceCalls;
  #connection: ParticipantConnection;
  #state: ConnectionState = "idle";
  /** The ended chat's handlers are gone and its calls are rejected. */
  #closed = false;
  #deepHeartbeatFailed = false;
  #connecting: Promise<ConnectResult> | null = null;
  #ownManager: OwnManager | null = null;
  #leaveHub: Unsubscribe | null = null;
  /** Told with the first establishment after a `connect()`. */
  #firstEstablished: ConnectResult | null = null;
  /** While this side joins the link, what the link says at once counts as caused by the call. */
  #joining = false;

  constructor(setup: ChatSetup, platform: Platform, logger: ChatLogger) {
    this.setup = setup;
    this.platform = platform;
    this.logger = logger;
    this.events = new EventBus((event, error, payload) =>
      logger.error("A handler failed", { event }, redactQuotes(error, payload)),
    );
    this.#queue = new EventQueue(
      (callback) => platform.queueTask(callback),
      (error) => logger.error("An event could not be told", error),
    );
    this.#conversation = this.#newConversation();
    this.#calls = new ServiceCalls(setup.client, platform, logger, setup.metrics);
    this.#connection = new ParticipantConnection(setup, this.#calls, platform, logger);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get status(): ConnectionStatus {
    return this.#deepHeartbeatFailed ? "Broken" : CONNECTION_STATES[this.#state].status;
  }

  get details(): ChatDetails {
    const { contactId, initialContactId, participantId, participantToken } = this.setup;
    const connectionDetails = this.#connection.details;
    return { contactId, initialContactId, participantId, participantToken, connectionDetails };
  }

  /** Pending or connected: the same outcome again. After a failure: tries anew. */
  connect(metadata: unknown): Promise<ConnectResult> {
    if (this.#closed || this.#state === "ended") {
      const ended = illegalState("The chat has ended: create a session for a new one.");
      return Promise.reject(connectFailure(ended, metadata));
    }
    if (this.#connecting && !CONNECTION_STATES[this.#state].mayConnect) return this.#connecting;
    const connecting = this.#establish(metadata);
    this.#connecting = connecting;
    return connecting;
  }

  get conversation(): Conversation<SendEventResponse> {
    return this.#conversation;
  }

  /** Why no call can be made now; null if one can. */
  refusal(operation: string): ChatError | null {
    if (this.#closed) return illegalState(`${operation}: the chat has ended.`);
    if (this.#connection.details !== null) return null;
    return illegalState(`${operation}: call connect() first, and wait for it.`);
  }

  /** A call under the connection token; rejects before connect() and after the end. */
  call<T>(
    operation: string,
    policy: RetryPolicy,
    attempt: (client: ChatClient, token: string | null, options: CallOptions) => Promise<T>,
    options?: RunOptions,
  ): Promise<T> {
    const refusal = this.refusal(operation);
    if (refusal) return Promise.reject(refusal);
    return this.#connection.authorized(operation, policy, attempt, options);
  }

  /** The customer left: the service's chat.ended is still to come, but no further call makes sense. */
  participantLeft(): void {
    this.#closed = true;
  }

  /** Lets go of everything without telling anybody; `reset()` leaves a chat that can be connected anew. */
  reset(): void {
    this.#release("The session was reset.");
    this.#conversation = this.#newConversation();
    this.#calls = new ServiceCalls(this.setup.client, this.platform, this.logger, this.setup.metrics);
    this.#connection = new ParticipantConnection(this.setup, this.#calls, this.platform, this.logger);
    this.#closed = this.#deepHeartbeatFailed = false;
    this.#state = "idle";
  }

  dispose(): void {
    this.#release("The session was disposed of.");
    this.#closed = true;
    this.#state = "ended";
  }

  #release(message: string): void {
    this.logger.info(message);
    this.#leaveLink();
    this.#conversation.receipts.end();
    this.#calls.abort(message);
    this.#connection.dispose();
    this.#queue.drop();
    this.events.clear();
    this.#connecting = this.#firstEstablished = null;
  }

  // --- connecting --------------------------------------------------------------------------------------------------

  async #establish(metadata: unknown): Promise<ConnectResult> {
    const connection = this.#connection;
    this.#leaveLink();
    this.#signal("connectCalled", "connect() was called", "later");
    try {
      const details = await connection.establish();
      const result: ConnectResult = {
        _debug: { websocketStatus: "Starting" },
        connectSuccess: true,
        connectCalled: true,
        metadata,
      };
      this.#firstEstablished = result;
      this.#joinLink(details);
      if (this.setup.getConnectionToken && !details.connectionAcknowledged && this.setup.manager) {
        // Not a reason to fail: the agent can talk all the same. It is logged, and tried again like any call.
        connection.acknowledge().catch(() => undefined);
      }
      return result;
    } catch (thrown) {
      // After a reset this is another chat's failure.
      if (connection === this.#connection) this.#signal("connectFailed", "connect() failed", "later");
      throw connectFailure(toChatError(thrown, "ClientError", "connect() failed."), metadata);
    }
  }

  #joinLink(details: ConnectionDetails): void {
    const { contactId, initialContactId, participantId, manager: given, isNetworkOnline } = this.setup;
    let unused = details.url === null ? null : details;
    this.#ownManager = given
      ? null
      : shareManager(
          `${contactId} ${participantId}`,
          this.platform,
          this.logger,
          isNetworkOnline,
          async () => {
            const socket = unused ?? (await this.#fetchSocket());
            unused = null;
            return { webSocketTransport: transportOf(socket) };
          },
        );
    const manager = given ?? this.#ownManager?.manager;
    if (!manager) return;
    this.#joining = true;
    try {
      this.#leaveHub = LinkHub.join(
        manager,
        {
          contactId,
          initialContactId,
          knowsMessage: (messageId) => this.#conversation.knowsMessage(messageId),
          up: () =>
            this.#signal("linkUp", "the socket is open and subscribed", this.#joining ? "later" : "run"),
          lost: () => this.#signal("linkLost", "the socket was lost", "run"),
          failed: (reason) => this.#gaveUp(reason),
          item: (item) => this.#receive(item),
          damaged: () => this.logger.warn("Something may be missing: a frame of the chat was damaged"),
          deepHeartbeat: (healthy) => this.#deepHeartbeat(healthy),
        },
        this.logger,
      );
    } finally {
      this.#joining = false;
    }
  }

  /** A 403 while the link is down means that the chat ended; with the link up it is only a failed renewal. */
  async #fetchSocket(): Promise<ConnectionDetails> {
    const startedAt = this.platform.now();
    const counted = (failed: boolean): void =>
      this.setup.metrics?.socketFetched(this.platform.now() - startedAt, failed);
    try {
      const details = await this.#connection.fetchSocket();
      counted(false);
      return details;
    } catch (error) {
      counted(true);
      const refused = isChatError(error) && error.statusCode === 403;
      // A refusal never ends an agent's session: its token may be for one use only.
      if (refused && this.setup.type === "CUSTOMER" && this.#state !== "connected")
        this.#chatEnded(ENDED_IN_A_GAP);
      throw error;
    }
  }

  #gaveUp(reason: string): void {
    this.logger.error("The link is given up", { reason });
    this.setup.metrics?.link("WebsocketEnded");
    this.#leaveLink();
    this.#signal("gaveUp", reason, "run");
  }

  #leaveLink(): void {
    this.#leaveHub?.();
    this.#ownManager?.release();
    this.#leaveHub = this.#ownManager = null;
  }

  /** Moves the state by its table, and tells what the table says; a signal that the state does not heed does nothing. */
  #signal(signal: ConnectionSignal, reason: string, when: "run" | "later"): void {
    const oldState = this.#state;
    const newState = nextState(oldState, signal);
    if (newState === null) return;
    this.#state = newState;
    this.#deepHeartbeatFailed = false;
    this.logger.info("The connection's state changed", { oldState, newState, reason });
    this.setup.metrics?.entered(newState);
    this.#queue[when](() => {
      this.#emit("connectionStateChanged", { oldState, newState, reason });
      const event = eventOf(newState, signal);
      if (event === "connectionEstablished") this.#emitEstablished();
      else if (event !== null) this.#emit(event, {});
    });
  }

  #emitEstablished(): void {
    const first = this.#firstEstablished ?? {};
    this.#firstEstablished = null;
    this.events.emit("connectionEstablished", { ...first, chatDetails: this.details, data: {} });
    if (this.events.has("transcriptUpdated")) void this.#fetchTranscript();
  }

  /** What was said before, or while the link was down, for those who keep the transcript. */
  async #fetchTranscript(): Promise<void> {
    const conversation = this.#conversation;
    try {
      const { Transcript: items, NextToken: nextToken = null } = await this.call(
        "GetTranscript",
        RETRY.standard,
        async (client, token, given) => (await client.getTranscript(token, NEWEST_PAGE, given)).data,
      );
      conversation.learn(items, nextToken, true);
    } catch (error) {
      this.logger.warn("The transcript could not be fetched", error);
    }
  }

  #emit<Name extends ChatEventName>(name: Name, data: ChatEventData<Name>): void {
    // The map gives each name the event of its data; the compiler cannot see that through a type parameter.
    this.events.emit(name, { chatDetails: this.details, data } as ChatEventMap[Name]);
  }

  // --- what comes in -----------------------------------------------------------------------------------------------

  #newConversation(): Conversation<SendEventResponse> {
    const { participantId, type, receiptSettings } = this.setup;
    return new Conversation(this.platform, {
      participantId,
      role: type,
      receiptSettings,
      tell: (name, item) => this.#queue.run(() => this.#emit(name, item)),
      keepsTranscript: () => this.events.has("transcriptUpdated"),
      transcriptChanged: (by) =>
        this.#queue[by === "frame" ? "run" : "later"](() =>
          this.#emit("transcriptUpdated", this.#conversation.transcript),
        ),
      sendReceipt: (request) => this.sendReceipt(request),
      ended: (item) => this.#chatEnded(item),
      transferred: () => this.#transferred(),
      leftOut: (why, { ContentType }) => this.logger.debug("An item was left out", { why, ContentType }),
    });
  }

  /** SendEvent of a receipt, at once. */
  sendReceipt(
    { kind, content }: Pick<ReceiptRequest, "kind" | "content">,
    clientToken = this.platform.uuid(),
    options?: CallOptions,
  ): Promise<SendEventResponse> {
    return this.call(
      "SendEvent",
      RETRY.standard,
      async (client, token, given) =>
        (await client.sendEvent(token, RECEIPT_CONTENT_TYPE[kind], content, clientToken, given)).data,
      { ...options, contentType: RECEIPT_CONTENT_TYPE[kind] },
    );
  }

  #receive(item: ChatTranscriptItem): void {
    if (this.#state === "ended") return;
    this.setup.metrics?.link("WebsocketIncomingMessage");
    this.#conversation.receive(item);
  }

  /** The agent's part is over, the contact is not: no end is told, and calls still go over HTTPS. */
  #transferred(): void {
    if (this.setup.type !== "AGENT") return;
    this.#leaveLink();
    // A call that needs a new token asks for one itself.
    this.#connection.stop();
    this.#signal("left", "the contact was transferred", "later");
  }

  #deepHeartbeat(healthy: boolean): void {
    this.#deepHeartbeatFailed = !healthy;
    this.setup.metrics?.link(healthy ? "WebsocketDeepHeartbeatSuccess" : "WebsocketDeepHeartbeatFailure");
    const name = healthy ? "deepHeartbeatSuccess" : "deepHeartbeatFailure";
    this.#queue.run(() => this.#emit(name, {}));
  }

  /** The socket closes at once; the item and the end are told later, and only then handlers go and calls are rejected. */
  #chatEnded(item: ChatTranscriptItem): void {
    // A socket's details that are refused after the end say the same once more.
    if (this.#state === "ended") return;
    const connection = this.#connection;
    this.#leaveLink();
    this.#calls.stopRetrying();
    this.#conversation.receipts.end();
    this.#signal("chatEnded", "the chat ended", "later");
    this.#queue.later(() => this.#emit("message", item));
    this.#queue.later(() => this.#conversation.record(item));
    this.#queue.later(() => this.#emit("ended", null));
    this.#queue.later(() => {
      // A handler of the end may have reset the session: what follows is another life.
      if (connection !== this.#connection) return;
      this.#closed = true;
      connection.stop();
      this.events.clear();
    });
  }
}

function transportOf(details: ConnectionDetails): WebSocketTransport {
  const { url, expiry, transportLifeTimeInSeconds } = details;
  return { url: url ?? "", expiry, transportLifeTimeInSeconds };
}
