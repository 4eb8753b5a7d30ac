// A browser of our own, started with a new profile and spoken to over a socket: calls by id.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";

const START_WITHIN_MS = 60_000;

export class Protocol {
  #socket;
  #lastId = 0;
  #waiting = new Map();

  constructor(socket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const { id, result, error, message } = JSON.parse(data);
      const waiting = this.#waiting.get(id);
      if (!waiting) return;
      this.#waiting.delete(id);
      if (error) waiting.reject(new Error(`${waiting.method}: ${message ?? error.message}`));
      else waiting.resolve(result);
    });
    socket.on("close", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("The browser is gone."));
      this.#waiting.clear();
    });
  }

  send(method, params = {}, sessionId = undefined) {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  close() {
    this.#socket.close();
  }
}

/**
 * Starts `program`, which writes the address that it listens on to its standard error.
 * `argsFor(profile)` is given the new profile's folder, `listening` finds the address in what was written.
 */
export async function startProgram(program, argsFor, listening, path = "") {
  const profile = mkdtempSync(join(tmpdir(), "bench-profile-"));
  const child = spawn(program, argsFor(profile), { stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    let told = "";
    const timer = setTimeout(() => reject(new Error(`${program} did not start.`)), START_WITHIN_MS);
    child.stderr.on("data", (data) => {
      told += data;
      const found = listening.exec(told)?.[1];
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
    /** `close` is the protocol's own word for the end of the browser. */
    async end(close) {
      await protocol.send(close).catch(() => undefined);
      await gone;
      protocol.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
