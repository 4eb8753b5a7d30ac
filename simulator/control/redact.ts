/**
 * Copies calls and frames for the recorded traffic. Copies have no tokens or signatures, and a limited length and
 * nesting.
 */

const SECRET_FIELD = /^(?:participant|connection)token$/i;
/** The secret part of a signed URL. */
const SIGNATURE = /([?&](?:token|X-Amz-Signature)=)[\w%-]+/g;
const TOKEN_IN_TEXT = /("(?:participant|connection)token"\s*:\s*")[^"]+/gi;
const HIDDEN = "…";
const MAX_TEXT = 20_000;
/** Deeper values would overflow the stack here, and in `JSON.stringify`. */
const MAX_DEPTH = 100;
const TOO_DEEP = "… (nested too deeply)";

function redactText(text: string): string {
  const hidden = text.replace(SIGNATURE, `$1${HIDDEN}`).replace(TOKEN_IN_TEXT, `$1${HIDDEN}`);
  const rest = hidden.length - MAX_TEXT;
  return rest > 0 ? `${hidden.slice(0, MAX_TEXT)}… (${rest} more characters)` : hidden;
}

/** Returns a redacted copy of a JSON value. */
export const redacted = (value: unknown): unknown => copyAt(0, value);

function copyAt(depth: number, value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((each: unknown) => copyAt(depth + 1, each));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => [
      name,
      SECRET_FIELD.test(name) ? HIDDEN : copyAt(depth + 1, each),
    ]),
  );
}
