import { toChatError, type ChatError } from "../errors";
import type { Chat } from "./chat";
import { metadataOf } from "./results";

/**
 * Runs a call. A failure, thrown at once or later, is a rejection that carries `metadata`. A promise that was pending at
 * `dispose()` or `reset()` never causes an `unhandledrejection`.
 */
export function settle<Result>(chat: Chat, args: unknown, run: () => Promise<Result>): Promise<Result> {
  const wasReleased = chat.participant.isReleased();
  const outcome = rejectingWithMetadata(chat, args, run, ({ code }) => {
    const isCausedByRelease = code === "Aborted" || code === "IllegalState";
    if (wasReleased || !chat.participant.isReleased() || !isCausedByRelease) return;
    // The outcome rejects right after this, and is looked at only then.
    void Promise.resolve().then(() => outcome.catch(() => undefined));
  });
  return outcome;
}

async function rejectingWithMetadata<Result>(
  chat: Chat,
  args: unknown,
  run: () => Promise<Result>,
  failed: (error: ChatError) => void,
): Promise<Result> {
  try {
    return await run();
  } catch (thrown) {
    const error = toChatError(thrown, "ClientError", "The call failed.");
    error.metadata = metadataOf(args);
    failed(error);
    // Without its message, which may quote an argument that stands in the wrong place.
    chat.logger.debug("A call was rejected", { code: error.code, field: error.field });
    throw error;
  }
}
