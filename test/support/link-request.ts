import type { LinkRequest } from "../../src/connection/links";
import { Logging } from "../../src/observability/logger";
import type { Platform } from "../../src/platform";
import { RequestBudget } from "../../src/waiting";

/** What a customer's chat asks of its link: by default its participant's own, whose sockets' URLs never come. */
export const linkRequest = (platform: Platform, fields: Partial<LinkRequest>): LinkRequest => ({
  type: "CUSTOMER",
  participantId: "participant",
  manager: null,
  socket: { url: null, expiry: null, transportLifeTimeInSeconds: 3_540 },
  fetchSocket: () => new Promise(() => undefined),
  budget: new RequestBudget(platform),
  logger: new Logging(platform).getLogger(),
  isNetworkOnline: () => null,
  plainHost: () => null,
  ...fields,
});
