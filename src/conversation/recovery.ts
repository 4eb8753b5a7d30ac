import type { WireItem } from "../api/items";

export const RECOVERY = {
  /** The overlap before the cursor: items may be stored in a different order than they were sent in. */
  overlapMs: 10_000,
  /** The pause between two rounds, at most: many clients have much to fetch at the same time. */
  maxRoundPauseMs: 2_000,
  /** How long `onConnectionEstablished` waits for recovered items. */
  settleTimeoutMs: 3_000,
  /**
   * How long a recovery waits for the application's own GetTranscript if the first link came up after failed attempts.
   * Many applications call it in `onConnectionEstablished`, and its items must not be delivered a second time.
   */
  callTimeoutMs: 1_000,
  /** The jitter of the first request, for each chat on the link, since all of them recover at the same instant. */
  jitterMs: 200,
  /** How long a recovery waits for an external manager's subscription, which follows the manager's gain. */
  subscriptionTimeoutMs: 1_000,
  /** The debounce after a damaged frame, since more may follow. */
  debounceMs: 250,
  /** The longest debounce, if damaged frames keep coming and nothing is missing. */
  debounceCapMs: 60_000,
} as const;

export interface RecoverySettings {
  /** Whether items missed while the link was down are fetched and delivered. */
  readonly enabled: boolean;
}

/** The link is back, with `chats` chats on it. `isSubscribed` is false if an external manager reports that later. */
export interface LinkUpCause {
  readonly kind:
    /** The fact `settled` follows, at which the establishment is emitted. */
    | "reconnected"
    /** The first link after failed attempts, or a late subscription: the establishment was already emitted. */
    | "late";
  readonly chats: number;
  readonly isSubscribed: boolean;
}

/** The cause of a recovery. `chats` is the number of chats on the link. */
export type RecoveryCause =
  | LinkUpCause
  /** The link is up, but an external manager hasn't subscribed to the chat topic yet: items sent until then are missing. */
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "damaged"; readonly chats: number }
  /** The service reports the end of the chat: the items before it are fetched, for a limited time. */
  | { readonly kind: "ended"; readonly end: WireItem };

/** A run after a loss or damage, during which live items wait; a round that continues another run; a second look. */
export type RunKind = "run" | "round" | "look";
