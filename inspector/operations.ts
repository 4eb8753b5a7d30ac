/** Requests told apart by method and path: the Participant Service's operations, and the storage's transfers. */
import { ROUTES } from "../src/participant/routes";

const SIGNED = /[?&](X-Amz-Signature|Signature)=/i;

/** A path as the end of one: an application's proxy may stand before the service. A view's token follows its path. */
const patternOf = (path: string): RegExp => new RegExp(`${path.replace(/\/$/, "/[^/]+")}$`);

const OPERATIONS = Object.entries(ROUTES).map(([name, path]) => ({
  name,
  method: path.endsWith("/") ? "GET" : "POST",
  pattern: patternOf(path),
}));

/** The operation that a request is; null for one that is none of the chat's. */
export function operationOf(method: string, url: string): string | null {
  const [path = ""] = url.split(/[?#]/, 1);
  const known = OPERATIONS.find((each) => each.method === method && each.pattern.test(path));
  if (known) return known.name;
  if (!SIGNED.test(url)) return null;
  return method === "PUT" ? "Upload of a file" : "Download of a file";
}
