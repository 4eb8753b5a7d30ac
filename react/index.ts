/**
 * React hooks for a customer's chat: `import { useChat } from "amazon-connect-chatjs/react"`. They render nothing. They
 * need React 18 or 19, which the application installs.
 */
export { sessionStorageResume } from "./saved-chat";
export { useChat, useChatSelector, useChatStore } from "./use-chat";
export type { ChatProblem } from "./problem";
export type { ChatResume, SavedChat } from "./saved-chat";
export type {
  AttachmentMessage,
  ChatMessage,
  ChatMessageState,
  EventMessage,
  InteractiveMessage,
  TextMessage,
} from "./messages";
export type {
  Chat,
  ChatActions,
  ChatFile,
  ChatState,
  ChatStatus,
  ChatStore,
  SendOptions,
  StartContext,
  TypingParticipant,
  UseChatOptions,
} from "./types";
