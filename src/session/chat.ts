import type { ConnectArgs } from "../api/arguments";
import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { ChatEventName } from "../api/events";
import type { ConnectionCause, ConnectionState, ConnectionStatus } from "../api/connection";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import { causeOf } from "../connection/causes";
import type { LinkedChat, LinkEvent } from "../connection/link-event";
import type { JoinedLink, LinkRequest } from "../connection/links";
import { Conversation } from "../conversation/conversation";
import { SYNTHETIC_END } from "../conversation/events";
import type { ConversationOwner, Fact } from "../conversation/fact";
import { illegalState, toChatError } from "../errors";
import { ENDED_REASON, Participant } from "../participant/participant";
import { issuedAtMs } from "../participant/service-time";
import type { SessionDetails } from "../participant/types";
import type { Platform } from "../platform";
import { callOptions } from "./arguments";
import { ChatEvents, type EmitTiming } from "./chat-events";
import type { ChatSetup } from "./chat-setup";
import { ChatState } from "./chat-state";
import { connectFailure, connectSuccess, type ConnectSuccess } from "./connect-result";
import { metadataOf } from "./results";
import { Refusals } from "./refusals";

/** One participant's chat, until the service ends it or the session disposes of it. */
export class Chat implements LinkedChat, ConversationOwner {
  readonly setup: ChatSetup;
  readonly contactId: string;
  readonly initialContactId: string;
  readonly logger: LibraryLogger;
  readonly platform: Platform;
  readonly events: ChatEvents;
  readonly participant: Participant;
  readonly conversation: Conversation;
  readonly refreshTranscript: () => Promise<void>;
  readonly #state: ChatState;
  readonly #refusals: Refusals;
  #connectAttempt: Promise<ConnectSuccess> | null = null;
  #link: JoinedLink | null = null;
  /** The timing of link events. The events that the link reports during `join()` are caused by a call. */
  #linkEventTiming: EmitTiming = "run";

