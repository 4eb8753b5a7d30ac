import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

const field = inTheField();

const LINK = ["onConnectionLost", "onConnectionEstablished", "onConnectionBroken"];
/** Within this a user should learn that there is no link; upstream reports it within 100 ms. */
const AT_ONCE_MS = 2_000;

test("C2: every upgrade refused from the start: onConnectionLost once, a reason and a code, status Broken, calls still work", async () => {
  const its = await field.open();
  its.simulator.faults.refuseSockets();
  await its.create();
  expect(await its.call("connect")).toHaveProperty("resolved");
  await its.untilEvent("onConnectionLost", 1, AT_ONCE_MS);
  expect(await its.eventNames("onConnectionLost", "onConnectionBroken")).toEqual(["onConnectionLost"]);
  expect(await its.page.evaluate(() => window.field.session.controller.getConnectionStatus())).toBe("Broken");
  expect((await its.stateChanges()).at(-1)).toEqual({
    oldState: "connecting",
    newState: "reconnecting",
    reason: expect.any(String),
    code: "upgrade-failed",
  });
  expect(await its.send("over HTTPS")).toHaveProperty("resolved");
});

test("C2: a first link that comes late: what was said since connect() is delivered after onConnectionEstablished", async () => {
  const its = await field.open();
  its.simulator.faults.refuseSockets();
  await its.create();
  await its.call("connect");
  await its.untilEvent("onConnectionLost", 1, AT_ONCE_MS);
  its.contact.say("one");
  its.contact.say("two");
  its.simulator.faults.clear();
  await its.untilEvent("onConnectionEstablished", 1, 20_000);
  await its.untilTexts("one", "two");
  expect(await its.texts()).toEqual(["one", "two"]);
  const names = await its.eventNames(...LINK, "onMessage");
  expect(names.slice(0, 3)).toEqual(["onConnectionLost", "onConnectionEstablished", "onMessage"]);
});

test("C2: a first link that comes late: what the application fetches at the establishment is not delivered again", async () => {
  const its = await field.open();
  its.simulator.faults.refuseSockets();
  await its.create();
  await its.page.evaluate(() => {
    const { session } = window.field;
    session.onConnectionEstablished(() => void session.getTranscript({ maxResults: 100 }));
  });
  await its.call("connect");
  await its.untilEvent("onConnectionLost", 1, AT_ONCE_MS);
  its.contact.say("fetched");
  its.simulator.faults.clear();
  await its.untilEvent("onMessagesRecovered", 1, 20_000);
  its.contact.say("live");
  await its.untilTexts("live");
  expect(await its.texts()).toEqual(["live"]);
  expect(await its.events("onMessagesRecovered")).toEqual([{ count: expect.any(Number), complete: true }]);
});
