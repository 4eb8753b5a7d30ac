import type { Platform, Timer } from "../platform";
import { TOPIC, type RawFrame } from "./frames";

export const SUBSCRIPTION = {
  /** A subscription that is not answered is sent again after this long, … */
  answerWithinMs: 1_000,
  /** … this often in all. */
  sends: 4,
  /** A refused one is sent again after this long, … */
  refusedAgainMs: 500,
  /** … until this many refusals. */
  refusals: 5,
} as const;

export type SubscriptionEvent =
  | { readonly kind: "send"; readonly frame: RawFrame }
  /** All wanted topics are subscribed. */
  | { readonly kind: "subscribed" }
  /** Given up; `payload` is the refusal, or a frame made up for silence. */
  | { readonly kind: "subscriptionFailure"; readonly payload: RawFrame };

/** The subscription of one socket's topics. */
export class Subscriptions {
  readonly #platform: Pick<Platform, "startTimer">;
  readonly #report: (event: SubscriptionEvent) => void;
  readonly #wanted = new Set<string>();
  readonly #granted = new Set<string>();
  #timer: Timer | null = null;
  #sends = 0;
  #refusals = 0;

  constructor(platform: Pick<Platform, "startTimer">, report: (event: SubscriptionEvent) => void) {
    this.#platform = platform;
    this.#report = report;
  }

  /** Asks for these topics as well. */
  add(topics: Iterable<string>): void {
    for (const topic of topics) this.#wanted.add(topic);
    if (this.#missing().length === 0) return;
    this.#sends = this.#refusals = 0;
    this.#send();
  }

  answered(accepted: boolean, topics: readonly string[], frame: RawFrame): void {
    if (accepted) {
      topics.forEach((topic) => this.#granted.add(topic));
      if (this.#missing().length > 0) return;
      this.stop();
      this.#report({ kind: "subscribed" });
      return;
    }
    // An answer to an earlier try, come late: nothing is asked for any more.
    if (this.#missing().length === 0) return;
    this.#sends = 0;
    this.#refusals += 1;
    if (this.#refusals >= SUBSCRIPTION.refusals) {
      this.stop();
      this.#report({ kind: "subscriptionFailure", payload: frame });
    } else {
      this.#again(SUBSCRIPTION.refusedAgainMs, () => this.#send());
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #missing(): string[] {
    return [...this.#wanted].filter((topic) => !this.#granted.has(topic));
  }

  #send(): void {
    const topics = this.#missing();
    this.#sends += 1;
    this.#again(SUBSCRIPTION.answerWithinMs, () => {
      if (this.#sends < SUBSCRIPTION.sends) this.#send();
      else
        this.#report({
          kind: "subscriptionFailure",
          payload: { topic: TOPIC.subscribe, content: { status: "failure", topics } },
        });
    });
    this.#report({ kind: "send", frame: { topic: TOPIC.subscribe, content: { topics } } });
  }

  #again(delayMs: number, action: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#platform.startTimer(() => {
      this.#timer = null;
      action();
    }, delayMs);
  }
}
