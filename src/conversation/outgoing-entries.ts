import type { ChatTranscriptItem } from "../item";
import { timeOf } from "./recent-items";
import type { TranscriptEntry } from "./transcript-entry";

interface Outgoing {
  readonly id: string;
  /** Without a time while it is in flight. */
  entry: TranscriptEntry;
  /** Epoch milliseconds, the service's time: the newest item when it was sent; -Infinity where there was none. */
  readonly afterMs: number;
  /** The same for when it failed: it follows that item. */
  placeMs: number;
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
    this.#byId.set(id, { id, entry: withStatus(entry, "", "SENDING"), afterMs, placeMs: afterMs });
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
    own.entry = withStatus(own.entry, absoluteTime, "FAILED");
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

  /**
   * An item that is new to the transcript: whether it is the echo of one of these, and is shown in its place from now on.
   * The text decides. A delivered item (not one of a page that was fetched) with another text counts as the echo of the
   * message in flight, of which there is only one: the service may have redacted it. The answer confirms this, or the
   * message is shown again.
   */
  claim(item: ChatTranscriptItem, isDelivered: boolean): boolean {
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
    const own = same.find(isInFlight) ?? same[0];
    if (own) {
      if (isInFlight(own)) own.echo = { id, isSure: true };
      else this.#byId.delete(own.id);
      return true;
    }
    const first = all.find(isInFlight);
    if (!isDelivered || !first || first.echo) return false;
    first.echo = { id, isSure: false };
    return true;
  }

  /** The first items have come: those that failed before them follow the item of this time. */
  place(placeMs: number): void {
    for (const own of this.#byId.values())
      if (own.placeMs === Number.NEGATIVE_INFINITY) own.placeMs = placeMs;
  }

  get inFlight(): TranscriptEntry[] {
    return this.#shown.filter(isInFlight).map(({ entry }) => entry);
  }

  /** Failed messages, by their places. */
  get failedInOrder(): Pick<Outgoing, "entry" | "placeMs">[] {
    return this.#shown.filter((own) => !isInFlight(own)).sort((a, b) => a.placeMs - b.placeMs);
  }

  get #shown(): Outgoing[] {
    return [...this.#byId.values()].filter(({ echo }) => !echo);
  }
}

const isInFlight = ({ entry }: Outgoing): boolean => entry.AbsoluteTime === "";

const withStatus = (
  entry: TranscriptEntry,
  AbsoluteTime: string,
  Status: "SENDING" | "FAILED",
): TranscriptEntry => ({ ...entry, AbsoluteTime, MessageMetadata: { MessageId: entry.Id, Status } });
