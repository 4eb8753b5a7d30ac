import type { Links } from "../connection/links";
import type { ChatClient } from "../api/client";
import type { IsNetworkOnline } from "../api/config";
import type { ChatWebSocketManager } from "../api/connection";
import type { ChatSnapshot } from "../api/snapshot";
import type { RecoverySettings } from "../conversation/recovery";
import type { ReceiptSettings } from "../conversation/receipts";
import type { StreamsMetrics } from "../observability/streams-metrics";
import type { ParticipantIdentity } from "../participant/connection-details";
import type { ChatMetrics } from "./chat-metrics";

/** The global configuration as sessions read it. */
export interface ChatSettings {
  readonly isNetworkOnline: () => IsNetworkOnline | null;
  readonly receiptSettings: () => ReceiptSettings;
  readonly recoverySettings: () => RecoverySettings;
  /** How long a message waits for the network, in milliseconds. */
  readonly offlineHoldMs: () => number;
}

/** One chat's parts, as create() has checked them. */
export interface ChatSetup extends ParticipantIdentity, ChatSettings {
  readonly contactId: string;
  readonly initialContactId: string;
  readonly participantId: string;
  readonly client: ChatClient;
  /** The host of an `http://` endpoint: a socket may be opened there without encryption. */
  readonly plainHost: () => string | null;
  /** An external manager (Streams'); null to make one. */
  readonly manager: ChatWebSocketManager | null;
  /** Where another page's session of this participant was. */
  readonly resume: ChatSnapshot | null;
  /** Null where the session is not counted. */
  readonly metrics: ChatMetrics | null;
  readonly streamsMetrics: StreamsMetrics;
  readonly links: Links;
}
