import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

const field = inTheField();

const EVENT = "application/vnd.amazonaws.connect.event.";

/** Calls as an application makes them, by name, each with its arguments. */
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

test("A8: a spy put in the place of a controller's method receives each call of the session, and answers it", async () => {
  const its = await field.open();
  await its.create();
  const seen = await its.page.evaluate(async (calls) => {
    const { session } = window.field;
    const received: unknown[] = [];
    for (const [name, ...args] of calls) {
      const spy = (...given: unknown[]): unknown => {
        received.push([name, ...given]);
        return `the spy's ${name}`;
      };
      Object.assign(session.controller, { [name]: spy });
      const call = Reflect.get(session, name) as (...given: unknown[]) => unknown;
      received.push(await window.field.settle(() => Reflect.apply(call, session, args)));
    }
    return received;
  }, CALLS);
  expect(seen).toEqual(
    CALLS.flatMap(([name, ...args]) => [[name, ...args], { resolved: `the spy's ${name}` }]),
  );
  expect(its.operations()).toEqual([]);
});

test("A8: a spy on controller.subscribe receives the function that onMessage was given, and can pass it on", async () => {
  const its = await field.open();
  await its.create();
  await its.page.evaluate(() => {
    const { session, events } = window.field;
    const { controller } = session;
    const subscribe = controller.subscribe.bind(controller);
    const handler = ({ data }: { data: { Content?: string } }): unknown =>
      events.push({ on: "the handler", data: data.Content ?? null });
    controller.subscribe = (name, given) => {
      events.push({ on: "the spy", data: [name, given === handler] });
      return subscribe(name, given);
    };
    session.onMessage(handler);
  });
  await its.call("connect");
  await its.until(() => its.isSubscribed());
  its.contact.say("hello");
  await its.untilTexts("hello");
  expect(await its.events("the spy")).toEqual([["INCOMING_MESSAGE", true]]);
  const texts = await its.events("the handler");
  expect(texts.filter((text) => text !== null)).toEqual(["hello"]);
});

test("A8: a spy on controller.getTranscript receives the library's own transcript fetch, and its junk harms nothing", async () => {
  const its = await field.open();
  await its.create({ withTranscript: true });
  await its.page.evaluate(() => {
    const { session, events } = window.field;
    Object.assign(session.controller, {
      getTranscript: (...args: unknown[]) => {
        events.push({ on: "the spy", data: args });
        return { data: { Transcript: "junk" } };
      },
    });
  });
  await its.call("connect");
  await its.until(() => its.isSubscribed());
  its.contact.say("hello");
  await its.until(async () => (await its.transcript()).some(({ Content }) => Content === "hello"));
  expect(await its.events("the spy")).toEqual([[{ maxResults: 100 }]]);
  expect(its.operations("GetTranscript")).toEqual([]);
  expect(await its.send("still works")).toHaveProperty("resolved");
});
