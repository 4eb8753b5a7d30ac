/** What is kept of a chat, so that it continues after a reload. */
import type { ChatDetailsInput, ChatSnapshot, StartChatContactAnswer } from "amazon-connect-chatjs";

/** A chat as it's kept: plain data for JSON. It contains the participant token, so keep it on the customer's device. */
export interface SavedChat {
  /** What `start` resolved with. */
  readonly chatDetails: ChatDetailsInput | StartChatContactAnswer;
  /** The session's progress. Null before the session has connected. */
  readonly snapshot: ChatSnapshot | null;
}

/**
 * Where a chat is kept.
 * @example
 * import { type ChatResume, type SavedChat } from "amazon-connect-chatjs/react";
 *
 * let kept: SavedChat | null = null;
 * const inMemory: ChatResume = { load: () => kept, save: (chat) => void (kept = chat) };
 */
export interface ChatResume {
  /** Returns the chat that was saved last. Called once, when the component has mounted. */
  load(): SavedChat | null | Promise<SavedChat | null>;
  /** Saves the chat. Called after changes, when the page is hidden, and with null when the chat has ended. */
  save(chat: SavedChat | null): void;
}

/** Checks only that it may be a saved chat, because `create()` checks the fields. */
const isSavedChat = (value: unknown): value is SavedChat =>
  typeof value === "object" && value !== null && "chatDetails" in value && "snapshot" in value;

/**
 * Keeps a chat in sessionStorage, so that it survives reloads and navigation within the tab. If the browser blocks the
 * storage, the chat works, but doesn't survive a reload.
 * @example
 * import { sessionStorageResume } from "amazon-connect-chatjs/react";
 *
 * const resume = sessionStorageResume("support-chat");
 */
export function sessionStorageResume(key = "amazon-connect-chat"): ChatResume {
  return {
    load() {
      try {
        const saved: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
        return isSavedChat(saved) ? saved : null;
      } catch {
        // The storage is blocked, or another program has written something else.
        return null;
      }
    },
    save(chat) {
      try {
        if (chat) sessionStorage.setItem(key, JSON.stringify(chat));
        else sessionStorage.removeItem(key);
      } catch {
        // The storage is blocked or full.
      }
    },
  };
}
