/** The HTTP or HTTPS server and its connections. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { KeyAndCertificate } from "./certificate";
import { isObject } from "./http";

export interface Handlers {
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}

export class Listener {
  readonly #server: Server;
  /** `closeAllConnections()` misses a connection that hasn't finished its TLS handshake. */
  readonly #connections = new Set<Socket>();

  /** Serves HTTPS if there is a certificate, otherwise HTTP. */
  constructor(certificate: KeyAndCertificate | null, { request, upgrade }: Handlers) {
    this.#server = certificate ? createHttpsServer(certificate, request) : createServer(request);
    // Never close idle connections. If a client reused a connection at that moment, the close would look like a fault.
    this.#server.keepAliveTimeout = 0;
    this.#server.on("upgrade", upgrade);
    this.#server.on("connection", (connection: Socket) => {
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
}
