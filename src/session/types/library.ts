/** The library's own objects, as applications know them. */
import type { ChatLogger as LibraryLogger, LOG_LEVEL } from "../../observability/logger";
import type * as implementation from "../global-config";

/** The types of sessions. */
export interface ChatSessionTypes {
  AGENT: "AGENT";
  CUSTOMER: "CUSTOMER";
}

type Levels = typeof LOG_LEVEL;

/** The levels, by weight. Upstream declares no ADVANCED_LOG here; `ChatSession.LogLevel` has it. */
export interface ChatLogLevel extends Omit<Levels, "ADVANCED_LOG">, Partial<Pick<Levels, "ADVANCED_LOG">> {}

/** A logger of the application's own, for `loggerConfig.customizedLogger`: it is given one finished line a call. */
export interface ChatLogger {
  debug: (message: string) => void;
  info: (message: string) => void;
  warn: (message: string) => void;
  error: (message: string) => void;
}

/** Null goes where a value does and means "as it is"; a type without it is easier to read. */
type WithoutNull<T> = { [Key in keyof T]: Exclude<T[Key], null> };
type NullAllowed<T> = { [Key in keyof T]: T[Key] | null };

/** Names of features, which replace the switches that were set before. */
export interface FeatureFlags extends ReadonlyArray<string> {
  messageReceipts?: undefined;
}

type ConfigFields = WithoutNull<Omit<implementation.ChatGlobalConfig, "customChatClient" | "features">>;

/** What `setGlobalConfig()` takes; what a call leaves out keeps its value. */
export interface ChatGlobalConfig
  extends ConfigFields, Pick<implementation.ChatGlobalConfig, "customChatClient"> {
  /** The switch of receipts; or an array of flags, which replaces the flags. Default: receipts are sent. */
  features?: implementation.ChatFeaturesConfig | FeatureFlags;
}

/** `setGlobalConfig()`: merges into the library's configuration. Null is as good as nothing. */
export type SetGlobalConfig = (config?: NullAllowed<ChatGlobalConfig>) => void;

/** `setFeatureFlag(name)`: switches a feature on; the one with an effect is MESSAGE_RECEIPTS_ENABLED. */
export interface SetFeatureFlag {
  (feature: string): void;
}

/** `setRegionOverride(region)`: wins over every other region; null to go back to them. */
export interface SetRegionOverride {
  (regionOverride: string | null | undefined): void;
}

/** A dimension of a metric; the telemetry service takes ten a metric. */
interface Dimension {
  name: string;
  value: string;
}

/**
 * `connect.csmService`: client-side metrics, for the application's own as well. They are sent for customers' sessions
 * unless `disableCSM` is set; `category` is "API" or "UI".
 */
export interface CSMService {
  /** The WidgetType of every metric; default "CustomChatWidget". Set by `csmConfig.widgetType`. */
  widgetType: string;
  logger: LibraryLogger;
  /** Whether metrics are sent. */
  csmInitialized: boolean;
  /** What waits to be sent. */
  metricsToBePublished: Record<string, unknown>[];
  /** What waits for the agent's page's own metrics. */
  agentMetricToBePublished: Record<string, unknown>[];
  /** How often upstream tries to send a metric; for the application's own reading. */
  MAX_RETRY: number;
  /** As `initializeCSM()`: there is no script to load. */
  loadCsmScriptAndExecute(): void;
  /** From now on metrics are sent: those gathered before, too. */
  initializeCSM(): void;
  updateCsmConfig(csmConfig?: { widgetType?: string } | Record<string, unknown> | null): void;
  /** Always false: there is no script to load. */
  _hasCSMFailedToImport(): boolean;
  getDefaultDimensions(): Dimension[];
  /** A metric as the telemetry service takes it. */
  addMetric(metric: Record<string, unknown>): void;
  /** Adds dimensions to a metric. */
  setDimensions(metric: Record<string, unknown>, dimensions?: Dimension[]): void;
  /** A duration, in milliseconds. */
  addLatencyMetric(
    method: string,
    timeDifference: number,
    category: string,
    otherDimensions?: Dimension[],
  ): void;
  /** The time since `startTime`, which is in epoch milliseconds. */
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
  /** To the agent's page's own metrics, where it has them. */
  addAgentCountMetric(metricName: string, count: number): void;
}

/**
 * `connect.WebSocketManager` as Streams and upstream declare it: what `connect.core.getWebSocketManager()` returns. A
 * session takes such a manager, although the declaration leaves out what it needs; `ChatWebSocketManager` says that.
 */
export interface WebSocketManager {
  onConnectionGain: (callback: (event: unknown) => void) => void;
  onConnectionLost: (callback: (event: unknown) => void) => void;
  /** In truth the topic goes first, then the callback. */
  onMessage: (callback: (event: unknown) => void) => void;
  sendMessage: (message: Record<string, unknown>) => void;
  /** @deprecated Declared, and never there. */
  connect: () => void;
  /** @deprecated Declared, and never there. */
  disconnect: () => void;
}

/** The part of it that both declarations have. */
export type DeclaredWebSocketManager = Pick<WebSocketManager, "onMessage" | "connect" | "disconnect">;
