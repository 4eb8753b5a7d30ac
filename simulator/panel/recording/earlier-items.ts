/** Completes a recording with what the customer sent before the panel was opened. */
import type { Item } from "../api/types";
import type { Recording, Step } from "./recorder";

/**
 * Returns the recording's steps, and a step for each of the customer's messages and files that are only in the
 * transcript. Each such step comes before the step that follows it in the transcript. If none does, it comes after the
 * step that precedes it, or else first.
 */
export function withEarlierItems(
  { steps, isComplete }: Recording,
  contactId: string,
  transcript: readonly Item[],
): readonly Step[] {
  if (!isComplete) return steps;
  const stepByItem = new Map(steps.flatMap((step) => idsOf(step).map((id) => [id, step] as const)));
  const before = new Map<Step, Step[]>();
  let waiting: Step[] = [];
  let hasAnchor = false;
  for (const item of transcript) {
    const anchor = stepByItem.get(item.Id);
    if (anchor) {
      before.set(anchor, [...(before.get(anchor) ?? []), ...waiting]);
      waiting = [];
      hasAnchor = true;
    } else if (isSent(item)) waiting.push({ kind: "customer", contactId, item });
  }
  const completed = steps.flatMap((step) => [...(before.get(step) ?? []), step]);
  return hasAnchor ? [...completed, ...waiting] : [...waiting, ...completed];
}

/** Whether an item is the customer's message or file. */
const isSent = ({ ParticipantRole, Type }: Item): boolean =>
  ParticipantRole === "CUSTOMER" && (Type === "MESSAGE" || Type === "ATTACHMENT");

/** The IDs of the items that a step sent. */
function idsOf(step: Step): readonly string[] {
  if (step.kind === "customer") return [step.item.Id];
  const { operation, answer } = step.call;
  switch (operation) {
    case "sendMessage":
    case "sendInteractive":
    case "sendAttachment":
    case "sendEvent":
      return [answer.item.Id];
    case "streamAnswer":
      return [answer.id];
    default:
      return [];
  }
}
