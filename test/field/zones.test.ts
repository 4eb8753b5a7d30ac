import { expect, test } from "@jest/globals";
import type { Zone } from "../../src/util/zone";
import { inTheField, type FieldPage } from "./support/field-page";
import { inProject } from "../support/paths";

const field = inTheField();

/** A script tag loads zone.js before the library, as on an Angular page. */
const ZONE_JS = inProject("node_modules/zone.js/bundles/zone.umd.js");

interface NamedZone extends Zone {
  readonly name: string;
  fork(spec: { name: string }): NamedZone;
}

declare global {
  interface Window {
    Zone: { readonly current: NamedZone };
    angular: NamedZone;
    /** Returns a handler that records its zone. */
    recordZone: (on: string) => () => void;
  }
}

/** Opens a page with zone.js, a zone like Angular's, and a session that isn't connected yet. */
async function openWithZones(): Promise<FieldPage> {
  const chat = await field.open({ scripts: [ZONE_JS] });
  await chat.create();
  await chat.page.evaluate(() => {
    window.angular = window.Zone.current.fork({ name: "angular" });
    window.recordZone = (on) => () =>
      void window.field.events.push({ on: `${on} ran in`, data: window.Zone.current.name });
  });
  return chat;
}

const untilConnected = async (chat: FieldPage): Promise<void> => {
  await chat.until(() => chat.isSubscribed());
  await chat.untilEvent("onConnectionEstablished");
};

test("A10: handlers run in the zone where they were added, whether a frame, a call or a timer caused the event", async () => {
  const chat = await openWithZones();
  await chat.page.evaluate(() => {
    const { session } = window.field;
    const { angular, recordZone } = window;
    angular.run(() => {
      session.onMessage(recordZone("onMessage"));
      session.onTranscriptUpdated(recordZone("onTranscriptUpdated"));
      session.onConnectionLost(recordZone("onConnectionLost"));
      session.onEnded(recordZone("onEnded"));
    });
  });
  await chat.call("connect");
  await untilConnected(chat);
  // A frame causes this event.
  chat.contact.say("hello");
  await chat.untilEvent("onMessage ran in");
  const fromFrames = await chat.events("onMessage ran in");
  // A call causes this event. The pending message appears in the transcript in a later task.
  const before = (await chat.events("onTranscriptUpdated ran in")).length;
  await chat.send("mine");
  await chat.untilEvent("onTranscriptUpdated ran in", before + 1);
  const fromCalls = await chat.events("onTranscriptUpdated ran in");
  // A timer causes this event, because heartbeats are no longer answered.
  const resume = chat.simulator.faults.stallSockets();
  await chat.untilEvent("onConnectionLost ran in", 1, 30_000);
  const fromTimers = await chat.events("onConnectionLost ran in");
  resume();
  await chat.until(() => chat.isSubscribed(), 20_000);
  chat.contact.end();
  await chat.untilEvent("onEnded ran in", 1, 20_000);

  expect([...new Set(fromFrames)]).toEqual(["angular"]);
  expect([...new Set(fromCalls)]).toEqual(["angular"]);
  expect([...new Set(fromTimers)]).toEqual(["angular"]);
  expect(await chat.events("onEnded ran in")).toEqual(["angular"]);
});

test("A10: a handler added in the root zone runs in the zone that called connect()", async () => {
  const chat = await openWithZones();
  await chat.page.evaluate(() => {
    const { session } = window.field;
    session.onMessage(window.recordZone("onMessage"));
    window.angular.run(() => void session.connect());
  });
  await untilConnected(chat);
  chat.contact.say("hello");
  await chat.untilEvent("onMessage ran in");
  const names = await chat.events("onMessage ran in");
  expect([...new Set(names)]).toEqual(["angular"]);
});

test("A10: an async handler that rejects in its zone causes no unhandled rejection in the page", async () => {
  const chat = await openWithZones();
  await chat.page.evaluate(() => {
    const { session, events } = window.field;
    window.addEventListener("unhandledrejection", (event) => {
      events.push({ on: "unhandledrejection", data: String(event.reason) });
    });
    window.angular.run(() =>
      session.onMessage(async () => {
        await Promise.resolve();
        throw new Error("the handler failed");
      }),
    );
  });
  await chat.call("connect");
  await untilConnected(chat);
  chat.contact.say("hello");
  await chat.untilTexts("hello");
  chat.contact.say("another");
  await chat.untilTexts("another");
  expect(await chat.events("unhandledrejection")).toEqual([]);
});
