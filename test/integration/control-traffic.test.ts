/** The contents, redaction, filters and limits of recorded traffic. */
import { expect, test } from "@jest/globals";
import { redacted } from "../../simulator/control/redact";
import { TrafficLog } from "../../simulator/control/traffic-log";
import type { TrafficEntry } from "../../simulator/index";
import { ControlClient } from "./support/control";
import { EVENT, simulateChat } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);

async function listTraffic(
  query: { contactId?: string; sinceNumber?: number; limit?: number } = {},
): Promise<TrafficEntry[]> {
  return (await control.call("listTraffic", { query })).entries;
}

test("a chat's calls, socket changes, frames and downloads are recorded in order, with bodies and times", async () => {
  const customer = await chat.withSocket(chat.customer());
  await chat.send(customer, "Hello");
  const file = { name: "a.txt", contentType: "text/plain", base64: "AAAA" };
  const { attachmentId } = await control.call("sendAttachment", { parameters: customer, body: file });
  const { body } = await chat.call("/participant/attachment", customer.token, { AttachmentId: attachmentId });
  await fetch(String(body["Url"]));
  customer.socket.close();
  await customer.socket.closed;
  let entries = await listTraffic();
  while (!entries.some(({ name }) => name === "closed")) entries = await listTraffic();
  expect(entries.map(({ kind, direction, name, status }) => [kind, direction, name, status])).toEqual([
    ["call", "in", "CreateParticipantConnection", 200],
    ["socket", null, "opened", undefined],
    ["frame", "in", "aws/subscribe", undefined],
    ["frame", "out", "aws/subscribe", undefined],
    ["socket", null, "subscribed", undefined],
    ["frame", "out", `${EVENT}participant.joined`, undefined],
    ["frame", "out", "text/plain", undefined],
    ["call", "in", "SendMessage", 200],
    ["frame", "out", "text/plain", undefined],
    ["call", "in", "GetAttachment", 200],
    ["storage", "in", "get", 200],
    ["socket", null, "closed", expect.any(Number)],
  ]);
  expect(entries.map((entry) => entry.number)).toEqual(entries.map((_, index) => index + 1));
  for (const { contactId, participantId } of entries)
    expect([contactId, participantId]).toEqual([customer.contactId, expect.any(String)]);
  expect(entries.find(({ name }) => name === "SendMessage")).toMatchObject({
    ...{ role: "CUSTOMER", at: new Date(chat.now).toISOString(), durationMs: 0 },
    request: { Content: "Hello", ContentType: "text/plain" },
    response: { Id: expect.any(String) },
  });
});

