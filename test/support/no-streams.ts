import type { StreamsPage } from "../../src/observability/streams-metrics";

/** A page without Streams. */
export const NO_STREAMS: StreamsPage = { version: null, publishMetric: () => undefined };
