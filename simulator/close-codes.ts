/** Close codes that the simulator can drop a socket with. */

/** Stands for a socket that broke without a close frame. No close frame can have this code. */
const NO_CLOSE_FRAME = 1006;

/** The codes that a close frame can have, and 1006. 1004, 1005 and 1015 are reserved. */
export const CLOSE_CODES = [
  [1000, 1003],
  [1006, 1014],
  [3000, 4999],
] as const satisfies readonly (readonly [first: number, last: number])[];

/** Returns the code for a close frame; undefined if there must be no close frame. Throws a RangeError for other codes. */
export function closeCodeIn(code: number | undefined): number | undefined {
  if (code === undefined || code === NO_CLOSE_FRAME) return undefined;
  if (Number.isInteger(code) && CLOSE_CODES.some(([first, last]) => code >= first && code <= last))
    return code;
  const ranges = CLOSE_CODES.map(([first, last]) => `${first} to ${last}`).join(", ");
  throw new RangeError(
    `\`code\` must be a close code that a socket can send (${ranges}), or 1006 for no close frame; got ${code}.`,
  );
}
