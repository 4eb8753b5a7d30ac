import type { LibraryLogger } from "../api/logging";
import { VERSION } from "../version";

/** The part of the Streams global that the library uses. */
export interface StreamsGlobal {
  /** The version of Streams (`connect.version`); null if Streams isn't loaded. */
  readonly version: string | null;
  /** Calls `connect.publishMetric(metric)` if that function exists. Throws what the function throws. */
  publishMetric(metric: StreamsMetric): void;
}

/** A metric in Streams' format. Must be plain data, because Streams sends it with postMessage(). */
export interface StreamsMetric {
  readonly name: "ChatJSEventMetric" | "ChatJSSuccessMetric";
  readonly data: { readonly count: number };
  readonly dimensions: Readonly<Record<string, string>>;
  readonly customCCPName: "ChatJS";
}

type Outcome = "ChatJSCreateSessionError" | "ChatJSConnectSessionError" | "ChatJSConnectSessionSuccess";

/** Reports the outcomes of `create()` and `connect()` to Streams, if the page uses it. */
export class StreamsMetrics {
  readonly #streams: StreamsGlobal;
  readonly #logger: LibraryLogger;

  constructor(streams: StreamsGlobal, logger: LibraryLogger) {
    this.#streams = streams;
    this.#logger = logger;
  }

  /** Records that a session was created. The category says "Connect", because receivers expect that name. */
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
    const dimensions = {
      category: `StreamsJS-${version}-${outcome}`,
      streamsJSVersion: version,
      ...extraDimensions,
    };
    try {
      this.#streams.publishMetric({ name, data: { count }, dimensions, customCCPName: "ChatJS" });
    } catch (error) {
      // For example, "There is no upstream conduit!" is thrown if Streams is loaded but the CCP hasn't been started.
      this.#logger.debug("Streams did not accept a metric", { name }, error);
    }
  }
}
