/** Clients that offer to upgrade to another protocol than WebSocket, as Java's HttpClient and `curl --http2` do. */
import { once } from "node:events";
import { Agent, request, type IncomingMessage, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { afterEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator/index";

// cspell:ignore AAMAAABkAAQAAP
const OFFER = {
  connection: "Upgrade, HTTP2-Settings",
  upgrade: "h2c",
  "http2-settings": "AAMAAABkAAQAAP__",
};

let simulator: Simulator;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
afterEach(async () => {
  agent.destroy();
  await simulator.close();
});

interface Sent {
  readonly status: number | undefined;
  readonly body: Record<string, unknown>;
}

/** Sends a request. Sends each part of the body in another turn of the event loop. */
async function send(path: string, options: RequestOptions, parts: readonly string[] = []): Promise<Sent> {
  const secure = simulator.certificate;
  const url = simulator.url + path;
  const sent =
    secure === null
      ? request(url, { agent, ...options })
      : secureRequest(url, { ...options, ca: secure, agent: false });
  sent.flushHeaders();
  for (const part of parts) {
    await new Promise((resolve) => setImmediate(resolve));
    sent.write(part);
  }
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, body: JSON.parse(text) as Record<string, unknown> };
}

describe.each([
  ["HTTP", false],
  ["HTTPS", true],
])("over %s, a request that offers HTTP/2", (_, https) => {
  test("without a body gets the response of a request without the offer", async () => {
    simulator = await startSimulator({ control: true, https });
    const { status, body } = await send("/_control/status", { headers: OFFER });
    expect([status, body["contacts"]]).toEqual([200, 0]);
  });

  test.each(["content-length", "transfer-encoding"])(
    "with a body framed by %s is executed, also as the second request of its connection",
    async (framing) => {
      simulator = await startSimulator({ https });
      for (const name of ["Alex", "Robin"]) {
        const parts = ['{"DisplayName":', `"${name}"`, "}"];
        const length = framing === "content-length" ? parts.join("").length : "chunked";
        const headers = { ...OFFER, [framing]: length };
        const { status, body } = await send("/start-chat", { method: "POST", headers }, parts);
        expect(status).toBe(200);
        const contactId = String(body["ContactId"]);
        const [contact] = simulator.snapshot().contacts.filter((each) => each.contactId === contactId);
        expect(contact?.participants.map(({ displayName }) => displayName)).toEqual([name]);
      }
    },
  );
});

test("an offer of another protocol at a socket's address isn't a socket", async () => {
  simulator = await startSimulator();
  const { ParticipantId } = simulator.startChat();
  const { pathname, search } = new URL(simulator.signSocket([ParticipantId]).url);
  const { status } = await send(pathname + search, {
    headers: { connection: "upgrade", upgrade: "TLS/1.0" },
  });
  expect(status).toBe(404);
  expect(simulator.sockets).toEqual([]);
});
