import type { ChatLogger } from "../observability/logger";
import { NEWEST_PAGE } from "../participant/types";
import type { GetTranscriptArgs } from "./arguments";

/**
 * The library's own fetch of the newest page, for applications that keep the transcript. It goes through the public call,
 * as upstream's does, so that a spy on `getTranscript` sees it; what the call resolves with is ignored.
 */
export class TranscriptFetch {
  readonly #logger: ChatLogger;
  readonly #getTranscript: (args: GetTranscriptArgs) => Promise<unknown>;
  readonly #own = new WeakSet();
  #isCalling = false;

  constructor(logger: ChatLogger, getTranscript: (args: GetTranscriptArgs) => Promise<unknown>) {
    this.#logger = logger;
    this.#getTranscript = getTranscript;
  }

  async run(): Promise<void> {
    const args: GetTranscriptArgs = { maxResults: NEWEST_PAGE.maxResults };
    this.#own.add(args);
    try {
      this.#isCalling = true;
      const fetched = this.#getTranscript(args);
      this.#isCalling = false;
      await fetched;
    } catch (error) {
      this.#logger.warn("The transcript could not be fetched", error);
    }
  }

  /** Who called `getTranscript` with these arguments: a spy may hand on a copy of them at once, or themselves later. */
  callerOf(args: GetTranscriptArgs | undefined): "library" | "call" {
    return this.#isCalling || (args && this.#own.has(args)) ? "library" : "call";
  }
}
