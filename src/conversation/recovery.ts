import type { WireItem } from "../api/items";

export const RECOVERY = {
  /** How far before the cursor a recovery starts fetching. Items aren't always stored in the order they were sent. */
  overlapMs: 10_000,
  /** The maximum pause between two rounds. The actual pause is random, because many clients may recover at once. */
  maxRoundPauseMs: 2_000,
  /** The maximum time that `connectionEstablished` waits for recovered items. */
  settleTimeoutMs: 3_000,
  /**
   * The maximum time that a recovery waits for the application's own GetTranscript if the first link came up only after
   * failed attempts. Many applications make that call in `onConnectionEstablished`, and don't expect events for its
   * items.
   */
  callTimeoutMs: 1_000,
  /** The maximum jitter before the first request, per chat on the link, because all these chats recover at once. */
  jitterMs: 200,
  /** The maximum time that a recovery waits for an external manager's subscription after `onConnectionGain`. */
  subscriptionTimeoutMs: 1_000,
  /** The debounce after a damaged frame, because more damaged frames may follow. */
  debounceMs: 250,
  /** The maximum debounce, reached if damaged frames keep arriving although nothing is missing. */
  debounceCapMs: 60_000,
} as const;

export interface RecoverySettings {
  /** Whether missed items are fetched and delivered after the link comes up again. */
  readonly enabled: boolean;
}

/** The link is up. `isSubscribed` is false if an external manager will report the subscription separately. */
export interface LinkUpCause {
  readonly kind:
    /** The `settled` fact follows. It makes the session emit `connectionEstablished`. */
    | "reconnected"
    /** After a first link with failed attempts, or a late subscription. `connectionEstablished` was already emitted. */
    | "late";
  readonly chats: number;
  readonly isSubscribed: boolean;
}

/** The cause of a recovery. `chats` is the number of chats on the link. */
export type RecoveryCause =
  | LinkUpCause
  /** The link is up, but its external manager hasn't subscribed to the chat topic, so no items arrive. */
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "damaged"; readonly chats: number }
  /** The service has reported the end of the chat. Items from before the end are fetched, for a limited time. */
  | { readonly kind: "ended"; readonly end: WireItem };

/** The kind of a recovery run. */
export type RunKind =
  /** A run after a lost link or a damaged frame. Live items wait for the run. */
  | "run"
  /** The continuation of a run that had too many pages. */
  | "round"
  /** A second look. See second-look.ts. */
  | "secondLook";
