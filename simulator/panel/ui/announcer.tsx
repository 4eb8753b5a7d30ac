import type { JSX } from "preact";

/** Reads new customer messages to screen reader users, whichever contact they come from. */
export const Announcer = ({ text }: { text: string }): JSX.Element => (
  <div class="visually-hidden" aria-live="polite">
    {text}
  </div>
);
