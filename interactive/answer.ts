import { objectOf, textOf, type JsonObject } from "./json";
import { MAX_ACTION, RESPONSE, VERSION } from "./limits";
import type {
  CarouselCard,
  CarouselMessage,
  InteractiveMessage,
  ListMessage,
  OptionElement,
  PagingElement,
  TimePickerMessage,
  TimeSlot,
  TouchpointChoice,
  TouchpointMessage,
  ViewMessage,
} from "./types";
import { InteractiveError } from "./warnings";

/** The arguments of `sendMessage()`. */
export interface InteractiveAnswer {
  readonly contentType: "text/plain" | typeof RESPONSE;
  readonly message: string;
}

/** An element of a list that can be an answer. A link can't, because it sends nothing. */
export type AnswerElement = OptionElement | PagingElement;

/** An element of one of a carousel's cards. */
export interface CarouselChoice {
  readonly card: CarouselCard;
  readonly element: AnswerElement;
}

/** What the customer did in a view. AWS's renderer reports it as `Action` and `Output`. */
export interface ViewAction {
  /** One of the view's actions. */
  readonly action: string;
  /** The values of the view's fields. Default: none. */
  readonly data?: object | null | undefined;
}

/** Text that the customer typed instead of choosing. */
export interface TypedText {
  readonly text: string;
}

/**
 * Returns what to pass to `sendMessage()` for the customer's choice. Throws `InteractiveError` for a link, which sends
 * nothing, and for anything else that isn't a choice.
 *
 * - A list picker, a panel and a quick reply take an element, a time picker a slot, a carousel `{ card, element }`, a
 *   Touchpoint message a choice, and a view `{ action, data }`.
 * - All messages take `{ text }`, which the customer typed. During a view, the service needs it in another form.
 *
 * @example
 * import { answerTo, parseInteractive } from "amazon-connect-chatjs/interactive";
 *
 * session.onMessage(async ({ data }) => {
 *   const message = parseInteractive(data);
 *   if (message?.kind !== "TimePicker") return;
 *   const [first] = message.timeslots;
 *   if (first) await session.sendMessage(answerTo(message, first));
 * });
 */
export function answerTo(message: InteractiveMessage, choice: TypedText): InteractiveAnswer;
export function answerTo(message: TimePickerMessage, choice: TimeSlot): InteractiveAnswer;
export function answerTo(message: CarouselMessage, choice: CarouselChoice): InteractiveAnswer;
export function answerTo(message: ViewMessage, choice: ViewAction): InteractiveAnswer;
export function answerTo(message: TouchpointMessage, choice: TouchpointChoice): InteractiveAnswer;
export function answerTo(message: ListMessage, choice: AnswerElement): InteractiveAnswer;
export function answerTo(message: InteractiveMessage, choice: object): InteractiveAnswer {
  const given = objectOf(choice);
  if ("text" in given) return answerInText(message, required(given, "text"));
  switch (message.kind) {
    case "ListPicker":
    case "Panel":
    case "QuickReply":
      return answerInList(message, given);
    case "TimePicker":
      return plain(required(given, "date"));
    case "Carousel":
      return answerInCarousel(objectOf(given["card"]), objectOf(given["element"]));
    case "ViewResource":
      return respond({
        templateType: message.kind,
        version: VERSION,
        action: required(given, "action"),
        data: given["data"] ?? {},
      });
    case "TouchpointModality":
      return answerInTouchpoint(required(given, "choiceId"), required(given, "title"));
    case "Other":
      throw new InteractiveError(
        "not-an-answer",
        "choice",
        "The message has no choices. Pass { text } instead.",
      );
  }
}

/** The flow recognizes text during a view by its blank action, and continues with its "No Match" branch. */
const answerInText = ({ kind }: InteractiveMessage, text: string): InteractiveAnswer =>
  kind === "ViewResource"
    ? respond({ templateType: kind, version: VERSION, action: " ", data: { content: text } })
    : plain(text);

function answerInList(message: ListMessage, element: JsonObject): InteractiveAnswer {
  const title = titleOf(element, "choice");
  if (element["kind"] !== "paging") return plain(title);
  const { kind: templateType, preIndex, nextIndex, listId, referenceId } = message;
  const action = required(element, "action");
  return respond({
    version: VERSION,
    action,
    data: {
      actionName: action,
      preIndex: preIndex ?? undefined,
      nextIndex: nextIndex ?? undefined,
      listId: listId ?? undefined,
      templateType,
      referenceId: referenceId ?? undefined,
    },
  });
}

/** The answer has this form even if the element pages through a list. A broken card may have no title. */
function answerInCarousel(card: JsonObject, element: JsonObject): InteractiveAnswer {
  const { title: listTitle, templateIdentifier } = card;
  if (typeof listTitle !== "string") throw missing("choice.card.title");
  return plain(
    JSON.stringify({
      templateIdentifier: templateIdentifier ?? undefined,
      listTitle,
      selectionText: titleOf(element, "choice.element"),
    }),
  );
}

function answerInTouchpoint(choiceId: string, title: string): InteractiveAnswer {
  const action = title.slice(0, MAX_ACTION);
  return respond({
    templateType: "TouchpointModality",
    version: VERSION,
    action,
    data: { content: { title: action }, modalityPayload: { request: { structured: { choiceId } } } },
  });
}

/** Returns an element's title, which is its answer. */
function titleOf(element: JsonObject, field: string): string {
  if (element["kind"] !== "link") return required(element, "title", field);
  throw new InteractiveError(
    "not-an-answer",
    field,
    `${field} is a link, which sends nothing. Open its \`url\` in a new tab instead.`,
  );
}

function required(given: JsonObject, name: string, path = "choice"): string {
  const text = textOf(given[name]);
  if (text === null) throw missing(`${path}.${name}`);
  return text;
}

const missing = (field: string): InteractiveError =>
  new InteractiveError("missing-field", field, `${field} must be a string with text.`);

const plain = (message: string): InteractiveAnswer => ({ contentType: "text/plain", message });

const respond = (response: object): InteractiveAnswer => ({
  contentType: RESPONSE,
  message: JSON.stringify(response),
});
