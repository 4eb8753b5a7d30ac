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

/** A socket's URL and lifetime. The URL is null if it must be fetched. */
export interface SocketDetails extends Omit<Required<WebSocketTransport>, "url"> {
  readonly url: string | null;
}

/** A chat's request for a link. */
export interface LinkRequest extends LinkSettings {
  readonly type: "AGENT" | "CUSTOMER";
  readonly participantId: string;
  /** The manager that the application passed; null for the participant's own link. */
  readonly manager: ChatWebSocketManager | null;
  /** The details of the first socket. Ignored if the URL is null. */
  readonly socket: SocketDetails;
  /** Fetches a new socket URL. Called for each reconnection that needs a new URL. */
  readonly fetchSocket: () => Promise<SocketDetails>;
  readonly budget: RequestBudget;
  readonly logger: LibraryLogger;
}

/** A chat's handle on its link. */
export interface JoinedLink {
  /** Makes the next reconnection attempt now. */
  reconnectNow(): void;
  /** Leaves the link. A participant's own link closes when its last chat leaves. */
  leave(): void;
}

/** The library's links. A participant's sessions share a socket, and a manager's sessions share a link. */
export class Links {
  readonly #platform: Platform;
  /** Keyed by manager, or by contact ID and participant ID. */
  readonly #routers = new Map<ChatWebSocketManager | string, Router>();
  /** All agents' chats on the page share this link, because Streams has one manager at a time. */
  #agentRouter: Router | null = null;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /**
   * Adds a chat to its link and immediately reports the link's status to the chat. If an agent's chat uses a new
   * external manager, Streams has restarted and creates new sessions for its contacts. The agents' chats on the
   * previous manager are then replaced, because that manager may be dead or may deliver every item a second time.
   */
  join(chat: LinkedChat, request: LinkRequest): JoinedLink {
    const { manager, type } = request;
    const key = manager ?? `${chat.contactId} ${request.participantId}`;
    const existing = this.#routers.get(key);
    // A participant's failed link can't be reused.
    const isUsable = manager !== null || existing?.link.status?.kind !== "failed";
    const router = isUsable && existing ? existing : this.#newRouter(request);
    this.#routers.set(key, router);
    const previous = this.#agentRouter;
    if (type === "AGENT" && router.link instanceof ExternalLink && previous !== router) {
      this.#agentRouter = router;
      previous?.reportReplaced();
    }
    const source = sourceOf(request);
    router.add(chat, source);
    if (manager === null && router !== existing && router.link instanceof SocketLink)
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
    if (this.#agentRouter === router) this.#agentRouter = null;
    if (typeof key === "string" && router.link instanceof SocketLink) router.link.close();
  }
}

/** Returns a source that uses `socket` for the first socket, and fetches new details for each later socket. */
function sourceOf({ socket, fetchSocket }: LinkRequest): GetWebSocketTransport {
  let unused = socket.url === null ? null : socket;
  return async () => {
    const { url, expiry, transportLifeTimeInSeconds } = unused ?? (await fetchSocket());
    unused = null;
    return { webSocketTransport: { url: url ?? "", expiry, transportLifeTimeInSeconds } };
  };
}
