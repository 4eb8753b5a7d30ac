import type { WireItem } from "../api/items";

/** The signatures of an item's versions that were seen, newest last. */
export type Versions = readonly string[];

/** More versions than an item has in practice. The oldest is dropped first. */
const MAX_VERSIONS = 50;

/** Separates a signature from the number of pending steps. */
const PENDING_SEPARATOR = "~";

/**
 * Returns a short signature of an item's version, which doesn't reveal the content. Two items with the same Id have the
 * same version if they agree in all fields whose change makes an item worth delivering again.
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
    // Only for chunks, because a page may not show that a complete message was streamed.
    isChunk ? ChunkNumber : null,
    isChunk ? false : null,
    attachments.map(({ AttachmentId, Status }) => `${AttachmentId ?? ""} ${Status ?? ""}`).join(),
    // Omitted if there is none, to match the signatures in snapshots that earlier releases took.
    ...(MessageProcessingStatus ? [MessageProcessingStatus] : []),
  ]);
  const pending = [
    ...attachments.map(({ Status }) => Status === "IN_PROGRESS"),
    MessageProcessingStatus === "PROCESSING",
    isChunk,
  ].filter(Boolean).length;
  const units = text.split("");
  // Two hashes, one of the reversed text, because one 32-bit hash is too short to distinguish an item's versions.
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
 * Whether a version is older than one that was already seen: the service had fewer pending steps then, and never
 * reopens a step. If the number is the same, a version that wasn't seen counts as newer.
 */
export const isStaleVersion = (version: string, seen: Versions): boolean =>
  seen.some((each) => pendingStepsOf(each) < pendingStepsOf(version));

/** Adds `version` as the newest. Drops versions with less progress, because `isStaleVersion` recognizes them anyway. */
export const withVersion = (seen: Versions, version: string): Versions =>
  [
    ...seen.filter((each) => each !== version && pendingStepsOf(each) <= pendingStepsOf(version)),
    version,
  ].slice(-MAX_VERSIONS);
