import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { MessagesRecovered } from "../api/connection";
import type { ChatEventName } from "../api/events";
import type { WireItem } from "../api/items";
import type { ItemEventName } from "./events";

/** A fact that a conversation reports to its owner. */
export type Fact =
  /** An item was delivered as the event `name`. */
  | {
      readonly kind: "item";
      readonly name: ItemEventName;
      readonly item: WireItem;
      readonly isRecovered: boolean;
    }
  /** A recovery has finished. */
  | { readonly kind: "recovered"; readonly outcome: MessagesRecovered }
  /** After a reconnection, the missed items have been delivered, or the wait for them timed out. */
  | { readonly kind: "settled" }
  /** The transcript has changed because of a frame, or because of an application's call. */
  | { readonly kind: "transcript"; readonly by: "frame" | "call" }
  /** The chat has ended. `item` is the service's `chat.ended` item. */
  | { readonly kind: "ended"; readonly item: WireItem }
  /** The contact was transferred away from this agent. */
  | { readonly kind: "transferred" };

/** A conversation's owner. Receives the conversation's facts, and makes its GetTranscript calls. */
export interface ConversationOwner {
  onFact(fact: Fact): void;
  /**
   * Whether the event has a handler. Without a handler, the conversation doesn't keep the transcript or fetch
   * missed receipts.
   */
  hasHandler(name: ChatEventName): boolean;
  /** Fetches the newest page for the kept transcript, and passes it to `recordPage()`. Never rejects. */
  refreshTranscript(): Promise<void>;
  /** Calls GetTranscript for a recovery, without retries. */
  fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData>;
}
