/** CORS, the routes for pages without a backend, and static files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { part, simulateChat } from "./support/simulated-chat";

const folder = mkdtempSync(path.join(tmpdir(), "served-"));
const chat = simulateChat({
  serveFiles: {
    "/": path.join(folder, "public"),
    "/lib": path.join(folder, "library"),
    "/lib/single.js": path.join(folder, "elsewhere.js"),
    "/_panel": path.join(folder, "public"),
  },
});

const PUBLIC = {
  "index.html": "text/html; charset=utf-8",
  "page.css": "text/css; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "page.mjs": "text/javascript; charset=utf-8",
  "data.json": "application/json",
  "page.js.map": "application/json",
  "a name.txt": "text/plain; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "icon.png": "image/png",
  "icon.ico": "image/x-icon",
  "unknown.bin": "application/octet-stream",
  // cspell:ignore noextension fsecret csecret fpublic
  noextension: "application/octet-stream",
} as const;

beforeAll(() => {
  mkdirSync(path.join(folder, "public/below"), { recursive: true });
  mkdirSync(path.join(folder, "public/empty"));
  mkdirSync(path.join(folder, "public-too"));
  mkdirSync(path.join(folder, "library"));
  for (const name of Object.keys(PUBLIC)) writeFileSync(path.join(folder, "public", name), `this is ${name}`);
  writeFileSync(path.join(folder, "public/below/index.html"), "this is below");
  writeFileSync(path.join(folder, "library/a.js"), "this is the library");
  writeFileSync(path.join(folder, "elsewhere.js"), "this is from elsewhere");
  writeFileSync(path.join(folder, "secret.txt"), "secret");
  writeFileSync(path.join(folder, "public-too/secret.txt"), "secret");
});

afterAll(() => rmSync(folder, { recursive: true }));

const fetchFrom = (route: string, init?: RequestInit): Promise<Response> =>
  fetch(chat.simulator.url + route, init);

/** Sends an unmodified path, which clients like fetch would normalize. */
const statusOfRaw = (rawPath: string): Promise<{ status: number | undefined; body: string }> =>
  new Promise((resolve, reject) => {
    request({ port: chat.simulator.port, path: rawPath }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode, body }));
    })
      .on("error", reject)
      .end();
  });

