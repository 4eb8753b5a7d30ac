import type { LibraryLogger } from "../api/logging";
import type { LastingFetch } from "../lasting-fetch";
import type { Platform, Timer } from "../platform";
import { hostLabel } from "../host-label";

export type MetricCategory = "API" | "UI";

export interface MetricDimension {
  name: string;
  value: string;
}

/** One client-side metric, as the telemetry service takes it. A type, since an interface is no record of anything. */
export type CsmMetric = {
  metricName: string;
  unit: "Count" | "Milliseconds" | "Seconds" | "Microseconds";
  value: number;
  /** ISO 8601. */
  timestamp: string;
  namespace: string;
  dimensions: MetricDimension[];
  optionalDimensions: MetricDimension[];
};

const NAMESPACE = "chat-widget";
const DEFAULT_WIDGET_TYPE = "CustomChatWidget";
const MAX_DIMENSIONS = 10;
const BATCH = 30;
const FLUSH_AFTER_MS = 30_000;
/** Before the agent page's metrics are looked for again. */
const AGENT_RETRY_BASE_MS = 1_000;
/** What is gathered before anybody started the service: past it the oldest go. */
const MOST_WAITING = 300;

const endpointOf = (region: string): string =>
  `https://ieluqbvv.telemetry.connect.${hostLabel(region)}.amazonaws.com/prod/put-metrics`;

/**
 * `connect.csmService`: client-side metrics, in batches, by plain `fetch`. Nothing is injected into the page, and
 * nothing leaves before `initializeCSM()`, which the first customer's session without `disableCSM` calls.
 */
export class CsmService {
  widgetType = DEFAULT_WIDGET_TYPE;
  csmInitialized = false;
  readonly logger: LibraryLogger;
  metricsToBePublished: CsmMetric[] = [];
  agentMetricToBePublished: { metricName: string; count: number }[] = [];
  readonly MAX_RETRY = 5;
  readonly #platform: Platform;
  readonly #region: () => string;
  readonly #lasting: LastingFetch;
  #flushTimer: Timer | null = null;
  #agentTimer: Timer | null = null;

  constructor(platform: Platform, logger: LibraryLogger, region: () => string, lasting: LastingFetch) {
    this.#platform = platform;
    this.logger = logger;
    this.#region = region;
    this.#lasting = lasting;
  }

  updateCsmConfig(config?: { widgetType?: string } | null): void {
    if (config?.widgetType) this.widgetType = config.widgetType;
  }

  /** From now on metrics are sent: those gathered before, too. */
  initializeCSM(): void {
    if (this.csmInitialized) return;
    this.csmInitialized = true;
    // The page may go for good: what is gathered leaves with it.
    this.#platform.onSignal((signal) => {
      if (signal === "hidden" || signal === "leaving") this.#flush();
    });
    this.#gathered();
  }

  /** Upstream's name: it loaded a script here. There is none to load. */
  loadCsmScriptAndExecute(): void {
    this.initializeCSM();
  }

  /** Upstream's name: whether its script failed to load. There is none to load. */
  _hasCSMFailedToImport(): boolean {
    return false;
  }

  getDefaultDimensions(): MetricDimension[] {
    return [{ name: "WidgetType", value: this.widgetType }];
  }

  /** Adds dimensions to a metric; the service takes ten. */
  setDimensions(metric: CsmMetric, dimensions: readonly MetricDimension[] = []): void {
    metric.dimensions = [...metric.dimensions, ...dimensions].slice(0, MAX_DIMENSIONS);
  }

  addMetric(metric: CsmMetric): void {
    this.metricsToBePublished.push(metric);
    this.#gathered();
  }

  addLatencyMetric(
    method: string,
    durationMs: number,
    category: MetricCategory,
    dimensions?: readonly MetricDimension[],
  ): void {
    this.#add(method, "Milliseconds", durationMs, "Latency", category, dimensions);
  }

  /** `startTime` in epoch milliseconds. */
  addLatencyMetricWithStartTime(
    method: string,
    startTime: number,
    category: MetricCategory,
    dimensions?: readonly MetricDimension[],
  ): void {
    this.addLatencyMetric(method, this.#platform.now() - startTime, category, dimensions);
  }

  addCountMetric(method: string, category: MetricCategory, dimensions?: readonly MetricDimension[]): void {
    this.#add(method, "Count", 1, "Count", category, dimensions);
  }

  addCountAndErrorMetric(
    method: string,
    category: MetricCategory,
    isError: boolean,
    dimensions?: readonly MetricDimension[],
  ): void {
    this.addCountMetric(method, category, dimensions);
    this.#add(method, "Count", isError ? 1 : 0, "Error", category, dimensions);
  }

  /** To the agent page's own metrics (`window.csm.API`). The count waits until they are there, as long as `#countAgents` does. */
  addAgentCountMetric(metricName: string, count: number): void {
    this.agentMetricToBePublished = [...this.agentMetricToBePublished, { metricName, count }].slice(
      -MOST_WAITING,
    );
    this.#countAgents(0);
  }

  /**
   * Hands the waiting counts to the page. While it has no metrics, tries again after 1, 2, 4, 8 and 16 s, and then every
   * 32 s: pages load them late.
   */
  #countAgents(tries: number): void {
    this.#agentTimer?.cancel();
    for (let next = this.agentMetricToBePublished[0]; next; next = this.agentMetricToBePublished[0]) {
      const outcome = this.#platform.addAgentCount(next.metricName, next.count);
      if (outcome === "later") {
        this.#agentTimer = this.#platform.startTimer(
          () => this.#countAgents(Math.min(tries + 1, this.MAX_RETRY)),
          AGENT_RETRY_BASE_MS * 2 ** tries,
        );
      }
      if (outcome !== "counted") return;
      this.agentMetricToBePublished.shift();
    }
  }

  #add(
    metricName: string,
    unit: CsmMetric["unit"],
    value: number,
    kind: "Latency" | "Count" | "Error",
    category: MetricCategory,
    dimensions: readonly MetricDimension[] = [],
  ): void {
    const metric: CsmMetric = {
      metricName,
      unit,
      value,
      timestamp: new Date(this.#platform.now()).toISOString(),
      namespace: NAMESPACE,
      dimensions: this.getDefaultDimensions(),
      optionalDimensions: [],
    };
    this.setDimensions(metric, [
      { name: "Category", value: category },
      { name: "Metric", value: kind },
      ...dimensions,
    ]);
    this.addMetric(metric);
  }

  #gathered(): void {
    const waiting = this.metricsToBePublished.length;
    if (!this.csmInitialized) {
      if (waiting > MOST_WAITING) this.metricsToBePublished = this.metricsToBePublished.slice(-MOST_WAITING);
    } else if (waiting >= BATCH) {
      this.#flush();
    } else if (waiting > 0) {
      this.#flushTimer ??= this.#platform.startTimer(() => this.#flush(), FLUSH_AFTER_MS);
    }
  }

  /** Sends what is gathered, thirty a request; a batch that fails is let go: metrics are not worth a chat's network. */
  #flush(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = null;
    while (this.csmInitialized && this.metricsToBePublished.length > 0) {
      const metricList = this.metricsToBePublished.splice(0, BATCH);
      const sent = async (): Promise<unknown> =>
        this.#lasting.fetch(endpointOf(this.#region()), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ metricNamespace: NAMESPACE, metricList }),
          // It has no business with the page's cookies.
          credentials: "omit",
        });
      sent().catch((error: unknown) => this.logger.debug("Metrics were not delivered", error));
    }
  }
}
