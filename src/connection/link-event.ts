import type { ConnectionCause } from "../api/connection";
import type { WireItem } from "../api/items";

/** An event that a link reports to its chats. `chats` is the number of chats that share the link. */
export type LinkEvent =
  /**
   * The link is up. Emitted again at an external manager's first gain, if the link already counted as up.
   * `isSubscribed` is false if the manager will report the subscription separately.
   */
  | { readonly kind: "up"; readonly chats: number; readonly isSubscribed: boolean }
  /** The manager has subscribed to the chat topic. Follows `unsubscribed`, or an `up` with `isSubscribed` false. */
  | { readonly kind: "subscribed"; readonly chats: number }
  /** The link is up, but the manager couldn't subscribe to the chat topic: no items arrive until `subscribed`. */
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "lost"; readonly cause: ConnectionCause }
  /** The link won't come back. */
  | { readonly kind: "failed"; readonly cause: ConnectionCause }
  /** Agents' chats only: another manager has replaced this one. */
  | { readonly kind: "replaced" }
  | { readonly kind: "item"; readonly item: WireItem }
  /** A chat frame couldn't be read, so an item may be missing. */
  | { readonly kind: "damaged"; readonly chats: number }
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: boolean };

/** A chat on a link. */
export interface LinkedChat {
  readonly contactId: string;
  readonly initialContactId: string;
  /** Whether the chat knows a message. A receipt may carry no other ID. */
  knowsMessage(messageId: string): boolean;
  onLink(event: LinkEvent): void;
}
