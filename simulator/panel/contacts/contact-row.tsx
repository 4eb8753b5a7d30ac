import type { JSX } from "preact";
import type { ContactSummary } from "../api/types";
import { memo } from "../ui/memo";
import { clockTime } from "../ui/times";
import { lastText } from "./last-text";
import { presenceOf, PRESENCE_TEXTS } from "./presence";

export const ContactRow = memo(
  ({
    contact,
    unread,
    isSelected,
    onSelect,
  }: {
    contact: ContactSummary;
    unread: number;
    isSelected: boolean;
    onSelect: (contactId: string) => void;
  }): JSX.Element => {
    const { contactId, displayName, lastItem, startedAt } = contact;
    const presence = presenceOf(contact);
    return (
      <li>
        <button
          type="button"
          class="contact"
          data-presence={presence}
          aria-current={isSelected ? "true" : undefined}
          onClick={() => onSelect(contactId)}
        >
          <span class="dot" data-presence={presence} />
          <span class="contact-name">
            {displayName}
            {presence === "connected" && (
              <span class="visually-hidden">, {PRESENCE_TEXTS[presence].toLowerCase()}</span>
            )}
          </span>
          <time class="contact-time" dateTime={lastItem?.at ?? startedAt}>
            {clockTime(lastItem?.at ?? startedAt)}
          </time>
          <span class="contact-last">
            {presence !== "connected" && (
              <>
                <span class="contact-state">{PRESENCE_TEXTS[presence]}</span>
                {" · "}
              </>
            )}
            {lastText(contact)}
          </span>
          {unread > 0 && (
            <span class="count">
              {unread}
              <span class="visually-hidden"> unread</span>
            </span>
          )}
        </button>
      </li>
    );
  },
);
