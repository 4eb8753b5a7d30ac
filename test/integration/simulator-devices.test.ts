/** Two devices that use different addresses of one simulator chat with each other through the shipped bundle. */
import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator/index";

/** A report from a device. Each report has exactly one of these fields. */
interface Report {
  readonly connected?: string;
  readonly socket?: string;
  readonly received?: string;
  readonly downloaded?: string;
}

/** A process that runs support/device.js, which uses the shipped bundle at one address. */
class Device {
  readonly reports: Report[] = [];
  readonly #child: ChildProcess;
  #onReport: () => void = () => undefined;

  constructor(certificate: string, ...args: readonly string[]) {
    this.#child = fork(path.join(__dirname, "support/device.js"), args, {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    });
    this.#child.on("message", (report) => {
      this.reports.push(report as Report);
      this.#onReport();
    });
    this.#child.on("exit", () => this.#onReport());
  }

  /** Resolves with the first reported value of a field. Rejects if the device exits first. */
  async until(field: keyof Report): Promise<string> {
    for (;;) {
      const value = this.reports.find((report) => report[field] !== undefined)?.[field];
      if (value !== undefined) return value;
      if (this.#child.exitCode !== null)
        throw new Error(`The device exited before it ${field}: ${JSON.stringify(this.reports)}`);
      await new Promise<void>((resolve) => (this.#onReport = resolve));
    }
  }

  send(command: { readonly say?: string; readonly attach?: string; readonly leave?: boolean }): void {
    this.#child.send(command);
  }

  get exitCode(): Promise<number | null> {
    return new Promise((resolve) => this.#child.once("exit", resolve));
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

describe.each(["http", "https"] as const)("two devices over %s", (scheme) => {
  let folder: string;
  let certificate: string;
  let simulator: Simulator;
  const devices: Device[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "devices-"));
    certificate = path.join(folder, "certificate.pem");
    simulator = await startSimulator({ host: "0.0.0.0", https: scheme === "https" });
    writeFileSync(certificate, simulator.certificate ?? "");
  });
  afterEach(() => {
    for (const device of devices.splice(0)) device.kill();
  });
  afterAll(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  });

  function deviceAt(host: string, ...args: readonly string[]): Device {
    const device = new Device(certificate, `${scheme}://${host}:${simulator.port}`, ...args);
    devices.push(device);
    return device;
  }

  test("a customer at localhost and an agent at 127.0.0.2 exchange messages and a file, each through its own address", async () => {
    const customer = deviceAt("localhost", "CUSTOMER");
    const agent = deviceAt("127.0.0.2", "AGENT", await customer.until("connected"));
    await agent.until("connected");
    const socketScheme = scheme.replace("http", "ws");
    expect(await customer.until("socket")).toBe(`${socketScheme}://localhost:${simulator.port}`);
    expect(await agent.until("socket")).toBe(`${socketScheme}://127.0.0.2:${simulator.port}`);

    customer.send({ say: "Where is my parcel?" });
    expect(await agent.until("received")).toBe("Where is my parcel?");
    agent.send({ attach: "At the depot." });
    expect(await customer.until("received")).toBe("note.txt");
    expect(await customer.until("downloaded")).toBe("At the depot.");

    const left = Promise.all([customer.exitCode, agent.exitCode]);
    customer.send({ leave: true });
    agent.send({ leave: true });
    expect(await left).toEqual([0, 0]);
  });
});
