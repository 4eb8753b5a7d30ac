import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

const field = inTheField();

const LINK = ["onConnectionLost", "onConnectionEstablished", "onConnectionBroken"];
/** The time within which the library must report that there's no link. Upstream does so within 100 ms. */
const MAX_REPORT_MS = 2_000;

test("C2: if every upgrade is refused from the start, onConnectionLost fires once, with a reason and a code, and calls still work", async () => {
  const chat = await field.open();
  chat.simulator.faults.refuseSockets();
  await chat.create();
  expect(await chat.call("connect")).toHaveProperty("resolved");
  await chat.untilEvent("onConnectionLost", 1, MAX_REPORT_MS);
  expect(await chat.eventNames("onConnectionLost", "onConnectionBroken")).toEqual(["onConnectionLost"]);
  expect(await chat.page.evaluate(() => window.field.session.controller.getConnectionStatus())).toBe(
    "Broken",
  );
  expect((await chat.stateChanges()).at(-1)).toEqual({
    oldState: "connecting",
    newState: "reconnecting",
    reason: expect.any(String),
    code: "upgrade-failed",
  });
  expect(await chat.send("over HTTPS")).toHaveProperty("resolved");
});

test("C2: if the first link opens late, messages since connect() are delivered after onConnectionEstablished", async () => {
  const chat = await field.open();
  chat.simulator.faults.refuseSockets();
  await chat.create();
  await chat.call("connect");
  await chat.untilEvent("onConnectionLost", 1, MAX_REPORT_MS);
  chat.contact.say("one");
  chat.contact.say("two");
  chat.simulator.faults.clear();
  await chat.untilEvent("onConnectionEstablished", 1, 20_000);
  await chat.untilTexts("one", "two");
  expect(await chat.texts()).toEqual(["one", "two"]);
  const names = await chat.eventNames(...LINK, "onMessage");
  expect(names.slice(0, 3)).toEqual(["onConnectionLost", "onConnectionEstablished", "onMessage"]);
});

test("C2: if the first link opens late, items that the application fetches in onConnectionEstablished aren't delivered again", async () => {
  const chat = await field.open();
  chat.simulator.faults.refuseSockets();
  await chat.create();
  await chat.page.evaluate(() => {
    const { session } = window.field;
    session.onConnectionEstablished(() => void session.getTranscript({ maxResults: 100 }));
  });
  await chat.call("connect");
  await chat.untilEvent("onConnectionLost", 1, MAX_REPORT_MS);
  chat.contact.say("fetched");
  chat.simulator.faults.clear();
  await chat.untilEvent("onMessagesRecovered", 1, 20_000);
  chat.contact.say("live");
  await chat.untilTexts("live");
  expect(await chat.texts()).toEqual(["live"]);
  expect(await chat.events("onMessagesRecovered")).toEqual([{ count: expect.any(Number), complete: true }]);
});
