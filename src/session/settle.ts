import { toChatError, type ChatError } from "../errors";
import type { Chat } from "./chat";
import { metadataOf } from "./results";

/**
 * Runs a call. Any failure becomes a rejection whose error has `metadata`. A promise that is pending during `dispose()`
 * or `reset()` never causes an `unhandledrejection`.
 */
export function settle<Result>(chat: Chat, args: unknown, run: () => Promise<Result>): Promise<Result> {
  const wasDisposed = chat.participant.isDisposed();
  const outcome = rejectingWithMetadata(chat, args, run, ({ code }) => {
    const isCausedByDisposal = code === "Aborted" || code === "IllegalState";
    if (wasDisposed || !chat.participant.isDisposed() || !isCausedByDisposal) return;
    // `outcome` rejects right after this callback returns, so it is marked as handled a microtask later.
    void Promise.resolve().then(() => outcome.catch(() => undefined));
  });
  return outcome;
}

async function rejectingWithMetadata<Result>(
  chat: Chat,
  args: unknown,
  run: () => Promise<Result>,
  onFailure: (error: ChatError) => void,
): Promise<Result> {
  try {
    return await run();
  } catch (thrown) {
    const error = toChatError(thrown, "ClientError", "The call failed without a message.");
    error.metadata = metadataOf(args);
    onFailure(error);
    // The message isn't logged, since it may quote an argument.
    chat.logger.debug("A call was rejected", { code: error.code, field: error.field });
    throw error;
  }
}
