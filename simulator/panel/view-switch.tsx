import type { JSX } from "preact";

/** The view on a narrow screen. A wide screen shows all three views side by side. */
export type View = "contacts" | "chat" | "tools";

const VIEWS: readonly (readonly [View, string])[] = [
  ["contacts", "Contacts"],
  ["chat", "Chat"],
  ["tools", "Tools"],
];

export const ViewSwitch = ({
  view,
  onView,
  unread,
  faults,
}: {
  view: View;
  onView: (view: View) => void;
  unread: number;
  faults: number;
}): JSX.Element => {
  const counts: Readonly<Record<View, number>> = { contacts: unread, chat: 0, tools: faults };
  return (
    <nav class="view-switch" aria-label="Views">
      {VIEWS.map(([id, text]) => (
        <button
          key={id}
          type="button"
          aria-current={id === view ? "page" : undefined}
          onClick={() => onView(id)}
        >
          {text}
          {counts[id] > 0 && <span class="count">{counts[id]}</span>}
        </button>
      ))}
    </nav>
  );
};
