/** What `parseInteractive()` returns. A field that the message doesn't have is null; a missing text is "". */
import type { InteractiveWarning } from "./warnings";
import type { PAGING_ACTIONS } from "./limits";

/** The parts of an item that this module reads: `event.data` of `onMessage`, or an item of a transcript. */
export interface InteractiveItem {
  readonly ContentType?: string | undefined;
  readonly Content?: string | undefined;
  readonly Id?: string | undefined;
}

/** An image. `url` is an `http:` or `https:` URL. `description` may be empty. */
export interface InteractiveImage {
  readonly url: string;
  readonly description: string;
}

/** What to show in place of the message after the customer has answered. */
export interface ReplyMessage {
  readonly title: string;
  readonly subtitle: string | null;
  readonly image: InteractiveImage | null;
}

/** What all messages have in common. */
export interface InteractiveMessageBase {
  /** The item's ID. */
  readonly id: string | null;
  /** The first text that fits, if the message has no title; empty if there is none. */
  readonly title: string;
  readonly subtitle: string | null;
  readonly image: InteractiveImage | null;
  readonly replyMessage: ReplyMessage | null;
  /** The template's own ID. Carousel answers include their card's. */
  readonly templateIdentifier: string | null;
  /** A message replaces an earlier one that has the same `referenceId`: it's another page of the same list. */
  readonly referenceId: string | null;
  /** Where the message deviates from what the service documents. Show the message all the same. */
  readonly warnings: readonly InteractiveWarning[];
  /** The message as received: parsed JSON, or the text if it isn't JSON. Nothing in it is checked, such as URLs. */
  readonly raw: unknown;
}

/** What all elements of a list have in common. */
export interface ListElementBase {
  readonly title: string;
  readonly subtitle: string | null;
  readonly image: InteractiveImage | null;
  /** The element as received. Nothing in it is checked. */
  readonly raw: unknown;
}

/** An element that the customer can choose. */
export interface OptionElement extends ListElementBase {
  readonly kind: "option";
}

/** An element that asks for the list's next or previous page. Its answer isn't shown in the chat. */
export interface PagingElement extends ListElementBase {
  readonly kind: "paging";
  readonly action: (typeof PAGING_ACTIONS)[number];
}

/** An element that opens a web page and sends nothing. */
export interface LinkElement extends ListElementBase {
  readonly kind: "link";
  /** An `http:` or `https:` URL; null if the message has another one, which isn't safe to open. */
  readonly url: string | null;
}

/** An element of a list. */
export type ListElement = OptionElement | PagingElement | LinkElement;

/** What the messages with a list of elements have in common. */
export interface ListMessageBase extends InteractiveMessageBase {
  /** In the order received, however many there are. */
  readonly elements: readonly ListElement[];
  readonly listId: string | null;
  /** The page before this one; -1 if this is the first. */
  readonly preIndex: number | null;
  readonly nextIndex: number | null;
}

/** A list to choose from, whose elements may have subtitles and images. */
export interface ListPickerMessage extends ListMessageBase {
  readonly kind: "ListPicker";
}

/** A list to choose from, usually below an image. */
export interface PanelMessage extends ListMessageBase {
  readonly kind: "Panel";
}

/** A few short answers. */
export interface QuickReplyMessage extends ListMessageBase {
  readonly kind: "QuickReply";
}

/** A point in time to choose. */
export interface TimeSlot {
  /** The time as received, such as `2026-12-03T09:00+00:00`. It's also the answer. */
  readonly date: string;
  /** Null if `date` isn't ISO 8601 with a UTC offset. Show `date` then. */
  readonly startsAt: Date | null;
  /** AWS doesn't document the unit, so don't show when the slot ends. */
  readonly duration: number | null;
  /** The slot as received. */
  readonly raw: unknown;
}

/** A place. */
export interface TimePickerLocation {
  readonly title: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly radius: number | null;
}

/** A list of times to choose from. */
export interface TimePickerMessage extends InteractiveMessageBase {
  readonly kind: "TimePicker";
  /** In the order received, which may not be sorted. */
  readonly timeslots: readonly TimeSlot[];
  /** The location's offset from UTC in minutes. */
  readonly timeZoneOffset: number | null;
  readonly location: TimePickerLocation | null;
}

/** A card of a carousel. A card of another kind has no choices. */
export type CarouselCard = ListPickerMessage | PanelMessage | OtherMessage;

/** Several list pickers or panels side by side. */
export interface CarouselMessage extends InteractiveMessageBase {
  readonly kind: "Carousel";
  readonly cards: readonly CarouselCard[];
  /** AWS documents only the name, and `answerTo()` ignores it. */
  readonly omitTitleFromCarouselResponse: boolean;
}

/** A page of a step-by-step guide, such as a form. */
export interface ViewMessage extends InteractiveMessageBase {
  readonly kind: "ViewResource";
  readonly viewId: string | null;
  /** The argument of `describeView()`. Without it, the view can't be shown, but the customer can still type. */
  readonly viewToken: string | null;
  /** The view's input. JSON strings on its first level are parsed. */
  readonly viewData: Readonly<Record<string, unknown>>;
}

/** A choice of a Touchpoint message. */
export interface TouchpointChoice {
  readonly choiceId: string;
  readonly title: string;
}

/** A message for AWS's Touchpoint. */
export interface TouchpointMessage extends InteractiveMessageBase {
  readonly kind: "TouchpointModality";
  /** Whether the text is only shown until the next message arrives, such as "Checking your order". */
  readonly isInterim: boolean;
  readonly choices: readonly TouchpointChoice[];
  /** The modalities' data by name, as received. */
  readonly modalities: Readonly<Record<string, unknown>>;
}

/** A template that this module doesn't know, or a broken message. Show its texts; the customer can type an answer. */
export interface OtherMessage extends InteractiveMessageBase {
  readonly kind: "Other";
  /** The template's name; empty if the message has none. */
  readonly templateType: string;
}

/** A message with a list of elements. */
export type ListMessage = ListPickerMessage | PanelMessage | QuickReplyMessage;

/**
 * An interactive message. `kind` says which; it's the name of the service's template, or `Other`.
 *
 * @example
 * import type { InteractiveMessage } from "amazon-connect-chatjs/interactive";
 *
 * function countChoices(message: InteractiveMessage): number {
 *   switch (message.kind) {
 *     case "ListPicker":
 *     case "Panel":
 *     case "QuickReply":
 *       return message.elements.length;
 *     case "TimePicker":
 *       return message.timeslots.length;
 *     default:
 *       return 0;
 *   }
 * }
 */
export type InteractiveMessage =
  | ListPickerMessage
  | PanelMessage
  | QuickReplyMessage
  | TimePickerMessage
  | CarouselMessage
  | ViewMessage
  | TouchpointMessage
  | OtherMessage;
