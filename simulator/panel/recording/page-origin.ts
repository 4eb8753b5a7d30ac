import type { TrafficEntry } from "../api/types";

/** Other text in the header, such as `null`, isn't an address, and must not become code. */
const ORIGIN = /^https?:\/\/[\w.:[\]-]+$/;

/**
 * Returns the origin of the contact's page, from its latest call that has one; undefined if the traffic doesn't show
 * it, or if the page is the simulator's own, such as the demo.
 */
export function pageOrigin(
  traffic: readonly TrafficEntry[],
  contactId: string,
  endpoint: string | undefined,
): string | undefined {
  const call = traffic.findLast(
    ({ contactId: id, origin }) => id === contactId && origin !== undefined && ORIGIN.test(origin),
  );
  const isOwn = endpoint !== undefined && new URL(endpoint).origin === call?.origin;
  return isOwn ? undefined : call?.origin;
}
