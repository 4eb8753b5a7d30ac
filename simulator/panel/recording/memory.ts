/** Determines which steps of a recording refer to earlier steps. */
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

/** Returns the IDs of the items or faults that a step refers to. */
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
 * If an earlier item's text contains an item's text, a wait would resolve with the earlier item. The wait must then
 * start after the item's predecessor. Returns the predecessor's ID for each such item's ID.
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
