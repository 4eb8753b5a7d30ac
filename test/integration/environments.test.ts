import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { WebSocket } from "ws";
import { startSimulator, type Simulator } from "../../simulator/index";
import { SUCCESSFUL_STEPS, wholeChat, type WholeChat } from "../browser/support/whole-chat";
import { SHIPPED_BUNDLE } from "../support/paths";

const BUNDLE = SHIPPED_BUNDLE;

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "environments-"));
  simulator = await startSimulator();
  simulator.setView("view", { Id: "view", Name: "View" });
});

afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const chat = (): WholeChat => ({ endpoint: simulator.url, viewToken: "view", disableCSM: true });

/** Runs a script in a new Node process. Resolves with the exit code and the output after the process has exited. */
function node(file: string, script: string): Promise<{ code: number | null; out: string; error: string }> {
  const path = join(folder, file);
  writeFileSync(path, script);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let error = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
    child.on("close", (code) => resolve({ code, out, error }));
  });
}

const WS = JSON.stringify(require.resolve("ws"));
const LIBRARY = JSON.stringify(BUNDLE);
const REPORT = `
  const before = Object.getOwnPropertyNames(globalThis);
  const report = (library) => console.log(JSON.stringify({
    window: typeof window,
    same: library.ChatSession === connect.ChatSession,
    added: Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name)),
  }));
`;

describe("Node", () => {
  test.each([
    ["require", "require.cjs", `${REPORT} report(require(${LIBRARY}));`],
    ["import", "import.mjs", `${REPORT} report((await import(${LIBRARY})).default);`],
  ])(
    "loads the bundle with %s without errors, and the bundle doesn't keep the process alive",
    async (_, file, script) => {
      const { code, out, error } = await node(file, script);
      expect({ code, error }).toEqual({ code: 0, error: "" });
      expect(JSON.parse(out)).toEqual({ window: "undefined", same: true, added: ["connect"] });
    },
  );

  test("runs a complete chat with a supplied WebSocket, reconnects after a drop, and then exits", async () => {
    const { code, out, error } = await node(
      "chat.cjs",
      `globalThis.WebSocket = require(${WS}).WebSocket;
      require(${LIBRARY});
      (${wholeChat.toString()})(${JSON.stringify(chat())}).then((events) => console.log(JSON.stringify(events)));`,
    );
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(JSON.parse(out)).toEqual(SUCCESSFUL_STEPS);
  }, 30_000);

  test("logs the reason if there's no WebSocket, and supports calls over HTTPS without a socket", async () => {
    const { code, out, error } = await node(
      "no-socket.cjs",
      `delete globalThis.WebSocket;
      const { ChatSession } = require(${LIBRARY});
      const lines = [];
      const record = (line) => lines.push(line);
      const customizedLogger = { debug: record, info: record, warn: record, error: record };
      (async () => {
        const endpoint = ${JSON.stringify(simulator.url)};
        const response = await fetch(endpoint + "/start-chat", { method: "POST", body: "{}" });
        ChatSession.setGlobalConfig({ endpoint, loggerConfig: { customizedLogger } });
        const session = ChatSession.create({ type: "CUSTOMER", chatDetails: await response.json(), disableCSM: true });
        const broken = new Promise((resolve) => session.onConnectionBroken(resolve));
        await session.connect();
        await broken;
        const { data } = await session.sendMessage({ message: "hello", contentType: "text/plain" });
        session.dispose();
        console.log(JSON.stringify({ sent: typeof data.Id, logged: lines.some((line) => line.includes("WebSocket is not defined")) }));
      })();`,
    );
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(JSON.parse(out)).toEqual({ sent: "string", logged: true });
  }, 30_000);

  test("doesn't crash when a `ws` socket is abandoned before it opens", async () => {
    const { code, error } = await node(
      "never-open.cjs",
      `const silent = require("node:net").createServer().listen(0, "127.0.0.1");
      const { WebSocket } = require(${WS});
      let opened = 0;
      globalThis.WebSocket = class extends WebSocket {
        constructor() {
          super("ws://127.0.0.1:" + silent.address().port);
          opened += 1;
          // The library has abandoned the first socket.
          if (opened === 2) process.exit(0);
        }
      };
      // Timers run 100 times faster.
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (callback, delayMs, ...rest) => setTimeout(callback, delayMs / 100, ...rest);
      const { ChatSession } = require(${LIBRARY});
      (async () => {
        const endpoint = ${JSON.stringify(simulator.url)};
        const response = await fetch(endpoint + "/start-chat", { method: "POST", body: "{}" });
        ChatSession.setGlobalConfig({ endpoint });
        await ChatSession.create({ type: "CUSTOMER", chatDetails: await response.json(), disableCSM: true }).connect();
      })();`,
    );
    expect({ code, error }).toEqual({ code: 0, error: "" });
  }, 30_000);
});

