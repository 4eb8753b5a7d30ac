import type { LinkRequest } from "../../src/connection/links";
import { Logging } from "../../src/observability/logger";
import type { Platform } from "../../src/platform";
import { RequestBudget } from "../../src/waiting";

/**
 * A customer chat's request for a link. By default, the link is the participant's own, and its socket URLs never
 * arrive.
 */
export const linkRequest = (platform: Platform, fields: Partial<LinkRequest>): LinkRequest => ({
  type: "CUSTOMER",
  participantId: "participant",
  manager: null,
  socket: { url: null, expiry: null, transportLifeTimeInSeconds: 3_540 },
  fetchSocket: () => new Promise(() => undefined),
  budget: new RequestBudget(platform),
  logger: new Logging(platform).getLogger(),
  isNetworkOnline: () => null,
  unencryptedHost: () => null,
  ...fields,
});
