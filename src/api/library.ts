/** The objects that the library adds to the `connect` global. */
import type { ChatClient } from "./client";
import type { GlobalConfigUpdate } from "./config";
import type { ChatSessionTypes, CreateSession } from "./create";
import type { ChatErrorConstructor, isChatError } from "./errors";
import type { ChatLogger, ChatLogLevel, LibraryLogger, LoggerConstructor } from "./logging";

/** The type of `setGlobalConfig()`. */
export type SetGlobalConfig = (config?: GlobalConfigUpdate) => void;

/** The type of `setFeatureFlag()`. */
export interface SetFeatureFlag {
  (feature: string): void;
}

/** The type of `setRegionOverride()`. */
export interface SetRegionOverride {
  (regionOverride: string | null | undefined): void;
}

/**
 * The library's entry point, `connect.ChatSession`.
 * @example
 * import { ChatSession } from "amazon-connect-chatjs";
 *
 * ChatSession.setGlobalConfig({ region: "eu-central-1" });
 * const chat = ChatSession.create({ type: "CUSTOMER", chatDetails });
 * chat.onMessage(({ data }) => show(data.DisplayName, data.Content));
 * await chat.connect();
 */
export interface ChatSessionObject {
  /** The base class of a custom chat client; the same as `connect.ChatClient`. */
  ChatClient: typeof ChatClient;
  /** The class of every error that the library throws or rejects with. */
  ChatError: ChatErrorConstructor;
  /** Whether a value is a `ChatError`, from this copy of the library or another. */
  isChatError: typeof isChatError;
  /**
   * Creates a customer's or an agent's session.
   * @throws `IllegalArgument` if an argument is missing or invalid; the error's `field` names it.
   */
  create: CreateSession;
  /**
   * Merges fields into the library's configuration. A field that is missing or null keeps its value.
   * @throws `IllegalArgument` if a value has the wrong type; the error's `field` names it.
   */
  setGlobalConfig: SetGlobalConfig;
  /** Switches a feature on. The only flag with an effect is `MESSAGE_RECEIPTS_ENABLED`. */
  setFeatureFlag: SetFeatureFlag;
  /** Overrides all other region settings for sessions that are created from now on. Null removes the override. */
  setRegionOverride: SetRegionOverride;
  /** The log levels. A line is logged if its level is at least the configured one. */
  LogLevel: Required<ChatLogLevel>;
  /**
   * The base class of a custom logger. Also declared as a logger, as in the original library, although it is a class.
   */
  Logger: LoggerConstructor & ChatLogger;
  /** The session types. */
  SessionTypes: ChatSessionTypes;
  /** The library's client-side metrics; the same as `connect.csmService`. */
  csmService: CSMService;
}

/** The library that is loaded, `connect.ChatJS`. */
export interface ChatJSObject {
  /** The library's version. */
  readonly version: string;
  /** The name of the npm package. */
  readonly name: string;
  /** Where the package is published: "npm". */
  readonly source: string;
  /** The URL of the npm package. */
  readonly repository: string;
  /** The build of the library. */
  readonly build: {
    /** When the library was built: ISO 8601. */
    readonly timestamp: string;
    readonly environment: "production" | "development";
  };
}

/** A dimension of a metric. The telemetry service accepts ten for each metric. */
interface Dimension {
  name: string;
  value: string;
}

/**
 * The library's client-side metrics, `connect.csmService`. An application can add its own metrics. They are sent once a
 * customer's session without `disableCSM` is created, or after `initializeCSM()`. A `category` is "API" or "UI".
 */
export interface CSMService {
  /** The WidgetType dimension of every metric: "CustomChatWidget" by default. Set it with `csmConfig.widgetType`. */
  widgetType: string;
  /** The logger of the metrics. */
  logger: LibraryLogger;
  /** Whether metrics are sent. */
  csmInitialized: boolean;
  /** The metrics that are waiting to be sent. */
  metricsToBePublished: Record<string, unknown>[];
  /** The metrics that are waiting for the agent page's metrics service. */
  agentMetricToBePublished: Record<string, unknown>[];
  /** How many times the original library tries to send a metric, for applications that read the value. */
  MAX_RETRY: number;
  /** The same as `initializeCSM()`, since there is no script to load. */
  loadCsmScriptAndExecute(): void;
  /** Starts sending metrics, including those added before. */
  initializeCSM(): void;
  /** Sets the WidgetType dimension. */
  updateCsmConfig(csmConfig?: { widgetType?: string } | Record<string, unknown> | null): void;
  /** Always returns false, since there is no script to load. */
  _hasCSMFailedToImport(): boolean;
  /** Returns the dimensions that every metric has: the WidgetType. */
  getDefaultDimensions(): Dimension[];
  /** Adds a metric in the telemetry service's format. */
  addMetric(metric: Record<string, unknown>): void;
  /** Adds dimensions to a metric, up to ten in all. */
  setDimensions(metric: Record<string, unknown>, dimensions?: Dimension[]): void;
  /** Adds a latency metric. `timeDifference` is in milliseconds. */
  addLatencyMetric(
    method: string,
    timeDifference: number,
    category: string,
    otherDimensions?: Dimension[],
  ): void;
  /** Adds a latency metric with the time since `startTime`, which is in epoch milliseconds. */
  addLatencyMetricWithStartTime(
    method: string,
    startTime: number,
    category: string,
    otherDimensions?: Dimension[],
  ): void;
  /** Adds a count metric of 1, and an error metric of 1 or 0. */
  addCountAndErrorMetric(
    method: string,
    category: string,
    error: boolean,
    otherDimensions?: Dimension[],
  ): void;
  /** Adds a count metric of 1. */
  addCountMetric(method: string, category: string, otherDimensions?: Dimension[]): void;
  /** Adds a count to the agent page's metrics (`window.csm.API`), once the page has loaded them. */
  addAgentCountMetric(metricName: string, count: number): void;
}
