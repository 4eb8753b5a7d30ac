// Starts a browser with a new profile and controls it over a WebSocket, with calls matched to responses by ID.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";

const START_WITHIN_MS = 60_000;

export class Protocol {
  #socket;
  #lastId = 0;
  #pending = new Map();

  constructor(socket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const { id, result, error, message } = JSON.parse(data);
      const pending = this.#pending.get(id);
      if (!pending) return;
      this.#pending.delete(id);
      if (error) pending.reject(new Error(`${pending.method}: ${message ?? error.message}`));
      else pending.resolve(result);
    });
    socket.on("close", () => {
      for (const { reject } of this.#pending.values())
        reject(new Error("The browser closed the connection."));
      this.#pending.clear();
    });
  }

  send(method, params = {}, sessionId = undefined) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { method, resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  close() {
    this.#socket.close();
  }
}

/**
 * Starts `program`, which must print its address to standard error. `argsFor(profile)` returns the arguments for a new
 * profile's folder. The first group of the pattern `listening` captures the address.
 */
export async function startProgram(program, argsFor, listening, path = "") {
  const profile = mkdtempSync(join(tmpdir(), "bench-profile-"));
  const child = spawn(program, argsFor(profile), { stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    let output = "";
    const timer = setTimeout(
      () => reject(new Error(`${program} didn't start within ${START_WITHIN_MS} ms.`)),
      START_WITHIN_MS,
    );
    child.stderr.on("data", (data) => {
      output += data;
      const found = listening.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    child.once("error", reject);
  });
  const socket = new WebSocket(`${address}${path}`, { maxPayload: 0 });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const protocol = new Protocol(socket);
  return {
    protocol,
    /** Closes the browser with the protocol's method `close`. */
    async end(close) {
      await protocol.send(close).catch(() => undefined);
      await exited;
      protocol.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
