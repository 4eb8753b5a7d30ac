/** The library's configuration. */
import type { ChatClient } from "./client";
import type { LoggerConfig } from "./logging";

/** Settings for receipts sent with `sendEvent()`. */
export interface MessageReceiptsConfig {
  /**
   * Whether to send receipts. If false, `sendEvent()` rejects with `IllegalState` for a receipt.
   * @default true
   */
  shouldSendMessageReceipts?: boolean;
  /**
   * The window in which receipts are batched, in milliseconds. At the end of the window, the latest receipt of each
   * kind is sent.
   * @default 5000
   */
  throttleTime?: number;
}

/** Settings for recovering items that were missed while the link was down. */
export interface MessageRecoveryConfig {
  /**
   * Whether to fetch and deliver missed items after the link is up again.
   * @default true
   */
  enabled?: boolean;
}

/** Settings for outgoing messages. */
export interface MessageSendingConfig {
  /**
   * How long a message waits for the network while the device is offline, in milliseconds. 0 means no wait.
   * @default 10000
   */
  offlineHoldTime?: number;
}

/** Settings for individual features. */
export interface ChatFeaturesConfig {
  /** Settings for receipts. */
  messageReceipts?: MessageReceiptsConfig;
  /** Settings for missed items. */
  messageRecovery?: MessageRecoveryConfig;
  /** Settings for outgoing messages. */
  messageSending?: MessageSendingConfig;
}

/** A list of feature flags. It replaces all flags that were set before. */
export interface FeatureFlags extends ReadonlyArray<string> {
  messageReceipts?: undefined;
}

/** Returns whether the device is online: a boolean, or a promise that resolves with a boolean. */
export type NetworkOnlineCheck = () => boolean | Promise<boolean>;

/** The configuration for `setGlobalConfig()`. A field that a call omits keeps its value. */
export interface ChatGlobalConfig {
  /**
   * The log settings.
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
   * Settings for features, or an array of feature flags. An array replaces all flags that were set before. The only
   * flag that has an effect is `MESSAGE_RECEIPTS_ENABLED`.
   */
  features?: ChatFeaturesConfig | FeatureFlags;
  /**
   * Whether to use the service's dual-stack endpoint, `https://participant.connect.{region}.api.aws`. Ignored if
   * `endpoint` is set.
   * @default false
   */
  useDualStack?: boolean;
  /** A suffix for the user agent string that is sent with each call. */
  customUserAgentSuffix?: string;
  /**
   * The chat client for sessions created after this call. Null restores the bundled client.
   * @default null
   */
  customChatClient?: ChatClient | null;
  /** Settings for the socket manager. */
  webSocketManagerConfig?: {
    /**
     * Returns whether the device is online. Set this function if the application knows better than the browser.
     * @default the browser's own status
     */
    isNetworkOnline?: NetworkOnlineCheck;
  };
  /** Settings for client-side metrics. */
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

/**
 * The argument of `setGlobalConfig()`: a `ChatGlobalConfig` in which every field may be null. Null leaves a setting
 * unchanged, except that null for `customChatClient` restores the bundled client.
 */
export type GlobalConfigUpdate = { [Key in keyof ChatGlobalConfig]: ChatGlobalConfig[Key] | null };
