import type { WireItem as ChatTranscriptItem } from "../api/items";

/** Why a recovery begins. `chats`: how many share the link. */
export type RecoveryCause =
  /** The fact `settled` follows: the establishment is emitted then. */
  | { readonly kind: "reconnected"; readonly chats: number; readonly isSubscribed: boolean }
  /** The first link, after attempts that failed, or a subscription that came late: the establishment has been emitted. */
  | { readonly kind: "late"; readonly chats: number; readonly isSubscribed: boolean }
  /** The first link, at once, and its subscription is still to come: what is said until then is missing. */
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "damaged"; readonly chats: number }
  /** The service shows the end of the chat: what was said before it is fetched, for a limited time. */
  | { readonly kind: "ended"; readonly end: ChatTranscriptItem };
