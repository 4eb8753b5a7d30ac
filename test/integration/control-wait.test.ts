/** Waiting for a page's actions, over HTTP and with `simulator.contact(id).waitFor…`. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ControlApi } from "../../simulator/control/control";
import { Engine } from "../../simulator/engine";
import { Guard } from "../../simulator/guard";
import { WaitError, type ContactScript } from "../../simulator/index";
import { ControlClient, errorOf } from "./support/control";
import { simulateChat, type Party } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);
const script = ({ contactId }: Party): ContactScript => chat.simulator.contact(contactId);

describe("the operation waitFor", () => {
  test("immediately returns the first matching message in the transcript", async () => {
    const customer = await chat.customer();
    script(customer).say("I'm the agent");
    await chat.send(customer, "first");
    await chat.send(customer, "second");
    const first = await control.call("waitFor", { parameters: customer, body: { for: "message" } });
    expect(first.item.Content).toBe("first");
    const { item } = await control.call("waitFor", {
      parameters: customer,
      body: { for: "message", matches: "eco" },
    });
    expect(item.Content).toBe("second");
    const agents = await control.call("waitFor", {
      parameters: customer,
      body: { for: "message", role: "AGENT" },
    });
    expect(agents.item.Content).toBe("I'm the agent");
  });

  test("with sinceId, ignores earlier messages and waits for a new match", async () => {
    const customer = await chat.customer();
    await chat.send(customer, "Hello 1");
    const sinceId = chat.stored(customer).at(-1)?.Id ?? "";
    const body = { for: "message", pattern: "^hello \\d$|^Hello \\d$", sinceId } as const;
    const waiting = control.call("waitFor", { parameters: customer, body });
    await chat.send(customer, "Hello all");
    await chat.send(customer, "Hello 2");
    expect((await waiting).item.Content).toBe("Hello 2");
  });

  test("fails with 408 after timeoutMs and lists the items that arrived", async () => {
    const customer = await chat.customer();
    await chat.send(customer, "Good day");
    const body = { for: "message", matches: "Hello", timeoutMs: 20 } as const;
    const response = await control.send("waitFor", { parameters: customer, body });
    expect(response.status).toBe(408);
    expect(errorOf(response)).toEqual({
      code: "Timeout",
      message:
        'The chat had no message from CUSTOMER that contains "Hello" within 20 ms. ' +
        'What did come: message from CUSTOMER "Good day".',
    });
    const none = await control.send("waitFor", { parameters: await chat.customer(), body });
    expect(errorOf(none).message).toContain("Nothing came.");
  });

  test("waits for an event by name, even for an event that isn't stored, such as typing", async () => {
    const customer = await chat.withSocket(chat.customer());
    const waiting = control.call("waitFor", { parameters: customer, body: { for: "event", name: "typing" } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await chat.sendEvent(customer, "typing");
    expect((await waiting).item.ParticipantRole).toBe("CUSTOMER");
    const body = { for: "event", name: "participant.joined", role: "CUSTOMER" } as const;
    expect((await control.call("waitFor", { parameters: customer, body })).item.Type).toBe("EVENT");
  });

  test("waits for an attachment by file name, and for a receipt by message ID and role", async () => {
    const { customer, agent } = await chat.pair();
    const { contactId } = customer;
    const file = { name: "a.txt", contentType: "text/plain", base64: "AAAA", role: "CUSTOMER" } as const;
    await control.call("sendAttachment", { parameters: { contactId }, body: file });
    const attachment = { for: "attachment", matches: "a.txt" } as const;
    expect((await control.call("waitFor", { parameters: customer, body: attachment })).item.Type).toBe(
      "ATTACHMENT",
    );
    const message = script(customer).say("Read me");
    await chat.sendEvent(agent, "message.delivered", { messageId: message.Id });
    const body = { for: "receipt", matches: message.Id, timeoutMs: 10 } as const;
    expect((await control.send("waitFor", { parameters: customer, body })).status).toBe(408);
    await chat.sendEvent(customer, "message.read", { messageId: message.Id });
    const { item } = await control.call("waitFor", {
      parameters: customer,
      body: { ...body, timeoutMs: 5_000 },
    });
    expect(item.MessageMetadata?.Receipts?.[0]?.RecipientParticipantId).toBe(customer.participantId);
  });

  test("waits until the customer is connected, and waits again if the connection was lost", async () => {
    const customer = await chat.customer();
    const body = { for: "connected" } as const;
    const waiting = control.call("waitFor", { parameters: customer, body });
    const socket = await chat.subscribe(chat.socketUrl(customer));
    expect((await waiting).item.ParticipantId).toBe(customer.participantId);
    chat.simulator.dropSockets();
    await socket.closed;
    expect(
      (await control.send("waitFor", { parameters: customer, body: { ...body, timeoutMs: 10 } })).status,
    ).toBe(408);
    const repeatedCall = control.call("waitFor", { parameters: customer, body });
    await chat.subscribe(chat.socketUrl(customer));
    await repeatedCall;
  });

  test("waits for the end of the chat, and returns immediately if the chat has already ended", async () => {
    const customer = await chat.customer();
    const body = { for: "end" } as const;
    const waiting = control.call("waitFor", { parameters: customer, body });
    script(customer).end();
    const { item } = await waiting;
    expect(item.ContentType).toMatch(/chat\.ended$/);
    expect(await control.call("waitFor", { parameters: customer, body })).toEqual({ item });
  });
});

describe("waiting in a test's code", () => {
  test("waitForMessage accepts a text, a regular expression, a function, or no condition", async () => {
    const customer = await chat.customer();
    const contact = script(customer);
    const waits = [
      contact.waitForMessage(),
      contact.waitForMessage("order"),
      contact.waitForMessage(/^order \d+$/gi),
      contact.waitForMessage(({ Content }) => Content === "Order 66"),
    ];
    await chat.send(customer, "Hello");
    await chat.send(customer, "my order");
    await chat.send(customer, "Order 66");
    expect((await Promise.all(waits)).map(({ Content }) => Content)).toEqual([
      ...["Hello", "my order"],
      ...["Order 66", "Order 66"],
    ]);
  });

  test("waitForEvent, waitForEnd and waitFor resolve with the awaited item", async () => {
    const customer = await chat.withSocket(chat.customer());
    const contact = script(customer);
    expect((await contact.waitForEvent("participant.joined")).ParticipantRole).toBe("CUSTOMER");
    expect(await contact.waitFor({ for: "connected" })).toMatchObject({ Type: "EVENT" });
    const end = contact.waitForEnd();
    await chat.leave(customer);
    expect((await end).ContentType).toMatch(/chat\.ended$/);
  });

  test("waitForMessage applies the options role, sinceId and timeoutMs", async () => {
    const customer = await chat.customer();
    const contact = script(customer);
    const { Id } = contact.say("1");
    const waiting = contact.waitForMessage(undefined, { role: "AGENT", sinceId: Id });
    contact.say("2");
    expect((await waiting).Content).toBe("2");
    const late = contact.waitForMessage(/3/, { timeoutMs: 10 });
    await expect(late).rejects.toThrow("no message from CUSTOMER that matches /3/ within 10 ms");
  });

  test("a failed wait rejects with a WaitError whose `failure` is timeout, ended, closed or invalid", async () => {
    const failureOf = async (waiting: Promise<unknown>): Promise<unknown> => {
      const error: unknown = await waiting.catch((reason: unknown) => reason);
      return error instanceof WaitError ? error.failure : error;
    };
    const [customer, otherCustomer] = [await chat.customer(), await chat.customer()];
    expect(await failureOf(script(customer).waitForMessage("x", { timeoutMs: 0 }))).toBe("timeout");
    expect(await failureOf(script(customer).waitForMessage("x", { sinceId: "none" }))).toBe("invalid");
    const pending = failureOf(script(customer).waitForMessage("x"));
    script(customer).end();
    expect(await pending).toBe("ended");
    const open = failureOf(script(otherCustomer).waitForMessage("x"));
    await chat.simulator.close();
    expect(await open).toBe("closed");
  });
});

describe("a pending wait", () => {
  let engine: Engine;
  let api: ControlApi;
  let server: Server;

  beforeEach(async () => {
    engine = new Engine({});
    api = new ControlApi({
      engine,
      guard: new Guard({ allowOrigins: [], host: "127.0.0.1", reportProblem: engine.reportProblem }),
      url: () => "",
      restart: () => Promise.resolve(),
      clearRequests: () => undefined,
    });
    server = createServer((incoming, response) => {
      void api.handle(incoming, response, new URL(`http://localhost${incoming.url ?? "/"}`));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    api.close();
    engine.close();
  });

  const waitForMessage = (contactId: string, signal: AbortSignal | null = null): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/_control/contacts/${contactId}/wait`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"for":"message","timeoutMs":120000}',
      signal,
    });

  test("fails immediately with 409 if the chat ends before the awaited item arrives", async () => {
    const { ContactId } = engine.startChat();
    const waiting = waitForMessage(ContactId);
    await until(() => engine.waits.size === 1);
    engine.script(ContactId).end();
    const response = await waiting;
    expect(response.status).toBe(409);
    expect(await response.text()).toContain("before the chat ended. What did come: event chat.ended.");
  });

  test("is canceled if its caller disconnects", async () => {
    const caller = new AbortController();
    const waiting = waitForMessage(engine.startChat().ContactId, caller.signal);
    const disconnected = expect(waiting).rejects.toThrow();
    await until(() => engine.waits.size === 1);
    caller.abort();
    await disconnected;
    await until(() => engine.waits.size === 0);
  });
});

test("a pattern of more than 200 characters is refused, because it runs on the simulator", async () => {
  const customer = await chat.customer();
  const wait = (length: number): ReturnType<typeof control.send> =>
    control.send("waitFor", {
      parameters: customer,
      body: { for: "message", pattern: "a".repeat(length), timeoutMs: 0 },
    });
  expect((await wait(200)).status).toBe(408);
  const response = await wait(201);
  expect(response.status).toBe(400);
  expect(errorOf(response).message).toContain("`pattern` must be a string of at most 200 characters");
});
