import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import type { EngineBrowser, EnginePage } from "./engine";
import { findProgram, startProgram, type Program } from "./program";
import { WebDriverPage, WebDriverSession } from "./webdriver";

/** A WebKit port with its driver and the capabilities to start its browser. */
export interface Port {
  readonly driver: string;
  readonly packages: string;
  readonly needsDisplay: boolean;
  /** Whether the port's browser supports several windows. */
  readonly hasWindows: boolean;
  capabilities(): object | undefined;
}

/** Finds MiniBrowser, which is installed next to the WebKit library and isn't on the PATH. */
function findMiniBrowser(): string | undefined {
  const configured = process.env["MINIBROWSER_PATH"];
  if (configured) return configured;
  return ["/usr/lib", "/usr/libexec"]
    .flatMap((folder) => [folder, ...subfolders(folder)])
    .flatMap((folder) => ["webkit2gtk-4.1", "webkitgtk-6.0"].map((name) => `${folder}/${name}/MiniBrowser`))
    .find((file) => existsSync(file));
}

const subfolders = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${folder}/${name}`)
    : [];

/** WebKitGTK, in a window. */
export const WEBKITGTK: Port = {
  driver: "WebKitWebDriver",
  packages: "webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb openbox",
  needsDisplay: true,
  hasWindows: true,
  capabilities() {
    const binary = findMiniBrowser();
    return binary === undefined
      ? undefined
      : { "webkitgtk:browserOptions": { binary, args: ["--automation"] } };
  },
};

/** WPE WebKit, headless. Debian 12's version corresponds to Safari 16.0. */
export const WPE: Port = {
  driver: "WPEWebDriver",
  packages: "wpewebkit-driver cog libwpewebkit-1.1-0",
  needsDisplay: false,
  hasWindows: false,
  capabilities() {
    const binary = findProgram("cog");
    return binary === undefined
      ? undefined
      : { "wpe:browserOptions": { binary, args: ["--automation", "--platform=headless"] } };
  },
};

/**
 * Each open page has its own browser, because a driver supports only one session and a session only one browser. A
 * browser takes a second to start, so pages reuse it in turn. Pages of different tests have different origins.
 */
export class WebKit implements EngineBrowser {
  readonly #port: Port;
  readonly #display: Display | undefined;
  readonly #drivers: Program[] = [];
  readonly #free: WebDriverPage[] = [];

  private constructor(port: Port, display: Display | undefined) {
    this.#port = port;
    this.#display = display;
  }

  static async launch(port: Port): Promise<WebKit> {
    return new WebKit(port, port.needsDisplay ? await Display.start() : undefined);
  }

  async newPage(): Promise<EnginePage> {
    const page = this.#free.pop() ?? (await this.#startBrowser());
    return page.lend((released) => void this.#free.push(released));
  }

  async close(): Promise<void> {
    for (const driver of this.#drivers) await driver.stop();
    await this.#display?.stop();
  }

  async #startBrowser(): Promise<WebDriverPage> {
    const capabilities = this.#port.capabilities();
    const file = findProgram(this.#port.driver);
    if (file === undefined || capabilities === undefined) {
      throw new Error(
        `${this.#port.driver} or its browser was not found. Install them: apt-get install ${this.#port.packages}`,
      );
    }
    const port = await freePort();
    const driver = startProgram(file, [`--port=${port}`], { ...this.#display?.environment });
    this.#drivers.push(driver);
    const session = await WebDriverSession.start(`http://127.0.0.1:${port}`, capabilities);
    if (this.#port.hasWindows) await session.openWindow();
    return new WebDriverPage(session);
  }
}

/** A virtual X server and a window manager. Without them, windows don't get the focus. */
class Display {
  readonly environment: Readonly<Record<string, string>>;
  readonly #programs: readonly Program[];

  private constructor(environment: Readonly<Record<string, string>>, programs: readonly Program[]) {
    this.environment = environment;
    this.#programs = programs;
  }

  static async start(): Promise<Display> {
    const server = startProgram("Xvfb", [
      "-displayfd",
      "1",
      "-screen",
      "0",
      "1280x900x24",
      "-nolisten",
      "tcp",
    ]);
    const DISPLAY = `:${await server.line(/^\d+$/)}`;
    const environment = { DISPLAY, GDK_BACKEND: "x11", LIBGL_ALWAYS_SOFTWARE: "1" };
    return new Display(environment, [startProgram("openbox", [], environment), server]);
  }

  async stop(): Promise<void> {
    for (const program of this.#programs) await program.stop();
  }
}

/** Finds a free port. The drivers don't report which port the system assigned, so they can't choose one themselves. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system did not assign a port.");
  return address.port;
}
