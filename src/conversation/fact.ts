import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import type { MessagesRecovered } from "../api/connection";
import type { ChatEventName } from "../api/events";
import type { WireItem } from "../api/items";
import type { ItemEventName } from "./events";

/** What a conversation reports to its session. */
export type Fact =
  /** An item is delivered, as this event. */
  | {
      readonly kind: "item";
      readonly name: ItemEventName;
      readonly item: WireItem;
      readonly isRecovered: boolean;
    }
  /** A recovery is over. */
  | { readonly kind: "recovered"; readonly outcome: MessagesRecovered }
  /** After a reconnection: missed items are delivered, or have been waited for long enough. */
  | { readonly kind: "settled" }
  /** The transcript has changed: by a frame, or by a call of the application. */
  | { readonly kind: "transcript"; readonly by: "frame" | "call" }
  /** The chat has ended, and `item` says so. */
  | { readonly kind: "ended"; readonly item: WireItem }
  /** An agent's part in the contact went to somebody else. */
  | { readonly kind: "transferred" };

/** Whose conversation it is: hears the facts, and answers what the conversation cannot know. */
export interface ConversationOwner {
  onFact(fact: Fact): void;
  /** Whether anybody listens to an event: to the transcript, which is kept from then on, or to others' receipts. */
  hasHandler(name: ChatEventName): boolean;
  /** Fetches the newest page for the kept transcript; the page is handled like any other. Never rejects. */
  refreshTranscript(): Promise<void>;
  /** GetTranscript for a recovery, one attempt. */
  fetchPage(query: GetTranscriptQuery, signal: AbortSignal): Promise<GetTranscriptData>;
}
