import type { ChatLogger } from "../observability/logger";
import type { Platform } from "../platform";
import type { RequestBudget } from "../waiting";
import { ExternalLink } from "./external-link";
import type { Link } from "./link";
import type { LinkedChat } from "./link-event";
import type { ChatWebSocketManager, GetWebSocketTransport, WebSocketTransport } from "./manager-events";
import type { LinkSettings } from "./network";
import { PublicManager } from "./public-manager";
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
  readonly logger: ChatLogger;
}

/** A chat's place on its link. */
export interface JoinedLink {
  /** Makes the next attempt to reconnect now. */
  reconnectNow(): void;
  /** The last chat that leaves a participant's own link closes it. */
  leave(): void;
}

/** A link and its chats. */
interface SharedLink {
  readonly key: ChatWebSocketManager | string;
  readonly link: Link;
  readonly router: Router;
  /** For a participant's own link, in the order its chats joined: the first of those still there gives a socket's URL. */
  readonly sources: Map<LinkedChat, GetWebSocketTransport>;
}

/** A library's links: the sessions of one participant share one socket, those on one manager one link. */
export class Links {
  readonly #platform: Platform;
  /** By manager, or by participant. */
  readonly #links = new Map<ChatWebSocketManager | string, SharedLink>();
  /** The link of the page's agents' chats: Streams has one manager at a time for all of them. */
  #agents: SharedLink | null = null;

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
    const shared = manager === null ? this.#own(chat, request) : this.#given(manager, request);
    const before = this.#agents;
    if (type === "AGENT" && shared.link instanceof ExternalLink && before !== shared) {
      this.#agents = shared;
      before?.router.replaced();
    }
    shared.router.add(chat);
    return {
      reconnectNow: () => shared.link.reconnectNow(),
      leave: () => this.#leave(shared, chat),
    };
  }

  #given(manager: ChatWebSocketManager, { logger }: LinkRequest): SharedLink {
    return (
      this.#links.get(manager) ??
      this.#add(manager, PublicManager.linkOf(manager) ?? new ExternalLink(manager, logger), logger)
    );
  }

  #own(chat: LinkedChat, request: LinkRequest): SharedLink {
    const key = `${chat.contactId} ${request.participantId}`;
    const source = sourceOf(request);
    const found = this.#links.get(key);
    // One that failed is of no use to the next session.
    if (found && found.link.status?.kind !== "failed") {
      found.sources.set(chat, source);
      return found;
    }
    const link = new SocketLink(this.#platform, request.logger, request, request.budget);
    const shared = this.#add(key, link, request.logger);
    shared.sources.set(chat, source);
    void link.start(() => {
      const [first = source] = shared.sources.values();
      return first();
    });
    return shared;
  }

  #add(key: ChatWebSocketManager | string, link: Link, logger: ChatLogger): SharedLink {
    const router = new Router(link, logger, typeof key === "string");
    const shared: SharedLink = { key, link, router, sources: new Map() };
    this.#links.set(key, shared);
    return shared;
  }

  #leave({ key, link, router, sources }: SharedLink, chat: LinkedChat): void {
    sources.delete(chat);
    if (!router.remove(chat)) return;
    if (this.#links.get(key)?.router === router) this.#links.delete(key);
    if (this.#agents?.router === router) this.#agents = null;
    if (typeof key === "string" && link instanceof SocketLink) link.close();
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
