import type { WireItem } from "../api/items";

/** The signatures of all versions of an item that have been seen, newest last. */
export type Versions = readonly string[];

/** The maximum number of versions per item, never reached in practice. The oldest version is dropped first. */
const MAX_VERSIONS = 50;

/** Separates a signature from the number of pending steps. */
const PENDING_SEPARATOR = "~";

/**
 * Returns a short signature of an item's version. The signature doesn't reveal the content. Two items with the same Id
 * have the same version unless they differ in a field that makes another delivery worthwhile.
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
    // Only chunks have these two values, because a page might not show that a complete message was streamed.
    isChunk ? ChunkNumber : null,
    isChunk ? false : null,
    attachments.map(({ AttachmentId, Status }) => `${AttachmentId ?? ""} ${Status ?? ""}`).join(),
    // An item without a status has no value here, to match the signatures in snapshots from earlier releases.
    ...(MessageProcessingStatus ? [MessageProcessingStatus] : []),
  ]);
  const pending = [
    ...attachments.map(({ Status }) => Status === "IN_PROGRESS"),
    MessageProcessingStatus === "PROCESSING",
    isChunk,
  ].filter(Boolean).length;
  const units = text.split("");
  // Hash the text and the reversed text, because one 32-bit hash is too short to distinguish an item's versions.
  const signature = `${fnv1a(units)}-${fnv1a(units.reverse())}`;
  return pending > 0 ? `${signature}${PENDING_SEPARATOR}${pending}` : signature;
}

const fnv1a = (units: readonly string[]): string => {
  const hash = units.reduce((sum, unit) => Math.imul(sum ^ unit.charCodeAt(0), 0x01000193), 0x811c9dc5);
  return (hash >>> 0).toString(36);
};

/** Returns the number of steps that the service hasn't completed, such as scanning an attachment. */
export const pendingStepsOf = (version: string): number => Number(version.split(PENDING_SEPARATOR)[1] ?? 0);

/**
 * Whether a version is older than a version that has been seen. The version with more pending steps is older, because
 * the service never reopens a step. If the numbers are equal, a version that hasn't been seen counts as newer.
 */
export const isStaleVersion = (version: string, seen: Versions): boolean =>
  seen.some((each) => pendingStepsOf(each) < pendingStepsOf(version));

/** Adds the newest version. Drops versions with less progress, because `isStaleVersion` recognizes them anyway. */
export const withVersion = (seen: Versions, version: string): Versions =>
  [
    ...seen.filter((each) => each !== version && pendingStepsOf(each) <= pendingStepsOf(version)),
    version,
  ].slice(-MAX_VERSIONS);
