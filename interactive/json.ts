/** JSON values of unknown shape. */

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the value if it is an object, or else an empty object. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** Returns a text with at least one visible character, or null for anything else. */
export const textOf = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value : null;

/** Parses JSON. Returns undefined for anything else. Never throws. */
export function parseJson(text: unknown): unknown {
  try {
    return typeof text === "string" ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the text's size in UTF-8. React Native has no TextEncoder. */
export const bytesOf = (text: string): number =>
  text.length +
  (text.match(/[\u0080-\uffff]/g)?.length ?? 0) +
  // Two surrogates make one character of four bytes.
  (text.match(/[\u0800-\ud7ff\ue000-\uffff]/g)?.length ?? 0);
