/** The limits of faults' numbers, for the control API's schemas and for the checks of a test's own faults. */

/** How long a fault can last: 24 hours. */
export const MAX_FAULT_MS = 86_400_000;

/** How long a fault can delay something: one hour. */
export const MAX_DELAY_MS = 3_600_000;
