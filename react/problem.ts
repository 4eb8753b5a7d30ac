import { isChatError, type ChatErrorCode } from "amazon-connect-chatjs";

/** Why something failed. */
export interface ChatProblem {
  /** What went wrong, for developers. */
  readonly message: string;
  /** Whether trying again may succeed. An error of your own counts as retryable, unless it has `retryable: false`. */
  readonly retryable: boolean;
  /** The library's error code. Null if the error is your own. */
  readonly code: ChatErrorCode | null;
  /** The error itself. */
  readonly cause: unknown;
}

/** Returns an error as the state shows it. */
export function problemOf(cause: unknown): ChatProblem {
  if (isChatError(cause)) {
    const { message, retryable, code } = cause;
    return { message, retryable, code, cause };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  // Most errors of an application's backend are temporary, so trying again is the safer offer.
  const isPermanent = cause instanceof Error && "retryable" in cause && cause.retryable === false;
  return { message, retryable: !isPermanent, code: null, cause };
}
