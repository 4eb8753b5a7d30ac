export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value, or an empty object in place of anything that isn't one. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const isText = (value: unknown): value is string => typeof value === "string";

export const textOrNull = (value: unknown): string | null => (isText(value) ? value : null);

/** A string with something in it; undefined for all else. */
export const nonEmptyText = (value: unknown): string | undefined =>
  isText(value) && value !== "" ? value : undefined;

/** The object that a text holds, or undefined: not JSON, or JSON of another kind. Never throws. */
export function parseObject(text: unknown): JsonObject | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
