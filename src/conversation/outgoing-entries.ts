import type { WireItem } from "../api/items";
import { timeOf } from "./recent-items";
import { withStatus, type TranscriptEntry } from "./transcript-entry";

interface Outgoing {
  readonly id: string;
  /** Without a time while it is in flight. */
  entry: TranscriptEntry;
  /** Epoch milliseconds, the service's time: the newest item when it was sent; -Infinity where there was none. */
  readonly afterMs: number;
  /** The same for when it failed: it follows that item. Infinity while it is in flight, behind all. */
  placeMs: number;
  /** No answer follows that could confirm an echo. */
  isSent?: true;
  /** The service's item that stands for it until the answer comes; `isSure`: it has the same text. */
  echo?: { readonly id: string; readonly isSure: boolean } | undefined;
}

/** Outgoing messages that are in flight or have failed, as the transcript shows them, in the order they were sent. */
export class OutgoingEntries {
  readonly #participantId: string;
  readonly #byId = new Map<string, Outgoing>();

  constructor(participantId: string) {
    this.#participantId = participantId;
  }

  send(id: string, entry: TranscriptEntry, afterMs: number): void {
    const sending = withStatus({ ...entry, AbsoluteTime: "" }, "SENDING");
    this.#byId.set(id, { id, entry: sending, afterMs, placeMs: Number.POSITIVE_INFINITY });
  }

  /** A failed message is sent again, after those that are in flight. */
  resend(id: string): void {
    const own = this.#byId.get(id);
    if (!own) return;
    this.#byId.delete(id);
    this.send(id, own.entry, own.afterMs);
  }

  /** Without its answer; an echo proves that it arrived all the same. */
  failed(id: string, absoluteTime: string, placeMs: number): void {
    const own = this.#byId.get(id);
    if (!own) return;
    if (own.echo?.isSure) this.#byId.delete(id);
    own.placeMs = placeMs;
    own.entry = withStatus({ ...own.entry, AbsoluteTime: absoluteTime }, "FAILED");
    own.echo = undefined;
  }

  /** The service has taken it, under the id `serviceId`: removes and returns it. */
  sent(id: string, serviceId: string): TranscriptEntry | undefined {
    const own = this.#byId.get(id);
    this.#byId.delete(id);
    // Another message had been taken for this one.
    for (const other of this.#byId.values()) if (other.echo?.id === serviceId) other.echo = undefined;
    return own?.entry;
  }

  /** The service has taken it, under an id that only its echo has. */
  sentWithoutId(id: string): void {
    const own = this.#byId.get(id);
    if (own?.echo) this.#byId.delete(id);
    else if (own) own.isSent = true;
  }

  /**
   * An item that is new to the transcript: whether it is the echo of one of these, and is shown in its place from now on.
   * The text decides. A delivered item (not one of a page that was fetched) with another text counts as the echo of the
   * message in flight, of which there is only one: the service may have redacted it. The answer confirms this, or the
   * message is shown again.
   */
  claim(item: WireItem, isDelivered: boolean): boolean {
    const { Id: id = "", ParticipantId, Type, Content, ContentType } = item;
    if (ParticipantId !== this.#participantId || Type !== "MESSAGE") return false;
    const all = [...this.#byId.values()];
    const same = all.filter(
      ({ entry, afterMs, echo }) =>
        entry.Content === Content &&
        entry.ContentType === ContentType &&
        !echo?.isSure &&
        // A page may hold one of the same text from long ago.
        (isDelivered || timeOf(item) > afterMs),
    );
    const first = all.find(isInFlight);
    const own = same.find(isInFlight) ?? same[0] ?? (isDelivered && !first?.echo ? first : undefined);
    if (!own) return false;
    if (isInFlight(own) && !own.isSent) own.echo = { id, isSure: same.length > 0 };
    else this.#byId.delete(own.id);
    return true;
  }

  /** The first items have come: those that failed before them follow the item of this time. */
  place(placeMs: number): void {
    for (const own of this.#byId.values())
      if (own.placeMs === Number.NEGATIVE_INFINITY) own.placeMs = placeMs;
  }

  /** Those that no echo stands for, by their places: failed messages, then those in flight. */
  get shown(): Pick<Outgoing, "entry" | "placeMs">[] {
    return [...this.#byId.values()].filter(({ echo }) => !echo).sort((a, b) => a.placeMs - b.placeMs);
  }
}

const isInFlight = ({ placeMs }: Outgoing): boolean => placeMs === Number.POSITIVE_INFINITY;
