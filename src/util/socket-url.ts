/**
 * Matches an unencrypted URL whose host is unambiguous: the URL has no user name, and the host has no backslash or
 * escape. The URL class can't be used, because it lacks `hostname` in React Native.
 */
const UNENCRYPTED_URL = /^(?:ws|http):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::\d+)?(?:[/?#]|$)/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Returns the host of a `ws://` or `http://` URL, in lowercase; null for any other URL. */
export const unencryptedHostOf = (url: string): string | null =>
  UNENCRYPTED_URL.exec(url)?.[1]?.toLowerCase() ?? null;

/**
 * Whether a socket may be opened with this URL: any `wss://` URL, or a `ws://` URL whose host is a loopback host or
 * `unencryptedHost`.
 */
export function isSocketUrl(value: unknown, unencryptedHost: string | null): value is string {
  if (typeof value !== "string") return false;
  const host = /^ws:/i.test(value) ? unencryptedHostOf(value) : null;
  const isAllowedUnencrypted = host !== null && (LOOPBACK.test(host) || host === unencryptedHost);
  if (!isAllowedUnencrypted && !/^wss:\/\/./i.test(value)) return false;
  try {
    return new URL(value).href !== "";
  } catch (error) {
    // If the environment lacks the URL class, the URL is validated when the socket is opened.
    return error instanceof ReferenceError;
  }
}
