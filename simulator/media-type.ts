/** Content types, which become response headers. */
import { Refusal } from "./http";

/** `type/subtype`, and parameters in printable ASCII. */
export const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:[ \t]*;[ -~]*)?$/;
/** The service's limit. */
export const MAX_MEDIA_TYPE_LENGTH = 255;

/** Refuses an attachment's content type that isn't a media type such as `image/png`. */
export function checkContentType(contentType: string): void {
  if (contentType.length <= MAX_MEDIA_TYPE_LENGTH && MEDIA_TYPE.test(contentType)) return;
  throw new Refusal(
    400,
    `ContentType must be a media type such as image/png, of at most ${MAX_MEDIA_TYPE_LENGTH} characters.`,
  );
}
