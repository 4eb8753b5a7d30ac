import { describe, expect, test } from "@jest/globals";
import type { Item, TrafficEntry } from "../../../simulator/panel/api/types";
import { copyAsTest } from "../../../simulator/panel/copy-as-test";
import { withEarlierItems } from "../../../simulator/panel/recording/earlier-items";
import type { Framework } from "../../../simulator/panel/recording/framework";
import { pageOrigin } from "../../../simulator/panel/recording/page-origin";
import { Recorder, type Step } from "../../../simulator/panel/recording/recorder";
import { itemOf } from "./items";
import { call, CONTACT, customer, fault } from "./steps";

function linesOf(framework: Framework, ...steps: Step[]): string[] {
  const code = copyAsTest(steps, CONTACT, framework);
  const [, body = ""] = code.split(/`simulator\.url`\.\n\n|await started;\n\n/);
  return body
    .replace(/\n}\);\n$/, "")
    .split("\n")
    .map((line) => line.trim());
}

const CONTACT_SCOPE = { contactId: "contact-1" };
const scope = { ...CONTACT_SCOPE, untilCleared: true };
const stall = fault({ kind: "halfOpen", frames: "lose", scope }, "stall");
const remove = (faultId: string): Step => call("removeFault", undefined, { faultId });
const say = (content: string): Step => call("sendMessage", { content, contentType: "text/plain" });
const HINT = "// The fault is active. Wait here until your page shows its effect, such as “Reconnecting”.";

describe("the copied test of a fault that was removed", () => {
  test("says where to wait for the effect, waits for the link, and names the message that was missed", () => {
    expect(linesOf("vitest", say("before"), stall, say("missed 3"), remove("stall"), say("after"))).toEqual([
      'contact.say("before");',
      'const removeFault1 = simulator.faults.stallSockets({ frames: "lose", contactId: contact.contactId });',
      'contact.say("missed 3");',
      HINT,
      "removeFault1();",
      'await contact.waitFor({ for: "connected" });',
      '// Wait here until your page shows the message "missed 3".',
      'contact.say("after");',
    ]);
  });

  test("expects the missed message on the page in Playwright", () => {
    const steps = [stall, say("missed 3"), remove("stall")];
    expect(linesOf("playwright", ...steps).slice(2)).toEqual([
      "// The fault is active. Wait here until the page shows its effect, for example:",
      '// await expect(page.getByText("Reconnecting")).toBeVisible();',
      "removeFault1();",
      'await contact.waitFor({ for: "connected" });',
      'await expect(page.getByText("missed 3").first()).toBeVisible();',
    ]);
    expect(copyAsTest(steps, CONTACT, "playwright")).toContain(
      'import { expect, test } from "@playwright/test";',
    );
  });

  test("needs no hint if the test waits for the customer's message before it removes the fault", () => {
    const lag = fault({ kind: "latency", delayMs: 5, scope }, "lag");
    expect(linesOf("jest", lag, customer({ Content: "Slow" }), remove("lag"))).toEqual([
      "const removeFault1 = simulator.faults.slowDown({ delayMs: 5, contactId: contact.contactId });",
      'await contact.waitForMessage("Slow");',
      "removeFault1();",
    ]);
  });

  test("has one hint for faults that are removed together, and the waits after the last of them", () => {
    const refuse = fault({ kind: "refuseSockets", status: 503, scope }, "refuse");
    const cut = fault({ kind: "cut", operation: "*", when: "before", scope }, "cut");
    const once = fault({ kind: "cut", operation: "*", when: "after", scope: { times: 1 } }, "once");
    expect(
      linesOf("jest", once, refuse, cut, say("missed"), remove("refuse"), remove("cut")).slice(3),
    ).toEqual([
      'contact.say("missed");',
      HINT,
      "removeFault1();",
      "removeFault2();",
      'await contact.waitFor({ for: "connected" });',
      '// Wait here until your page shows the message "missed".',
    ]);
  });

  test("has the same waits if all faults are removed at once", () => {
    expect(linesOf("jest", stall, say("missed"), call("clearFaults", undefined)).slice(2)).toEqual([
      HINT,
      "simulator.faults.clear();",
      'await contact.waitFor({ for: "connected" });',
      '// Wait here until your page shows the message "missed".',
    ]);
    expect(linesOf("jest", call("clearFaults", undefined))).toEqual(["simulator.faults.clear();"]);
  });
});

