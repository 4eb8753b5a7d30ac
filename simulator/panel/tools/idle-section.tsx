import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { Section, SelectField } from "../ui/fields";

const STATES = [
  ["idle", "Idle"],
  ["returned", "Back"],
  ["disconnected", "Auto-disconnect"],
] as const;

/** Reports a participant as idle or returned, or disconnects an idle participant. */
export const IdleSection = ({ contact }: { contact: ContactSummary }): JSX.Element => {
  const panel = usePanel();
  const [role, setRole] = useState<"CUSTOMER" | "AGENT">("CUSTOMER");
  const { contactId } = contact;
  return (
    <Section title="Idle">
      <SelectField
        label="Who"
        value={role}
        choices={[
          ["CUSTOMER", `${contact.displayName} (customer)`],
          ["AGENT", "The agent"],
        ]}
        onValue={setRole}
      />
      <div class="buttons">
        {STATES.map(([state, text]) => (
          <button
            key={state}
            type="button"
            class="button"
            onClick={() => void panel.run(() => panel.call("setIdle", { contactId }, { state, role }))}
          >
            {text}
          </button>
        ))}
      </div>
    </Section>
  );
};
