import type { SendEventResponse } from "@aws-sdk/client-connectparticipant";
import { ChatLink } from "../connection/chat-link";
import type { LinkUp } from "../connection/link-hub";
import type { ChatWebSocketManager } from "../connection/manager-events";
import { NetworkMonitor, type IsNetworkOnline } from "../connection/network";
import type { ConnectionState, ConnectionStatus } from "../connection/states";
import { RECEIPT_CONTENT_TYPE } from "../conversation/content-types";
import { Conversation, ENDED_IN_A_GAP, type RecoverySettings } from "../conversation/conversation";
import type { ChatSnapshot } from "../conversation/snapshot";
import type { ReceiptRequest, ReceiptSettings } from "../conversation/receipts";
import { illegalState, isChatError, toChatError, type ChatError } from "../errors";
import type { ChatTranscriptItem } from "../item";
import type { ChatLogger } from "../observability/logger";
import type { StreamsMetrics } from "../observability/streams-metrics";
import type { CallOptions, ChatClient } from "../participant/chat-client";
import { ask } from "../participant/client-methods";
import { RETRY, type OfflineHold, type RetryPolicy } from "../participant/retry";
import { ParticipantConnection, type ParticipantIdentity } from "../participant/connection-details";
import { ServiceCalls, type RunOptions } from "../participant/service-calls";
import { askPage } from "../participant/transcript-page";
import {
  NEWEST_PAGE,
  type ChatDetails,
  type ConnectionDetails,
  type GetTranscriptData,
  type GetTranscriptQuery,
} from "../participant/types";
import type { Platform } from "../platform";
import { callOptions, type ConnectArgs } from "./arguments";
import { ChatEvents, type When } from "./chat-events";
import type { ChatMetrics } from "./chat-metrics";
import { ChatState } from "./chat-state";
import { connectFailure, type ConnectResult } from "./connect-result";
import { metadataOf } from "./results";

type ReceiptCall = Pick<ReceiptRequest, "kind" | "content" | "clientToken">;

/** One chat's parts, as create() has checked them. */
export interface ChatSetup extends ParticipantIdentity {
  readonly contactId: string;
  readonly initialContactId: string;
  readonly participantId: string;
  readonly client: ChatClient;
  /** Somebody else's manager; null to make one. */
  readonly manager: ChatWebSocketManager | null;
  readonly isNetworkOnline: () => IsNetworkOnline | null;
  readonly receiptSettings: () => ReceiptSettings;
  readonly recoverySettings: () => RecoverySettings;
  /** How long a message waits for the network, in milliseconds. */
  readonly offlineHoldMs: () => number;
  /** Where another page's session of this participant was. */
  readonly resume: ChatSnapshot | null;
  /** Null where the session is not counted. */
  readonly metrics: ChatMetrics | null;
  readonly streamsMetrics: StreamsMetrics;
}

/** One chat of one participant: wires its parts together and holds its state. */
export class Chat {
  readonly setup: ChatSetup;
  readonly logger: ChatLogger;
  readonly platform: Platform;
  readonly events: ChatEvents;
  readonly #link: ChatLink;
  readonly #network: NetworkMonitor;
  #conversation: Conversation<SendEventResponse>;
  #calls: ServiceCalls;
  #connection: ParticipantConnection;
  readonly #state: ChatState;
  /** The ended chat's handlers are gone and its calls are rejected. */
  #closed = false;
  #connecting: Promise<ConnectResult> | null = null;

