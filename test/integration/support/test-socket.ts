import { WebSocket } from "ws";
import type { Item } from "../../../simulator/index";

/** A client for the simulator's socket that doesn't use the library. It records its state and all received frames. */
export class TestSocket {
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;
  /** The received frames, unparsed. */
  readonly texts: string[] = [];
  /** The close code, or null while the socket is open. */
  closeCode: number | null = null;
  readonly #socket: WebSocket;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.on("message", (data) => this.texts.push(Buffer.isBuffer(data) ? data.toString() : ""));
    this.opened = new Promise((resolve, reject) => {
      this.#socket.once("open", resolve);
      this.#socket.once("error", reject);
    });
    this.closed = new Promise((resolve) => {
      this.#socket.once("close", (code) => {
        this.closeCode = code;
        resolve();
      });
    });
    // If the connection is refused, `opened` rejects. If the connection fails later, `closed` resolves.
    this.#socket.on("error", () => undefined);
  }

  /** The received frames that are valid JSON. */
  get received(): Record<string, unknown>[] {
    return this.texts.flatMap((text) => {
      try {
        return [JSON.parse(text) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
  }

  frames(topic: string): Record<string, unknown>[] {
    return this.received.filter((frame) => frame["topic"] === topic);
  }

  /** The received chat items. */
  get items(): Item[] {
    return this.frames("aws/chat").map(({ content }) => JSON.parse(String(content)) as Item);
  }

  send(frame: unknown): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** Resolves after the server has received all frames that were sent before the call. */
  pong(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once("pong", () => resolve());
      this.#socket.ping();
    });
  }

  close(): void {
    this.#socket.terminate();
  }
}
