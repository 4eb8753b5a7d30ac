import {
  ChatError,
  ChatSession,
  isChatError,
  type CustomerChatSession,
  type CustomerChatSessionArgs,
} from "amazon-connect-chatjs";
import { LiveChat } from "./live-chat";
import { NO_MESSAGES } from "./message-list";
import type { ChatMessage } from "./messages";
import { problemOf } from "./problem";
import type { SavedChat } from "./saved-chat";
import { Saver } from "./saver";
import type { ChatFile, ChatState, ChatStatus, ChatStore, SendOptions, UseChatOptions } from "./types";
import { VisibleMessages } from "./visible-messages";

/** The state before a chat starts, and on a server. */
export const IDLE: ChatState = {
  status: "idle",
  messages: NO_MESSAGES,
  typing: [],
  error: null,
  hasMoreHistory: false,
  isLoadingHistory: false,
  session: null,
};

type CreateSession = (args: CustomerChatSessionArgs) => CustomerChatSession;

/** An attempt to open a chat, until it has succeeded or failed. */
interface Opening {
  readonly abort: AbortController;
  /** Whether to start a new chat if none is saved. */
  isWanted: boolean;
  done: Promise<void>;
}

/** The statuses in which the service accepts calls. */
const isUsable = (status: ChatStatus): boolean => status === "connected" || status === "reconnecting";

/** A proxy between the device and the service knows nothing of the chat, so the chat may still be there. */
const isFromProxy = (error: unknown): boolean => isChatError(error) && error.answeredBy === "proxy";

/** The service refuses the participant token of a chat that has ended. CORS may hide that it was the service. */
const isAccessDenied = (error: unknown): boolean =>
  isChatError(error) && error.type === "AccessDeniedException" && !isFromProxy(error);

/**
 * A component's chat, without React. Creating a store has no effects, because React may create stores that it never
 * uses. The store works while it's attached, and releases everything when it's detached for good.
 */
export class Store implements ChatStore {
  #options: UseChatOptions;
  readonly #createSession: CreateSession;
  readonly #listeners = new Set<() => void>();
  #state = IDLE;
  #users = 0;
  #release: ReturnType<typeof setTimeout> | null = null;
  #opening: Opening | null = null;
  #chat: LiveChat | null = null;
  /** What is needed to open the current chat again. */
  #saved: SavedChat | null = null;
  #hasLoaded = false;
  readonly #saver = new Saver(() => this.#save());
  readonly #visible = new VisibleMessages(
    (id) => this.markRead(id),
    () => isUsable(this.#state.status),
  );

  constructor(options: UseChatOptions, createSession: CreateSession = (args) => ChatSession.create(args)) {
    this.#options = options;
    this.#createSession = createSession;
  }

  readonly getState = (): ChatState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sets the latest options, whose functions may be new on each render. */
  configure(options: UseChatOptions): void {
    this.#options = options;
  }

