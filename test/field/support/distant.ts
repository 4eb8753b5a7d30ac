import { createServer, connect as connectTo, type Server, type Socket } from "node:net";

/** The simulator as seen from far away, under another origin than the page's: each packet takes `delayMs` one way. */
export class DistantService {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(url: string, delayMs: number): Promise<DistantService> {
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

  /** `localhost`, where the simulator itself is 127.0.0.1. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The service has been closed.");
    return `http://localhost:${address.port}`;
  }

  async close(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((closed) => void this.#server.close(() => closed()));
  }

  /** In order, since every packet takes the same time; a packet in flight arrives although its sender is gone. */
  #pipe(from: Socket, to: Socket, delayMs: number): void {
    this.#sockets.add(from);
    const later = (then: () => void): void => void setTimeout(then, delayMs);
    from.on("data", (data) => later(() => to.writable && to.write(data)));
    from.on("end", () => later(() => to.end()));
    from.on("error", () => later(() => to.destroy()));
    from.on("close", () => this.#sockets.delete(from));
  }
}
