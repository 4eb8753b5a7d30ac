// The page's own server: isolated from other origins, so that the page's clock has its full resolution.
import { createServer, request as ask } from "node:http";
import { readFileSync } from "node:fs";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8" };

/** Passes a call on to the simulator whose port stands in the path: to the page it is of its own origin. */
function passOn(request, response, port, path) {
  const { method, headers } = request;
  const passed = ask({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  passed.on("error", () => response.destroy());
  request.pipe(passed);
}

/** Serves files by path, and simulators below `/simulator/{port}`, on a port that the system gives. */
export async function serve(files) {
  const held = new Map(Object.entries(files).map(([path, file]) => [path, readFileSync(file)]));
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const [, port, rest] = /^\/simulator\/(\d+)(\/.*)$/.exec(path) ?? [];
    if (port !== undefined) {
      passOn(request, response, Number(port), rest);
      return;
    }
    const body = held.get(path);
    if (body === undefined) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, {
        "content-type": TYPES[path.split(".").at(-1)],
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      })
      .end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
