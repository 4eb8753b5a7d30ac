import type { JSX } from "preact";

/** Makes screen readers announce new customer messages from any contact. */
export const Announcer = ({ text }: { text: string }): JSX.Element => (
  <div class="visually-hidden" aria-live="polite">
    {text}
  </div>
);
