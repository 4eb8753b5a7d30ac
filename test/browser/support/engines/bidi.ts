import WebSocket from "ws";

interface Reply {
  readonly id?: number | null;
  readonly type: "success" | "error" | "event";
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly method?: string;
  readonly params?: unknown;
}

interface PendingCommand {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A WebDriver BiDi connection: https://w3c.github.io/webdriver-bidi/ */
export class BiDi {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, PendingCommand>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => this.#receive(JSON.parse(data.toString()) as Reply));
    socket.on("close", () => {
      for (const { reject } of this.#pending.values())
        reject(new Error("The browser closed the connection."));
      this.#pending.clear();
    });
  }

  static async connect(url: string): Promise<BiDi> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await new Promise((resolve, reject) => socket.once("open", resolve).on("error", reject));
    return new BiDi(socket);
  }

  send<Result>(method: string, params: object = {}): Promise<Result> {
    const id = ++this.#lastId;
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }), (error) => {
        if (error) reject(error);
      });
    }) as Promise<Result>;
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive({ id, type, result, error, message }: Reply): void {
    const command = typeof id === "number" ? this.#pending.get(id) : undefined;
    if (typeof id !== "number" || !command) return;
    this.#pending.delete(id);
    if (type === "success") command.resolve(result);
    else command.reject(new Error(`${error}: ${message}`));
  }
}
