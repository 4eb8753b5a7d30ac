/** The library's own objects: what it adds to the `connect` global. */
import type { ChatClient } from "./client";
import type { GivenConfig } from "./config";
import type { ChatSessionTypes, CreateSession } from "./create";
import type { ChatErrorConstructor, isChatError } from "./errors";
import type { ChatLogger, ChatLogLevel, LibraryLogger, LoggerConstructor } from "./logging";

/** `setGlobalConfig()`: merges into the library's configuration. A field that is null keeps its value. */
export type SetGlobalConfig = (config?: GivenConfig) => void;

/** `setFeatureFlag(name)`: switches a feature on; the one with an effect is MESSAGE_RECEIPTS_ENABLED. */
export interface SetFeatureFlag {
  (feature: string): void;
}

/** `setRegionOverride(region)`: overrides every other region; null removes the override. */
export interface SetRegionOverride {
  (regionOverride: string | null | undefined): void;
}

/**
 * `connect.ChatSession`: the entry point.
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
  /** The class of every error that the library makes. */
  ChatError: ChatErrorConstructor;
  /** Whether a value is a `ChatError`, of this copy of the library or another. */
  isChatError: typeof isChatError;
  /** Creates a customer's or an agent's session. Throws an `IllegalArgument` error that names the field. */
  create: CreateSession;
  /**
   * Merges into the library's configuration: what a call leaves out keeps its value. Throws an `IllegalArgument` error that
   * names the field for a value of the wrong kind.
   */
  setGlobalConfig: SetGlobalConfig;
  /** Switches a feature on; the one with an effect is MESSAGE_RECEIPTS_ENABLED. */
  setFeatureFlag: SetFeatureFlag;
  /** Overrides every other region; null removes the override. */
  setRegionOverride: SetRegionOverride;
  /** The levels, by weight: a line is logged if its level weighs at least as much as the configured one. */
  LogLevel: Required<ChatLogLevel>;
  /** The base class of a custom logger. The original library declares it as a logger, although it is a class. */
  Logger: LoggerConstructor & ChatLogger;
  SessionTypes: ChatSessionTypes;
  /** Client-side metrics; the same as `connect.csmService`. */
  csmService: CSMService;
}

/** `connect.ChatJS`: which library is loaded. */
export interface ChatJSObject {
  readonly version: string;
  readonly name: string;
  readonly source: string;
  readonly repository: string;
  readonly build: {
    /** ISO 8601. */
    readonly timestamp: string;
    readonly environment: "production" | "development";
  };
}

/** A dimension of a metric; the telemetry service accepts ten for each metric. */
interface Dimension {
  name: string;
  value: string;
}

/**
 * `connect.csmService`: client-side metrics, for the application's own as well. They are sent for customers' sessions
 * unless `disableCSM` is set; `category` is "API" or "UI".
 */
export interface CSMService {
  /** The WidgetType of every metric, set by `csmConfig.widgetType`; "CustomChatWidget" by default. */
  widgetType: string;
  logger: LibraryLogger;
  /** Whether metrics are sent. */
  csmInitialized: boolean;
  /** Metrics that wait to be sent. */
  metricsToBePublished: Record<string, unknown>[];
  /** Metrics that wait for the agent page's own metrics service. */
  agentMetricToBePublished: Record<string, unknown>[];
  /** How often the original library tries to send a metric, for applications that read it. */
  MAX_RETRY: number;
  /** As `initializeCSM()`: there is no script to load. */
  loadCsmScriptAndExecute(): void;
  /** Begins to send metrics, those gathered before included. */
  initializeCSM(): void;
  updateCsmConfig(csmConfig?: { widgetType?: string } | Record<string, unknown> | null): void;
  /** Always false: there is no script to load. */
  _hasCSMFailedToImport(): boolean;
  getDefaultDimensions(): Dimension[];
  /** Adds a metric in the telemetry service's own format. */
  addMetric(metric: Record<string, unknown>): void;
  /** Adds dimensions to a metric. */
  setDimensions(metric: Record<string, unknown>, dimensions?: Dimension[]): void;
  /** Adds a duration, in milliseconds. */
  addLatencyMetric(
    method: string,
    timeDifference: number,
    category: string,
    otherDimensions?: Dimension[],
  ): void;
  /** Adds the time since `startTime`, which is in epoch milliseconds. */
  addLatencyMetricWithStartTime(
    method: string,
    startTime: number,
    category: string,
    otherDimensions?: Dimension[],
  ): void;
  /** Counts a call, and whether it failed. */
  addCountAndErrorMetric(
    method: string,
    category: string,
    error: boolean,
    otherDimensions?: Dimension[],
  ): void;
  /** Counts a call. */
  addCountMetric(method: string, category: string, otherDimensions?: Dimension[]): void;
  /** Adds to the agent page's own metrics, if the page has them. */
  addAgentCountMetric(metricName: string, count: number): void;
}
