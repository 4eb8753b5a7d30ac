/** Faults that the control API adds must have their documented effect, and only within their scope. */
import { describe, expect, test } from "@jest/globals";
import type { BodyOf } from "../../simulator/control/operations";
import { FRAME_FAULTS, type ActiveFault } from "../../simulator/index";
import { ControlClient, errorOf } from "./support/control";
import { simulateChat, textsOf, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);

const addFault = async (body: BodyOf<"addFault">): Promise<string> =>
  (await control.call("addFault", { body })).id;
/** Sends a request body that the types don't allow. */
const rejection = async (body: unknown): Promise<{ status: number; message: string }> => {
  const response = await control.fetch("POST", "/_control/faults", body);
  return { status: response.status, message: errorOf(response).message };
};
const activeFaults = async (): Promise<ActiveFault[]> => (await control.call("listFaults")).faults;
const hasReceived = ({ socket }: ConnectedParty, text: string): boolean =>
  socket.items.some(({ Content }) => Content === text);
const connectCustomer = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());

/** Measures how long a call takes, in real milliseconds. */
async function duration(call: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await call;
  return performance.now() - before;
}

describe("call faults", () => {
  test("latency delays all calls until it's removed, even calls that fail because of another fault", async () => {
    const customer = await connectCustomer();
    const id = await addFault({ kind: "latency", delayMs: 60, jitterMs: 5 });
    await addFault({ kind: "error", operation: "SendMessage", status: 503 });
    let status = 0;
    expect(
      await duration(chat.send(customer, "1").then((response) => (status = response.status))),
    ).toBeGreaterThan(55);
    expect(status).toBe(503);
    expect(await duration(chat.send(customer, "2"))).toBeGreaterThan(55);
    expect(await activeFaults()).toMatchObject([{ id, hits: 2, hitsLeft: null }]);
    await control.call("removeFault", { parameters: { faultId: id } });
    expect(await activeFaults()).toEqual([]);
  });

  test("latency for one operation doesn't delay other operations", async () => {
    const customer = await connectCustomer();
    await addFault({ kind: "latency", delayMs: 1, operation: "SendEvent" });
    await chat.send(customer, "1");
    await chat.sendEvent(customer, "typing");
    expect(await activeFaults()).toMatchObject([{ hits: 1 }]);
  });

  test("error rejects one call in the name of the given source, with the given Retry-After and message", async () => {
    const customer = await connectCustomer();
    await addFault({
      kind: "error",
      operation: "SendMessage",
      status: 429,
      retryAfterSeconds: 7,
      message: "Slow down",
    });
    expect(await chat.send(customer, "1")).toMatchObject({
      ...{ status: 429, type: "ThrottlingException", body: { message: "Slow down" } },
    });
    await addFault({ kind: "error", operation: "*", status: 503, from: "gateway" });
    expect(await chat.send(customer, "2")).toMatchObject({ status: 503, type: null });
    expect((await chat.send(customer, "3")).status).toBe(200);
  });

  test("cut breaks the connection, and garble replaces the response body", async () => {
    const customer = await connectCustomer();
    await addFault({ kind: "cut", operation: "SendMessage", when: "after" });
    await expect(chat.send(customer, "1")).rejects.toThrow();
    expect(chat.stored(customer).at(-1)?.Content).toBe("1");
    await addFault({ kind: "garble", operation: "SendMessage" });
    await expect(chat.send(customer, "2")).rejects.toThrow(/JSON/);
    await addFault({ kind: "garble", operation: "SendMessage", body: '{"a":1}' });
    expect((await chat.send(customer, "3")).body).toEqual({ a: 1 });
  });

  test("transcriptLag hides items newer than the lag from every call", async () => {
    const customer = await connectCustomer();
    await chat.send(customer, "old");
    chat.now += 10_000;
    await chat.send(customer, "new");
    const texts = async (): Promise<(string | undefined)[]> =>
      textsOf(await chat.call("/participant/transcript", customer.token, {})).filter(Boolean);
    await addFault({ kind: "transcriptLag", lagMs: 5_000 });
    expect(await texts()).toEqual(["old"]);
    expect(await texts()).toEqual(["old"]);
    chat.now += 6_000;
    expect(await texts()).toEqual(["old", "new"]);
  });

  test("expireTokens expires only the tokens of the contact in its scope", async () => {
    const [customer, otherCustomer] = [await connectCustomer(), await connectCustomer()];
    await addFault({ kind: "expireTokens", scope: { contactId: customer.contactId } });
    expect((await chat.send(customer, "1")).status).toBe(403);
    expect((await chat.send(otherCustomer, "1")).status).toBe(200);
    expect(await activeFaults()).toEqual([]);
  });
});

