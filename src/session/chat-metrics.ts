import type { ConnectionState } from "../api/connection";
import type { CsmService } from "../observability/csm";
import type { CallMetrics } from "../participant/service-calls";

/** The metrics for a session's link. */
export type LinkMetric =
  | "WebsocketConnectionLost"
  | "WebsocketConnectionGained"
  /** The library gave up on the link. A chat that ends normally isn't counted. */
  | "WebsocketEnded"
  | "WebsocketIncomingMessage"
  | "WebsocketDeepHeartbeatSuccess"
  | "WebsocketDeepHeartbeatFailure";

/** The metric to count when the connection enters a state. */
const LINK_METRIC: Readonly<Partial<Record<ConnectionState, LinkMetric>>> = {
  connected: "WebsocketConnectionGained",
  reconnecting: "WebsocketConnectionLost",
};

/** Records the client-side metrics of a customer's chat. Agents' chats and chats with `disableCSM` aren't measured. */
export class ChatMetrics implements CallMetrics {
  readonly #csm: CsmService;

  constructor(csm: CsmService) {
    this.#csm = csm;
  }

  recordCall(operation: string, durationMs: number, failed: boolean, contentType?: string): void {
    const dimensions = contentType === undefined ? [] : [{ name: "ContentType", value: contentType }];
    this.#csm.addLatencyMetric(operation, durationMs, "API", dimensions);
    this.#csm.addCountAndErrorMetric(operation, "API", failed, dimensions);
  }

  recordState(state: ConnectionState): void {
    const metric = LINK_METRIC[state];
    if (metric) this.recordLink(metric);
  }

  recordLink(metric: LinkMetric): void {
    this.#csm.addCountMetric(metric, "API");
  }
}
