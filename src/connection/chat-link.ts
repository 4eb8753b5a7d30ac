import type { ChatWebSocketManager } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { LibraryLogger as ChatLogger } from "../api/logging";
import type { Platform } from "../platform";
import type { RequestBudget } from "../waiting";
import type { LinkedChat } from "./link-event";
import { LinkHub } from "./link-hub";
import type { WebSocketTransport } from "./manager-events";
import type { LinkSettings } from "./network";
import { shareManager, type OwnManager } from "./own-managers";

export interface ChatLinkSetup extends LinkSettings {
  readonly type: "AGENT" | "CUSTOMER";
  readonly contactId: string;
  readonly participantId: string;
  /** Somebody else's manager; null to make one. */
  readonly manager: ChatWebSocketManager | null;
}

/** Where a socket is opened; without a URL one has to be fetched. */
export interface SocketDetails extends Omit<Required<WebSocketTransport>, "url"> {
  readonly url: string | null;
}

/** One session's link: on the manager that it was given, or on one of its participant's own. */
export class ChatLink {
  readonly #setup: ChatLinkSetup;
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #end: LinkedChat;
  readonly #fetchSocket: () => Promise<SocketDetails>;
  readonly #budget: RequestBudget;
  #ownManager: OwnManager | null = null;
  #leaveHub: Unsubscribe | null = null;
  /** Whether what the link reports is reported inside `join`. */
  isJoining = false;

  /** `fetchSocket` gives a fresh socket's URL, at each reconnection that needs one. */
  constructor(
    setup: ChatLinkSetup,
    platform: Platform,
    logger: ChatLogger,
    end: LinkedChat,
    fetchSocket: () => Promise<SocketDetails>,
    budget: RequestBudget,
  ) {
    this.#setup = setup;
    this.#platform = platform;
    this.#logger = logger;
    this.#end = end;
    this.#fetchSocket = fetchSocket;
    this.#budget = budget;
  }

  /**
   * Joins the link, in place of one that it is on: on the manager that was given, or where there is none, or it is
   * terminated (`ownManager`), on the session's own. `first` is used for the first socket, where it has a URL.
   */
  join(first: SocketDetails, ownManager = false): void {
    this.leave();
    const { contactId, participantId } = this.#setup;
    const given = ownManager ? null : this.#setup.manager;
    let unused = first.url === null ? null : first;
    if (given === null) {
      this.#ownManager = shareManager(
        `${contactId} ${participantId}`,
        this.#platform,
        this.#logger,
        this.#setup,
        async () => {
          const { url, expiry, transportLifeTimeInSeconds } = unused ?? (await this.#fetchSocket());
          unused = null;
          return { webSocketTransport: { url: url ?? "", expiry, transportLifeTimeInSeconds } };
        },
        this.#budget,
      );
    }
    const manager = given ?? this.#ownManager?.manager;
    if (!manager) return;
    this.isJoining = true;
    try {
      this.#leaveHub = LinkHub.join(manager, this.#end, this.#logger, {
        ofAgent: this.#setup.type === "AGENT",
        isOwn: given === null,
      });
    } finally {
      this.isJoining = false;
    }
  }

  /** Makes the next attempt to reconnect now. On an external manager this does nothing: it decides itself. */
  reconnectNow(): void {
    this.#ownManager?.manager.reconnectNow();
  }

  leave(): void {
    this.#leaveHub?.();
    this.#ownManager?.release();
    this.#leaveHub = this.#ownManager = null;
  }
}
