import { chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { TLSSocket } from "node:tls";
import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import { selfSigned } from "../../simulator/certificate";
import { ROOT } from "./support/application";
import { installProgram } from "./support/installed-program";
import { PageCustomer, post } from "./support/page-calls";
import type { Program } from "./support/program";

/** Each flag of `connect-chat-simulator`, run from the installed package. `--state` has its own file. */

jest.setTimeout(60_000);

const installed = installProgram();
const listen = (...args: readonly string[]): Promise<{ program: Program; url: string }> =>
  installed.current.listen(args);

/** Starts the program with arguments that it rejects, and returns its message, which must have no stack trace. */
async function refusalOf(...args: readonly string[]): Promise<string> {
  const program = installed.current.start(args);
  expect(await program.ended).toBe(1);
  expect(program.output).not.toContain("    at ");
  return program.output.replace(/\nTry: connect-chat-simulator --help\n$/, "").trimEnd();
}

const write = (name: string, text: string): void => installed.current.application.write(name, text);
const statusOf = async (url: string): Promise<unknown> => (await fetch(`${url}/_control/status`)).json();

describe("--host", () => {
  test("makes the program listen only on the address", async () => {
    const { url } = await listen("--host", "127.0.0.2");
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
    expect((await fetch(url)).status).toBe(200);
    await expect(fetch(url.replace("127.0.0.2", "127.0.0.1"))).rejects.toThrow();
  });

  test("0.0.0.0 makes the program listen on all addresses, and print localhost as its address", async () => {
    const { url } = await listen("--host=0.0.0.0");
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    for (const host of ["127.0.0.1", "127.0.0.2"])
      expect((await fetch(url.replace("localhost", host))).status).toBe(200);
  });

  test.each(["203.0.113.1", "no-such-host.invalid"])(
    "%s is rejected, because it isn't an address of this machine",
    async (host) => {
      expect(await refusalOf("--host", host, "--port", "0")).toBe(
        `--host must be an address of this machine, such as 127.0.0.1 or 0.0.0.0; got "${host}".`,
      );
    },
  );
});

/** Gets a page over HTTPS. */
const getSecurely = (url: string, ca: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

describe("--https, --cert and --key", () => {
  const certificate = selfSigned(["localhost"], Date.now());
  beforeAll(() => {
    write("cert.pem", certificate.cert);
    write("key.pem", certificate.key);
    write("other-key.pem", selfSigned(["localhost"], Date.now()).key);
    write("notes.txt", "notes");
  });

  test("--https serves HTTPS with a self-signed certificate for localhost", async () => {
    const { program, url } = await listen("--https");
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    await program.prints(/The certificate is self-signed/);
    const names = await new Promise<string | undefined>((resolve, reject) => {
      request(url, { rejectUnauthorized: false, agent: false }, (response) => {
        response.resume();
        const { socket } = response;
        resolve(socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subjectAltName : undefined);
      })
        .on("error", reject)
        .end();
    });
    expect(names).toContain("DNS:localhost, DNS:*.localhost, IP Address:127.0.0.1");
    // A page over HTTP isn't served on the same port.
    await expect(fetch(url.replace("https", "http"))).rejects.toThrow();
  });

  test.each([
    ["with --https", ["--https"]],
    ["without --https", []],
  ])("--cert and --key %s serve HTTPS with the configured certificate", async (_, httpsFlag) => {
    const { program, url } = await listen("--cert", "cert.pem", "--key", "key.pem", ...httpsFlag);
    expect(await getSecurely(url, certificate.cert)).toBe(200);
    expect(program.output).not.toContain("self-signed");
  });

  test.each([
    [
      "--cert alone",
      ["--cert", "cert.pem"],
      /^--cert needs the certificate's private key: add --key FILE\.$/,
    ],
    ["--key alone", ["--key", "key.pem"], /^--key needs the certificate it belongs to: add --cert FILE\.$/],
    [
      "a missing file",
      ["--cert", "none.pem", "--key", "key.pem"],
      /^--cert can't be read: none\.pem: no such file or directory\.$/,
    ],
    [
      "a file that isn't a certificate",
      ["--cert", "notes.txt", "--key", "key.pem"],
      /^The certificate notes\.txt must be in PEM format \(--cert\): .*\.$/,
    ],
    [
      "a file that isn't a key",
      ["--cert", "cert.pem", "--key", "notes.txt"],
      /^The private key notes\.txt must be in PEM format, without a passphrase \(--key\): .*\.$/,
    ],
    [
      "another certificate's key",
      ["--cert", "cert.pem", "--key", "other-key.pem"],
      /^The private key other-key\.pem doesn't belong to the certificate cert\.pem\.$/,
    ],
  ])("%s is rejected", async (_, args, expected) => {
    expect(await refusalOf("--port", "0", ...args)).toMatch(expected);
  });
});

describe("--bot", () => {
  test("echo repeats the customer's messages", async () => {
    const { url } = await listen("--bot", "echo");
    const customer = await PageCustomer.start(url);
    await customer.say("Hello");
    await customer.reads("You said: Hello");
    expect(await statusOf(url)).toMatchObject({ bot: "echo" });
  });

  test.each([
    [
      "CommonJS",
      "bot.cjs",
      "module.exports = (contact) => contact.onMessage(() => contact.say('From a bot'));",
    ],
    ["ES", "bot.mjs", "export default (contact) => contact.onMessage(() => contact.say('From a bot'));"],
    [
      "compiled ES",
      "compiled.cjs",
      "exports.__esModule = true; exports.default = (contact) => contact.onMessage(() => contact.say('From a bot'));",
    ],
  ])("a file, as a module in the %s format, plays the other side", async (_, name, text) => {
    write(name, text);
    const { url } = await listen("--bot", name);
    const customer = await PageCustomer.start(url);
    await customer.say("Hello");
    await customer.reads("From a bot");
    expect(await statusOf(url)).toMatchObject({ bot: "script" });
  });

  test("a bot that throws is reported, and the program continues", async () => {
    write(
      "throws.cjs",
      "module.exports = (contact) => contact.onMessage(() => { throw new Error('Not today'); });",
    );
    const { program, url } = await listen("--bot", "throws.cjs");
    const customer = await PageCustomer.start(url);
    await customer.say("Hello");
    await program.prints(/The bot throws\.cjs threw: Error: Not today/);
    expect(await customer.texts()).toEqual(["Hello"]);
  });

  test.each([
    ["throws", "throw new Error('Not today');"],
    ["rejects", "return Promise.reject(new Error('Not today'));"],
    ["throws in a timer", "setTimeout(() => { throw new Error('Not today'); });"],
  ])(
    "a bot that %s for a new or a restored chat is reported, and the program serves the chat",
    async (_, code) => {
      write("throws.cjs", `module.exports = (contact) => { ${code} };`);
      const args = ["--bot", "throws.cjs", "--state", `${code.length}.json`];
      const first = await listen(...args);
      const customer = await PageCustomer.start(first.url);
      await first.program.prints(/The bot throws\.cjs threw: Error: Not today/);
      await customer.say("Hello");
      expect(await first.program.interrupt()).toBe(0);
      const second = await listen(...args);
      await second.program.prints(/The bot throws\.cjs threw: Error: Not today/);
      expect(await customer.at(second.url).texts()).toEqual(["Hello"]);
    },
  );

  test("an error that isn't the bot's ends the program with exit code 1, isn't called the bot's, and saves the chats", async () => {
    write("fatal.js", "exports.fail = () => setTimeout(() => { throw new Error('Fatal'); });");
    write("bot.cjs", "module.exports = (contact) => contact.onMessage(() => require('./fatal.js').fail());");
    const args = ["--bot", "bot.cjs", "--state", "fatal.json"];
    const { program, url } = await listen(...args);
    const customer = await PageCustomer.start(url);
    await customer.say("Hello");
    expect(await program.ended).toBe(1);
    expect(program.output).toMatch(/The simulator ends because of an error: Error: Fatal/);
    expect(program.output).not.toContain("The bot");
    const second = await listen(...args);
    expect(await customer.at(second.url).texts()).toEqual(["Hello"]);
  });

  test("a port in use ends the program with exit code 1, even with a bot", async () => {
    write("bot.cjs", "module.exports = () => undefined;");
    const { url } = await listen("--bot", "bot.cjs");
    expect(await refusalOf("--port", new URL(url).port, "--bot", "bot.cjs")).toMatch(
      /^Port \d+ is in use\. /,
    );
  });

  test.each([
    ["a missing file", "none.cjs", null, /^--bot can't be loaded: none\.cjs: .*none\.cjs.*\.$/],
    [
      "a file with an error",
      "broken.cjs",
      "module.exports = (",
      /^--bot can't be loaded: broken\.cjs: .+\.$/,
    ],
    [
      "a module without a function",
      "empty.mjs",
      "export const bot = () => {};",
      /^--bot needs a module whose default export is a function of a contact; empty\.mjs has none\.$/,
    ],
  ])("%s is rejected", async (_, name, text, expected) => {
    if (text !== null) write(name, text);
    expect(await refusalOf("--port", "0", "--bot", name)).toMatch(expected);
  });
});

describe("--latency and --transcript-lag", () => {
  test("--latency delays calls but not page loads", async () => {
    const { url } = await listen("--latency", "600000");
    const { ParticipantToken } = (await post(`${url}/start-chat`, {})) as Record<string, string>;
    const abort = new AbortController();
    const call = post(
      `${url}/participant/connection`,
      { Type: ["CONNECTION_CREDENTIALS"] },
      ParticipantToken,
      abort.signal,
    );
    const outcome = expect(call).rejects.toThrow("aborted");
    expect((await fetch(url)).status).toBe(200);
    expect(await statusOf(url)).toMatchObject({ latencyMs: 600_000 });
    abort.abort();
    await outcome;
  });

  test("--transcript-lag hides new items from GetTranscript", async () => {
    const { url } = await listen("--transcript-lag=600000");
    const customer = await PageCustomer.start(url);
    await customer.say("Hello");
    expect(await customer.texts()).toEqual([]);
    expect(await statusOf(url)).toMatchObject({ transcriptLagMs: 600_000 });
  });
});

test("--seed sets the faults' seed", async () => {
  const { url } = await listen("--seed", "42");
  expect(await statusOf(url)).toMatchObject({ seed: 42 });
});

test.each([
  ["1000", 1000],
  ["1kb", 1024],
  ["1.5 MB", 1_572_864],
])("--max-attachment %s allows attachments of up to %i bytes", async (size, bytes) => {
  const { url } = await listen("--max-attachment", size);
  const customer = await PageCustomer.start(url);
  const upload = (AttachmentSizeInBytes: number): Promise<unknown> =>
    customer.call("start-attachment-upload", {
      AttachmentName: "a.txt",
      ContentType: "text/plain",
      AttachmentSizeInBytes,
    });
  expect(await upload(bytes)).toHaveProperty("AttachmentId");
  await expect(upload(bytes + 1)).rejects.toThrow("400");
});

test("two --allow-origin options let pages from only these origins use the control API", async () => {
  const { url } = await listen(
    "--allow-origin",
    "https://One.test",
    "--allow-origin",
    "http://two.test:3000/",
  );
  const statusFor = async (origin: string): Promise<number> =>
    (await fetch(`${url}/_control/status`, { headers: { origin } })).status;
  expect(await statusFor("https://one.test")).toBe(200);
  expect(await statusFor("http://two.test:3000")).toBe(200);
  expect(await statusFor(url)).toBe(200);
  expect(await statusFor("https://other.test")).toBe(403);
});

/** Creates a folder that contains only Node and, if there is a `script`, a program `xdg-open` that runs it. */
function browserFolder(name: string, script: string | null): string {
  const folder = installed.current.application.path(name);
  write(`${name}/empty`, "");
  symlinkSync(process.execPath, path.join(folder, "node"));
  if (script === null) return folder;
  writeFileSync(path.join(folder, "xdg-open"), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, "xdg-open"), 0o755);
  return folder;
}

(process.platform === "linux" ? describe : describe.skip)("--open", () => {
  test("opens the panel in the browser", async () => {
    const opened = installed.current.application.path("opened");
    const folder = browserFolder(
      "browser",
      `echo "$1" > "${opened}.part"; /bin/mv "${opened}.part" "${opened}"`,
    );
    const { url } = await installed.current.listen(["--open"], { PATH: folder });
    while (!existsSync(opened)) await new Promise((resolve) => setImmediate(resolve));
    expect(readFileSync(opened, "utf8")).toBe(`${url}/_panel/\n`);
  });

  test.each([
    ["there is no browser", "no-browser", null],
    ["the browser fails", "failing-browser", "exit 3"],
  ])("reports it and continues if %s", async (_, name, script) => {
    const folder = browserFolder(name, script);
    const { program, url } = await installed.current.listen(["--open"], { PATH: folder });
    const message = await program.prints(/No browser could be opened\. Open the panel yourself: \S+/);
    expect(message).toMatch(`${url}/_panel/`);
    expect((await fetch(url)).status).toBe(200);
  });
});

test("--quiet prints nothing", async () => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, "127.0.0.1", resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const program = installed.current.start(["--quiet", "--port", String(port)]);
  let status = 0;
  while (status === 0)
    status = await fetch(`http://127.0.0.1:${port}`).then(
      (response) => response.status,
      () => 0,
    );
  expect(status).toBe(200);
  expect(await program.stop("SIGTERM")).toBe(0);
  expect(program.output).toBe("");
});

test("--verbose prints a line for each request, without tokens", async () => {
  const { program, url } = await listen("--verbose");
  const customer = await PageCustomer.start(url);
  await customer.say("A secret");
  await fetch(`${url}/nothing?token=secret`);
  await program.prints(/GET \/nothing/);
  const lines = program.output.split("\n").filter((line) => /^\d\d:/.test(line));
  expect(lines.map((line) => line.replace(/^[\d:.]{12} /, "").replace(/\d+ ms$/, "N ms"))).toEqual([
    "POST /start-chat 200 N ms",
    "POST /participant/connection 200 N ms",
    "POST /participant/message 200 N ms",
    "GET /nothing 404 N ms",
  ]);
  expect(program.output).not.toContain("secret");
});

test("--version prints the package's version without starting the simulator", async () => {
  const program = installed.current.start(["--version"]);
  expect(await program.ended).toBe(0);
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  expect(program.output).toBe(`${version}\n`);
});

test.each([
  [["--latency", "soon"], '--latency must be a whole number from 0 to 600000; got "soon".'],
  [["--latency", "-5"], '--latency must be a whole number from 0 to 600000; got "-5".'],
  [["--port", "-1"], '--port must be a number from 0 (any free port) to 65535; got "-1".'],
  [["-p", "-1"], '--port must be a number from 0 (any free port) to 65535; got "-1".'],
  [["--port=-1"], '--port must be a number from 0 (any free port) to 65535; got "-1".'],
  [
    ["--state", "--quiet"],
    "--state needs a value, but --quiet follows it. If --quiet is the value, write --state=--quiet",
  ],
  [["--latency", "1.5"], '--latency must be a whole number from 0 to 600000; got "1.5".'],
  [["--transcript-lag", "600001"], '--transcript-lag must be a whole number from 0 to 600000; got "600001".'],
  [["--seed", "x"], '--seed must be a whole number from 0 to 4294967295; got "x".'],
  [["--bot", ""], "--bot must be echo or a file; got an empty text."],
  [["--host", ""], "--host must be a host name or an IP address; got an empty text."],
  [["--state", " "], "--state must be a file; got an empty text."],
  [["--max-attachment", "0"], '--max-attachment must be a size from 1 byte to 100mb, such as 50mb; got "0".'],
  [
    ["--max-attachment", "101mb"],
    '--max-attachment must be a size from 1 byte to 100mb, such as 50mb; got "101mb".',
  ],
  [
    ["--max-attachment", "big"],
    '--max-attachment must be a size from 1 byte to 100mb, such as 50mb; got "big".',
  ],
  [["--allow-origin", "*"], '--allow-origin must be an origin, such as http://localhost:3000; got "*".'],
  [
    ["--allow-origin", "http://one.test/page"],
    '--allow-origin must be an origin, such as http://localhost:3000; got "http://one.test/page".',
  ],
  [["--quiet", "--verbose"], "--quiet and --verbose exclude each other: pass one of them."],
  [["--port"], "Option '-p, --port <value>' argument missing."],
  [["--https=yes"], "Option '--https' does not take an argument."],
  [["extra"], "Unexpected argument 'extra'."],
  [["--prot"], "Unknown option '--prot'."],
])("%j is rejected with the message: %s", async (args, expected) => {
  expect(await refusalOf(...args)).toBe(expected);
});
