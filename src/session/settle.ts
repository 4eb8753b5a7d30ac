import { toChatError, type ChatError } from "../errors";
import type { Chat } from "./chat";
import { metadataOf } from "./results";

/**
 * Runs a call. Any failure becomes a rejection whose error has `metadata`. A promise that is pending during `dispose()`
 * or `reset()` never causes an `unhandledrejection`.
 */
export function settle<Result>(chat: Chat, args: unknown, run: () => Promise<Result>): Promise<Result> {
  const wasReleased = chat.participant.isReleased();
  const outcome = rejectingWithMetadata(chat, args, run, ({ code }) => {
    const isCausedByRelease = code === "Aborted" || code === "IllegalState";
    if (wasReleased || !chat.participant.isReleased() || !isCausedByRelease) return;
    // `outcome` rejects right after this callback returns, so it is marked as handled a microtask later.
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
    const error = toChatError(thrown, "ClientError", "The call failed without a message.");
    error.metadata = metadataOf(args);
    failed(error);
    // The message isn't logged, since it may quote an argument.
    chat.logger.debug("A call was rejected", { code: error.code, field: error.field });
    throw error;
  }
}
