/** Faults over the control API: each kind does what it says, within its scope. */
import { describe, expect, test } from "@jest/globals";
import type { BodyOf } from "../../simulator/control/operations";
import { FRAME_FAULTS, type ActiveFault } from "../../simulator/index";
import { ControlClient, errorOf } from "./support/control";
import { simulateChat, textsOf, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat({ control: true });
const control = new ControlClient(() => chat.simulator.url);

const add = async (body: BodyOf<"addFault">): Promise<string> =>
  (await control.call("addFault", { body })).id;
const active = async (): Promise<ActiveFault[]> => (await control.call("listFaults")).faults;
const has = ({ socket }: ConnectedParty, text: string): boolean =>
  socket.items.some(({ Content }) => Content === text);
const customer = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());

/** How long a call takes, in real milliseconds. */
async function duration(call: Promise<unknown>): Promise<number> {
  const before = performance.now();
  await call;
  return performance.now() - before;
}

describe("calls", () => {
  test("latency delays all calls until it is removed, in addition to other faults", async () => {
    const one = await customer();
    const id = await add({ kind: "latency", delayMs: 60, jitterMs: 5 });
    await add({ kind: "error", operation: "SendMessage", status: 503 });
    let status = 0;
    expect(await duration(chat.send(one, "1").then((answer) => (status = answer.status)))).toBeGreaterThan(
      55,
    );
    expect(status).toBe(503);
    expect(await duration(chat.send(one, "2"))).toBeGreaterThan(55);
    expect(await active()).toMatchObject([{ id, hits: 2, hitsLeft: null }]);
    await control.call("removeFault", { parameters: { faultId: id } });
    expect(await active()).toEqual([]);
  });

  test("latency of one operation leaves the others alone", async () => {
    const one = await customer();
    await add({ kind: "latency", delayMs: 1, operation: "SendEvent" });
    await chat.send(one, "1");
    await chat.sendEvent(one, "typing");
    expect(await active()).toMatchObject([{ hits: 1 }]);
  });

  test("error refuses a call once, as the one who is named, with Retry-After and a message", async () => {
    const one = await customer();
    await add({
      kind: "error",
      operation: "SendMessage",
      status: 429,
      retryAfterSeconds: 7,
      message: "Slow down",
    });
    expect(await chat.send(one, "1")).toMatchObject({
      ...{ status: 429, type: "ThrottlingException", body: { message: "Slow down" } },
    });
    await add({ kind: "error", operation: "*", status: 503, from: "gateway" });
    expect(await chat.send(one, "2")).toMatchObject({ status: 503, type: null });
    expect((await chat.send(one, "3")).status).toBe(200);
  });

  test("cut breaks the connection; garble sends something else", async () => {
    const one = await customer();
    await add({ kind: "cut", operation: "SendMessage", when: "after" });
    await expect(chat.send(one, "1")).rejects.toThrow();
    expect(chat.stored(one).at(-1)?.Content).toBe("1");
    await add({ kind: "garble", operation: "SendMessage" });
    await expect(chat.send(one, "2")).rejects.toThrow(/JSON/);
    await add({ kind: "garble", operation: "SendMessage", body: '{"a":1}' });
    expect((await chat.send(one, "3")).body).toEqual({ a: 1 });
  });

  test("transcriptLag hides what is newer; it holds until it is removed", async () => {
    const one = await customer();
    await chat.send(one, "old");
    chat.now += 10_000;
    await chat.send(one, "new");
    const texts = async (): Promise<(string | undefined)[]> =>
      textsOf(await chat.call("/participant/transcript", one.token, {})).filter(Boolean);
    await add({ kind: "transcriptLag", lagMs: 5_000 });
    expect(await texts()).toEqual(["old"]);
    expect(await texts()).toEqual(["old"]);
    chat.now += 6_000;
    expect(await texts()).toEqual(["old", "new"]);
  });

  test("expireTokens expires one contact's tokens only", async () => {
    const [one, other] = [await customer(), await customer()];
    await add({ kind: "expireTokens", scope: { contactId: one.contactId } });
    expect((await chat.send(one, "1")).status).toBe(403);
    expect((await chat.send(other, "1")).status).toBe(200);
    expect(await active()).toEqual([]);
  });
});

