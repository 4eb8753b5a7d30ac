import { describe, expect, test } from "@jest/globals";
import ts from "typescript";
import { copyAsTest } from "../../../simulator/panel/copy-as-test";
import { FRAMEWORKS } from "../../../simulator/panel/recording/framework";
import { args, Code, literal } from "../../../simulator/panel/recording/literal";
import { Recorder, type Step } from "../../../simulator/panel/recording/recorder";
import { itemOf } from "./items";
import { call, CONTACT, customer, fault, item } from "./steps";

/** Returns the test's lines after the comment about connecting. */
function linesOf(...steps: Step[]): string[] {
  const code = copyAsTest(steps, CONTACT, "vitest");
  const [, body = ""] = code.split("`simulator.url`.\n\n");
  return body
    .replace(/\n}\);\n$/, "")
    .split("\n")
    .map((line) => line.trim());
}

describe("copyAsTest()", () => {
  test("writes a complete Vitest file for a support case", () => {
    const steps = [
      call("sendMessage", {
        content: "Hello, how can I help?",
        contentType: "text/plain",
        role: "SYSTEM",
        displayName: "BOT",
      }),
      customer({ Id: "m1", Content: "My bike" }),
      call("joinParticipant", { role: "AGENT", displayName: "Sam", acknowledged: true }),
      call("sendReceipt", { kind: "read", messageId: "m1", role: "AGENT" }),
      call("sendMessage", {
        content: "I'm Sam.",
        contentType: "text/plain",
        role: "AGENT",
        participantId: "agent-1",
      }),
      fault({ kind: "dropSockets", scope: { contactId: "contact-1" } }),
      call("transferContact", { outcome: "succeeded", displayName: "Kim", acknowledged: true }),
      call("endContact", undefined),
    ];
    expect(copyAsTest(steps, CONTACT, "vitest")).toBe(`import { afterEach, beforeEach, test } from "vitest";
import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(() => simulator.close());

test("the chat that I played in the control panel", async () => {
  const chatDetails = simulator.startChat({ displayName: "Maria" });
  const contact = simulator.contact(chatDetails.ContactId);
  // Connect your code to the chat: pass it \`chatDetails\` and the endpoint \`simulator.url\`.

  contact.say("Hello, how can I help?", { role: "SYSTEM", displayName: "BOT" });
  const message1 = await contact.waitForMessage("My bike");
  contact.join({ displayName: "Sam" });
  contact.receipt("read", message1.Id);
  contact.say("I'm Sam.", { displayName: "Sam" });
  simulator.dropSockets({ contactId: contact.contactId });
  contact.transfer({ displayName: "Kim", joins: true });
  contact.end();
});
`);
  });

  test("imports Jest's globals for Jest, and waits for the page's chat for Playwright", () => {
    const steps = [call("endContact", undefined)];
    expect(copyAsTest(steps, CONTACT, "jest")).toContain('from "@jest/globals"');
    const playwright = copyAsTest(steps, CONTACT, "playwright");
    expect(playwright).toContain('import { test } from "@playwright/test";');
    expect(playwright).toContain("const contact = await started;\n\n  contact.end();\n});");
  });

  test.each(FRAMEWORKS)("writes a %s file without syntax errors, even with hostile text", (framework) => {
    const steps = [
      call("sendMessage", { content: '`${"x"}`\n</script>\u2028"', contentType: "text/markdown" }),
      customer({ Content: '\\"; process.exit(); //' }),
      fault({ kind: "frames", transform: "delay", scope: { untilCleared: true } }),
    ];
    const { diagnostics = [] } = ts.transpileModule(copyAsTest(steps, CONTACT, framework), {
      reportDiagnostics: true,
    });
    expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  });

  test("explains what to do if there are no steps", () => {
    expect(linesOf()).toEqual([
      "// There are no steps yet. Write as the agent, add a fault, or wait for the customer.",
    ]);
  });

  test("omits other contacts' steps and faults", () => {
    expect(
      linesOf(
        { kind: "customer", contactId: "other", item },
        call("endContact", undefined, { contactId: "other" }),
        fault({ kind: "latency", delayMs: 5, scope: { contactId: "other" } }),
        call("sendEvent", { name: "typing", role: "AGENT" }),
      ),
    ).toEqual(['contact.event("typing", { role: "AGENT" });']);
  });

  test("writes calls that send Markdown, templates, files, streamed answers and events", () => {
    const template = { templateType: "QuickReply", version: "1.0", data: {} };
    expect(
      linesOf(
        call("sendMessage", { content: "**Hi**", contentType: "text/markdown", role: "SUPERVISOR" }),
        call("sendInteractive", { template, role: "SYSTEM", displayName: "BOT" }),
        call("sendAttachment", { name: "a.txt", contentType: "text/plain", base64: "aGk=", role: "AGENT" }),
        call("sendAttachment", { name: "b.png", contentType: "image/png", base64: "A".repeat(400) }),
        call("streamAnswer", { pieces: ["a ", "b"], displayName: "BOT" }),
        call("sendEvent", { name: "participant.idle", role: "CUSTOMER", content: "{}" }),
      ),
    ).toEqual([
      'contact.say("**Hi**", { role: "SUPERVISOR", contentType: "text/markdown" });',
      'contact.say(JSON.stringify({ templateType: "QuickReply", version: "1.0", data: {} }), {',
      'role: "SYSTEM",',
      'displayName: "BOT",',
      'contentType: "application/vnd.amazonaws.connect.message.interactive",',
      "});",
      'contact.attach({ name: "a.txt", contentType: "text/plain", bytes: Buffer.from("aGk=", "base64") });',
      'contact.attach({ name: "b.png", contentType: "image/png", bytes: Buffer.alloc(300) });',
      'contact.stream(["a ", "b"], { displayName: "BOT" }).finish();',
      'contact.event("participant.idle", { role: "CUSTOMER", content: "{}" });',
    ]);
  });

  test("writes calls that rename, remove, transfer, report as idle, authenticate, set behaviors, and change items", () => {
    expect(
      linesOf(
        call("renameParticipant", { displayName: "Samantha" }, { participantId: "agent-1" }),
        call("removeParticipant", undefined, { participantId: "agent-1" }),
        call("transferContact", { outcome: "failed" }),
        call("setIdle", { state: "idle", role: "CUSTOMER" }),
        call("setIdle", { state: "disconnected", role: "AGENT" }),
        call("authentication", { action: "initiate" }),
        call("setBehaviors", { processing: "redact", scanning: "reject" }),
        call("changeItem", { Content: null }, { itemId: "m9" }),
        call("setView", { Id: "form" }, { viewToken: "t" }),
      ),
    ).toEqual([
      'contact.rename("Samantha");',
      "contact.leave();",
      "contact.failTransfer();",
      "contact.idle();",
      'contact.autoDisconnect({ role: "AGENT" });',
      "contact.authentication.initiate();",
      'contact.onProcessing((text) => ({ text: text.replace(/\\d{4,}/g, "{REDACTED}") }));',
      'contact.onScan(() => "REJECTED");',
      'contact.changeItem("m9", { Content: null });',
      'simulator.setView("t", { Id: "form" });',
    ]);
  });

  test("waits for a customer's file by its name", () => {
    const Attachments = [
      {
        AttachmentId: "1",
        AttachmentName: "bike.png",
        ContentType: "image/png",
        Status: "APPROVED" as const,
      },
    ];
    expect(linesOf(customer({ Type: "ATTACHMENT", Attachments }))).toEqual([
      'await contact.waitFor({ for: "attachment", matches: "bike.png" });',
    ]);
  });

  test("waits for a text after the preceding message if an earlier message also contains the text", () => {
    expect(
      linesOf(
        customer({ Id: "m1", Content: "Yes, please" }),
        customer({ Id: "m2", Content: "Now" }),
        customer({ Id: "m3", Content: "Yes" }),
      ),
    ).toEqual([
      'await contact.waitForMessage("Yes, please");',
      'const message1 = await contact.waitForMessage("Now");',
      'await contact.waitForMessage("Yes", { sinceId: message1.Id });',
    ]);
  });

  test("writes calls that add faults, and a call that removes a single fault", () => {
    const once = { contactId: "contact-1", times: 1 };
    expect(
      linesOf(
        fault({ kind: "error", operation: "SendMessage", status: 429, from: "service", scope: once }),
        fault({ kind: "cut", operation: "*", when: "after", scope: { times: 2 } }),
        fault({ kind: "garble", operation: "GetTranscript", scope: { times: 1 } }),
        fault({ kind: "storage", action: "put", status: 403, scope: { times: 1 } }),
        fault({ kind: "storage", action: "get", scope: { times: 1 } }),
        fault({ kind: "expireTokens" }),
        fault({ kind: "expireSocketUrls", scope: { contactId: "contact-1" } }),
        fault({ kind: "restart", downMs: 3000 }),
        fault({ kind: "frames", transform: "drop", scope: { chance: 0.3, untilCleared: true } }, "fault-1"),
        call("removeFault", undefined, { faultId: "fault-1" }),
        call("clearFaults", undefined),
      ),
    ).toEqual([
      'simulator.faults.failNext("SendMessage", { status: 429, contactId: contact.contactId, times: 1 });',
      'simulator.faults.cutNext("*", { when: "after", times: 2 });',
      'simulator.faults.garbleNext("GetTranscript", { body: "<html></html>", times: 1 });',
      'simulator.faults.failNextStorage("put", { status: 403, times: 1 });',
      'simulator.faults.cutNextStorage("get", { times: 1 });',
      "simulator.expireConnectionTokens();",
      "simulator.expireSocketUrls({ contactId: contact.contactId });",
      "await simulator.restart({ downMs: 3000 });",
      "const removeFault1 = simulator.faults.transformFrames(FRAME_FAULTS.drop, { chance: 0.3 });",
      "// The fault is active. Wait here until your page shows its effect, such as “Reconnecting”.",
      "removeFault1();",
      "simulator.faults.clear();",
    ]);
  });

  test("imports the functions that lasting faults need", () => {
    const lasting = { untilCleared: true };
    const steps = [
      fault({ kind: "latency", delayMs: 2000, jitterMs: 1000, scope: lasting }),
      fault({ kind: "halfOpen", frames: "hold", scope: lasting }),
      fault({ kind: "refuseSockets", status: 403, scope: lasting }),
      fault({ kind: "refuseSubscriptions", scope: lasting }),
      fault({ kind: "transcriptLag", lagMs: 3000, scope: lasting }),
      fault({ kind: "frames", transform: "delay", delayMs: 5, scope: lasting }),
    ];
    expect(linesOf(...steps).map((line) => line.replace(/^const \w+ = /, ""))).toEqual([
      "simulator.faults.slowDown({ delayMs: 2000, jitterMs: 1000 });",
      'simulator.faults.stallSockets({ frames: "hold" });',
      "simulator.faults.refuseSockets({ status: 403 });",
      "simulator.faults.refuseSubscriptions({ times: Infinity });",
      "simulator.faults.lagTranscripts({ lagMs: 3000 });",
      "simulator.faults.transformFrames(delayedBy(5), { times: Infinity });",
    ]);
    expect(copyAsTest(steps, CONTACT, "jest")).toContain(
      "import { delayedBy, startSimulator, type Simulator }",
    );
  });
});

