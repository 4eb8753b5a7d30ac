import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { MessagesRecovered } from "../api/connection";
import type { ChatEventName } from "../api/events";
import type { WireItem } from "../api/items";
import type { ItemEventName } from "./events";

/** A fact that a conversation reports to its session. */
export type Fact =
  /** An item is delivered as this event. */
  | {
      readonly kind: "item";
      readonly name: ItemEventName;
      readonly item: WireItem;
      readonly isRecovered: boolean;
    }
  /** A recovery has finished. */
  | { readonly kind: "recovered"; readonly outcome: MessagesRecovered }
  /** After a reconnection: missed items were delivered, or the wait for them timed out. */
  | { readonly kind: "settled" }
  /** The transcript has changed, because of a frame or of an application's call. */
  | { readonly kind: "transcript"; readonly by: "frame" | "call" }
  /** The chat has ended; `item` is the event that says so. */
  | { readonly kind: "ended"; readonly item: WireItem }
  /** The contact was transferred from this agent to somebody else. */
  | { readonly kind: "transferred" };

/** The owner of a conversation: receives its facts, and provides what the conversation doesn't know. */
export interface ConversationOwner {
  onFact(fact: Fact): void;
  /** Whether the event has a handler. The transcript is kept, and others' receipts are fetched, only for a handler. */
  hasHandler(name: ChatEventName): boolean;
  /** Fetches the newest page for the kept transcript; the page is handled like any other. Never rejects. */
  refreshTranscript(): Promise<void>;
  /** Calls GetTranscript for a recovery. Makes one attempt. */
  fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData>;
}
