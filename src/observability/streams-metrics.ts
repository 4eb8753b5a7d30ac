import type { LibraryLogger } from "../api/logging";
import { VERSION } from "../version";

/** What Streams offers on the page beside us. */
export interface StreamsPage {
  /** `connect.version`, Streams' own. */
  readonly version: string | null;
  /** `connect.publishMetric(metric)`. Does nothing where there is none; throws what Streams throws. */
  publishMetric(metric: StreamsMetric): void;
}

/** A metric as Streams takes it: it goes through postMessage, so it is plain data. */
export interface StreamsMetric {
  readonly name: "ChatJSEventMetric" | "ChatJSSuccessMetric";
  readonly data: { readonly count: number };
  readonly dimensions: Readonly<Record<string, string>>;
  readonly customCCPName: "ChatJS";
}

type Outcome = "ChatJSCreateSessionError" | "ChatJSConnectSessionError" | "ChatJSConnectSessionSuccess";

/** How sessions fare, told to Streams where the page has it. */
export class StreamsMetrics {
  readonly #streams: StreamsPage;
  readonly #logger: LibraryLogger;

  constructor(streams: StreamsPage, logger: LibraryLogger) {
    this.#streams = streams;
    this.#logger = logger;
  }

  /** Its category speaks of connecting: the receivers know it by that name. */
  sessionCreated(): void {
    this.#publish("ChatJSEventMetric", 1, "ChatJSConnectSessionSuccess", { chatJSVersion: VERSION });
  }

  failed(call: "Create" | "Connect"): void {
    this.#publish("ChatJSSuccessMetric", 0, `ChatJS${call}SessionError`, {
      errorType: "InternalServerError",
    });
  }

  #publish(
    name: StreamsMetric["name"],
    count: number,
    outcome: Outcome,
    more: Readonly<Record<string, string>>,
  ): void {
    const version = this.#streams.version ?? "unknown";
    const dimensions = { category: `StreamsJS-${version}-${outcome}`, streamsJSVersion: version, ...more };
    try {
      this.#streams.publishMetric({ name, data: { count }, dimensions, customCCPName: "ChatJS" });
    } catch (error) {
      // "There is no upstream conduit!": Streams is loaded, but nobody has started the CCP.
      this.#logger.debug("Streams did not take a metric", { name }, error);
    }
  }
}
