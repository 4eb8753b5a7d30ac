/** Who may reach the routes that control the simulator: by Origin, and by Host. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../simulator/index";

let simulator: Simulator;

async function restart(options: SimulatorOptions): Promise<void> {
  await simulator.close();
  simulator = await startSimulator(options);
}

beforeEach(async () => {
  simulator = await startSimulator({ control: { allowOrigins: ["http://allowed.test:3000"] } });
});

afterEach(() => simulator.close());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Like fetch, which doesn't let a test set Host and Origin. */
function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<Answer> {
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
const start = (headers: Readonly<Record<string, string>>): Promise<Answer> =>
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
        const answer = await send("POST", path, { ...JSON_TYPE, origin }, body);
        expect([path, origin, answer.status]).toEqual([path, origin, 403]);
        expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
        expect(JSON.parse(answer.body)).toMatchObject({ error: { code: "Forbidden" } });
      }
    }
    expect(simulator.contact(ContactId).ended).toBe(false);
    expect(await contacts()).toBe(1);
  });

  test("a form's POST, which needs no preflight, is refused even without an Origin: it isn't JSON", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      const answer = await send("POST", "/_control/contacts", { "content-type": type }, "{}");
      expect(answer.status).toBe(400);
      expect(answer.body).toContain("content-type: application/json");
    }
    expect(await contacts()).toBe(0);
  });

  test("an image or a script of another site, which sends no Origin, is refused; opening the address isn't", async () => {
    const fetched = (mode: string, site: string): Promise<Answer> =>
      send("GET", "/_control/status", { "sec-fetch-site": site, "sec-fetch-mode": mode });
    expect((await fetched("no-cors", "cross-site")).status).toBe(403);
    expect((await fetched("no-cors", "same-site")).status).toBe(403);
    expect((await fetched("no-cors", "same-origin")).status).toBe(200);
    expect((await fetched("navigate", "none")).status).toBe(200);
    expect((await fetched("navigate", "cross-site")).status).toBe(200);
  });

  test("preflights of other origins are refused without CORS headers", async () => {
    const headers = { origin: "https://evil.test", "access-control-request-method": "POST" };
    for (const path of ["/_control/reset", "/simulator/drop-sockets"]) {
      const answer = await send("OPTIONS", path, headers);
      expect(answer.status).toBe(403);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("an allowed origin gets its preflight, and CORS headers for exactly that origin", async () => {
    const origin = "http://allowed.test:3000";
    const preflight = await send("OPTIONS", "/_control/contacts", { origin });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE",
      "access-control-allow-headers": "content-type,last-event-id",
      vary: "Origin",
    });
    const answer = await start({ origin });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe(origin);
    expect((await start({ origin: "http://allowed.test:3001" })).status).toBe(403);
  });

  test("the simulator's own origin is allowed: by Host, and by what a proxy forwards", async () => {
    expect((await start({ origin: simulator.url })).status).toBe(200);
    expect((await start({ origin: "http://localhost:5000", host: "localhost:5000" })).status).toBe(200);
    const forwarded = { "x-forwarded-proto": "https", "x-forwarded-host": "chat.test" };
    expect((await start({ origin: "https://chat.test", ...forwarded })).status).toBe(200);
    expect((await start({ origin: "http://chat.test", ...forwarded })).status).toBe(403);
  });

  test("requests without an Origin, from programs, are allowed", async () => {
    expect((await start({})).status).toBe(200);
  });

  test("the routes that pages need stay open to all origins", async () => {
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

describe("Host", () => {
  test("a simulator on this machine only refuses a foreign Host, even if it's also the Origin: DNS rebinding", async () => {
    const answer = await start({ host: "evil.test:8080", origin: "http://evil.test:8080" });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("evil.test:8080");
    const spoofed = { "x-forwarded-host": "localhost:8080", "x-forwarded-proto": "http" };
    expect((await start({ host: "evil.test", origin: "http://localhost:8080", ...spoofed })).status).toBe(
      403,
    );
    for (const host of ["127.0.0.1.evil.test", "localhost.evil.test", "evil.test:127", "[::2]", "10.0.0.1"]) {
      expect([host, (await start({ host })).status]).toEqual([host, 403]);
    }
    expect(await contacts()).toBe(0);
  });

  test("every name and address of this machine is allowed", async () => {
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

  test("a simulator that listens on all addresses takes any Host", async () => {
    await restart({ control: true, host: "0.0.0.0" });
    expect((await start({ host: "emulator:8080", origin: "http://emulator:8080" })).status).toBe(200);
    expect((await start({ host: "emulator:8080", origin: "http://evil.test" })).status).toBe(403);
  });
});

test("an entry of allowOrigins that isn't an origin is refused with a message that names it", async () => {
  for (const entry of ["localhost:3000", "http://localhost:3000/app", "*", "", "example.test"]) {
    await expect(startSimulator({ control: { allowOrigins: [entry] } })).rejects.toThrow(`got "${entry}"`);
  }
});
