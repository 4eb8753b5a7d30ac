/**
 * Matches a URL with a plain host: no user name, backslash or escape, so that all parsers agree on the host. Used
 * instead of the URL class, which lacks `hostname` in React Native.
 */
const UNENCRYPTED_URL = /^(?:ws|http):\/\/(\[[\da-f:]+\]|[\w.-]+)(?::\d+)?(?:[/?#]|$)/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Returns the host of a `ws://` or `http://` URL, in lowercase; null for any other URL. */
export const unencryptedHostOf = (url: string): string | null =>
  UNENCRYPTED_URL.exec(url)?.[1]?.toLowerCase() ?? null;

/**
 * Whether a socket may be opened with this URL: any `wss://` URL, or a `ws://` URL whose host is localhost or
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
    // If the environment lacks the URL class, the URL is validated when the socket is opened.
    return error instanceof ReferenceError;
  }
}
