import type { ChatLogger } from "../observability/logger";
import type { Platform } from "../platform";
import type { Unsubscribe } from "../util/event-bus";
import { LinkHub, type LinkEnd } from "./link-hub";
import type { ChatWebSocketManager, WebSocketTransport } from "./manager-events";
import type { IsNetworkOnline } from "./network";
import { shareManager, type OwnManager } from "./own-managers";

export interface ChatLinkSetup {
  readonly contactId: string;
  readonly participantId: string;
  /** Somebody else's manager; null to make one. */
  readonly manager: ChatWebSocketManager | null;
  readonly isNetworkOnline: () => IsNetworkOnline | null;
}

/** One session's link: on the manager that it was given, or on one of its participant's own. */
export class ChatLink {
  readonly #setup: ChatLinkSetup;
  readonly #platform: Platform;
  readonly #logger: ChatLogger;
  readonly #end: LinkEnd;
  readonly #fetchSocket: () => Promise<WebSocketTransport>;
  #ownManager: OwnManager | null = null;
  #leaveHub: Unsubscribe | null = null;
  #joining = false;

  /** `fetchSocket` gives a fresh socket's URL, at each reconnection that needs one. */
  constructor(
    setup: ChatLinkSetup,
    platform: Platform,
    logger: ChatLogger,
    end: LinkEnd,
    fetchSocket: () => Promise<WebSocketTransport>,
  ) {
    this.#setup = setup;
    this.#platform = platform;
    this.#logger = logger;
    this.#end = end;
    this.#fetchSocket = fetchSocket;
  }

  /** Whether what the link says is said at once, inside `join`. */
  get joining(): boolean {
    return this.#joining;
  }

  /** Joins the link, in place of one that it is on. `first` is a socket's URL that is at hand already. */
  join(first: WebSocketTransport | null): void {
    this.leave();
    const { contactId, participantId, manager: given, isNetworkOnline } = this.#setup;
    let unused = first;
    if (given === null) {
      this.#ownManager = shareManager(
        `${contactId} ${participantId}`,
        this.#platform,
        this.#logger,
        isNetworkOnline,
        async () => {
          const webSocketTransport = unused ?? (await this.#fetchSocket());
          unused = null;
          return { webSocketTransport };
        },
      );
    }
    const manager = given ?? this.#ownManager?.manager;
    if (!manager) return;
    this.#joining = true;
    try {
      this.#leaveHub = LinkHub.join(manager, this.#end, this.#logger);
    } finally {
      this.#joining = false;
    }
  }

  leave(): void {
    this.#leaveHub?.();
    this.#ownManager?.release();
    this.#leaveHub = this.#ownManager = null;
  }
}
