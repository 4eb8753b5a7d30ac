import type { WireItem } from "../api/items";

/** The forms in which one item has been seen, as signatures, the latest last. */
export type Forms = readonly string[];

/** More than an item changes in practice; the oldest form is dropped first. */
const MAX_FORMS = 50;

/** Separates a signature from the number of steps that the service still has to take. */
const PENDING = "~";

/**
 * An item's form as a short text, from which its content cannot be read. Two items of one Id have the same form when they
 * are the same in all that decides whether an item is delivered again.
 */
export function formOf(item: WireItem): string {
  const { Type, ContentType, Content, MessageMetadata } = item;
  const { ChunkNumber, MessageCompleted, MessageProcessingStatus } = MessageMetadata ?? {};
  const isPiece = MessageCompleted === false;
  const attachments = item.Attachments ?? [];
  const text = JSON.stringify([
    Type,
    ContentType,
    Content,
    // A transcript may not say that an answer once streamed.
    isPiece ? ChunkNumber : null,
    isPiece ? false : null,
    attachments.map(({ AttachmentId, Status }) => `${AttachmentId ?? ""} ${Status ?? ""}`).join(),
    // Left out where there is none: earlier versions' snapshots hold signatures without it.
    ...(MessageProcessingStatus ? [MessageProcessingStatus] : []),
  ]);
  const pending = [
    ...attachments.map(({ Status }) => Status === "IN_PROGRESS"),
    MessageProcessingStatus === "PROCESSING",
    isPiece,
  ].filter(Boolean).length;
  const units = text.split("");
  // Both directions: one hash alone is too short to distinguish the forms of one item.
  const signature = `${fnv1a(units)}-${fnv1a(units.reverse())}`;
  return pending > 0 ? `${signature}${PENDING}${pending}` : signature;
}

const fnv1a = (units: readonly string[]): string => {
  const hash = units.reduce((sum, unit) => Math.imul(sum ^ unit.charCodeAt(0), 0x01000193), 0x811c9dc5);
  return (hash >>> 0).toString(36);
};

/** How many steps the service still has to take with the item. */
export const pendingIn = (form: string): number => Number(form.split(PENDING)[1] ?? 0);

/**
 * Whether the service was further with the item before: a message that is processed, an attachment that is scanned and an
 * answer that is complete never go back. Where this says nothing, a form that was not seen yet counts as newer.
 */
export const isPast = (form: string, seen: Forms): boolean =>
  seen.some((each) => pendingIn(each) < pendingIn(form));

/** The forms seen, `form` now the latest. Those that it leaves behind for good need no memory: `isPast` knows them. */
export const withForm = (seen: Forms, form: string): Forms =>
  [...seen.filter((each) => each !== form && pendingIn(each) <= pendingIn(form)), form].slice(-MAX_FORMS);
