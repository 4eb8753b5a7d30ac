import type { ChatTranscriptItem } from "amazon-connect-chatjs";
import { messageOf, type ChatMessage } from "./messages";
import type { ChatProblem } from "./problem";
import { Uploads } from "./uploads";

export const NO_MESSAGES: readonly ChatMessage[] = [];

/** Whether the transcript contains a message only under a temporary ID. */
const isUnaccepted = ({ state }: ChatMessage): boolean => state === "sending" || state === "failed";

/** Builds the messages from the transcript and the files in flight. Unchanged messages keep their identity. */
export class MessageList {
  readonly uploads = new Uploads();
  readonly #participantId: string;
  /** The transcript's messages, by ID. */
  #byId: ReadonlyMap<string, ChatMessage> = new Map();
  #messages = NO_MESSAGES;
  #items: readonly ChatTranscriptItem[] = [];
  readonly #keys = new Map<string, string>();
  readonly #usedKeys = new Set<string>();
  readonly #errors = new Map<string, ChatProblem>();

  constructor(participantId: string) {
    this.#participantId = participantId;
  }

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** The ID of the transcript's last message, or an empty string. */
  get lastId(): string {
    return [...this.#byId.keys()].at(-1) ?? "";
  }

  /** The time of the newest message (ISO 8601), or an empty string. */
  get newestTime(): string {
    return this.#items.reduce((newest, { AbsoluteTime: time }) => (time > newest ? time : newest), "");
  }

  /** Sets why a message failed, or null when it's sent again. */
  setError(id: string, error: ChatProblem | null): void {
    if (error) this.#errors.set(id, error);
    else this.#errors.delete(id);
    this.rebuild();
  }

  /** Applies a transcript. Returns the messages that the list didn't contain before. */
  update(items: readonly ChatTranscriptItem[]): readonly ChatMessage[] {
    this.#items = items;
    const before = this.#byId;
    const newItems = items.filter(({ Id }) => !before.has(Id));
    this.#keepKeys(newItems);
    this.rebuild();
    return newItems.flatMap(({ Id }) => this.#byId.get(Id) ?? []);
  }

  /** Builds the list again, after a change of the files or errors. */
  rebuild(): void {
    const byId = new Map<string, ChatMessage>();
    for (const item of this.#items) {
      const message = this.#messageFor(item);
      if (message) byId.set(item.Id, message);
    }
    this.#byId = byId;
    const messages = [...byId.values()];
    for (const { message, follows } of this.uploads.all) {
      const index = follows === null ? messages.length : messages.findIndex(({ id }) => id === follows) + 1;
      messages.splice(index, 0, message);
    }
    const isSame =
      messages.length === this.#messages.length &&
      messages.every((message, index) => message === this.#messages[index]);
    if (!isSame) this.#messages = messages;
  }

  #messageFor(item: ChatTranscriptItem): ChatMessage | null {
    const known = this.#byId.get(item.Id);
    const error = this.#errors.get(item.Id) ?? null;
    if (known?.item && known.error === error && isSameItem(known.item, item)) return known;
    return messageOf(item, { key: this.#keyOf(item.Id), participantId: this.#participantId, error });
  }

  #keyOf(id: string): string {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    // A message may reappear after its key went to an item that turned out to be another message.
    let key = id;
    while (this.#usedKeys.has(key)) key += "'";
    this.#setKey(id, key);
    return key;
  }

  #setKey(id: string, key: string): void {
    this.#keys.set(id, key);
    this.#usedKeys.add(key);
  }

  /** Gives an accepted message the key that it had in flight, so that React keeps its element. */
  #keepKeys(newItems: readonly ChatTranscriptItem[]): void {
    const setup = { key: "", participantId: this.#participantId, error: null };
    const accepted = newItems.flatMap((item) => messageOf(item, setup) ?? []).filter(({ isOwn }) => isOwn);
    for (const message of accepted) {
      const key = message.kind === "attachment" ? this.uploads.replaceBy(message) : undefined;
      if (key !== undefined) this.#setKey(message.id, key);
    }
    const ids = new Set(this.#items.map(({ Id }) => Id));
    const replaced = [...this.#byId.values()].filter((each) => isUnaccepted(each) && !ids.has(each.id));
    for (const { id, key, item } of replaced) {
      const index = accepted.findIndex(({ item: each }) => each?.Content === item?.Content);
      const [message] = index < 0 ? [] : accepted.splice(index, 1);
      if (!message) continue;
      this.#setKey(message.id, key);
      this.#keys.delete(id);
    }
  }
}

/**
 * The library creates a new object for each change of an item, for a failed message with each transcript, and for an
 * item that it fetches after the socket has delivered it.
 */
const isSameItem = (one: ChatTranscriptItem, other: ChatTranscriptItem): boolean =>
  one === other || contentOf(one) === contentOf(other);

/** Returns an item as text, without the text of the frame or page that it came from. */
const contentOf = ({ serializedContent: _, ...item }: ChatTranscriptItem): string =>
  JSON.stringify(Object.entries(item).sort());
