import { expect, test } from "@jest/globals";
import type { Call } from "../../../simulator/panel/api/operations";
import type { Fault } from "../../../simulator/panel/api/types";
import { copyAsTest } from "../../../simulator/panel/copy-as-test";
import { FAULT_INFOS } from "../../../simulator/panel/faults/kinds";
import { defaultOften, toFault } from "../../../simulator/panel/faults/to-fault";
import { FRAMEWORKS } from "../../../simulator/panel/recording/framework";
import type { Step } from "../../../simulator/panel/recording/recorder";
import { inProject } from "../../support/paths";
import { problemsIn } from "./compiler";
import { itemOf } from "./items";

/** The copied tests call an API that may change, so the compiler checks them against the API's types. */

const CONTACT = { contactId: "a", displayName: "Maria", participants: [] };

const call = (operation: Call["operation"], body: unknown, path: object = {}): Step => ({
  kind: "call",
  call: { operation, path: { contactId: "a", ...path }, body, answer: {} } as unknown as Call,
});
const fault = (body: Fault, id: string): Step => ({
  kind: "call",
  call: { operation: "addFault", path: {}, body, answer: { id } },
});

const STEPS: readonly Step[] = [
  call("sendMessage", {
    content: "Hi",
    contentType: "text/markdown",
    role: "SUPERVISOR",
    displayName: "Robin",
  }),
  call("sendInteractive", { template: { templateType: "Panel" }, role: "SYSTEM" }),
  call("sendAttachment", { name: "a.txt", contentType: "text/plain", base64: "aGk=", displayName: "Sam" }),
  call("sendEvent", { name: "typing", role: "AGENT", content: "{}" }),
  { kind: "customer", contactId: "a", item: itemOf({ Id: "m1" }) },
  { kind: "customer", contactId: "a", item: itemOf({ Id: "m2" }) },
  { kind: "customer", contactId: "a", item: itemOf({ Id: "m3", Type: "ATTACHMENT", Attachments: [] }) },
  call("sendReceipt", { kind: "read", messageId: "m1", role: "SUPERVISOR" }),
  call("changeItem", { Content: null, MessageMetadata: null }, { itemId: "m2" }),
  call("streamAnswer", { pieces: ["a", "b"], displayName: "BOT" }),
  call("joinParticipant", { role: "SUPERVISOR", displayName: "Robin" }),
  call("joinParticipant", { role: "AGENT", displayName: "Kim", acknowledged: false }),
  call("removeParticipant", undefined, { participantId: "x" }),
  call("renameParticipant", { displayName: "Samantha" }, { participantId: "x" }),
  call("transferContact", { displayName: "Kim" }),
  call("transferContact", { outcome: "failed" }),
  ...(["idle", "returned", "disconnected"] as const).map((state) =>
    call("setIdle", { state, role: "AGENT" }),
  ),
  ...(["initiate", "succeed", "fail", "timeOut", "expire"] as const).map((action) =>
    call("authentication", { action }),
  ),
  call("setBehaviors", { bot: "echo", disconnectFlow: "survey", processing: "redact", scanning: "approve" }),
  call("setBehaviors", { processing: "fail", scanning: "reject" }),
  call("setBehaviors", { processing: "reject" }),
  call("setView", { Id: "form" }, { viewToken: "t" }),
  ...FAULT_INFOS.map((info, index) =>
    fault(toFault(info, {}, { contactId: "a" }, defaultOften(info)), String(index)),
  ),
  fault({ kind: "frames", transform: "delay", scope: { untilCleared: true } }, "delay"),
  fault({ kind: "halfOpen", frames: "hold", scope: { contactId: "a", times: 1 } }, "half-open"),
  fault({ kind: "storage", action: "get", scope: { chance: 0.5 } }, "storage"),
  call("sendMessage", { content: "missed `3`", contentType: "text/plain", role: "AGENT" }),
  call("removeFault", undefined, { faultId: "delay" }),
  call("clearFaults", undefined),
  call("endContact", undefined),
];

test("every step that can be recorded becomes code that compiles against the simulator's types", () => {
  const files = new Map(
    FRAMEWORKS.map((framework) => [
      inProject(`test/unit/panel/copied-${framework}.ts`),
      copyAsTest(STEPS, CONTACT, framework),
    ]),
  );
  expect(problemsIn(files)).toEqual([]);
  expect([...files.values()].join("")).not.toContain("undefined");
}, 120_000);
