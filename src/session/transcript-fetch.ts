import type { GetTranscriptArgs } from "../api/arguments";
import type { LibraryLogger } from "../api/logging";
import { NEWEST_PAGE } from "../participant/transcript-page";

/**
 * Fetches the newest page for applications that use the transcript. As in upstream, this calls the public
 * `getTranscript()`, so that a spy sees the call. The result is ignored.
 */
export class TranscriptFetch {
  readonly #logger: LibraryLogger;
  readonly #getTranscript: (args: GetTranscriptArgs) => Promise<unknown>;
  #isPending = false;
  #isRequested = false;

  constructor(logger: LibraryLogger, getTranscript: (args: GetTranscriptArgs) => Promise<unknown>) {
    this.#logger = logger;
    this.#getTranscript = getTranscript;
  }

  async run(): Promise<void> {
    this.#isRequested = true;
    // Only one fetch runs at a time. Otherwise, fetches would pile up on an unstable link.
    if (this.#isPending) return;
    this.#isPending = true;
    while (this.#isRequested) {
      this.#isRequested = false;
      try {
        await this.#getTranscript({ maxResults: NEWEST_PAGE.maxResults });
      } catch (error) {
        this.#logger.warn("The transcript could not be fetched", error);
      }
    }
    this.#isPending = false;
  }

  /**
   * Returns who called `getTranscript()`: the library or the application. The arguments are compared by value, because
   * a spy may pass on a copy of the arguments, possibly later. An identical call by the application during a fetch is
   * attributed to the library.
   */
  callerOf(args: GetTranscriptArgs | undefined): "library" | "call" {
    const isSame = args?.maxResults === NEWEST_PAGE.maxResults && Object.keys(args).length === 1;
    return this.#isPending && isSame ? "library" : "call";
  }
}
