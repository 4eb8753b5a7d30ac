/**
 * A URL without a user name, backslash or escape, about whose host no two parsers can disagree. Used instead of the URL
 * class, which has no `hostname` in React Native.
 */
const PLAIN_URL = /^(?:ws|http):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::\d+)?(?:[/?#]|$)/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Returns the host of a URL that begins with `ws://` or `http://`, in lowercase; null for any other. */
export const plainHostOf = (url: string): string | null => PLAIN_URL.exec(url)?.[1]?.toLowerCase() ?? null;

/**
 * Whether a socket may be opened with this URL: `wss://…`, or `ws://…` to this machine or an `http://` endpoint's
 * `unencryptedHost`.
 */
export function isSocketUrl(value: unknown, unencryptedHost: string | null): value is string {
  if (typeof value !== "string") return false;
  const host = /^ws:/i.test(value) ? plainHostOf(value) : null;
  const isPlain = host !== null && (LOOPBACK.test(host) || host === unencryptedHost);
  if (!isPlain && !/^wss:\/\/./i.test(value)) return false;
  try {
    return new URL(value).href !== "";
  } catch (error) {
    // Without the URL class, opening the socket validates the URL.
    return error instanceof ReferenceError;
  }
}
