/** Waits for items in a contact. A wait resolves immediately if the item has been sent, or else when it is sent. */
import type { Contact } from "./contact";
import { EVENT, type Item, type ParticipantRole } from "./items";
import { clearTimeout, setTimeout } from "./node-timers";
import type { Observers, SimulatorEvent, SimulatorObserver } from "./observer";

/** What to wait for. */
export interface WaitCondition {
  for: "message" | "event" | "attachment" | "receipt" | "end" | "connected";
  /** A substring of a message's content, an event's content, a file's name, or the ID of a receipt's message. */
  matches?: string;
  /** A JavaScript regular expression for the same text. */
  pattern?: string;
  contentType?: string;
  /** The end of an event's content type, such as `typing`. */
  name?: string;
  /** Whose. Default CUSTOMER, except for events: there, anybody's. */
  role?: ParticipantRole;
  /** Only items after this one. */
  sinceId?: string;
}

export interface WaitOptions {
  /** Whose. Default CUSTOMER, except for events: there, anybody's. */
  role?: ParticipantRole;
  /** Only items after this one. */
  sinceId?: string;
  /** Default 5,000. */
  timeoutMs?: number;
}

/** Which messages match: messages that contain a text, match a regular expression, or are accepted by a function. */
export type MessageMatcher = string | RegExp | ((item: Readonly<Item>) => boolean);

/**
 * Why a wait failed: nothing matched in time, the chat or the simulator ended first, the caller canceled the wait, or
 * the condition is wrong.
 */
export type WaitFailure = "timeout" | "ended" | "closed" | "canceled" | "invalid";

export class WaitError extends Error {
  override readonly name = "WaitError";
  readonly failure: WaitFailure;