describe("socket faults", () => {
  test("dropSockets drops only the sockets in its scope, with the given close code", async () => {
    const [customer, otherCustomer] = [await connectCustomer(), await connectCustomer()];
    await addFault({ kind: "dropSockets", code: 4001, scope: { contactId: customer.contactId } });
    await customer.socket.closed;
    expect(customer.socket.closeCode).toBe(4001);
    expect(otherCustomer.socket.closeCode).toBeNull();
    await addFault({ kind: "dropSockets" });
    await otherCustomer.socket.closed;
    expect(otherCustomer.socket.closeCode).toBe(1006);
  });

  test("dropSockets says how many sockets it has dropped", async () => {
    const [customer] = [await connectCustomer(), await connectCustomer()];
    const scope = { participantId: customer.participantId };
    const drop = async (body: BodyOf<"addFault">): Promise<unknown> =>
      (await control.call("addFault", { body })).dropped;
    expect(await drop({ kind: "dropSockets", scope })).toBe(1);
    expect(await drop({ kind: "dropSockets", code: 4001 })).toBe(1);
    expect(await drop({ kind: "dropSockets" })).toBe(0);
    expect(await drop({ kind: "expireTokens" })).toBeUndefined();
  });

  test("halfOpen holds frames back until it's removed", async () => {
    const customer = await connectCustomer();
    const id = await addFault({
      kind: "halfOpen",
      frames: "hold",
      scope: { participantId: customer.participantId },
    });
    await chat.send(customer, "held");
    await chat.send(customer, "also held");
    expect(hasReceived(customer, "held")).toBe(false);
    await control.call("removeFault", { parameters: { faultId: id } });
    await until(() => hasReceived(customer, "also held"));
  });

  test("halfOpen with forMs ends on its own and releases the frames that it held back", async () => {
    const customer = await connectCustomer();
    await addFault({ kind: "halfOpen", frames: "hold", scope: { forMs: 50 } });
    await chat.send(customer, "held");
    chat.now += 50;
    await until(() => hasReceived(customer, "held"));
    expect(await activeFaults()).toEqual([]);
  });

  test("halfOpen with times: 1 stalls one open socket and lets later sockets through, so that a page recovers", async () => {
    const customer = await connectCustomer();
    await addFault({ kind: "halfOpen", frames: "lose", scope: { times: 1 } });
    expect(await activeFaults()).toMatchObject([{ hits: 1, hitsLeft: 0 }]);
    await chat.send(customer, "lost");
    const replacement = { ...customer, socket: await chat.subscribe(chat.socketUrl(customer)) };
    await chat.send(customer, "received");
    await until(() => hasReceived(replacement, "received"));
    expect(hasReceived(customer, "lost")).toBe(false);
    expect(await activeFaults()).toHaveLength(1);
    customer.socket.close();
    await until(() => chat.simulator.sockets.length === 1);
    expect(await activeFaults()).toEqual([]);
  });

  test("halfOpen with times: 1 stalls the next socket if none is open, and removing the fault resumes that socket", async () => {
    const customer = await chat.customer();
    const id = await addFault({ kind: "halfOpen", frames: "hold", scope: { times: 1 } });
    expect(await activeFaults()).toMatchObject([{ hits: 0, hitsLeft: 1 }]);
    const stalled = await chat.open(chat.socketUrl(customer));
    const whole = await chat.subscribe(chat.socketUrl(customer));
    stalled.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await stalled.pong();
    expect(await activeFaults()).toMatchObject([{ hits: 1, hitsLeft: 0 }]);
    expect([stalled.frames("aws/subscribe").length, whole.frames("aws/subscribe").length]).toEqual([0, 1]);
    await control.call("removeFault", { parameters: { faultId: id } });
    await until(() => stalled.frames("aws/subscribe").length === 1);
  });

  test("halfOpen with times: 2 counts each of two stalled sockets once, and leaves the third one alone", async () => {
    const [first, second, third] = [
      await connectCustomer(),
      await connectCustomer(),
      await connectCustomer(),
    ];
    await addFault({ kind: "halfOpen", frames: "lose", scope: { times: 2 } });
    for (const customer of [first, second, third]) {
      await chat.send(customer, "1");
      await chat.send(customer, "2");
    }
    await until(() => hasReceived(third, "2"));
    expect([hasReceived(first, "2"), hasReceived(second, "2")]).toEqual([false, false]);
    expect(await activeFaults()).toMatchObject([{ hits: 2, hitsLeft: 0 }]);
    await control.call("clearFaults");
    await chat.send(first, "3");
    await until(() => hasReceived(first, "3"));
  });

  test("halfOpen with a chance decides once for each socket", async () => {
    const customer = await connectCustomer();
    await addFault({ kind: "halfOpen", frames: "lose", scope: { chance: 0, untilCleared: true } });
    await addFault({ kind: "halfOpen", frames: "lose", scope: { chance: 1, times: 1 } });
    await chat.send(customer, "lost");
    expect(await activeFaults()).toMatchObject([{ hits: 0 }, { hits: 1, hitsLeft: 0 }]);
    const replacement = { ...customer, socket: await chat.subscribe(chat.socketUrl(customer)) };
    await chat.send(customer, "received");
    await until(() => hasReceived(replacement, "received"));
  });

  test("refuseSockets rejects all upgrades until it's cleared, and refuseSubscriptions rejects as many as requested", async () => {
    const customer = await chat.customer();
    await addFault({ kind: "refuseSockets", status: 503 });
    await expect(chat.open(chat.socketUrl(customer))).rejects.toThrow("503");
    await expect(chat.open(chat.socketUrl(customer))).rejects.toThrow("503");
    await control.call("clearFaults");
    await addFault({ kind: "refuseSubscriptions", scope: { times: 1 } });
    const socket = await chat.subscribe(chat.socketUrl(customer));
    expect(socket.frames("aws/subscribe")).toMatchObject([{ content: { status: "failure" } }]);
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => socket.frames("aws/subscribe").length === 2);
    expect(socket.frames("aws/subscribe")[1]).toMatchObject({ content: { status: "success" } });
  });

  test("expireSocketUrls invalidates earlier socket URLs", async () => {
    const customer = await chat.customer();
    const url = chat.socketUrl(customer);
    await addFault({ kind: "expireSocketUrls" });
    await expect(chat.open(url)).rejects.toThrow("403");
  });

  test("frames changes one frame, or as many frames as its scope allows", async () => {
    const customer = await connectCustomer();
    const texts = (): number => customer.socket.texts.length;
    const countReceivedFrames = async (
      transform: BodyOf<"addFault"> & { kind: "frames" },
    ): Promise<number> => {
      await addFault(transform);
      const before = texts();
      const marker = `after ${transform.transform}`;
      await chat.send(customer, transform.transform);
      await chat.send(customer, marker);
      await until(() => hasReceived(customer, marker));
      return texts() - before;
    };
    expect(await countReceivedFrames({ kind: "frames", transform: "drop" })).toBe(1);
    expect(await countReceivedFrames({ kind: "frames", transform: "duplicate" })).toBe(3);
    expect(await countReceivedFrames({ kind: "frames", transform: "corrupt" })).toBe(2);
    expect(await countReceivedFrames({ kind: "frames", transform: "delay", delayMs: 10_000 })).toBe(1);
    await addFault({ kind: "frames", transform: "drop", scope: { times: 2 } });
    for (const text of ["a", "b", "c"]) await chat.send(customer, text);
    await until(() => hasReceived(customer, "c"));
    expect([hasReceived(customer, "a"), hasReceived(customer, "b")]).toEqual([false, false]);
  });
});

