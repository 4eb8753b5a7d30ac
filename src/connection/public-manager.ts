import type { ChatWebSocketManager } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { LibraryLogger } from "../api/logging";
import { describeThrown } from "../observability/redact";
import type { Platform } from "../platform";
import { EventBus } from "../util/event-bus";
import { objectOf } from "../util/json";
import type { Zone } from "../util/zone";
import { causeOf } from "./causes";
import { RESERVED_TOPICS, type ReportedFrame, type RawFrame } from "./frames";
import type { LinkReport } from "./link";
import type { GetWebSocketTransport, InitOutcome, ManagerEvents } from "./manager-events";
import type { LinkSettings } from "./network";
import { SocketLink } from "./socket-link";

/** The key of a method that only the library uses. */
export const SOCKET_LINK = Symbol("the manager's socket link");

/**
 * The manager that `connect.WebSocketManager.create()` returns: a socket link with public methods. Each `on…` method
 * returns a function that unsubscribes. An error in a callback is logged and doesn't affect other callbacks.
 */
export class PublicManager implements ChatWebSocketManager {
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #link: SocketLink;
  readonly #events: EventBus<ManagerEvents>;
  readonly #messages: EventBus<Record<string, RawFrame>>;
  /** Whether `connectionLost` fired after the last `connectionGain`. */
  #isLost = false;

  constructor(platform: Platform, logger: LibraryLogger, settings: LinkSettings) {
    this.#platform = platform;
    this.#logger = logger;
    this.#link = new SocketLink(platform, logger, settings);
    const currentZone = (): Zone | null => platform.currentZone();
    this.#events = new EventBus(this.#onCallbackError, currentZone);
    this.#messages = new EventBus(this.#onCallbackError, currentZone);
    this.#link.listen(this.#onReport);
  }

  /** Bound to the manager, so that it also works when called on a proxy, such as a framework's reactive state. */
  readonly [SOCKET_LINK] = (): SocketLink => this.#link;

  /**
   * Starts the link. `getTransport` is called for the first socket URL, and for each reconnection that needs a new URL.
   * Resolves when the first socket has opened or failed to open, or when the link is closed.
   */
  init(getTransport: GetWebSocketTransport): Promise<InitOutcome> {
    return this.#link.start(getTransport);
  }

  subscribeTopics(topics: string[]): void {
    this.#link.subscribeTopics(topics);
  }

  /** Sends an application's frame. If its topic is missing or reserved, logs a warning instead. */
  sendMessage(frame: { topic: string } & RawFrame): void {
    const { topic } = objectOf(frame);
    if (typeof topic !== "string" || topic === "" || RESERVED_TOPICS.has(topic)) {
      this.#logger.warn("A frame was refused because its topic is missing or reserved", { topic });
    } else if (!this.#link.send(frame)) {
      this.#logger.warn("A frame wasn't sent because the socket isn't open", { topic });
    }
  }

  /** Closes the link permanently, with code 1000. */
  closeWebSocket(): void {
    this.#link.close();
  }

  /** Closes the link permanently. Its sessions receive a failure. */
  terminateWebSocketManager(reason = "terminated"): void {
    this.#link.close(causeOf("manager-terminated", reason));
  }

  // If one of the next three events has already fired, a new callback is called immediately, without an argument.
  onInitFailure(callback: (payload: ManagerEvents["initFailure"]) => unknown): Unsubscribe {
    return this.#onWithReplay("initFailure", callback, this.#link.status?.kind === "failed");
  }
  onConnectionGain(callback: (payload: undefined) => unknown): Unsubscribe {
    return this.#onWithReplay("connectionGain", callback, this.#link.isOpen);
  }
  onConnectionLost(callback: (payload: ManagerEvents["connectionLost"]) => unknown): Unsubscribe {
    return this.#onWithReplay("connectionLost", callback, this.#isLost);
  }
  onConnectionOpen(callback: (payload: ManagerEvents["connectionOpen"]) => unknown): Unsubscribe {
    return this.#events.on("connectionOpen", callback);
  }
  onConnectionClose(callback: (payload: ManagerEvents["connectionClose"]) => unknown): Unsubscribe {
    return this.#events.on("connectionClose", callback);
  }
  onSubscriptionUpdate(callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.#events.on("subscriptionUpdate", callback);
  }
  onSubscriptionFailure(callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.#events.on("subscriptionFailure", callback);
  }
  onDeepHeartbeatSuccess(callback: (payload: ManagerEvents["deepHeartbeatSuccess"]) => unknown): Unsubscribe {
    return this.#events.on("deepHeartbeatSuccess", callback);
  }
  onDeepHeartbeatFailure(callback: (payload: ManagerEvents["deepHeartbeatFailure"]) => unknown): Unsubscribe {
    return this.#events.on("deepHeartbeatFailure", callback);
  }
  onTopicFailure(callback: (payload: ManagerEvents["topicFailure"]) => unknown): Unsubscribe {
    return this.#events.on("topicFailure", callback);
  }
  /** Subscribes to one topic's frames. The callback receives the complete frame. */
  onMessage(topic: string, callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.#messages.on(topic, callback);
  }
  /** Subscribes to all topics' frames. The callback is called before the callbacks for the frame's topic. */
  onAllMessage(callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.#events.on("allMessage", callback);
  }

  /**
   * Adds a callback, and calls it immediately if the event has already fired (`isReplayed`). The socket can be open
   * before `connectionGain` fires. A callback that is added in between receives the event itself.
   */
  #onWithReplay<Name extends "initFailure" | "connectionGain" | "connectionLost">(
    name: Name,
    callback: (payload?: ManagerEvents[Name]) => unknown,
    isReplayed: boolean,
  ): Unsubscribe {
    const unsubscribe = this.#events.on(name, callback);
    if (isReplayed) {
      try {
        callback();
      } catch (error) {
        this.#onCallbackError(name, error);
      }
    }
    return unsubscribe;
  }

  readonly #onCallbackError = (name: string, error: unknown): void => {
    this.#logger.error("A socket manager callback failed", { event: name }, describeThrown(error));
  };

  readonly #onReport = (report: LinkReport): void => {
    if (report.kind === "frame") this.#onFrame(report.frame);
    else if (report.kind === "deepHeartbeat") this.#onPing(report.isHealthy, report.response);
    else if ("payload" in report) {
      if (report.kind === "connectionGain") this.#isLost = false;
      // After a termination, `connectionLost` isn't replayed to late subscribers.
      if (report.kind === "connectionLost") this.#isLost = this.#link.status?.kind !== "failed";
      this.#events.emit(report.kind, report.payload);
    }
  };

  #onFrame(frame: ReportedFrame): void {
    if (frame.kind === "topicFailure") {
      const { message: errorMessage, connectionId, requestId } = frame.raw;
      const timestamp = this.#platform.now();
      this.#events.emit("topicFailure", { timestamp, errorMessage, connectionId, requestId });
      return;
    }
    this.#events.emit("allMessage", frame.raw);
    if (frame.kind === "message") this.#messages.emit(frame.topic, frame.raw);
    else if (frame.accepted) this.#events.emit("subscriptionUpdate", frame.raw);
  }

  #onPing(isHealthy: boolean, response: RawFrame | null): void {
    const timestamp = this.#platform.now();
    if (isHealthy) this.#events.emit("deepHeartbeatSuccess", { timestamp });
    else {
      const { statusCode, statusContent } = response ?? {};
      const problem = response ? { statusCode, statusContent } : { error: "no response" };
      this.#events.emit("deepHeartbeatFailure", { timestamp, ...problem });
    }
  }
}
