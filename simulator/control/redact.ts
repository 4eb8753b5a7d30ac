/** Copies calls and frames for the recorded traffic. Copies have no tokens or signatures, and a limited length. */

const SECRET_FIELD = /^(?:participant|connection)token$/i;
/** The secret part of a signed URL. */
const SIGNATURE = /([?&](?:token|X-Amz-Signature)=)[\w%-]+/g;
const TOKEN_IN_TEXT = /("(?:participant|connection)token"\s*:\s*")[^"]+/gi;
const HIDDEN = "…";
const MAX_TEXT = 20_000;

function redactText(text: string): string {
  const hidden = text.replace(SIGNATURE, `$1${HIDDEN}`).replace(TOKEN_IN_TEXT, `$1${HIDDEN}`);
  const rest = hidden.length - MAX_TEXT;
  return rest > 0 ? `${hidden.slice(0, MAX_TEXT)}… (${rest} more characters)` : hidden;
}

/** Returns a redacted copy of a JSON value. */
export function redacted(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, unknown]) => [
      name,
      SECRET_FIELD.test(name) ? HIDDEN : redacted(each),
    ]),
  );
}
