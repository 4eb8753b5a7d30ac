import type { Platform, Timer } from "../platform";
import { TOPIC, type RawFrame } from "./frames";

export const SUBSCRIPTION = {
  /** An unanswered subscription is sent again after this long, … */
  answerWithinMs: 1_000,
  /** … this many times in total. */
  sends: 4,
  /** A refused subscription is sent again after this long, … */
  refusedAgainMs: 500,
  /** … until it was refused this many times. */
  refusals: 5,
} as const;

export type SubscriptionEvent =
  | { readonly kind: "send"; readonly frame: RawFrame }
  /** All wanted topics are subscribed. */
  | { readonly kind: "subscribed" }
  /** The subscription failed for good. `payload` is the refusal, or a synthetic one if there was no answer. */
  | { readonly kind: "subscriptionFailure"; readonly payload: RawFrame };

/** Subscribes to one socket's topics. */
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

  /** Adds topics, and subscribes to those that are missing. */
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
    // A late answer to an earlier attempt: no topic is missing any more.
    if (this.#missing().length === 0) return;
    this.#sends = 0;
    this.#refusals += 1;
    if (this.#refusals >= SUBSCRIPTION.refusals) {
      this.stop();
      this.#report({ kind: "subscriptionFailure", payload: frame });
    } else {
      this.#startTimer(SUBSCRIPTION.refusedAgainMs, () => this.#send());
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
    this.#startTimer(SUBSCRIPTION.answerWithinMs, () => {
      if (this.#sends < SUBSCRIPTION.sends) this.#send();
      else
        this.#report({
          kind: "subscriptionFailure",
          payload: { topic: TOPIC.subscribe, content: { status: "failure", topics } },
        });
    });
    this.#report({ kind: "send", frame: { topic: TOPIC.subscribe, content: { topics } } });
  }

  #startTimer(delayMs: number, action: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#platform.startTimer(() => {
      this.#timer = null;
      action();
    }, delayMs);
  }
}
