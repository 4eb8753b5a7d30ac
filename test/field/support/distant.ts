import { createServer, connect as connectTo, type Server, type Socket } from "node:net";

/** A TCP proxy that makes the simulator distant, by a delay for each packet, and puts it on another origin. */
export class DistantService {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async inFrontOf(url: string, delayMs: number): Promise<DistantService> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    const distant = new DistantService(server);
    server.on("connection", (near) => {
      const far = connectTo(Number(port), hostname);
      distant.#pipe(near, far, delayMs);
      distant.#pipe(far, near, delayMs);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return distant;
  }

  /** The proxy's URL. Its host is `localhost`, so its origin differs from the simulator's, which uses 127.0.0.1. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy is closed.");
    return `http://localhost:${address.port}`;
  }

  async close(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((closed) => void this.#server.close(() => closed()));
  }

  /** Forwards packets in order, because their delays are equal. A packet arrives even if its sender is already gone. */
  #pipe(from: Socket, to: Socket, delayMs: number): void {
    this.#sockets.add(from);
    const afterDelay = (then: () => void): void => void setTimeout(then, delayMs);
    from.on("data", (data) => afterDelay(() => to.writable && to.write(data)));
    from.on("end", () => afterDelay(() => to.end()));
    from.on("error", () => afterDelay(() => to.destroy()));
    from.on("close", () => this.#sockets.delete(from));
  }
}