describe("values printed as code", () => {
  test("have quoted names only where necessary, and no undefined fields", () => {
    expect(literal({ a: 1, "b-c": [true, null], d: undefined, e: new Code("x.y") })).toBe(
      '{ a: 1, "b-c": [true, null], e: x.y }',
    );
  });

  test("span several lines if they are long", () => {
    const text = "x".repeat(80);
    expect(literal({ a: [text, 1], b: {} })).toBe(`{\n  a: [\n    "${text}",\n    1,\n  ],\n  b: {},\n}`);
  });

  test("don't include options without fields", () => {
    expect(args("a", { role: undefined })).toBe('"a"');
    expect(args({})).toBe("");
    expect(args(new Code("b"))).toBe("b");
  });
});

test("the recorder keeps only the latest 500 steps, and ignores calls that only read", () => {
  const recorder = new Recorder();
  recorder.recordCall({ operation: "listFaults", path: {}, body: undefined, answer: { faults: [] } });
  expect(recorder.recording.state.steps).toEqual([]);
  for (let count = 0; count < 510; count++) recorder.recordItem("a", itemOf({ Id: String(count) }));
  expect(recorder.recording.state.steps).toHaveLength(500);
  expect(recorder.recording.state.steps[0]).toMatchObject({ kind: "customer", item: { Id: "10" } });
  recorder.clear();
  expect(recorder.recording.state.steps).toEqual([]);
});
