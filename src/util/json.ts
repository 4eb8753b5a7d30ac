export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the value if it's an object, or an empty object otherwise. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const isText = (value: unknown): value is string => typeof value === "string";

export const textOrNull = (value: unknown): string | null => (isText(value) ? value : null);

/** Returns a non-empty string, or undefined for anything else. */
export const nonEmptyText = (value: unknown): string | undefined =>
  isText(value) && value !== "" ? value : undefined;

/** Parses a JSON object. Returns undefined for anything else. Never throws. */
export function parseObject(text: unknown): JsonObject | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
