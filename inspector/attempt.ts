/**
 * Numbers the attempts of one call. The call's requests share an idempotency token. If they have no token, failed
 * requests with the same fallback key count as attempts of one call.
 */
import { textAt } from "./entries";

const MAX_REMEMBERED = 200;

export class Attempt {
  readonly number: number;
  readonly #attempts: Map<string, number>;
  readonly #key: string;
  readonly #hasToken: boolean;

  /** `attempts` is shared by all instances. `fallbackKey` identifies a call that has no token. */
  constructor(attempts: Map<string, number>, body: unknown, fallbackKey: string) {
    const token = textAt(body, "ClientToken");
    this.#attempts = attempts;
    this.#key = token ?? fallbackKey;
    this.#hasToken = token !== null;
    this.number = (attempts.get(this.#key) ?? 0) + 1;
    if (this.#hasToken) this.#remember();
  }

  onOutcome(status: number | null): void {
    const willBeRetried = status === null || status === 429 || status >= 500;
    if (this.#hasToken) return;
    if (willBeRetried) this.#remember();
    else this.#attempts.delete(this.#key);
  }

  #remember(): void {
    this.#attempts.set(this.#key, this.number);
    if (this.#attempts.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#attempts.keys();
    if (oldest !== undefined) this.#attempts.delete(oldest);
  }
}
