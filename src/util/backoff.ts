/**
 * Full jitter, applied after the cap: a delay between 0 and min(cap, base · 2^attempt), so that clients that failed at
 * the same instant do not come back at the same instant. `attempt` counts from 0; milliseconds in and out.
 */
export function fullJitterMs(chance: number, attempt: number, baseMs: number, capMs: number): number {
  return chance * Math.min(capMs, baseMs * 2 ** attempt);
}