describe("sockets", () => {
  test("dropSockets drops one contact's sockets at once, with a close code if one is given", async () => {
    const [one, other] = [await customer(), await customer()];
    await add({ kind: "dropSockets", code: 4001, scope: { contactId: one.contactId } });
    await one.socket.closed;
    expect(one.socket.closeCode).toBe(4001);
    expect(other.socket.closeCode).toBeNull();
    await add({ kind: "dropSockets" });
    await other.socket.closed;
    expect(other.socket.closeCode).toBe(1006);
  });

  test("halfOpen holds frames back until it is removed", async () => {
    const one = await customer();
    const id = await add({ kind: "halfOpen", frames: "hold", scope: { participantId: one.participantId } });
    await chat.send(one, "held");
    await chat.send(one, "also held");
    expect(has(one, "held")).toBe(false);
    await control.call("removeFault", { parameters: { faultId: id } });
    await until(() => has(one, "also held"));
  });

  test("halfOpen with forMs ends by itself, and holds no frames longer", async () => {
    const one = await customer();
    await add({ kind: "halfOpen", frames: "hold", scope: { forMs: 50 } });
    await chat.send(one, "held");
    chat.now += 50;
    await until(() => has(one, "held"));
    expect(await active()).toEqual([]);
  });

  test("refuseSockets and refuseSubscriptions refuse until they are cleared", async () => {
    const one = await chat.customer();
    await add({ kind: "refuseSockets", status: 503 });
    await expect(chat.open(chat.socketUrl(one))).rejects.toThrow("503");
    await expect(chat.open(chat.socketUrl(one))).rejects.toThrow("503");
    await control.call("clearFaults");
    await add({ kind: "refuseSubscriptions", scope: { times: 1 } });
    const socket = await chat.subscribe(chat.socketUrl(one));
    expect(socket.frames("aws/subscribe")).toMatchObject([{ content: { status: "failure" } }]);
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => socket.frames("aws/subscribe").length === 2);
    expect(socket.frames("aws/subscribe")[1]).toMatchObject({ content: { status: "success" } });
  });

  test("expireSocketUrls makes URLs open no more sockets", async () => {
    const one = await chat.customer();
    const url = chat.socketUrl(one);
    await add({ kind: "expireSocketUrls" });
    await expect(chat.open(url)).rejects.toThrow("403");
  });

  test("frames are changed once, or as often as the scope says", async () => {
    const one = await customer();
    const texts = (): number => one.socket.texts.length;
    const arrives = async (transform: BodyOf<"addFault"> & { kind: "frames" }): Promise<number> => {
      await add(transform);
      const before = texts();
      const marker = `after ${transform.transform}`;
      await chat.send(one, transform.transform);
      await chat.send(one, marker);
      await until(() => has(one, marker));
      return texts() - before;
    };
    expect(await arrives({ kind: "frames", transform: "drop" })).toBe(1);
    expect(await arrives({ kind: "frames", transform: "duplicate" })).toBe(3);
    expect(await arrives({ kind: "frames", transform: "corrupt" })).toBe(2);
    expect(await arrives({ kind: "frames", transform: "delay", delayMs: 10_000 })).toBe(1);
    await add({ kind: "frames", transform: "drop", scope: { times: 2 } });
    for (const text of ["a", "b", "c"]) await chat.send(one, text);
    await until(() => has(one, "c"));
    expect([has(one, "a"), has(one, "b")]).toEqual([false, false]);
  });
});

describe("storage", () => {
  test("storage refuses, cuts or delays downloads", async () => {
    const one = await customer();
    const file = { name: "a.txt", contentType: "text/plain", base64: "AAAA" };
    const { attachmentId } = await control.call("sendAttachment", { parameters: one, body: file });
    const { body } = await chat.call("/participant/attachment", one.token, { AttachmentId: attachmentId });
    const download = (): Promise<Response> => fetch(String(body["Url"]));
    const scope = { contactId: one.contactId };
    await add({ kind: "storage", action: "get", status: 503, code: "SlowDown", scope });
    const refused = await download();
    expect([refused.status, await refused.text()]).toEqual([503, expect.stringContaining("SlowDown")]);
    await add({ kind: "storage", action: "get" });
    await expect(download()).rejects.toThrow();
    await add({ kind: "storage", action: "get", delayMs: 40 });
    expect(await duration(download())).toBeGreaterThan(35);
    await add({ kind: "storage", action: "put", status: 500 });
    expect((await download()).status).toBe(200);
  });
});

test("restart answers first, then takes the emulator down and brings it back with its state", async () => {
  const one = await customer();
  await add({ kind: "restart", downMs: 20 });
  await one.socket.closed;
  let status = 0;
  while (status !== 200)
    status = await chat.send(one, "Back").then(
      (answer) => answer.status,
      () => 0,
    );
  expect(chat.stored(one).at(-1)?.Content).toBe("Back");
});

describe("scope and lists", () => {
  test("a fault hits only the participant or the contact of its scope, as often as it says", async () => {
    const { customer: one, agent: other } = await chat.pair();
    const scope = { participantId: other.participantId, times: 2 };
    const id = await add({ kind: "error", operation: "SendMessage", status: 500, scope });
    expect((await chat.send(one, "1")).status).toBe(200);
    expect((await chat.send(other, "1")).status).toBe(500);
    expect(await active()).toMatchObject([{ id, hits: 1, hitsLeft: 1, fault: { kind: "error", scope } }]);
    expect((await chat.send(other, "1")).status).toBe(500);
    expect((await chat.send(other, "1")).status).toBe(200);
    expect(await active()).toEqual([]);
  });

  test("forMs ends a fault by the simulator's clock; untilCleared makes one last that would hit once", async () => {
    const one = await customer();
    const timed = await add({
      kind: "error",
      operation: "SendMessage",
      status: 500,
      scope: { forMs: 60_000 },
    });
    expect(await active()).toMatchObject([{ id: timed, endsAt: new Date(chat.now + 60_000).toISOString() }]);
    for (const text of ["1", "2"]) expect((await chat.send(one, text)).status).toBe(500);
    chat.now += 60_000;
    expect((await chat.send(one, "1")).status).toBe(200);
    await add({ kind: "error", operation: "SendMessage", status: 500, scope: { untilCleared: true } });
    for (const text of ["1", "2"]) expect((await chat.send(one, text)).status).toBe(500);
    expect(await active()).toMatchObject([
      { hits: 2, hitsLeft: null, fault: { scope: { untilCleared: true } } },
    ]);
    await control.call("clearFaults");
    expect((await chat.send(one, "1")).status).toBe(200);
  });

  test("a scope with an unknown contact or participant answers 404, and so does removing an unknown fault", async () => {
    for (const scope of [{ contactId: "none" }, { participantId: "none" }]) {
      const answer = await control.send("addFault", { body: { kind: "latency", delayMs: 1, scope } });
      expect([answer.status, errorOf(answer).message]).toEqual([404, expect.stringContaining("none")]);
    }
    expect((await control.send("removeFault", { parameters: { faultId: "none" } })).status).toBe(404);
  });

  test("faults that a test's code adds are listed too", async () => {
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
    expect((await active()).map(({ fault }) => fault)).toEqual([
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
    expect(await active()).toEqual([]);
  });
});