  /** `refresh` fetches the newest page if the application uses the transcript. It must not reject. */
  constructor(setup: ChatSetup, platform: Platform, logger: LibraryLogger, refresh: () => Promise<void>) {
    this.refreshTranscript = refresh;
    this.setup = setup;
    this.contactId = setup.contactId;
    this.initialContactId = setup.initialContactId;
    this.platform = platform;
    this.logger = logger;
    this.events = new ChatEvents(platform, logger, () => this.details);
    this.#state = new ChatState(setup, logger, this.events, refresh);
    this.participant = new Participant(setup, platform, logger, (response) =>
      this.conversation.onResponse(response),
    );
    this.conversation = new Conversation(setup, this.participant, platform, logger, this);
    this.#refusals = new Refusals(setup, this.participant, platform, this.conversation, (item) =>
      this.#onMissedEnd(item),
    );
  }

  get state(): ConnectionState {
    return this.#state.current;
  }

  /** Returns whether the service has ended the chat. */
  hasEnded(): boolean {
    return this.#connectRejectionReason === ENDED_REASON;
  }

  /** Why `connect()` is rejected, or null. The chat enters the `ended` state before the end is emitted. */
  get #connectRejectionReason(): string | null {
    return this.participant.rejectionReason ?? (this.state === "ended" ? ENDED_REASON : null);
  }

  get status(): ConnectionStatus {
    return this.#state.status;
  }

  get details(): SessionDetails {
    const { contactId, initialContactId, participantId, participantToken } = this.setup;
    const connectionDetails = this.participant.connection.details;
    return { contactId, initialContactId, participantId, participantToken, connectionDetails };
  }

  /** Connects the chat. If an earlier attempt is pending or has succeeded, returns that attempt's promise. */
  connect(args?: ConnectArgs): Promise<ConnectSuccess> {
    const metadata = metadataOf(args);
    const end = this.#connectRejectionReason;
    if (end !== null) return Promise.reject(connectFailure(illegalState(`connect(): ${end}`), metadata));
    if (this.#connectAttempt && !this.#state.mayConnect) return this.#connectAttempt;
    this.#connectAttempt = this.#establish(args, metadata);
    return this.#connectAttempt;
  }

  /**
   * Handles a successful DisconnectParticipant. A disconnect flow may still send items up to `chat.ended`, so a link
   * that is down is restored. If an external manager was terminated, the session opens its own socket.
   */
  onParticipantDisconnected(): void {
    const { details } = this.participant.connection;
    if (this.state === "reconnecting") this.#link?.reconnectNow();
    if (this.state !== "broken" || details === null) return;
    this.#state.signal("connectCalled", causeOf("disconnect-succeeded"), "later");
    this.#join({ ...details, url: null }, null);
  }

  /** Releases all resources and stops emitting events. The contact continues. `reason` completes logs and errors. */
  dispose(reason: string): void {
    this.logger.info(`The chat was released: ${reason}`);
    this.#connectAttempt?.catch(() => undefined);
    // This must come first, because the next steps call an external manager, whose functions may call the session.
    this.participant.dispose(reason);
    this.#link?.leave();
    this.conversation.dispose();
    this.events.dispose();
    this.#state.release();
  }

  async #establish(args: ConnectArgs | undefined, metadata: unknown): Promise<ConnectSuccess> {
    this.events.bus.adoptZone();
    this.#link?.leave();
    this.#state.signal("connectCalled", causeOf("connect-called"), "later");
    try {
      const { connection } = this.participant;
      const details = await connection.establish(callOptions(args));
      const result = connectSuccess(metadata);
      // Meanwhile, the session may have disposed of the chat, or the service may have ended it.
      const end = this.#connectRejectionReason;
      if (end !== null) throw illegalState(`connect(): ${end}`);
      this.#state.onConnectSuccess(result);
      this.conversation.onConnected(issuedAtMs(details));
      this.conversation.outgoing.start();
      this.#join(details, this.setup.manager);
      if (this.setup.getConnectionToken && !details.connectionAcknowledged && this.setup.manager) {
        // The chat works without the acknowledgment. A failure is logged, and the call is retried like any other.
        connection.acknowledge().catch(() => undefined);
      }
      return result;
    } catch (thrown) {
      this.setup.streamsMetrics.recordFailure("Connect");
      this.#state.signal("connectFailed", causeOf("connect-failed"), "later");
      const error = toChatError(thrown, "ClientError", "connect() failed without a message.");
      throw connectFailure(error, metadata);
    }
  }

  #onMissedEnd(item: WireItem | null): void {
    if (this.state === "ended") return;
    this.#link?.leave();
    if (item === null) this.#onChatEnded();
    else this.conversation.recover({ kind: "ended", end: item });
  }

  /** Joins another link: the manager's link, or a link with its own socket if `manager` is null. */
  #join(socket: LinkRequest["socket"], manager: LinkRequest["manager"]): void {
    const { logger, setup } = this;
    const { budget } = this.participant;
    // While the link is up, the end of the chat arrives as an item, so a refusal doesn't end the chat.
    const fetchSocket = () => this.#refusals.fetchSocket(this.state !== "connected");
    this.#link?.leave();
    this.#linkEventTiming = "later";
    try {
      this.#link = setup.links.join(this, { ...setup, manager, socket, fetchSocket, budget, logger });
    } finally {
      this.#linkEventTiming = "run";
    }
  }

  onLink(event: LinkEvent): void {
    switch (event.kind) {
      case "up":
        this.#onLinkUp(event);
        return;
      case "subscribed":
        this.conversation.onSubscribed(event.chats);
        return;
      case "lost":
        this.conversation.onLinkLost();
        this.#state.onLinkLost(event.cause, this.#linkEventTiming);
        return;
      case "failed":
        this.logger.error("The library gave up on the link", { ...event.cause });
        this.setup.metrics?.recordLink("WebsocketEnded");
        this.#link?.leave();
        // A link that was never up hasn't lost any items.
        if (this.state !== "connecting") this.conversation.onLinkLost();
        this.#state.signal("gaveUp", event.cause, "run");
        return;
      case "replaced":
        this.#leaveAsAgent(causeOf("manager-replaced"));
        return;
      case "item":
        if (this.state === "ended") return;
        this.setup.metrics?.recordLink("WebsocketIncomingMessage");
        this.conversation.receive(event.item);
        return;
      case "unsubscribed":
      case "damaged":
        if (this.state === "connected") this.conversation.recover(event);
        return;
      case "deepHeartbeat":
        this.#state.onDeepHeartbeat(event.isHealthy);
        return;
      default:
        event satisfies never;
    }
  }

  #onLinkUp(event: { readonly chats: number; readonly isSubscribed: boolean }): void {
    const link = this.#state.onLinkUp(this.#linkEventTiming);
    if (link !== "first") {
      if (link) this.conversation.recover({ ...event, kind: link });
    } else if (!event.isSubscribed) this.conversation.recover({ kind: "unsubscribed" });
    this.conversation.receipts.onLinkUp();
  }

  knowsMessage(messageId: string): boolean {
    return this.conversation.knowsMessage(messageId);
  }

  /** Processes a GetTranscript page that the application ("call") or the library ("library") requested. */
  processPage(page: GetTranscriptData, query: GetTranscriptQuery, by: "call" | "library"): void {
    this.conversation.recordPage(page, query, by);
    // While the link is up, the end of the chat arrives as an item, after all earlier items.
    if (this.state !== "connected") this.#refusals.checkPage(page, query);
  }

  onFact(fact: Fact): void {
    const { events } = this;
    switch (fact.kind) {
      case "item":
        events.post("run", fact.name, { ...fact.item }, fact.isRecovered ? { recovered: true } : undefined);
        return;
      case "recovered":
        events.post("run", "messagesRecovered", fact.outcome);
        return;
      case "settled":
        this.#state.onRecoverySettled();
        return;
      case "transcript":
        events.queue(fact.by === "frame" ? "run" : "later", () =>
          events.emit("transcriptUpdated", this.conversation.transcript),
        );
        return;
      case "ended":
        this.#onChatEnded(fact.item);
        return;
      case "transferred":
        this.#leaveAsAgent(causeOf("transferred"));
        return;
      default:
        fact satisfies never;
    }
  }

  hasHandler(name: ChatEventName): boolean {
    return this.events.bus.has(name);
  }

  fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData> {
    return this.#refusals.fetchPage(query, signal);
  }

  /** Leaves the chat if this is an agent's session. The contact continues, and calls are still sent. */
  #leaveAsAgent(cause: ConnectionCause): void {
    if (this.setup.type !== "AGENT") return;
    this.#link?.leave();
    // Stops only timers and listeners. Calls can still renew the token, and waiting messages are still sent.
    this.participant.connection.stop();
    this.conversation.outgoing.stop();
    this.conversation.receipts.leave();
    this.conversation.onLinkLost();
    this.#state.signal("left", cause, "later");
  }

  /** Closes the socket immediately, and queues the item and the end. Calls are rejected after the end is emitted. */
  #onChatEnded(item = SYNTHETIC_END): void {
    this.#link?.leave();
    // Delivers the items that are being held back, which may include the end itself.
    this.conversation.end();
    // The end may already have been processed, for example if a request for a socket URL is refused afterward.
    if (this.state === "ended") return;
    const { events } = this;
    this.participant.stopRetrying();
    this.#state.signal("chatEnded", causeOf("chat-ended"), "later");
    events.post("later", "message", { ...item });
    // The order matters. Handlers receive the transcript with the item, then `ended`. After that, they're removed.
    events.queue("later", () => {
      this.conversation.record(item);
      events.post("later", "ended", null);
      events.queue("later", () => {
        this.participant.end();
        this.conversation.outgoing.stop();
        events.bus.clear();
      });
    });
  }
}
