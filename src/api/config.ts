/** The library's configuration. */
import type { ChatClient } from "./client";
import type { LoggerConfig } from "./logging";

/** Settings for receipts that are sent with `sendEvent()`. */
export interface MessageReceiptsConfig {
  /**
   * Whether to send receipts. If false, `sendEvent()` rejects with `IllegalState` for a receipt.
   * @default true
   */
  shouldSendMessageReceipts?: boolean;
  /**
   * The window in which receipts are batched, in milliseconds. When it ends, the latest receipt of each kind is sent.
   * @default 5000
   */
  throttleTime?: number;
}

/** Settings for items that are missed while the link is down. */
export interface MessageRecoveryConfig {
  /**
   * Whether to fetch missed items and deliver them once the link is up again.
   * @default true
   */
  enabled?: boolean;
}

/** Settings for outgoing messages. */
export interface MessageSendingConfig {
  /**
   * How long a message waits for the network while the device is offline, in milliseconds. 0 means it doesn't wait.
   * @default 10000
   */
  offlineHoldTime?: number;
}

/** Settings of features. */
export interface ChatFeaturesConfig {
  /** Settings for receipts. */
  messageReceipts?: MessageReceiptsConfig;
  /** Settings for missed items. */
  messageRecovery?: MessageRecoveryConfig;
  /** Settings for outgoing messages. */
  messageSending?: MessageSendingConfig;
}

/** A list of feature flags, which replaces the flags that were set before. */
export interface FeatureFlags extends ReadonlyArray<string> {
  messageReceipts?: undefined;
}

/** Returns whether the device is online, as a boolean or a promise of one. */
export type NetworkOnlineCheck = () => boolean | Promise<boolean>;

/** The configuration for `setGlobalConfig()`. A field that a call omits keeps its value. */
export interface ChatGlobalConfig {
  /**
   * The settings of the library's log.
   * @default nothing is logged
   */
  loggerConfig?: LoggerConfig;
  /**
   * The AWS Region of the Amazon Connect instance.
   * @default "us-west-2"
   */
  region?: string;
  /** Accepted for compatibility; has no effect. */
  stage?: string;
  /** Accepted for compatibility; has no effect. */
  cell?: string;
  /**
   * The base URL of the Participant Service, for tests, a proxy, or the simulator.
   * @default `https://participant.connect.{region}.amazonaws.com`
   */
  endpoint?: string;
  /**
   * Settings of features, or an array of feature flags. An array replaces the flags that were set before; the only flag
   * with an effect is `MESSAGE_RECEIPTS_ENABLED`.
   */
  features?: ChatFeaturesConfig | FeatureFlags;
  /**
   * Whether to use the service's dual-stack endpoint, `https://participant.connect.{region}.api.aws`. Ignored if
   * `endpoint` is set.
   * @default false
   */
  useDualStack?: boolean;
  /** A suffix for the user agent that each call sends. */
  customUserAgentSuffix?: string;
  /**
   * The chat client of sessions that are created from now on. Null means the bundled client.
   * @default null
   */
  customChatClient?: ChatClient | null;
  /** Settings of the socket manager. */
  webSocketManagerConfig?: {
    /**
     * Returns whether the device is online, where the application can tell better than the browser.
     * @default the browser's own status
     */
    isNetworkOnline?: NetworkOnlineCheck;
  };
  /** Settings of client-side metrics. */
  csmConfig?: {
    /**
     * The WidgetType dimension of every metric.
     * @default "CustomChatWidget"
     */
    widgetType?: string;
  };
  /** Accepted for compatibility; has no effect. */
  reconnect?: boolean;
}

/** The same configuration, with null accepted for every field. Null means "unchanged". */
export type GlobalConfigUpdate = { [Key in keyof ChatGlobalConfig]: ChatGlobalConfig[Key] | null };