  constructor(failure: WaitFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** What a wait accepts, and its description for the error. */
interface Wanted {
  /** "a message from CUSTOMER that contains …". */
  readonly description: string;
  readonly accepts: (item: Readonly<Item>) => boolean;
  /** A condition that must also be true when an item is accepted: that a participant has a socket. */
  readonly holds?: () => boolean;
}

interface Wait extends Wanted {
  readonly contact: Contact;
  /** The latest items that didn't match, by ID, for the error. */
  readonly seen: Map<string, Readonly<Item>>;
  /** The first item that is accepted while `holds` isn't true. */
  accepted: Readonly<Item> | null;
  readonly timer: NodeJS.Timeout;
  readonly removeCancel: () => void;
  readonly resolve: (item: Item) => void;
  readonly reject: (error: unknown) => void;
}

export interface WaitLimits {
  /** Default 5,000. */
  timeoutMs?: number | undefined;
  /** Cancels the wait. */
  signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_LISTED = 10;
const MAX_QUOTED = 60;

export interface WaitingParts {
  readonly observers: Observers;
  readonly isConnected: (participantId: string) => boolean;
}

export class Waits implements SimulatorObserver {
  readonly #parts: WaitingParts;
  readonly #waits = new Set<Wait>();

  constructor(parts: WaitingParts) {
    this.#parts = parts;
    parts.observers.add(this);
  }

  /** Resolves with the first item that meets the condition. Rejects with a WaitError. */
  for(contact: Contact, condition: WaitCondition, limits: WaitLimits = {}): Promise<Item> {
    return this.until(contact, this.#wanted(contact, condition), {
      ...limits,
      ...(condition.sinceId !== undefined && { sinceId: condition.sinceId }),
    });
  }

  /** Resolves with the first message that matches. Rejects with a WaitError. */
  forMessage(
    contact: Contact,
    matcher: MessageMatcher | undefined,
    { timeoutMs, ...only }: WaitOptions = {},
  ): Promise<Item> {
    if (typeof matcher === "string")
      return this.for(contact, { for: "message", matches: matcher, ...only }, { timeoutMs });
    const message = this.#wanted(contact, { for: "message", ...only });
    const accepts = acceptedBy(matcher, textOf);
    const wanted = {
      description:
        matcher instanceof RegExp
          ? `${message.description} that matches ${String(matcher)}`
          : message.description,
      accepts: (item: Readonly<Item>) => message.accepts(item) && accepts(item),
    };
    return this.until(contact, wanted, { ...only, timeoutMs });
  }

  /** Resolves with the first item that is accepted. Rejects with a WaitError. */
  async until(
    contact: Contact,
    wanted: Wanted,
    { sinceId, timeoutMs = DEFAULT_TIMEOUT_MS, signal }: WaitLimits & Pick<WaitOptions, "sinceId"> = {},
  ): Promise<Item> {
    const items = itemsAfter(contact, sinceId);
    const found = items.find(wanted.accepts);
    if (found && (wanted.holds?.() ?? true)) return found;
    if (contact.ended) throw new WaitError("ended", `The chat has ended without ${wanted.description}.`);
    return new Promise((resolve, reject) => {
      const cancel = (): void => this.#fail(wait, "canceled", "before the caller canceled the wait");
      const wait: Wait = {
        ...wanted,
        ...{ contact, resolve, reject, accepted: found ?? null },
        seen: new Map(items.slice(-MAX_LISTED).map((item) => [item.Id, item])),
        timer: setTimeout(() => this.#fail(wait, "timeout", `within ${timeoutMs} ms`), timeoutMs),
        removeCancel: () => signal?.removeEventListener("abort", cancel),
      };
      this.#waits.add(wait);
      signal?.addEventListener("abort", cancel);
      if (signal?.aborted) cancel();
    });
  }

  /** How many waits are pending. */
  get size(): number {
    return this.#waits.size;
  }

  observe(event: SimulatorEvent): void {
    if (event.kind === "item") {
      for (const wait of this.#in(event.contactId)) this.#offer(wait, event.item);
    } else if (event.kind === "contact") {
      for (const wait of this.#in(event.contactId)) {
        this.#recheck(wait);
        if (event.what === "ended") this.#fail(wait, "ended", "before the chat ended");
      }
    } else if (event.kind === "socket") {
      for (const wait of this.#waits) this.#recheck(wait);
    } else if (event.kind === "reset") {
      for (const wait of this.#waits) this.#fail(wait, "closed", "before the simulator was reset");
    }
  }

  /** Rejects all waits. */
  close(): void {
    for (const wait of this.#waits) this.#fail(wait, "closed", "before the simulator was closed");
  }

  #in(contactId: string): Wait[] {
    return [...this.#waits].filter(({ contact }) => contact.contactId === contactId);
  }

  #offer(wait: Wait, item: Readonly<Item>): void {
    try {
      if (wait.accepts(item)) wait.accepted ??= item;
    } catch (error) {
      // A test's own matcher threw. Its wait fails, but the item reaches everybody else.
      if (this.#remove(wait)) wait.reject(error);
      return;
    }
    wait.seen.set(item.Id, item);
    const [oldest] = wait.seen.keys();
    if (wait.seen.size > MAX_LISTED && oldest !== undefined) wait.seen.delete(oldest);
    this.#recheck(wait);
  }

  /** Succeeds if an item was accepted and `holds` is now true, because a socket or a participant changed. */
  #recheck(wait: Wait): void {
    if (wait.accepted && (wait.holds?.() ?? true)) this.#succeed(wait, wait.accepted);
  }

  #succeed(wait: Wait, item: Item): void {
    if (this.#remove(wait)) wait.resolve(item);
  }

  /** Returns whether the wait was still pending. */
  #remove(wait: Wait): boolean {
    clearTimeout(wait.timer);
    wait.removeCancel();
    return this.#waits.delete(wait);
  }

  #fail(wait: Wait, failure: WaitFailure, when: string): void {
    if (!this.#remove(wait)) return;
    const seen = [...wait.seen.values()];
    const others = seen.length === 0 ? "Nothing came." : `What did come: ${seen.map(inWords).join("; ")}.`;
    wait.reject(
      new WaitError(failure, `The chat had no ${withoutArticle(wait.description)} ${when}. ${others}`),
    );
  }

  #wanted(contact: Contact, condition: WaitCondition): Wanted {
    if (condition.for === "connected") {
      const { role = "CUSTOMER" } = condition;
      const isConnected = (): boolean =>
        contact.participants.some(
          ({ role: its, participantId, joined, left, isPlayed }) =>
            its === role && joined && !left && (isPlayed || this.#parts.isConnected(participantId)),
        );
      const accepts = ({ ContentType, ParticipantRole }: Readonly<Item>): boolean =>
        ContentType === `${EVENT}participant.joined` && ParticipantRole === role;
      return { description: `a connected ${role}`, accepts, holds: isConnected };
    }
    return wantedItem(contact, condition);
  }
}

function itemsAfter({ transcript }: Contact, sinceId: string | undefined): readonly Item[] {
  if (sinceId === undefined) return transcript.items;
  const index = transcript.items.findIndex(({ Id }) => Id === sinceId);
  if (index < 0) throw new WaitError("invalid", `\`sinceId\`: the transcript has no item ${sinceId}.`);
  return transcript.items.slice(index + 1);
}

/** Returns the predicate for a matcher, given how to read a value's text. Without a matcher, every value is accepted. */
export function acceptedBy<Value>(
  matcher: string | RegExp | ((value: Value) => boolean) | undefined,
  textOf: (value: Value) => string,
): (value: Value) => boolean {
  if (matcher === undefined) return () => true;
  if (typeof matcher === "function") return matcher;
  if (typeof matcher === "string") return (value) => textOf(value).includes(matcher);
  // Without `g` and `y`, which would make the expression remember its last position.
  const expression = new RegExp(matcher.source, matcher.flags.replace(/[gy]/g, ""));
  return (value) => expression.test(textOf(value));
}

function regularExpression(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    throw new WaitError("invalid", `\`pattern\` isn't a regular expression: ${String(error)}`);
  }
}

const TYPES = {
  message: "MESSAGE",
  event: "EVENT",
  attachment: "ATTACHMENT",
  receipt: "MESSAGEMETADATA",
  end: "EVENT",
} as const satisfies Record<Exclude<WaitCondition["for"], "connected">, Item["Type"]>;

function wantedItem(contact: Contact, condition: WaitCondition): Wanted {
  const { for: kind, matches, pattern, contentType } = condition;
  if (kind === "connected") return { description: "a connection", accepts: () => false };
  const name = kind === "end" ? "chat.ended" : condition.name;
  const role = condition.role ?? (kind === "event" || kind === "end" ? undefined : "CUSTOMER");
  const expression = pattern === undefined ? null : regularExpression(pattern);
  const accepts = (item: Readonly<Item>): boolean =>
    item.Type === TYPES[kind] &&
    (contentType === undefined || item.ContentType === contentType) &&
    (name === undefined || item.ContentType === `${EVENT}${name}`) &&
    (role === undefined || roleOf(contact, item) === role) &&
    (matches === undefined || textOf(item).includes(matches)) &&
    (expression === null || expression.test(textOf(item)));
  const description = [
    kind === "end" ? "an end" : `${kind === "event" || kind === "attachment" ? "an" : "a"} ${kind}`,
    ...(kind === "event" && name !== undefined ? [name] : []),
    ...(role === undefined ? [] : [`from ${role}`]),
    ...(contentType === undefined ? [] : [`of type ${contentType}`]),
    ...(matches === undefined ? [] : [`that contains "${matches}"`]),
    ...(pattern === undefined ? [] : [`that matches /${pattern}/`]),
  ].join(" ");
  return { description, accepts };
}

const withoutArticle = (description: string): string => description.replace(/^an? /, "");

/** The role of an item's sender. For a receipt, the role of the participant who sent it. */
export function roleOf(
  { participants }: Pick<Contact, "participants">,
  { ParticipantRole, MessageMetadata }: Readonly<Item>,
): ParticipantRole | undefined {
  if (ParticipantRole !== undefined) return ParticipantRole;
  const recipient = MessageMetadata?.Receipts?.[0]?.RecipientParticipantId;
  return participants.find(({ participantId }) => participantId === recipient)?.role;
}

/** The text that a wait matches. */
function textOf({ Type, Content = "", Attachments = [], MessageMetadata }: Readonly<Item>): string {
  if (Type === "ATTACHMENT") return Attachments.map(({ AttachmentName }) => AttachmentName).join(", ");
  return Type === "MESSAGEMETADATA" ? (MessageMetadata?.MessageId ?? "") : Content;
}

/** An item in an error message: `message from CUSTOMER "Hello"`. */
export function inWords(item: Readonly<Item>): string {
  const { Type, ContentType, ParticipantRole: role } = item;
  const from = role === undefined ? "" : ` from ${role}`;
  if (Type === "EVENT") return `event ${ContentType.replace(EVENT, "")}${from}`;
  if (Type === "MESSAGEMETADATA") return `receipt for ${textOf(item)}`;
  const text = textOf(item);
  return `${Type.toLowerCase()}${from} "${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text}"`;
}
