/** Plays streamed answers in the background. */
import { Delays } from "../delays";
import type { ContactScript } from "../script";

const DEFAULT_INTERVAL_MS = 150;

export interface StreamedPieces {
  pieces: readonly string[];
  intervalMs?: number;
  displayName?: string;
}

export class StreamPlayer {
  readonly #delays = new Delays();

  /** Starts sending the pieces. Returns the ID of the answer's message. */
  play(
    contact: ContactScript,
    { pieces, intervalMs = DEFAULT_INTERVAL_MS, displayName }: StreamedPieces,
  ): string {
    const answer = contact.stream(pieces, displayName === undefined ? {} : { displayName });
    const sendNext = async (): Promise<void> => {
      while (!contact.ended && answer.next()) await this.#delays.wait(intervalMs);
      if (!contact.ended) answer.complete();
    };
    void sendNext();
    return answer.id;
  }

  /** Abandons all answers. */
  close(): void {
    this.#delays.close();
  }
}
