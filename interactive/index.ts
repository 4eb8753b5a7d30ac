/**
 * Reads and answers rich messages: list pickers, panels, quick replies, time pickers, carousels and views. It needs
 * neither a page nor the library itself.
 */
export { parseInteractive } from "./parse";
export {
  answerTo,
  type AnswerElement,
  type CarouselChoice,
  type InteractiveAnswer,
  type TypedText,
  type ViewAction,
} from "./answer";
export { choicesOf, toPlainText, type InteractiveChoice, type PlainTextOptions } from "./plain-text";
export { responseText } from "./response";
export { rendererView, type DescribedView, type RendererView } from "./view";
export { carousel, listPicker, panel, quickReply, timePicker, viewResource } from "./build";
export type * from "./build-types";
export type * from "./types";
export {
  InteractiveError,
  type InteractiveErrorCode,
  type InteractiveWarning,
  type InteractiveWarningCode,
} from "./warnings";
