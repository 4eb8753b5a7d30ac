import type { ConnectionCause } from "../api/connection";
import type { WireItem } from "../api/items";

/** What a link reports to a chat on it. `chats` is how many chats share the link. */
export type LinkEvent =
  /**
   * The link is up. Emitted again at an external manager's first gain, if the link counted as up without one.
   * `isSubscribed` is false where the manager has reported its connection and will report the subscription.
   */
  | { readonly kind: "up"; readonly chats: number; readonly isSubscribed: boolean }
  /** The manager has subscribed to the chat's topic; follows an `up` whose `isSubscribed` was false, or `unsubscribed`. */
  | { readonly kind: "subscribed"; readonly chats: number }
  /** The link is up, but the manager could not subscribe to the chat's topic: no item arrives until it is `subscribed`. */
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "lost"; readonly cause: ConnectionCause }
  /** The link will not come back. */
  | { readonly kind: "failed"; readonly cause: ConnectionCause }
  /** Agents' chats only: another manager has taken the place of this one. */
  | { readonly kind: "replaced" }
  | { readonly kind: "item"; readonly item: WireItem }
  /** A frame of the chat could not be read: an item may be missing. */
  | { readonly kind: "damaged"; readonly chats: number }
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: boolean };

/** A chat on a link. */
export interface LinkedChat {
  readonly contactId: string;
  readonly initialContactId: string;
  /** Whether the chat knows a message: a receipt may name nothing else. */
  knowsMessage(messageId: string): boolean;
  onLink(event: LinkEvent): void;
}
