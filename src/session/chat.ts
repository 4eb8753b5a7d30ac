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
import { ENDED_IN_A_GAP } from "../conversation/events";
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

/** One participant's chat, until the service ends it or the session releases it. */
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
  #connecting: Promise<ConnectSuccess> | null = null;
  #link: JoinedLink | null = null;
  /** When link events are emitted. Those that the link reports during `join()` are caused by a call. */
  #when: EmitTiming = "run";

  /** `refresh` fetches the newest page if the application uses the transcript. It never rejects. */
  constructor(setup: ChatSetup, platform: Platform, logger: LibraryLogger, refresh: () => Promise<void>) {
    this.refreshTranscript = refresh;
    this.setup = setup;
    this.contactId = setup.contactId;
    this.initialContactId = setup.initialContactId;
    this.platform = platform;
    this.logger = logger;
    this.events = new ChatEvents(platform, logger, () => this.details);
    this.#state = new ChatState(setup, logger, this.events, refresh);
    this.participant = new Participant(setup, platform, logger, (answer) =>
      this.conversation.answered(answer),
    );
    this.conversation = new Conversation(setup, this.participant, platform, logger, this);
    this.#refusals = new Refusals(setup, this.participant, platform, this.conversation, (item) =>
      this.#onEndInGap(item),
    );
  }

  get state(): ConnectionState {
    return this.#state.current;
  }

  /** Whether the service has ended the chat. */
  hasEnded(): boolean {
    return this.#connectRejectionReason === ENDED_REASON;
  }

  /** The reason why `connect()` is rejected. The chat may have ended before its end is emitted. */
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

  /** Connects the chat. Returns the promise of the earlier attempt if that is pending or has succeeded. */
  connect(args?: ConnectArgs): Promise<ConnectSuccess> {
    const metadata = metadataOf(args);
    const end = this.#connectRejectionReason;
    if (end !== null) return Promise.reject(connectFailure(illegalState(`connect(): ${end}`), metadata));
    if (this.#connecting && !this.#state.mayConnect) return this.#connecting;
    this.#connecting = this.#establish(args, metadata);
    return this.#connecting;
  }

  /**
   * Handles the success of DisconnectParticipant. A disconnect flow may follow, so a link that is down is restored to
   * receive the rest, up to `chat.ended`. The session's own manager replaces an external one that was terminated.
   */
  onParticipantDisconnected(): void {
    const { details } = this.participant.connection;
    if (this.state === "reconnecting") this.#link?.reconnectNow();
    if (this.state !== "broken" || details === null) return;
    this.#state.signal("connectCalled", causeOf("disconnect-succeeded"), "later");
    this.#join({ ...details, url: null }, null);
  }

  /** Releases all resources, and emits no more events. The contact continues. `because` completes a sentence. */
  dispose(reason: string): void {
    this.logger.info(`The chat was released: ${reason}`);
    this.#connecting?.catch(() => undefined);
    // This must come first: the next steps call an external manager, whose functions may call the session.
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
      // The session may have released the chat meanwhile, or the service may have ended it.
      const end = this.#connectRejectionReason;
      if (end !== null) throw illegalState(`connect(): ${end}`);
      this.#state.onConnectSuccess(result);
      this.conversation.connected(issuedAtMs(details));
      this.conversation.outgoing.start();
      this.#join(details, this.setup.manager);
      if (this.setup.getConnectionToken && !details.connectionAcknowledged && this.setup.manager) {
        // The chat works without the acknowledgment. The failure is logged, and the call is retried like any other.
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

  #onEndInGap(item: WireItem | null): void {
    if (this.state === "ended") return;
    this.#link?.leave();
    if (item === null) this.#onChatEnded();
    else this.conversation.recover({ kind: "ended", end: item });
  }

  /** Leaves the link and joins another one: the manager's, or the participant's own if `manager` is null. */
  #join(socket: LinkRequest["socket"], manager: LinkRequest["manager"]): void {
    const { logger, setup } = this;
    const { budget } = this.participant;
    // While the link is up, the end of the chat arrives as an item.
    const fetchSocket = () => this.#refusals.fetchSocket(this.state !== "connected");
    this.#link?.leave();
    this.#when = "later";
    try {
      this.#link = setup.links.join(this, { ...setup, manager, socket, fetchSocket, budget, logger });
    } finally {
      this.#when = "run";
    }
  }

  onLink(event: LinkEvent): void {
    switch (event.kind) {
      case "up":
        this.#onLinkUp(event);
        return;
      case "subscribed":
        this.conversation.subscribed(event.chats);
        return;
      case "lost":
        this.conversation.lost();
        this.#state.onLinkLost(event.cause, this.#when);
        return;
      case "failed":
        this.logger.error("The library gave up on the link", { ...event.cause });
        this.setup.metrics?.recordLink("WebsocketEnded");
        this.#link?.leave();
        // A link that was never up hasn't lost any items that need recovery.
        if (this.state !== "connecting") this.conversation.lost();
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
    const link = this.#state.onLinkUp(this.#when);
    if (link !== "first") {
      if (link) this.conversation.recover({ ...event, kind: link });
    } else if (!event.isSubscribed) this.conversation.recover({ kind: "unsubscribed" });
    this.conversation.receipts.linkIsBack();
  }

  knowsMessage(messageId: string): boolean {
    return this.conversation.knowsMessage(messageId);
  }

  /** Processes a page from GetTranscript, fetched by an application's call or by the library for the transcript. */
  processPage(page: GetTranscriptData, query: GetTranscriptQuery, by: "call" | "library"): void {
    this.conversation.learn(page, query, by);
    // While the link is up, the end of the chat arrives as an item, after all earlier ones.
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

  /** Ends an agent's part in a contact that continues: no end is emitted, and calls are still sent. */
  #leaveAsAgent(cause: ConnectionCause): void {
    if (this.setup.type !== "AGENT") return;
    this.#link?.leave();
    // This stops only timers and listeners. A call still renews its token, and a waiting message is still sent.
    this.participant.connection.stop();
    this.conversation.outgoing.stop();
    this.conversation.receipts.leave();
    this.conversation.lost();
    this.#state.signal("left", cause, "later");
  }

  /** Closes the socket immediately. The item and the end are emitted later; only then are calls rejected. */
  #onChatEnded(item = ENDED_IN_A_GAP): void {
    this.#link?.leave();
    // Delivers the items that are still held back. The end itself may be among them.
    this.conversation.end();
    // The end may already be known, for example if the request for a socket URL is refused after it.
    if (this.state === "ended") return;
    const { events } = this;
    this.participant.stopRetrying();
    this.#state.signal("chatEnded", causeOf("chat-ended"), "later");
    events.post("later", "message", { ...item });
    // The order matters: handlers get the transcript with the end, then the end itself; then they are removed.
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
