import { jest } from "@jest/globals";
import type { SavedChat } from "../../../react/saved-chat";
import { Store } from "../../../react/store";
import type { ChatMessage } from "../../../react/messages";
import type { ChatState, UseChatOptions } from "../../../react/types";
import { ChatUnderTest } from "../../support/chat-under-test";

export const CONNECTION = "/participant/connection";
export const MESSAGE = "/participant/message";
export const TRANSCRIPT = "/participant/transcript";

/** A store whose sessions are real ones, on a fake platform and service. */
export class StoreUnderTest {
  readonly chat = new ChatUnderTest();
  readonly chatDetails = {
    ContactId: this.chat.contactId,
    ParticipantId: this.chat.participantId,
    ParticipantToken: "participant-token",
  };
  readonly start = jest.fn<UseChatOptions["start"]>(() => Promise.resolve(this.chatDetails));
  /** What was saved, newest last. */
  readonly saved: (SavedChat | null)[] = [];
  readonly store: Store;
  /** How many sessions the store has created. */
  sessions = 0;
  /** How often the store has reported a change. */
  changes = 0;

  /** With `saved`, the page before has saved that chat. With undefined, nothing is saved. */
  constructor(options: Partial<UseChatOptions> = {}, saved?: SavedChat | null) {
    const resume = {
      load: () => saved ?? null,
      save: (chat: SavedChat | null) => void this.saved.push(chat),
    };
    this.store = new Store(
      { start: this.start, resume: saved === undefined ? undefined : resume, ...options },
      (args) => {
        this.sessions += 1;
        return this.chat.library.ChatSession.create({ ...args, disableCSM: true });
      },
    );
    this.store.subscribe(() => (this.changes += 1));
  }

  get state(): ChatState {
    return this.store.getState();
  }

  get status(): ChatState["status"] {
    return this.state.status;
  }

  /** Each message's content or name, and its state. */
  get shown(): (string | null)[][] {
    return this.state.messages.map((message) => [
      message.kind === "attachment" ? message.name : message.content,
      message.state,
    ]);
  }

  get last(): ChatMessage {
    const message = this.state.messages.at(-1);
    if (!message) throw new Error("There is no message.");
    return message;
  }

  settle(): Promise<void> {
    return this.chat.platform.settle();
  }

  /** Attaches the store, starts a chat and opens its socket. Returns the function that detaches the store. */
  async connected(): Promise<() => void> {
    const detach = this.store.attach();
    void this.store.start();
    await this.settle();
    await this.chat.open();
    return detach;
  }
}

/** Waits for the next task, in which a detached store is released. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
