/** The HTTP or HTTPS server and its connections. */
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { KeyAndCertificate } from "./certificate";
import { TLSSocket } from "node:tls";
import { headerOf, isObject } from "./http";

export interface Handlers {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}

/** Node 24.9 and later call it to decide whether a request with an Upgrade header is passed to "upgrade". */
interface UpgradeOptions extends ServerOptions {
  readonly shouldUpgradeCallback: (request: IncomingMessage) => boolean;
}

const OPTIONS: UpgradeOptions = { shouldUpgradeCallback: isWebSocket };

export class Listener {
  readonly #server: Server;
  /** `closeAllConnections()` misses a connection that hasn't finished its TLS handshake. */
  readonly #connections = new Set<Socket>();

  /** Serves HTTPS if there is a certificate, otherwise HTTP. */
  constructor(certificate: KeyAndCertificate | null, { request, upgrade }: Handlers) {
    this.#server = certificate
      ? createHttpsServer({ ...OPTIONS, ...certificate }, request)
      : createServer(OPTIONS, request);
    // Never close idle connections. If a client reused a connection at that moment, the close would look like a fault.
    this.#server.keepAliveTimeout = 0;
    this.#server.on("upgrade", (incoming: IncomingMessage, stream: Duplex, head: Buffer) => {
      if (isWebSocket(incoming)) upgrade(incoming, stream, head);
      else this.#serveWithoutUpgrade(incoming, stream, head);
    });
    this.#server.on("connection", (connection: Socket) => {
      if (this.#connections.has(connection)) return;
      this.#connections.add(connection);
      connection.once("close", () => this.#connections.delete(connection));
    });
  }

  /** Resolves with the port. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.removeListener("error", reject);
        resolve();
      });
    });
    const address: unknown = this.#server.address();
    if (!isObject(address)) throw new Error("The simulator isn't listening on a port.");
    return Number(address["port"]);
  }

  /** Cuts all connections and frees the port. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
      for (const connection of this.#connections) connection.destroy();
    });
  }

  /**
   * Serves a request that offers another protocol, such as HTTP/2, as if it didn't. Before Node 24.9, Node gives up its
   * connection when it emits "upgrade", so the connection starts again with the request.
   */
  #serveWithoutUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(request), "latin1"), head]));
    this.#server.emit(stream instanceof TLSSocket ? "secureConnection" : "connection", stream);
  }
}

function isWebSocket(request: IncomingMessage): boolean {
  const protocols = headerOf(request, "upgrade")?.toLowerCase().split(",") ?? [];
  return protocols.some((each) => each.trim() === "websocket");
}

const UPGRADE_HEADERS = ["upgrade", "http2-settings"];

/** A request's first line and headers, without the headers that offer another protocol. */
function headWithoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method ?? "GET"} ${url ?? "/"} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const value = rawHeaders[index + 1] ?? "";
    if (UPGRADE_HEADERS.includes(name.toLowerCase())) continue;
    if (name.toLowerCase() !== "connection") lines.push(`${name}: ${value}`);
    else {
      const kept = value.split(",").filter((each) => !UPGRADE_HEADERS.includes(each.trim().toLowerCase()));
      if (kept.length > 0) lines.push(`${name}: ${kept.join(",")}`);
    }
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
