import type { JSX } from "preact";
import type { ContactSummary } from "../api/types";
import { SelectField } from "../ui/fields";
import type { Who } from "./to-fault";

/** Selects the contact ("contact"), everybody ("everybody"), or one of the contact's participants (by ID). */
export type WhoChoice = string;

/** Returns whom a fault hits: everybody if no contact is selected, or if the participant belongs to another contact. */
export function whoOf(choice: WhoChoice, contact: ContactSummary | undefined): Who {
  if (!contact || choice === "everybody") return {};
  const { contactId, participants } = contact;
  if (choice === "contact") return { contactId };
  return participants.some(({ participantId }) => participantId === choice)
    ? { contactId, participantId: choice }
    : { contactId };
}

export const WhoField = ({
  choice,
  contact,
  onChoice,
}: {
  choice: WhoChoice;
  contact: ContactSummary | undefined;
  onChoice: (choice: WhoChoice) => void;
}): JSX.Element => {
  const people = contact?.participants.filter(({ left, isPlayed }) => !left && !isPlayed) ?? [];
  const choices = [
    ...(contact ? [["contact", `This chat (${contact.displayName})`] as const] : []),
    ...people.map(
      ({ participantId, displayName, role }) =>
        [participantId, `Only ${displayName} (${role.toLowerCase()})`] as const,
    ),
    ["everybody", "All chats"] as const,
  ];
  const value = choices.some(([each]) => each === choice) ? choice : (choices[0]?.[0] ?? "everybody");
  return <SelectField label="Whom it hits" value={value} choices={choices} onValue={onChoice} />;
};
