/** The control API's errors. */
import { Refusal } from "../http";
import { messageOf } from "../problems";
import { SimulatorInputError } from "../input-error";
import { WaitError, type WaitFailure } from "../waiting";

export const STATUS_OF = {
  BadRequest: 400,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  Timeout: 408,
  Conflict: 409,
  Internal: 500,
} as const;

export type ErrorCode = keyof typeof STATUS_OF;

/** An operation's error. Handlers can throw it anywhere. */
export class ControlError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const WAIT_CODES: Readonly<Record<WaitFailure, ErrorCode>> = {
  timeout: "Timeout",
  ended: "Conflict",
  closed: "Conflict",
  // Nobody receives it, because the caller has gone.
  canceled: "Conflict",
  invalid: "BadRequest",
};

/** Returns the error to send for any value that a handler throws. */
export function controlErrorOf(error: unknown): ControlError {
  if (error instanceof ControlError) return error;
  if (error instanceof WaitError) return new ControlError(WAIT_CODES[error.failure], error.message);
  if (error instanceof SimulatorInputError) return new ControlError("BadRequest", error.message);
  if (error instanceof Refusal) return new ControlError(codeOf(error.status), error.message);
  // Without the stack trace, which only the person at the terminal can use.
  return new ControlError(
    "Internal",
    `The simulator failed: ${messageOf(error)}. Its terminal shows the details.`,
  );
}

/** The code for a Refusal from the engine. Statuses other than 404 and 409 mean that the input is wrong. */
function codeOf(status: number): ErrorCode {
  if (status === 404) return "NotFound";
  return status === 409 ? "Conflict" : "BadRequest";
}
