import type { Platform, Timer } from "../platform";
import { TOPIC, type RawFrame } from "./frames";

export const SUBSCRIPTION = {
  /** How long to wait for a response before the subscription is sent again. */
  responseTimeoutMs: 1_000,
  /** How many times the subscription is sent in total if no response arrives. */
  maxSends: 4,
  /** How long to wait after a refusal before the subscription is sent again. */
  refusalRetryMs: 500,
  /** The number of refusals after which the subscription fails. */
  maxRefusals: 5,
} as const;

export type SubscriptionEvent =
  | { readonly kind: "send"; readonly frame: RawFrame }
  /** All topics are subscribed. */
  | { readonly kind: "subscribed" }
  /** The subscription has failed permanently. `payload` is the refusal, or a synthetic refusal if none arrived. */
  | { readonly kind: "subscriptionFailure"; readonly payload: RawFrame };

/** Subscribes to one socket's topics. */
export class Subscriptions {
  readonly #platform: Pick<Platform, "startTimer">;
  readonly #report: (event: SubscriptionEvent) => void;
  readonly #requestedTopics = new Set<string>();
  readonly #subscribedTopics = new Set<string>();
  #timer: Timer | null = null;
  #sendCount = 0;
  #refusalCount = 0;

  constructor(platform: Pick<Platform, "startTimer">, report: (event: SubscriptionEvent) => void) {
    this.#platform = platform;
    this.#report = report;
  }

  /** Subscribes to topics, except those that are already subscribed. */
  add(topics: Iterable<string>): void {
    for (const topic of topics) this.#requestedTopics.add(topic);
    if (this.#missingTopics().length === 0) return;
    this.#sendCount = this.#refusalCount = 0;
    this.#send();
  }

  onResponse(accepted: boolean, topics: readonly string[], frame: RawFrame): void {
    if (accepted) {
      topics.forEach((topic) => this.#subscribedTopics.add(topic));
      if (this.#missingTopics().length > 0) return;
      this.stop();
      this.#report({ kind: "subscribed" });
      return;
    }
    // A late response to an earlier attempt doesn't matter after all topics are subscribed.
    if (this.#missingTopics().length === 0) return;
    this.#sendCount = 0;
    this.#refusalCount += 1;
    if (this.#refusalCount >= SUBSCRIPTION.maxRefusals) {
      this.stop();
      this.#report({ kind: "subscriptionFailure", payload: frame });
    } else {
      this.#startTimer(SUBSCRIPTION.refusalRetryMs, () => this.#send());
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #missingTopics(): string[] {
    return [...this.#requestedTopics].filter((topic) => !this.#subscribedTopics.has(topic));
  }

  #send(): void {
    const topics = this.#missingTopics();
    this.#sendCount += 1;
    this.#startTimer(SUBSCRIPTION.responseTimeoutMs, () => {
      if (this.#sendCount < SUBSCRIPTION.maxSends) this.#send();
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
