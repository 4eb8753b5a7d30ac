/** Simulators run side by side and report a port in use, and close() cleans up completely. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type Simulator, type SimulatorOptions } from "../../simulator/index";
import { callService } from "./support/call-service";
import { part } from "./support/simulated-chat";
import { TestSocket } from "./support/test-socket";
import { until } from "./support/wait";

let started: Simulator[] = [];
let clients: Socket[] = [];

const start = async (options?: SimulatorOptions): Promise<Simulator> => {
  const simulator = await startSimulator(options);
  started.push(simulator);
  return simulator;
};

afterEach(async () => {
  for (const client of clients) client.destroy();
  for (const simulator of started) await simulator.close();
  clients = [];
  started = [];
});

/** Opens a connection and sends part of a request. The client never closes its side. */
function sendPartial(
  port: number,
  text: string,
): Promise<{ client: Socket; closed: Promise<void>; received: () => string }> {
  return new Promise((resolve, reject) => {
    const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    let received = "";
    clients.push(client);
    const closed = new Promise<void>((ended) => {
      client.on("end", ended).on("close", () => ended());
    });
    client.on("data", (chunk) => (received += chunk.toString()));
    // After the connection is open, an error is treated as the end of the connection.
    client.once("error", reject).on("error", () => undefined);
    client.on("connect", () => {
      client.write(text, () => resolve({ client, closed, received: () => received }));
    });
  });
}

/** Binds the port exclusively. Fails if the simulator still uses the port. */
const bindPort = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve()));
  });

async function customerOf(simulator: Simulator): Promise<{ participantId: string; token: string }> {
  const { ParticipantId, ParticipantToken } = simulator.startChat();
  const request = { Type: ["CONNECTION_CREDENTIALS"] };
  const { body } = await callService(`${simulator.url}/participant/connection`, ParticipantToken, request);
  const token = String(part(body, "ConnectionCredentials")["ConnectionToken"]);
  return { participantId: ParticipantId, token };
}

