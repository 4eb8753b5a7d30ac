/** Faults of chat frames between the service and a socket. */
import { checkDelay } from "./fault-checks";
import type { RandomSource } from "./random";

/** A frame to send immediately, after `delayMs`, or after the next `behind` chat frames of its socket. */
export type OutgoingFrame =
  | string
  | { readonly text: string; readonly delayMs: number }
  | { readonly text: string; readonly behind: number };

/** Replaces a frame with zero, one or more frames. `random` is the source that `seed()` sets. */
export type FrameTransform = (text: string, random: RandomSource) => readonly OutgoingFrame[];

/** Cuts the item's JSON in half, but leaves the frame around it valid. */
function damageContent(text: string): string {
  const frame: unknown = JSON.parse(text);
  if (typeof frame !== "object" || frame === null || !("content" in frame)) return text;
  const content = String(frame.content);
  return JSON.stringify({ ...frame, content: content.slice(0, Math.floor(content.length / 2)) });
}

/** Ready-made frame faults. */
export const FRAME_FAULTS = {
  drop: () => [],
  duplicate: (text) => [text, text],
  /** Sends the frame after the socket's next frame. */
  reorder: (text) => [{ text, behind: 1 }],
  truncate: (text) => [text.slice(0, Math.floor(text.length / 2))],
  /** Makes the frame invalid JSON. */
  corrupt: (text) => [text.replaceAll('"', "'")],
  /** Keeps the frame valid, but makes its item invalid JSON. */
  corruptContent: (text) => [damageContent(text)],
} as const satisfies Record<string, FrameTransform>;

/** Delays a frame by `delayMs`. Later frames can overtake it. */
export function delayedBy(delayMs: number): FrameTransform {
  checkDelay("delayMs", delayMs);
  return (text) => [{ text, delayMs }];
}

/** Returns the name of a ready-made frame fault; undefined for any other transform. */
export function frameFaultName(transform: FrameTransform): keyof typeof FRAME_FAULTS | undefined {
  const names = ["drop", "duplicate", "reorder", "truncate", "corrupt", "corruptContent"] as const;
  return names.find((name) => FRAME_FAULTS[name] === transform);
}