describe("REL-44: an environment like React Native", () => {
  /** A socket like React Native's. Its events are plain objects, and its close event may lack a code. */
  class NativeSocket {
    readonly #socket: WebSocket;
    onopen: ((event: object) => void) | null = null;
    onmessage: ((event: object) => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    onclose: ((event: object) => void) | null = null;

    constructor(url: string) {
      this.#socket = new WebSocket(url);
      this.#socket.on("open", () => this.onopen?.({}));
      this.#socket.on("message", (data: Buffer) => this.onmessage?.({ data: data.toString() }));
      this.#socket.on("error", ({ message }) => this.onerror?.({ message }));
      this.#socket.on("close", (code: number) => this.onclose?.({ code }));
    }

    get readyState(): number {
      return this.#socket.readyState;
    }
    send(data: string): void {
      this.#socket.send(data);
    }
    close(code?: number, reason?: string): void {
      this.#socket.close(code, reason);
    }
  }

  /** A request like React Native's. It reports upload progress but doesn't support streams. */
  class NativeRequest {
    readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
    readonly #headers: Record<string, string> = {};
    #target = { method: "", url: "" };
    status = 0;
    responseText = "";
    onload?: () => void;
    onerror?: () => void;

    open(method: string, url: string): void {
      this.#target = { method, url };
    }
    setRequestHeader(name: string, value: string): void {
      this.#headers[name] = value;
    }
    abort(): void {
      this.onerror?.();
    }
    send(body: Blob): void {
      const { method, url } = this.#target;
      fetch(url, { method, headers: this.#headers, body }).then(
        async (response) => {
          this.upload.onprogress?.({ loaded: body.size });
          this.status = response.status;
          this.responseText = await response.text();
          this.onload?.();
        },
        () => this.onerror?.(),
      );
    }
  }

  /** Creates a context with React Native's globals, but without the globals that only browsers have. */
  function reactNative(): Record<string, unknown> {
    const context: Record<string, unknown> = {
      fetch: (url: string, init: RequestInit) => fetch(url, init),
      WebSocket: NativeSocket,
      XMLHttpRequest: NativeRequest,
      Headers,
      Response,
      Blob,
      AbortController: class {
        readonly #controller = new AbortController();
        get signal(): AbortSignal {
          return this.#controller.signal;
        }
        // React Native's abort() doesn't accept a reason.
        abort(): void {
          this.#controller.abort();
        }
      },
      setTimeout,
      clearTimeout,
      console: {},
      navigator: { product: "ReactNative" },
    };
    context["window"] = context["global"] = context["self"] = context;
    createContext(context);
    runInContext("delete globalThis.SharedArrayBuffer; delete globalThis.WebAssembly;", context);
    return context;
  }

  test("runs a complete chat and reconnects after a drop", async () => {
    const context = reactNative();
    const before = Object.keys(context);
    runInContext(readFileSync(BUNDLE, "utf8"), context);
    expect(Object.keys(context).filter((name) => !before.includes(name))).toEqual(["connect"]);
    const emitted: unknown = await runInContext(
      `(${wholeChat.toString()})(${JSON.stringify(chat())})`,
      context,
    );
    expect([...(emitted as string[])]).toEqual(SUCCESSFUL_STEPS);
  }, 30_000);

  test("accepts an isNetworkOnline function whose promise resolves or never settles", async () => {
    for (const isNetworkOnline of ["async () => true", "() => new Promise(() => undefined)"]) {
      const context = reactNative();
      runInContext(readFileSync(BUNDLE, "utf8"), context);
      runInContext(
        `connect.ChatSession.setGlobalConfig({ webSocketManagerConfig: { isNetworkOnline: ${isNetworkOnline} } });`,
        context,
      );
      const emitted: unknown = await runInContext(
        `(${wholeChat.toString()})(${JSON.stringify(chat())})`,
        context,
      );
      expect([...(emitted as string[])]).toEqual(SUCCESSFUL_STEPS);
    }
  }, 30_000);

  test("reports upload progress", async () => {
    const context = reactNative();
    runInContext(readFileSync(BUNDLE, "utf8"), context);
    const { url: endpoint } = simulator;
    Object.assign(context, { endpoint, chatDetails: simulator.startChat(), progress: [] });
    await runInContext(
      `(async () => {
        const { ChatSession } = connect;
        ChatSession.setGlobalConfig({ endpoint });
        const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
        await session.connect();
        const attachment = Object.assign(new Blob(["0123456789"], { type: "text/plain" }), { name: "a.txt" });
        await session.sendAttachment({ attachment, onProgress: (each) => progress.push({ ...each }) });
        session.dispose();
      })()`,
      context,
    );
    expect(JSON.parse(JSON.stringify(context["progress"]))).toEqual([
      { loadedBytes: 10, totalBytes: 10 },
      { loadedBytes: 10, totalBytes: 10 },
    ]);
  });
});