describe("CORS", () => {
  const preflight = (route: string, method: string, headers: string): Promise<Response> =>
    fetchFrom(route, {
      method: "OPTIONS",
      headers: {
        origin: "https://page.test",
        "access-control-request-method": method,
        "access-control-request-headers": headers,
      },
    });

  const allowed = ({ status, headers }: Response): object => ({
    status,
    origin: headers.get("access-control-allow-origin"),
    methods: headers.get("access-control-allow-methods"),
    headers: headers.get("access-control-allow-headers"),
    credentials: headers.get("access-control-allow-credentials"),
  });

  test.each(["/participant/message", "/participant/views/x", "/start-chat", "/agent/connection-token"])(
    "a preflight for %s returns the service's own lists, no matter which headers the preflight requests",
    async (route) => {
      for (const requested of ["content-type", "authorization,x-amz-date,amz-sdk-request"]) {
        expect(allowed(await preflight(route, "POST", requested))).toEqual({
          status: 204,
          origin: "*",
          methods: "GET,POST",
          headers: "authorization,content-type,x-amz-bearer,x-amz-content-sha256,x-amz-date,x-amz-user-agent",
          credentials: null,
        });
      }
    },
  );

  test("the storage allows only an upload's methods and headers, not the bearer token's header", async () => {
    expect(allowed(await preflight("/storage/x", "PUT", "x-amz-bearer"))).toEqual({
      status: 204,
      origin: "*",
      methods: "GET,PUT",
      headers: "content-type,content-disposition,x-amz-acl",
      credentials: null,
    });
  });

  test("pages can read all responses, including errors, but the error type is the only header that they can read", async () => {
    const { token } = await chat.customer();
    const post = (bearer: string): Promise<Response> =>
      fetchFrom("/participant/transcript", {
        method: "POST",
        headers: { "x-amz-bearer": bearer },
        body: "{}",
      });
    const responses = [await post(token), await post("wrong"), await fetchFrom("/storage/x")];
    expect(responses.map(({ status }) => status)).toEqual([200, 403, 403]);
    for (const { headers } of responses) {
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("access-control-expose-headers")).toBe("x-amzn-errortype");
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test("a preflight for an unknown path gets a 404", async () => {
    expect((await preflight("/nothing", "POST", "content-type")).status).toBe(404);
  });
});

describe("routes for pages without a backend", () => {
  test("start a chat, add an agent, and return the agent's connection tokens", async () => {
    const { body: started } = await chat.call("/start-chat", "", {
      ParticipantDetails: { DisplayName: "Alex" },
    });
    expect(Object.keys(started)).toEqual(["ContactId", "ParticipantId", "ParticipantToken"]);
    const contactId = String(started["ContactId"]);
    const { body: agent } = await chat.call("/join-agent", "", { ContactId: contactId, DisplayName: "Sam" });
    expect(agent).toMatchObject({ contactId, initialContactId: contactId, displayName: "Sam" });
    const { body } = await chat.call("/agent/connection-token", String(agent["participantToken"]), {});
    const { participantToken, expiry } = part(body, "chatTokenTransport");
    expect(expiry).toBe(new Date(chat.now + 24 * 3_600_000).toISOString());
    for (const token of [String(participantToken), String(agent["connectionToken"])]) {
      await chat.send({ contactId, participantId: "", participantToken: "", token }, "hello");
    }
    const { transcript } = chat.simulator.contact(contactId);
    expect(transcript.map(({ DisplayName, ParticipantRole }) => [DisplayName, ParticipantRole])).toEqual([
      ["Sam", "AGENT"],
      ["Sam", "AGENT"],
    ]);
  });

  test("reject an unknown or ended contact, and a wrong or outdated token", async () => {
    const customer = await chat.customer();
    const agent = await chat.agent(customer.contactId);
    await chat.agent(customer.contactId);
    const status = async (route: string, token: string, body: object): Promise<number> =>
      (await chat.call(route, token, body)).status;
    expect(await status("/join-agent", "", { ContactId: "none" })).toBe(404);
    expect(await status("/join-agent", "", {})).toBe(404);
    expect(await status("/agent/connection-token", "wrong", {})).toBe(403);
    expect(await status("/agent/connection-token", agent.participantToken, {})).toBe(200);
    await chat.withSocket(customer);
    await chat.leave(agent);
    expect(await status("/agent/connection-token", agent.participantToken, {})).toBe(403);
    expect(await status("/agent/connection-token", customer.participantToken, {})).toBe(200);
    chat.simulator.contact(customer.contactId).end();
    expect(await status("/agent/connection-token", customer.participantToken, {})).toBe(403);
    expect(await status("/join-agent", "", { ContactId: customer.contactId })).toBe(409);
  });

  test("drop sockets", async () => {
    const { customer, agent } = await chat.pair();
    const drop = async (body: object): Promise<unknown> =>
      (await chat.call("/simulator/drop-sockets", "", body)).body;
    expect(await drop({ ParticipantId: customer.participantId })).toEqual({ dropped: 1 });
    await customer.socket.closed;
    expect(await drop({ ContactId: customer.contactId })).toEqual({ dropped: 1 });
    await agent.socket.closed;
  });

  test("accept only POST", async () => {
    expect((await fetchFrom("/start-chat")).status).toBe(404);
  });
});

describe("static files", () => {
  test.each(Object.entries(PUBLIC))(
    "%s is served as %s, and HEAD returns the same headers without a body",
    async (name, type) => {
      const route = `/${encodeURIComponent(name)}?v=1`;
      const response = await fetchFrom(route);
      expect([response.status, await response.text()]).toEqual([200, `this is ${name}`]);
      const head = await fetchFrom(route, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
      for (const { headers } of [response, head]) {
        expect(headers.get("content-type")).toBe(type);
        expect(headers.get("content-length")).toBe(String(`this is ${name}`.length));
      }
    },
  );

  test.each([
    ["/", "this is index.html"],
    ["/below", "this is below"],
    ["/below/", "this is below"],
    ["/lib/a.js", "this is the library"],
    ["/lib/single.js", "this is from elsewhere"],
  ])("the path %s serves the file with the text '%s'", async (route, content) => {
    expect(await (await fetchFrom(route)).text()).toBe(content);
  });

  test.each(["/nothing.html", "/empty", "/lib", "/lib/single.js/more", "/library/a.js", "/index.html/"])(
    "%s gets a 404",
    async (route) => {
      expect((await fetchFrom(route)).status).toBe(404);
      expect((await fetchFrom(route, { method: "HEAD" })).status).toBe(404);
    },
  );

  test.each([
    ["/../secret.txt", 404],
    ["/below/../../secret.txt", 404],
    ["/%2e%2e/secret.txt", 404],
    ["/..%2fsecret.txt", 404],
    ["/..%5csecret.txt", 404],
    ["/%252e%252e/secret.txt", 404],
    ["/lib/..%2fsecret.txt", 404],
    ["/..%2fpublic-too/secret.txt", 404],
    ["/lib/single.js/..%2fsecret.txt", 404],
    ["/index.html%00.txt", 404],
    ["/%", 404],
    ["//secret.txt", 404],
    ["//../secret.txt", 404],
    ["*", 400],
    ["http://page.test/index.html", 400],
  ])("%s, which isn't in a served folder, gets %i", async (rawPath, expected) => {
    const { status, body } = await statusOfRaw(rawPath);
    expect(status).toBe(expected);
    expect(body).not.toBe("secret");
    expect(Object.keys(JSON.parse(body) as object)).toEqual(["message"]);
  });

  test("methods other than GET and HEAD get a 404", async () => {
    expect((await fetchFrom("/index.html", { method: "POST" })).status).toBe(404);
  });
});

describe("headers of served files", () => {
  const headersOf = async (at: string, method = "GET"): Promise<(string | null)[]> => {
    const { headers } = await fetch(chat.simulator.url + at, { method });
    return ["x-content-type-options", "content-security-policy"].map((name) => headers.get(name));
  };

  test("no other site can frame the panel's pages, and browsers don't guess their types", async () => {
    for (const at of ["/_panel/", "/_panel/index.html", "/_panel/page.js"]) {
      expect([at, ...(await headersOf(at))]).toEqual([at, "nosniff", "frame-ancestors 'self'"]);
    }
    expect(await headersOf("/_panel/", "HEAD")).toEqual(["nosniff", "frame-ancestors 'self'"]);
  });

  test("browsers don't guess the types of other files, and other sites can frame them", async () => {
    for (const at of ["/", "/page.css", "/noextension", "/lib/single.js"])
      expect([at, ...(await headersOf(at))]).toEqual([at, "nosniff", null]);
  });
});
