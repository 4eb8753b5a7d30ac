/** The simulator over HTTPS, with its certificate, sockets over TLS, and close(). */
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
  const chatDetails = await post(host, "/start-chat", {});
  if (!isObject(chatDetails)) throw new Error("No chat was started.");
  const token = String(chatDetails["ParticipantToken"]);
  const response = await post(host, "/participant/connection", { Type: ["WEBSOCKET"] }, token);
  return String(part(response, "Websocket")["Url"]);
}

test.each(["localhost", "127.0.0.1", "127.0.0.2"])(
  "with https: true, a client at %s that trusts the certificate can call the service and open a wss socket",
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

test("the certificate and key in the options are used", async () => {
  const suppliedCertificate = selfSigned(["localhost"], Date.now());
  await start({ https: suppliedCertificate, host: "localhost" });
  expect(simulator.certificate).toBe(suppliedCertificate.cert);
  expect(await post("localhost", "/start-chat", {})).toHaveProperty("ContactId");
  // The certificate isn't valid for other names.
  await expect(post("127.0.0.1", "/start-chat", {})).rejects.toMatchObject({
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
});

test("a proxy's X-Forwarded-Proto decides the scheme of the socket URL", async () => {
  await start({ https: true, host: "localhost" });
  const { ParticipantToken } = simulator.startChat();
  const response = await new Promise<unknown>((resolve, reject) => {
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
  expect(String(part(response, "Websocket")["Url"])).toMatch(/^ws:\/\/localhost:/);
});

describe("a simulator with HTTPS", () => {
  test("cuts a connection that hasn't finished its TLS handshake when it closes", async () => {
    await start({ https: true });
    const client = connectTcp(simulator.port, "127.0.0.1");
    await new Promise((resolve) => client.once("connect", resolve));
    const closed = new Promise((resolve) => client.once("close", resolve));
    client.on("error", () => undefined);
    // The response to this request proves that the simulator has accepted the earlier connection.
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

  test("refuses a request without TLS and keeps running", async () => {
    await start({ https: true });
    await expect(fetch(`http://127.0.0.1:${simulator.port}/`)).rejects.toThrow();
    expect(await post("localhost", "/start-chat", {})).toHaveProperty("ContactId");
  });
});
