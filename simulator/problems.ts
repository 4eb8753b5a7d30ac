/** Problems that the simulator survives. They are reported to the person who runs it. */
import { types } from "node:util";

export type SimulatorProblem =
  | {
      /** A part of the simulator threw an error. The error is a bug, or comes from a test's own function. */
      readonly kind: "internal";
      readonly message: string;
      readonly error: unknown;
    }
  | {
      /** After a restart's downtime, the simulator couldn't listen on its port. It tries again. */
      readonly kind: "restart";
      readonly message: string;
      readonly error: unknown;
    }
  | {
      /** The control API refused the first request from this origin. */
      readonly kind: "originRefused";
      readonly message: string;
      readonly origin: string;
    };

export type ReportProblem = (problem: SimulatorProblem) => void;

/** Returns a caught error's message. The error may come from another realm, as Node's errors do under Jest. */
export const messageOf = (error: unknown): string =>
  types.isNativeError(error) ? error.message : String(error);

/** Describes an error that `what` threw. */
export const internalProblem = (what: string, error: unknown): SimulatorProblem => ({
  kind: "internal",
  message: `${what} threw an error: ${messageOf(error)}`,
  error,
});

/** Returns a problem as text for a terminal. Only an internal problem has a stack trace. */
export function problemText({ message, ...problem }: SimulatorProblem): string {
  const stack =
    problem.kind === "internal" && types.isNativeError(problem.error) ? problem.error.stack : undefined;
  return stack === undefined ? message : `${message}\n${stack}`;
}

/**
 * Prints a problem unless the simulator works as intended, as it does when it refuses an origin. A simulator without
 * `onProblem` reports problems this way.
 */
export function printProblem(problem: SimulatorProblem): void {
  if (problem.kind !== "originRefused") console.error(problemText(problem));
}
