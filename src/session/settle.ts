import { toChatError, type ChatError } from "../errors";
import type { Chat } from "./chat";
import { metadataOf } from "./results";

/**
 * Runs a call. Every failure becomes a rejection whose error has the call's `metadata`. A promise that is pending
 * during `dispose()` or `reset()` never causes an `unhandledrejection`.
 */
export function settle<Result>(chat: Chat, args: unknown, run: () => Promise<Result>): Promise<Result> {
  const wasDisposed = chat.participant.isDisposed();
  const outcome = runWithMetadata(chat, args, run, ({ code }) => {
    const isCausedByDisposal = code === "Aborted" || code === "IllegalState";
    if (wasDisposed || !chat.participant.isDisposed() || !isCausedByDisposal) return;
    // `outcome` isn't rejected until this callback has returned, so the next microtask marks it as handled.
    void Promise.resolve().then(() => outcome.catch(() => undefined));
  });
  return outcome;
}

async function runWithMetadata<Result>(
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
    // The message isn't logged, because it may quote an argument.
    chat.logger.debug("A call was rejected", { code: error.code, field: error.field });
    throw error;
  }
}
