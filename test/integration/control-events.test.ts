/** The control API's event stream, with its events, the replay after Last-Event-ID, and its end. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { EventLog } from "../../simulator/control/event-log";
import { ControlClient, EventReader } from "./support/control";
import { simulateChat } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);
const readers: EventReader[] = [];

async function listen(query = "", headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
  const reader = new EventReader(`${chat.simulator.url}/_control/events${query}`, headers);
  readers.push(reader);
  await reader.opened;
  return reader;
}

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

describe("the event stream", () => {
  test("reports a chat's start, sockets, items and end in order", async () => {
    const reader = await listen();
    const customer = await chat.withSocket(chat.customer());
    await chat.send(customer, "Hello");
    chat.simulator.contact(customer.contactId).end();
    await customer.socket.closed;
    await until(() => reader.of("socket").some(({ data }) => data.what === "closed"));
    expect(reader.of("contact").map(({ data }) => data.what)).toEqual(
      expect.arrayContaining(["started", "changed", "ended"]),
    );
    expect(reader.of("contact")[0]?.data.contact).toMatchObject({
      contactId: customer.contactId,
      displayName: "Customer",
    });
    expect(reader.of("socket").map(({ data }) => data.what)).toEqual(["opened", "subscribed", "closed"]);
    expect(reader.of("socket").at(-1)?.data).toMatchObject({
      participantIds: [customer.participantId],
      code: 1000,
    });
    expect(
      reader.of("item").map(({ data: { item } }) => item.Content ?? item.ContentType.split(".").at(-1)),
    ).toEqual(["joined", "Hello", "ended"]);
    const connected = reader.of("contact").map(({ data: { contact } }) => contact.participants[0]?.connected);
    expect(connected).toContain(true);
    expect(connected.at(-1)).toBe(false);
    expect(reader.of("traffic").map(({ data }) => data.name)).toContain("SendMessage");
  });

  test("names the sender as the only viewer of a message whose processing fails", async () => {
    const customer = await chat.withSocket(chat.customer());
    const reader = await listen();
    await control.call("setBehaviors", {
      parameters: customer,
      body: { processing: "fail", processingDelayMs: 0 },
    });
    await chat.send(customer, "Hello");
    await until(() => reader.of("item").length === 2);
    expect(reader.of("item").map(({ data }) => data.viewer)).toEqual([
      customer.participantId,
      customer.participantId,
    ]);
  });

  test("reports each fault when it's added, used up or removed, and a reset once", async () => {
    const reader = await listen();
    const customer = await chat.customer();
    const usedFault = await control.call("addFault", {
      body: { kind: "error", operation: "SendMessage", status: 500 },
    });
    const removedFault = await control.call("addFault", { body: { kind: "latency", delayMs: 1 } });
    await chat.send(customer, "Hello");
    await control.call("removeFault", { parameters: { faultId: removedFault.id } });
    await control.call("reset");
    await until(() => reader.of("reset").length === 1);
    expect(reader.of("fault").map(({ data: { what, id } }) => [what, id])).toEqual([
      ["added", usedFault.id],
      ["added", removedFault.id],
      ["removed", usedFault.id],
      ["removed", removedFault.id],
    ]);
    expect(reader.of("fault")[0]?.data.fault).toMatchObject({ fault: { kind: "error", status: 500 } });
    expect(reader.of("reset")[0]?.data).toEqual({ reason: "reset" });
  });

  test("filtered by contactId, contains only that contact's items and traffic, but all faults", async () => {
    const [customer, otherCustomer] = [await chat.customer(), await chat.customer()];
    const reader = await listen(`?contactId=${customer.contactId}`);
    await chat.send(otherCustomer, "For others");
    await chat.send(customer, "For me");
    await control.call("addFault", { body: { kind: "latency", delayMs: 1 } });
    await until(() => reader.of("fault").length === 1);
    expect(reader.of("item").map(({ data: { item } }) => item.Content)).toEqual(["For me"]);
    expect(reader.of("traffic").map(({ data }) => data.contactId)).toEqual([customer.contactId]);
  });
});

describe("replay", () => {
  test("sends a listener that reconnects with Last-Event-ID exactly the events that it missed", async () => {
    const customer = await chat.customer();
    const first = await listen();
    await chat.send(customer, "1");
    await until(() => first.of("item").length === 1 && first.of("traffic").length === 1);
    const { id } = first.events.at(-1) ?? { id: 0 };
    first.close();
    await first.closed;
    await chat.send(customer, "2");
    await chat.send(customer, "3");
    const second = await listen("", { "last-event-id": String(id) });
    await until(() => second.of("traffic").length === 2);
    expect(second.of("item").map(({ data: { item } }) => item.Content)).toEqual(["2", "3"]);
    await chat.send(customer, "4");
    await until(() => second.of("item").length === 3);
    const ids = [...first.events, ...second.events].map((event) => event.id);
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
  });

  test("sends a reset event to a listener whose Last-Event-ID is unknown", async () => {
    chat.simulator.startChat();
    for (const lastId of ["1", "99999999999999999", "nonsense"]) {
      const reader = await listen("", { "last-event-id": lastId });
      await until(() => reader.events.length > 0);
      expect(reader.events).toMatchObject([{ name: "reset", data: { reason: "missedEvents" } }]);
    }
  });

  test("sends only new events and a reconnection delay to a listener without Last-Event-ID", async () => {
    const customer = await chat.customer();
    const reader = await listen();
    await chat.send(customer, "New");
    await until(() => reader.of("item").length > 0);
    expect(reader.of("contact")).toEqual([]);
    expect(reader.text).toMatch(/^retry: 1000\n/);
  });

  test("covers the last 1,000 events, but not all events", () => {
    const log = new EventLog(0);
    for (let count = 0; count < 10_000; count++) log.emit("reset", { reason: "reset" }, null);
    expect(log.since(10_000 - 1_000)).toHaveLength(1_000);
    expect(log.since(10_000)).toEqual([]);
    expect(log.since(7_000)).toBeNull();
  });
});

test("a restart cuts the stream, but a listener that reconnects misses no events", async () => {
  const first = await listen();
  const customer = await chat.customer();
  await until(() => first.of("traffic").length > 0);
  const { id } = first.events.at(-1) ?? { id: 0 };
  await control.call("addFault", { body: { kind: "restart", downMs: 10 } });
  await first.closed;
  let second: EventReader | null = null;
  while (!second) second = await listen("", { "last-event-id": String(id) }).catch(() => null);
  await chat.send(customer, "Back");
  await until(() => second.of("item").length > 0);
  expect(second.of("reset")).toEqual([]);
});

test("close() ends the event stream", async () => {
  const reader = await listen();
  await chat.simulator.close();
  await reader.closed;
});

test.each([
  ["at the beginning of", 0],
  ["during the downtime of", 50],
])("close() %s a restart ends the restart, and the simulator doesn't listen again", async (_, afterMs) => {
  const { url } = chat.simulator;
  const restarting = chat.simulator.restart({ downMs: 3_600_000 });
  expect(chat.simulator.restart({ downMs: 0 })).toBe(restarting);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await chat.simulator.close();
  await restarting;
  await expect(fetch(`${url}/_control/status`)).rejects.toThrow();
});
