/** Encrypted, or on this very machine: for local work. */
const ALLOWED = /^(?:wss:\/\/|ws:\/\/(?:127\.0\.0\.1|localhost):)/;

/** Whether a socket may be opened with this: `wss://…`, or `ws://127.0.0.1:…` or `ws://localhost:…` for local work. */
export function isSocketUrl(value: unknown): value is string {
  if (typeof value !== "string" || !ALLOWED.test(value)) return false;
  try {
    return new URL(value).href !== "";
  } catch (error) {
    // Without the URL class, opening the socket shows it.
    return error instanceof ReferenceError;
  }
}