test("a call is recorded with the origin of its page, and without one if no page made it", async () => {
  const { participantToken } = await chat.customer();
  const connect = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${chat.simulator.url}/participant/connection`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-amz-bearer": participantToken, ...headers },
      body: JSON.stringify({ Type: ["CONNECTION_CREDENTIALS"] }),
    });
  await connect({ origin: "http://localhost:5173" });
  await connect({});
  const origins = (await listTraffic()).slice(-2).map(({ name, origin }) => [name, origin]);
  expect(origins).toEqual([
    ["CreateParticipantConnection", "http://localhost:5173"],
    ["CreateParticipantConnection", undefined],
  ]);
});

test("tokens and signed URLs are redacted everywhere", async () => {
  const customer = await chat.withSocket(chat.customer());
  await chat.send(customer, "Hello");
  const upload = {
    AttachmentName: "a.txt",
    AttachmentSizeInBytes: 3,
    ContentType: "text/plain",
    ClientToken: "c",
  };
  const { body } = await chat.call("/participant/start-attachment-upload", customer.token, upload);
  const connection = { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] };
  const details = await chat.call("/participant/connection", customer.participantToken, connection);
  const recorded = JSON.stringify(await listTraffic());
  const secrets = [
    customer.token,
    customer.participantToken,
    ...JSON.stringify([body, details.body]).matchAll(/(?:token|Signature)=([\w-]{20,})/g),
  ];
  expect(secrets.length).toBeGreaterThan(3);
  for (const secret of secrets)
    expect(recorded).not.toContain(typeof secret === "string" ? secret : secret[1]);
  expect(recorded).toContain('"ConnectionToken":"…"');
  expect(recorded).toContain("?token=…");
  expect(recorded).toContain('"ClientToken":"c"');
});

test("long texts are shortened", () => {
  const { text } = redacted({ text: "x".repeat(50_000) }) as { text: string };
  expect(text.length).toBeLessThan(21_000);
  expect(text).toMatch(/\(30000 more characters\)$/);
});

test("failed calls, refused sockets and lost frames are recorded with the status and the fault's ID", async () => {
  const customer = await chat.withSocket(chat.customer());
  await control.call("clearTraffic");
  const error = await control.call("addFault", {
    body: { kind: "error", operation: "SendMessage", status: 503 },
  });
  await chat.send(customer, "1");
  const cut = await control.call("addFault", {
    body: { kind: "cut", operation: "SendMessage", when: "before" },
  });
  await chat.send(customer, "2").catch(() => undefined);
  const drop = await control.call("addFault", { body: { kind: "frames", transform: "drop" } });
  await chat.send(customer, "3");
  const refuse = await control.call("addFault", { body: { kind: "refuseSockets", status: 500 } });
  await expect(chat.open(chat.socketUrl(customer))).rejects.toThrow("500");
  const wrong = await chat.call("/participant/message", "wrong token", {
    Content: "x",
    ContentType: "text/plain",
  });
  expect(wrong.status).toBe(403);
  const entries = await listTraffic();
  expect(entries).toMatchObject([
    { name: "SendMessage", status: 503, fault: error.id },
    { name: "SendMessage", status: 0, fault: cut.id },
    { kind: "frame", request: { outcome: "lost" }, fault: drop.id },
    { name: "SendMessage", status: 200 },
    { kind: "socket", name: "refused", status: 500, fault: refuse.id },
    { name: "SendMessage", status: 403, contactId: null, participantId: null, role: null },
  ]);
});

test("a list can be filtered by contact and continued after an entry's number", async () => {
  const [customer, otherCustomer] = [await chat.customer(), await chat.customer()];
  for (const text of ["1", "2", "3"]) {
    await chat.send(customer, text);
    await chat.send(otherCustomer, text);
  }
  expect((await listTraffic({ contactId: customer.contactId })).map(({ contactId }) => contactId)).toEqual(
    Array.from({ length: 4 }, () => customer.contactId),
  );
  const page = await control.call("listTraffic", { query: { contactId: customer.contactId, limit: 2 } });
  expect(page.entries).toHaveLength(2);
  const rest = await control.call("listTraffic", {
    query: { contactId: customer.contactId, sinceNumber: page.next },
  });
  expect(rest.entries).toHaveLength(2);
  const end = await control.call("listTraffic", { query: { sinceNumber: rest.next } });
  expect(end).toEqual({ entries: [], next: rest.next });
  await chat.send(otherCustomer, "4");
  await until(() => true);
  expect(await listTraffic({ sinceNumber: end.next })).toMatchObject([{ name: "SendMessage" }]);
});

test("a socket for several chats appears in each chat's traffic", async () => {
  const [customer, otherCustomer] = [await chat.customer(), await chat.customer()];
  const [first, second] = [await chat.agent(customer.contactId), await chat.agent(otherCustomer.contactId)];
  await control.call("clearTraffic");
  await chat.subscribe(chat.socketUrl(first, second));
  for (const { contactId } of [customer, otherCustomer]) {
    const names = (await listTraffic({ contactId })).map(({ name }) => name);
    expect(names).toEqual(["opened", "aws/subscribe", "aws/subscribe", "subscribed"]);
  }
});

test("only the last 5,000 entries are kept", () => {
  const log = new TrafficLog(() => null);
  const call = {
    kind: "call",
    operation: "x",
    caller: null,
    at: 0,
    durationMs: 0,
    status: 200,
    request: {},
    response: {},
  } as const;
  for (let count = 0; count < 6_000; count++) log.record(call);
  const { entries } = log.list({ limit: 5_000 });
  expect([entries.length, entries[0]?.number, entries.at(-1)?.number]).toEqual([5_000, 1_001, 6_000]);
});
