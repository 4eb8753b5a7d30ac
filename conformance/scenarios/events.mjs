import { scenario } from "../page.mjs";
import { EVENTS } from "./messages.mjs";

const EVENT = "application/vnd.amazonaws.connect.event.";
const TYPING = `${EVENT}typing`;

scenario("sendEvent: every content type", async (t) => {
  const { session } = await t.connected();
  // chat.ended comes last, because the simulator echoes it as an event.
  for (const name of [...EVENTS.filter((each) => !/typing|message\.|ended/.test(each)), "chat.ended"]) {
    await t.exchange(name, () => session.sendEvent({ contentType: EVENT + name, metadata: name }));
  }
});

scenario("sendEvent: message content types and unknown ones", async (t) => {
  const { session } = await t.connected();
  for (const contentType of [
    "text/plain",
    "application/json",
    "text/html",
    `${EVENT}dance`,
    "",
    undefined,
    7,
  ]) {
    await t.exchange(String(contentType), () =>
      session.sendEvent({ contentType, content: "x", metadata: "m" }),
    );
  }
  await t.exchange("no arguments", () => session.sendEvent());
});

scenario("sendEvent: content", async (t) => {
  const { session } = await t.connected();
  // Each event has its own content type, so that a rejected event doesn't change the names of other events' items.
  const contents = {
    "a string": ["participant.joined", "text"],
    "an empty string": ["participant.left", ""],
    "an object": ["participant.active", { a: 1, b: [2] }],
    JSON: ["participant.inactive", '{"a":1}'],
    null: ["participant.idle", null],
    "a number": ["participant.returned", 7],
    true: ["participant.invited", true],
  };
  for (const [name, [event, content]] of Object.entries(contents)) {
    const contentType = EVENT + event;
    await t.exchange(name, () => session.sendEvent({ contentType, content, metadata: { m: 1 } }));
  }
  const contentType = `${EVENT}connection.acknowledged`;
  await t.exchange("clientToken", () => session.sendEvent({ contentType, clientToken: "my-token" }));
});

scenario("sendEvent: typing is throttled", async (t) => {
  const { session } = await t.connected();
  await t.exchange("first", () => session.sendEvent({ contentType: TYPING, metadata: 1 }));
  await t.exchange("second", () => session.sendEvent({ contentType: TYPING, metadata: 2 }));
  await t.exchange("with content", () =>
    session.sendEvent({ contentType: TYPING, content: "x", metadata: 3 }),
  );
  await t.events("events", { count: 1 });
});

scenario("sendEvent: typing in two sessions", async (t) => {
  const first = await t.connected();
  const second = await t.connected();
  await t.exchange("first", () => first.session.sendEvent({ contentType: TYPING, metadata: "first" }));
  await t.exchange("second", () => second.session.sendEvent({ contentType: TYPING, metadata: "second" }));
});

for (const [status, times] of Object.entries({ 400: 1, 403: 20, 409: 1 })) {
  scenario(`sendEvent: fails with ${status}`, async (t) => {
    const { session } = await t.connected();
    const contentType = `${EVENT}connection.acknowledged`;
    const fail = () =>
      t.sim("failNext", "SendEvent", { status: Number(status), message: "Not today", times });
    await fail();
    await t.exchange("outcome", () => session.sendEvent({ contentType, metadata: "m" }));
    await t.sim("clearFaults");
    await fail();
    await t.exchange("typing", () => session.sendEvent({ contentType: TYPING, metadata: "m" }));
  });
}

scenario("sendEvent: throttled by the service", async (t) => {
  const { session } = await t.connected();
  await t.sim("failNext", "SendEvent", { status: 429, message: "Slow down", times: 20 });
  const contentType = `${EVENT}connection.acknowledged`;
  await t.exchange("outcome", () => session.sendEvent({ contentType, metadata: "m" }), 20_000);
  await t.exchange("typing", () => session.sendEvent({ contentType: TYPING, metadata: "m" }), 20_000);
});
