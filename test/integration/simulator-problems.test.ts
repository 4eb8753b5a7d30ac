/** Errors inside the simulator, and input that used to cause them: they are reported, and the simulator continues. */
import { beforeEach, describe, expect, test } from "@jest/globals";
import { redacted } from "../../simulator/control/redact";
import type { SimulatorProblem } from "../../simulator/index";
import { Observers } from "../../simulator/observer";
import { ControlClient, errorOf } from "./support/control";
import { simulateChat } from "./support/simulated-chat";
import { until } from "./support/wait";

const problems: SimulatorProblem[] = [];
const chat = simulateChat({ control: true, onProblem: (problem) => problems.push(problem) });
const control = new ControlClient(() => chat.simulator.url);
beforeEach(() => void problems.splice(0));

const DEPTH = 20_000;
const nested = (depth = DEPTH): string => "[".repeat(depth) + "]".repeat(depth);

describe("deeply nested JSON", () => {
  test("a heartbeat with 20,000 nested lists gets its response, and the traffic has a shortened copy", async () => {
    const { socket, contactId } = await chat.withSocket(chat.customer());
    socket.sendText(`{"topic":"aws/heartbeat","a":${nested()}}`);
    await until(() => socket.frames("aws/heartbeat").length > 0);
    const { entries } = await control.call("listTraffic", { query: { contactId } });
    const frame = entries.find(({ name, direction }) => name === "aws/heartbeat" && direction === "in");
    expect(JSON.stringify(frame?.request)).toContain('"… (nested too deeply)"');
    expect(problems).toEqual([]);
  });

  test("a subscription with 20,000 nested topics fails, and its socket stays open", async () => {
    const socket = await chat.open(chat.socketUrl(await chat.customer()));
    socket.sendText(`{"topic":"aws/subscribe","content":{"topics":${nested()}}}`);
    await until(() => socket.frames("aws/subscribe").length > 0);
    expect(socket.frames("aws/subscribe")).toEqual([
      { topic: "aws/subscribe", content: { status: "failure" } },
    ]);
    await socket.pong();
    expect(problems).toEqual([]);
  });

  test("a call with 400 nested lists is in the traffic", async () => {
    const { token, contactId } = await chat.customer();
    const response = await fetch(`${chat.simulator.url}/participant/message`, {
      method: "POST",
      headers: { "x-amz-bearer": token },
      body: `{"Content":"Hello","ContentType":"text/plain","a":${nested(400)}}`,
    });
    expect(response.status).toBe(200);
    const { entries } = await control.call("listTraffic", { query: { contactId } });
    const calls = entries.filter(({ name }) => name === "SendMessage");
    expect(calls.map(({ kind, status }) => [kind, status])).toEqual([["call", 200]]);
  });

  test.each([
    ["PUT", "/_control/views/1", nested()],
    ["POST", "/_control/reset", nested()],
  ])("the control API refuses %s %s with 20,000 nested lists", async (method, path, body) => {
    const response = await control.fetch(method, path, body);
    expect([response.status, errorOf(response).message]).toEqual([
      400,
      "The body must not be nested deeper than 500 levels.",
    ]);
  });

  test("a view with 100 levels is accepted", async () => {
    expect((await control.fetch("PUT", "/_control/views/1", `{"a":${nested(99)}}`)).status).toBe(200);
  });

  test("a redacted copy has at most 100 levels of lists and objects", () => {
    const levels = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levels)) : 0;
    let value: unknown = "end";
    for (let depth = 0; depth < DEPTH; depth += 1) value = depth % 2 === 0 ? [value] : { value };
    expect(levels(redacted(value))).toBe(100);
  });
});

describe("an observer that throws", () => {
  test("is reported, and the next observer and the caller are unaffected", () => {
    const error = new Error("boom");
    const seen: string[] = [];
    const observers = new Observers((problem) => problems.push(problem));
    observers.add({
      observe: () => {
        throw error;
      },
    });
    observers.add({ observe: ({ kind }) => seen.push(kind) });
    observers.report({ kind: "reset", reason: "reset" });
    expect(seen).toEqual(["reset"]);
    expect(problems).toEqual([
      { kind: "internal", message: 'An observer of the event "reset" threw an error: boom', error },
    ]);
  });

  test("as a wait's own matcher, makes only that wait fail: the message arrives", async () => {
    const customer = await chat.customer();
    const contact = chat.simulator.contact(customer.contactId);
    const error = new Error("boom");
    const waiting = contact.waitForMessage(() => {
      throw error;
    });
    const failed = expect(waiting).rejects.toBe(error);
    expect((await chat.send(customer, "Hello")).status).toBe(200);
    await failed;
    expect(problems).toEqual([]);
  });
});

describe("a frame's handler that throws", () => {
  test("closes the socket with 1011, is reported, and leaves the simulator running", async () => {
    const socket = await chat.open(chat.socketUrl(await chat.customer()));
    const other = await chat.withSocket(chat.customer());
    const error = new Error("boom");
    // A frame transform runs in the handler of a subscription, which sends participant.joined.
    chat.simulator.faults.transformFrames(() => {
      throw error;
    });
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await socket.closed;
    expect(socket.closeCode).toBe(1011);
    expect(problems).toMatchObject([{ kind: "internal", error }]);
    await other.socket.pong();
  });
});

describe("an internal error", () => {
  const error = new Error("boom");

  /** A customer with a socket whose frames can't be sent. */
  async function customerWithBrokenFrames(): Promise<{ token: string; contactId: string }> {
    const { token, contactId } = await chat.withSocket(chat.customer());
    chat.simulator.faults.transformFrames(() => {
      throw error;
    });
    return { token, contactId };
  }

  test("of the control API has only the error's message in its response, and is reported with the error", async () => {
    const { contactId } = await customerWithBrokenFrames();
    const path = `/_control/contacts/${contactId}/messages`;
    const response = await control.fetch("POST", path, JSON.stringify({ content: "Hello" }));
    expect(response.status).toBe(500);
    expect(errorOf(response)).toEqual({
      code: "Internal",
      message: "The simulator failed: boom. Its terminal shows the details.",
    });
    expect(problems).toEqual([{ kind: "internal", message: `POST ${path} threw an error: boom`, error }]);
  });

  test("of the service is also reported", async () => {
    const { token } = await customerWithBrokenFrames();
    const response = await fetch(`${chat.simulator.url}/participant/message`, {
      method: "POST",
      headers: { "x-amz-bearer": token },
      body: JSON.stringify({ Content: "Hello", ContentType: "text/plain" }),
    });
    expect(response.status).toBe(500);
    expect(problems).toMatchObject([{ message: "POST /participant/message threw an error: boom" }]);
  });
});
