/** The keyboard shortcuts, for the handler and the help. They don't apply while you type. */
export const SHORTCUTS = [
  ["?", "Show these shortcuts"],
  ["j", "Next contact"],
  ["k", "Previous contact"],
  ["m", "Write a message"],
  ["1", "Speak as the agent"],
  ["2", "Speak as the bot"],
  ["3", "Speak as the supervisor"],
  ["4", "Speak as the second agent"],
  ["t", "Send a template"],
  ["p", "Play: people, transfer, sign-in, …"],
  ["f", "Faults"],
  ["n", "Network traffic"],
  ["c", "Copy as test"],
] as const;

export type ShortcutKey = (typeof SHORTCUTS)[number][0];

export const isShortcut = (key: string): key is ShortcutKey => SHORTCUTS.some(([each]) => each === key);

/** Keys that work only in one part of the page. */
export const LOCAL_KEYS = [
  ["↑ ↓", "Move in the list of contacts, or between tabs with ← →"],
  ["Enter", "Send the message (Shift+Enter: a new line)"],
  ["Esc", "Leave the text field, close a dialog, or go back"],
] as const;
