/** Identifies Participant Service operations and file transfers by a request's method and URL. */
import { ROUTES } from "../src/participant/routes";

const SIGNED = /[?&](X-Amz-Signature|Signature)=/i;

/** Matches the end of a path, since an application's proxy may add a prefix. A view's path ends in its token. */
const patternOf = (path: string): RegExp => new RegExp(`${path.replace(/\/$/, "/[^/]+")}$`);

const OPERATIONS = Object.entries(ROUTES).map(([name, path]) => ({
  name,
  method: path.endsWith("/") ? "GET" : "POST",
  pattern: patternOf(path),
}));

/** Returns a request's operation; null if it doesn't belong to a chat. */
export function operationOf(method: string, url: string): string | null {
  const [path = ""] = url.split(/[?#]/, 1);
  const known = OPERATIONS.find((each) => each.method === method && each.pattern.test(path));
  if (known) return known.name;
  if (!SIGNED.test(url)) return null;
  return method === "PUT" ? "File upload" : "File download";
}
