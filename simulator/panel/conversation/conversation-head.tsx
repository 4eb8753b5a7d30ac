import type { JSX } from "preact";
import type { ContactSummary, ParticipantRole } from "../api/types";
import type { ComposerState } from "../composer/use-composer";
import { presenceOf, PRESENCE_TEXTS } from "../contacts/presence";
import { usePanel } from "../panel-context";
import { CopyButton } from "../ui/copy-button";
import { CheckField } from "../ui/fields";
import { Icon } from "../ui/icon";

const ROLE_NAMES: Readonly<Record<ParticipantRole, string>> = {
  AGENT: "agent",
  CUSTOMER: "customer",
  SYSTEM: "system",
  SUPERVISOR: "supervisor",
  CUSTOM_BOT: "bot",
};

/**
 * Lists the participants other than the customer. Participants who have left are listed only after the chat has ended.
 */
function othersText({ participants, ended }: ContactSummary): string {
  const others = participants.filter(({ role, left }) => role !== "CUSTOMER" && (ended || !left));
  if (others.length === 0) return "Nobody has joined";
  return others
    .map(({ displayName, role, joined }) => `${displayName} (${joined ? ROLE_NAMES[role] : "invited"})`)
    .join(", ");
}

export const ConversationHead = ({
  contact,
  composer,
  onBack,
}: {
  contact: ContactSummary;
  composer: ComposerState;
  onBack: () => void;
}): JSX.Element => {
  const panel = usePanel();
  const { contactId, displayName, ended } = contact;
  const presence = presenceOf(contact);
  return (
    <header class="conversation-head">
      <button type="button" class="icon-button back" aria-label="Back to the contacts" onClick={onBack}>
        <Icon name="back" />
      </button>
      <div class="who">
        <h2>
          <span class="dot" data-presence={presence} />
          <span class="name">{displayName}</span>
          <span class="presence">{PRESENCE_TEXTS[presence]}</span>
        </h2>
        <p class="others">{othersText(contact)}</p>
      </div>
      <div class="head-actions">
        <CopyButton text={contactId} label="Copy the contact ID" />
        <CheckField
          label="Send read receipts"
          checked={composer.readsAutomatically}
          onChecked={composer.setReadsAutomatically}
        />
        <button
          type="button"
          class="button danger"
          disabled={ended}
          onClick={() => void panel.run(() => panel.call("endContact", { contactId }, undefined))}
        >
          End chat
        </button>
      </div>
    </header>
  );
};
