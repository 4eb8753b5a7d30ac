import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request to the fake telemetry service. */
export interface Post {
  readonly host: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * A fake telemetry service, which is a local HTTPS server. A browser started with `flags` sends all telemetry requests
 * to it, including those from shared workers, which a page can't intercept. The browser can't reach other hosts.
 */
export interface Telemetry {
  readonly posts: readonly Post[];
  readonly flags: readonly string[];
  /** Resolves when `count` requests have arrived. */
  untilPosts(count: number): Promise<void>;
  clear(): void;
  close(): Promise<void>;
}

/** `pages` are files to serve by path, for a page on the service's own site. */
export async function startTelemetry(pages: Readonly<Record<string, string>> = {}): Promise<Telemetry> {
  const posts: Post[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer(selfSigned(), (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, headers, url = "" } = request;
      if (method === "POST") {
        posts.push({ host: headers.host ?? "", path: url, headers, body: Buffer.concat(chunks).toString() });
        for (const resume of waiting.splice(0)) resume();
      }
      response.writeHead(200, {
        "access-control-allow-origin": headers.origin ?? "*",
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": headers["access-control-request-headers"] ?? "*",
        "access-control-allow-methods": "POST",
        "content-type": url.endsWith(".js") ? "text/javascript" : "text/html",
      });
      response.end(pages[url] ?? "{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    posts,
    flags: [
      `--host-resolver-rules=MAP *.telemetry.connect.us-west-2.amazonaws.com:443 127.0.0.1:${port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`,
      "--ignore-certificate-errors",
    ],
    async untilPosts(count) {
      while (posts.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    clear: () => void posts.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

// --- a self-signed certificate, generated each time because the repository must not contain a key -------------------

const der = (tag: number, ...contents: Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
};
const sequence = (...contents: Uint8Array[]): Buffer => der(0x30, ...contents);
const ECDSA_WITH_SHA256 = sequence(der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
const COMMON_NAME = der(0x06, Buffer.from("550403", "hex"));

function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from("telemetry.test")))));
  const time = (text: string): Buffer => der(0x17, Buffer.from(text));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ECDSA_WITH_SHA256,
    name,
    sequence(time("200101000000Z"), time("490101000000Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(0x03, Buffer.of(0), sign("sha256", toBeSigned, privateKey));
  const base64 = sequence(toBeSigned, ECDSA_WITH_SHA256, signature).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
  };
}
