import type { WireItem } from "../api/items";

/** The forms in which an item was seen, as signatures, the latest last. */
export type Versions = readonly string[];

/** More forms than an item has in practice. The oldest form is dropped first. */
const MAX_VERSIONS = 50;

/** Separates a signature from the number of steps that the service still has to take. */
const PENDING_SEPARATOR = "~";

/**
 * Returns an item's form as a short text that doesn't reveal its content. Two items with one Id have the same form if
 * they agree in everything that decides whether an item is delivered again.
 */
export function versionOf(item: WireItem): string {
  const { Type, ContentType, Content, MessageMetadata } = item;
  const { ChunkNumber, MessageCompleted, MessageProcessingStatus } = MessageMetadata ?? {};
  const isChunk = MessageCompleted === false;
  const attachments = item.Attachments ?? [];
  const text = JSON.stringify([
    Type,
    ContentType,
    Content,
    // A transcript may not show that an answer was streamed.
    isChunk ? ChunkNumber : null,
    isChunk ? false : null,
    attachments.map(({ AttachmentId, Status }) => `${AttachmentId ?? ""} ${Status ?? ""}`).join(),
    // Omitted if there is none: earlier versions' snapshots have signatures without it.
    ...(MessageProcessingStatus ? [MessageProcessingStatus] : []),
  ]);
  const pending = [
    ...attachments.map(({ Status }) => Status === "IN_PROGRESS"),
    MessageProcessingStatus === "PROCESSING",
    isChunk,
  ].filter(Boolean).length;
  const units = text.split("");
  // Hashed in both directions, since one hash is too short to distinguish the forms of one item.
  const signature = `${fnv1a(units)}-${fnv1a(units.reverse())}`;
  return pending > 0 ? `${signature}${PENDING_SEPARATOR}${pending}` : signature;
}

const fnv1a = (units: readonly string[]): string => {
  const hash = units.reduce((sum, unit) => Math.imul(sum ^ unit.charCodeAt(0), 0x01000193), 0x811c9dc5);
  return (hash >>> 0).toString(36);
};

/** Returns how many steps the service still has to take for the item. */
export const pendingStepsOf = (version: string): number => Number(version.split(PENDING_SEPARATOR)[1] ?? 0);

/**
 * Whether the service had made more progress with the item before: a processed message, a scanned attachment and a
 * complete answer never go back. If this doesn't decide, an unseen form counts as newer.
 */
export const isStaleVersion = (version: string, seen: Versions): boolean =>
  seen.some((each) => pendingStepsOf(each) < pendingStepsOf(version));

/** Adds `form` as the latest form. Forms with less progress are dropped, since `isPast` recognizes them anyway. */
export const withVersion = (seen: Versions, version: string): Versions =>
  [
    ...seen.filter((each) => each !== version && pendingStepsOf(each) <= pendingStepsOf(version)),
    version,
  ].slice(-MAX_VERSIONS);
