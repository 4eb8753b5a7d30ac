/** The public types of the hooks. */
import type {
  ChatDetailsInput,
  CustomerChatSession,
  CustomerChatSessionArgs,
  ParticipantRole,
  SendableContentType,
  SendAttachmentArgs,
  SendBlobArgs,
  StartChatContactAnswer,
} from "amazon-connect-chatjs";
import type { GlobalAbortSignal, GlobalElement } from "../src/util/global-types";
import type { ChatMessage } from "./messages";
import type { ChatProblem } from "./problem";
import type { ChatResume } from "./saved-chat";

/**
 * The state of a chat:
 * - `idle`: The chat hasn't started.
 * - `starting`: The chat is being started or resumed.
 * - `connected`: The link is open.
 * - `reconnecting`: The link is down, and the library is restoring it. Messages can be sent.
 * - `ended`: The chat has ended. `start()` starts a new one.
 * - `failed`: The chat couldn't be started or resumed, or the library gave up on the link. See `error`. `start()` tries
 *   again.
 */
export type ChatStatus = "idle" | "starting" | "connected" | "reconnecting" | "ended" | "failed";

/** A participant who is typing. */
export interface TypingParticipant {
  readonly participantId: string;
  readonly displayName: string | null;
  readonly role: ParticipantRole | null;
}

/** What a chat's components render. A new object for each change; fields that haven't changed keep their identity. */
export interface ChatState {
  readonly status: ChatStatus;
  /** The conversation, oldest first. A message that hasn't changed is the same object as before. */
  readonly messages: readonly ChatMessage[];
  /** The other participants who are typing. */
  readonly typing: readonly TypingParticipant[];
  /** The latest problem that no message shows. The next action clears it, and so does a new link. */
  readonly error: ChatProblem | null;
  /** Whether `loadMore()` can fetch older messages. */
  readonly hasMoreHistory: boolean;
  /** Whether `loadMore()` is fetching older messages. */
  readonly isLoadingHistory: boolean;
  /** The session, for calls that the hooks don't have, such as `downloadAttachment()`. */
  readonly session: CustomerChatSession | null;
}

/** Options for `send()`. */
export interface SendOptions {
  /** @default "text/plain" */
  readonly contentType?: SendableContentType;
}

/** A file to send: a File, a Blob, or an object from a React Native file picker. */
export type ChatFile = SendAttachmentArgs["attachment"] | SendBlobArgs["attachment"];

/** What a chat's components do. The functions never change. Their promises never reject: the state shows failures. */
export interface ChatActions {
  /**
   * Starts a chat. If the last attempt failed and may succeed later, tries the same chat again. Does nothing while a
   * chat is running.
   */
  readonly start: () => Promise<void>;
  /** Sends a message. If it fails, the message's state is `failed`. */
  readonly send: (content: string, options?: SendOptions) => Promise<void>;
  /** Sends a failed message or file again. */
  readonly resend: (id: string) => Promise<void>;
  /** Sends a file. `messages` has an entry with its progress. */
  readonly sendFile: (file: ChatFile) => Promise<void>;
  /** Shows the others that the customer is typing. Call it on each keystroke; the library limits the requests. */
  readonly setTyping: () => void;
  /** Sends a read receipt for a message, without waiting until it's visible. */
  readonly markRead: (id: string) => void;
  /** Fetches older messages. */
  readonly loadMore: () => Promise<void>;
  /** Ends the chat for the customer. The status becomes `ended` when the service confirms it. */
  readonly end: () => Promise<void>;
  /** Clears `error`. */
  readonly dismissError: () => void;
  /**
   * Returns a ref for the element that shows a message. When the customer can see the element, the message's read
   * receipt is sent, once. Undefined if the message needs no receipt.
   * @example
   * const rows = chat.messages.map((message) => ({ key: message.key, ref: chat.visibleRef(message) }));
   */
  readonly visibleRef: (message: ChatMessage) => ((element: GlobalElement | null) => void) | undefined;
}

/** A chat without its state, which `useChatSelector()` reads. */
export interface ChatStore extends ChatActions {
  /** Returns the current state. */
  readonly getState: () => ChatState;
  /** Adds a listener for changes. Returns a function that removes it. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** A chat: its state and its actions. */
export interface Chat extends ChatState, ChatActions {
  /** The store, for `useChatSelector()` in other components. */
  readonly store: ChatStore;
}

/** The argument of `start`. */
export interface StartContext {
  /** Aborted when the component unmounts. */
  readonly signal: GlobalAbortSignal;
}

/** The options of `useChat()` and `useChatStore()`. */
export interface UseChatOptions {
  /** Calls your backend, which calls StartChatContact. Resolves with its response. */
  start: (context: StartContext) => Promise<ChatDetailsInput | StartChatContactAnswer>;
  /**
   * Where to keep the chat, so that it continues after a reload.
   * @default the chat isn't kept
   */
  resume?: ChatResume | undefined;
  /**
   * Whether to start a chat as soon as the component has mounted.
   * @default false
   */
  autoStart?: boolean | undefined;
  /** More arguments for `ChatSession.create()`. */
  session?: Pick<CustomerChatSessionArgs, "options" | "disableCSM"> | undefined;
}
