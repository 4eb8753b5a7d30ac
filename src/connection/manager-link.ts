import type { Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import { TOPIC } from "./frames";
import type { Link, LinkListener, LinkStatus } from "./link";
import type { PublicManager } from "./public-manager";
import type { SocketLink } from "./socket-link";

/**
 * A link on a manager that `connect.WebSocketManager` created and the application passed. Items are received through
 * the manager's public methods, because the application may have wrapped them. All other reports come directly from the
 * manager's socket link. If a public method throws, the socket link is used instead. A method may throw if a framework
 * has wrapped the manager in a reactive proxy.
 */
export class ManagerLink implements Link {
  readonly #manager: PublicManager;
  readonly #link: SocketLink;
  readonly #logger: LibraryLogger;

  constructor(manager: PublicManager, link: SocketLink, logger: LibraryLogger) {
    this.#manager = manager;
    this.#link = link;
    this.#logger = logger;
  }

  get status(): LinkStatus | null {
    return this.#link.status;
  }

  listen(listener: LinkListener): Unsubscribe {
    const unsubscribe = this.#try("onMessage", () =>
      this.#manager.onMessage(TOPIC.chat, (raw) =>
        listener({ kind: "frame", frame: { kind: "message", topic: TOPIC.chat, raw } }),
      ),
    );
    const unsubscribeLink = this.#link.listen((report) => {
      const isItem = report.kind === "frame" && report.frame.kind === "message";
      if (!isItem || !unsubscribe) listener(report);
    });
    return () => {
      unsubscribeLink();
      this.#try("unsubscribe", () => unsubscribe?.());
    };
  }

  subscribeTopics(topics: readonly string[]): void {
    const isDone = this.#try("subscribeTopics", () => {
      this.#manager.subscribeTopics([...topics]);
      return true;
    });
    if (!isDone) this.#link.subscribeTopics(topics);
  }

  reconnectNow(): void {
    this.#link.reconnectNow();
  }

  #try<Result>(method: string, action: () => Result): Result | null {
    try {
      return action();
    } catch (error) {
      this.#logger.warn("A socket manager method threw", { method }, error);
      return null;
    }
  }
}