test("the copied test of a half-open socket keeps its limit", () => {
  const once = fault({ kind: "halfOpen", frames: "hold", scope: { times: 1 } }, "once");
  const whole = fault({ kind: "halfOpen", frames: "lose", scope: { ...CONTACT_SCOPE, forMs: 500 } }, "while");
  expect(linesOf("jest", once, whole)).toEqual([
    'simulator.faults.stallSockets({ frames: "hold", times: 1 });',
    'simulator.faults.stallSockets({ frames: "lose", contactId: contact.contactId, forMs: 500 });',
  ]);
  expect(linesOf("jest", once, remove("once"))[0]).toBe(
    'const removeFault1 = simulator.faults.stallSockets({ frames: "hold", times: 1 });',
  );
});

describe("the messages that the customer sent before the panel was opened", () => {
  const sent = (Id: string): Item => itemOf({ Id, Content: Id });
  const reply = itemOf({ Id: "reply", ParticipantRole: "AGENT" });
  const answered: Step = {
    kind: "call",
    call: {
      operation: "sendMessage",
      path: { contactId: "contact-1" },
      body: { content: "Hi" },
      answer: { item: reply },
    },
  };
  const idsOf = (steps: readonly Step[]): string[] =>
    steps.map((step) => (step.kind === "customer" ? step.item.Id : step.call.operation));
  const complete = (steps: readonly Step[], ...transcript: Item[]): string[] =>
    idsOf(withEarlierItems({ steps, isComplete: true }, "contact-1", transcript));

  test("become steps before the recorded steps that follow them in the transcript", () => {
    const recorded = customer({ Id: "m2", Content: "m2" });
    expect(complete([answered, recorded], sent("m0"), sent("m1"), reply, sent("m2"))).toEqual([
      "m0",
      "m1",
      "sendMessage",
      "m2",
    ]);
  });

  test("come first if no recorded step is in the transcript, and last if they follow all of these steps", () => {
    expect(complete([stall], sent("m0"))).toEqual(["m0", "addFault"]);
    expect(complete([answered], reply, sent("m1"))).toEqual(["sendMessage", "m1"]);
  });

  test("don't include other participants' messages and events", () => {
    const joined = itemOf({ Id: "e", Type: "EVENT", ContentType: "application/x" });
    expect(complete([], reply, joined, sent("m0"))).toEqual(["m0"]);
  });

  test("are left out after the user has started over, or if the recording has dropped steps", () => {
    const recorder = new Recorder();
    recorder.clear();
    expect(withEarlierItems(recorder.recording.state, "contact-1", [sent("m0")])).toEqual([]);
    const full = new Recorder();
    for (let count = 0; count < 500; count++) full.recordItem("contact-1", sent(String(count)));
    expect(full.recording.state.isComplete).toBe(true);
    full.recordItem("contact-1", sent("more"));
    expect(full.recording.state.isComplete).toBe(false);
  });
});

describe("the address of the page in a Playwright test", () => {
  const entry = (number: number, contactId: string, origin?: string): TrafficEntry => ({
    ...{ number, at: "", contactId, participantId: null, role: null, direction: "in", name: "SendMessage" },
    kind: "call",
    ...(origin !== undefined && { origin }),
  });
  const PAGE = "http://localhost:5173";
  const API = "http://localhost:8080/prefix";

  test("is the origin of the contact's latest call", () => {
    const traffic = [
      entry(1, "a", "http://old.test"),
      entry(2, "a", PAGE),
      entry(3, "a"),
      entry(4, "b", "http://b.test"),
    ];
    expect(pageOrigin(traffic, "a", API)).toBe(PAGE);
    expect(copyAsTest([], CONTACT, "playwright", PAGE)).toContain(
      "// Your page must start its chat at `simulator.url`.\n  await page.goto(`http://localhost:5173/?endpoint=${simulator.url}`);",
    );
  });

  test("is a placeholder if no call has an origin, or if the page is the simulator's own", () => {
    expect(pageOrigin([entry(1, "a")], "a", API)).toBeUndefined();
    expect(pageOrigin([entry(1, "a", "http://localhost:8080")], "a", API)).toBeUndefined();
    expect(copyAsTest([], CONTACT, "playwright")).toContain(
      "Replace its address with your page's.\n  await page.goto(`http://localhost:3000/?",
    );
  });

  test("is never text that would become code", () => {
    for (const origin of ["null", "http://a`;process.exit()//", "http://${x}", "file://"])
      expect(pageOrigin([entry(1, "a", origin)], "a", API)).toBeUndefined();
  });
});
