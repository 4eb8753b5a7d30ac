/** Waiting for what a page does: over HTTP, and with `simulator.contact(id).waitFor…`. */
import { describe, expect, test } from "@jest/globals";
import { WaitError, type ContactScript } from "../../simulator/index";
import { ControlClient, errorOf } from "./support/control";
import { simulateChat, type Party } from "./support/simulated-chat";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);
const script = ({ contactId }: Party): ContactScript => chat.simulator.contact(contactId);

describe("the operation waitFor", () => {
  test("answers at once with the first message that matches, if there is one", async () => {
    const one = await chat.customer();
    script(one).say("I'm the agent");
    await chat.send(one, "first");
    await chat.send(one, "second");
    const first = await control.call("waitFor", { parameters: one, body: { for: "message" } });
    expect(first.item.Content).toBe("first");
    const { item } = await control.call("waitFor", {
      parameters: one,
      body: { for: "message", matches: "eco" },
    });
    expect(item.Content).toBe("second");
    const agents = await control.call("waitFor", {
      parameters: one,
      body: { for: "message", role: "AGENT" },
    });
    expect(agents.item.Content).toBe("I'm the agent");
  });

  test("answers when the message comes; sinceId leaves out earlier ones", async () => {
    const one = await chat.customer();
    await chat.send(one, "Hello 1");
    const sinceId = chat.stored(one).at(-1)?.Id ?? "";
    const body = { for: "message", pattern: "^hello \\d$|^Hello \\d$", sinceId } as const;
    const waiting = control.call("waitFor", { parameters: one, body });
    await chat.send(one, "Hello all");
    await chat.send(one, "Hello 2");
    expect((await waiting).item.Content).toBe("Hello 2");
  });

  test("answers 408 after timeoutMs, and lists what did come", async () => {
    const one = await chat.customer();
    await chat.send(one, "Good day");
    const body = { for: "message", matches: "Hello", timeoutMs: 20 } as const;
    const answer = await control.send("waitFor", { parameters: one, body });
    expect(answer.status).toBe(408);
    expect(errorOf(answer)).toEqual({
      code: "Timeout",
      message:
        'The chat had no message from CUSTOMER that contains "Hello" within 20 ms. ' +
        'What did come: message from CUSTOMER "Good day".',
    });
    const none = await control.send("waitFor", { parameters: await chat.customer(), body });
    expect(errorOf(none).message).toContain("Nothing came.");
  });

  test("events: by name, live ones such as typing too", async () => {
    const one = await chat.withSocket(chat.customer());
    const waiting = control.call("waitFor", { parameters: one, body: { for: "event", name: "typing" } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await chat.sendEvent(one, "typing");
    expect((await waiting).item.ParticipantRole).toBe("CUSTOMER");
    const body = { for: "event", name: "participant.joined", role: "CUSTOMER" } as const;
    expect((await control.call("waitFor", { parameters: one, body })).item.Type).toBe("EVENT");
  });

  test("attachments by file name, receipts by message ID and role", async () => {
    const { customer: one, agent: other } = await chat.pair();
    const { contactId } = one;
    const file = { name: "a.txt", contentType: "text/plain", base64: "AAAA", role: "CUSTOMER" } as const;
    await control.call("sendAttachment", { parameters: { contactId }, body: file });
    const attachment = { for: "attachment", matches: "a.txt" } as const;
    expect((await control.call("waitFor", { parameters: one, body: attachment })).item.Type).toBe(
      "ATTACHMENT",
    );
    const message = script(one).say("Read me");
    await chat.sendEvent(other, "message.delivered", { messageId: message.Id });
    const body = { for: "receipt", matches: message.Id, timeoutMs: 10 } as const;
    expect((await control.send("waitFor", { parameters: one, body })).status).toBe(408);
    await chat.sendEvent(one, "message.read", { messageId: message.Id });
    const { item } = await control.call("waitFor", { parameters: one, body: { ...body, timeoutMs: 5_000 } });
    expect(item.MessageMetadata?.Receipts?.[0]?.RecipientParticipantId).toBe(one.participantId);
  });

  test("connected: waits for the customer's socket, again after it was lost", async () => {
    const one = await chat.customer();
    const body = { for: "connected" } as const;
    const waiting = control.call("waitFor", { parameters: one, body });
    const socket = await chat.subscribe(chat.socketUrl(one));
    expect((await waiting).item.ParticipantId).toBe(one.participantId);
    chat.simulator.dropSockets();
    await socket.closed;
    expect(
      (await control.send("waitFor", { parameters: one, body: { ...body, timeoutMs: 10 } })).status,
    ).toBe(408);
    const again = control.call("waitFor", { parameters: one, body });
    await chat.subscribe(chat.socketUrl(one));
    await again;
  });

  test("end: answers when the chat ends, and at once if it has", async () => {
    const one = await chat.customer();
    const body = { for: "end" } as const;
    const waiting = control.call("waitFor", { parameters: one, body });
    script(one).end();
    const { item } = await waiting;
    expect(item.ContentType).toMatch(/chat\.ended$/);
    expect(await control.call("waitFor", { parameters: one, body })).toEqual({ item });
  });

  test("a chat that ends while a caller waits answers 409 at once", async () => {
    const one = await chat.customer();
    const waiting = control.send("waitFor", { parameters: one, body: { for: "message", timeoutMs: 60_000 } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    script(one).end();
    const answer = await waiting;
    expect(answer.status).toBe(409);
    expect(errorOf(answer).message).toContain("before the chat ended. What did come: event chat.ended.");
  });
});

describe("in a test's code", () => {
  test("waitForMessage takes a text, a regular expression, a function, or nothing", async () => {
    const one = await chat.customer();
    const contact = script(one);
    const waits = [
      contact.waitForMessage(),
      contact.waitForMessage("order"),
      contact.waitForMessage(/^order \d+$/gi),
      contact.waitForMessage(({ Content }) => Content === "Order 66"),
    ];
    await chat.send(one, "Hello");
    await chat.send(one, "my order");
    await chat.send(one, "Order 66");
    expect((await Promise.all(waits)).map(({ Content }) => Content)).toEqual([
      ...["Hello", "my order"],
      ...["Order 66", "Order 66"],
    ]);
  });

  test("waitForEvent, waitForEnd and waitFor resolve with items", async () => {
    const one = await chat.withSocket(chat.customer());
    const contact = script(one);
    expect((await contact.waitForEvent("participant.joined")).ParticipantRole).toBe("CUSTOMER");
    expect(await contact.waitFor({ for: "connected" })).toMatchObject({ Type: "EVENT" });
    const end = contact.waitForEnd();
    await chat.leave(one);
    expect((await end).ContentType).toMatch(/chat\.ended$/);
  });

  test("options: role, sinceId and timeoutMs", async () => {
    const one = await chat.customer();
    const contact = script(one);
    const { Id } = contact.say("1");
    const waiting = contact.waitForMessage(undefined, { role: "AGENT", sinceId: Id });
    contact.say("2");
    expect((await waiting).Content).toBe("2");
    const late = contact.waitForMessage(/3/, { timeoutMs: 10 });
    await expect(late).rejects.toThrow("no message from CUSTOMER that matches /3/ within 10 ms");
  });

  test("a wait fails with a WaitError that says why: timeout, ended, closed, invalid", async () => {
    const failureOf = async (waiting: Promise<unknown>): Promise<unknown> => {
      const error: unknown = await waiting.catch((reason: unknown) => reason);
      return error instanceof WaitError ? error.failure : error;
    };
    const [one, other] = [await chat.customer(), await chat.customer()];
    expect(await failureOf(script(one).waitForMessage("x", { timeoutMs: 0 }))).toBe("timeout");
    expect(await failureOf(script(one).waitForMessage("x", { sinceId: "none" }))).toBe("invalid");
    const pending = failureOf(script(one).waitForMessage("x"));
    script(one).end();
    expect(await pending).toBe("ended");
    const open = failureOf(script(other).waitForMessage("x"));
    await chat.simulator.close();
    expect(await open).toBe("closed");
  });
});
