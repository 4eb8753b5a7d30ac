/** Checks a fault's numbers and operation before the fault is added. Throws a SimulatorInputError. */
import type { CustomFault, PlannedFault } from "./fault-effects";
import { MAX_DELAY_MS, MAX_FAULT_MS } from "./fault-limits";
import { SimulatorInputError } from "./input-error";
import {
  ANY_OPERATION,
  isFaultOperation,
  SERVICE_OPERATIONS,
  type FaultOperation,
} from "./service-operations";

/** The numbers of a scope. */
interface ScopeNumbers {
  readonly times?: number;
  readonly chance?: number;
  readonly forMs?: number;
}

export function checkScope({ times, chance, forMs }: ScopeNumbers): void {
  if (times !== undefined && times !== Number.POSITIVE_INFINITY && !(Number.isInteger(times) && times >= 1))
    throw new SimulatorInputError(
      "times",
      `must be a whole number of at least 1, or Infinity; got ${times}.`,
    );
  if (chance !== undefined) checkRange("chance", chance, [0, 1]);
  if (forMs !== undefined && !(forMs > 0 && forMs <= MAX_FAULT_MS))
    throw new SimulatorInputError(
      "forMs",
      `must be a number above 0 and up to ${MAX_FAULT_MS} (24 hours); got ${forMs}. For a fault without an end, ` +
        "omit `forMs` and pass `times: Infinity`.",
    );
}

/** The numbers of all faults' effects. */
interface EffectNumbers {
  readonly kind: string;
  readonly delayMs?: number;
  readonly jitterMs?: number;
  readonly lagMs?: number;
  readonly status?: number;
}

/** Checks the numbers in a fault's effect. */
export function checkEffect(effect: PlannedFault | CustomFault): void {
  const { delayMs, jitterMs, lagMs, status }: EffectNumbers = effect;
  for (const [field, ms] of Object.entries({ delayMs, jitterMs, lagMs }))
    if (ms !== undefined) checkDelay(field, ms);
  if (status !== undefined) checkStatus(status);
}

/** A longer or negative delay would fire immediately. */
export const checkDelay = (field: string, ms: number): void => checkRange(field, ms, [0, MAX_DELAY_MS]);

/** A status that HTTP can't send would only fail when the fault hits. */
export function checkStatus(status: number): void {
  if (!Number.isInteger(status))
    throw new SimulatorInputError("status", `must be a whole number; got ${status}.`);
  checkRange("status", status, [200, 599]);
}

/** Returns an operation that exists, because a fault for any other name would never hit. */
export function faultOperationOf(name: string): FaultOperation {
  if (isFaultOperation(name)) return name;
  const lower = name.toLowerCase();
  const similar = SERVICE_OPERATIONS.find((each) => each.toLowerCase() === lower);
  throw new SimulatorInputError(
    "operation",
    `must be one of ${SERVICE_OPERATIONS.join(", ")}, or "${ANY_OPERATION}" for all; got "${name}".` +
      (similar === undefined ? "" : ` Did you mean ${similar}?`),
  );
}

function checkRange(field: string, value: number, [min, max]: readonly [min: number, max: number]): void {
  if (value >= min && value <= max) return;
  throw new SimulatorInputError(field, `must be a number from ${min} to ${max}; got ${value}.`);
}
