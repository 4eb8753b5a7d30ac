/** Injected faults must affect only their targets, and only as often as requested. */
import { describe, expect, test } from "@jest/globals";
import { delayedBy, FRAME_FAULTS, SimulatorInputError, type Faults } from "../../simulator/index";
import { part, simulateChat, textsOf, type Party } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const texts = (party: Party): (string | undefined)[] => chat.stored(party).map(({ Content }) => Content);

const requests = (): (readonly [operation: string, status: number])[] =>
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
  ])("responds with %i and %s by default, and the service doesn't process the call", async (status, type) => {
    const customer = await chat.customer();
    chat.simulator.faults.failNext("SendMessage", { status });
    expect(await chat.send(customer, "refused")).toEqual({ status, type, body: { message: type } });
    expect(chat.simulator.requests.at(-1)).toMatchObject({ operation: "SendMessage", status });
    expect((await chat.send(customer, "accepted")).status).toBe(200);
    expect(texts(customer)).toEqual(["accepted"]);
  });

  test("fails as many of an operation's next calls as given, and several faults apply one after another", async () => {
    const customer = await chat.customer();
    chat.simulator.faults.failNext("SendMessage", { status: 500, times: 2 });
    chat.simulator.faults.failNext("SendMessage", { status: 429 });
    expect((await chat.sendEvent(customer, "typing")).status).toBe(200);
    const statuses: number[] = [];
    for (const content of ["a", "b", "c", "d"]) statuses.push((await chat.send(customer, content)).status);
    expect(statuses).toEqual([500, 500, 429, 200]);
  });

  test("sends the given message, error type, Retry-After and body", async () => {
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
      errorType: "Custom",
      retryAfterSeconds: 3,
    });
    const throttled = await send();
    expect(throttled.headers.get("retry-after")).toBe("3");
    expect(throttled.headers.get("x-amzn-errortype")).toBe("Custom");
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
  test("cuts the connection before or after the service processes the call", async () => {
    const customer = await chat.customer();
    chat.simulator.clearRequests();
    chat.simulator.faults.cutNext("SendMessage", { when: "before", times: 2 });
    for (let time = 0; time < 2; time += 1) await expect(chat.send(customer, "before")).rejects.toThrow();
    chat.simulator.faults.cutNext("SendMessage", { when: "after" });
    await expect(chat.send(customer, "after", "token")).rejects.toThrow();
    expect(texts(customer)).toEqual(["after"]);
    expect((await chat.send(customer, "after", "token")).body["Id"]).toBe(chat.stored(customer)[0]?.Id);
    expect(requests().map(([, status]) => status)).toEqual([0, 0, 0, 200]);
  });
});

describe("delayNext", () => {
  test("delays one call's processing, but doesn't delay other calls", async () => {
    const customer = await chat.customer();
    chat.simulator.clearRequests();
    chat.simulator.faults.delayNext("SendMessage", { delayMs: 100 });
    const late = chat.send(customer, "late");
    await until(() => chat.simulator.requests.length === 1);
    await chat.send(customer, "early");
    expect(requests()).toEqual([
      ["SendMessage", 0],
      ["SendMessage", 200],
    ]);
    expect((await late).status).toBe(200);
    expect(texts(customer)).toEqual(["early", "late"]);
  });
});

