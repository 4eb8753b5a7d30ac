/** The simulator returns URLs at the address that the client used for the request. */
import { request } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { EVENT, part, simulateChat, type Party } from "./support/simulated-chat";

const chat = simulateChat({ host: "0.0.0.0" });

type Headers = Readonly<Record<string, string>>;

/** Calls the service with headers that fetch doesn't let a caller set, such as Host. */
function callWith(headers: Headers, path: string, bearer: string, body: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const { port } = chat.simulator;
    request({ port, path, method: "POST", headers: { ...headers, "x-amz-bearer": bearer } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve(JSON.parse(text)));
    })
      .on("error", reject)
      .end(JSON.stringify(body));
  });
}

const withoutQuery = (url: unknown): string =>
  String(url)
    .replace(/\?.*/, "")
    .replace(/[\da-f-]{36}/, "ID");

/** Returns all URLs in the service's responses to a client that sends these headers. */
async function urlsFor(headers: Headers): Promise<object> {
  const customer = await chat.customer();
  const call = (path: string, body: unknown, { token }: Pick<Party, "token"> = customer): Promise<unknown> =>
    callWith(headers, path, token, body);
  const connection = await call(
    "/participant/connection",
    { Type: ["WEBSOCKET"] },
    { token: customer.participantToken },
  );
  const upload = await call("/participant/start-attachment-upload", {
    AttachmentName: "a.txt",
    ContentType: "text/plain",
    AttachmentSizeInBytes: 1,
    ClientToken: "1",
  });
  const { Url, HeadersToInclude } = part(upload, "UploadMetadata");
  const { pathname, search } = new URL(String(Url));
  const stored = new URL(`${chat.simulator.url}${pathname.slice(pathname.indexOf("/storage/"))}${search}`);
  await fetch(stored, { method: "PUT", headers: { ...(HeadersToInclude as Headers) }, body: "x" });
  const AttachmentId = String(Reflect.get(upload as object, "AttachmentId"));
  await call("/participant/complete-attachment-upload", { AttachmentIds: [AttachmentId], ClientToken: "2" });
  const download = await call("/participant/attachment", { AttachmentId });
  const { sessionId } = chat.simulator.contact(customer.contactId).authentication.initiate();
  const link = await call("/participant/authentication-url", {
    SessionId: sessionId,
    RedirectUri: "https://page.test/",
  });
  return {
    socket: withoutQuery(part(connection, "Websocket")["Url"]),
    upload: withoutQuery(Url),
    download: withoutQuery(Reflect.get(download as object, "Url")),
    link: withoutQuery(Reflect.get(link as object, "AuthenticationUrl")),
  };
}

const urlsBelow = (address: string): object => ({
  socket: `${address.replace(/^http/, "ws")}/socket`,
  upload: `${address}/storage/ID`,
  download: `${address}/storage/ID`,
  link: `${address}/authenticate`,
});

