/**
 * Returns the message of the API's error body, `{ error: { code, message } }`, for the user; null if the text isn't such
 * a body. If an internal error's message contains a stack, the stack is left out.
 */
export function errorMessageOf(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null || !("error" in body)) return null;
    const { error } = body;
    if (typeof error !== "object" || error === null || !("message" in error)) return null;
    return typeof error.message === "string" ? withoutStack(error.message) : null;
  } catch {
    return null;
  }
}

/** A stack's lines begin with `at` (V8). */
const withoutStack = (message: string): string =>
  message
    .split(/\n\s*at /, 1)
    .join("")
    .trim();
