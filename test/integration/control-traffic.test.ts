/** Recorded traffic: what it has, what it leaves out, and how it is listed. */
import { expect, test } from "@jest/globals";
import { redacted } from "../../simulator/control/redact";
import { TrafficLog } from "../../simulator/control/traffic-log";
import type { TrafficEntry } from "../../simulator/index";
import { ControlClient } from "./support/control";
import { EVENT, simulateChat } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);

async function traffic(
  query: { contactId?: string; sinceNumber?: number; limit?: number } = {},
): Promise<TrafficEntry[]> {
  return (await control.call("listTraffic", { query })).entries;
}

test("a chat's calls, socket, frames and files are recorded in order, with bodies, answers and times", async () => {
  const one = await chat.withSocket(chat.customer());
  await chat.send(one, "Hello");
  const file = { name: "a.txt", contentType: "text/plain", base64: "AAAA" };
  const { attachmentId } = await control.call("sendAttachment", { parameters: one, body: file });
  const { body } = await chat.call("/participant/attachment", one.token, { AttachmentId: attachmentId });
  await fetch(String(body["Url"]));
  one.socket.close();
  await one.socket.closed;
  let entries = await traffic();
  while (!entries.some(({ name }) => name === "closed")) entries = await traffic();
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
    expect([contactId, participantId]).toEqual([one.contactId, expect.any(String)]);
  expect(entries.find(({ name }) => name === "SendMessage")).toMatchObject({
    ...{ role: "CUSTOMER", at: new Date(chat.now).toISOString(), durationMs: 0 },
    request: { Content: "Hello", ContentType: "text/plain" },
    response: { Id: expect.any(String) },
  });
});

test("tokens and signed URLs are redacted everywhere", async () => {
  const one = await chat.withSocket(chat.customer());
  await chat.send(one, "Hello");
  const upload = {
    AttachmentName: "a.txt",
    AttachmentSizeInBytes: 3,
    ContentType: "text/plain",
    ClientToken: "c",
  };
  const { body } = await chat.call("/participant/start-attachment-upload", one.token, upload);
  const connection = { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] };
  const details = await chat.call("/participant/connection", one.participantToken, connection);
  const recorded = JSON.stringify(await traffic());
  const secrets = [
    one.token,
    one.participantToken,
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

test("refusals and faults are visible: statuses, the fault's ID, refused sockets, lost and changed frames", async () => {
  const one = await chat.withSocket(chat.customer());
  await control.call("clearTraffic");
  const error = await control.call("addFault", {
    body: { kind: "error", operation: "SendMessage", status: 503 },
  });
  await chat.send(one, "1");
  const cut = await control.call("addFault", {
    body: { kind: "cut", operation: "SendMessage", when: "before" },
  });
  await chat.send(one, "2").catch(() => undefined);
  const drop = await control.call("addFault", { body: { kind: "frames", transform: "drop" } });
  await chat.send(one, "3");
  const refuse = await control.call("addFault", { body: { kind: "refuseSockets", status: 500 } });
  await expect(chat.open(chat.socketUrl(one))).rejects.toThrow("500");
  const wrong = await chat.call("/participant/message", "wrong token", {
    Content: "x",
    ContentType: "text/plain",
  });
  expect(wrong.status).toBe(403);
  const entries = await traffic();
  expect(entries).toMatchObject([
    { name: "SendMessage", status: 503, fault: error.id },
    { name: "SendMessage", status: 0, fault: cut.id },
    { kind: "frame", request: { outcome: "lost" }, fault: drop.id },
    { name: "SendMessage", status: 200 },
    { kind: "socket", name: "refused", status: 500, fault: refuse.id },
    { name: "SendMessage", status: 403, contactId: null, participantId: null, role: null },
  ]);
});

test("lists are filtered by contact and continued by number", async () => {
  const [one, other] = [await chat.customer(), await chat.customer()];
  for (const text of ["1", "2", "3"]) {
    await chat.send(one, text);
    await chat.send(other, text);
  }
  expect((await traffic({ contactId: one.contactId })).map(({ contactId }) => contactId)).toEqual(
    Array.from({ length: 4 }, () => one.contactId),
  );
  const page = await control.call("listTraffic", { query: { contactId: one.contactId, limit: 2 } });
  expect(page.entries).toHaveLength(2);
  const rest = await control.call("listTraffic", {
    query: { contactId: one.contactId, sinceNumber: page.next },
  });
  expect(rest.entries).toHaveLength(2);
  const end = await control.call("listTraffic", { query: { sinceNumber: rest.next } });
  expect(end).toEqual({ entries: [], next: rest.next });
  await chat.send(other, "4");
  await until(() => true);
  expect(await traffic({ sinceNumber: end.next })).toMatchObject([{ name: "SendMessage" }]);
});

test("a socket of several chats shows in each chat's traffic", async () => {
  const [one, other] = [await chat.customer(), await chat.customer()];
  const [first, second] = [await chat.agent(one.contactId), await chat.agent(other.contactId)];
  await control.call("clearTraffic");
  await chat.subscribe(chat.socketUrl(first, second));
  for (const { contactId } of [one, other]) {
    const names = (await traffic({ contactId })).map(({ name }) => name);
    expect(names).toEqual(["opened", "aws/subscribe", "aws/subscribe", "subscribed"]);
  }
});

test("the last 5,000 entries are kept", () => {
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
