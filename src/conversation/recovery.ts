import type { WireItem } from "../api/items";

export const RECOVERY = {
  /** Requested again before the cursor: items may be stored in another order than they were sent. */
  overlapMs: 10_000,
  /** Between two rounds: many clients have much to fetch at the same time. */
  nextRoundMs: 2_000,
  /** onConnectionEstablished waits this long for the recovered items. */
  establishedWithinMs: 3_000,
  /**
   * The first link came up after attempts that failed: the application's own GetTranscript, which many make at the
   * establishment, is waited for this long, so that what it shows is not delivered a second time.
   */
  fetchedWithinMs: 1_000,
  /** Spread of the first request, for each chat on the link: they all recover at the same instant. */
  jitterMs: 200,
  /** A manager of somebody else's tells of a gain before it is subscribed again: that is waited for, this long. */
  subscribedWithinMs: 1_000,
  /** After a damaged frame more may follow. */
  debounceMs: 250,
  /** Damage upon damage without anything missing: the recoveries become this rare. */
  debounceCapMs: 60_000,
} as const;

export interface RecoverySettings {
  /** Whether what was said while the link was down is fetched and delivered. */
  readonly enabled: boolean;
}

/** The link is back, with this many chats on it; `isSubscribed` unless an external manager reports that later. */
export interface LinkIsBack {
  readonly kind:
    /** The fact `settled` follows: the establishment is emitted then. */
    | "reconnected"
    /** The first link, after attempts that failed, or a subscription that came late: the establishment has been emitted. */
    | "late";
  readonly chats: number;
  readonly isSubscribed: boolean;
}

/** Why a recovery begins. `chats`: how many share the link. */
export type RecoveryCause =
  | LinkIsBack
  /** The link is up, but an external manager has yet to subscribe to the chat's topic: items of that time are missing. */
  | { readonly kind: "unsubscribed" }
  | { readonly kind: "damaged"; readonly chats: number }
  /** The service shows the end of the chat: what was said before it is fetched, for a limited time. */
  | { readonly kind: "ended"; readonly end: WireItem };

/** A run after a loss or damage, during which live items wait; one that goes on from another; a second look. */
export type RunKind = "run" | "round" | "look";
