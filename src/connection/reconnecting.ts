/** When a link that was lost is tried again. */
export const RECONNECT = {
  /** Full jitter: the first attempt within a second, since thousands of clients lose their sockets at one instant. */
  baseMs: 1_000,
  capMs: 30_000,
  /** Attempts count anew once the link has stayed up this long: a whole beat was answered. */
  stableAfterMs: 10_000,
} as const;
