/** Calls every operation of the control API over HTTP. Each response must conform to its schema. */
import { afterAll, describe, expect, test } from "@jest/globals";
import { OPERATIONS, type OperationId } from "../../simulator/control/operations";
import type { Item } from "../../simulator/index";
import { ControlClient, errorOf, EventReader } from "./support/control";
import { EVENT, eventsOf, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true, limits: { attachmentBytes: 1_000 } });
const control = new ControlClient(() => chat.simulator.url);

/** Adds a customer with a socket. `parameters` contains the contact's ID, for the paths of operations. */
async function connectCustomer(): Promise<ConnectedParty & { parameters: { contactId: string } }> {
  const customer = await chat.withSocket(chat.customer());
  return { ...customer, parameters: { contactId: customer.contactId } };
}

const untilReceived = ({ socket }: ConnectedParty, item: Item): Promise<void> =>
  until(() => socket.items.some(({ Id }) => Id === item.Id));

afterAll(() => {
  const all = Object.keys(OPERATIONS).sort();
  expect([...control.succeeded].sort()).toEqual(all);
});

describe("status and contacts", () => {
  test("getStatus returns the settings, the counts, and the address that the caller used", async () => {
    const customer = await connectCustomer();
    chat.simulator.faults.failNext("SendMessage", { status: 500 });
    const status = await control.call("getStatus");
    expect(status).toMatchObject({
      ...{ endpoint: chat.simulator.url, contacts: 1, sockets: 1, faults: 1 },
      ...{ bot: null, seed: 1, latencyMs: 0, transcriptLagMs: 0, startedAt: "2026-01-01T00:00:00.000Z" },
    });
    const { body } = await control.fetch("GET", "/_control/status", undefined, {
      "x-forwarded-prefix": "/emu",
    });
    expect(body).toMatchObject({ endpoint: `${chat.simulator.url}/emu` });
    expect(customer.socket.closeCode).toBeNull();
  });

  test("startContact accepts a name, attributes and a first message, and listContacts lists the newest contact first", async () => {
    const first = await control.call("startContact", { body: {} });
    const second = await control.call("startContact", {
      body: { displayName: "Ada", initialMessage: "Hello", attributes: { tier: "gold" } },
    });
    const { contacts } = await control.call("listContacts");
    expect(contacts.map(({ contactId }) => contactId)).toEqual([second.ContactId, first.ContactId]);
    expect(contacts[0]).toMatchObject({
      ...{ displayName: "Ada", ended: false, items: 1 },
      lastItem: { role: "CUSTOMER", text: "Hello" },
      participants: [{ participantId: second.ParticipantId, role: "CUSTOMER", connected: false }],
    });
    const details = await control.call("getContact", { parameters: { contactId: second.ContactId } });
    expect(details).toMatchObject({
      ...{ contactId: second.ContactId, attributes: { tier: "gold" }, authenticationSessionId: null },
      transcript: [{ Content: "Hello", DisplayName: "Ada" }],
    });
  });

  test("getContact reports whether each participant is connected", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const { participants } = await control.call("getContact", { parameters });
    expect(participants).toMatchObject([{ joined: true, connected: true, isPlayed: false, left: false }]);
    chat.simulator.dropSockets();
    await customer.socket.closed;
    const later = await control.call("getContact", { parameters });
    expect(later.participants).toMatchObject([{ joined: true, connected: false }]);
  });

  test("endContact ends the chat, and succeeds even if the chat has already ended", async () => {
    const { parameters, socket } = await connectCustomer();
    expect(await control.call("endContact", { parameters })).toEqual({ ended: true });
    await socket.closed;
    expect(await control.call("endContact", { parameters })).toEqual({ ended: true });
    expect((await control.call("listContacts")).contacts).toMatchObject([{ ended: true }]);
  });
});

