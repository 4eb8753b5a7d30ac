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

/** The global configuration as sessions read it. */
export interface ChatSettings {
  readonly isNetworkOnline: () => NetworkOnlineCheck | null;
  readonly receiptSettings: () => ReceiptSettings;
  readonly recoverySettings: () => RecoverySettings;
  /** How long a message waits for the network, in milliseconds. */
  readonly offlineHoldMs: () => number;
}

/** The setup of a chat, from the arguments that create() has checked. */
export interface ChatSetup extends ParticipantIdentity, ChatSettings {
  readonly contactId: string;
  readonly initialContactId: string;
  readonly participantId: string;
  readonly client: ChatClient;
  /** The host of an `http://` endpoint, to which sockets may be opened without encryption. */
  readonly unencryptedHost: () => string | null;
  /** An external socket manager, such as Streams'; null to open the session's own socket. */
  readonly manager: ChatWebSocketManager | null;
  /** The snapshot of an earlier session of the same participant. */
  readonly resume: ChatSnapshot | null;
  /** Null for a session without metrics. */
  readonly metrics: ChatMetrics | null;
  readonly streamsMetrics: StreamsMetrics;
  readonly links: Links;
}
