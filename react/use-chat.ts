import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { IDLE, Store } from "./store";
import type { Chat, ChatState, ChatStore, UseChatOptions } from "./types";

/** The server has no chats. While the browser hydrates, the state must be the same. */
const getServerState = (): ChatState => IDLE;

/**
 * Manages a customer's chat, like `useChat()`, but doesn't render the component when the chat's state changes. Pass the
 * store to components that read it with `useChatSelector()`. When the component unmounts, the session is released, and
 * the chat goes on.
 * @example
 * import { useChatSelector, useChatStore } from "amazon-connect-chatjs/react";
 *
 * function useMessageCount() {
 *   const store = useChatStore({ start: startChatContact });
 *   return useChatSelector(store, ({ messages }) => messages.length);
 * }
 */
export function useChatStore(options: UseChatOptions): ChatStore {
  const [store] = useState(() => new Store(options));
  // Effects run in this order, so the store is attached with the current options.
  useEffect(() => store.configure(options));
  useEffect(store.attach, [store]);
  return store;
}

/**
 * Manages a customer's chat, and renders the component when the chat's state changes. When the component unmounts, the
 * session is released, and the chat goes on.
 * @example
 * import { sessionStorageResume, useChat } from "amazon-connect-chatjs/react";
 *
 * const resume = sessionStorageResume();
 *
 * function useSupportChat() {
 *   const { status, messages, start, send } = useChat({ start: startChatContact, resume });
 *   return { status, messages, start, send };
 * }
 */
export function useChat(options: UseChatOptions): Chat {
  const store = useChatStore(options);
  const state = useSyncExternalStore(store.subscribe, store.getState, getServerState);
  return useMemo(() => ({ ...actionsOf(store), ...state, store }), [store, state]);
}

const actionsOf = (store: ChatStore): Omit<Chat, keyof ChatState | "store"> => ({
  start: store.start,
  send: store.send,
  resend: store.resend,
  sendFile: store.sendFile,
  setTyping: store.setTyping,
  markRead: store.markRead,
  loadMore: store.loadMore,
  end: store.end,
  dismissError: store.dismissError,
  visibleRef: store.visibleRef,
});

/**
 * Returns a part of a chat's state, and renders the component only when that part changes. `isEqual` compares the part
 * before and after a change (default: `Object.is`). Pass it if `select` returns a new object or array each time.
 * @example
 * import { useChatSelector, type ChatStore } from "amazon-connect-chatjs/react";
 *
 * function useUnsent(store: ChatStore) {
 *   return useChatSelector(store, ({ messages }) => messages.filter(({ state }) => state === "failed").length);
 * }
 */
export function useChatSelector<Selected>(
  store: ChatStore,
  select: (state: ChatState) => Selected,
  isEqual: (before: Selected, after: Selected) => boolean = Object.is,
): Selected {
  const rendered = useRef<{ readonly value: Selected } | null>(null);
  const [getSelected, getServerSelected] = useMemo(() => {
    let latest: { readonly state: ChatState; readonly value: Selected } | null = null;
    const selectedFrom = (state: ChatState): Selected => {
      if (latest?.state === state) return latest.value;
      const selected = select(state);
      // An inline `select` is new on each render. The value that was rendered stays, if it's equal.
      const before = latest ?? rendered.current;
      const value = before && isEqual(before.value, selected) ? before.value : selected;
      latest = { state, value };
      return value;
    };
    return [() => selectedFrom(store.getState()), () => selectedFrom(IDLE)] as const;
  }, [store, select, isEqual]);
  const value = useSyncExternalStore(store.subscribe, getSelected, getServerSelected);
  useEffect(() => {
    rendered.current = { value };
  }, [value]);
  return value;
}
