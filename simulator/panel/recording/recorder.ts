import type { Call } from "../api/operations";
import type { Item } from "../api/types";
import { Store } from "../state/store";

/** A step of a test: a call that the user made, or a message that the customer sent. */
export type Step = { readonly kind: "call"; readonly call: Call } | CustomerStep;

export interface CustomerStep {
  readonly kind: "customer";
  readonly contactId: string;
  readonly item: Item;
}

const KEPT = 500;

/** Calls that only read, or that concern only the panel. They aren't part of a test. */
const NOT_RECORDED = new Set<Call["operation"]>([
  "getStatus",
  "listContacts",
  "getContact",
  "listTraffic",
  "clearTraffic",
  "listFaults",
  "getSnapshot",
  "restoreSnapshot",
]);

export interface Recording {
  readonly steps: readonly Step[];
  /**
   * Whether the recording has everything since the panel was opened. If so, the customers' other messages are from the
   * time before that.
   */
  readonly isComplete: boolean;
}

/** Records the actions of the user and the customers, for "Copy as test". Keeps the last 500 steps. */
export class Recorder {
  readonly recording = new Store<Recording>({ steps: [], isComplete: true });

  recordCall(call: Call): void {
    if (!NOT_RECORDED.has(call.operation)) this.#add({ kind: "call", call });
  }

  recordItem(contactId: string, item: Item): void {
    // A message that is sent again, for example after processing, isn't a new step.
    const isKnown = this.recording.state.steps.some(
      (step) => step.kind === "customer" && step.item.Id === item.Id,
    );
    if (!isKnown) this.#add({ kind: "customer", contactId, item });
  }

  clear(): void {
    this.recording.update(() => ({ steps: [], isComplete: false }));
  }

  #add(step: Step): void {
    this.recording.update(({ steps, isComplete }) => ({
      steps: [...steps, step].slice(-KEPT),
      isComplete: isComplete && steps.length < KEPT,
    }));
  }
}