describe("storage faults", () => {
  test("reject, cut or delay downloads", async () => {
    const customer = await connectCustomer();
    const file = { name: "a.txt", contentType: "text/plain", base64: "AAAA" };
    const { attachmentId } = await control.call("sendAttachment", { parameters: customer, body: file });
    const { body } = await chat.call("/participant/attachment", customer.token, {
      AttachmentId: attachmentId,
    });
    const download = (): Promise<Response> => fetch(String(body["Url"]));
    const scope = { contactId: customer.contactId };
    await addFault({ kind: "storage", action: "get", status: 503, code: "SlowDown", scope });
    const rejection = await download();
    expect([rejection.status, await rejection.text()]).toEqual([503, expect.stringContaining("SlowDown")]);
    await addFault({ kind: "storage", action: "get" });
    await expect(download()).rejects.toThrow();
    await addFault({ kind: "storage", action: "get", delayMs: 40 });
    expect(await duration(download())).toBeGreaterThan(35);
    await addFault({ kind: "storage", action: "put", status: 500 });
    expect((await download()).status).toBe(200);
  });
});

test("restart responds first, and then stops the simulator and starts it again with the same state", async () => {
  const customer = await connectCustomer();
  await addFault({ kind: "restart", downMs: 20 });
  await customer.socket.closed;
  let status = 0;
  while (status !== 200)
    status = await chat.send(customer, "Back").then(
      (response) => response.status,
      () => 0,
    );
  expect(chat.stored(customer).at(-1)?.Content).toBe("Back");
});

