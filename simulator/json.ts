/** Rules for JSON and text from outside that the simulator has to write again later. */

/** Deeper values can't be written: `JSON.stringify` would overflow the stack. */
export const MAX_JSON_DEPTH = 500;

/** Whether lists and objects are nested deeper than `MAX_JSON_DEPTH`. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= MAX_JSON_DEPTH; depth += 1) {
    level = level.flatMap((each): unknown[] =>
      typeof each === "object" && each !== null ? Object.values(each).filter(isContainer) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

const isContainer = (value: unknown): boolean => typeof value === "object" && value !== null;

/** Whether a text has no lone surrogates, which neither URLs nor UTF-8 can express. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
