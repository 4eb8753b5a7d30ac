import type { ChatWebSocketManager } from "../api/connection";
import type { LibraryLogger } from "../api/logging";
import type { Platform } from "../platform";
import type { RequestBudget } from "../waiting";
import { ExternalLink } from "./external-link";
import { TOPIC } from "./frames";
import type { Link } from "./link";
import type { LinkedChat } from "./link-event";
import type { GetWebSocketTransport, WebSocketTransport } from "./manager-events";
import type { LinkSettings } from "./network";
import { ManagerLink } from "./manager-link";
import { PublicManager, SOCKET_LINK } from "./public-manager";
import { Router } from "./router";
import { SocketLink } from "./socket-link";

/** Where a socket is opened; without a URL one has to be fetched. */
export interface SocketDetails extends Omit<Required<WebSocketTransport>, "url"> {
  readonly url: string | null;
}

/** What a chat needs of its link. */
export interface LinkRequest extends LinkSettings {
  readonly type: "AGENT" | "CUSTOMER";
  readonly participantId: string;
  /** The manager that the application passed; null for the participant's own link. */
  readonly manager: ChatWebSocketManager | null;
  /** For the first socket, where it has a URL. */
  readonly socket: SocketDetails;
  /** Gives a fresh socket's URL, at each reconnection that needs one. */
  readonly fetchSocket: () => Promise<SocketDetails>;
  readonly budget: RequestBudget;
  readonly logger: LibraryLogger;
}

/** A chat's place on its link. */
export interface JoinedLink {
  /** Makes the next attempt to reconnect now. */
  reconnectNow(): void;
  /** The last chat that leaves a participant's own link closes it. */
  leave(): void;
}

/** A library's links: the sessions of one participant share one socket, those on one manager one link. */
export class Links {
  readonly #platform: Platform;
  /** By manager, or by participant. */
  readonly #routers = new Map<ChatWebSocketManager | string, Router>();
  /** The link of the page's agents' chats: Streams has one manager at a time for all of them. */
  #agents: Router | null = null;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /**
   * Adds a chat to its link, and reports the link's status to it at once. An agent's chat on a new external manager means
   * that Streams has restarted: it makes new sessions for its contacts, and the old manager may be dead or repeat
   * everything, so the agents' chats on it are replaced.
   */
  join(chat: LinkedChat, request: LinkRequest): JoinedLink {
    const { manager, type } = request;
    const key = manager ?? `${chat.contactId} ${request.participantId}`;
    const found = this.#routers.get(key);
    // A participant's own link that failed is of no use to another session.
    const isUsable = manager !== null || found?.link.status?.kind !== "failed";
    const router = isUsable && found ? found : this.#newRouter(request);
    this.#routers.set(key, router);
    const before = this.#agents;
    if (type === "AGENT" && router.link instanceof ExternalLink && before !== router) {
      this.#agents = router;
      before?.replaced();
    }
    const source = sourceOf(request);
    router.add(chat, source);
    if (manager === null && router !== found && router.link instanceof SocketLink)
      void router.link.start(() => (router.source ?? source)());
    return {
      reconnectNow: () => router.link.reconnectNow(),
      leave: () => this.#leave(key, router, chat),
    };
  }

  #newRouter(request: LinkRequest): Router {
    const link = this.#linkOf(request);
    const router = new Router(link, request.logger, request.manager === null);
    link.subscribeTopics([TOPIC.chat]);
    return router;
  }

  #linkOf({ manager, logger, budget, ...settings }: LinkRequest): Link {
    if (manager === null) return new SocketLink(this.#platform, logger, settings, budget);
    return manager instanceof PublicManager
      ? new ManagerLink(manager, manager[SOCKET_LINK](), logger)
      : new ExternalLink(manager, logger);
  }

  #leave(key: ChatWebSocketManager | string, router: Router, chat: LinkedChat): void {
    if (!router.remove(chat)) return;
    if (this.#routers.get(key) === router) this.#routers.delete(key);
    if (this.#agents === router) this.#agents = null;
    if (typeof key === "string" && router.link instanceof SocketLink) router.link.close();
  }
}

/** Uses the details that are there for the first socket, and fetches them for each later one. */
function sourceOf({ socket, fetchSocket }: LinkRequest): GetWebSocketTransport {
  let unused = socket.url === null ? null : socket;
  return async () => {
    const { url, expiry, transportLifeTimeInSeconds } = unused ?? (await fetchSocket());
    unused = null;
    return { webSocketTransport: { url: url ?? "", expiry, transportLifeTimeInSeconds } };
  };
}
