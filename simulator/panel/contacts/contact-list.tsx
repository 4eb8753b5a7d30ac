import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { CheckField } from "../ui/fields";
import { ContactRow } from "./contact-row";
import type { ContactRows } from "./use-contact-rows";

/** The filter appears when there are more contacts than fit in the list without scrolling. */
const FILTERED_FROM = 10;

export const ContactList = ({
  contacts,
  rows: { rows, more, showMore, ...filter },
  unread,
  selectedId,
  onSelect,
}: {
  contacts: readonly ContactSummary[] | null;
  rows: ContactRows;
  unread: Readonly<Record<string, number>>;
  selectedId: string | null;
  onSelect: (contactId: string) => void;
}): JSX.Element => {
  const panel = usePanel();
  const list = useRef<HTMLUListElement>(null);
  const total = contacts?.length ?? 0;
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const index = buttons.findIndex((row) => row === document.activeElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons[next]?.focus();
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
      {total > 0 && (
        <div class="contact-filter">
          {(total > FILTERED_FROM || filter.text !== "") && (
            <input
              type="search"
              aria-label="Filter contacts"
              placeholder="Filter by name, ID or message"
              autocomplete="off"
              value={filter.text}
              onInput={({ currentTarget }) => filter.setText(currentTarget.value)}
            />
          )}
          <CheckField
            label="Hide ended and disconnected"
            checked={filter.hidesInactive}
            onChecked={filter.setHidesInactive}
          />
        </div>
      )}
      {contacts?.length === 0 && (
        <p class="note pad">No contacts yet. A contact appears here when a page starts a chat.</p>
      )}
      {total > 0 && rows.length === 0 && <p class="note pad">No contact matches.</p>}
      <ul ref={list} onKeyDown={onKeyDown}>
        {rows.map((contact) => (
          <ContactRow
            key={contact.contactId}
            contact={contact}
            unread={unread[contact.contactId] ?? 0}
            isSelected={contact.contactId === selectedId}
            onSelect={onSelect}
          />
        ))}
        {more > 0 && (
          <li class="more">
            <button type="button" class="text-button" onClick={showMore}>
              Show more ({more} hidden)
            </button>
          </li>
        )}
      </ul>
    </nav>
  );
};
