/** Finds out which steps of a recording refer to earlier ones. */
import type { CustomerStep, Step } from "./recorder";
import { awaitedText, type Memory } from "./step-code";

export function memoryOf(steps: readonly Step[], contact: Memory["contact"]): Memory {
  const after = repetitions(steps);
  return {
    contact,
    needed: new Set([...steps.flatMap(references), ...after.values()]),
    after,
    messages: new Map(),
    faults: new Map(),
    hasFrameFaults: false,
    hasDelays: false,
  };
}

/** The IDs of the items or faults that a step refers to. */
function references(step: Step): readonly string[] {
  if (step.kind === "customer") return [];
  const { call } = step;
  switch (call.operation) {
    case "sendReceipt":
      return [call.body.messageId];
    case "changeItem":
      return [call.path.itemId];
    case "removeFault":
      return [call.path.faultId];
    default:
      return [];
  }
}

/**
 * A wait resolves with an earlier item if that matches too. So an item whose text an earlier one contains must be
 * awaited after the item before it. Returns that one's ID, by the item's.
 */
function repetitions(steps: readonly Step[]): ReadonlyMap<string, string> {
  const items = steps
    .filter((step): step is CustomerStep => step.kind === "customer")
    .map(({ item }) => item);
  const found = new Map<string, string>();
  items.forEach((item, index) => {
    const earlier = items.slice(0, index).filter(({ Type }) => Type === item.Type);
    const previous = items[index - 1];
    if (previous && earlier.some((each) => awaitedText(each).includes(awaitedText(item)))) {
      found.set(item.Id, previous.Id);
    }
  });
  return found;
}