describe("messages", () => {
  test("sendMessage sends text as the agent by default, and sends an object as JSON", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const plain = await control.call("sendMessage", { parameters, body: { content: "Hello" } });
    expect(plain.item).toMatchObject({
      ...{ Type: "MESSAGE", ContentType: "text/plain", Content: "Hello", ParticipantRole: "AGENT" },
      ...{ DisplayName: "AGENT", ContactId: customer.contactId },
    });
    const body = {
      content: { a: 1 },
      contentType: "application/json",
      role: "CUSTOM_BOT",
      displayName: "Robo",
    } as const;
    const { item } = await control.call("sendMessage", { parameters, body });
    expect(item).toMatchObject({ Content: '{"a":1}', ParticipantRole: "CUSTOM_BOT", DisplayName: "Robo" });
    await untilReceived(customer, item);
    expect(customer.socket.items).toContainEqual(plain.item);
  });

  test("sendMessage sends the message as the participant with the given ID", async () => {
    const { parameters } = await connectCustomer();
    await control.call("joinParticipant", { parameters, body: { role: "AGENT", displayName: "First" } });
    const second = await control.call("joinParticipant", {
      parameters,
      body: { role: "AGENT", displayName: "Second" },
    });
    const byRole = await control.call("sendMessage", { parameters, body: { content: "1" } });
    expect(byRole.item.DisplayName).toBe("First");
    const { participantId } = second;
    const byId = await control.call("sendMessage", { parameters, body: { content: "2", participantId } });
    expect(byId.item).toMatchObject({ DisplayName: "Second", ParticipantId: participantId });
  });

  test("sendEvent sends an event, and every event except typing is stored", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const typing = await control.call("sendEvent", { parameters, body: { name: "typing", role: "AGENT" } });
    expect(typing.item).toMatchObject({ ContentType: `${EVENT}typing`, ParticipantRole: "AGENT" });
    const { item } = await control.call("sendEvent", { parameters, body: { name: "custom", content: "{}" } });
    expect(item).not.toHaveProperty("ParticipantRole");
    await untilReceived(customer, item);
    const { transcript } = await control.call("getContact", { parameters });
    expect(eventsOf(transcript)).toEqual(["participant.joined", "custom"]);
  });

  test("sendReceipt reports that the agent has read a customer's message, and fails if there's no agent", async () => {
    const { parameters, ...customer } = await connectCustomer();
    await chat.send(customer, "Hello");
    const messageId = chat.stored(customer).at(-1)?.Id ?? "";
    const body = { kind: "read", messageId } as const;
    expect(errorOf(await control.send("sendReceipt", { parameters, body })).message).toContain("role AGENT");
    const { participantId } = await control.call("joinParticipant", { parameters, body: { role: "AGENT" } });
    const { item } = await control.call("sendReceipt", { parameters, body });
    expect(item.MessageMetadata).toMatchObject({
      MessageId: messageId,
      Receipts: [{ RecipientParticipantId: participantId, ReadTimestamp: item.AbsoluteTime }],
    });
    const unknown = await control.send("sendReceipt", { parameters, body: { ...body, messageId: "none" } });
    expect(unknown.status).toBe(404);
  });

  test("sendInteractive sends a template with the role SYSTEM", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const template = {
      ...{ templateType: "QuickReply", version: "1.0" },
      data: { content: { title: "Which?", elements: [{ title: "A" }, { title: "B" }] } },
    };
    const { item } = await control.call("sendInteractive", {
      parameters,
      body: { template, displayName: "Bot" },
    });
    expect(item).toMatchObject({
      ContentType: "application/vnd.amazonaws.connect.message.interactive",
      ...{ ParticipantRole: "SYSTEM", DisplayName: "Bot" },
    });
    expect(JSON.parse(item.Content ?? "")).toEqual(template);
    await untilReceived(customer, item);
  });

  test("sendAttachment sends a file, which the customer and getAttachment's caller can download", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const file = {
      name: "a b.txt",
      contentType: "text/plain",
      base64: Buffer.from("Hi <b>").toString("base64"),
    };
    const { item, attachmentId } = await control.call("sendAttachment", { parameters, body: file });
    expect(item.Attachments).toEqual([
      {
        AttachmentId: attachmentId,
        AttachmentName: "a b.txt",
        ContentType: "text/plain",
        Status: "APPROVED",
      },
    ]);
    await untilReceived(customer, item);
    const { body } = await chat.call("/participant/attachment", customer.token, {
      AttachmentId: attachmentId,
    });
    expect(await (await fetch(String(body["Url"]))).text()).toBe("Hi <b>");
    const response = await control.send("getAttachment", { parameters: { ...parameters, attachmentId } });
    expect(response).toMatchObject({ status: 200, body: "Hi <b>" });
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="a%20b.txt"');
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    control.succeeded.add("getAttachment");
    const other = chat.simulator.startChat().ContactId;
    expect(
      (await control.send("getAttachment", { parameters: { contactId: other, attachmentId } })).status,
    ).toBe(404);
  });

  test.each([
    ["an extension that isn't allowed", { name: "a.exe", base64: "AAAA" }, "AttachmentName"],
    ["bytes that aren't Base64", { name: "a.txt", base64: "?" }, "`base64`"],
    ["no bytes", { name: "a.txt", base64: "" }, "`base64`"],
    [
      "too many bytes",
      { name: "a.txt", base64: Buffer.alloc(1_001).toString("base64") },
      "at most 1000 bytes",
    ],
  ])("sendAttachment rejects %s", async (_, file, message) => {
    const { parameters } = await connectCustomer();
    const response = await control.send("sendAttachment", {
      parameters,
      body: { contentType: "text/plain", ...file },
    });
    expect(response.status).toBe(400);
    expect(errorOf(response).message).toContain(message);
  });

  test("streamAnswer sends an answer's pieces in the background and then completes the answer", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const body = { pieces: ["Hel", "lo"], intervalMs: 1, displayName: "Bot" };
    const { id } = await control.call("streamAnswer", { parameters, body });
    const pieces = (): Item[] => customer.socket.items.filter(({ Id }) => Id === id);
    await until(() => pieces().length === 3);
    expect(
      pieces().map(({ Content, MessageMetadata }) => [Content, MessageMetadata?.MessageCompleted]),
    ).toEqual([
      ["Hel", false],
      ["lo", false],
      ["Hello", true],
    ]);
    expect(pieces()[0]).toMatchObject({ ParticipantRole: "SYSTEM", DisplayName: "Bot" });
    expect((await control.send("streamAnswer", { parameters, body: { pieces: [] } })).status).toBe(400);
  });

  test("changeItem changes an item and sends it again, and null removes a field", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const { item } = await control.call("sendMessage", { parameters, body: { content: "Hi there" } });
    const path = { ...parameters, itemId: item.Id };
    const changed = await control.call("changeItem", {
      parameters: path,
      body: { Content: "Hello", DisplayName: null },
    });
    expect(changed.item).toMatchObject({ Id: item.Id, Content: "Hello" });
    expect(changed.item).not.toHaveProperty("DisplayName");
    await until(() => customer.socket.items.some(({ Content }) => Content === "Hello"));
    const unknown = await control.send("changeItem", {
      parameters: { ...parameters, itemId: "none" },
      body: {},
    });
    expect(unknown.status).toBe(404);
  });
});

