import type { ConnectionState } from "../api/connection";
import type { CsmService } from "../observability/csm";
import type { CallMetrics } from "../participant/service-calls";

/** What a session's link is counted for. */
export type LinkMetric =
  | "WebsocketConnectionLost"
  | "WebsocketConnectionGained"
  /** The link was given up: an ordinary end of the chat is not counted. */
  | "WebsocketEnded"
  | "WebsocketIncomingMessage"
  | "WebsocketDeepHeartbeatSuccess"
  | "WebsocketDeepHeartbeatFailure";

/** What entering a state is counted as. */
const LINK_METRIC: Readonly<Partial<Record<ConnectionState, LinkMetric>>> = {
  connected: "WebsocketConnectionGained",
  reconnecting: "WebsocketConnectionLost",
};

/** One customer's chat in the client-side metrics; agents' chats and those with `disableCSM` have none. */
export class ChatMetrics implements CallMetrics {
  readonly #csm: CsmService;

  constructor(csm: CsmService) {
    this.#csm = csm;
  }

  called(operation: string, tookMs: number, failed: boolean, contentType?: string): void {
    const dimensions = contentType === undefined ? [] : [{ name: "ContentType", value: contentType }];
    this.#csm.addLatencyMetric(operation, tookMs, "API", dimensions);
    this.#csm.addCountAndErrorMetric(operation, "API", failed, dimensions);
  }

  entered(state: ConnectionState): void {
    const metric = LINK_METRIC[state];
    if (metric) this.link(metric);
  }

  link(metric: LinkMetric): void {
    this.#csm.addCountMetric(metric, "API");
  }
}
