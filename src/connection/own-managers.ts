import type { LibraryLogger as ChatLogger } from "../api/logging";
import type { Platform } from "../platform";
import type { GetWebSocketTransport } from "./manager-events";
import type { RequestBudget } from "../waiting";
import type { LinkSettings } from "./network";
import { WebSocketManager } from "./web-socket-manager";

interface SharedManager {
  readonly manager: WebSocketManager;
  /** One a session that uses it, in the order they came: the first that is left is asked for a socket's URL. */
  readonly sources: Set<GetWebSocketTransport>;
}

/**
 * Managers that sessions made for themselves, by participant: two sessions of one participant share one socket. Each platform
 * has its own.
 */
const managersOf = new WeakMap<Platform, Map<string, SharedManager>>();

export interface OwnManager {
  readonly manager: WebSocketManager;
  /** Gives the manager back; the last one who does closes the socket. */
  release(): void;
}

/** The participant's manager, started if it is new; `getTransport` is asked for a socket's URL while it is not released. */
export function shareManager(
  key: string,
  platform: Platform,
  logger: ChatLogger,
  settings: LinkSettings,
  getTransport: GetWebSocketTransport,
  budget?: RequestBudget,
): OwnManager {
  // A source of its own for each user, even if two give the same function.
  const source: GetWebSocketTransport = () => getTransport();
  const managers = managersOf.get(platform) ?? new Map<string, SharedManager>();
  managersOf.set(platform, managers);
  const found = managers.get(key);
  const shared = found ?? {
    manager: new WebSocketManager(platform, logger, settings, budget),
    sources: new Set<GetWebSocketTransport>(),
  };
  const forget = (): void => {
    if (managers.get(key) === shared) managers.delete(key);
  };
  shared.sources.add(source);
  if (!found) {
    managers.set(key, shared);
    void shared.manager.init(() => {
      const [first = source] = shared.sources;
      return first();
    });
    // One that failed is of no use to the next session.
    shared.manager.onFailed(forget);
  }
  return {
    manager: shared.manager,
    release() {
      if (!shared.sources.delete(source) || shared.sources.size > 0) return;
      forget();
      shared.manager.closeWebSocket();
    },
  };
}
