/** Which try a request is: the requests of one call share its idempotency token; without one, those that failed count. */
import { textAt } from "./entries";

const MAX_REMEMBERED = 200;

export class Attempt {
  readonly number: number;
  readonly #tries: Map<string, number>;
  readonly #key: string;
  readonly #hasToken: boolean;

  /** `tries` is shared by all attempts; `otherwise` tells a request without a token from others. */
  constructor(tries: Map<string, number>, body: unknown, otherwise: string) {
    const token = textAt(body, "ClientToken");
    this.#tries = tries;
    this.#key = token ?? otherwise;
    this.#hasToken = token !== null;
    this.number = (tries.get(this.#key) ?? 0) + 1;
    if (this.#hasToken) this.#remember();
  }

  answered(status: number | null): void {
    const willBeTriedAgain = status === null || status === 429 || status >= 500;
    if (this.#hasToken) return;
    if (willBeTriedAgain) this.#remember();
    else this.#tries.delete(this.#key);
  }

  #remember(): void {
    this.#tries.set(this.#key, this.number);
    if (this.#tries.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#tries.keys();
    if (oldest !== undefined) this.#tries.delete(oldest);
  }
}
