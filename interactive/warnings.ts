/** Warnings about received messages, and the error for wrong arguments. */

/** What is wrong with a field of a message. */
export type InteractiveWarningCode =
  /** The content isn't a JSON object. */
  | "invalid-json"
  /** A required field is missing or empty. */
  | "missing-field"
  /** A field has the wrong type or format. It's converted if possible, or else ignored. */
  | "wrong-type"
  /** A field has a value that isn't documented. */
  | "unknown-value"
  /** A URL isn't `http:` or `https:`. It's left out. */
  | "unsafe-url"
  /** A list has too few items for its template. */
  | "too-few"
  /** A list has too many items for its template. All are kept. */
  | "too-many"
  /** A text is longer than AWS's widget shows. It isn't cut. */
  | "too-long"
  /** The whole message is larger than the service allows. */
  | "too-large";

/**
 * A deviation from what the service documents.
 *
 * @example
 * import { parseInteractive, type InteractiveWarning } from "amazon-connect-chatjs/interactive";
 *
 * const describe = ({ code, message }: InteractiveWarning): string => `${code}: ${message}`;
 * session.onMessage(({ data }) => report(parseInteractive(data)?.warnings.map(describe)));
 */
export interface InteractiveWarning {
  readonly code: InteractiveWarningCode;
  /** The field's path in the message, such as `data.content.elements[2].title`. */
  readonly field: string;
  /** A sentence with the field and what is wrong. It never contains the field's value. */
  readonly message: string;
}

/** Why `answerTo()` or a builder throws. */
export type InteractiveErrorCode =
  | InteractiveWarningCode
  /** The choice is a link, which sends nothing. */
  | "not-an-answer";

/**
 * The error that `answerTo()` and the builders throw for wrong arguments.
 *
 * @example
 * import { InteractiveError, quickReply } from "amazon-connect-chatjs/interactive";
 *
 * try {
 *   quickReply({ title: "Did this solve it?", elements: ["Yes"] });
 * } catch (error) {
 *   if (error instanceof InteractiveError) report(error.code, error.field); // "too-few", "elements"
 * }
 */
export class InteractiveError extends Error {
  override readonly name = "InteractiveError";
  readonly code: InteractiveErrorCode;
  /** The argument's field, such as `elements[2].title`. */
  readonly field: string;

  constructor(code: InteractiveErrorCode, field: string, message: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
