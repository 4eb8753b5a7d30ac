/**
 * A URL without a user name, backslash or escape, about whose host no two parsers can disagree. Used instead of the URL
 * class, which has no `hostname` in React Native.
 */
const UNENCRYPTED_URL = /^(?:ws|http):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::\d+)?(?:[/?#]|$)/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Returns the host of a URL that begins with `ws://` or `http://`, in lowercase; null for any other. */
export const unencryptedHostOf = (url: string): string | null =>
  UNENCRYPTED_URL.exec(url)?.[1]?.toLowerCase() ?? null;

/**
 * Whether a socket may be opened with this URL: `wss://…`, or `ws://…` to this machine or an `http://` endpoint's
 * `unencryptedHost`.
 */
export function isSocketUrl(value: unknown, unencryptedHost: string | null): value is string {
  if (typeof value !== "string") return false;
  const host = /^ws:/i.test(value) ? unencryptedHostOf(value) : null;
  const isAllowedPlain = host !== null && (LOOPBACK.test(host) || host === unencryptedHost);
  if (!isAllowedPlain && !/^wss:\/\/./i.test(value)) return false;
  try {
    return new URL(value).href !== "";
  } catch (error) {
    // Without the URL class, opening the socket validates the URL.
    return error instanceof ReferenceError;
  }
}
