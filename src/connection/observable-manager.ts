import type { ConnectionCause } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { LibraryLogger as ChatLogger } from "../api/logging";
import { describeThrown } from "../observability/redact";
import { EventBus } from "../util/event-bus";
import type { Zone } from "../util/zone";
import type { Platform } from "../platform";
import type { Frame, RawFrame } from "./frames";
import type { ManagerEvents } from "./manager-events";

/** Whether the link is up, that is, its socket open and all topics subscribed; if it is down, why. */
export type LinkStatus = { readonly up: true } | { readonly up: false; readonly cause: ConnectionCause };

/** What the manager reports to the library's own links, beyond its public events. */
interface InternalEvents {
  link: LinkStatus;
  /** A frame could not be read at all: something that was sent may be missing. */
  damagedFrame: undefined;
  /** The link will not come back: its configuration is invalid, or it was terminated. */
  failed: ConnectionCause;
}

/** Events whose late subscribers are told at once of what still holds. */
export type Replayed = "initFailure" | "connectionGain" | "connectionLost";

/** A socket manager's `on…` methods: each returns its unsubscribe function, and a callback that throws harms nothing. */
export abstract class ObservableManager {
  protected readonly events: EventBus<ManagerEvents>;
  protected readonly internal: EventBus<InternalEvents>;
  protected readonly messages: EventBus<Record<string, RawFrame>>;
  readonly #platform: Pick<Platform, "now" | "currentZone">;
  readonly #onCallbackError: (name: string, error: unknown) => void;

  protected constructor(platform: Pick<Platform, "now" | "currentZone">, logger: ChatLogger) {
    this.#platform = platform;
    this.#onCallbackError = (name, error) =>
      logger.error("A callback of the socket manager failed", { event: name }, describeThrown(error));
    const currentZone = (): Zone | null => platform.currentZone();
    this.events = new EventBus(this.#onCallbackError, currentZone);
    this.internal = new EventBus(this.#onCallbackError);
    this.messages = new EventBus(this.#onCallbackError, currentZone);
  }

  /** Whether an event still holds, so that a late subscriber has to be told. */
  protected abstract replays(name: Replayed): boolean;

  /** Late subscribers of init failure, gain and loss are told at once, without an argument. */
  onInitFailure(callback: (payload: ManagerEvents["initFailure"]) => unknown): Unsubscribe {
    return this.#replaying("initFailure", callback);
  }
  onConnectionGain(callback: (payload: undefined) => unknown): Unsubscribe {
    return this.#replaying("connectionGain", callback);
  }
  onConnectionLost(callback: (payload: ManagerEvents["connectionLost"]) => unknown): Unsubscribe {
    return this.#replaying("connectionLost", callback);
  }
  onConnectionOpen(callback: (payload: ManagerEvents["connectionOpen"]) => unknown): Unsubscribe {
    return this.events.on("connectionOpen", callback);
  }
  onConnectionClose(callback: (payload: ManagerEvents["connectionClose"]) => unknown): Unsubscribe {
    return this.events.on("connectionClose", callback);
  }
  onSubscriptionUpdate(callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.events.on("subscriptionUpdate", callback);
  }
  onSubscriptionFailure(callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.events.on("subscriptionFailure", callback);
  }
  onDeepHeartbeatSuccess(callback: (payload: ManagerEvents["deepHeartbeatSuccess"]) => unknown): Unsubscribe {
    return this.events.on("deepHeartbeatSuccess", callback);
  }
  onDeepHeartbeatFailure(callback: (payload: ManagerEvents["deepHeartbeatFailure"]) => unknown): Unsubscribe {
    return this.events.on("deepHeartbeatFailure", callback);
  }
  onTopicFailure(callback: (payload: ManagerEvents["topicFailure"]) => unknown): Unsubscribe {
    return this.events.on("topicFailure", callback);
  }
  /** Frames of one topic, whole. */
  onMessage(topic: string, callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.messages.on(topic, callback);
  }
  /** Frames of every topic, before the topic's own callbacks. */
  onAllMessage(callback: (frame: RawFrame) => unknown): Unsubscribe {
    return this.events.on("allMessage", callback);
  }

  /** For the library's own links. */
  onLink(callback: (status: LinkStatus) => void): Unsubscribe {
    return this.internal.on("link", callback);
  }
  /** A frame could not be read at all: something that was sent may be missing. */
  onDamagedFrame(callback: () => void): Unsubscribe {
    return this.internal.on("damagedFrame", callback);
  }
  /** The link will not come back: its configuration is invalid, or it was terminated. */
  onFailed(callback: (cause: ConnectionCause) => void): Unsubscribe {
    return this.internal.on("failed", callback);
  }

  #replaying<Name extends Replayed>(
    name: Name,
    callback: (payload?: ManagerEvents[Name]) => unknown,
  ): Unsubscribe {
    const unsubscribe = this.events.on(name, callback);
    if (this.replays(name)) {
      try {
        callback();
      } catch (error) {
        this.#onCallbackError(name, error);
      }
    }
    return unsubscribe;
  }

  /** Tells a frame from the server to those it is for. */
  protected deliver(frame: Frame): void {
    if (frame.kind === "malformed") {
      this.internal.emit("damagedFrame", undefined);
      return;
    }
    if (frame.kind === "topicFailure") {
      const { message: errorMessage, connectionId, requestId } = frame.raw;
      const timestamp = this.#platform.now();
      this.events.emit("topicFailure", { timestamp, errorMessage, connectionId, requestId });
      return;
    }
    this.events.emit("allMessage", frame.raw);
    if (frame.kind === "message") this.messages.emit(frame.topic, frame.raw);
    else if (frame.kind === "subscription" && frame.accepted) {
      this.events.emit("subscriptionUpdate", frame.raw);
    }
  }

  /** Tells the answer to a ping, or (`raw` null) its absence. */
  protected pinged(healthy: boolean, raw: RawFrame | null): void {
    const timestamp = this.#platform.now();
    if (healthy) {
      this.events.emit("deepHeartbeatSuccess", { timestamp });
    } else if (raw === null) {
      this.events.emit("deepHeartbeatFailure", { timestamp, error: "no answer" });
    } else {
      const { statusCode, statusContent } = raw;
      this.events.emit("deepHeartbeatFailure", { timestamp, statusCode, statusContent });
    }
  }
}
