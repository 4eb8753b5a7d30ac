/** What may become of a chat frame on its way to a socket. */
import type { RandomSource } from "./random";

/** A frame as it goes out: at once, after `delayMs`, or behind the next `behind` chat frames of its socket. */
export type OutgoingFrame =
  | string
  | { readonly text: string; readonly delayMs: number }
  | { readonly text: string; readonly behind: number };

/** None, one or more frames in a frame's place. `random` is the source that `seed()` sets. */
export type FrameTransform = (text: string, random: RandomSource) => readonly OutgoingFrame[];

/** Half of the item's JSON text, in a frame that is whole otherwise. */
function damageContent(text: string): string {
  const frame: unknown = JSON.parse(text);
  if (typeof frame !== "object" || frame === null || !("content" in frame)) return text;
  const content = String(frame.content);
  return JSON.stringify({ ...frame, content: content.slice(0, Math.floor(content.length / 2)) });
}

/** Frame faults to choose from. */
export const FRAME_FAULTS = {
  drop: () => [],
  duplicate: (text) => [text, text],
  /** The next frame of the socket overtakes it. */
  reorder: (text) => [{ text, behind: 1 }],
  truncate: (text) => [text.slice(0, Math.floor(text.length / 2))],
  /** Not JSON any more. */
  corrupt: (text) => [text.replaceAll('"', "'")],
  /** A frame that can be read, of an item that cannot. */
  corruptContent: (text) => [damageContent(text)],
} as const satisfies Record<string, FrameTransform>;

/** Late by so many milliseconds, while other frames pass. */
export const delayedBy =
  (delayMs: number): FrameTransform =>
  (text) => [{ text, delayMs }];
