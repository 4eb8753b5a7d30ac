import type { JSX } from "preact";
import type { ContactSummary } from "../api/types";
import { clockTime } from "../ui/times";
import { lastText } from "./last-text";
import { presenceOf, PRESENCE_TEXTS } from "./presence";

export const ContactRow = ({
  contact,
  unread,
  isSelected,
  onSelect,
}: {
  contact: ContactSummary;
  unread: number;
  isSelected: boolean;
  onSelect: () => void;
}): JSX.Element => {
  const { displayName, lastItem, startedAt, ended } = contact;
  const presence = presenceOf(contact);
  return (
    <li>
      <button
        type="button"
        class="contact"
        data-ended={ended}
        aria-current={isSelected ? "true" : undefined}
        onClick={onSelect}
      >
        <span class="dot" data-presence={presence} title={PRESENCE_TEXTS[presence]} />
        <span class="contact-name">
          {displayName}
          <span class="visually-hidden">, {PRESENCE_TEXTS[presence]}</span>
        </span>
        <time class="contact-time" dateTime={lastItem?.at ?? startedAt}>
          {clockTime(lastItem?.at ?? startedAt)}
        </time>
        <span class="contact-last">{lastText(contact)}</span>
        {unread > 0 && (
          <span class="count">
            {unread}
            <span class="visually-hidden"> unread</span>
          </span>
        )}
      </button>
    </li>
  );
};
