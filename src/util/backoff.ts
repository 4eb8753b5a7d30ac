/**
 * Full jitter, applied after the cap: a delay between 0 and min(cap, base · 2^attempt), so that clients that failed at
 * the same instant do not come back at the same instant. `attempt` counts from 0; milliseconds in and out.
 */
export function fullJitterMs(random: () => number, attempt: number, baseMs: number, capMs: number): number {
  // 2^30 s are thirty years: past it the exponent only risks infinity.
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
}