  /**
   * Starts to use the store, and returns a function that stops using it. StrictMode, fast refresh and `Activity` run
   * an effect's cleanup and the effect again on the same store. If that happens in one task, as in StrictMode, the
   * chat must go on, so the release waits for the next task. If it happens later, the chat is resumed.
   */
  readonly attach = (): (() => void) => {
    this.#users += 1;
    if (this.#release !== null) clearTimeout(this.#release);
    this.#release = null;
    if (!this.#chat && (this.#saved || this.#state.status === "idle")) {
      void this.#open(this.#options.autoStart ?? false);
    }
    return () => {
      this.#users -= 1;
      if (this.#users === 0) this.#release = setTimeout(() => this.#dispose(), 0);
    };
  };

  readonly start = (): Promise<void> => this.#open(true);

  readonly send = (content: string, { contentType = "text/plain" }: SendOptions = {}): Promise<void> =>
    this.#call((chat) => chat.send(content, contentType));

  readonly resend = (id: string): Promise<void> => this.#call((chat) => chat.resend(id));

  readonly sendFile = (file: ChatFile): Promise<void> => this.#call((chat) => chat.sendFile(file));

  readonly setTyping = (): void => this.#chat?.setTyping();

  readonly markRead = (id: string): void => this.#chat?.markRead(id);

  readonly loadMore = (): Promise<void> => this.#call((chat) => chat.loadMore());

  readonly end = async (): Promise<void> => {
    if (this.#chat?.isAccepted) return this.#call((chat) => chat.end());
    if (this.#state.status === "idle" || this.#state.status === "ended") return;
    this.#opening?.abort.abort();
    this.#opening = null;
    this.#discard();
    this.#set({ status: "ended", error: null });
  };

  readonly dismissError = (): void => this.#set({ error: null });

  readonly visibleRef = ({ id, isOwn, kind }: ChatMessage): ReturnType<ChatStore["visibleRef"]> =>
    isOwn || kind === "event" ? undefined : this.#visible.refFor(id);

  /** Opens the saved chat or, if `isWanted`, a new one. Does nothing while a chat is open or being opened. */
  #open(isWanted: boolean): Promise<void> {
    if (this.#opening) {
      this.#opening.isWanted ||= isWanted;
      if (isWanted) this.#set({ status: "starting", error: null });
      return this.#opening.done;
    }
    if (this.#chat && (isUsable(this.#chat.status) || this.#chat.status === "starting")) {
      return Promise.resolve();
    }
    const opening: Opening = { abort: new AbortController(), isWanted, done: Promise.resolve() };
    this.#opening = opening;
    opening.done = this.#run(opening).finally(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    return opening.done;
  }

  async #run(opening: Opening): Promise<void> {
    const { signal } = opening.abort;
    if (opening.isWanted || this.#saved) this.#set({ status: "starting", error: null });
    try {
      // A chat that failed but may succeed later is still there: the same chat is tried again.
      const failed = this.#chat?.status === "ended" ? null : this.#chat;
      const chat = failed ?? (await this.#createChat(opening));
      await chat?.connect();
    } catch (cause) {
      if (signal.aborted) return;
      const hasEnded = this.#chat?.status === "ended" || (this.#saved?.snapshot && isAccessDenied(cause));
      const error = problemOf(cause);
      if (hasEnded || !(error.retryable || isFromProxy(cause))) this.#discard();
      this.#set(hasEnded ? { status: "ended" } : { status: "failed", error });
    }
  }

  /** Returns the saved chat or a new one. Null if there is nothing to open. */
  async #createChat(opening: Opening): Promise<LiveChat | null> {
    const { signal } = opening.abort;
    const saved = this.#saved ?? (await this.#load(signal));
    if (signal.aborted) return null;
    if (saved) {
      try {
        return this.#openChat(saved);
      } catch (error) {
        // What was saved is unusable, so it's as if nothing had been saved.
        if (!isChatError(error) || error.code !== "IllegalArgument") throw error;
        this.#forget();
      }
    }
    if (!opening.isWanted) {
      this.#set({ status: "idle" });
      return null;
    }
    return this.#startChat(signal);
  }

  /** Calls the backend. Null if the component has unmounted in the meantime. */
  async #startChat(signal: AbortSignal): Promise<LiveChat | null> {
    this.#discard();
    this.#set({ ...IDLE, status: "starting" });
    const chatDetails = await this.#options.start({ signal });
    const started = { chatDetails, snapshot: null };
    if (!signal.aborted) return this.#openChat(started);
    // The contact exists, so keep it for the next time.
    this.#saved = started;
    this.#options.resume?.save(started);
    return null;
  }

  /** Loads what an earlier page has saved, once. */
  async #load(signal: AbortSignal): Promise<SavedChat | null> {
    if (this.#hasLoaded || !this.#options.resume) return null;
    try {
      return await this.#options.resume.load();
    } finally {
      // If the component has unmounted in the meantime, the next attempt needs what was saved.
      this.#hasLoaded ||= !signal.aborted;
    }
  }

  #openChat(saved: SavedChat): LiveChat {
    const { chatDetails, snapshot: resume } = saved;
    this.#saved = saved;
    const session = this.#createSession({
      ...this.#options.session,
      ...{ type: "CUSTOMER", chatDetails, resume },
    });
    const chat = new LiveChat(session, (change) => this.#onChange(change));
    this.#chat = chat;
    // A reload may come before the session has connected.
    this.#options.resume?.save(saved);
    this.#set({ status: "starting", session });
    return chat;
  }

  #onChange(change: Partial<ChatState>): void {
    if (change.status === "ended") this.#forget();
    else if (this.#saved) this.#saver.schedule();
    this.#set(change);
    if (change.status === "connected") this.#visible.flush();
  }

  /** Runs a call on the chat. A failure that no message shows becomes the state's `error`. */
  async #call(call: (chat: LiveChat) => Promise<void>): Promise<void> {
    const chat = this.#chat;
    this.#set({ error: null });
    try {
      if (!chat) throw new ChatError("IllegalState", "The chat hasn't started. Call start() first.");
      await call(chat);
    } catch (error) {
      if (chat === this.#chat) this.#set({ error: problemOf(error) });
    }
  }

  #save(): void {
    if (!this.#chat || !this.#saved) return;
    const snapshot = this.#chat.snapshot ?? this.#saved.snapshot;
    this.#saved = { ...this.#saved, snapshot };
    this.#options.resume?.save(this.#saved);
  }

  /** Forgets a chat that can't be opened again. */
  #forget(): void {
    this.#saver.dispose();
    if (this.#saved) this.#options.resume?.save(null);
    this.#saved = null;
  }

  /** Releases and forgets the chat. */
  #discard(): void {
    this.#forget();
    this.#chat?.dispose();
    this.#chat = null;
    this.#set({ session: null, typing: IDLE.typing, hasMoreHistory: false, isLoadingHistory: false });
  }

  /** Releases everything. The chat goes on, and `attach()` opens it again. */
  #dispose(): void {
    this.#release = null;
    this.#saver.flush();
    this.#saver.dispose();
    this.#opening?.abort.abort();
    this.#opening = null;
    this.#chat?.dispose();
    this.#chat = null;
    this.#visible.release();
    const { status } = this.#state;
    const isOver = status === "ended" || (status === "failed" && !this.#saved);
    this.#set({
      status: isOver ? status : "idle",
      ...{ session: null, typing: IDLE.typing, hasMoreHistory: false, isLoadingHistory: false },
    });
  }

  /** Changes the state and calls the listeners, unless nothing changes. */
  #set(change: Partial<ChatState>): void {
    const next = { ...this.#state, ...change };
    if (Object.entries(next).every(([key, value]) => Reflect.get(this.#state, key) === value)) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