describe("scopes and the list of faults", () => {
  test("a fault affects only the participant in its scope, and only as often as requested", async () => {
    const { customer, agent } = await chat.pair();
    const scope = { participantId: agent.participantId, times: 2 };
    const id = await addFault({ kind: "error", operation: "SendMessage", status: 500, scope });
    expect((await chat.send(customer, "1")).status).toBe(200);
    expect((await chat.send(agent, "1")).status).toBe(500);
    expect(await activeFaults()).toMatchObject([
      { id, hits: 1, hitsLeft: 1, fault: { kind: "error", scope } },
    ]);
    expect((await chat.send(agent, "1")).status).toBe(500);
    expect((await chat.send(agent, "1")).status).toBe(200);
    expect(await activeFaults()).toEqual([]);
  });

  test("forMs ends a fault by the simulator's clock, and untilCleared keeps a fault that would affect one call", async () => {
    const customer = await connectCustomer();
    const timed = await addFault({
      kind: "error",
      operation: "SendMessage",
      status: 500,
      scope: { forMs: 60_000 },
    });
    expect(await activeFaults()).toMatchObject([
      { id: timed, endsAt: new Date(chat.now + 60_000).toISOString() },
    ]);
    for (const text of ["1", "2"]) expect((await chat.send(customer, text)).status).toBe(500);
    chat.now += 60_000;
    expect((await chat.send(customer, "1")).status).toBe(200);
    await addFault({ kind: "error", operation: "SendMessage", status: 500, scope: { untilCleared: true } });
    for (const text of ["1", "2"]) expect((await chat.send(customer, text)).status).toBe(500);
    expect(await activeFaults()).toMatchObject([
      { hits: 2, hitsLeft: null, fault: { scope: { untilCleared: true } } },
    ]);
    await control.call("clearFaults");
    expect((await chat.send(customer, "1")).status).toBe(200);
  });

  test("an unknown contact, participant or fault is rejected with 404", async () => {
    for (const scope of [{ contactId: "none" }, { participantId: "none" }]) {
      const response = await control.send("addFault", { body: { kind: "latency", delayMs: 1, scope } });
      expect([response.status, errorOf(response).message]).toEqual([404, expect.stringContaining("none")]);
    }
    expect((await control.send("removeFault", { parameters: { faultId: "none" } })).status).toBe(404);
  });

  test.each([
    [
      "an operation that doesn't exist",
      { kind: "error", operation: "sendMessage", status: 500 },
      "`operation`",
    ],
    ["an upload as a latency's operation", { kind: "latency", operation: "put", delayMs: 1 }, "`operation`"],
    [
      "a duration of more than a day",
      { kind: "latency", delayMs: 1, scope: { forMs: 9e15 } },
      "`scope.forMs` must be a whole number from 1 to 86400000; got 9000000000000000.",
    ],
    ["a chance of more than 1", { kind: "latency", delayMs: 1, scope: { chance: 1.5 } }, "`scope.chance`"],
    ["zero times", { kind: "latency", delayMs: 1, scope: { times: 0 } }, "`scope.times`"],
    [
      "times together with untilCleared",
      { kind: "latency", delayMs: 1, scope: { times: 2, untilCleared: true } },
      "`scope.untilCleared` can't be combined with `scope.times`",
    ],
    [
      "forMs together with untilCleared",
      { kind: "latency", delayMs: 1, scope: { forMs: 5, untilCleared: true } },
      "`scope.untilCleared` can't be combined with `scope.forMs`",
    ],
    [
      "a restart with a contact",
      { kind: "restart", downMs: 1, scope: { contactId: "c" } },
      "`scope` isn't a known",
    ],
    [
      "dropped sockets with times",
      { kind: "dropSockets", scope: { times: 1 } },
      "`scope.times` isn't a known",
    ],
    [
      "dropped sockets with a chance",
      { kind: "dropSockets", scope: { chance: 1 } },
      "`scope.chance` isn't a known",
    ],
    [
      "expired tokens with a duration",
      { kind: "expireTokens", scope: { forMs: 1 } },
      "`scope.forMs` isn't a known",
    ],
  ])("%s is rejected with 400, and the list of faults stays empty and readable", async (_, body, message) => {
    expect(await rejection(body)).toEqual({ status: 400, message: expect.stringContaining(message) });
    expect(await activeFaults()).toEqual([]);
  });

  test("the list includes faults that a test's code added", async () => {
    const { faults } = chat.simulator;
    faults.failNext("SendMessage", { status: 503, times: 3 });
    faults.cutNext("*", { when: "before", chance: 0.5 });
    faults.delayNext("SendEvent", { delayMs: 5 });
    faults.garbleNext("SendEvent", { body: "x" });
    faults.transformFrames(FRAME_FAULTS.reorder, 2);
    faults.transformFrames((text) => [text]);
    faults.refuseSockets();
    faults.stallSockets();
    faults.slowDown({ delayMs: 5 });
    faults.lagTranscripts({ lagMs: 5 });
    faults.failNextStorage("put", { status: 500 });
    expect((await activeFaults()).map(({ fault }) => fault)).toEqual([
      { kind: "error", operation: "SendMessage", status: 503, scope: { times: 3 } },
      { kind: "cut", operation: "*", when: "before", scope: { chance: 0.5, untilCleared: true } },
      { kind: "latency", operation: "SendEvent", delayMs: 5, scope: { times: 1 } },
      { kind: "garble", operation: "SendEvent", body: "x", scope: { times: 1 } },
      { kind: "frames", transform: "reorder", scope: { times: 2 } },
      { kind: "custom", text: "Changes chat frames.", scope: { times: 1 } },
      { kind: "refuseSockets", status: 403, scope: { untilCleared: true } },
      { kind: "halfOpen", frames: "lose", scope: { untilCleared: true } },
      { kind: "latency", delayMs: 5, scope: { untilCleared: true } },
      { kind: "transcriptLag", lagMs: 5, scope: { untilCleared: true } },
      { kind: "storage", action: "put", status: 500, code: "AccessDenied", scope: { times: 1 } },
    ]);
    faults.clear();
    expect(await activeFaults()).toEqual([]);
  });
});

