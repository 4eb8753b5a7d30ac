/** Faults in calls and storage requests, by operation, participant, count, chance and duration. */
import { describe, expect, test } from "@jest/globals";
import { ANY_OPERATION, type FailWith } from "../../simulator/index";
import { part, simulateChat, type Party } from "./support/simulated-chat";

const chat = simulateChat();

const statusOf = async (call: Promise<{ status: number }>): Promise<number> => (await call).status;

/** Sends a message and returns the unparsed response. */
const send = ({ token }: Party): Promise<Response> =>
  fetch(`${chat.simulator.url}/participant/message`, {
    method: "POST",
    headers: { "x-amz-bearer": token },
    body: JSON.stringify({ Content: "x", ContentType: "text/plain", ClientToken: "token" }),
  });

describe("a fault's scope", () => {
  test("can be one participant's calls", async () => {
    const [customer, other] = [await chat.customer(), await chat.customer()];
    chat.simulator.faults.failNext("SendMessage", { status: 500, participantId: customer.participantId });
    expect(await statusOf(chat.send(other, "a"))).toBe(200);
    expect(await statusOf(chat.send(customer, "b"))).toBe(500);
    expect(await statusOf(chat.send(customer, "c"))).toBe(200);
  });

  test("can be all operations, for a limited time", async () => {
    const customer = await chat.customer();
    chat.simulator.faults.failNext(ANY_OPERATION, { status: 503, forMs: 100, contactId: customer.contactId });
    expect(await statusOf(chat.send(customer, "a"))).toBe(503);
    expect(await statusOf(chat.call("/participant/transcript", customer.token, {}))).toBe(503);
    chat.now += 100;
    expect(await statusOf(chat.send(customer, "b"))).toBe(200);
  });

  test("can be a random share of the calls", async () => {
    const customer = await chat.customer();
    chat.simulator.faults.seed(11);
    chat.simulator.faults.failNext("SendMessage", { status: 500, chance: 0.5 });
    const statuses: number[] = [];
    for (let call = 0; call < 30; call += 1) statuses.push(await statusOf(chat.send(customer, "a")));
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
  });

  test("ends when the fault is canceled, after which calls succeed", async () => {
    const customer = await chat.customer();
    const cancel = chat.simulator.faults.failNext("SendMessage", { status: 500, times: 9 });
    expect(await statusOf(chat.send(customer, "a"))).toBe(500);
    cancel();
    expect(await statusOf(chat.send(customer, "b"))).toBe(200);
  });
});

describe("an error response", () => {
  /** Makes a SendMessage fail and returns the response that the client receives. */
  async function errorResponse(fault: FailWith): Promise<unknown[]> {
    const customer = await chat.customer();
    chat.simulator.faults.failNext("SendMessage", fault);
    const { status, headers, text } = await send(customer).then(async (response) => ({
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    }));
    expect(chat.stored(customer)).toEqual([]);
    expect(chat.simulator.requests.at(-1)).toMatchObject({ status, answeredAt: null });
    return [status, headers.get("x-amzn-errortype"), headers.get("content-type"), text];
  }

  test("comes from the service by default, with the error's name in the header", async () => {
    const named = [403, "AccessDeniedException", "application/json", '{"message":"AccessDeniedException"}'];
    expect(await errorResponse({ status: 403 })).toEqual(named);
    expect(await errorResponse({ status: 403, from: "service" })).toEqual(named);
    expect(await errorResponse({ status: 418, errorType: "Mine", message: "No" })).toEqual([
      418,
      "Mine",
      "application/json",
      '{"message":"No"}',
    ]);
    expect(await errorResponse({ status: 503, body: "<p>" })).toEqual([
      503,
      "InternalServerException",
      "text/html",
      "<p>",
    ]);
  });

  test("can come from the service with the error's name only in the body", async () => {
    expect(await errorResponse({ status: 403, namedIn: "body", message: "No" })).toEqual([
      403,
      null,
      "application/json",
      '{"__type":"AccessDeniedException","message":"No"}',
    ]);
  });

  test("can come from a gateway, as JSON without an error name", async () => {
    const forbidden = [403, null, "application/json", '{"message":"Forbidden"}'];
    expect(await errorResponse({ status: 403, from: "gateway" })).toEqual(forbidden);
    expect(await errorResponse({ status: 429, from: "gateway", message: "Slow down" })).toEqual([
      429,
      null,
      "application/json",
      '{"message":"Slow down"}',
    ]);
  });

  test("can come from a proxy, as an HTML page", async () => {
    expect(await errorResponse({ status: 403, from: "proxy" })).toEqual([
      403,
      null,
      "text/html",
      expect.stringContaining("<html>"),
    ]);
    expect(await errorResponse({ status: 502, from: "proxy", body: "<p>" })).toEqual([
      502,
      null,
      "text/html",
      "<p>",
    ]);
  });

  test("can be empty", async () => {
    expect(await errorResponse({ status: 403, from: "nobody" })).toEqual([403, null, null, ""]);
  });

  test("can have a Retry-After header from each source", async () => {
    const customer = await chat.customer();
    for (const from of ["service", "gateway", "proxy", "nobody"] as const) {
      chat.simulator.faults.failNext("SendMessage", { status: 429, from, retryAfterSeconds: 7 });
      expect((await send(customer)).headers.get("retry-after")).toBe("7");
    }
  });
});

