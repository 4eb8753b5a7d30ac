import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { ContactRow } from "./contact-row";

export const ContactList = ({
  contacts,
  unread,
  selectedId,
  onSelect,
}: {
  contacts: readonly ContactSummary[] | null;
  unread: Readonly<Record<string, number>>;
  selectedId: string | null;
  onSelect: (contactId: string) => void;
}): JSX.Element => {
  const panel = usePanel();
  const list = useRef<HTMLUListElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const rows = [...(list.current?.querySelectorAll("button") ?? [])];
    const index = rows.findIndex((row) => row === document.activeElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    rows[next]?.focus();
  };
  const start = async (): Promise<void> => {
    const { ContactId } = await panel.call("startContact", {}, { displayName: "Customer" });
    onSelect(ContactId);
  };
  return (
    <nav class="contacts" aria-label="Contacts">
      <div class="pane-head">
        <h2>Contacts</h2>
        <button
          type="button"
          class="text-button"
          title="Start a chat without a page"
          onClick={() => void panel.run(start)}
        >
          New chat
        </button>
      </div>
      {contacts?.length === 0 && (
        <p class="note pad">No contacts yet. A contact appears here when a page starts a chat.</p>
      )}
      <ul ref={list} onKeyDown={onKeyDown}>
        {contacts?.map((contact) => (
          <ContactRow
            key={contact.contactId}
            contact={contact}
            unread={unread[contact.contactId] ?? 0}
            isSelected={contact.contactId === selectedId}
            onSelect={() => onSelect(contact.contactId)}
          />
        ))}
      </ul>
    </nav>
  );
};
