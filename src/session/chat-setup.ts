import type { Links } from "../connection/links";
import type { ChatClient } from "../api/client";
import type { NetworkOnlineCheck } from "../api/config";
import type { ChatWebSocketManager } from "../api/connection";
import type { ChatSnapshot } from "../api/snapshot";
import type { RecoverySettings } from "../conversation/recovery";
import type { ReceiptSettings } from "../conversation/receipts";
import type { StreamsMetrics } from "../observability/streams-metrics";
import type { ParticipantIdentity } from "../participant/connection-details";
import type { ChatMetrics } from "./chat-metrics";

/** Global settings. They're functions because the configuration may change during a session. */
export interface ChatSettings {
  readonly isNetworkOnline: () => NetworkOnlineCheck | null;
  readonly receiptSettings: () => ReceiptSettings;
  readonly recoverySettings: () => RecoverySettings;
  /** How long a message waits for the network, in milliseconds. */
  readonly offlineHoldMs: () => number;
}

/** Everything a chat needs, based on the checked arguments of `create()`. */
export interface ChatSetup extends ParticipantIdentity, ChatSettings {
  readonly contactId: string;
  readonly initialContactId: string;
  readonly participantId: string;
  readonly client: ChatClient;
  /** Returns the host of an `http://` endpoint, for which `ws://` is also allowed. Null for other endpoints. */
  readonly unencryptedHost: () => string | null;
  /** An external socket manager, such as the one in Streams. Null if the session opens its own socket. */
  readonly manager: ChatWebSocketManager | null;
  /** The snapshot of an earlier session of the same participant; null if there is none. */
  readonly resume: ChatSnapshot | null;
  /** Null if the session has no client-side metrics. */
  readonly metrics: ChatMetrics | null;
  readonly streamsMetrics: StreamsMetrics;
  readonly links: Links;
}
