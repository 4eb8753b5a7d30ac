import type { GetTranscriptArgs } from "../api/arguments";
import type { LibraryLogger } from "../api/logging";
import { NEWEST_PAGE } from "../participant/transcript-page";

/**
 * The library's own fetch of the newest page, for applications that keep the transcript. It goes through the public call,
 * as upstream's does, so that a spy on `getTranscript` sees it; what the call resolves with is ignored.
 */
export class TranscriptFetch {
  readonly #logger: LibraryLogger;
  readonly #getTranscript: (args: GetTranscriptArgs) => Promise<unknown>;
  #isPending = false;
  #isWanted = false;

  constructor(logger: LibraryLogger, getTranscript: (args: GetTranscriptArgs) => Promise<unknown>) {
    this.#logger = logger;
    this.#getTranscript = getTranscript;
  }

  async run(): Promise<void> {
    this.#isWanted = true;
    // One at a time: a link that comes and goes would let them pile up.
    if (this.#isPending) return;
    this.#isPending = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      try {
        await this.#getTranscript({ maxResults: NEWEST_PAGE.maxResults });
      } catch (error) {
        this.#logger.warn("The transcript could not be fetched", error);
      }
    }
    this.#isPending = false;
  }

  /**
   * Who called `getTranscript` with these arguments. A spy may pass on a copy of the library's, at once or later, so they
   * are recognized by what they are; the same call by the application at that moment is taken for the library's.
   */
  callerOf(args: GetTranscriptArgs | undefined): "library" | "call" {
    const isSame = args?.maxResults === NEWEST_PAGE.maxResults && Object.keys(args).length === 1;
    return this.#isPending && isSame ? "library" : "call";
  }
}