describe("participants", () => {
  test("joinParticipant adds an agent without a page, who joins immediately and can send messages", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const agent = await control.call("joinParticipant", {
      parameters,
      body: { role: "AGENT", displayName: "Ann" },
    });
    await until(() => eventsOf(customer.socket.items).length === 2);
    expect(customer.socket.items.at(-1)).toMatchObject({
      ...{
        ContentType: `${EVENT}participant.joined`,
        DisplayName: "Ann",
        ParticipantId: agent.participantId,
      },
    });
    const { participants } = await control.call("getContact", { parameters });
    expect(participants[1]).toMatchObject({ role: "AGENT", joined: true, isPlayed: true, connected: false });
    const { item } = await control.call("sendMessage", { parameters, body: { content: "Hi" } });
    expect(item).toMatchObject({ DisplayName: "Ann", ParticipantId: agent.participantId });
  });

  test("joinParticipant with acknowledged: false returns the tokens with which an agent's page joins", async () => {
    const { parameters } = await connectCustomer();
    const body = { role: "AGENT", acknowledged: false } as const;
    const { participantToken, connectionToken } = await control.call("joinParticipant", { parameters, body });
    const before = await control.call("getContact", { parameters });
    expect(before.participants[1]).toMatchObject({ joined: false, isPlayed: false });
    const acknowledge = { ConnectParticipant: true };
    expect((await chat.call("/participant/connection", participantToken, acknowledge)).status).toBe(200);
    const after = await control.call("getContact", { parameters });
    expect(after.participants[1]).toMatchObject({ joined: true });
    expect((await chat.call("/participant/transcript", connectionToken, {})).status).toBe(200);
  });

  test("removeParticipant lets a supervisor leave, and ends the chat when the last agent leaves", async () => {
    const { parameters, ...customer } = await connectCustomer();
    const agent = await control.call("joinParticipant", { parameters, body: { role: "AGENT" } });
    const supervisor = await control.call("joinParticipant", { parameters, body: { role: "SUPERVISOR" } });
    const remove = (participantId: string): Promise<{ left: boolean; ended: boolean }> =>
      control.call("removeParticipant", { parameters: { ...parameters, participantId } });
    expect(await remove(supervisor.participantId)).toEqual({ left: true, ended: false });
    const repeatedCall = { parameters: { ...parameters, participantId: supervisor.participantId } };
    expect((await control.send("removeParticipant", repeatedCall)).status).toBe(409);
    expect(await remove(agent.participantId)).toEqual({ left: true, ended: true });
    await customer.socket.closed;
  });

  test("renameParticipant changes the name of later items", async () => {
    const { parameters } = await connectCustomer();
    const { participantId } = await control.call("joinParticipant", { parameters, body: { role: "AGENT" } });
    const { item } = await control.call("renameParticipant", {
      parameters: { ...parameters, participantId },
      body: { displayName: "Sam" },
    });
    expect(item).toMatchObject({ Content: '{"displayName":"Sam"}', DisplayName: "Sam" });
    const sent = await control.call("sendMessage", { parameters, body: { content: "Hi" } });
    expect(sent.item.DisplayName).toBe("Sam");
    const unknown = { ...parameters, participantId: "none" };
    expect(
      (await control.send("renameParticipant", { parameters: unknown, body: { displayName: "x" } })).status,
    ).toBe(404);
  });

  test("transferContact replaces the agent, and from then on only the new agent can send messages", async () => {
    const { parameters } = await connectCustomer();
    const { participantId } = await control.call("joinParticipant", { parameters, body: { role: "AGENT" } });
    const next = await control.call("transferContact", { parameters, body: { displayName: "Robin" } });
    if ("item" in next) throw new Error("The transfer failed.");
    const { item } = await control.call("sendMessage", { parameters, body: { content: "Hi" } });
    expect(item).toMatchObject({ DisplayName: "Robin", ParticipantId: next.participantId });
    const former = await control.send("sendMessage", { parameters, body: { content: "Hi", participantId } });
    expect(former.status).toBe(409);
    const { transcript, participants } = await control.call("getContact", { parameters });
    expect(eventsOf(transcript).slice(-3)).toEqual([
      "transfer.succeeded",
      "participant.left",
      "participant.joined",
    ]);
    expect(participants.at(-1)).toMatchObject({ isPlayed: true, joined: true });
  });

  test("transferContact can simulate a failed transfer, or wait for the next agent's page to join", async () => {
    const { parameters } = await connectCustomer();
    const failed = await control.call("transferContact", { parameters, body: { outcome: "failed" } });
    expect(failed).toMatchObject({ item: { ContentType: `${EVENT}transfer.failed` } });
    await control.call("transferContact", { parameters, body: { acknowledged: false } });
    const { participants } = await control.call("getContact", { parameters });
    expect(participants.at(-1)).toMatchObject({ isPlayed: false, joined: false });
  });

  test("setIdle reports that the customer is idle, has returned, or was disconnected, and a disconnection ends the chat", async () => {
    const { parameters, socket } = await connectCustomer();
    for (const state of ["idle", "returned", "disconnected"] as const)
      await control.call("setIdle", { parameters, body: { state } });
    await socket.closed;
    expect(eventsOf(socket.items)).toEqual([
      ...["participant.joined", "participant.idle", "participant.returned"],
      ...["participant.autodisconnection", "participant.left", "chat.ended"],
    ]);
  });

  test("authentication asks the customer to sign in, and sends the result once", async () => {
    const { parameters, socket } = await connectCustomer();
    const { sessionId } = await control.call("authentication", { parameters, body: { action: "initiate" } });
    const asked = await control.call("getContact", { parameters });
    expect(asked.authenticationSessionId).toBe(sessionId);
    const result = await control.call("authentication", { parameters, body: { action: "succeed" } });
    expect(result).toMatchObject({ sessionId, item: { ContentType: `${EVENT}authentication.succeeded` } });
    expect((await control.send("authentication", { parameters, body: { action: "fail" } })).status).toBe(409);
    for (const action of ["fail", "timeOut", "expire"] as const) {
      await control.call("authentication", { parameters, body: { action: "initiate", sessionId: "mine" } });
      expect(await control.call("authentication", { parameters, body: { action } })).toMatchObject({
        sessionId: "mine",
      });
    }
    await until(() => eventsOf(socket.items).includes("authentication.expired"));
  });
});

