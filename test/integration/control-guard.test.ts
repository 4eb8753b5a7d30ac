/** Only requests with an allowed Origin and Host may use the routes that control the simulator. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
  type SimulatorProblem,
} from "../../simulator/index";

let simulator: Simulator;

async function restart(options: SimulatorOptions): Promise<void> {
  await simulator.close();
  simulator = await startSimulator(options);
}

beforeEach(async () => {
  simulator = await startSimulator({ control: { allowOrigins: ["http://allowed.test:3000"] } });
});

afterEach(() => simulator.close());

interface RawResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends a request with any headers. fetch doesn't let a test set Host and Origin. */
function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(simulator.url + path, { method, headers });
    request.once("error", reject);
    request.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.once("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    request.end(body);
  });
}

const JSON_TYPE = { "content-type": "application/json" };
const start = (headers: Readonly<Record<string, string>>): Promise<RawResponse> =>
  send("POST", "/_control/contacts", { ...JSON_TYPE, ...headers }, "{}");
const contacts = async (): Promise<number> => {
  const { body } = await send("GET", "/_control/contacts", {});
  return (JSON.parse(body) as { contacts: unknown[] }).contacts.length;
};

describe("Origin", () => {
  test("D9: a site on another origin can't POST to the control routes", async () => {
    const { ContactId } = simulator.startChat();
    for (const origin of [
      "https://evil.test",
      "http://127.0.0.1:1",
      "http://localhost",
      "null",
      "nonsense",
    ]) {
      for (const [path, body] of [
        ["/_control/contacts", "{}"],
        ["/_control/reset", "{}"],
        [`/_control/contacts/${ContactId}/end`, "{}"],
        ["/simulator/drop-sockets", "{}"],
      ] as const) {
        const response = await send("POST", path, { ...JSON_TYPE, origin }, body);
        expect([path, origin, response.status]).toEqual([path, origin, 403]);
        expect(response.headers["access-control-allow-origin"]).toBeUndefined();
        expect(JSON.parse(response.body)).toMatchObject({ error: { code: "Forbidden" } });
      }
    }
    expect(simulator.contact(ContactId).ended).toBe(false);
    expect(await contacts()).toBe(1);
  });

  test("a form's POST without an Origin is rejected because its body isn't JSON", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      const response = await send("POST", "/_control/contacts", { "content-type": type }, "{}");
      expect(response.status).toBe(400);
      expect(response.body).toContain("content-type: application/json");
    }
    expect(await contacts()).toBe(0);
  });

  test("another site can't load a route as an image or a script, but users can open a route's address", async () => {
    const load = (mode: string, site: string): Promise<RawResponse> =>
      send("GET", "/_control/status", { "sec-fetch-site": site, "sec-fetch-mode": mode });
    expect((await load("no-cors", "cross-site")).status).toBe(403);
    expect((await load("no-cors", "same-site")).status).toBe(403);
    expect((await load("no-cors", "same-origin")).status).toBe(200);
    expect((await load("navigate", "none")).status).toBe(200);
    expect((await load("navigate", "cross-site")).status).toBe(200);
  });

  test("preflights from other origins are rejected without CORS headers", async () => {
    const headers = { origin: "https://evil.test", "access-control-request-method": "POST" };
    for (const path of ["/_control/reset", "/simulator/drop-sockets"]) {
      const response = await send("OPTIONS", path, headers);
      expect(response.status).toBe(403);
      expect(Object.keys(response.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("an allowed origin's preflight succeeds, and the CORS headers allow exactly that origin", async () => {
    const origin = "http://allowed.test:3000";
    const preflight = await send("OPTIONS", "/_control/contacts", { origin });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE",
      "access-control-allow-headers": "content-type,last-event-id",
      vary: "Origin",
    });
    const response = await start({ origin });
    expect(response.status).toBe(200);
    expect(response.headers["access-control-allow-origin"]).toBe(origin);
    expect((await start({ origin: "http://allowed.test:3001" })).status).toBe(403);
  });

  test("the simulator's own origin is allowed, even behind a proxy", async () => {
    expect((await start({ origin: simulator.url })).status).toBe(200);
    expect((await start({ origin: "http://localhost:5000", host: "localhost:5000" })).status).toBe(200);
    const forwarded = { "x-forwarded-proto": "https", "x-forwarded-host": "chat.test" };
    expect((await start({ origin: "https://chat.test", ...forwarded })).status).toBe(200);
    expect((await start({ origin: "http://chat.test", ...forwarded })).status).toBe(403);
  });

  test("a program's requests, which have no Origin, are allowed", async () => {
    expect((await start({})).status).toBe(200);
  });

  test("the routes that pages need are open to all origins", async () => {
    const headers = { ...JSON_TYPE, origin: "https://page.test", host: "page.test" };
    const started = await send("POST", "/start-chat", headers, "{}");
    expect(started.status).toBe(200);
    expect(started.headers["access-control-allow-origin"]).toBe("*");
    const { ParticipantToken } = JSON.parse(started.body) as { ParticipantToken: string };
    const connection = JSON.stringify({ Type: ["CONNECTION_CREDENTIALS"] });
    const connected = await send(
      "POST",
      "/participant/connection",
      { ...headers, "x-amz-bearer": ParticipantToken },
      connection,
    );
    expect(connected.status).toBe(200);
  });
});

describe("reports of refused origins", () => {
  const problems: SimulatorProblem[] = [];
  beforeEach(async () => {
    problems.splice(0);
    await restart({ control: true, onProblem: (problem) => problems.push(problem) });
  });

  test("name an origin and its option, once for each origin", async () => {
    for (const origin of ["http://localhost:5173", "http://localhost:5173", "https://evil.test"])
      await start({ origin });
    expect(problems).toMatchObject([
      {
        ...{ kind: "originRefused", origin: "http://localhost:5173" },
        message:
          "A page from http://localhost:5173 was refused the control API. To allow its origin, start the simulator " +
          "with --allow-origin http://localhost:5173",
      },
      { kind: "originRefused", origin: "https://evil.test" },
    ]);
  });

  test("leave out text that isn't an origin, and end after 100 origins", async () => {
    await start({ origin: "\u009b2J" });
    expect(problems).toEqual([]);
    for (let index = 0; index < 110; index += 1) await start({ origin: `http://${index}.test` });
    expect(problems).toHaveLength(100);
  });
});

describe("Host", () => {
  test("a simulator on localhost rejects any other Host to prevent DNS rebinding, even if the Origin matches", async () => {
    const response = await start({ host: "evil.test:8080", origin: "http://evil.test:8080" });
    expect(response.status).toBe(403);
    expect(response.body).toContain("evil.test:8080");
    const spoofed = { "x-forwarded-host": "localhost:8080", "x-forwarded-proto": "http" };
    expect((await start({ host: "evil.test", origin: "http://localhost:8080", ...spoofed })).status).toBe(
      403,
    );
    for (const host of ["127.0.0.1.evil.test", "localhost.evil.test", "evil.test:127", "[::2]", "10.0.0.1"]) {
      expect([host, (await start({ host })).status]).toEqual([host, 403]);
    }
    expect(await contacts()).toBe(0);
  });

  test("every name and address of localhost is allowed", async () => {
    for (const host of [
      "localhost",
      "localhost:8080",
      "a.localhost:1",
      "127.0.0.1",
      "127.1.2.3:80",
      "[::1]:8080",
      "[::1]",
    ]) {
      expect([host, (await start({ host })).status]).toEqual([host, 200]);
    }
  });

  test("the host of an allowed origin is allowed", async () => {
    expect((await start({ host: "allowed.test:3000" })).status).toBe(200);
    expect((await start({ host: "allowed.test:3001" })).status).toBe(403);
  });

  test("a simulator that listens on all addresses accepts any Host", async () => {
    await restart({ control: true, host: "0.0.0.0" });
    expect((await start({ host: "emulator:8080", origin: "http://emulator:8080" })).status).toBe(200);
    expect((await start({ host: "emulator:8080", origin: "http://evil.test" })).status).toBe(403);
  });
});

test("an allowOrigins entry that isn't an origin is rejected with an error that quotes the entry", async () => {
  for (const entry of ["localhost:3000", "http://localhost:3000/app", "*", "", "example.test"]) {
    await expect(startSimulator({ control: { allowOrigins: [entry] } })).rejects.toThrow(`got "${entry}"`);
  }
});
