/** A bot's error concerns only the bot: the chat starts, the service responds, and the error is reported. */
import { afterEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type BotScript, type Simulator, type Snapshot } from "../../simulator/index";
import { callService } from "./support/call-service";
import { until } from "./support/wait";

let simulator: Simulator | undefined;
const errors: unknown[] = [];

afterEach(async () => {
  errors.length = 0;
  await simulator?.close();
});

async function startWith(bot: BotScript, snapshot?: Snapshot): Promise<Simulator> {
  simulator = await startSimulator({
    ...{ bot, onBotError: (error) => errors.push(error) },
    ...(snapshot && { snapshot }),
  });
  return simulator;
}

const NOT_TODAY = new Error("Not today");
const throws = (): never => {
  throw NOT_TODAY;
};
const rejects = (): Promise<never> => Promise.reject(NOT_TODAY);

describe.each<[string, BotScript]>([
  ["throws", throws],
  ["rejects", rejects],
])("a bot that %s", (_, bot) => {
  test("for a new chat is reported, and the page's chat starts", async () => {
    const { url } = await startWith(bot);
    const { status, body } = await callService(`${url}/start-chat`, "", {});
    expect([status, Object.keys(body)]).toEqual([200, ["ContactId", "ParticipantId", "ParticipantToken"]]);
    await until(() => errors.length > 0);
    expect(errors).toEqual([NOT_TODAY]);
  });

  test("for a restored chat is reported, and the simulator starts with the chat", async () => {
    const first = await startWith(() => undefined);
    const { ContactId } = first.startChat();
    const snapshot = first.snapshot();
    await first.close();
    const second = await startWith(bot, snapshot);
    expect(second.contact(ContactId).ended).toBe(false);
    await until(() => errors.length > 0);
    expect(errors).toEqual([NOT_TODAY]);
  });
});

test("errors of a bot's handlers are reported, and the message that a handler couldn't process has failed", async () => {
  const { url } = await startWith((contact) => {
    contact.onMessage(throws);
    contact.onMessage(rejects);
    contact.onProcessing(throws);
    contact.onDisconnect(rejects);
  });
  const { body: chat } = await callService(`${url}/start-chat`, "", {});
  const connection = await callService(`${url}/participant/connection`, String(chat["ParticipantToken"]), {
    Type: ["CONNECTION_CREDENTIALS"],
  });
  const { ConnectionToken: token } = connection.body["ConnectionCredentials"] as { ConnectionToken: string };
  const say = (ContentType: string): ReturnType<typeof callService> =>
    callService(`${url}/participant/message`, token, { Content: "Hello", ContentType });
  await say("text/plain");
  await until(() => errors.length === 1);
  const status = (): unknown =>
    simulator?.contact(String(chat["ContactId"])).transcript.find(({ Type }) => Type === "MESSAGE")
      ?.MessageMetadata?.MessageProcessingStatus;
  await until(() => status() === "FAILED");
  await say("application/vnd.amazonaws.connect.message.interactive.response");
  await until(() => errors.length === 3);
  await callService(`${url}/participant/disconnect`, token, {});
  await until(() => errors.length === 4);
  expect(errors).toEqual([NOT_TODAY, NOT_TODAY, NOT_TODAY, NOT_TODAY]);
});
