import type { ConnectionCause } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { RawFrame, ReportedFrame } from "./frames";
import type { ManagerEvents } from "./manager-events";

/** A link's status. */
export type LinkStatus =
  /** The socket is open. `isSubscribed` is false until an external manager reports the subscription. */
  | { readonly kind: "up"; readonly isSubscribed: boolean }
  /** The link is down, but may come up again. */
  | { readonly kind: "lost"; readonly cause: ConnectionCause }
  /** The link is down permanently, because its configuration is invalid or its manager was terminated. */
  | { readonly kind: "failed"; readonly cause: ConnectionCause };

/** Events that the socket link reports and `connect.WebSocketManager` emits unchanged. */
type PublicName =
  | "initFailure"
  | "connectionOpen"
  | "connectionClose"
  | "connectionGain"
  | "connectionLost"
  | "subscriptionFailure";

/** A report from a link, before a router passes it on to chats. */
export type LinkReport =
  | LinkStatus
  /** The external manager has subscribed to the chat topic. */
  | { readonly kind: "subscribed" }
  /** The external manager couldn't subscribe to the chat topic. If a retry succeeds, `subscribed` follows. */
  | { readonly kind: "unsubscribed" }
  /** Frames that the service sent may be missing. */
  | { readonly kind: "damaged" }
  | { readonly kind: "frame"; readonly frame: ReportedFrame }
  /** `response` is the response to a ping; null if none arrived, or if an external manager sent the ping. */
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: boolean; readonly response: RawFrame | null }
  | { [Name in PublicName]: { readonly kind: Name; readonly payload: ManagerEvents[Name] } }[PublicName];

export type LinkListener = (report: LinkReport) => void;

/** The socket that chats use, regardless of which manager opened it. */
export interface Link {
  /** Null until the first attempt has succeeded or failed. An external link always has a status. */
  readonly status: LinkStatus | null;
  listen(listener: LinkListener): Unsubscribe;
  subscribeTopics(topics: readonly string[]): void;
  /** Makes the next reconnection attempt now. Does nothing on an external manager, which schedules its own attempts. */
  reconnectNow(): void;
}