describe("simulator-wide operations", () => {
  test("setView sets the view that DescribeView returns", async () => {
    const customer = await connectCustomer();
    const view = { Id: "v", Content: { Actions: ["ok"] } };
    expect(await control.call("setView", { parameters: { viewToken: "a/b ?" }, body: view })).toEqual({});
    const { body } = await chat.call(`/participant/views/${encodeURIComponent("a/b ?")}`, customer.token);
    expect(body).toEqual({ View: view });
  });

  test("reset removes contacts, sockets, faults, views, traffic and recorded requests", async () => {
    const customer = await connectCustomer();
    chat.simulator.setView("view", {});
    await control.call("addFault", { body: { kind: "latency", delayMs: 1 } });
    expect(await control.call("reset", {})).toEqual({});
    await customer.socket.closed;
    expect(await control.call("getStatus")).toMatchObject({ contacts: 0, sockets: 0, faults: 0 });
    expect((await control.call("listTraffic")).entries).toEqual([]);
    expect(chat.simulator.requests).toEqual([]);
    expect((await chat.send(customer, "Hello")).status).toBe(403);
    const next = await connectCustomer();
    expect((await chat.call("/participant/views/view", next.token)).status).toBe(404);
  });

  test("the operations for behaviors, waits, faults, traffic, snapshots and events succeed", async () => {
    const { parameters } = await connectCustomer();
    const { behaviors } = await control.call("setBehaviors", { parameters, body: { bot: "echo" } });
    expect(behaviors).toMatchObject({ bot: "echo", processing: "none" });
    await control.call("waitFor", { parameters, body: { for: "connected" } });
    const { id } = await control.call("addFault", { body: { kind: "latency", delayMs: 1 } });
    expect((await control.call("listFaults")).faults).toMatchObject([{ id }]);
    await control.call("removeFault", { parameters: { faultId: id } });
    await control.call("clearFaults");
    expect((await control.call("listTraffic")).entries.length).toBeGreaterThan(0);
    await control.call("clearTraffic");
    const snapshot = await control.call("getSnapshot");
    expect(await control.call("restoreSnapshot", { body: snapshot })).toEqual({ contacts: 1 });
    const reader = new EventReader(`${chat.simulator.url}/_control/events`);
    await reader.opened;
    reader.close();
    control.succeeded.add("events");
    await control.call("getOpenApi");
  });
});

