import type { ChatLogger } from "../observability/logger";
import type { Unsubscribe } from "../util/event-bus";
import { LinkHub, type LinkEnd } from "./link-hub";
import type { ChatWebSocketManager } from "./manager-events";
import { WebSocketManager } from "./web-socket-manager";

/** A link's end that also learns that its manager is out of use. */
export interface SessionEnd extends LinkEnd {
  /** Another manager has taken the place of this one, which will tell nothing more. */
  replaced(): void;
}

/** The manager that agents' chats of this page are on, and their ends: Streams has one at a time for all of them. */
let present: { readonly manager: ChatWebSocketManager; readonly ends: Set<SessionEnd> } | null = null;

/**
 * Joins a session's end to a manager. Another manager than the one that the page's agents' chats are on means that
 * Streams was started anew: it makes new sessions for its contacts, and the old manager may be dead, or tell everything
 * once more, so that its ends are dropped. A manager of ours is left alone: it tells of its end itself.
 */
export function joinManager(
  manager: ChatWebSocketManager,
  end: SessionEnd,
  logger: ChatLogger,
  ofAgent: boolean,
): Unsubscribe {
  if (!ofAgent || manager instanceof WebSocketManager) return LinkHub.join(manager, end, logger);
  const before = present;
  const page = before?.manager === manager ? before : { manager, ends: new Set<SessionEnd>() };
  present = page;
  if (before && before !== page) for (const old of [...before.ends]) old.replaced();
  page.ends.add(end);
  const leaveHub = LinkHub.join(manager, end, logger);
  return () => {
    page.ends.delete(end);
    if (page.ends.size === 0 && present === page) present = null;
    leaveHub();
  };
}
