/**
 * Keeps apart the steps that add a fault and remove it. Without a wait in between, a test would run them back to back,
 * so that the fault would hit nothing.
 */
import type { Fault, FaultKind, FaultScope } from "../api/types";
import type { Framework } from "./framework";
import { literal } from "./literal";
import type { Step } from "./recorder";

/** The faults that keep messages from the customer's page until it has a working socket again. */
const BREAKS_LINK: ReadonlySet<FaultKind> = new Set(["halfOpen", "refuseSockets", "refuseSubscriptions"]);

const MAX_TEXT = 60;

export class FaultWindow {
  readonly #framework: Framework;
  readonly #removedLater: ReadonlySet<string>;
  /** The faults that last until they are removed or out of time. Others are used up at an unknown step. */
  readonly #active = new Map<string, Fault>();
  /** The texts that were sent while a fault was active. */
  #sent: string[] = [];
  #breaksLink = false;
  /** Whether the test has waited since its last action. */
  #hasWaited = true;
  /** Whether the code uses Playwright's `expect`. */
  usesExpect = false;

  /** `removedLater` has the IDs of the faults that a later step removes. */
  constructor(framework: Framework, removedLater: ReadonlySet<string>) {
    this.#framework = framework;
    this.#removedLater = removedLater;
  }

  /** Called for a fault that lasts. */
  added(id: string, fault: Fault): void {
    const scope: FaultScope = ("scope" in fault && fault.scope) || {};
    if (scope.times !== undefined && !this.#removedLater.has(id)) return;
    this.#active.set(id, fault);
    this.#breaksLink ||= BREAKS_LINK.has(fault.kind);
    this.#hasWaited = false;
  }

  /** Called for each step that neither adds nor removes a fault. */
  passed(step: Step): void {
    this.#hasWaited = step.kind === "customer";
    if (step.kind === "call" && step.call.operation === "sendMessage" && this.#active.size > 0) {
      const { content, contentType = "text/plain" } = step.call.body;
      if (typeof content === "string" && contentType === "text/plain") this.#sent.push(content);
    }
  }

  /** Returns the lines that remove faults, with the waits around them. `id` is null if all faults are removed. */
  removed(id: string | null, line: string): readonly string[] {
    const isActive = id === null ? this.#active.size > 0 : this.#active.has(id);
    if (!isActive) return [line];
    const before = this.#hasWaited ? [] : EFFECT_LINES[this.#framework];
    this.#hasWaited = true;
    if (id === null) this.#active.clear();
    else this.#active.delete(id);
    const isLast = ![...this.#active.keys()].some((each) => this.#removedLater.has(each));
    return [...before, line, ...(isLast ? this.#afterLast() : [])];
  }

  #afterLast(): readonly string[] {
    const connected = this.#breaksLink ? ['await contact.waitFor({ for: "connected" });'] : [];
    const seen = this.#sent.map((text) => this.#seen(text));
    this.#breaksLink = false;
    this.#sent = [];
    return [...connected, ...seen];
  }

  #seen(text: string): string {
    if (this.#framework === "playwright") {
      this.usesExpect = true;
      return `await expect(page.getByText(${literal(text)}).first()).toBeVisible();`;
    }
    const start = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
    return `// Wait here until your page shows the message ${literal(start)}.`;
  }
}

const EFFECT_LINES: Readonly<Record<Framework, readonly string[]>> = {
  jest: ["// The fault is active. Wait here until your page shows its effect, such as “Reconnecting”."],
  vitest: ["// The fault is active. Wait here until your page shows its effect, such as “Reconnecting”."],
  playwright: [
    "// The fault is active. Wait here until the page shows its effect, for example:",
    '// await expect(page.getByText("Reconnecting")).toBeVisible();',
  ],
};