describe("URLs in the service's responses", () => {
  test.each<[string, Headers, string]>([
    ["localhost", { host: "localhost:8080" }, "http://localhost:8080"],
    ["a LAN address", { host: "192.168.1.20:8080" }, "http://192.168.1.20:8080"],
    ["an IPv6 address", { host: "[fd00::1]:8080" }, "http://[fd00::1]:8080"],
    ["the Android emulator's host", { host: "10.0.2.2:8080" }, "http://10.0.2.2:8080"],
    ["a container's name", { host: "chat_emulator:8080" }, "http://chat_emulator:8080"],
    ["a name on port 80", { host: "emulator.test" }, "http://emulator.test"],
    [
      "a TLS proxy that keeps Host",
      { host: "proxy.test", "x-forwarded-proto": "https" },
      "https://proxy.test",
    ],
    [
      "a proxy with another host and a path",
      {
        host: "127.0.0.1:8080",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "proxy.test:8443",
        "x-forwarded-prefix": "/tools/chat/",
      },
      "https://proxy.test:8443/tools/chat",
    ],
    [
      "a chain of proxies",
      {
        host: "127.0.0.1:8080",
        "x-forwarded-proto": "https, http",
        "x-forwarded-host": "outer.test, inner.test",
        "x-forwarded-prefix": "/outer, /inner",
      },
      "https://outer.test/outer",
    ],
    [
      "a proxy that names the socket's scheme",
      { host: "proxy.test", "x-forwarded-proto": "wss" },
      "https://proxy.test",
    ],
    [
      "a proxy that sends the host without its port",
      { host: "127.0.0.1:8080", "x-forwarded-host": "a.test", "x-forwarded-port": "8443" },
      "http://a.test:8443",
    ],
    [
      "a proxy on its scheme's default port",
      {
        ...{ host: "a.test", "x-forwarded-proto": "https" },
        "x-forwarded-port": "443",
      },
      "https://a.test",
    ],
    [
      "a proxy whose forwarded host already has a port",
      { host: "127.0.0.1:8080", "x-forwarded-host": "a.test:9000", "x-forwarded-port": "8443" },
      "http://a.test:9000",
    ],
    [
      "a chain of proxies with the Forwarded header",
      {
        host: "127.0.0.1:8080",
        forwarded: 'for=192.0.2.1; Host="a.test:8443";proto=https, for=10.0.0.1;host=b',
      },
      "https://a.test:8443",
    ],
    [
      "a proxy with an IPv6 address in the Forwarded header",
      { host: "127.0.0.1:8080", forwarded: 'host="[fd00::1]:8443"' },
      "http://[fd00::1]:8443",
    ],
    [
      "a proxy with both kinds of headers",
      { host: "127.0.0.1:8080", forwarded: "host=b.test;proto=https", "x-forwarded-host": "a.test" },
      "https://a.test",
    ],
  ])("begin with the client's address if the client uses %s", async (_, headers, address) => {
    expect(await urlsFor(headers)).toEqual(urlsBelow(address));
  });

  test.each<[string, Headers]>([
    ["a Host with a user name", { host: "localhost:1@evil.test" }],
    ["a Host with a path", { host: "evil.test/x" }],
    ["an X-Forwarded-Host that isn't a host", { "x-forwarded-host": "evil.test/x?" }],
    ["an X-Forwarded-Host with an impossible port", { "x-forwarded-host": "a.test:99999" }],
    ["a Forwarded header whose host is invalid", { forwarded: 'host="evil.test/x"' }],
  ])("begin with the simulator's own address if a request has %s", async (_, headers) => {
    expect(await urlsFor(headers)).toEqual(urlsBelow(chat.simulator.url));
  });

  test.each<[string, Headers]>([
    ["a scheme other than HTTP", { "x-forwarded-proto": "javascript" }],
    ["a prefix that isn't a path", { "x-forwarded-prefix": "//evil.test" }],
    ["a prefix that leads upward", { "x-forwarded-prefix": "/../x" }],
    ["a prefix that leads upward at its end", { "x-forwarded-prefix": "/x/%2E." }],
    ["a Forwarded header that isn't well formed", { forwarded: 'host;;=x;proto="https' }],
    ["an empty header", { "x-forwarded-host": "", "x-forwarded-prefix": "" }],
  ])("ignore %s", async (_, headers) => {
    const host = "localhost:8080";
    expect(await urlsFor({ host, ...headers })).toEqual(urlsBelow(`http://${host}`));
  });

  test.each(["0", "99999", "-1", "8443x"])("ignore the forwarded port %s", async (port) => {
    const urls = await urlsFor({ host: "a.test", "x-forwarded-port": port });
    expect(urls).toEqual(urlsBelow("http://a.test"));
  });

  test("begin with the simulator's own address if a test signs them without a request", async () => {
    const customer = await chat.customer();
    expect(withoutQuery(chat.socketUrl(customer))).toBe(`ws://127.0.0.1:${chat.simulator.port}/socket`);
  });
});

test.each(["127.0.0.1", "127.0.0.2", "localhost"])(
  "D2: if the simulator listens on 0.0.0.0, a client at %s can open a socket at that address",
  async (host) => {
    const { ParticipantToken } = chat.simulator.startChat();
    const address = `http://${host}:${chat.simulator.port}`;
    const response = await fetch(`${address}/participant/connection`, {
      method: "POST",
      headers: { "x-amz-bearer": ParticipantToken },
      body: JSON.stringify({ Type: ["WEBSOCKET"] }),
    });
    const url = String(part(await response.json(), "Websocket")["Url"]);
    expect(new URL(url).host).toBe(new URL(address).host);
    const socket = await chat.subscribe(url);
    expect(socket.items.map(({ ContentType }) => ContentType)).toEqual([`${EVENT}participant.joined`]);
  },
);
