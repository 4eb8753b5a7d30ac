import { answerTo, type AnswerElement, type InteractiveAnswer } from "./answer";
import type { InteractiveMessage, ListElement, ListElementBase, TimeSlot } from "./types";

/** The texts of `toPlainText()` and `choicesOf()` that don't come from the message. */
export interface PlainTextOptions {
  /**
   * What to say about a message that can't be shown as text.
   * @default "This message can't be shown here."
   */
  readonly unsupported?: string | undefined;
  /**
   * Formats a time slot.
   * @default the customer's locale and time zone
   */
  readonly formatDate?: ((startsAt: Date) => string) | undefined;
}

/** One of the answers to a message. */
export interface InteractiveChoice {
  /** What to show for it. */
  readonly text: string;
  /** The title of its card in a carousel; null in other messages. */
  readonly group: string | null;
  /** What to pass to `sendMessage()`. */
  readonly answer: InteractiveAnswer;
}

/** A line of text, or a choice, which gets a number. */
type Line = string | InteractiveChoice;

const inLocale = (startsAt: Date): string =>
  startsAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/**
 * Returns a message as plain text: its title and subtitle, its numbered choices, and its links. Use it for
 * notifications, screen readers and pages that only show text. The numbers are those of `choicesOf()`.
 *
 * @example
 * import { parseInteractive, toPlainText } from "amazon-connect-chatjs/interactive";
 *
 * session.onMessage(({ data }) => {
 *   const message = parseInteractive(data);
 *   if (message) show(toPlainText(message)); // "Did this solve it?\n1. Yes\n2. No"
 * });
 */
export function toPlainText(message: InteractiveMessage, options: PlainTextOptions = {}): string {
  const { unsupported = "This message can't be shown here." } = options;
  const lines = linesOf(message, options);
  let count = 0;
  const texts = lines.map((line) => (typeof line === "string" ? line : `${++count}. ${line.text}`));
  const needsForm = message.kind === "ViewResource" && message.viewToken === null;
  return (texts.length === 0 || needsForm ? [...texts, unsupported] : texts).join("\n");
}

/**
 * Returns the answers to any message, in order, to show them as buttons or to accept a number from the customer. Empty
 * for views and for templates that this version doesn't know. Links aren't included.
 *
 * @example
 * import { choicesOf, parseInteractive } from "amazon-connect-chatjs/interactive";
 *
 * session.onMessage(({ data }) => {
 *   const message = parseInteractive(data);
 *   for (const { text, answer } of message ? choicesOf(message) : []) {
 *     const button = document.createElement("button");
 *     button.textContent = text;
 *     button.onclick = () => session.sendMessage(answer);
 *     container.append(button);
 *   }
 * });
 */
export const choicesOf = (
  message: InteractiveMessage,
  options: Pick<PlainTextOptions, "formatDate"> = {},
): readonly InteractiveChoice[] => linesOf(message, options).filter((line) => typeof line !== "string");

function linesOf(message: InteractiveMessage, { formatDate = inLocale }: PlainTextOptions): Line[] {
  const { title, subtitle } = message;
  const texts = [title, subtitle ?? ""].filter(Boolean);
  switch (message.kind) {
    case "ListPicker":
    case "Panel":
    case "QuickReply":
      return [
        ...texts,
        ...message.elements.map((each) => lineOf(each, null, (element) => answerTo(message, element))),
      ];
    case "TimePicker":
      return [
        ...texts,
        ...(message.location ? [message.location.title] : []),
        ...message.timeslots.map((slot) => ({
          text: slotText(slot, formatDate),
          group: null,
          answer: answerTo(message, slot),
        })),
      ];
    case "Carousel":
      return [
        ...texts,
        ...message.cards.flatMap((card) => [
          ...[textOfAll(card)].filter(Boolean),
          ...("elements" in card ? card.elements : []).map((each) =>
            lineOf(each, card.title, (element) => answerTo(message, { card, element })),
          ),
        ]),
      ];
    case "TouchpointModality":
      return [
        ...texts,
        ...message.choices.map((each) => ({
          text: each.title,
          group: null,
          answer: answerTo(message, each),
        })),
      ];
    case "ViewResource":
    case "Other":
      return texts;
  }
}

function lineOf(
  element: ListElement,
  group: string | null,
  answer: (element: AnswerElement) => InteractiveAnswer,
): Line {
  const text = textOfAll(element);
  if (element.kind !== "link") return { text, group, answer: answer(element) };
  return element.url === null ? text : `${text}: ${element.url}`;
}

const textOfAll = ({ title, subtitle }: Pick<ListElementBase, "title" | "subtitle">): string =>
  [title, subtitle].filter(Boolean).join(", ");

const slotText = ({ date, startsAt }: TimeSlot, formatDate: (startsAt: Date) => string): string =>
  startsAt ? formatDate(startsAt) : date;