describe("the close code of dropSockets", () => {
  const closeCode = async (code: number): Promise<number | null> => {
    const { socket } = await connectCustomer();
    await addFault({ kind: "dropSockets", code });
    await socket.closed;
    return socket.closeCode;
  };

  test.each([1000, 1003, 1007, 1014, 3000, 4999])("%i is sent in the close frame", async (code) => {
    expect(await closeCode(code)).toBe(code);
  });

  test("1006 means that there is no close frame", async () => {
    const { socket, participantId } = await connectCustomer();
    await addFault({ kind: "dropSockets", code: 1006 });
    await socket.closed;
    expect(socket.closeCode).toBe(1006);
    const { entries } = await control.call("listTraffic");
    const closed = entries.filter((each) => each.name === "closed" && each.participantId === participantId);
    expect(closed.map(({ status }) => status)).toEqual([undefined]);
  });

  test.each([999, 1004, 1005, 1015, 2500, 5000, 1000.5])(
    "%d can't be sent, so it is refused, and sockets keep working",
    async (code) => {
      const customer = await connectCustomer();
      const response = await control.send("addFault", { body: { kind: "dropSockets", code } });
      expect(response.status).toBe(400);
      expect(errorOf(response).message).toBe(
        "The body is wrong. `code` must be a whole number from 1000 to 1003, or from 1006 to 1014, or from 3000 to " +
          `4999; got ${code}.`,
      );
      expect(() => chat.simulator.dropSockets({ code })).toThrow(
        new RangeError(
          "`code` must be a close code that a socket can send (1000 to 1003, 1006 to 1014, 3000 to 4999), or 1006 " +
            `for no close frame; got ${code}.`,
        ),
      );
      await chat.send(customer, "Hello");
      await until(() => hasReceived(customer, "Hello"));
    },
  );
});