describe("failNextStorage", () => {
  test("refuses uploads and downloads separately, the given number of times, with an XML error", async () => {
    const customer = await chat.customer();
    const { body } = await chat.call("/participant/start-attachment-upload", customer.token, {
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
    expect((await chat.call("/participant/complete-attachment-upload", customer.token, ids)).status).toBe(
      409,
    );
    expect((await put()).status).toBe(200);
    await chat.call("/participant/complete-attachment-upload", customer.token, ids);
    const found = await chat.call("/participant/attachment", customer.token, {
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
  test("drops, duplicates, truncates and corrupts the next chat frames, but not other frames", async () => {
    const { socket, ...customer } = await chat.withSocket(chat.customer());
    await until(() => socket.items.length === 1);
    const before = socket.texts.length;
    for (const fault of ["drop", "duplicate", "truncate", "corrupt"] as const) {
      chat.simulator.faults.transformFrames(FRAME_FAULTS[fault]);
    }
    socket.send({ topic: "aws/heartbeat" });
    await until(() => socket.texts.length > before);
    for (const text of ["drop", "duplicate", "truncate", "corrupt", "whole"]) await chat.send(customer, text);
    await until(() => socket.items.some(({ Content }) => Content === "whole"));
    const [heartbeat, first, second, truncated, corrupt, whole, ...more] = socket.texts.slice(before);
    expect(heartbeat).toBe('{"topic":"aws/heartbeat"}');
    expect(first).toContain("duplicate");
    expect(second).toBe(first);
    expect(truncated).toMatch(/^\{"topic":"aws\/chat"/);
    expect(truncated).not.toMatch(/\}$/);
    expect(corrupt).toMatch(/^\{'topic':'aws\/chat'/);
    expect(whole).toContain("whole");
    expect(more).toEqual([]);
    // The transcript isn't affected.
    const transcript = await chat.call("/participant/transcript", customer.token, {});
    expect(textsOf(transcript).slice(1)).toEqual(["drop", "duplicate", "truncate", "corrupt", "whole"]);
  });

  test("applies a custom transformation the given number of times", async () => {
    const { socket, ...customer } = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames((text) => ['{"message":"first"}', text], 2);
    for (const text of ["a", "b", "c"]) await chat.send(customer, text);
    await until(() => socket.items.some(({ Content }) => Content === "c"));
    expect(socket.received.filter(({ message }) => message === "first")).toHaveLength(2);
    expect(socket.items.map(({ Content }) => Content)).toEqual([undefined, "a", "b", "c"]);
  });
});

describe("refuseSockets", () => {
  test("refuses the given number of upgrades, not counting those with a wrong URL", async () => {
    const customer = await chat.customer();
    const url = chat.socketUrl(customer);
    chat.simulator.faults.refuseSockets(1);
    await expect(chat.open(url.replace(/token=.*/, "token=wrong"))).rejects.toThrow("403");
    await expect(chat.open(url)).rejects.toThrow("403");
    await chat.open(url);
  });

  test("refuses all upgrades until the faults are cleared if no number is given, but doesn't affect open sockets", async () => {
    const { socket, ...customer } = await chat.withSocket(chat.customer());
    chat.simulator.faults.refuseSockets();
    for (let time = 0; time < 3; time += 1)
      await expect(chat.open(chat.socketUrl(customer))).rejects.toThrow("403");
    await chat.send(customer, "delivered");
    await until(() => socket.items.some(({ Content }) => Content === "delivered"));
    chat.simulator.faults.clear();
    await chat.open(chat.socketUrl(customer));
  });
});

describe("stallSockets", () => {
  test("keeps sockets open but drops all their frames, in both directions, until the sockets are resumed", async () => {
    const { socket, ...customer } = await chat.withSocket(chat.customer());
    await until(() => socket.items.length === 1);
    chat.simulator.faults.stallSockets();
    socket.send({ topic: "aws/ping" });
    // A protocol-level pong isn't stalled. It proves that the earlier frame has arrived.
    await socket.pong();
    await chat.send(customer, "lost");
    chat.simulator.faults.resumeSockets();
    await chat.send(customer, "delivered");
    await until(() => socket.items.some(({ Content }) => Content === "delivered"));
    expect(socket.items.map(({ Content }) => Content)).toEqual([undefined, "delivered"]);
    expect(socket.frames("aws/ping")).toEqual([]);
    expect(chat.simulator.sockets[0]?.received.map(({ topic }) => topic)).toEqual(["aws/subscribe"]);
  });

  test("hides the end of the chat, so a resumed socket doesn't close until its next frame", async () => {
    const { socket, ...customer } = await chat.withSocket(chat.customer());
    await until(() => socket.items.length === 1);
    chat.simulator.faults.stallSockets();
    chat.simulator.contact(customer.contactId).end();
    await socket.pong();
    expect(chat.simulator.sockets).toHaveLength(1);
    chat.simulator.faults.resumeSockets();
    socket.send({ topic: "aws/heartbeat" });
    await socket.closed;
    expect(socket.closeCode).toBe(1000);
    expect(socket.texts).toHaveLength(2);
  });
});

test("clear() removes all faults", async () => {
  const { socket, ...customer } = await chat.withSocket(chat.customer());
  const { faults } = chat.simulator;
  faults.failNext("SendMessage", { status: 500 });
  faults.cutNext("SendMessage", { when: "before" });
  faults.failNextStorage("get", { status: 418 });
  faults.transformFrames(FRAME_FAULTS.drop, 5);
  faults.refuseSockets();
  faults.stallSockets();
  faults.clear();
  expect((await chat.send(customer, "delivered")).status).toBe(200);
  await until(() => socket.items.some(({ Content }) => Content === "delivered"));
  await chat.open(chat.socketUrl(customer));
  expect((await fetch(`${chat.simulator.url}/storage/x`)).status).toBe(403);
});

describe("a fault that could never work as intended is refused with a SimulatorInputError", () => {
  test.each<[string, string, (faults: Faults) => unknown]>([
    [
      "an operation that doesn't exist",
      "operation",
      (faults) => faults.failNext("sendMessage", { status: 500 }),
    ],
    ["a storage action as an operation", "operation", (faults) => faults.cutNext("put", { when: "after" })],
    ["an empty operation", "operation", (faults) => faults.garbleNext("", { body: "" })],
    [
      "a slowed operation that doesn't exist",
      "operation",
      (faults) => faults.slowDown({ delayMs: 1, operation: "x" }),
    ],
    ["a duration that no date can express", "forMs", (faults) => faults.refuseSockets({ forMs: 9e15 })],
    ["a duration of NaN", "forMs", (faults) => faults.lagTranscripts({ lagMs: 1, forMs: Number.NaN })],
    ["no duration", "forMs", (faults) => faults.stallSockets({ forMs: 0 })],
    ["NaN times", "times", (faults) => faults.transformFrames(FRAME_FAULTS.drop, Number.NaN)],
    ["a fractional number of times", "times", (faults) => faults.refuseSubscriptions({ times: 0.5 })],
    ["a negative number of times", "times", (faults) => faults.refuseSockets(-1)],
    ["a chance of NaN", "chance", (faults) => faults.cutNextStorage("put", { chance: Number.NaN })],
    ["a negative chance", "chance", (faults) => faults.cutNextStorage("put", { chance: -0.1 })],
    ["a chance of more than 1", "chance", (faults) => faults.cutNextStorage("put", { chance: 30 })],
    ["a delay of NaN", "delayMs", (faults) => faults.delayNext("SendEvent", { delayMs: Number.NaN })],
    ["a negative jitter", "jitterMs", (faults) => faults.slowDown({ delayMs: 1, jitterMs: -1 })],
    ["a frame delay that no timer can wait", "delayMs", () => delayedBy(2 ** 31)],
    ["a status that HTTP can't send", "status", (faults) => faults.failNext("SendEvent", { status: 9 })],
  ])("%s", (_, field, add) => {
    const { faults } = chat.simulator;
    expect(() => add(faults)).toThrow(expect.objectContaining({ name: "SimulatorInputError", field }));
    expect(() => add(faults)).toThrow(SimulatorInputError);
    expect(faults.list()).toEqual([]);
  });

  test("and the error suggests the right operation if only the letter case is wrong", () => {
    expect(() => chat.simulator.faults.failNext("sendMessage", { status: 500 })).toThrow(
      "Did you mean SendMessage?",
    );
  });
});

test("stallSockets with times stalls only that many sockets", async () => {
  const [first, second] = [await chat.withSocket(chat.customer()), await chat.withSocket(chat.customer())];
  chat.simulator.faults.stallSockets({ times: 1 });
  await chat.send(first, "lost");
  await chat.send(second, "received");
  await until(() => second.socket.items.some(({ Content }) => Content === "received"));
  expect(first.socket.items.some(({ Content }) => Content === "lost")).toBe(false);
});
