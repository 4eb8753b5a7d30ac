/** What a simulator that runs for days forgets. */
import { describe, expect, test } from "@jest/globals";
import { ExpiringMap } from "../../simulator/expiring-map";
import { startSimulator } from "../../simulator/index";
import { simulateChat } from "./support/simulated-chat";

describe("signed URLs and connection tokens", () => {
  test("in a map of 1,000 or more, expired entries are removed when another one is added", () => {
    let now = 0;
    const map = new ExpiringMap(() => now);
    map.set("long", { expiresAt: 1_000_000 });
    for (let index = 0; index < 999; index += 1) map.set(`short ${index}`, { expiresAt: 10 });
    now = 10;
    expect(map.size).toBe(1_000);
    map.set("next", { expiresAt: 20 });
    expect([...map.entries()].map(([key]) => key)).toEqual(["long", "next"]);
  });

  test("valid entries are never removed", () => {
    const map = new ExpiringMap(() => 0);
    for (let index = 0; index < 5_000; index += 1) map.set(String(index), { expiresAt: 1 });
    expect(map.size).toBe(5_000);
  });

  test("of 100,000 entries that expire one by one, the map never has more than twice the valid ones", () => {
    let now = 0;
    const map = new ExpiringMap(() => now);
    let largest = 0;
    for (now = 0; now < 100_000; now += 1) {
      map.set(String(now), { expiresAt: now + 2_000 });
      largest = Math.max(largest, map.size);
    }
    expect(largest).toBeLessThanOrEqual(4_001);
  });
});

describe("with limits, as in the program", () => {
  const chat = simulateChat({ maxRequests: 3, maxIdempotentResponses: 2 });

  test("a socket keeps only its latest frames", async () => {
    const { socket } = await chat.withSocket(chat.customer());
    for (const number of [1, 2, 3, 4]) socket.send({ topic: "aws/ping", number });
    await socket.pong();
    expect(chat.simulator.sockets[0]?.received.map((frame) => frame["number"])).toEqual([2, 3, 4]);
  });

  test("a repeated call gets its response again only if the response is one of the latest two", async () => {
    const customer = await chat.customer();
    const send = async (ClientToken: string): Promise<unknown> => {
      const body = { Content: "Hello", ContentType: "text/plain", ClientToken };
      return (await chat.call("/participant/message", customer.token, body)).body["Id"];
    };
    const [first, second, third] = [await send("1"), await send("2"), await send("3")];
    expect([await send("2"), await send("3")]).toEqual([second, third]);
    expect(await send("1")).not.toBe(first);
  });
});

test("without limits, as in a test, a simulator keeps all frames and responses", async () => {
  const simulator = await startSimulator();
  try {
    const { ParticipantId } = simulator.startChat();
    const token = simulator.connectionTokenOf(ParticipantId).chatTokenTransport.participantToken;
    for (let index = 0; index < 20; index += 1) {
      await fetch(`${simulator.url}/participant/message`, {
        method: "POST",
        headers: { "x-amz-bearer": token },
        body: JSON.stringify({ Content: "a", ContentType: "text/plain", ClientToken: String(index) }),
      });
    }
    expect(simulator.snapshot().answers).toHaveLength(20);
  } finally {
    await simulator.close();
  }
});
