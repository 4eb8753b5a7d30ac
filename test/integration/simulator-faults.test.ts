/** What goes wrong on purpose: each fault hits what it was asked to hit, so often, and nothing else. */
import { describe, expect, test } from "@jest/globals";
import { FRAME_FAULTS } from "../../simulator/index";
import { part, simulateChat, textsOf, type Party } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const texts = (party: Party): (string | undefined)[] => chat.stored(party).map(({ Content }) => Content);

const operations = (): (readonly [operation: string, status: number])[] =>
  chat.simulator.requests.map(({ operation, status }) => [operation, status]);

describe("failNext", () => {
  test.each([
    [400, "ValidationException"],
    [402, "ServiceQuotaExceededException"],
    [403, "AccessDeniedException"],
    [404, "ResourceNotFoundException"],
    [409, "ConflictException"],
    [429, "ThrottlingException"],
    [500, "InternalServerException"],
  ])("%i is a %s, and the service does not act", async (status, type) => {
    const one = await chat.customer();
    chat.simulator.faults.failNext("SendMessage", { status });
    expect(await chat.send(one, "refused")).toEqual({ status, type, body: { message: type } });
    expect(chat.simulator.requests.at(-1)).toMatchObject({ operation: "SendMessage", status });
    expect((await chat.send(one, "taken")).status).toBe(200);
    expect(texts(one)).toEqual(["taken"]);
  });

  test("fails so many calls of one operation, one after the other", async () => {
    const one = await chat.customer();
    chat.simulator.faults.failNext("SendMessage", { status: 500, times: 2 });
    chat.simulator.faults.failNext("SendMessage", { status: 429 });
    expect((await chat.sendEvent(one, "typing")).status).toBe(200);
    const statuses: number[] = [];
    for (const content of ["a", "b", "c", "d"]) statuses.push((await chat.send(one, content)).status);
    expect(statuses).toEqual([500, 500, 429, 200]);
  });

  test("sends the message, the type, Retry-After and the body that it was given", async () => {
    const { token } = await chat.customer();
    const send = (): Promise<Response> =>
      fetch(`${chat.simulator.url}/participant/message`, {
        method: "POST",
        headers: { "x-amz-bearer": token },
        body: "{}",
      });
    const { faults } = chat.simulator;
    faults.failNext("SendMessage", {
      status: 429,
      message: "Slow down",
      errorType: "Own",
      retryAfterSeconds: 3,
    });
    const throttled = await send();
    expect(throttled.headers.get("retry-after")).toBe("3");
    expect(throttled.headers.get("x-amzn-errortype")).toBe("Own");
    expect(throttled.headers.get("content-type")).toBe("application/json");
    expect(await throttled.json()).toEqual({ message: "Slow down" });
    faults.failNext("SendMessage", { status: 502, body: "<html>Bad gateway</html>" });
    const page = await send();
    expect(page.status).toBe(502);
    expect(page.headers.get("retry-after")).toBeNull();
    expect(page.headers.get("content-type")).toBe("text/html");
    expect(await page.text()).toBe("<html>Bad gateway</html>");
  });
});

describe("cutNext", () => {
  test("cuts the connection before the service acts, or after", async () => {
    const one = await chat.customer();
    chat.simulator.clearRequests();
    chat.simulator.faults.cutNext("SendMessage", { when: "before", times: 2 });
    for (let time = 0; time < 2; time += 1) await expect(chat.send(one, "before")).rejects.toThrow();
    chat.simulator.faults.cutNext("SendMessage", { when: "after" });
    await expect(chat.send(one, "after", "token")).rejects.toThrow();
    expect(texts(one)).toEqual(["after"]);
    expect((await chat.send(one, "after", "token")).body["Id"]).toBe(chat.stored(one)[0]?.Id);
    expect(operations().map(([, status]) => status)).toEqual([0, 0, 0, 200]);
  });
});

describe("delayNext", () => {
  test("holds one call back, acts then, and lets others pass", async () => {
    const one = await chat.customer();
    chat.simulator.clearRequests();
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 100 });
    const late = chat.send(one, "late");
    await until(() => chat.simulator.requests.length === 1);
    await chat.send(one, "early");
    expect(operations()).toEqual([
      ["SendMessage", 0],
      ["SendMessage", 200],
    ]);
    expect((await late).status).toBe(200);
    expect(texts(one)).toEqual(["early", "late"]);
  });
});

describe("failNextStorage", () => {
  test("refuses uploads and downloads, apart and so often, with an XML error", async () => {
    const one = await chat.customer();
    const { body } = await chat.call("/participant/start-attachment-upload", one.token, {
      AttachmentName: "a.txt",
      AttachmentSizeInBytes: 1,
      ContentType: "text/plain",
    });
    const upload = part(body, "UploadMetadata");
    const headers = upload["HeadersToInclude"] as Record<string, string>;
    const put = (): Promise<Response> => fetch(String(upload["Url"]), { method: "PUT", headers, body: "x" });
    const { faults } = chat.simulator;
    faults.failNextStorage("put", { status: 503, code: "SlowDown", times: 2 });
    faults.failNextStorage("get", { status: 403 });
    for (let time = 0; time < 2; time += 1) {
      const refused = await put();
      expect([refused.status, refused.headers.get("content-type")]).toEqual([503, "application/xml"]);
      expect(await refused.text()).toContain("<Code>SlowDown</Code>");
    }
    const ids = { AttachmentIds: [body["AttachmentId"]] };
    expect((await chat.call("/participant/complete-attachment-upload", one.token, ids)).status).toBe(409);
    expect((await put()).status).toBe(200);
    await chat.call("/participant/complete-attachment-upload", one.token, ids);
    const found = await chat.call("/participant/attachment", one.token, {
      AttachmentId: body["AttachmentId"],
    });
    const get = (): Promise<Response> => fetch(String(found.body["Url"]));
    const refused = await get();
    expect([refused.status, (await refused.text()).includes("<Code>AccessDenied</Code>")]).toEqual([
      403,
      true,
    ]);
    expect(await (await get()).text()).toBe("x");
  });
});

