import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

const field = inTheField();

const EVENT = "application/vnd.amazonaws.connect.event.";

/** Session calls and their arguments. */
const CALLS = [
  ["connect", { metadata: "m" }],
  ["sendMessage", { message: "hello", contentType: "text/plain" }],
  ["sendEvent", { contentType: `${EVENT}typing` }],
  ["getTranscript", { maxResults: 5 }],
  ["sendAttachment", { attachment: "a file" }],
  ["downloadAttachment", { attachmentId: "a" }],
  ["getAttachmentURL", { attachmentId: "a" }],
  ["describeView", { viewToken: "v" }],
  ["getAuthenticationUrl", { redirectUri: "r", sessionId: "s" }],
  ["cancelParticipantAuthentication", { sessionId: "s" }],
  ["getChatDetails"],
  ["disconnectParticipant"],
] as const;

test("A8: spies that replace the controller's methods receive the session's calls, and the session returns their results", async () => {
  const chat = await field.open();
  await chat.create();
  const seen = await chat.page.evaluate(async (calls) => {
    const { session } = window.field;
    const received: unknown[] = [];
    for (const [name, ...args] of calls) {
      const spy = (...spyArgs: unknown[]): unknown => {
        received.push([name, ...spyArgs]);
        return `the spy's ${name}`;
      };
      Object.assign(session.controller, { [name]: spy });
      const call = Reflect.get(session, name) as (...args: unknown[]) => unknown;
      received.push(await window.field.settle(() => Reflect.apply(call, session, args)));
    }
    return received;
  }, CALLS);
  expect(seen).toEqual(
    CALLS.flatMap(([name, ...args]) => [[name, ...args], { resolved: `the spy's ${name}` }]),
  );
  expect(chat.operations()).toEqual([]);
});

test("A8: a spy on controller.subscribe receives onMessage's handler and can pass it on", async () => {
  const chat = await field.open();
  await chat.create();
  await chat.page.evaluate(() => {
    const { session, events } = window.field;
    const { controller } = session;
    const subscribe = controller.subscribe.bind(controller);
    const handler = ({ data }: { data: { Content?: string } }): unknown =>
      events.push({ on: "the handler", data: data.Content ?? null });
    controller.subscribe = (name, received) => {
      events.push({ on: "the spy", data: [name, received === handler] });
      return subscribe(name, received);
    };
    session.onMessage(handler);
  });
  await chat.call("connect");
  await chat.until(() => chat.isSubscribed());
  chat.contact.say("hello");
  await chat.untilTexts("hello");
  expect(await chat.events("the spy")).toEqual([["INCOMING_MESSAGE", true]]);
  const texts = await chat.events("the handler");
  expect(texts.filter((text) => text !== null)).toEqual(["hello"]);
});

test("A8: a spy on controller.getTranscript receives the library's own transcript fetch, and the chat works even if the spy returns junk", async () => {
  const chat = await field.open();
  await chat.create({ withTranscript: true });
  await chat.page.evaluate(() => {
    const { session, events } = window.field;
    Object.assign(session.controller, {
      getTranscript: (...args: unknown[]) => {
        events.push({ on: "the spy", data: args });
        return { data: { Transcript: "junk" } };
      },
    });
  });
  await chat.call("connect");
  await chat.until(() => chat.isSubscribed());
  chat.contact.say("hello");
  await chat.until(async () => (await chat.transcript()).some(({ Content }) => Content === "hello"));
  expect(await chat.events("the spy")).toEqual([[{ maxResults: 100 }]]);
  expect(chat.operations("GetTranscript")).toEqual([]);
  expect(await chat.send("still works")).toHaveProperty("resolved");
});
