/** Builds messages for bots and tests. Each builder throws InteractiveError for what the service rejects. */
import type {
  BuiltMessage,
  CarouselInput,
  ListPickerElementInput,
  ListPickerInput,
  PanelInput,
  QuickReplyInput,
  TemplateInput,
  TextsInput,
  TimePickerInput,
  TimeSlotInput,
  ViewInput,
} from "./build-types";
import { INTERACTIVE, VERSION } from "./limits";
import { parseInteractive } from "./parse";
import type { InteractiveMessage } from "./types";
import { InteractiveError } from "./warnings";

type Kind = Exclude<InteractiveMessage["kind"], "Other" | "TouchpointModality">;

/**
 * Builds a list picker.
 *
 * @example
 * import { listPicker } from "amazon-connect-chatjs/interactive";
 *
 * const { content } = listPicker({
 *   title: "Which bike needs service?",
 *   elements: [
 *     { title: "City bike", subtitle: "from $40", image: { url: "https://example.com/city.png" } },
 *     { title: "Prices", url: "https://example.com/prices" },
 *     { title: "More bikes", actionDetail: "SHOW_MORE" },
 *   ],
 *   paging: { listId: "bikes", referenceId: "bikes-1", preIndex: -1, nextIndex: 2 },
 * });
 */
export const listPicker = (input: ListPickerInput): BuiltMessage =>
  checked(listTemplate("ListPicker", input));

/**
 * Builds a panel.
 *
 * @example
 * import { panel } from "amazon-connect-chatjs/interactive";
 *
 * const { content } = panel({
 *   title: "What do you need?",
 *   image: { url: "https://example.com/desk.png", description: "Help desk" },
 *   elements: ["Opening hours", "Invoice copy"],
 * });
 */
export const panel = (input: PanelInput): BuiltMessage => checked(listTemplate("Panel", input));

/**
 * Builds a quick reply.
 *
 * @example
 * import { quickReply } from "amazon-connect-chatjs/interactive";
 *
 * const { content } = quickReply({ title: "Did this solve it?", elements: ["Yes", "No"] });
 */
export const quickReply = (input: QuickReplyInput): BuiltMessage =>
  checked(listTemplate("QuickReply", input));

/**
 * Builds a time picker.
 *
 * @example
 * import { timePicker } from "amazon-connect-chatjs/interactive";
 *
 * const { content } = timePicker({
 *   title: "When should we call you?",
 *   timeslots: [
 *     { date: new Date("2027-01-11T15:00:00Z"), duration: 60 },
 *     { date: "2027-01-11T16:00+00:00", duration: 60 },
 *   ],
 * });
 */
export const timePicker = ({ timeslots, ...input }: TimePickerInput): BuiltMessage =>
  checked(template("TimePicker", { ...input, timeslots: each(timeslots, wireSlot) }));

/**
 * Builds a carousel.
 *
 * @example
 * import { carousel } from "amazon-connect-chatjs/interactive";
 *
 * const { content } = carousel({
 *   title: "Our tours",
 *   cards: [
 *     { kind: "Panel", templateIdentifier: "harbor", title: "Harbor", elements: ["Book"] },
 *     { kind: "Panel", templateIdentifier: "old-town", title: "Old town", elements: ["Book"] },
 *   ],
 * });
 */
export const carousel = ({ cards, ...input }: CarouselInput): BuiltMessage =>
  checked(
    template("Carousel", {
      ...input,
      elements: each(cards, ({ kind, ...card }) => listTemplate(kind, card)),
    }),
  );

/**
 * Builds the message with which a flow shows a view.
 *
 * @example
 * import { viewResource } from "amazon-connect-chatjs/interactive";
 *
 * const { content } = viewResource({
 *   viewId: "arn:aws:connect:us-east-1:aws:view/form:1",
 *   viewToken: "token",
 *   viewData: { Heading: "Delivery address" },
 * });
 */
export const viewResource = (input: ViewInput): BuiltMessage =>
  checked(template("ViewResource", { ...input }));

/** A template as it is sent, as an object. */
interface Template {
  readonly templateIdentifier: string | undefined;
  readonly templateType: Kind;
  readonly version: string;
  readonly data: object;
}

function template(
  templateType: Kind,
  { templateIdentifier, replyMessage, ...content }: TemplateInput & Readonly<Record<string, unknown>>,
): Template {
  const data = { replyMessage: replyMessage && wireTexts(replyMessage), content };
  return { templateIdentifier, templateType, version: VERSION, data };
}

function listTemplate(
  kind: "ListPicker" | "Panel" | "QuickReply",
  { elements, paging, ...input }: ListPickerInput,
): Template {
  return template(kind, { ...wireTexts(input), ...paging, elements: each(elements, wireElement) });
}

/** Without a type check, the list may be missing. The check of the whole message then reports it. */
const each = <Item>(items: readonly Item[] | undefined, wire: (item: Item) => object): object[] | undefined =>
  items?.map(wire);

function wireElement(element: ListPickerElementInput): object {
  if (typeof element === "string") return { title: element };
  return { ...wireTexts(element), ...("url" in element && { type: "hyperlink" }) };
}

const wireTexts = ({ image, ...texts }: TextsInput): object => ({
  ...texts,
  ...(image && { imageType: "URL", imageData: image.url, imageDescription: image.description }),
});

/** The service writes times in UTC without seconds. */
const wireSlot = ({ date, ...slot }: TimeSlotInput): object => ({
  ...slot,
  date:
    typeof date === "string" || Number.isNaN(date.getTime())
      ? String(date)
      : `${date.toISOString().slice(0, 16)}+00:00`,
});

/**
 * The parser knows the service's rules, so it does the check: the first warning becomes the error. Long texts aren't an
 * error, because the service accepts them.
 */
function checked(message: Template): BuiltMessage {
  const content = JSON.stringify(message);
  const warnings = parseInteractive({ ContentType: INTERACTIVE, Content: content })?.warnings ?? [];
  const problem = warnings.find(({ code }) => code !== "too-long");
  if (!problem) return { contentType: INTERACTIVE, content };
  const field = argumentOf(problem.field, message);
  throw new InteractiveError(problem.code, field, problem.message.replace(problem.field, field));
}

/** Converts a field's path in the message to its path in the builder's argument. */
const argumentOf = (field: string, { templateType }: Template): string =>
  field
    .replace(/\bdata\.(content\.)?/g, "")
    .replace(/^elements/, templateType === "Carousel" ? "cards" : "elements")
    .replace(/\bimageData\b/, "image.url")
    .replace(/\b(listId|referenceId|preIndex|nextIndex)$/, "paging.$1");
