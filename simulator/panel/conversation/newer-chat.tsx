import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { Icon } from "../ui/icon";

/** Says that a customer of the same name started a newer chat, for example by loading the page again. */
export const NewerChat = ({
  newer: { contactId, displayName },
  onSelect,
}: {
  newer: ContactSummary;
  onSelect: (contactId: string) => void;
}): JSX.Element | null => {
  const [dismissedId, setDismissedId] = useState<string | null>(null);
  if (dismissedId === contactId) return null;
  return (
    <div class="newer-chat" role="status">
      <p>{displayName} started a new chat.</p>
      <button type="button" class="button" onClick={() => onSelect(contactId)}>
        Switch to it
      </button>
      <button
        type="button"
        class="icon-button small"
        aria-label="Stay in this chat"
        title="Stay in this chat"
        onClick={() => setDismissedId(contactId)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
};
