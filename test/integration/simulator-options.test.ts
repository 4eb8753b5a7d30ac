/** The options latencyMs, transcriptLagMs, seed, bot and log. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { echoBot } from "../../simulator/bot";
import type { AnsweredRequest, ContactScript, Simulator, SimulatorOptions } from "../../simulator/index";
import { visibleItems, type Item } from "../../simulator/items";
import { callService, type ServiceResponse } from "./support/call-service";
import { itemsOf, part, simulateChat, SimulatedChat, textsOf, type Party } from "./support/simulated-chat";
import { until } from "./support/wait";

const chats: SimulatedChat[] = [];

async function chatWith(options: SimulatorOptions): Promise<SimulatedChat> {
  const chat = new SimulatedChat();
  await chat.start(options);
  chats.push(chat);
  return chat;
}

afterEach(async () => {
  for (const chat of chats.splice(0)) await chat.close();
});

describe("latencyMs", () => {
  test("lets a delayed call succeed", async () => {
    const chat = await chatWith({ latencyMs: 1 });
    const customer = await chat.customer();
    expect((await chat.send(customer, "Hello")).status).toBe(200);
  });

  test("delays a call before the service processes it, and close() cuts the delayed call", async () => {
    const chat = await chatWith({ latencyMs: 3_600_000 });
    const { ContactId, ParticipantId } = chat.simulator.startChat();
    const { participantToken } = chat.simulator.connectionTokenOf(ParticipantId).chatTokenTransport;
    const sent = callService(`${chat.simulator.url}/participant/message`, participantToken, {
      Content: "Hello",
      ContentType: "text/plain",
    });
    const outcome = expect(sent).rejects.toThrow();
    await until(() => chat.simulator.requests.length > 0);
    // This later request isn't a service call, so it isn't delayed.
    await fetch(chat.simulator.url);
    expect(chat.simulator.contact(ContactId).transcript).toEqual([]);
    expect(chat.simulator.requests[0]?.status).toBe(0);
    await chat.simulator.close();
    await outcome;
  });

  test("delays a download", async () => {
    const chat = await chatWith({ latencyMs: 3_600_000 });
    const download = expect(fetch(`${chat.simulator.url}/storage/x`)).rejects.toThrow();
    await fetch(chat.simulator.url);
    await chat.simulator.close();
    await download;
  });
});

describe("transcriptLagMs", () => {
  const LAG_MS = 1_000;
  const chat = simulateChat({ transcriptLagMs: LAG_MS });
  const read = ({ token }: Party, query: object = {}): Promise<ServiceResponse> =>
    chat.call("/participant/transcript", token, { SortOrder: "ASCENDING", ...query });

  test("delays an item in GetTranscript's responses, but not on sockets", async () => {
    const customer = await chat.withSocket(chat.customer());
    chat.now += LAG_MS;
    chat.simulator.contact(customer.contactId).say("Hello");
    await customer.socket.pong();
    expect(customer.socket.items.at(-1)?.Content).toBe("Hello");
    expect(textsOf(await read(customer))).not.toContain("Hello");
    // Each item's timestamp is at least one millisecond after the previous item's.
    chat.now += LAG_MS + 1;
    expect(textsOf(await read(customer))).toContain("Hello");
  });

  test("keeps pages in order while the transcript catches up", async () => {
    const customer = await chat.customer();
    const contact = chat.simulator.contact(customer.contactId);
    const first = contact.say("1").Id;
    for (const text of ["2", "3"]) contact.say(text);
    chat.now += LAG_MS + 10;
    contact.say("4");
    const forward = { ScanDirection: "FORWARD", MaxResults: 2 };
    const page = await read(customer, { ...forward, StartPosition: { Id: first } });
    expect(textsOf(page)).toEqual(["1", "2"]);
    chat.now += LAG_MS + 10;
    const next = await read(customer, { ...forward, NextToken: page.body["NextToken"] });
    expect(textsOf(next)).toEqual(["3", "4"]);
    expect(next.body["NextToken"]).toBeUndefined();
  });

  test("allows a scan to start at an item that the transcript doesn't contain yet", async () => {
    const customer = await chat.customer();
    const contact = chat.simulator.contact(customer.contactId);
    contact.say("old");
    chat.now += LAG_MS + 10;
    const { Id } = contact.say("new");
    const scan = async (ScanDirection: string): Promise<unknown> =>
      textsOf(await read(customer, { ScanDirection, StartPosition: { Id } }));
    expect(await scan("FORWARD")).toEqual([]);
    expect(await scan("BACKWARD")).toEqual(["old"]);
  });

  test("doesn't hide the items after an item with a future timestamp", () => {
    const item = (AbsoluteTime: string): Item => ({
      Id: AbsoluteTime,
      AbsoluteTime,
      Type: "MESSAGE",
      ContentType: "text/plain",
    });
    const items = ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-01-01T00:00:01Z"].map(item);
    const visibleAt = (time: string): number => visibleItems(items, Date.parse(time)).length;
    expect(["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"].map(visibleAt)).toEqual([
      0, 1, 3,
    ]);
  });
});

test("the same seed produces the same faults, and another seed produces other faults", async () => {
  const statuses = async (seed?: number): Promise<number[]> => {
    const chat = await chatWith(seed === undefined ? {} : { seed });
    const customer = await chat.customer();
    chat.simulator.faults.failNext("SendMessage", {
      status: 500,
      chance: 0.5,
      times: Number.POSITIVE_INFINITY,
    });
    const all: number[] = [];
    for (let count = 0; count < 24; count++) all.push((await chat.send(customer, "Hello")).status);
    return all;
  };
  const seven = await statuses(7);
  expect(await statuses(7)).toEqual(seven);
  expect(await statuses(8)).not.toEqual(seven);
  expect(await statuses()).toEqual(await statuses(1));
});

describe("the bot option", () => {
  test("echo repeats the customer's messages and ignores the agent's messages", async () => {
    const chat = await chatWith({ bot: "echo" });
    const { customer, agent } = await chat.pair();
    const contact = chat.simulator.contact(customer.contactId);
    const spokenTexts = (): unknown =>
      contact.transcript.filter(({ Type }) => Type !== "EVENT").map(({ Content }) => Content);
    await chat.send(agent, "I'm the agent");
    await chat.send(customer, "Hello");
    await until(() => contact.transcript.at(-1)?.Content === "You said: Hello");
    expect(spokenTexts()).toEqual(["I'm the agent", "Hello", "You said: Hello"]);
    expect(contact.transcript.at(-1)).toMatchObject({ ParticipantRole: "SYSTEM", DisplayName: "Bot" });
  });

  test("echo doesn't reply after the chat has ended", async () => {
    const chat = await chatWith({
      bot: (contact) => {
        contact.onMessage(() => contact.end());
        echoBot(contact);
      },
    });
    const customer = await chat.customer();
    const contact = chat.simulator.contact(customer.contactId);
    const handled = new Promise<void>((resolve) => contact.onMessage(() => resolve()));
    await chat.send(customer, "Bye");
    await handled;
    expect(contact.transcript.at(-1)?.ContentType).toMatch(/chat\.ended$/);
  });

  test("can be a function, which is called for each new chat, even if a page starts the chat", async () => {
    const contacts: ContactScript[] = [];
    const chat = await chatWith({ bot: (contact) => contacts.push(contact) });
    const { ContactId } = chat.simulator.startChat();
    const { body } = await chat.call("/start-chat", "", {});
    expect(contacts.map(({ contactId }) => contactId)).toEqual([ContactId, body["ContactId"]]);
  });

  test("a function is also called with each restored chat that hasn't ended, and isRestored is true", async () => {
    const earlier = await chatWith({});
    const open = earlier.simulator.startChat().ContactId;
    earlier.simulator.contact(earlier.simulator.startChat().ContactId).end();
    const calls: [contactId: string, isRestored: boolean][] = [];
    const chat = await chatWith({
      bot: ({ contactId }, { isRestored }) => calls.push([contactId, isRestored]),
      snapshot: earlier.simulator.snapshot(),
    });
    const started = chat.simulator.startChat().ContactId;
    expect(calls).toEqual([
      [open, true],
      [started, false],
    ]);
    chat.simulator.restore(chat.simulator.snapshot());
    expect(calls.slice(2)).toEqual([
      [open, true],
      [started, true],
    ]);
  });
});

test("maxRequests: only the latest calls are kept", async () => {
  const chat = await chatWith({ maxRequests: 2 });
  const customer = await chat.customer();
  for (const text of ["First", "Second", "Third"]) await chat.send(customer, text);
  expect(chat.simulator.requests.map(({ body }) => body["Content"])).toEqual(["Second", "Third"]);
});

describe("the log option", () => {
  const loggedRequests: AnsweredRequest[] = [];
  const lines = (): unknown =>
    loggedRequests.map(({ method, path, status }) => `${method} ${path} ${status}`);
  let simulator: Simulator;
  const start = async (): Promise<SimulatedChat> => {
    loggedRequests.length = 0;
    const chat = await chatWith({ log: (each) => loggedRequests.push(each) });
    simulator = chat.simulator;
    return chat;
  };

  test("receives each request with its status, but without queries and tokens", async () => {
    const chat = await start();
    const customer = await chat.customer();
    await chat.subscribe(chat.socketUrl(customer));
    await chat.call("/participant/views/secret-view-token", customer.token);
    await chat.call("/nothing?secret=1", "").catch(() => undefined);
    await until(() => loggedRequests.length === 4);
    expect(lines()).toEqual([
      "POST /participant/connection 200",
      "GET /socket 101",
      "GET /participant/views/… 404",
      "GET /nothing 404",
    ]);
    expect(loggedRequests[0]).toMatchObject({ at: chat.now, durationMs: 0 });
  });

  test("receives a refused socket with its status, and a call that was cut with the status 0", async () => {
    const chat = await start();
    const customer = await chat.customer();
    simulator.faults.refuseSockets({ status: 503 });
    await expect(chat.open(chat.socketUrl(customer))).rejects.toThrow("503");
    simulator.faults.cutNext("SendMessage", { when: "before" });
    await expect(chat.send(customer, "Hello")).rejects.toThrow();
    await until(() => loggedRequests.length === 3);
    expect(lines()).toEqual([
      "POST /participant/connection 200",
      "GET /socket 503",
      "POST /participant/message 0",
    ]);
  });
});

test("a stored file is sent as a download that browsers don't interpret", async () => {
  const chat = await chatWith({});
  const customer = await chat.customer();
  const { body } = await chat.call("/participant/start-attachment-upload", customer.token, {
    AttachmentName: "a page.txt",
    ContentType: "text/html",
    AttachmentSizeInBytes: 1,
    ClientToken: "1",
  });
  const { Url, HeadersToInclude } = part(body, "UploadMetadata");
  const headers = { ...(HeadersToInclude as Record<string, string>) };
  await fetch(String(Url), { method: "PUT", headers, body: "x" });
  const AttachmentIds = [body["AttachmentId"]];
  await chat.call("/participant/complete-attachment-upload", customer.token, {
    AttachmentIds,
    ClientToken: "2",
  });
  const response = await chat.call("/participant/attachment", customer.token, {
    AttachmentId: body["AttachmentId"],
  });
  const stored = await fetch(String(response.body["Url"]));
  expect(Object.fromEntries(stored.headers)).toMatchObject({
    "content-type": "text/html",
    "content-disposition": 'attachment; filename="a%20page.txt"',
    "x-content-type-options": "nosniff",
  });
  expect(itemsOf(await chat.call("/participant/transcript", customer.token, {})).at(-1)?.Type).toBe(
    "ATTACHMENT",
  );
});
