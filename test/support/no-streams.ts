import type { StreamsGlobal } from "../../src/observability/streams-metrics";

/** A page without Streams. */
export const NO_STREAMS: StreamsGlobal = { version: null, publishMetric: () => undefined };
