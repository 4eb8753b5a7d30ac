/**
 * Returns a delay with full jitter, applied after the cap: between 0 and min(cap, base · 2^attempt), so that clients
 * that failed at the same instant don't retry at the same instant. `chance` is a random number from 0 to 1, `attempt`
 * counts from 0, and times are in milliseconds.
 */
export function fullJitterMs(random: number, attempt: number, baseMs: number, capMs: number): number {
  return random * Math.min(capMs, baseMs * 2 ** attempt);
}
