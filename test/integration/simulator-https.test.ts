/** HTTPS: the certificate, sockets over TLS, and a clean end. */
import { request } from "node:https";
import { connect as connectTcp, createServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { WebSocket } from "ws";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../simulator/index";
import { selfSigned } from "../../simulator/certificate";
import { isObject } from "../../simulator/http";
import { part } from "./support/simulated-chat";

let simulator: Simulator;
const start = async (options: SimulatorOptions): Promise<Simulator> =>
  (simulator = await startSimulator(options));
afterEach(() => simulator.close());

/** POSTs JSON to the simulator, trusting its certificate. */
function post(host: string, path: string, body: unknown, bearer = ""): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request(
      {
        host,
        path,
        port: simulator.port,
        ca: simulator.certificate ?? "",
        method: "POST",
        headers: { "x-amz-bearer": bearer },
        agent: false,
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve(JSON.parse(text)));
      },
    )
      .on("error", reject)
      .end(JSON.stringify(body));
  });
}

async function socketUrl(host: string): Promise<string> {
  const started = await post(host, "/start-chat", {});
  if (!isObject(started)) throw new Error("No chat was started.");
  const token = String(started["ParticipantToken"]);
  const answer = await post(host, "/participant/connection", { Type: ["WEBSOCKET"] }, token);
  return String(part(answer, "Websocket")["Url"]);
}

test.each(["localhost", "127.0.0.1", "127.0.0.2"])(
  "https: true: a client at %s that trusts the certificate calls the service and opens a wss socket",
  async (host) => {
    await start({ https: true, host: "0.0.0.0" });
    expect(simulator.url).toBe(`https://127.0.0.1:${simulator.port}`);
    const url = await socketUrl(host);
    expect(url).toMatch(`wss://${host}:${simulator.port}/socket?token=`);
    const socket = new WebSocket(url, { ca: simulator.certificate ?? "" });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    expect(simulator.sockets).toHaveLength(1);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await simulator.close();
    await closed;
  },
);

test("signSocket() returns a wss URL", async () => {
  await start({ https: true });
  const { ParticipantId } = simulator.startChat();
  expect(simulator.signSocket([ParticipantId]).url).toMatch(/^wss:\/\/127\.0\.0\.1:/);
});

test("a certificate and key that are passed are used", async () => {
  const own = selfSigned(["localhost"], Date.now());
  await start({ https: own, host: "localhost" });
  expect(simulator.certificate).toBe(own.cert);
  expect(await post("localhost", "/start-chat", {})).toHaveProperty("ContactId");
  // It isn't valid for another name.
  await expect(post("127.0.0.1", "/start-chat", {})).rejects.toMatchObject({
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
});

test("a proxy that ends TLS elsewhere decides the scheme: X-Forwarded-Proto http", async () => {
  await start({ https: true, host: "localhost" });
  const { ParticipantToken } = simulator.startChat();
  const answer = await new Promise<unknown>((resolve, reject) => {
    request(
      {
        port: simulator.port,
        host: "localhost",
        path: "/participant/connection",
        method: "POST",
        ca: simulator.certificate ?? "",
        agent: false,
        headers: { "x-amz-bearer": ParticipantToken, "x-forwarded-proto": "http" },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve(JSON.parse(text)));
      },
    )
      .on("error", reject)
      .end(JSON.stringify({ Type: ["WEBSOCKET"] }));
  });
  expect(String(part(answer, "Websocket")["Url"])).toMatch(/^ws:\/\/localhost:/);
});

describe("close()", () => {
  test("cuts a connection that hasn't finished its TLS handshake", async () => {
    await start({ https: true });
    const client = connectTcp(simulator.port, "127.0.0.1");
    await new Promise((resolve) => client.once("connect", resolve));
    const closed = new Promise((resolve) => client.once("close", resolve));
    client.on("error", () => undefined);
    // Once this is answered, the simulator has accepted the connection before it.
    await post("localhost", "/start-chat", {});
    await simulator.close();
    await closed;
    await new Promise<void>((resolve, reject) => {
      const next = createServer().once("error", reject);
      next.listen({ port: simulator.port, host: "127.0.0.1", exclusive: true }, () =>
        next.close(() => resolve()),
      );
    });
  });

  test("a request without TLS is refused and doesn't stop the simulator", async () => {
    await start({ https: true });
    await expect(fetch(`http://127.0.0.1:${simulator.port}/`)).rejects.toThrow();
    expect(await post("localhost", "/start-chat", {})).toHaveProperty("ContactId");
  });
});
