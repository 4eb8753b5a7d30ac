// Serves the page. Cross-origin isolation gives the page's clock its full resolution.
import { createServer, request as sendRequest } from "node:http";
import { readFileSync } from "node:fs";

const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8" };

/** Forwards a call to the simulator whose port is in the path, so that it has the page's origin. */
function forward(request, response, port, path) {
  const { method, headers } = request;
  const forwarded = sendRequest({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  forwarded.on("error", () => response.destroy());
  request.pipe(forwarded);
}

/** Serves files by path, and simulators under `/simulator/{port}`, on a free port. */
export async function serve(files) {
  const contents = new Map(Object.entries(files).map(([path, file]) => [path, readFileSync(file)]));
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    const [, port, rest] = /^\/simulator\/(\d+)(\/.*)$/.exec(path) ?? [];
    if (port !== undefined) {
      forward(request, response, Number(port), rest);
      return;
    }
    const body = contents.get(path);
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
