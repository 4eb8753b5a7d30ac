import type { ConnectionCause } from "../api/connection";
import type { WireItem } from "../api/items";

/** An event that a link reports to its chats. `chats` is the number of chats that share the link. */
export type LinkEvent =
  /**
   * The link is up. Emitted again for an external manager's first `onConnectionGain`, even though the link already
   * counts as up. `isSubscribed` is false if the manager will report the subscription separately.
   */
  | { readonly kind: "up"; readonly chats: number; readonly isSubscribed: boolean }
  /** The external manager has subscribed to the chat topic. Follows `unsubscribed`, or `up` without a subscription. */
  | { readonly kind: "subscribed"; readonly chats: number }
  /** The external manager couldn't subscribe to the chat topic. No items arrive until `subscribed`. */
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "lost"; readonly cause: ConnectionCause }
  /** The link is down permanently. */
  | { readonly kind: "failed"; readonly cause: ConnectionCause }
  /** Another manager has replaced the link's manager. Emitted only to agents' chats. */
  | { readonly kind: "replaced" }
  | { readonly kind: "item"; readonly item: WireItem }
  /** A frame couldn't be parsed, or may have been lost, so an item may be missing. */
  | { readonly kind: "damaged"; readonly chats: number }
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: boolean };

/** A chat on a link. */
export interface LinkedChat {
  readonly contactId: string;
  readonly initialContactId: string;
  /** Whether the chat knows a message. Used to assign receipts that contain only a message ID. */
  knowsMessage(messageId: string): boolean;
  onLink(event: LinkEvent): void;
}
