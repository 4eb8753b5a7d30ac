import type { LibraryLogger } from "../api/logging";
import type { KeepaliveFetch } from "../keepalive-fetch";
import type { Platform, Timer } from "../platform";
import { hostLabel } from "../host-label";

export type MetricCategory = "API" | "UI";

export interface MetricDimension {
  name: string;
  value: string;
}

/**
 * A client-side metric in the telemetry service's format. This is a type alias, because an interface isn't assignable
 * to a Record.
 */
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
const BATCH_SIZE = 30;
const FLUSH_AFTER_MS = 30_000;
/** The pause before the first retry when the agent page hasn't loaded its metrics yet. */
const AGENT_RETRY_BASE_MS = 1_000;
/** The maximum number of queued metrics. The oldest are discarded first. */
const MAX_QUEUED = 300;

const endpointOf = (region: string): string =>
  `https://ieluqbvv.telemetry.connect.${hostLabel(region)}.amazonaws.com/prod/put-metrics`;

/**
 * `connect.csmService`, which sends client-side metrics in batches with `fetch`. Doesn't inject anything into the page.
 * Doesn't send anything until `initializeCSM()` is called, which the first customer session without `disableCSM` does.
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
  readonly #keepaliveFetch: KeepaliveFetch;
  #flushTimer: Timer | null = null;
  #agentTimer: Timer | null = null;

  constructor(
    platform: Platform,
    logger: LibraryLogger,
    region: () => string,
    keepaliveFetch: KeepaliveFetch,
  ) {
    this.#platform = platform;
    this.logger = logger;
    this.#region = region;
    this.#keepaliveFetch = keepaliveFetch;
  }

  updateCsmConfig(config?: { widgetType?: string } | null): void {
    if (config?.widgetType) this.widgetType = config.widgetType;
  }

  /** Starts sending metrics, including those that are already queued. */
  initializeCSM(): void {
    if (this.csmInitialized) return;
    this.csmInitialized = true;
    // The page may never be shown again, so queued metrics are sent immediately.
    this.#platform.onSignal((signal) => {
      if (signal === "hidden" || signal === "leaving") this.#flush();
    });
    this.#scheduleFlush();
  }

  /** Starts sending metrics. Exists for compatibility: upstream loads a script here. */
  loadCsmScriptAndExecute(): void {
    this.initializeCSM();
  }

  /** Returns false. Exists for compatibility: upstream returns whether its script failed to load. */
  _hasCSMFailedToImport(): boolean {
    return false;
  }

  getDefaultDimensions(): MetricDimension[] {
    return [{ name: "WidgetType", value: this.widgetType }];
  }

  /** Adds dimensions to a metric. The telemetry service accepts at most ten, so the rest are dropped. */
  setDimensions(metric: CsmMetric, dimensions: readonly MetricDimension[] = []): void {
    metric.dimensions = [...metric.dimensions, ...dimensions].slice(0, MAX_DIMENSIONS);
  }

  addMetric(metric: CsmMetric): void {
    this.metricsToBePublished.push(metric);
    this.#scheduleFlush();
  }

  addLatencyMetric(
    method: string,
    durationMs: number,
    category: MetricCategory,
    dimensions?: readonly MetricDimension[],
  ): void {
    this.#add(method, "Milliseconds", durationMs, "Latency", category, dimensions);
  }

  /** `startTime` is in epoch milliseconds. */
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

  /**
   * Adds a count to the agent page's metrics (`window.csm.API`). The count is queued until the page has loaded its
   * metrics.
   */
  addAgentCountMetric(metricName: string, count: number): void {
    this.agentMetricToBePublished = [...this.agentMetricToBePublished, { metricName, count }].slice(
      -MAX_QUEUED,
    );
    this.#flushAgentCounts(0);
  }

  /**
   * Adds the queued counts to the page's metrics. If the page hasn't loaded them yet, retries after 1, 2, 4, 8, and 16
   * seconds, and then every 32 seconds.
   */
  #flushAgentCounts(failedAttempts: number): void {
    this.#agentTimer?.cancel();
    for (let next = this.agentMetricToBePublished[0]; next; next = this.agentMetricToBePublished[0]) {
      const outcome = this.#platform.addAgentCount(next.metricName, next.count);
      if (outcome === "later") {
        this.#agentTimer = this.#platform.startTimer(
          () => this.#flushAgentCounts(Math.min(failedAttempts + 1, this.MAX_RETRY)),
          AGENT_RETRY_BASE_MS * 2 ** failedAttempts,
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

  #scheduleFlush(): void {
    const queuedCount = this.metricsToBePublished.length;
    if (!this.csmInitialized) {
      if (queuedCount > MAX_QUEUED) this.metricsToBePublished = this.metricsToBePublished.slice(-MAX_QUEUED);
    } else if (queuedCount >= BATCH_SIZE) {
      this.#flush();
    } else if (queuedCount > 0) {
      this.#flushTimer ??= this.#platform.startTimer(() => this.#flush(), FLUSH_AFTER_MS);
    }
  }

  /**
   * Sends the queued metrics, at most 30 per request. A failed batch is discarded, because retries could slow down the
   * chat.
   */
  #flush(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = null;
    while (this.csmInitialized && this.metricsToBePublished.length > 0) {
      const metricList = this.metricsToBePublished.splice(0, BATCH_SIZE);
      const send = async (): Promise<unknown> =>
        this.#keepaliveFetch.fetch(endpointOf(this.#region()), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ metricNamespace: NAMESPACE, metricList }),
          // The telemetry service doesn't need the page's cookies.
          credentials: "omit",
        });
      send().catch((error: unknown) => this.logger.debug("Metrics could not be delivered", error));
    }
  }
}
