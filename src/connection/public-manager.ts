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

/** Names what the library alone may call. */
export const SOCKET_LINK = Symbol("the manager's socket link");

/**
 * `connect.WebSocketManager.create()`: a socket link with the documented methods. Each `on…` method returns its unsubscribe
 * function, and a callback that throws harms nothing.
 */
export class PublicManager implements ChatWebSocketManager {
  readonly #platform: Platform;
  readonly #logger: LibraryLogger;
  readonly #link: SocketLink;
  readonly #events: EventBus<ManagerEvents>;
  readonly #messages: EventBus<Record<string, RawFrame>>;
  /** Whether the link's loss was reported, and no gain since. */
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

  /** Bound, so that it can be called through a proxy, such as a framework's reactive state. */
  readonly [SOCKET_LINK] = (): SocketLink => this.#link;

  /**
   * Starts the link. `getTransport` is asked for a socket's URL now and at each reconnection that needs a new one.
   * Resolves when the first socket is open, or has become impossible.
   */
  init(getTransport: GetWebSocketTransport): Promise<InitOutcome> {
    return this.#link.start(getTransport);
  }

  subscribeTopics(topics: string[]): void {
    this.#link.subscribeTopics(topics);
  }

  /** Sends the application's own frame. One without a topic, or with a reserved one, is refused with a warning. */
  sendMessage(frame: { topic: string } & RawFrame): void {
    const { topic } = objectOf(frame);
    if (typeof topic !== "string" || topic === "" || RESERVED_TOPICS.has(topic)) {
      this.#logger.warn("A frame was refused: its topic is missing or reserved", { topic });
    } else if (!this.#link.send(frame)) {
      this.#logger.warn("A frame was not sent: the socket is not open", { topic });
    }
  }

  /** Closes the socket for good, with code 1000. */
  closeWebSocket(): void {
    this.#link.close();
  }

  /** Closes for good, and reports to the sessions on the link that it was given up. */
  terminateWebSocketManager(reason = "terminated"): void {
    this.#link.close(causeOf("manager-terminated", reason));
  }

  /** Late subscribers of init failure, gain and loss are called at once, without an argument. */
  onInitFailure(callback: (payload: ManagerEvents["initFailure"]) => unknown): Unsubscribe {
    return this.#replaying("initFailure", callback, this.#link.status?.kind === "failed");
  }
  onConnectionGain(callback: (payload: undefined) => unknown): Unsubscribe {
    return this.#replaying("connectionGain", callback, this.#link.isOpen);
  }
  onConnectionLost(callback: (payload: ManagerEvents["connectionLost"]) => unknown): Unsubscribe {
    return this.#replaying("connectionLost", callback, this.#isLost);
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
  /** Frames of one topic, whole. */
  onMessage(topic: string, callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.#messages.on(topic, callback);
  }
  /** Frames of every topic, before the topic's own callbacks. */
  onAllMessage(callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.#events.on("allMessage", callback);
  }

  /** The socket can be open before `connectionGain` fires: a subscriber added in between gets that event, not a replay. */
  #replaying<Name extends "initFailure" | "connectionGain" | "connectionLost">(
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
    this.#logger.error("A callback of the socket manager failed", { event: name }, describeThrown(error));
  };

  readonly #onReport = (report: LinkReport): void => {
    if (report.kind === "frame") this.#onFrame(report.frame);
    else if (report.kind === "deepHeartbeat") this.#onPing(report.isHealthy, report.answer);
    else if ("payload" in report) {
      if (report.kind === "connectionGain") this.#isLost = false;
      // After the link was terminated, no late subscriber is called.
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

  #onPing(isHealthy: boolean, answer: RawFrame | null): void {
    const timestamp = this.#platform.now();
    if (isHealthy) this.#events.emit("deepHeartbeatSuccess", { timestamp });
    else {
      const { statusCode, statusContent } = answer ?? {};
      const problem = answer ? { statusCode, statusContent } : { error: "no answer" };
      this.#events.emit("deepHeartbeatFailure", { timestamp, ...problem });
    }
  }
}
