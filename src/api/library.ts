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
  /** The base class for a custom chat client. The same as `connect.ChatClient`. */
  ChatClient: typeof ChatClient;
  /** The class of every error that the library throws or rejects with. */
  ChatError: ChatErrorConstructor;
  /** Returns whether a value is a `ChatError` from this or another copy of the library. */
  isChatError: typeof isChatError;
  /**
   * Creates a customer's or an agent's session.
   * @throws `IllegalArgument` if an argument is missing or invalid. The error's `field` names it.
   */
  create: CreateSession;
  /**
   * Merges fields into the library's configuration. A setting whose field is omitted or null keeps its value, except
   * that null for `customChatClient` restores the bundled client.
   * @throws `IllegalArgument` if a value has the wrong type. The error's `field` names it.
   */
  setGlobalConfig: SetGlobalConfig;
  /** Switches on a feature. The only flag that has an effect is `MESSAGE_RECEIPTS_ENABLED`. */
  setFeatureFlag: SetFeatureFlag;
  /**
   * Sets a region that takes precedence over all other region settings, for sessions created after this call. Null
   * removes the override.
   */
  setRegionOverride: SetRegionOverride;
  /** The log levels. A line is logged if its level is at least the configured level. */
  LogLevel: Required<ChatLogLevel>;
  /**
   * The base class for a custom logger. As in the original library, the class is also declared to have a logger's
   * methods, although only its instances have them.
   */
  Logger: LoggerConstructor & ChatLogger;
  /** The session types. */
  SessionTypes: ChatSessionTypes;
  /** The library's client-side metrics. The same as `connect.csmService`. */
  csmService: CSMService;
}

/** Information about the loaded library, `connect.ChatJS`. */
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
    /** When the library was built (ISO 8601). */
    readonly timestamp: string;
    readonly environment: "production" | "development";
  };
}

/** A dimension of a metric. The telemetry service accepts ten per metric. */
interface Dimension {
  name: string;
  value: string;
}

/**
 * The library's client-side metrics, `connect.csmService`. Applications can add their own metrics. Sending starts when
 * the first customer session without `disableCSM` is created, or when `initializeCSM()` is called. A metric's
 * `category` is "API" or "UI".
 */
export interface CSMService {
  /**
   * The WidgetType dimension of every metric. Set it with `csmConfig.widgetType`.
   * @default "CustomChatWidget"
   */
  widgetType: string;
  /** The logger for problems with metrics. */
  logger: LibraryLogger;
  /** Whether sending has started. */
  csmInitialized: boolean;
  /** The metrics that haven't been sent yet. */
  metricsToBePublished: Record<string, unknown>[];
  /** The metrics that haven't been added to the agent page's metrics yet. */
  agentMetricToBePublished: Record<string, unknown>[];
  /** The original library's maximum number of retries. Here, the value only limits the delay between retries. */
  MAX_RETRY: number;
  /** The same as `initializeCSM()`. The original library loads a script here. */
  loadCsmScriptAndExecute(): void;
  /** Starts sending metrics, including those that were added before. */
  initializeCSM(): void;
  /** Sets the WidgetType dimension. */
  updateCsmConfig(csmConfig?: { widgetType?: string } | Record<string, unknown> | null): void;
  /** Always returns false. In the original library, this method returns whether a script failed to load. */
  _hasCSMFailedToImport(): boolean;
  /** Returns the dimensions of every metric: only the WidgetType. */
  getDefaultDimensions(): Dimension[];
  /** Adds a metric in the telemetry service's format. */
  addMetric(metric: Record<string, unknown>): void;
  /** Adds dimensions to a metric, up to a total of ten. */
  setDimensions(metric: Record<string, unknown>, dimensions?: Dimension[]): void;
  /** Adds a latency metric. `timeDifference` is in milliseconds. */
  addLatencyMetric(
    method: string,
    timeDifference: number,
    category: string,
    otherDimensions?: Dimension[],
  ): void;
  /** Adds a latency metric for the time since `startTime`, which is in epoch milliseconds. */
  addLatencyMetricWithStartTime(
    method: string,
    startTime: number,
    category: string,
    otherDimensions?: Dimension[],
  ): void;
  /** Adds a count metric with the value 1, and an error metric with the value 1 or 0. */
  addCountAndErrorMetric(
    method: string,
    category: string,
    error: boolean,
    otherDimensions?: Dimension[],
  ): void;
  /** Adds a count metric with the value 1. */
  addCountMetric(method: string, category: string, otherDimensions?: Dimension[]): void;
  /** Adds a count to the agent page's metrics (`window.csm.API`), as soon as the page has loaded them. */
  addAgentCountMetric(metricName: string, count: number): void;
}