describe("invalid requests", () => {
  const startContact = (): { contactId: string } => ({ contactId: chat.simulator.startChat().ContactId });

  test.each<[OperationId, unknown, string]>([
    [
      "startContact",
      { displayname: "A" },
      "`displayname` isn't a known field. Use: displayName, initialMessage",
    ],
    ["startContact", { displayName: 1 }, "`displayName` must be a string; got 1."],
    ["startContact", { displayName: "" }, "`displayName` must be a non-empty string"],
    ["startContact", { attributes: { tier: 1 } }, "`attributes.tier` must be a string; got 1."],
    ["startContact", [], "The value must be an object; got a list."],
    ["sendMessage", {}, "`content` is missing."],
    ["sendMessage", { content: "" }, "`content` must not be empty."],
    ["sendMessage", { content: "Hi", role: "agent" }, '`role` must be one of "AGENT", "CUSTOMER"'],
    ["sendEvent", {}, "`name` is missing."],
    [
      "sendReceipt",
      { kind: "seen", messageId: "1" },
      '`kind` must be one of "read", "delivered"; got "seen".',
    ],
    ["sendInteractive", { template: "{}" }, "`template` must be an object"],
    ["streamAnswer", { pieces: ["a", 2] }, "`pieces[1]` must be a string; got 2."],
    [
      "streamAnswer",
      { pieces: ["a"], intervalMs: -1 },
      "`intervalMs` must be a whole number from 0 to 3600000; got -1.",
    ],
    ["joinParticipant", { role: "CUSTOMER" }, '`role` must be one of "AGENT", "SUPERVISOR"'],
    ["transferContact", { acknowledged: "yes" }, "`acknowledged` must be true or false"],
    ["setBehaviors", { bot: "eliza" }, '`bot` must be "echo"; got "eliza".'],
    ["waitFor", { for: "message", timeoutMs: 1e9 }, "`timeoutMs` must be a whole number from 0 to 120000"],
    ["waitFor", { for: "message", pattern: "(" }, "`pattern` isn't a regular expression"],
    ["waitFor", { for: "message", sinceId: "none" }, "`sinceId`: the transcript has no item none."],
    ["addFault", { kind: "chaos" }, '`kind` must be one of "latency", "error"'],
    [
      "addFault",
      { kind: "error", operation: "*", status: 200 },
      "`status` must be a whole number from 400 to 599",
    ],
    ["addFault", { kind: "cut", operation: "*", when: "now" }, '`when` must be one of "before", "after"'],
    [
      "addFault",
      { kind: "latency", delayMs: 1, scope: { times: 0 } },
      "`scope.times` must be a whole number of at least 1",
    ],
    [
      "addFault",
      { kind: "latency", delayMs: 1, scope: { chance: 2 } },
      "`scope.chance` must be a number from 0 to 1",
    ],
    ["addFault", { kind: "latency", delayMs: 1, operations: "*" }, "`operations` isn't a known field."],
    ["restoreSnapshot", { version: 2 }, "`version` must be 1; got 2."],
    ["endContact", { now: true }, "must be absent"],
  ])("%s rejects %j with 400 and a message that names the invalid field", async (id, body, message) => {
    const { method, path } = OPERATIONS[id];
    const response = await control.fetch(method, path.replace("{contactId}", startContact().contactId), body);
    expect(response.status).toBe(400);
    expect(errorOf(response)).toMatchObject({ code: "BadRequest" });
    expect(errorOf(response).message).toContain(message);
  });

  test("a body that isn't JSON, or isn't declared as JSON, is rejected with 400", async () => {
    const text = await control.fetch("POST", "/_control/contacts", "{");
    expect([text.status, errorOf(text).message]).toEqual([400, expect.stringContaining("isn't valid JSON")]);
    const form = await control.fetch("POST", "/_control/contacts", "a=b", { "content-type": "text/plain" });
    expect([form.status, errorOf(form).message]).toEqual([400, expect.stringContaining("application/json")]);
  });

  test("the error for an invalid query names the parameter", async () => {
    const number = await control.fetch("GET", "/_control/traffic?sinceNumber=x");
    expect(errorOf(number).message).toContain("`sinceNumber` must be a whole number of at least 0");
    const unknown = await control.fetch("GET", "/_control/traffic?since=1");
    expect(errorOf(unknown).message).toContain("`since` isn't a known field");
  });

  test("a path with invalid URL encoding is rejected with 400", async () => {
    expect((await control.fetch("GET", "/_control/contacts/%E0%A4%A")).status).toBe(400);
  });

  test("each contact operation rejects an unknown contact with 404", async () => {
    const bodies: Partial<Record<OperationId, unknown>> = {
      sendMessage: { content: "Hi" },
      sendEvent: { name: "typing" },
      sendReceipt: { kind: "read", messageId: "1" },
      sendInteractive: { template: {} },
      sendAttachment: { name: "a.txt", contentType: "text/plain", base64: "AAAA" },
      streamAnswer: { pieces: ["a"] },
      joinParticipant: { role: "AGENT" },
      renameParticipant: { displayName: "a" },
      setIdle: { state: "idle" },
      authentication: { action: "initiate" },
      waitFor: { for: "end" },
    };
    for (const [id, { method, path }] of Object.entries(OPERATIONS)) {
      if (!path.includes("{contactId}")) continue;
      const body =
        method === "GET" || method === "DELETE" ? undefined : ((bodies as Record<string, unknown>)[id] ?? {});
      const response = await control.fetch(method, path.replace(/\{\w+\}/g, "none"), body);
      expect([id, response.status, errorOf(response).message]).toEqual([
        id,
        404,
        "There is no contact none.",
      ]);
    }
  });

  test("operations that need an active chat fail with 409 after the chat has ended", async () => {
    const parameters = startContact();
    chat.simulator.contact(parameters.contactId).end();
    const responses = [
      await control.send("sendMessage", { parameters, body: { content: "Hi" } }),
      await control.send("joinParticipant", { parameters, body: { role: "AGENT" } }),
      await control.send("transferContact", { parameters, body: {} }),
      await control.send("setBehaviors", { parameters, body: {} }),
      await control.send("waitFor", { parameters, body: { for: "message" } }),
    ];
    for (const response of responses) {
      expect(response.status).toBe(409);
      expect(errorOf(response)).toMatchObject({
        code: "Conflict",
        message: expect.stringContaining("ended"),
      });
    }
  });
});
