import type { ConnectionCause } from "../api/connection";
import type { Unsubscribe } from "../api/events";
import type { RawFrame, ReportedFrame } from "./frames";
import type { ManagerEvents } from "./manager-events";

/** Where a link stands. */
export type LinkStatus =
  /** Its socket is open. `isSubscribed` is false while an external manager has yet to report the subscription. */
  | { readonly kind: "up"; readonly isSubscribed: boolean }
  /** It is down, and may come back. */
  | { readonly kind: "lost"; readonly cause: ConnectionCause }
  /** It will not come back: its configuration is invalid, or it was terminated. */
  | { readonly kind: "failed"; readonly cause: ConnectionCause };

/** The events that `connect.WebSocketManager` emits as the socket link reports them. */
type PublicName =
  | "initFailure"
  | "connectionOpen"
  | "connectionClose"
  | "connectionGain"
  | "connectionLost"
  | "subscriptionFailure";

/** What a link reports, without saying for which chat. */
export type LinkReport =
  | LinkStatus
  /** The external manager has subscribed to the chat's topic. */
  | { readonly kind: "subscribed" }
  /** The external manager could not subscribe to it. It tries again on its own, and reports `subscribed` when it succeeds. */
  | { readonly kind: "unsubscribed" }
  /** Something that the service sent may be missing. */
  | { readonly kind: "damaged" }
  | { readonly kind: "frame"; readonly frame: ReportedFrame }
  /** The answer to a ping; null if there was none, or if the manager has checked it. */
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: boolean; readonly answer: RawFrame | null }
  | { [Name in PublicName]: { readonly kind: Name; readonly payload: ManagerEvents[Name] } }[PublicName];

export type LinkListener = (report: LinkReport) => void;

/** What chats need of one socket, whichever manager made it. */
export interface Link {
  /** Null until the first attempt of our own socket has succeeded or failed. */
  readonly status: LinkStatus | null;
  listen(listener: LinkListener): Unsubscribe;
  subscribeTopics(topics: readonly string[]): void;
  /** Makes the next attempt to reconnect now. An external manager decides that itself: there this does nothing. */
  reconnectNow(): void;
}
