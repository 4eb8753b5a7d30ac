import type { GetTranscriptData } from "../participant/types";
import type { Platform, Timer } from "../platform";
import type { Delivery, Recovered } from "./delivery";
import type { ConversationOwner } from "./fact";
import type { Position } from "./position";
import { timeOf } from "./recent-items";

/** How long after a recovery the second look follows. */
const LOOK_MS = { min: 3_000, max: 15_000 };

/** Looks again when it is time. */
export interface SecondLookOwner {
  lookIsDue(): void;
}

type State =
  | { readonly kind: "none" }
  /** To be scheduled after the run. */
  | { readonly kind: "wanted" }
  | { readonly kind: "due"; readonly timer: Timer }
  /** The page for the transcript is being fetched; `found` is null until a page has shown everything since the hole. */
  | { readonly kind: "looking"; found: Recovered | null };

const NONE: State = { kind: "none" };

/** The transcript may lag behind the socket: after a loss, missed items are looked for a second time. */
export class SecondLook {
  readonly #platform: Platform;
  readonly #session: ConversationOwner;
  readonly #position: Position;
  readonly #delivery: Delivery;
  readonly #owner: SecondLookOwner;
  #state = NONE;
  /** When the link's subscription was confirmed, monotonic; Infinity until an external manager reports it. */
  #subscribedAtMs = 0;

  constructor(
    platform: Platform,
    session: ConversationOwner,
    position: Position,
    delivery: Delivery,
    owner: SecondLookOwner,
  ) {
    this.#platform = platform;
    this.#session = session;
    this.#position = position;
    this.#delivery = delivery;
    this.#owner = owner;
  }

  /** The link is back after a loss; an external manager may report its subscription later. */
  want(isSubscribed: boolean): void {
    this.#state = { kind: "wanted" };
    this.#subscribedAtMs = isSubscribed ? this.#platform.monotonicMs() : Number.POSITIVE_INFINITY;
  }

  awaitSubscription(): void {
    this.#subscribedAtMs = Number.POSITIVE_INFINITY;
  }

  /** The subscription is confirmed. Returns whether it was awaited. */
  subscribed(): boolean {
    if (this.#subscribedAtMs !== Number.POSITIVE_INFINITY) return false;
    this.#subscribedAtMs = this.#platform.monotonicMs();
    return true;
  }

  /** Whether a recovery whose last page was requested at this time may have missed items that were sent before the subscription. */
  isNeededAfter(lastPageMs: number): boolean {
    const { kind } = this.#state;
    return (kind === "wanted" || kind === "due") && lastPageMs - this.#subscribedAtMs < LOOK_MS.min;
  }

  /** Schedules it, if it is wanted, at a random moment: many clients may have lost their links at once. */
  schedule(): void {
    if (this.#state.kind !== "wanted") return;
    const delayMs = LOOK_MS.min + this.#platform.random() * (LOOK_MS.max - LOOK_MS.min);
    this.#state = { kind: "due", timer: this.#platform.startTimer(() => this.#due(), delayMs) };
  }

  #due(): void {
    this.#state = NONE;
    this.#owner.lookIsDue();
  }

  /**
   * Looks at the page that is fetched for the transcript. Resolves with what was new; null if the page doesn't show
   * everything since the hole; undefined if the look was stopped meanwhile.
   */
  async byTranscript(): Promise<Recovered | null | undefined> {
    const looking: State = { kind: "looking", found: null };
    this.#state = looking;
    await this.#session.refreshTranscript();
    if (looking !== this.#state) return undefined;
    this.#state = NONE;
    return looking.found;
  }

  /** A page that was fetched for the transcript. */
  shown(page: GetTranscriptData): void {
    if (this.#state.kind !== "looking") return;
    const fromMs = this.#position.startsFromMs;
    const items = page.Transcript.filter((item) => !(timeOf(item) < fromMs));
    const isWhole = !page.NextToken || items.length < page.Transcript.length;
    if (isWhole) this.#state.found = this.#delivery.recovered({ ...page, Transcript: items });
  }

  stop(): void {
    if (this.#state.kind === "due") this.#state.timer.cancel();
    this.#state = NONE;
    this.#subscribedAtMs = 0;
  }
}
