import type { ChatLogger } from "../observability/logger";
import type { Platform } from "../platform";
import type { GetWebSocketTransport } from "./manager-events";
import type { RequestBudget } from "../waiting";
import type { IsNetworkOnline } from "./network";
import { WebSocketManager } from "./web-socket-manager";

interface SharedManager {
  readonly manager: WebSocketManager;
  /** One a session that uses it, in the order they came: the first that is left is asked for a socket's URL. */
  readonly sources: Set<GetWebSocketTransport>;
}

/** Managers that sessions made for themselves, by participant: two sessions of one participant share one socket. */
const managers = new Map<string, SharedManager>();

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
  isNetworkOnline: () => IsNetworkOnline | null,
  getTransport: GetWebSocketTransport,
  budget?: RequestBudget,
): OwnManager {
  // A source of its own for each user, even if two give the same function.
  const source: GetWebSocketTransport = () => getTransport();
  const found = managers.get(key);
  const shared = found ?? {
    manager: new WebSocketManager(platform, logger, isNetworkOnline, budget),
    sources: new Set<GetWebSocketTransport>(),
  };
  shared.sources.add(source);
  if (!found) {
    managers.set(key, shared);
    void shared.manager.init(() => {
      const [first = source] = shared.sources;
      return first();
    });
    // One that failed is of no use to the next session.
    shared.manager.onFailed(() => forget(key, shared));
  }
  return {
    manager: shared.manager,
    release() {
      if (!shared.sources.delete(source) || shared.sources.size > 0) return;
      forget(key, shared);
      shared.manager.closeWebSocket();
    },
  };
}

function forget(key: string, shared: SharedManager): void {
  if (managers.get(key) === shared) managers.delete(key);
}