  constructor(setup: ChatSetup, platform: Platform, logger: ChatLogger) {
    this.setup = setup;
    this.platform = platform;
    this.logger = logger;
    this.events = new ChatEvents(platform, logger, () => this.details);
    this.#state = new ChatState(
      logger,
      this.events,
      setup.metrics,
      () => void this.#fetchTranscript(),
      setup.resume !== null,
    );
    this.#network = new NetworkMonitor(platform, setup.isNetworkOnline, logger);
    this.#link = new ChatLink(
      setup,
      platform,
      logger,
      {
        contactId: setup.contactId,
        initialContactId: setup.initialContactId,
        knowsMessage: (messageId) => this.#conversation.knowsMessage(messageId),
        up: (link) => this.#linkUp(link),
        subscribed: () => this.#conversation.subscribed(),
        lost: () => this.#linkLost(),
        failed: (reason) => this.#gaveUp(reason),
        replaced: () => this.#leave("another socket manager took over"),
        item: (item) => this.#receive(item),
        damaged: (chats) => this.#damaged(chats),
        deepHeartbeat: (healthy) => this.#deepHeartbeat(healthy),
      },
      () => this.#fetchSocket(),
    );
    this.#conversation = this.#newConversation(setup.resume);
    this.#calls = new ServiceCalls(setup.client, platform, logger, setup.metrics);
    this.#connection = new ParticipantConnection(setup, this.#calls, platform, logger);
  }

  get state(): ConnectionState {
    return this.#state.current;
  }

  get status(): ConnectionStatus {
    return this.#state.status;
  }

  get details(): ChatDetails {
    const { contactId, initialContactId, participantId, participantToken } = this.setup;
    const connectionDetails = this.#connection.details;
    return { contactId, initialContactId, participantId, participantToken, connectionDetails };
  }

  /** Pending or connected: the same outcome again. After a failure: tries anew. */
  connect(args?: ConnectArgs): Promise<ConnectResult> {
    const metadata = metadataOf(args);
    if (this.#closed || this.state === "ended") {
      const ended = illegalState("The chat has ended: create a session for a new one.");
      return Promise.reject(connectFailure(ended, metadata));
    }
    if (this.#connecting && !this.#state.mayConnect) return this.#connecting;
    this.#connecting = this.#establish(args, metadata);
    return this.#connecting;
  }

  /** Where a message waits while the device is offline. */
  get offlineHold(): OfflineHold {
    return this.#network.hold(this.setup.offlineHoldMs());
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

  /** Throws where no call can be made now. */
  check(operation: string): void {
    const refusal = this.refusal(operation);
    if (refusal) throw refusal;
  }

  /** A call under the connection token; rejects before connect() and after the end. */
  async call<T>(
    operation: string,
    policy: RetryPolicy,
    attempt: (client: ChatClient, token: string | null, options: CallOptions) => Promise<T>,
    options?: RunOptions,
  ): Promise<T> {
    this.check(operation);
    return this.#connection.authorized(operation, policy, attempt, options);
  }

  /** The service let this side go: its chat.ended is still to come, but no further call makes sense. */
  participantLeft(): void {
    this.#closed = true;
    if (this.state !== "connected") this.#chatEnded();
  }

  /** Lets go of everything without telling anybody; `reset()` leaves a chat that can be connected anew. */
  reset(): void {
    this.#release("The session was reset.");
    this.#conversation = this.#newConversation(null);
    this.#calls = new ServiceCalls(this.setup.client, this.platform, this.logger, this.setup.metrics);
    this.#connection = new ParticipantConnection(this.setup, this.#calls, this.platform, this.logger);
    this.#closed = false;
    this.#state.forget("idle");
  }

  dispose(): void {
    this.#release("The session was disposed of.");
    this.#closed = true;
    this.#state.forget("ended");
  }

  #release(message: string): void {
    this.logger.info(message);
    this.#link.leave();
    this.#conversation.dispose();
    this.#network.dispose();
    this.#calls.abort(message);
    this.#connection.dispose();
    this.events.drop();
    this.#connecting = null;
  }

  // --- connecting --------------------------------------------------------------------------------------------------

  async #establish(args: ConnectArgs | undefined, metadata: unknown): Promise<ConnectResult> {
    const connection = this.#connection;
    this.#link.leave();
    this.#state.signal("connectCalled", "connect() was called", "later");
    try {
      const details = await connection.establish(callOptions(args));
      const result: ConnectResult = {
        _debug: { websocketStatus: "Starting" },
        connectSuccess: true,
        connectCalled: true,
        metadata,
      };
      // Reset or disposed of between the answer and now.
      this.check("connect()");
      this.#state.connectSucceeded(result);
      this.#conversation.connected();
      this.#link.join(details);
      if (this.setup.getConnectionToken && !details.connectionAcknowledged && this.setup.manager) {
        // Not a reason to fail: the agent can talk all the same. It is logged, and tried again like any call.
        connection.acknowledge().catch(() => undefined);
      }
      return result;
    } catch (thrown) {
      this.setup.streamsMetrics.connectFailed();
      // After a reset this is another chat's failure.
      if (connection === this.#connection) this.#state.signal("connectFailed", "connect() failed", "later");
      throw connectFailure(toChatError(thrown, "ClientError", "connect() failed."), metadata);
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
      if (refused && this.setup.type === "CUSTOMER" && this.state !== "connected") this.#chatEnded();
      throw error;
    }
  }

  // --- the link ----------------------------------------------------------------------------------------------------

  #linkUp({ chats, isSubscribed }: LinkUp): void {
    // What the link says while this side joins it counts as caused by the call.
    if (!this.#state.linkUp(this.#link.joining ? "later" : "run")) return;
    const onSettled = (): void => this.#state.settled();
    this.#conversation.recover({ kind: "reconnected", chats, isSubscribed, onSettled });
  }

  #linkLost(): void {
    if (this.#closed) this.#chatEnded();
    this.#conversation.lost();
    this.#state.linkLost();
  }

  #gaveUp(reason: string): void {
    this.logger.error("The link is given up", { reason });
    this.setup.metrics?.link("WebsocketEnded");
    this.#link.leave();
    // What never came up has lost nothing that a recovery would bring.
    if (this.state !== "connecting") this.#conversation.lost();
    this.#state.signal("gaveUp", reason, "run");
  }

  #damaged(chats: number): void {
    this.logger.warn("Something may be missing: a frame of the chat was damaged");
    if (this.#closed) this.#chatEnded();
    if (this.state === "connected") this.#conversation.recover({ kind: "damaged", chats });
  }

  /** What was said before, or while the link was down, for those who keep the transcript. */
  async #fetchTranscript(): Promise<void> {
    if (!this.events.bus.has("transcriptUpdated")) return;
    const conversation = this.#conversation;
    try {
      conversation.learn(await this.getTranscript(NEWEST_PAGE, RETRY.standard), true, "library");
    } catch (error) {
      this.logger.warn("The transcript could not be fetched", error);
    }
  }

  /** GetTranscript for the library itself: an answer that is no page is a failed attempt. */
  getTranscript(
    query: GetTranscriptQuery,
    policy: RetryPolicy,
    options?: CallOptions,
  ): Promise<GetTranscriptData> {
    return this.call("GetTranscript", policy, askPage(query), options);
  }

  // --- what comes in -----------------------------------------------------------------------------------------------

  #newConversation(resume: ChatSnapshot | null): Conversation<SendEventResponse> {
    const { participantId, contactId, initialContactId, type, receiptSettings, recoverySettings } =
      this.setup;
    const { bus } = this.events;
    // What a reset has let go of has no more to say.
    const ifCurrent = (job: () => void): void => {
      if (conversation === this.#conversation) job();
    };
    const queue = (when: When, job: () => void): void => ifCurrent(() => this.events.queue(when, job));
    const conversation: Conversation<SendEventResponse> = new Conversation(
      this.platform,
      this.logger,
      {
        participantId,
        contactId,
        initialContactId,
        role: type,
        receiptSettings,
        recoverySettings,
        tell: (name, item, recovered) =>
          queue("run", () => this.events.emit(name, { ...item }, recovered ? { recovered } : undefined)),
        tellRecovered: (outcome) => queue("run", () => this.events.emit("messagesRecovered", outcome)),
        keepsTranscript: () => bus.has("transcriptUpdated"),
        wantsReceipts: () => bus.has("readReceipt") || bus.has("deliveredReceipt"),
        transcriptChanged: (by) =>
          queue(by === "frame" ? "run" : "later", () =>
            this.events.emit("transcriptUpdated", conversation.transcript),
          ),
        sendReceipt: (request) => this.sendReceipt(request),
        fetchPage: (query, signal) => this.getTranscript(query, RETRY.once, { signal }),
        ended: (item) => ifCurrent(() => this.#chatEnded(item)),
        transferred: () => ifCurrent(() => this.#transferred()),
        leftOut: (why, { ContentType }) => this.logger.debug("An item was left out", { why, ContentType }),
      },
      resume,
    );
    return conversation;
  }

  /** SendEvent of a receipt, at once. */
  sendReceipt(
    { kind, content, clientToken = this.platform.uuid() }: ReceiptCall,
    options?: CallOptions,
  ): Promise<SendEventResponse | undefined> {
    const type = RECEIPT_CONTENT_TYPE[kind];
    return this.call(
      "SendEvent",
      RETRY.standard,
      (client, token, given) => ask(client, "sendEvent", token, type, content, clientToken, given),
      { ...options, contentType: type },
    );
  }

  #receive(item: ChatTranscriptItem): void {
    if (this.state === "ended") return;
    this.setup.metrics?.link("WebsocketIncomingMessage");
    this.#conversation.receive(item);
  }

  /** The agent's part is over, the contact is not: no end is told, and calls still go over HTTPS. */
  #transferred(): void {
    if (this.setup.type === "AGENT") this.#leave("the contact was transferred");
  }

  #leave(reason: string): void {
    this.#link.leave();
    // A call that needs a new token asks for one itself.
    this.#connection.stop();
    this.#conversation.lost();
    this.#state.signal("left", reason, "later");
  }

  #deepHeartbeat(healthy: boolean): void {
    this.#state.deepHeartbeat(healthy);
    this.setup.metrics?.link(healthy ? "WebsocketDeepHeartbeatSuccess" : "WebsocketDeepHeartbeatFailure");
    const name = healthy ? "deepHeartbeatSuccess" : "deepHeartbeatFailure";
    this.events.queue("run", () => this.events.emit(name, {}));
  }

  /** The socket closes at once; the item and the end are told later, and only then handlers go and calls are rejected. */
  #chatEnded(item = ENDED_IN_A_GAP): void {
    this.#link.leave();
    // What came before the end and waits is told before it; the end itself may be among that.
    this.#conversation.end();
    // A socket's details that are refused after the end say the same once more.
    if (this.state === "ended") return;
    const { events } = this;
    this.#calls.stopRetrying();
    this.#state.signal("chatEnded", "the chat ended", "later");
    events.queue("later", () => events.emit("message", { ...item }));
    events.queue("later", () => {
      this.#conversation.record(item);
      // Behind what that tells of the transcript.
      events.queue("later", () => events.emit("ended", null));
      events.queue("later", () => {
        this.#closed = true;
        this.#connection.stop();
        events.bus.clear();
      });
    });
  }
}
