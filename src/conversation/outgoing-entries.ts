import type { WireItem } from "../api/items";
import { timeOf } from "./recent-items";
import { withStatus, type TranscriptEntry } from "./transcript-entry";

interface OutgoingEntry {
  readonly id: string;
  /** It has no time while it is in flight. */
  entry: TranscriptEntry;
  /**
   * The time of the newest item when the message was sent, by the service's clock: epoch milliseconds, -Infinity if
   * there was none.
   */
  readonly sentAfterMs: number;
  /** The same for when it failed: it is shown after that item. Infinity while it is in flight: it is shown last. */
  sortTimeMs: number;
  /** Set if no answer will follow that could confirm an echo. */
  isAccepted?: true;
  /** The service's item that is shown instead until the answer arrives. `isExact`: it has the same text. */
  echo?: { readonly id: string; readonly isExact: boolean } | undefined;
}

/** Outgoing messages that are in flight or have failed, as the transcript shows them, in sending order. */
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

  /** Resends a failed message, after those that are in flight. */
  markResending(id: string): void {
    const message = this.#byId.get(id);
    if (!message) return;
    this.#byId.delete(id);
    this.addOutgoing(id, message.entry, message.sentAfterMs);
  }

  /** Marks a message as failed, since it got no answer. An echo with the same text proves that it arrived anyway. */
  markFailed(id: string, absoluteTime: string, sortTimeMs: number): void {
    const message = this.#byId.get(id);
    if (!message) return;
    if (message.echo?.isExact) this.#byId.delete(id);
    message.sortTimeMs = sortTimeMs;
    message.entry = withStatus({ ...message.entry, AbsoluteTime: absoluteTime }, "FAILED");
    message.echo = undefined;
  }

  /** Removes and returns a message that the service accepted under the ID `serviceId`. */
  markSent(id: string, serviceId: string): TranscriptEntry | undefined {
    const message = this.#byId.get(id);
    this.#byId.delete(id);
    // The echo was attributed to another message by mistake.
    for (const other of this.#byId.values()) if (other.echo?.id === serviceId) other.echo = undefined;
    return message?.entry;
  }

  /** Marks a message as accepted by the service under an ID that only its echo has. */
  markSentWithoutId(id: string): void {
    const message = this.#byId.get(id);
    if (message?.echo) this.#byId.delete(id);
    else if (message) message.isAccepted = true;
  }

  /**
   * Returns whether an item that is new to the transcript is the echo of one of these messages, and is shown instead
   * from now on. The text decides. A delivered item with another text (not one from a fetched page) counts as the echo
   * of the message in flight, of which there is only one: the service may have redacted it. The answer confirms this,
   * or the message is shown again.
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
        // A page may contain an old item with the same text.
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

  /** Places messages that failed before the first item arrived: they follow the item of this time. */
  anchorFailed(sortTimeMs: number): void {
    for (const message of this.#byId.values())
      if (message.sortTimeMs === Number.NEGATIVE_INFINITY) message.sortTimeMs = sortTimeMs;
  }

  /** The messages without an echo, in place order: failed messages, then those in flight. */
  get shown(): Pick<OutgoingEntry, "entry" | "sortTimeMs">[] {
    return [...this.#byId.values()].filter(({ echo }) => !echo).sort((a, b) => a.sortTimeMs - b.sortTimeMs);
  }
}

const isInFlight = ({ sortTimeMs }: OutgoingEntry): boolean => sortTimeMs === Number.POSITIVE_INFINITY;
