import { expect, test } from "@jest/globals";
import type { Zone } from "../../src/util/zone";
import { inTheField, type FieldPage } from "./support/field-page";
import { inProject } from "../support/paths";

const field = inTheField();

/** As an Angular page has it: zone.js is loaded before the library, both by script tags. */
const ZONE_JS = inProject("node_modules/zone.js/bundles/zone.umd.js");

interface NamedZone extends Zone {
  readonly name: string;
  fork(spec: { name: string }): NamedZone;
}

declare global {
  interface Window {
    Zone: { readonly current: NamedZone };
    angular: NamedZone;
    /** A handler that notes the zone it runs in. */
    noteZone: (on: string) => () => void;
  }
}

/** A page with zone.js, a zone as Angular's, and a session that is not connected yet. */
async function openWithZones(): Promise<FieldPage> {
  const its = await field.open({ scripts: [ZONE_JS] });
  await its.create();
  await its.page.evaluate(() => {
    window.angular = window.Zone.current.fork({ name: "angular" });
    window.noteZone = (on) => () =>
      void window.field.events.push({ on: `${on} ran in`, data: window.Zone.current.name });
  });
  return its;
}

const connected = async (its: FieldPage): Promise<void> => {
  await its.until(() => its.isSubscribed());
  await its.untilEvent("onConnectionEstablished");
};

test("A10: handlers run in the zone where they were added, whether a frame, a call or a timer causes the event", async () => {
  const its = await openWithZones();
  await its.page.evaluate(() => {
    const { session } = window.field;
    const { angular, noteZone } = window;
    angular.run(() => {
      session.onMessage(noteZone("onMessage"));
      session.onTranscriptUpdated(noteZone("onTranscriptUpdated"));
      session.onConnectionLost(noteZone("onConnectionLost"));
      session.onEnded(noteZone("onEnded"));
    });
  });
  await its.call("connect");
  await connected(its);
  // A frame.
  its.contact.say("hello");
  await its.untilEvent("onMessage ran in");
  const fromFrames = await its.events("onMessage ran in");
  // A call: the message in flight is an entry of the transcript in a later task.
  const before = (await its.events("onTranscriptUpdated ran in")).length;
  await its.send("mine");
  await its.untilEvent("onTranscriptUpdated ran in", before + 1);
  const fromCalls = await its.events("onTranscriptUpdated ran in");
  // A timer: no beat is answered any more.
  const resume = its.simulator.faults.stallSockets();
  await its.untilEvent("onConnectionLost ran in", 1, 30_000);
  const fromTimers = await its.events("onConnectionLost ran in");
  resume();
  await its.until(() => its.isSubscribed(), 20_000);
  its.contact.end();
  await its.untilEvent("onEnded ran in", 1, 20_000);

  expect([...new Set(fromFrames)]).toEqual(["angular"]);
  expect([...new Set(fromCalls)]).toEqual(["angular"]);
  expect([...new Set(fromTimers)]).toEqual(["angular"]);
  expect(await its.events("onEnded ran in")).toEqual(["angular"]);
});

test("A10: a handler added in the root zone runs in the zone of connect()", async () => {
  const its = await openWithZones();
  await its.page.evaluate(() => {
    const { session } = window.field;
    session.onMessage(window.noteZone("onMessage"));
    window.angular.run(() => void session.connect());
  });
  await connected(its);
  its.contact.say("hello");
  await its.untilEvent("onMessage ran in");
  const names = await its.events("onMessage ran in");
  expect([...new Set(names)]).toEqual(["angular"]);
});

test("A10: an async handler that fails in its zone is not an unhandled rejection of the page", async () => {
  const its = await openWithZones();
  await its.page.evaluate(() => {
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
  await its.call("connect");
  await connected(its);
  its.contact.say("hello");
  await its.untilTexts("hello");
  its.contact.say("another");
  await its.untilTexts("another");
  expect(await its.events("unhandledrejection")).toEqual([]);
});
