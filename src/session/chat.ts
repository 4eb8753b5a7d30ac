import type { ConnectArgs } from "../api/arguments";
import type { GetTranscriptData, GetTranscriptQuery, SendEventResponse } from "../api/client";
import type { ConnectionCause, ConnectionState, ConnectionStatus } from "../api/connection";
import type { ChatEventName } from "../api/events";
import type { WireItem } from "../api/items";
import type { LibraryLogger } from "../api/logging";
import { ChatLink } from "../connection/chat-link";
import { causeOf } from "../connection/causes";
import type { LinkedChat, LinkEvent } from "../connection/link-event";
import { Conversation } from "../conversation/conversation";
import { ENDED_IN_A_GAP } from "../conversation/events";
import type { ConversationOwner, Fact } from "../conversation/fact";
import { TypingThrottle } from "../conversation/typing";
import { illegalState, toChatError } from "../errors";
import { refusalOf, worthAnotherTry } from "../participant/failures";
import { RETRY } from "../participant/retry";
import { isTokenRefused } from "../participant/connection-details";
import { ENDED, Participant } from "../participant/participant";
import { issuedAtMs } from "../participant/service-time";
import type { KnownDetails } from "../participant/types";
import type { Platform } from "../platform";
import { callOptions } from "./arguments";
import { ChatEvents, type When } from "./chat-events";
import type { ChatSetup } from "./chat-setup";
import { ChatState } from "./chat-state";
import { connectFailure, type ConnectSuccess } from "./connect-result";
import { metadataOf } from "./results";
import { SocketAddresses } from "./socket-addresses";

/**
 * One participant's chat, from its creation to its end: wires the parts together and holds its state. It is over once the
 * service has ended it or the session has released it; a session that is reset goes on with another one.
 */
export class Chat implements LinkedChat, ConversationOwner {
  readonly setup: ChatSetup;
  readonly contactId: string;
  readonly initialContactId: string;
  readonly logger: LibraryLogger;
  readonly platform: Platform;
  readonly events: ChatEvents;
  readonly participant: Participant;
  readonly conversation: Conversation;
  readonly typing: TypingThrottle<SendEventResponse | undefined>;
  readonly refreshTranscript: () => Promise<void>;
  readonly #link: ChatLink;
  readonly #state: ChatState;
  readonly #addresses: SocketAddresses;
  #connecting: Promise<ConnectSuccess> | null = null;

