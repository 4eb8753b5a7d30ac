/** Identifies Participant Service operations and file transfers by the request's method and URL. */
import { ROUTES } from "../src/participant/routes";

const SIGNED = /[?&](X-Amz-Signature|Signature)=/i;

/**
 * Returns a pattern for the end of a path, because an application's proxy may add a prefix. The path of a view ends
 * with the view's token.
 */
const patternOf = (path: string): RegExp => new RegExp(`${path.replace(/\/$/, "/[^/]+")}$`);

const OPERATIONS = Object.entries(ROUTES).map(([name, path]) => ({
  name,
  method: path.endsWith("/") ? "GET" : "POST",
  pattern: patternOf(path),
}));

/** Returns a request's operation; null if the request doesn't belong to a chat. */
export function operationOf(method: string, url: string): string | null {
  const [path = ""] = url.split(/[?#]/, 1);
  const operation = OPERATIONS.find((each) => each.method === method && each.pattern.test(path));
  if (operation) return operation.name;
  if (!SIGNED.test(url)) return null;
  return method === "PUT" ? "File upload" : "File download";
}
