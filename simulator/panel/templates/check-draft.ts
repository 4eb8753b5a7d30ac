/**
 * Lists the values in a form that the service or clients might reject. Users can send the template anyway, for a test.
 */
import type { TemplateDraft } from "./drafts";

const COUNTS: Readonly<Record<string, readonly [minimum: number, maximum: number, what: string]>> = {
  ListPicker: [1, 10, "elements"],
  Panel: [1, 10, "elements"],
  QuickReply: [2, 10, "elements"],
  TimePicker: [1, 40, "time slots"],
  Carousel: [2, 5, "cards"],
};

const MAX_TITLE = 400;
const MAX_QUICK_REPLY = 200;

export function checkDraft(draft: TemplateDraft): readonly string[] {
  return [...countWarnings(draft), ...titleWarnings(draft)];
}

function countWarnings(draft: TemplateDraft): readonly string[] {
  const rule = COUNTS[draft.type];
  const count = countOf(draft);
  if (!rule || count === null) return [];
  const [minimum, maximum, what] = rule;
  return count >= minimum && count <= maximum
    ? []
    : [`The service accepts ${minimum} to ${maximum} ${what}.`];
}

function countOf(draft: TemplateDraft): number | null {
  if ("elements" in draft) return draft.elements.length;
  if ("slots" in draft) return draft.slots.length;
  if ("cards" in draft) return draft.cards.length;
  return null;
}

function titleWarnings(draft: TemplateDraft): readonly string[] {
  if (draft.type === "ViewResource")
    return draft.viewToken === "" ? ["Without a token, the view can't be loaded."] : [];
  if (draft.type === "Json") return [];
  const warnings = draft.title.trim() === "" ? ["The title is required."] : [];
  if (draft.title.length > MAX_TITLE) warnings.push(`Clients cut titles after ${MAX_TITLE} characters.`);
  if (!("elements" in draft)) return warnings;
  const longest = draft.type === "QuickReply" ? MAX_QUICK_REPLY : MAX_TITLE;
  if (draft.elements.some(({ title }) => title.trim() === "")) warnings.push("Each element needs a title.");
  if (draft.elements.some(({ title }) => title.length > longest)) {
    warnings.push(`Clients cut elements after ${longest} characters.`);
  }
  return warnings;
}
