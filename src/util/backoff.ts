/**
 * Returns a delay with full jitter, in milliseconds: a random value between 0 and min(cap, base · 2^attempt). Jitter
 * spreads the retries of clients that failed at the same instant. `random` is a number from 0 to 1. `attempt` counts
 * from 0.
 */
export function fullJitterMs(random: number, attempt: number, baseMs: number, capMs: number): number {
  return random * Math.min(capMs, baseMs * 2 ** attempt);
}
