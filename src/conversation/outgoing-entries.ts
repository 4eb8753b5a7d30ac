import type { WireItem } from "../api/items";
import { timeOf } from "./recent-items";
import { withStatus, type TranscriptEntry } from "./transcript-entry";

interface OutgoingEntry {
  readonly id: string;
  /** The transcript entry. Its AbsoluteTime is empty while the message is in flight. */
  entry: TranscriptEntry;
  /** The newest item's time when the message was sent: epoch milliseconds, -Infinity if there was no item. */
  readonly sentAfterMs: number;
  /**
   * Determines the message's position in the transcript. For a failed message, this is the newest item's time when the
   * message failed. Infinity while the message is in flight, because messages in flight come last.
   */
  sortTimeMs: number;
  /** Set if the message was accepted without an ID. No response can then confirm which item is its echo. */
  isAccepted?: true;
  /** The item that replaces the message until the response arrives. `isExact` means that the texts are equal. */
  echo?: { readonly id: string; readonly isExact: boolean } | undefined;
}

/** The transcript entries of messages that are in flight or have failed, in sending order. */
export class OutgoingEntries {
  readonly #participantId: string;
  readonly #byId = new Map<string, OutgoingEntry>();

  constructor(participantId: string) {
    this.#participantId = participantId;
  }

  addOutgoing(id: string, entry: TranscriptEntry, sentAfterMs: number): void {
    const sendingEntry = withStatus({ ...entry, AbsoluteTime: "" }, "SENDING");
    this.#byId.set(id, { id, entry: sendingEntry, sentAfterMs, sortTimeMs: Number.POSITIVE_INFINITY });
  }

  /** Marks a failed message as in flight again, after the other messages in flight. */
  markResending(id: string): void {
    const message = this.#byId.get(id);
    if (!message) return;
    this.#byId.delete(id);
    this.addOutgoing(id, message.entry, message.sentAfterMs);
  }

  /** Marks a message as failed, or removes it if an echo with the same text has proved that it arrived. */
  markFailed(id: string, absoluteTime: string, sortTimeMs: number): void {
    const message = this.#byId.get(id);
    if (!message) return;
    if (message.echo?.isExact) this.#byId.delete(id);
    message.sortTimeMs = sortTimeMs;
    message.entry = withStatus({ ...message.entry, AbsoluteTime: absoluteTime }, "FAILED");
    message.echo = undefined;
  }

  /** Removes a message that the service accepted under the ID `serviceId`. Returns its entry. */
  markSent(id: string, serviceId: string): TranscriptEntry | undefined {
    const message = this.#byId.get(id);
    this.#byId.delete(id);
    // If the echo was matched with another message, the match was wrong.
    for (const other of this.#byId.values()) if (other.echo?.id === serviceId) other.echo = undefined;
    return message?.entry;
  }

  /** Marks a message as accepted under an ID that only the message's echo will contain. */
  markSentWithoutId(id: string): void {
    const message = this.#byId.get(id);
    if (message?.echo) this.#byId.delete(id);
    else if (message) message.isAccepted = true;
  }

  /**
   * Matches a new item with the message that the item echoes, so that only the item is shown. Returns false if the item
   * echoes no message. An echo is normally recognized by its text. A delivered item with a different text counts as the
   * echo of the first message in flight, because the service may have redacted the text. If the response shows that the
   * match was wrong, the message is shown again.
   */
  matchEcho(item: WireItem, isDelivered: boolean): boolean {
    const { Id: id = "", ParticipantId, Type, Content, ContentType } = item;
    if (ParticipantId !== this.#participantId || Type !== "MESSAGE") return false;
    const all = [...this.#byId.values()];
    const matching = all.filter(
      ({ entry, sentAfterMs, echo }) =>
        entry.Content === Content &&
        entry.ContentType === ContentType &&
        !echo?.isExact &&
        // A fetched page may also contain an older item with the same text.
        (isDelivered || timeOf(item) > sentAfterMs),
    );
    const first = all.find(isInFlight);
    const message =
      matching.find(isInFlight) ?? matching[0] ?? (isDelivered && !first?.echo ? first : undefined);
    if (!message) return false;
    if (isInFlight(message) && !message.isAccepted) message.echo = { id, isExact: matching.length > 0 };
    else this.#byId.delete(message.id);
    return true;
  }

  /** Sets the sort time of messages that failed before the first item arrived. */
  anchorFailed(sortTimeMs: number): void {
    for (const message of this.#byId.values())
      if (message.sortTimeMs === Number.NEGATIVE_INFINITY) message.sortTimeMs = sortTimeMs;
  }

  /** The messages without an echo, by sort time. Failed messages come first, then messages in flight. */
  get visible(): Pick<OutgoingEntry, "entry" | "sortTimeMs">[] {
    return [...this.#byId.values()].filter(({ echo }) => !echo).sort((a, b) => a.sortTimeMs - b.sortTimeMs);
  }
}

const isInFlight = ({ sortTimeMs }: OutgoingEntry): boolean => sortTimeMs === Number.POSITIVE_INFINITY;
