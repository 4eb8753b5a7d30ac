/** Converts the user's actions in a contact into a test. The panel's calls become calls to the simulator's objects. */
import type { ContactSummary } from "./api/types";
import { memoryOf } from "./recording/memory";
import type { Step } from "./recording/recorder";
import { faultLines, isLasting } from "./recording/fault-code";
import { FaultWindow } from "./recording/fault-window";
import type { Framework } from "./recording/framework";
import { stepLines, type Memory } from "./recording/step-code";

/** Returns a complete test file, with only the contact's steps and the faults that can hit the contact. */
export function copyAsTest(
  steps: readonly Step[],
  contact: Pick<ContactSummary, "contactId" | "displayName" | "participants">,
  framework: Framework,
  /** The origin of the customer's page, if it is known. */
  origin?: string,
): string {
  const contactSteps = steps.filter((step) => concerns(step, contact.contactId));
  const memory = memoryOf(contactSteps, contact);
  const window = new FaultWindow(framework, memory.needed);
  const body = contactSteps.flatMap((step) => linesOf(step, memory, window));
  const lines =
    body.length > 0
      ? body
      : ["// There are no steps yet. Write as the agent, add a fault, or wait for the customer."];
  return `${framework === "playwright" ? playwright(lines, memory, window, origin) : unit(lines, memory, contact, framework)}\n`;
}

function linesOf(step: Step, memory: Memory, window: FaultWindow): readonly string[] {
  if (step.kind === "call") {
    const { call } = step;
    if (call.operation === "addFault") {
      const lines = faultLines(call.body, call.answer.id, memory);
      if (isLasting(call.body)) window.added(call.answer.id, call.body);
      return lines;
    }
    if (call.operation === "removeFault") {
      const { faultId } = call.path;
      const name = memory.faults.get(faultId);
      return name === undefined ? [] : window.removed(faultId, `${name}();`);
    }
    if (call.operation === "clearFaults") return window.removed(null, "simulator.faults.clear();");
  }
  window.passed(step);
  return stepLines(step, memory);
}

/** Whether a step belongs to the contact or to all contacts. */
function concerns(step: Step, contactId: string): boolean {
  if (step.kind === "customer") return step.contactId === contactId;
  const { call } = step;
  if (call.operation === "startContact") return false;
  if (call.operation === "addFault") {
    const scope = "scope" in call.body ? call.body.scope : undefined;
    return [undefined, contactId].includes(scope?.contactId);
  }
  return "contactId" in call.path ? call.path.contactId === contactId : call.operation !== "reset";
}

const PACKAGE = '"amazon-connect-chatjs/simulator"';

function imports(names: readonly string[], memory: Memory): string {
  const used = [
    ...(memory.hasFrameFaults ? ["FRAME_FAULTS"] : []),
    ...(memory.hasDelays ? ["delayedBy"] : []),
    "startSimulator",
    ...names,
  ];
  return `import { ${used.join(", ")} } from ${PACKAGE};`;
}

const indented = (lines: readonly string[]): string =>
  lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`).join("\n");

function unit(
  lines: readonly string[],
  memory: Memory,
  { displayName }: Pick<ContactSummary, "displayName">,
  framework: "jest" | "vitest",
): string {
  const runner = framework === "jest" ? "@jest/globals" : "vitest";
  return `import { afterEach, beforeEach, test } from "${runner}";
${imports(["type Simulator"], memory)}

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(() => simulator.close());

test("the chat that I played in the control panel", async () => {
  const chatDetails = simulator.startChat({ displayName: ${JSON.stringify(displayName)} });
  const contact = simulator.contact(chatDetails.ContactId);
  // Connect your code to the chat: pass it \`chatDetails\` and the endpoint \`simulator.url\`.

${indented(lines)}
});`;
}

function playwright(
  lines: readonly string[],
  memory: Memory,
  { usesExpect }: FaultWindow,
  origin: string | undefined,
): string {
  const note = origin === undefined ? " Replace its address with your page's." : "";
  return `import { ${usesExpect ? "expect, " : ""}test } from "@playwright/test";
${imports(["type ContactScript", "type Simulator"], memory)}

let simulator: Simulator;

test.beforeEach(async () => {
  simulator = await startSimulator();
});

test.afterEach(() => simulator.close());

test("the chat that I played in the control panel", async ({ page }) => {
  const started = new Promise<ContactScript>((resolve) => simulator.onChat(resolve));
  // Your page must start its chat at \`simulator.url\`.${note}
  await page.goto(\`${origin ?? "http://localhost:3000"}/?endpoint=\${simulator.url}\`);
  const contact = await started;

${indented(lines)}
});`;
}
