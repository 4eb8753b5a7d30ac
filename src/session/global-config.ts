import type { ChatClient } from "../api/client";
import type { FeatureFlags, GlobalConfigUpdate, NetworkOnlineCheck } from "../api/config";
import { ServiceClient } from "../participant/service-client";
import type { RecoverySettings } from "../conversation/recovery";
import { wrongArgument } from "../errors";
import { CsmService } from "../observability/csm";
import type { Logging } from "../observability/logger";
import { KeepaliveFetch } from "../keepalive-fetch";
import type { Platform } from "../platform";
import { hostLabel, isHostLabel } from "../host-label";
import { isObject } from "../util/json";
import { unencryptedHostOf } from "../util/socket-url";
import { VERSION } from "../version";
import { checkSettings } from "./arguments";
import type { ChatSettings } from "./chat-setup";

type Features = NonNullable<GlobalConfigUpdate["features"]>;

const DEFAULT_REGION = "us-west-2";

/** The only feature flag that has an effect. */
const RECEIPTS_FLAG = "MESSAGE_RECEIPTS_ENABLED";
const DEFAULT_THROTTLE_MS = 5_000;
const DEFAULT_OFFLINE_HOLD_MS = 10_000;

/**
 * Throws if a setting has the wrong type. Without this check, the first call would fail, and the mistake would be
 * harder to find.
 */
function checkConfig(config: unknown): void {
  if (!isObject(config)) throw wrongArgument("config", "an object, as in setGlobalConfig({ … })", config);
  checkSettings(config, "", "region", "stage", "cell", "endpoint", "customUserAgentSuffix");
}

/** The library's configuration, which all sessions share. */
export class GlobalConfig {
  readonly #platform: Platform;
  readonly #logManager: Logging;
  readonly #keepaliveFetch: KeepaliveFetch;
  #region: string | null = null;
  #regionOverride: string | null = null;
  #endpoint: string | null = null;
  #useDualStack = false;
  #userAgentSuffix = "";
  #customChatClient: ChatClient | null = null;
  #isNetworkOnline: NetworkOnlineCheck | null = null;
  #sendsReceipts = true;
  #throttleMs = DEFAULT_THROTTLE_MS;
  #recovery: RecoverySettings = { enabled: true };
  #offlineHoldMs = DEFAULT_OFFLINE_HOLD_MS;

  readonly csm: CsmService;
  /** Sessions read a setting each time they use it, because `setGlobalConfig()` may be called at any time. */
  readonly settings: ChatSettings = {
    isNetworkOnline: () => this.#isNetworkOnline,
    receiptSettings: () => ({ enabled: this.#sendsReceipts, throttleMs: this.#throttleMs }),
    recoverySettings: () => this.#recovery,
    offlineHoldMs: () => this.#offlineHoldMs,
  };

  constructor(platform: Platform, logManager: Logging) {
    this.#platform = platform;
    this.#logManager = logManager;
    this.#keepaliveFetch = new KeepaliveFetch(platform);
    const logger = logManager.getLogger({ prefix: "ChatJS-csmService" });
    this.csm = new CsmService(platform, logger, () => this.region, this.#keepaliveFetch);
  }

  update(config: GlobalConfigUpdate = {}): void {
    checkConfig(config);
    if (config.loggerConfig) this.#logManager.updateLoggerConfig(config.loggerConfig);
    this.#region = config.region ?? this.#region;
    this.#endpoint = config.endpoint ?? this.#endpoint;
    this.#userAgentSuffix = config.customUserAgentSuffix ?? this.#userAgentSuffix;
    if (config.customChatClient !== undefined) this.#customChatClient = config.customChatClient;
    const isNetworkOnline = config.webSocketManagerConfig?.isNetworkOnline;
    if (typeof isNetworkOnline === "function") this.#isNetworkOnline = isNetworkOnline;
    if (config.features) this.#updateFeatures(config.features);
    if (config.csmConfig) this.csm.updateCsmConfig(config.csmConfig);
    const useDualStack: unknown = config.useDualStack;
    if (typeof useDualStack === "boolean") this.#useDualStack = useDualStack;
    else if (useDualStack !== undefined && useDualStack !== null) {
      this.#logManager
        .getLogger({ prefix: "ChatJS-GlobalConfig" })
        .warn("useDualStack is ignored: it must be a boolean", { type: typeof useDualStack });
    }
  }

  #updateFeatures(features: Features): void {
    if (isFlagList(features)) {
      this.#sendsReceipts = features.includes(RECEIPTS_FLAG);
      return;
    }
    const isRecoveryEnabled = features.messageRecovery?.enabled;
    const holdMs = features.messageSending?.offlineHoldTime;
    if (typeof holdMs === "number" && holdMs >= 0) this.#offlineHoldMs = holdMs;
    if (typeof isRecoveryEnabled === "boolean") this.#recovery = { enabled: isRecoveryEnabled };
    const { shouldSendMessageReceipts, throttleTime } = features.messageReceipts ?? {};
    if (typeof throttleTime === "number" && throttleTime >= 0) this.#throttleMs = throttleTime;
    if (typeof shouldSendMessageReceipts === "boolean") this.#sendsReceipts = shouldSendMessageReceipts;
  }

  setFeatureFlag(name: string): void {
    if (name === RECEIPTS_FLAG) this.#sendsReceipts = true;
  }

  /** Sets a region that takes precedence over all other regions. Null removes the override. */
  setRegionOverride(region: string | null | undefined): void {
    this.#regionOverride = region ?? null;
  }

  get region(): string {
    return this.#regionOverride || this.#region || DEFAULT_REGION;
  }

  get customChatClient(): ChatClient | null {
    return this.#customChatClient;
  }

  /** The host of an `http://` endpoint, for which `ws://` is also allowed. Null for other endpoints. */
  get unencryptedHost(): string | null {
    return unencryptedHostOf(this.#endpoint ?? "");
  }

  /**
   * Makes a session's region the global one. Throws IllegalArgument if the region is invalid and the session's endpoint
   * would be built from it, because calls would then go to another host. In other cases, an invalid region is ignored.
   */
  adoptRegion(region: string, isClientBundled: boolean): void {
    if (isClientBundled && !this.#endpoint) hostLabel(region, "options.region");
    if (isHostLabel(region)) this.#region = region;
  }

  /** Creates a bundled client for the current region and endpoint. Throws IllegalArgument if the region is invalid. */
  createClient(): ChatClient {
    const domain = this.#useDualStack ? "api.aws" : "amazonaws.com";
    const endpoint = (
      this.#endpoint || `https://participant.connect.${hostLabel(this.region)}.${domain}`
    ).replace(/\/+$/, "");
    const userAgent = ["AmazonConnect-ChatJS/" + VERSION, this.#userAgentSuffix].filter(Boolean).join("-");
    return new ServiceClient(this.#platform, { endpoint, userAgent }, this.#keepaliveFetch);
  }
}

function isFlagList(features: Features): features is FeatureFlags {
  return Array.isArray(features);
}
