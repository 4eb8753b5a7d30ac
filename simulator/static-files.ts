/** Serves a page's files next to the service, so that a demo doesn't need a second server. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/** The control panel's path. */
const PANEL = "/_panel/";

/** Folders or single files, by the path they are served under. The longest matching path wins. */
export type ServedFiles = Readonly<Record<string, string>>;

interface FoundFile {
  readonly path: string;
  readonly size: number;
  /** Whether the path names its folder. */
  readonly isIndex: boolean;
}

export class StaticFiles {
  readonly #served: readonly (readonly [prefix: string, target: string])[];

  constructor(served: ServedFiles) {
    this.#served = Object.entries(served)
      .map(([prefix, target]) => [prefix, resolve(target)] as const)
      .sort(([a], [b]) => b.length - a.length);
  }

  /** Serves the file if it exists. Returns whether the request was answered. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    const file = await this.#find(path);
    if (file === null) return false;
    response.setHeader("x-content-type-options", "nosniff");
    // Otherwise, another site could put the panel into an invisible frame and let the user click its buttons.
    if (path.startsWith(PANEL)) response.setHeader("content-security-policy", "frame-ancestors 'self'");
    if (file.isIndex && !path.endsWith("/")) {
      // A relative location, which also works behind a proxy with a path.
      response.writeHead(302, { location: `./${path.slice(path.lastIndexOf("/") + 1)}/` }).end();
      return true;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file.path)] ?? "application/octet-stream",
      "content-length": file.size,
      "cache-control": "no-cache",
    });
    if (request.method === "HEAD") response.end();
    else
      createReadStream(file.path)
        .on("error", () => response.destroy())
        .pipe(response);
    return true;
  }

  async #find(path: string): Promise<FoundFile | null> {
    for (const [prefix, target] of this.#served) {
      const below = pathBelow(path, prefix);
      if (below === null) continue;
      const file = normalize(join(target, below));
      // The path may contain "..", but must not lead outside the served folder.
      if (file !== target && !file.startsWith(target + sep)) continue;
      for (const [candidate, isIndex] of [
        [file, false],
        [join(file, "index.html"), true],
      ] as const) {
        const found = await stat(candidate).catch(() => null);
        if (found?.isFile()) return { path: candidate, size: found.size, isIndex };
      }
    }
    return null;
  }
}

/** The part of a path below a prefix; null if the path isn't below it. */
function pathBelow(path: string, prefix: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (decoded.includes("\0")) return null;
  const base = prefix.replace(/\/$/, "");
  if (decoded !== base && !decoded.startsWith(`${base}/`)) return null;
  return decoded.slice(base.length);
}