describe("transformFrames", () => {
  test("drops, duplicates, truncates and corrupts the next chat frames, and spares other frames", async () => {
    const { socket, ...one } = await chat.withSocket(chat.customer());
    await until(() => socket.items.length === 1);
    const before = socket.texts.length;
    for (const fault of ["drop", "duplicate", "truncate", "corrupt"] as const) {
      chat.simulator.faults.transformFrames(FRAME_FAULTS[fault]);
    }
    socket.send({ topic: "aws/heartbeat" });
    await until(() => socket.texts.length > before);
    for (const text of ["drop", "duplicate", "truncate", "corrupt", "whole"]) await chat.send(one, text);
    await until(() => socket.items.some(({ Content }) => Content === "whole"));
    const [beat, first, second, truncated, corrupt, whole, ...more] = socket.texts.slice(before);
    expect(beat).toBe('{"topic":"aws/heartbeat"}');
    expect(first).toContain("duplicate");
    expect(second).toBe(first);
    expect(truncated).toMatch(/^\{"topic":"aws\/chat"/);
    expect(truncated).not.toMatch(/\}$/);
    expect(corrupt).toMatch(/^\{'topic':'aws\/chat'/);
    expect(whole).toContain("whole");
    expect(more).toEqual([]);
    // Transcripts know nothing of it.
    const transcript = await chat.call("/participant/transcript", one.token, {});
    expect(textsOf(transcript).slice(1)).toEqual(["drop", "duplicate", "truncate", "corrupt", "whole"]);
  });

  test("takes a transformation of one's own, so many times", async () => {
    const { socket, ...one } = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames((text) => ['{"message":"first"}', text], 2);
    for (const text of ["a", "b", "c"]) await chat.send(one, text);
    await until(() => socket.items.some(({ Content }) => Content === "c"));
    expect(socket.received.filter(({ message }) => message === "first")).toHaveLength(2);
    expect(socket.items.map(({ Content }) => Content)).toEqual([undefined, "a", "b", "c"]);
  });
});

describe("refuseSockets", () => {
  test("refuses so many upgrades; those with a wrong URL do not count", async () => {
    const one = await chat.customer();
    const url = chat.socketUrl(one);
    chat.simulator.faults.refuseSockets(1);
    await expect(chat.open(url.replace(/token=.*/, "token=wrong"))).rejects.toThrow("403");
    await expect(chat.open(url)).rejects.toThrow("403");
    await chat.open(url);
  });

  test("refuses all of them until the faults are cleared, and leaves open sockets alone", async () => {
    const { socket, ...one } = await chat.withSocket(chat.customer());
    chat.simulator.faults.refuseSockets();
    for (let time = 0; time < 3; time += 1)
      await expect(chat.open(chat.socketUrl(one))).rejects.toThrow("403");
    await chat.send(one, "heard");
    await until(() => socket.items.some(({ Content }) => Content === "heard"));
    chat.simulator.faults.clear();
    await chat.open(chat.socketUrl(one));
  });
});

describe("stallSockets", () => {
  test("lets nothing in or out of open sockets, though they stay open, until they are resumed", async () => {
    const { socket, ...one } = await chat.withSocket(chat.customer());
    await until(() => socket.items.length === 1);
    chat.simulator.faults.stallSockets();
    socket.send({ topic: "aws/ping" });
    // Of the protocol itself, below the frames that are stalled: the ping before it has come by then.
    await socket.pong();
    await chat.send(one, "unheard");
    chat.simulator.faults.resumeSockets();
    await chat.send(one, "heard");
    await until(() => socket.items.some(({ Content }) => Content === "heard"));
    expect(socket.items.map(({ Content }) => Content)).toEqual([undefined, "heard"]);
    expect(socket.frames("aws/ping")).toEqual([]);
    expect(chat.simulator.sockets[0]?.received.map(({ topic }) => topic)).toEqual(["aws/subscribe"]);
  });

  test("does not even let the chat's end out; a socket of the past closes with its next frame", async () => {
    const { socket, ...one } = await chat.withSocket(chat.customer());
    await until(() => socket.items.length === 1);
    chat.simulator.faults.stallSockets();
    chat.simulator.contact(one.contactId).end();
    await socket.pong();
    expect(chat.simulator.sockets).toHaveLength(1);
    chat.simulator.faults.resumeSockets();
    socket.send({ topic: "aws/heartbeat" });
    await socket.closed;
    expect(socket.closeCode).toBe(1000);
    expect(socket.texts).toHaveLength(2);
  });
});

test("clear() leaves no fault", async () => {
  const { socket, ...one } = await chat.withSocket(chat.customer());
  const { faults } = chat.simulator;
  faults.failNext("SendMessage", { status: 500 });
  faults.cutNext("SendMessage", { when: "before" });
  faults.failNextStorage("get", { status: 418 });
  faults.transformFrames(FRAME_FAULTS.drop, 5);
  faults.refuseSockets();
  faults.stallSockets();
  faults.clear();
  expect((await chat.send(one, "heard")).status).toBe(200);
  await until(() => socket.items.some(({ Content }) => Content === "heard"));
  await chat.open(chat.socketUrl(one));
  expect((await fetch(`${chat.simulator.url}/storage/x`)).status).toBe(403);
});