describe("simulators", () => {
  test("run side by side without sharing anything", async () => {
    const [simulator, otherSimulator] = [await start(), await start()];
    expect(simulator.port).not.toBe(otherSimulator.port);
    expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}`);
    const { participantId, token } = await customerOf(simulator);
    simulator.faults.failNext("SendEvent", { status: 500 });
    const typing = { ContentType: "application/vnd.amazonaws.connect.event.typing" };
    const type = ({ url }: Simulator, bearer: string): Promise<{ status: number }> =>
      callService(`${url}/participant/event`, bearer, typing);
    expect((await type(otherSimulator, token)).status).toBe(403);
    const { token: otherToken } = await customerOf(otherSimulator);
    expect((await type(otherSimulator, otherToken)).status).toBe(200);
    expect((await type(simulator, token)).status).toBe(500);
    const { url } = simulator.signSocket([participantId]);
    await expect(
      new TestSocket(url.replace(String(simulator.port), String(otherSimulator.port))).opened,
    ).rejects.toThrow("403");
    await simulator.close();
    expect((await type(otherSimulator, otherToken)).status).toBe(200);
  });

  test("fail to start on a port in use, without affecting the simulator that uses it", async () => {
    const simulator = await start();
    await expect(start({ port: simulator.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect((await fetch(simulator.url)).status).toBe(404);
  });

  test.each(["localhost", "0.0.0.0"])(
    "report a URL that can be called if they listen on %s",
    async (host) => {
      const { url, port } = await start({ host });
      expect(url).toBe(`http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`);
      expect((await fetch(url)).status).toBe(404);
    },
  );
});

describe("close()", () => {
  test("frees the port immediately for the next simulator, and can be called twice", async () => {
    const { port, close } = await start().then((each) => ({ port: each.port, close: () => each.close() }));
    await close();
    await bindPort(port);
    await close();
    const next = await start({ port });
    expect(next.port).toBe(port);
  });

  test("cuts open sockets, whether they are subscribed or not", async () => {
    const simulator = await start();
    const { participantId } = await customerOf(simulator);
    const sockets = [0, 1].map(() => new TestSocket(simulator.signSocket([participantId]).url));
    await Promise.all(sockets.map(({ opened }) => opened));
    sockets[0]?.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => simulator.sockets.some(({ subscribed }) => subscribed));
    await simulator.close();
    await bindPort(simulator.port);
    await Promise.all(sockets.map(({ closed }) => closed));
    expect(simulator.sockets).toEqual([]);
  });

  test("doesn't wait for a delayed response", async () => {
    const simulator = await start();
    const { token } = await customerOf(simulator);
    simulator.faults.delayNext("GetTranscript", { delayMs: 3_600_000 });
    const delayed = callService(`${simulator.url}/participant/transcript`, token, {});
    const outcome = expect(delayed).rejects.toThrow();
    await until(() => simulator.requests.at(-1)?.operation === "GetTranscript");
    await simulator.close();
    await bindPort(simulator.port);
    await outcome;
    expect(simulator.requests.at(-1)?.status).toBe(0);
  });

  test.each([
    ["an idle connection", ""],
    ["a partial request head", "POST /participant/message HTTP/1.1\r\nhost: x\r\n"],
    [
      "a partial request body",
      "POST /participant/message HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n" + '{"Content":',
    ],
    ["a partial upload", "PUT /storage/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nabc"],
    ["a partial upgrade", "GET /socket?token=x HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\n"],
  ])("cuts %s", async (_, text) => {
    const simulator = await start();
    const { closed } = await sendPartial(simulator.port, text);
    // The response to this request proves that the partial request has arrived.
    await fetch(simulator.url);
    await simulator.close();
    await bindPort(simulator.port);
    await closed;
  });

  test("doesn't wait for a client that keeps its side open after its upgrade was refused", async () => {
    const simulator = await start();
    const upgrade =
      "GET /socket?token=x HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    const { closed, received } = await sendPartial(simulator.port, upgrade);
    await closed;
    expect(received()).toMatch(/^HTTP\/1\.1 403 /);
    await simulator.close();
    await bindPort(simulator.port);
  });

  test("doesn't wait for a client that never completes the closing handshake", async () => {
    const simulator = await start();
    const { ContactId, ParticipantId } = simulator.startChat();
    const { pathname, search } = new URL(simulator.signSocket([ParticipantId]).url);
    const upgrade = [
      `GET ${pathname}${search} HTTP/1.1`,
      "host: x",
      "connection: upgrade",
      "upgrade: websocket",
      "sec-websocket-version: 13",
      "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
      "\r\n",
    ].join("\r\n");
    const { closed, received } = await sendPartial(simulator.port, upgrade);
    await until(() => received().startsWith("HTTP/1.1 101 "));
    simulator.contact(ContactId).end();
    await simulator.close();
    await bindPort(simulator.port);
    await closed;
  });
});

interface Ready {
  readonly url: string;
  readonly socketUrl: string;
  readonly token: string;
}

const isReady = (message: unknown): message is Ready =>
  typeof message === "object" && message !== null && "socketUrl" in message;

test("close() leaves no sockets, connections or timers that keep the process alive", async () => {
  const child = fork(path.join(__dirname, "support/simulator-process.js"));
  try {
    const ready = await new Promise<unknown>((resolve) => child.once("message", resolve));
    if (!isReady(ready)) throw new Error("The simulator didn't start.");
    const socket = new TestSocket(ready.socketUrl);
    await socket.opened;
    const { port } = new URL(ready.url);
    await sendPartial(
      Number(port),
      "POST /participant/message HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    );
    const delayed = callService(`${ready.url}/participant/transcript`, ready.token, {});
    const outcome = expect(delayed).rejects.toThrow();
    // The response to this request proves that everything sent before has arrived.
    await fetch(ready.url);
    const exit = once(child, "exit");
    child.send("close");
    await Promise.all([outcome, socket.closed]);
    expect(await exit).toEqual([0, null]);
  } finally {
    child.kill();
  }
});

test("the simulator keeps running when a client resets its connection in the middle of a request", async () => {
  const simulator = await start();
  const texts = [
    "POST /participant/message HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    "PUT /storage/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    "GET /socket?token=x HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "nonsense\r\n\r\n",
  ];
  for (const text of texts) (await sendPartial(simulator.port, text)).client.resetAndDestroy();
  expect((await fetch(simulator.url)).status).toBe(404);
});
