import { afterEach, expect, jest, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator/index";

/** If a test uses fake timers, the simulator still waits in real time, but uses the test's clock. */

let simulator: Simulator;
afterEach(async () => {
  jest.useRealTimers();
  await simulator.close();
});

interface Reply {
  readonly status: number;
  readonly data: unknown;
}

async function post(path: string, bearer: string, body: object): Promise<Reply> {
  const headers = { "content-type": "application/json", "x-amz-bearer": bearer };
  const response = await fetch(simulator.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, data: await response.json() };
}

const connectionTokenOf = ({ data }: Reply): string =>
  (data as { ConnectionCredentials: { ConnectionToken: string } }).ConnectionCredentials.ConnectionToken;

const connect = (participantToken: string): Promise<Reply> =>
  post("/participant/connection", participantToken, { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] });

const MESSAGE = { Content: "Hello", ContentType: "text/plain" };

test("script replies and fault delays don't wait for the fake timers to be advanced", async () => {
  simulator = await startSimulator();
  jest.useFakeTimers();
  const { ContactId, ParticipantToken } = simulator.startChat();
  const contact = simulator.contact(ContactId);
  const replied = new Promise((resolve) =>
    contact.onMessage(({ Content }) => resolve(contact.say(`You said: ${Content ?? ""}`))),
  );
  simulator.faults.delayNext("SendMessage", { delayMs: 1 });
  const token = connectionTokenOf(await connect(ParticipantToken));
  expect(await post("/participant/message", token, MESSAGE)).toMatchObject({ status: 200 });
  expect(await replied).toMatchObject({ Content: "You said: Hello" });
  await simulator.restart({ downMs: 1 });
});

test("the simulator uses the fake clock, even if the clock is set after the start", async () => {
  simulator = await startSimulator();
  jest.useFakeTimers({ now: new Date("2031-05-06T07:08:09.000Z") });
  const { ContactId, ParticipantToken } = simulator.startChat();
  const token = connectionTokenOf(await connect(ParticipantToken));
  expect(simulator.contact(ContactId).say("Hello").AbsoluteTime).toMatch(/^2031-05-06T07:08:09/);
  jest.setSystemTime(new Date("2031-05-07T07:08:10.000Z"));
  expect(await post("/participant/message", token, MESSAGE)).toMatchObject({ status: 403 });
});