describe("a corrupted response", () => {
  test.each([
    ["an HTML page", "<html>", "<html>"],
    ["an empty body", "", ""],
    ["truncated JSON", (body: string) => body.slice(0, 9), '{"Id":"'],
  ])("can be %s, and is sent after the service has processed the call", async (_, body, prefix) => {
    const customer = await chat.customer();
    chat.simulator.faults.garbleNext("SendMessage", { body });
    const response = await send(customer);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text.startsWith(prefix)).toBe(true);
    expect(text.length).toBeLessThan(10);
    expect(chat.simulator.requests.at(-1)).toMatchObject({ status: 200, answeredAt: null });
    expect(chat.stored(customer)).toHaveLength(1);
    // A retry returns the Id of the message that is already stored.
    expect(await (await send(customer)).json()).toMatchObject({ Id: chat.stored(customer)[0]?.Id });
    expect(chat.stored(customer)).toHaveLength(1);
    expect(chat.simulator.requests.at(-1)).toMatchObject({ status: 200, answeredAt: chat.now });
  });

  test("can have its own status and content type", async () => {
    const customer = await chat.customer();
    chat.simulator.faults.garbleNext("SendMessage", { body: "oh", status: 502, contentType: "text/html" });
    const response = await send(customer);
    expect([response.status, response.headers.get("content-type")]).toEqual([502, "text/html"]);
  });

  test("can break off in the middle of the body", async () => {
    const customer = await chat.customer();
    chat.simulator.faults.cutNext("SendMessage", { when: "midAnswer" });
    const response = await send(customer);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(chat.stored(customer)).toHaveLength(1);
    expect(chat.simulator.requests.at(-1)).toMatchObject({ status: 0, answeredAt: null });
  });
});

describe("the storage", () => {
  test("can cut off, delay and reject one participant's file requests", async () => {
    const customer = await chat.customer();
    const other = await chat.customer();
    const upload = async (party: Party): Promise<() => Promise<Response>> => {
      const { body } = await chat.call("/participant/start-attachment-upload", party.token, {
        AttachmentName: "a.txt",
        AttachmentSizeInBytes: 1,
        ContentType: "text/plain",
      });
      const { Url, HeadersToInclude } = part(body, "UploadMetadata");
      return () =>
        fetch(String(Url), {
          method: "PUT",
          headers: HeadersToInclude as Record<string, string>,
          body: "x",
        });
    };
    const [put, putOther] = [await upload(customer), await upload(other)];
    const { faults } = chat.simulator;
    faults.cutNextStorage("put", { participantId: customer.participantId });
    faults.delayNextStorage("put", { participantId: customer.participantId, delayMs: 5 });
    faults.failNextStorage("put", { participantId: customer.participantId, status: 500 });
    expect((await putOther()).status).toBe(200);
    await expect(put()).rejects.toThrow();
    expect((await put()).status).toBe(200);
    expect((await put()).status).toBe(500);
    expect((await put()).status).toBe(200);
  });
});
