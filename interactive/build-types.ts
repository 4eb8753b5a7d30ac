/** The builders' arguments. */
import type { INTERACTIVE, PAGING_ACTIONS } from "./limits";

/**
 * A message to send: from a bot, as a flow's initial message, or from a test.
 *
 * @example
 * import { quickReply } from "amazon-connect-chatjs/interactive";
 *
 * const { contentType, content } = quickReply({ title: "Did this solve it?", elements: ["Yes", "No"] });
 * simulator.contact(contactId).say(content, { contentType, role: "SYSTEM" });
 */
export interface BuiltMessage {
  readonly contentType: typeof INTERACTIVE;
  /** JSON. */
  readonly content: string;
}

/** An image. */
export interface ImageInput {
  /** An `http:` or `https:` URL. */
  readonly url: string;
  readonly description?: string | undefined;
}

/** A title with an optional subtitle and image. */
export interface TextsInput {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly image?: ImageInput | undefined;
}

/** The fields that all templates have. */
export interface TemplateInput {
  readonly templateIdentifier?: string | undefined;
  /** What to show in place of the message after the customer has answered. */
  readonly replyMessage?: TextsInput | undefined;
}

/** An element that shows another page of the list. The list then needs `paging`. */
export interface PagingInput {
  readonly title: string;
  readonly actionDetail: (typeof PAGING_ACTIONS)[number];
}

/** An element that opens a web page. */
export interface LinkInput {
  readonly title: string;
  /** An `http:` or `https:` URL. */
  readonly url: string;
}

/** An element of a panel: a title, a link, or another page. A string is a title. */
export type PanelElementInput = string | { readonly title: string } | PagingInput | LinkInput;

/** An element of a list picker, which may also have a subtitle and an image. */
export type ListPickerElementInput = PanelElementInput | TextsInput;

/** Which page of a list the message shows. */
export interface PageInput {
  readonly listId: string;
  /** The same for all pages: each replaces the one before. */
  readonly referenceId: string;
  /** -1 on the first page. */
  readonly preIndex: number;
  readonly nextIndex: number;
}

/** The argument of `listPicker()`. */
export interface ListPickerInput extends TemplateInput, TextsInput {
  /** 1 to 10. */
  readonly elements: readonly ListPickerElementInput[];
  readonly paging?: PageInput | undefined;
}

/** The argument of `panel()`. */
export interface PanelInput extends TemplateInput, TextsInput {
  /** 1 to 10. */
  readonly elements: readonly PanelElementInput[];
  readonly paging?: PageInput | undefined;
}

/** The argument of `quickReply()`. */
export interface QuickReplyInput extends TemplateInput {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** 2 to 10 titles. */
  readonly elements: readonly (string | { readonly title: string })[];
}

/** A time slot. A `Date` is sent in UTC, to the minute. */
export interface TimeSlotInput {
  readonly date: Date | string;
  readonly duration: number;
}

/** The argument of `timePicker()`. */
export interface TimePickerInput extends TemplateInput {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** The location's offset from UTC in minutes. */
  readonly timeZoneOffset?: number | undefined;
  readonly location?:
    | {
        readonly title: string;
        readonly latitude: number;
        readonly longitude: number;
        readonly radius?: number | undefined;
      }
    | undefined;
  /** 1 to 40. */
  readonly timeslots: readonly TimeSlotInput[];
}

/** A card of a carousel. */
export type CardInput = { readonly templateIdentifier: string } & (
  ({ readonly kind: "ListPicker" } & ListPickerInput) | ({ readonly kind: "Panel" } & PanelInput)
);

/** The argument of `carousel()`. */
export interface CarouselInput extends TemplateInput {
  readonly title: string;
  readonly omitTitleFromCarouselResponse?: boolean | undefined;
  /** 2 to 5. */
  readonly cards: readonly CardInput[];
}

/** The argument of `viewResource()`. */
export interface ViewInput extends TemplateInput {
  readonly viewId: string;
  readonly viewToken: string;
  readonly viewData?: object | undefined;
}
