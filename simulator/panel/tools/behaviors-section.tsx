import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Behaviors } from "../api/types";
import { usePanel } from "../panel-context";
import { CheckField, Section, SelectField, TextField } from "../ui/fields";

/** What the simulator does automatically in this chat. Changes take effect immediately. */
export const BehaviorsSection = ({
  contactId,
  behaviors,
}: {
  contactId: string;
  behaviors: Behaviors;
}): JSX.Element => {
  const panel = usePanel();
  const change = (changes: Partial<Behaviors>): void =>
    void panel.run(() => panel.mirror.setBehaviors(contactId, changes));
  return (
    <Section title="Automatic behavior">
      <CheckField
        label="A bot repeats the customer's messages"
        checked={behaviors.bot === "echo"}
        onChecked={(checked) => change({ bot: checked ? "echo" : null })}
      />
      <CheckField
        label="A survey starts when somebody disconnects"
        checked={behaviors.disconnectFlow === "survey"}
        onChecked={(checked) => change({ disconnectFlow: checked ? "survey" : "none" })}
      />
      <div class="fields">
        <SelectField
          label="Messages"
          isWide
          value={behaviors.processing}
          choices={[
            ["none", "Delivered immediately"],
            ["redact", "Delivered without long numbers"],
            ["fail", "Not delivered: processing fails"],
            ["reject", "Rejected"],
          ]}
          onValue={(processing) => change({ processing })}
        />
        {behaviors.processing !== "none" && (
          <DelayField
            label="Processing takes (ms)"
            value={behaviors.processingDelayMs}
            onValue={(processingDelayMs) => change({ processingDelayMs })}
          />
        )}
        <SelectField
          label="Files"
          isWide
          value={behaviors.scanning}
          choices={[
            ["none", "Delivered immediately"],
            ["approve", "Scanned and approved"],
            ["reject", "Scanned and rejected"],
          ]}
          onValue={(scanning) => change({ scanning })}
        />
        {behaviors.scanning !== "none" && (
          <DelayField
            label="Scanning takes (ms)"
            value={behaviors.scanningDelayMs}
            onValue={(scanningDelayMs) => change({ scanningDelayMs })}
          />
        )}
      </div>
    </Section>
  );
};

const WRITING_MS = 600;

/** A field for a delay, which takes effect when the user stops typing. */
const DelayField = ({
  label,
  value,
  onValue,
}: {
  label: string;
  value: number;
  onValue: (value: number) => void;
}): JSX.Element => {
  const [draft, setDraft] = useState(String(value));
  useEffect(() => setDraft(String(value)), [value]);
  useEffect(() => {
    const number = Number(draft);
    if (draft.trim() === "" || !Number.isInteger(number) || number < 0 || number === value) return undefined;
    const timer = setTimeout(() => onValue(number), WRITING_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  return <TextField label={label} type="number" value={draft} onValue={setDraft} />;
};
