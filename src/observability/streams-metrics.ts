import type { LibraryLogger } from "../api/logging";
import { VERSION } from "../version";

/** The part of Streams that the library uses. */
export interface StreamsGlobal {
  /** Streams' version, `connect.version`; null without Streams. */
  readonly version: string | null;
  /**
   * Calls `connect.publishMetric(metric)`, or does nothing if it doesn't exist. Passes on the errors that it throws.
   */
  publishMetric(metric: StreamsMetric): void;
}

/** A metric in Streams' format. It is plain data, since Streams sends it with postMessage(). */
export interface StreamsMetric {
  readonly name: "ChatJSEventMetric" | "ChatJSSuccessMetric";
  readonly data: { readonly count: number };
  readonly dimensions: Readonly<Record<string, string>>;
  readonly customCCPName: "ChatJS";
}

type Outcome = "ChatJSCreateSessionError" | "ChatJSConnectSessionError" | "ChatJSConnectSessionSuccess";

/** Reports the outcomes of `create()` and `connect()` to Streams, if the page has it. */
export class StreamsMetrics {
  readonly #streams: StreamsGlobal;
  readonly #logger: LibraryLogger;

  constructor(streams: StreamsGlobal, logger: LibraryLogger) {
    this.#streams = streams;
    this.#logger = logger;
  }

  /** The category says "Connect", since that is the name that the receivers expect. */
  recordSessionCreated(): void {
    this.#publish("ChatJSEventMetric", 1, "ChatJSConnectSessionSuccess", { chatJSVersion: VERSION });
  }

  recordFailure(call: "Create" | "Connect"): void {
    this.#publish("ChatJSSuccessMetric", 0, `ChatJS${call}SessionError`, {
      errorType: "InternalServerError",
    });
  }

  #publish(
    name: StreamsMetric["name"],
    count: number,
    outcome: Outcome,
    extraDimensions: Readonly<Record<string, string>>,
  ): void {
    const version = this.#streams.version ?? "unknown";
    const dimensions = { category: `StreamsJS-${version}-${outcome}`, streamsJSVersion: version, ...extraDimensions };
    try {
      this.#streams.publishMetric({ name, data: { count }, dimensions, customCCPName: "ChatJS" });
    } catch (error) {
      // For example "There is no upstream conduit!", if Streams is loaded but the CCP hasn't been started.
      this.#logger.debug("Streams did not accept a metric", { name }, error);
    }
  }
}
