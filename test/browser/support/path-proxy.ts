import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A reverse proxy that serves another server below a path, and sends X-Forwarded headers. */
export class PathProxy {
  readonly #server: Server;
  readonly #prefix: string;

  private constructor(server: Server, prefix: string) {
    this.#server = server;
    this.#prefix = prefix;
  }

  static async start(prefix: string, port: number): Promise<PathProxy> {
    const forward = (incoming: IncomingMessage): ReturnType<typeof request> | null => {
      const { url = "/", method, headers } = incoming;
      if (!url.startsWith(`${prefix}/`)) return null;
      return request({
        port,
        host: "127.0.0.1",
        method,
        path: url.slice(prefix.length),
        headers: {
          ...headers,
          host: `127.0.0.1:${port}`,
          "x-forwarded-proto": "http",
          "x-forwarded-host": headers.host,
          "x-forwarded-prefix": prefix,
        },
      });
    };
    const server = createServer((incoming, reply) => {
      const outgoing = forward(incoming);
      if (!outgoing) {
        reply.writeHead(404).end();
        return;
      }
      incoming.pipe(outgoing);
      outgoing.on("error", () => reply.destroy());
      outgoing.on("response", (response) => {
        reply.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(reply);
      });
    });
    server.on("upgrade", (incoming, client) => {
      const outgoing = forward(incoming);
      if (!outgoing) {
        client.destroy();
        return;
      }
      client.on("error", () => outgoing.destroy());
      outgoing.on("error", () => client.destroy());
      outgoing.on("response", () => client.destroy());
      outgoing.on("upgrade", (response, upstream) => {
        const lines = response.rawHeaders.flatMap((name, index) =>
          index % 2 === 0 ? [`${name}: ${response.rawHeaders[index + 1] ?? ""}`] : [],
        );
        client.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
        upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
        client.on("close", () => upstream.destroy());
        upstream.pipe(client).pipe(upstream);
      });
      outgoing.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new PathProxy(server, prefix);
  }

  /** `http://localhost:…/path`, without a trailing slash. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://localhost:${port}${this.#prefix}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
