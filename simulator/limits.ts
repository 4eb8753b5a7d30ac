/** An instance's limits: attachment sizes and extensions, message lengths. */
import { MAX_UPLOAD_BYTES, Refusal } from "./http";
import { isWellFormed } from "./json";

/** A new instance's attachment limits. */
const DEFAULT_ATTACHMENT_BYTES = 20 * 1024 * 1024;
const DEFAULT_EXTENSIONS =
  "csv doc docx heic jfif jpg jpeg mov mp4 pdf png ppt pptx rtf txt wav xls xlsx".split(" ");
const DEFAULT_MESSAGE_BYTES = 16_384;

/** Attachment limits, which an administrator can change, and message limits, which the service sets. */
export interface SimulatorLimits {
  /** The maximum attachment size in bytes, from 1 to 104,857,600. Default 20,971,520 (20 MB). */
  attachmentBytes?: number;
  /** The attachment extensions allowed, in upper or lower case: `["csv", "zip"]`. Default: the service's list. */
  attachmentExtensions?: readonly string[];
  /**
   * The maximum message length in UTF-8 bytes: one number, or a number for each content type. The default, which also
   * applies to content types that aren't listed, is 16,384.
   */
  messageBytes?: number | Readonly<Record<string, number>>;
}

/** Checks calls against an instance's limits. Throws a RangeError if the service doesn't allow a limit. */
export class Limits {
  readonly attachmentBytes: number;
  readonly #extensions: ReadonlySet<string>;
  readonly #messageBytes: NonNullable<SimulatorLimits["messageBytes"]>;

  constructor({
    attachmentBytes = DEFAULT_ATTACHMENT_BYTES,
    attachmentExtensions = DEFAULT_EXTENSIONS,
    messageBytes = DEFAULT_MESSAGE_BYTES,
  }: SimulatorLimits = {}) {
    if (!Number.isInteger(attachmentBytes) || attachmentBytes < 1 || attachmentBytes > MAX_UPLOAD_BYTES) {
      throw new RangeError(
        `limits.attachmentBytes must be a whole number from 1 to ${MAX_UPLOAD_BYTES}; got ${attachmentBytes}.`,
      );
    }
    this.attachmentBytes = attachmentBytes;
    this.#extensions = new Set(attachmentExtensions.map((each) => each.replace(/^\./, "").toLowerCase()));
    this.#messageBytes = messageBytes;
  }

  /**
   * Refuses a file whose extension the instance doesn't allow, or whose name a header can't have. The status is a guess,
   * because the service doesn't document it.
   */
  checkFileName(name: string): void {
    if (!isWellFormed(name))
      throw new Refusal(400, "AttachmentName must be well-formed Unicode, without lone surrogates.");
    const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
    if (this.#extensions.has(extension)) return;
    throw new Refusal(400, `AttachmentName must end in one of .${[...this.#extensions].join(", .")}.`);
  }

  checkMessage(contentType: string, content: string): void {
    const limit =
      typeof this.#messageBytes === "number"
        ? this.#messageBytes
        : (this.#messageBytes[contentType] ?? DEFAULT_MESSAGE_BYTES);
    if (Buffer.byteLength(content) > limit)
      throw new Refusal(400, `${contentType} Content must be at most ${limit} bytes.`);
  }
}
