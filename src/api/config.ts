/** The library's configuration. */
import type { ChatClient } from "./client";
import type { LoggerConfig } from "./logging";

/** How receipts are sent. */
export interface MessageReceiptsConfig {
  /** @default true */
  shouldSendMessageReceipts?: boolean;
  /**
   * How long receipts are gathered before one is sent, in milliseconds.
   * @default 5000
   */
  throttleTime?: number;
}

/** What happens to items that were missed while the link was down. */
export interface MessageRecoveryConfig {
  /**
   * Whether missed items are fetched and delivered once the link is back.
   * @default true
   */
  enabled?: boolean;
}

/** How messages are sent. */
export interface MessageSendingConfig {
  /**
   * How long a message waits for the network while the device is offline, in milliseconds; 0 not to wait.
   * @default 10000
   */
  offlineHoldTime?: number;
}

/** The features that can be set. */
export interface ChatFeaturesConfig {
  messageReceipts?: MessageReceiptsConfig;
  messageRecovery?: MessageRecoveryConfig;
  messageSending?: MessageSendingConfig;
}

/** Names of features; they replace the flags that were set before. */
export interface FeatureFlags extends ReadonlyArray<string> {
  messageReceipts?: undefined;
}

/** Whether the device is online, if the application knows better than the page: a boolean, or a promise of one. */
export type IsNetworkOnline = () => boolean | Promise<boolean>;

/** What `setGlobalConfig()` takes. What a call leaves out keeps its value. */
export interface ChatGlobalConfig {
  /**
   * Where log lines go.
   * @default nowhere
   */
  loggerConfig?: LoggerConfig;
  /**
   * The instance's region.
   * @default "us-west-2"
   */
  region?: string;
  /** Accepted for compatibility; it has no effect, nor has `cell`. */
  stage?: string;
  cell?: string;
  /** Replaces the service's address, for tests, proxies and the simulator. */
  endpoint?: string;
  /**
   * Settings of features; or an array of flags, which replaces the flags. The one flag with an effect is
   * `MESSAGE_RECEIPTS_ENABLED`.
   */
  features?: ChatFeaturesConfig | FeatureFlags;
  /**
   * Whether to use the service's dual-stack address, `https://participant.connect.{region}.api.aws`. `endpoint` wins.
   * @default false
   */
  useDualStack?: boolean;
  /** Added to the user agent that each call sends. */
  customUserAgentSuffix?: string;
  /**
   * The client of new sessions; null for the bundled one.
   * @default null
   */
  customChatClient?: ChatClient | null;
  webSocketManagerConfig?: { isNetworkOnline?: IsNetworkOnline };
  csmConfig?: {
    /**
     * The WidgetType of every metric.
     * @default "CustomChatWidget"
     */
    widgetType?: string;
  };
  /** Accepted for compatibility; it has no effect. */
  reconnect?: boolean;
}

/** The same where null, which means "unchanged", is accepted for any field. */
export type GivenConfig = { [Key in keyof ChatGlobalConfig]: ChatGlobalConfig[Key] | null };