  /** `refresh` fetches the newest page for the transcript, if one is kept; it never rejects. */
  constructor(setup: ChatSetup, platform: Platform, logger: LibraryLogger, refresh: () => Promise<void>) {
    this.refreshTranscript = refresh;
    this.setup = setup;
    this.contactId = setup.contactId;
    this.initialContactId = setup.initialContactId;
    this.platform = platform;
    this.logger = logger;
    this.events = new ChatEvents(platform, logger, () => this.details);
    this.typing = new TypingThrottle(platform, logger);
    this.#state = new ChatState(
      logger,
      this.events,
      setup.metrics,
      () => void refresh(),
      setup.resume !== null,
    );
    this.participant = new Participant(setup, platform, logger, (answer) =>
      this.conversation.answered(answer),
    );
    const { budget } = this.participant;
    // With the link up, the end would come as an item.
    const fetchSocket = () => this.#addresses.fetch(this.#heedsRefusals && this.state !== "connected");
    this.#link = new ChatLink(setup, platform, logger, this, fetchSocket, budget);
    this.conversation = new Conversation(setup, this.participant, platform, logger, this);
    this.#addresses = new SocketAddresses(
      platform,
      this.participant.connection,
      setup.metrics,
      this.conversation,
      (item) => this.#endedInAGap(item),
    );
  }

  get state(): ConnectionState {
    return this.#state.current;
  }

  /** Whether the service has ended the chat. */
  hasEnded(): boolean {
    return this.#end === ENDED;
  }

  /** Whether the application has disposed of it. */
  isReleased(): boolean {
    const { closed } = this.participant;
    return closed !== null && closed !== ENDED;
  }

  /** Why `connect()` is rejected: the chat may have ended although its end is not yet emitted. */
  get #end(): string | null {
    return this.participant.closed ?? (this.state === "ended" ? ENDED : null);
  }

  get status(): ConnectionStatus {
    return this.#state.status;
  }

  get details(): KnownDetails {
    const { contactId, initialContactId, participantId, participantToken } = this.setup;
    const connectionDetails = this.participant.connection.details;
    return { contactId, initialContactId, participantId, participantToken, connectionDetails };
  }

  /** Pending or connected: the same outcome again. After a failure: tries anew. */
  connect(args?: ConnectArgs): Promise<ConnectSuccess> {
    const metadata = metadataOf(args);
    const end = this.#end;
    if (end !== null) return Promise.reject(connectFailure(illegalState(`connect(): ${end}`), metadata));
    if (this.#connecting && !this.#state.mayConnect) return this.#connecting;
    this.#connecting = this.#establish(args, metadata);
    return this.#connecting;
  }

  /**
   * DisconnectParticipant succeeded. The chat goes on until the service says chat.ended, since a disconnect flow may
   * follow, so a link that is down has to come back: on a manager of the session's where the external one is terminated.
   */
  participantDisconnected(): void {
    const { details } = this.participant.connection;
    if (this.state === "reconnecting") this.#link.reconnectNow();
    if (this.state !== "broken" || details === null) return;
    this.#state.signal("connectCalled", causeOf("disconnect-succeeded"), "later");
    this.#link.join({ ...details, url: null }, true);
  }

  /** Releases everything, and emits nothing more; the contact itself goes on. `because` is the end of a sentence. */
  dispose(because: string): void {
    this.logger.info(`The chat is released: ${because}`);
    // An application that disposes of a session need not await its calls.
    this.#connecting?.catch(() => undefined);
    this.#link.leave();
    this.conversation.dispose();
    this.participant.dispose(because);
    this.events.dispose();
    this.#state.end();
  }

  // --- connecting --------------------------------------------------------------------------------------------------

  async #establish(args: ConnectArgs | undefined, metadata: unknown): Promise<ConnectSuccess> {
    this.events.bus.adoptZone();
    this.#link.leave();
    this.#state.signal("connectCalled", causeOf("connect-called"), "later");
    try {
      const { connection } = this.participant;
      const details = await connection.establish(callOptions(args));
      const result: ConnectSuccess = {
        _debug: { websocketStatus: "Starting" },
        connectSuccess: true,
        connectCalled: true,
        metadata,
      };
      // The session may have released the chat between the answer and now, or the service have ended it.
      const end = this.#end;
      if (end !== null) throw illegalState(`connect(): ${end}`);
      this.#state.connectSucceeded(result);
      this.conversation.connected(issuedAtMs(details));
      this.conversation.outgoing.start();
      this.#link.join(details);
      if (this.setup.getConnectionToken && !details.connectionAcknowledged && this.setup.manager) {
        // Not a reason to fail: the agent can talk all the same. It is logged, and tried again like any call.
        connection.acknowledge().catch(() => undefined);
      }
      return result;
    } catch (thrown) {
      this.setup.streamsMetrics.failed("Connect");
      this.#state.signal("connectFailed", causeOf("connect-failed"), "later");
      throw connectFailure(toChatError(thrown, "ClientError", "connect() failed."), metadata);
    }
  }

  #endedInAGap(item: WireItem | null): void {
    if (this.state === "ended") return;
    this.#link.leave();
    if (item === null) this.#chatEnded();
    else this.conversation.recover({ kind: "ended", end: item });
  }

  // --- the link ----------------------------------------------------------------------------------------------------

  onLink(event: LinkEvent): void {
    switch (event.kind) {
      case "up":
        this.#linkUp(event.chats, event.isSubscribed);
        return;
      case "subscribed":
        this.conversation.subscribed(event.chats);
        return;
      case "lost":
        this.conversation.lost();
        this.#state.linkLost(event.cause, this.#when);
        return;
      case "failed":
        this.#linkFailed(event.cause);
        return;
      case "replaced":
        this.#leaveAgents(causeOf("manager-replaced"));
        return;
      case "item":
        if (this.state === "ended") return;
        this.setup.metrics?.link("WebsocketIncomingMessage");
        this.conversation.receive(event.item);
        return;
      case "damaged":
        if (this.state === "connected") this.conversation.recover(event);
        return;
      case "deepHeartbeat":
        this.#state.deepHeartbeat(event.isHealthy);
        return;
      default:
        event satisfies never;
    }
  }

  #linkUp(chats: number, isSubscribed: boolean): void {
    const link = this.#state.linkUp(this.#when);
    if (link !== "first") {
      if (link) this.conversation.recover({ kind: link, chats, isSubscribed });
    } else if (!isSubscribed) this.conversation.recover({ kind: "unsubscribed" });
    this.conversation.receipts.linkIsBack();
  }

  /** What the link reports while this side joins it counts as caused by the call. */
  get #when(): When {
    return this.#link.isJoining ? "later" : "run";
  }

  #linkFailed(cause: ConnectionCause): void {
    this.logger.error("The link is given up", { ...cause });
    this.setup.metrics?.link("WebsocketEnded");
    this.#link.leave();
    // What never came up has lost nothing that a recovery would bring.
    if (this.state !== "connecting") this.conversation.lost();
    this.#state.signal("gaveUp", cause, "run");
  }

  knowsMessage(messageId: string): boolean {
    return this.conversation.knowsMessage(messageId);
  }

  /** A page that GetTranscript gave: to the application, or (`by` "library") for the transcript that is kept. */
  learn(page: GetTranscriptData, query: GetTranscriptQuery, by: "call" | "library"): void {
    const { contactId } = query;
    this.conversation.learn(page, query, by);
    // With the link up, the end comes as an item, after what was said before it. A page of another contact, whose items
    // may not name it, has the end of that one.
    const isOurs = contactId === undefined || contactId === this.setup.contactId;
    const end = isOurs && this.state !== "connected" ? this.conversation.endOn(page) : undefined;
    if (end) this.#endedInAGap(end);
  }

  // --- what comes in -----------------------------------------------------------------------------------------------

  onFact(fact: Fact): void {
    const { events } = this;
    switch (fact.kind) {
      case "item": {
        const { name, item, isRecovered } = fact;
        const extra = isRecovered ? { recovered: true as const } : undefined;
        events.post("run", name, { ...item }, extra);
        return;
      }
      case "recovered":
        events.post("run", "messagesRecovered", fact.outcome);
        return;
      case "settled":
        this.#state.settled();
        return;
      case "transcript":
        events.queue(fact.by === "frame" ? "run" : "later", () =>
          events.emit("transcriptUpdated", this.conversation.transcript),
        );
        return;
      case "ended":
        this.#chatEnded(fact.item);
        return;
      case "transferred":
        this.#leaveAgents(causeOf("transferred"));
        return;
      default:
        fact satisfies never;
    }
  }

  hasHandler(name: ChatEventName): boolean {
    return this.events.bus.has(name);
  }

  /**
   * A page of missed items. A chat that ended in a gap may be shown by a refusal alone, so that the service is asked about
   * it; a 403 that is not the service's own is worth another attempt.
   */
  async fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData> {
    try {
      return await this.participant.getPage(query, { policy: RETRY.once, signal, isOwn: true });
    } catch (error) {
      const refusal = refusalOf(error);
      const mayEnd = refusal !== null && this.#heedsRefusals;
      if (mayEnd) await this.#addresses.fetch(true).catch(() => undefined);
      const isForeign = mayEnd ? refusal === "nameless" : refusal === null;
      throw isForeign && isTokenRefused(error) ? worthAnotherTry(error) : error;
    }
  }

  /** Whether a refusal may mean that the chat has ended: a token of `getConnectionToken` may be for one use only. */
  get #heedsRefusals(): boolean {
    return this.setup.getConnectionToken === null;
  }

  /** The agent's part is over, the contact is not: no end is emitted, and calls are still sent. */
  #leaveAgents(cause: ConnectionCause): void {
    if (this.setup.type !== "AGENT") return;
    this.#link.leave();
    // A call that needs a new token asks for one itself, and a message that waits listens to the page.
    this.participant.connection.stop();
    this.conversation.outgoing.stop();
    this.conversation.receipts.leave();
    this.conversation.lost();
    this.#state.signal("left", cause, "later");
  }

  /** The socket closes at once; the item and the end are told later, and only then handlers go and calls are rejected. */
  #chatEnded(item = ENDED_IN_A_GAP): void {
    this.#link.leave();
    // What came before the end and waits is told before it; the end itself may be among that.
    this.conversation.end();
    // A socket's details that are refused after the end say the same once more.
    if (this.state === "ended") return;
    const { events } = this;
    this.participant.stopRetrying();
    this.#state.signal("chatEnded", causeOf("chat-ended"), "later");
    events.post("later", "message", { ...item });
    events.queue("later", () => {
      this.conversation.record(item);
      // Behind what that tells of the transcript.
      events.post("later", "ended", null);
      events.queue("later", () => {
        this.participant.end();
        this.conversation.outgoing.stop();
        events.bus.clear();
      });
    });
  }
}
